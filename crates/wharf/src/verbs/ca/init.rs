//! `wharf ca init`: an authority, and the server's certificate.

use super::{imported, name, names, tell};
use crate::args::CaInitArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::identity::{Change, Identity, date, opened};
use crate::passphrase;
use crate::setting::Setting;
use std::time::SystemTime;
use wharf_pki::{Authority, Passphrase};
use wharf_store::{AuthorityKind, IdentityBook, Moment, OwnName};
use zeroize::Zeroizing;

pub(super) fn run(setting: &Setting<'_>, wanted: &CaInitArgs) -> Result<Exit, Failure> {
    let identity = Identity::of(setting, "ca init")?;
    check_there_is_none(&identity)?;
    let names = match wanted.names.as_slice() {
        [] => names::asked(setting, names::found())?,
        said => names::checked(said)?,
    };
    let (kind, authority, seal) = made(setting, wanted, identity.now)?;
    let server = authority.issue_server(&names, identity.now)?;
    let text = authority.to_pem(seal.as_ref())?;
    let fingerprint = authority.certificate().fingerprint().to_string();
    identity.record(&Change { action: "ca-init", object: &fingerprint, detail: &names.join(", ") })?;
    write(&identity, &IdentityBook::new(kind, names.clone()), &server, &text)?;
    let sealed = "its key is sealed: give the passphrase to `wharf serve`, too (`--ca-passphrase-file`), or nobody can join";
    let lines = [
        Some(format!(
            "made the authority `{}`, good until {}",
            authority.certificate().subject(),
            date(Moment::from(authority.certificate().not_after()))
        )),
        Some(format!("the server's certificate is for {}", names.join(", "))),
        seal.is_some().then(|| sealed.to_owned()),
        Some("next: `listen: [tcp://0.0.0.0:2376]` in the host configuration, `wharf serve`, `wharf invite TENANT`".to_owned()),
    ];
    tell(setting, authority.certificate(), &lines.into_iter().flatten().collect::<Vec<_>>());
    Ok(Exit::Done)
}

fn check_there_is_none(identity: &Identity<'_>) -> Result<(), Failure> {
    if identity.store.read_book()?.is_none() {
        return Ok(());
    }
    let fingerprint = identity.certificate()?.fingerprint();
    Err(Failure::usage(format!("this host has an authority already: {fingerprint}"))
        .hint("`wharf ca show` shows it, `wharf ca rotate` puts another in its place"))
}

fn made(
    setting: &Setting<'_>,
    wanted: &CaInitArgs,
    now: SystemTime,
) -> Result<(AuthorityKind, Authority, Option<Passphrase>), Failure> {
    if wanted.import.is_empty() {
        let name = name(wanted.name.as_deref(), now)?;
        let seal = passphrase::to_seal(setting, &wanted.passphrase, wanted.seal)?;
        return Ok((AuthorityKind::Own, Authority::generate(&name, now)?, seal));
    }
    let (authority, seal) = opened(setting, &imported(setting, &wanted.import)?, &wanted.passphrase)?;
    // What was sealed stays so, with the same passphrase.
    let seal = match seal {
        Some(seal) => Some(seal),
        None => passphrase::to_seal(setting, &wanted.passphrase, wanted.seal)?,
    };
    Ok((AuthorityKind::Imported, authority, seal))
}

/// There is an authority with the last of these, and not before; what an unfinished beginning left is overwritten.
fn write(
    identity: &Identity<'_>,
    book: &IdentityBook,
    server: &Zeroizing<String>,
    authority: &Zeroizing<String>,
) -> Result<(), Failure> {
    let held = identity.store.hold(identity.moment())?;
    // Somebody else may have made one meanwhile.
    check_there_is_none(identity)?;
    held.remove(OwnName::Former)?;
    held.write_book(book)?;
    held.write(OwnName::Server, server.as_bytes())?;
    held.write(OwnName::Authority, authority.as_bytes())?;
    Ok(())
}
