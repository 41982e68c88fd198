//! `wharf cert export`: key and certificate made here, for somebody who installs them by hand.

mod bundle;

use crate::args::CertExportArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::identity::{Change, Identity, date};
use crate::setting::Setting;
use crate::show;
use crate::verbs::invite;
use serde_json::json;
use std::path::{Path, PathBuf};
use wharf_host::{NewFile, ReadError, make_private, read_as};
use wharf_model::Fingerprint;
use wharf_pki::{AuthorityCertificate, Bearer, ClientCertificate, PrivateKey, SigningRequest};
use wharf_store::{Issued, Moment, OwnName};
use zeroize::Zeroizing;

/// The three files, as the docker CLI calls them.
pub(crate) struct Files {
    pub(crate) authorities: String,
    pub(crate) certificate: String,
    pub(crate) key: Zeroizing<String>,
}

pub(super) fn run(setting: &Setting<'_>, wanted: &CertExportArgs) -> Result<Exit, Failure> {
    let identity = Identity::of(setting, "cert export")?;
    let book = identity.own_book()?;
    identity.check_finished()?;
    let guest = invite::guest(&identity, &wanted.tenant, &wanted.user, &wanted.life)?;
    let address = match (&wanted.context_bundle, &wanted.address) {
        (None, None) => None,
        (_, said) => Some(invite::address(&identity, &book, said.as_deref())?),
    };
    let places = Places::open(setting, &wanted.to, wanted.context_bundle.as_deref())?;
    let (authority, _) = identity.open(OwnName::Authority, &wanted.passphrase)?;
    let key = PrivateKey::generate()?;
    let request = SigningRequest::from_pem(key.request()?.as_bytes())?;
    let bearer = Bearer { tenant: guest.tenant.clone(), user: guest.user.clone() };
    let certificate = authority.issue_client(&request, &bearer, guest.life, identity.now)?;
    let object = format!("{}/{}", guest.tenant.name, guest.user);
    let detail = format!("certificate {}", certificate.serial());
    identity.record(&Change { action: "certificate-export", object: &object, detail: &detail })?;
    // In the book first: what stands nowhere could not be revoked.
    write_down(&identity, &guest, &certificate, request.key())?;
    let authorities = authorities(&identity, authority.certificate())?;
    let files = Files { authorities, certificate: certificate.pem(), key: key.to_pem() };
    places.fill(&files)?;
    if let (Some(path), Some(address)) = (&wanted.context_bundle, &address) {
        let description = format!("Docker of {} on {}, through wharf", guest.tenant.name, address.host);
        places
            .add(path, &bundle::archive(&format!("tcp://{address}"), &description, &files, identity.now))?;
    }
    let until = Moment::from(certificate.not_after());
    if setting.common.json {
        show::print_json(&json!({
            "folder": wanted.to, "serial": certificate.serial(), "tenant": guest.tenant.name, "user": guest.user,
            "expires": until, "address": address.map(|address| address.to_string()),
        }));
    } else if !setting.common.quiet {
        show::say(&format!(
            "{object} may come in by the key in `{}` until {} UTC",
            wanted.to.display(),
            date(until)
        ));
        show::say("whoever has it is that user: move it by a way that is safe, and leave no copy here");
    }
    Ok(Exit::Done)
}

fn write_down(
    identity: &Identity<'_>,
    guest: &invite::Guest,
    certificate: &ClientCertificate,
    key: Fingerprint,
) -> Result<(), Failure> {
    let issued = Issued {
        tenant: guest.tenant.clone(),
        user: guest.user.clone(),
        key,
        issued: identity.moment(),
        expires: Moment::from(certificate.not_after()),
        life_secs: guest.life.as_secs(),
        revoked: None,
        renewed_from: None,
        first: None,
    };
    identity.store.change(identity.moment(), |book| {
        book.issued.insert(certificate.serial(), issued);
        Ok(())
    })
}

/// By whom the server is known, now and when a rotation is finished; with a certificate from elsewhere, its authority.
fn authorities(identity: &Identity<'_>, own: &AuthorityCertificate) -> Result<String, Failure> {
    let mut all = vec![own.clone()];
    all.extend(identity.former()?);
    if let Some(files) = &identity.setting.config.server_certificate {
        let text = wharf_host::read_own(Path::new(&files.cert), 256 << 10)
            .map_err(|error| Failure::of(Exit::Usage, &error))?;
        all.extend(last_authority(&text));
    }
    Ok(all.iter().map(AuthorityCertificate::pem).collect())
}

/// The last certificate of a chain, where that is an authority's.
fn last_authority(chain: &[u8]) -> Option<AuthorityCertificate> {
    const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
    let text = std::str::from_utf8(chain).ok()?;
    AuthorityCertificate::from_pem(text.get(text.rfind(BEGIN)?..)?.as_bytes()).ok()
}

/// Where the files go: known to be free before anything is issued. They are made with the caller's rights.
pub(crate) struct Places<'a> {
    setting: &'a Setting<'a>,
    to: PathBuf,
}

const NAMES: [&str; 3] = ["ca.pem", "cert.pem", "key.pem"];

impl<'a> Places<'a> {
    /// The folder `to`, and a file beside it.
    pub(crate) fn open(setting: &'a Setting<'a>, to: &Path, beside: Option<&Path>) -> Result<Self, Failure> {
        let places = Self { setting, to: to.to_owned() };
        places.make(&[])?;
        let all = NAMES.iter().map(|name| to.join(name)).chain(beside.map(Path::to_owned));
        for path in all {
            let is_free = match &setting.invocation.caller {
                Some(caller) => matches!(
                    read_as(caller, &path, 0),
                    Err(ReadError::Missing { .. } | ReadError::Denied { .. })
                ),
                None => path.symlink_metadata().is_err(),
            };
            if !is_free {
                return Err(there(&path));
            }
        }
        Ok(places)
    }

    pub(crate) fn fill(&self, files: &Files) -> Result<(), Failure> {
        let contents = [files.authorities.as_bytes(), files.certificate.as_bytes(), files.key.as_bytes()];
        let files =
            NAMES.iter().zip(contents).map(|(name, content)| NewFile { path: self.to.join(name), content });
        self.make(&files.collect::<Vec<_>>())
    }

    /// One more file, beside the folder.
    pub(crate) fn add(&self, path: &Path, content: &[u8]) -> Result<(), Failure> {
        self.make(&[NewFile { path: path.to_owned(), content }])
    }

    fn make(&self, files: &[NewFile<'_>]) -> Result<(), Failure> {
        let made = make_private(self.setting.invocation.caller.as_ref(), &self.to, files);
        made.map_err(|error| {
            let places: Vec<String> = files.iter().map(|file| file.path.display().to_string()).collect();
            let place = if places.is_empty() { self.to.display().to_string() } else { places.join("`, `") };
            match error.kind() {
                std::io::ErrorKind::AlreadyExists => there(Path::new(&place)),
                _ => Failure::new(Exit::Failed, format!("cannot write `{place}`: {error}")),
            }
        })
    }
}

fn there(path: &Path) -> Failure {
    Failure::usage(format!("`{}` is there already", path.display()))
        .hint("name another place, or move it away: nothing is overwritten")
}
