//! `wharf ca rotate`: another authority, and an overlap in which both are trusted.
//!
//! Clients know the server by the former authority and have certificates of it. So until the rotation is finished the
//! server shows a certificate of the former one; whoever renews meanwhile gets one of the new authority, and is told of
//! both. When everybody has, the former one goes.

use super::{imported, name, tell};
use crate::args::CaRotateArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::identity::{Change, Identity, opened};
use crate::setting::Setting;
use std::time::SystemTime;
use wharf_pki::{Authority, Passphrase};
use wharf_store::{AuthorityKind, HeldIdentity, IdentityBook, Moment, OwnName};
use zeroize::Zeroizing;

pub(super) fn run(setting: &Setting<'_>, wanted: &CaRotateArgs) -> Result<Exit, Failure> {
    let identity = Identity::of(setting, "ca rotate")?;
    let book = identity.book()?;
    if wanted.finish {
        return finish(&identity, &book, wanted);
    }
    if identity.former()?.is_some() && !wanted.now {
        return Err(Failure::usage("a rotation is not finished yet: the former authority is trusted, too")
            .hint("`wharf ca rotate --finish` ends it; `--now` makes another authority and trusts no former one"));
    }
    let next = Next::of(&identity, &book, wanted)?;
    if wanted.now { at_once(&identity, &next) } else { begin(&identity, &next) }
}

/// What takes the authority's place, all made before anything is written.
struct Next {
    authority: Authority,
    text: Zeroizing<String>,
    /// The server's certificate, by the next one.
    server: Zeroizing<String>,
    /// The present one as it lies there.
    present: Zeroizing<Vec<u8>>,
    /// The server's certificate, by the present one: whole again, so that it outlasts the overlap.
    server_by_present: Zeroizing<String>,
}

impl Next {
    fn of(identity: &Identity<'_>, book: &IdentityBook, wanted: &CaRotateArgs) -> Result<Self, Failure> {
        let (present, seal) = identity.open(OwnName::Authority, &wanted.passphrase)?;
        let (authority, own_seal) = match (book.authority, wanted.import.as_slice()) {
            (AuthorityKind::Imported, []) => {
                return Err(Failure::usage(
                    "this host's authority was imported; there is none to take its place",
                )
                .hint("`--import FILE` names the next one, certificate and private key"));
            }
            (AuthorityKind::Own, [_, ..]) => {
                return Err(Failure::usage(
                    "this host's authority is its own, and an imported one would let in nobody",
                )
                .hint(
                    "to use another kind, move `identity` in the state directory away and run `wharf ca init --import`",
                ));
            }
            (AuthorityKind::Own, []) => {
                let name = name(wanted.name.as_deref(), identity.now)?;
                (Authority::generate(&name, identity.now)?, None::<Passphrase>)
            }
            (AuthorityKind::Imported, files) => {
                opened(identity.setting, &imported(identity.setting, files)?, &wanted.passphrase)?
            }
        };
        if authority.certificate() == present.certificate() {
            return Err(Failure::usage("that is the authority that this host has"));
        }
        Ok(Self {
            // What was sealed stays so.
            text: authority.to_pem(own_seal.or(seal).as_ref())?,
            server: authority.issue_server(&book.names, identity.now)?,
            authority,
            present: identity.pem(OwnName::Authority)?,
            server_by_present: present.issue_server(&book.names, identity.now)?,
        })
    }

    /// From here on both are trusted. The next one is there with the last of these, and not before.
    fn put(&self, held: &HeldIdentity<'_>, rotated: Option<Moment>) -> Result<(), Failure> {
        held.write(OwnName::Server, self.server_by_present.as_bytes())?;
        held.write(OwnName::Former, &self.present)?;
        held.change(|book| {
            book.rotated = rotated;
            Ok::<_, Failure>(())
        })?;
        held.write(OwnName::Authority, self.text.as_bytes())?;
        Ok(())
    }

    fn record(&self, identity: &Identity<'_>, detail: &str) -> Result<(), Failure> {
        let fingerprint = self.authority.certificate().fingerprint().to_string();
        identity.record(&Change { action: "ca-rotate", object: &fingerprint, detail })
    }
}

fn begin(identity: &Identity<'_>, next: &Next) -> Result<Exit, Failure> {
    next.record(identity, "both are trusted")?;
    let held = identity.store.hold(identity.moment())?;
    check_unchanged(identity, &next.present)?;
    // Not when this run began: it may have waited for a passphrase.
    next.put(&held, Some(Moment::from(SystemTime::now())))?;
    let lines = [
        "certificates are issued by the new authority from now on, and both are trusted",
        "machines that joined take the new one up when they renew: within a third of their certificates' life",
        "then: `wharf ca rotate --finish`, which says who has not",
    ];
    tell(identity.setting, next.authority.certificate(), &lines.map(str::to_owned));
    Ok(Exit::Done)
}

/// Nobody's certificate holds any more.
fn at_once(identity: &Identity<'_>, next: &Next) -> Result<Exit, Failure> {
    next.record(identity, "at once")?;
    let held = identity.store.hold(identity.moment())?;
    check_unchanged(identity, &next.present)?;
    // Whoever has the former key can sign for anybody, but is let in only by what stands in the book.
    let revoked = held.change(|book| {
        book.invitations.clear();
        Ok::<_, Failure>(book.revoke(identity.moment(), |_, _| true).len())
    })?;
    // The server is known by somebody at every step, and the book does not call that an overlap: what is left undone here has
    // `wharf invite` invite nobody by an authority that may be the thief's.
    next.put(&held, None)?;
    end(&held, &next.server)?;
    let lines = [format!("{revoked} certificates were revoked; invite everybody anew with `wharf invite`")];
    tell(identity.setting, next.authority.certificate(), &lines);
    Ok(Exit::Done)
}

/// The former one is trusted no more, and says how many tokens that named it were withdrawn.
fn end(held: &HeldIdentity<'_>, server: &Zeroizing<String>) -> Result<usize, Failure> {
    held.write(OwnName::Server, server.as_bytes())?;
    held.remove(OwnName::Former)?;
    held.change(|book| {
        book.rotated = None;
        Ok(book.withdraw(|_, _| true))
    })
}

fn finish(identity: &Identity<'_>, book: &IdentityBook, wanted: &CaRotateArgs) -> Result<Exit, Failure> {
    let authority = identity.certificate()?;
    let is_servers = identity.server()?.authority().as_ref() == Some(&authority);
    // The file, not `former()`: what an interrupted run left goes, too.
    if identity.store.read(OwnName::Former)?.is_none() && is_servers && book.rotated.is_none() {
        return Err(Failure::usage("no rotation is under way").hint("`wharf ca rotate` begins one"));
    }
    let late = late(identity, book);
    if !late.is_empty() && !wanted.force {
        let message = "some have no certificate of the new authority yet, and would have to be invited anew";
        let failure = Failure::usage(message)
            .hint("wait until they have renewed, or finish all the same with `--force`");
        return Err(Failure { causes: late, ..failure });
    }
    let server =
        identity.open(OwnName::Authority, &wanted.passphrase)?.0.issue_server(&book.names, identity.now)?;
    let fingerprint = authority.fingerprint().to_string();
    identity.record(&Change { action: "ca-rotate", object: &fingerprint, detail: "finished" })?;
    let present = identity.pem(OwnName::Authority)?;
    let held = identity.store.hold(identity.moment())?;
    check_unchanged(identity, &present)?;
    let open = end(&held, &server)?;
    let lines = [
        Some("the former authority is trusted no more".to_owned()),
        (open > 0).then(|| format!("{open} open invitations were withdrawn, which named it; invite anew")),
    ];
    tell(identity.setting, &authority, &lines.into_iter().flatten().collect::<Vec<_>>());
    Ok(Exit::Done)
}

/// Who has a good certificate of the former authority, and none after it.
fn late(identity: &Identity<'_>, book: &IdentityBook) -> Vec<String> {
    let Some(rotated) = book.rotated else { return Vec::new() };
    let is_renewed =
        |serial: &str| book.issued.values().any(|issued| issued.renewed_from.as_deref() == Some(serial));
    let late = book.issued.iter().filter(|(serial, issued)| {
        issued.issued < rotated && issued.is_good(identity.moment()) && !is_renewed(serial)
    });
    late.map(|(serial, issued)| format!("{}/{} ({})", issued.tenant.name, issued.user, short(serial)))
        .collect()
}

fn short(serial: &str) -> &str {
    serial.get(..16).unwrap_or(serial)
}

/// Somebody else may have put another in its place since it was read.
fn check_unchanged(identity: &Identity<'_>, read: &[u8]) -> Result<(), Failure> {
    if identity.pem(OwnName::Authority)?.as_slice() == read {
        return Ok(());
    }
    Err(Failure::new(Exit::Failed, "another authority has taken this one's place meanwhile")
        .hint("look with `wharf ca show`"))
}
