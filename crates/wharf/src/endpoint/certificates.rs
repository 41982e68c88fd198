//! The three files with which the docker CLI speaks TLS: `ca.pem`, `cert.pem`, `key.pem` in one folder.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use std::path::{Path, PathBuf};
use wharf_docker::{TlsClient, TlsClientError};
use wharf_host::ReadError;

/// A folder with certificates.
#[derive(Debug, Clone)]
pub(crate) struct Certificates(PathBuf);

const MOST_BYTES: u64 = 1 << 20;
/// Whom this machine trusts in general, by distribution: where a folder has no `ca.pem`, as docker does.
const OF_THE_MACHINE: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];
const OTHERS: u32 = 0o077;

impl Certificates {
    pub(crate) fn within(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    /// What is said of them, ready to be spoken with.
    pub(crate) fn tls(&self, setting: &Setting<'_>) -> Result<TlsClient, Failure> {
        let authorities = match self.read("ca.pem")? {
            Some(own) => own,
            None => of_the_machine()?,
        };
        let own = match (self.read("cert.pem")?, self.read("key.pem")?) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, None) => None,
            (Some(_), None) => return Err(self.lacks("key.pem", "cert.pem")),
            (None, Some(_)) => return Err(self.lacks("cert.pem", "key.pem")),
        };
        if let Some(open) = self.open_key() {
            super::warn(setting, &open);
        }
        let own = own.as_ref().map(|(certificate, key)| (certificate.as_slice(), key.as_slice()));
        TlsClient::new(&authorities, own).map_err(|error| {
            let failure = Failure::of(Exit::Usage, &error);
            let message = format!("the certificates in `{}`: {}", self.0.display(), failure.message);
            let hint = match error {
                TlsClientError::SealedKey => "`openssl pkey -in key.pem -out key.pem` opens it",
                _ => "get new ones over there, where the engine is",
            };
            Failure { message, ..failure }.hint(hint)
        })
    }

    /// The certificate that is shown, when there is one.
    pub(crate) fn own(&self) -> Option<Vec<u8>> {
        self.read("cert.pem").ok().flatten()
    }

    /// Said when others than its owner can read the key, or write it. It is used all the same: if somebody has it, then
    /// already, and not using it takes nothing from him.
    pub(crate) fn open_key(&self) -> Option<String> {
        let path = self.0.join("key.pem");
        let facts = wharf_host::object_facts(&path).ok().filter(|facts| facts.mode & OTHERS != 0)?;
        let path = path.display();
        Some(format!(
            "the private key `{path}` (mode {:04o}) is open to others on this machine: `chmod 0600 {path}`",
            facts.mode
        ))
    }

    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Failure> {
        match wharf_host::read_own(&self.0.join(name), MOST_BYTES) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(ReadError::Missing { .. }) => Ok(None),
            Err(error) => Err(Failure::of(Exit::Usage, &error)),
        }
    }

    fn lacks(&self, missing: &str, there: &str) -> Failure {
        Failure::usage(format!("`{}` has a {there} and no {missing}", self.0.display()))
            .hint("both belong together: get them where the engine is, or remove the one")
    }
}

fn of_the_machine() -> Result<Vec<u8>, Failure> {
    let found = OF_THE_MACHINE.iter().find_map(|path| wharf_host::read_own(Path::new(path), MOST_BYTES).ok());
    found.ok_or_else(|| {
        Failure::usage("there is no `ca.pem`, and this machine trusts no authority in general")
            .hint("put the authority's certificate there as `ca.pem`, or install `ca-certificates`")
    })
}
