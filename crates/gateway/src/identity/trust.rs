//! What was read from the identity directory at one moment, made ready for handshakes.

use super::roll::Roll;
use super::{IdentityProblem, IdentitySource};
use rustls::ServerConfig;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;
use wharf_pki::{Authority, AuthorityCertificate, Judge, ServerPair, tls};
use wharf_store::{IdentityStamp, OwnName};
use zeroize::Zeroizing;

/// All of it.
#[derive(Debug)]
pub(super) struct Trust {
    /// What was looked at.
    pub(super) looked: Looked,
    /// Those whose certificates are believed: the present one, and a former one until a rotation is finished.
    pub(super) authorities: Vec<AuthorityCertificate>,
    /// Our own certificate for this server, which those who join are shown.
    pub(super) own: ServerPair,
    /// What clients are to know this server by from now on, as PEM.
    pub(super) server_authorities: String,
    pub(super) mutual: Arc<ServerConfig>,
    pub(super) joining: Arc<ServerConfig>,
}

/// What shows that something is another than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Looked {
    directory: IdentityStamp,
    elsewhere: [Option<(SystemTime, u64, u64)>; 2],
}

/// More than any chain and key.
const MOST_BYTES: u64 = 256 << 10;

impl Looked {
    pub(super) fn at(source: &IdentitySource) -> Self {
        let of = |path: &Path| {
            let facts = std::fs::metadata(path).ok()?;
            Some((facts.modified().ok()?, facts.len(), facts.ino()))
        };
        let elsewhere = source.server_certificate.as_ref();
        let elsewhere = elsewhere.map_or([None, None], |(certificate, key)| [of(certificate), of(key)]);
        Self { directory: source.store.stamp(), elsewhere }
    }
}

impl Trust {
    pub(super) fn read(source: &IdentitySource, roll: &Arc<Roll>) -> Result<Self, IdentityProblem> {
        // Before the files: what changes while they are read is looked at again.
        let looked = Looked::at(source);
        let mut authorities = certificates(source, OwnName::Authority)?;
        authorities.truncate(1);
        if source.store.read(OwnName::Former)?.is_some() {
            authorities.extend(certificates(source, OwnName::Former)?.into_iter().take(1));
        }
        let own = pair(&text(source, OwnName::Server)?, &path(source, OwnName::Server))?;
        let (shown, server_authorities) = match &source.server_certificate {
            None => (None, authorities.iter().map(AuthorityCertificate::pem).collect()),
            Some((certificate, key)) => {
                let shown = pair(&from_elsewhere(certificate, key)?, certificate)?;
                let authority =
                    shown.authority().ok_or_else(|| IdentityProblem::Unchained(certificate.clone()))?;
                (Some(shown), authority.pem())
            }
        };
        let judge: Arc<dyn Judge> = Arc::<Roll>::clone(roll);
        let mutual = tls::mutual(shown.as_ref().unwrap_or(&own), &authorities, judge)?;
        let joining = tls::joining(&own)?;
        Ok(Self { looked, authorities, own, server_authorities, mutual, joining })
    }
}

/// An authority with its key, which stays in memory no longer than it is used. To unseal one takes a moment.
pub(super) fn authority(source: &IdentitySource, name: OwnName) -> Result<Authority, IdentityProblem> {
    let failed = |problem| IdentityProblem::File { path: path(source, name), source: problem };
    Authority::from_pem(&text(source, name)?, source.passphrase.as_ref()).map_err(failed)
}

pub(super) fn path(source: &IdentitySource, name: OwnName) -> PathBuf {
    source.store.directory().join(name.file_name())
}

fn certificates(
    source: &IdentitySource,
    name: OwnName,
) -> Result<Vec<AuthorityCertificate>, IdentityProblem> {
    let failed = |problem| IdentityProblem::File { path: path(source, name), source: problem };
    AuthorityCertificate::all_from_pem(&text(source, name)?).map_err(failed)
}

fn pair(text: &[u8], path: &Path) -> Result<ServerPair, IdentityProblem> {
    ServerPair::from_pem(text).map_err(|source| IdentityProblem::File { path: path.to_owned(), source })
}

fn text(source: &IdentitySource, name: OwnName) -> Result<Zeroizing<Vec<u8>>, IdentityProblem> {
    let text = source.store.read(name)?.ok_or_else(|| IdentityProblem::Missing(path(source, name)))?;
    Ok(Zeroizing::new(text))
}

/// A certificate and its key, which may be links that somebody else's program moves (as certbot does).
fn from_elsewhere(certificate: &Path, key: &Path) -> Result<Zeroizing<Vec<u8>>, IdentityProblem> {
    let mut both = wharf_host::read_own(certificate, MOST_BYTES)?;
    both.push(b'\n');
    both.extend(wharf_host::read_own(key, MOST_BYTES)?);
    Ok(Zeroizing::new(both))
}
