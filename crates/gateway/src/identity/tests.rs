//! Who is let in and who is not, what is issued and renewed: a directory and a book, and no network.

use super::issuing::{NotIssued, Wish};
use super::*;
use std::collections::BTreeSet;
use wharf_model::{Generation, TenantGrant};
use wharf_pki::{Authority, Bearer, PrivateKey, SigningRequest, Token};
use wharf_policy::{Grants, TenantStanding};
use wharf_store::{AuthorityKind, IdentityBook, Invitation};

const HOUR: u64 = 60 * 60;

/// An identity directory with an authority of its own, before a gateway with the tenant alice.
struct Stage {
    identity: Identity,
    authority: Authority,
    cell: StandingCell,
    directory: tempfile::TempDir,
}

fn standing(generation: u32, listed: &[(&str, Fingerprint)]) -> Arc<Standing> {
    let certificates = listed.iter().map(|(user, key)| (user.parse().unwrap(), *key)).collect();
    let grant = TenantGrant { certificates, ..TenantGrant::default() };
    let alice = TenantStanding { generation: Generation(generation), adopted: BTreeSet::new(), grant };
    let tenants = [("alice".parse().unwrap(), Arc::new(alice))].into();
    Arc::new(Standing { grants: Grants { tenants, ..Grants::default() }, stop_removed: false })
}

fn alice(generation: u32) -> TenantId {
    TenantId { name: "alice".parse().unwrap(), generation: Generation(generation) }
}

impl Stage {
    fn new(kind: AuthorityKind, seal: Option<&str>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = IdentityStore::within(directory.path());
        let authority = Authority::generate("a test's", SystemTime::now()).unwrap();
        let names = vec!["127.0.0.1".to_owned()];
        let seal = seal.map(|text| Passphrase::new(text.to_owned()));
        let held = store.hold(now()).unwrap();
        held.write_book(&IdentityBook::new(kind, names.clone())).unwrap();
        held.write(OwnName::Server, authority.issue_server(&names, SystemTime::now()).unwrap().as_bytes())
            .unwrap();
        held.write(OwnName::Authority, authority.to_pem(seal.as_ref()).unwrap().as_bytes()).unwrap();
        drop(held);
        let source = IdentitySource { store, passphrase: None, server_certificate: None };
        let (identity, cell) =
            (Identity::open(source).unwrap(), StandingCell::new(RwLock::new(standing(1, &[]))));
        identity.heed(&cell);
        Self { identity, authority, cell, directory }
    }

    fn change<T>(&self, change: impl FnOnce(&mut IdentityBook) -> T) -> T {
        let changed = self.identity.source.store.change(now(), |book| Ok::<T, IdentityError>(change(book)));
        self.identity.refresh();
        changed.unwrap()
    }

    fn invite(&self, expires: Moment) -> Token {
        let token = Token::generate(self.authority.certificate().fingerprint()).unwrap();
        let (tenant, user) = (alice(1), "laptop".parse().unwrap());
        let invitation = Invitation { secret: token.digest(), tenant, user, life_secs: HOUR, expires };
        self.change(|book| book.invitations.insert(token.id(), invitation));
        token
    }

    fn put_in_force(&self, standing: Arc<Standing>) {
        *self.cell.write().unwrap() = standing;
    }

    fn admitted(&self, certificate: &str) -> Result<Admitted, String> {
        use rustls::pki_types::pem::PemObject;
        let chain = [CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()];
        let standing = Arc::clone(&self.cell.read().unwrap());
        self.identity.admitted(&chain, &standing, "127.0.0.1:1".parse().unwrap())
    }

    fn still(&self, admitted: &Admitted) -> bool {
        let standing = Arc::clone(&self.cell.read().unwrap());
        self.identity.still(admitted, &standing)
    }
}

fn soon() -> Moment {
    Moment::from(SystemTime::now() + Duration::from_secs(60))
}

fn wish(token: Option<&str>) -> Wish {
    Wish { token: token.map(str::to_owned), request: PrivateKey::generate().unwrap().request().unwrap() }
}

#[test]
fn an_invitation_is_good_once_whoever_comes_at_the_same_time() {
    let stage = Stage::new(AuthorityKind::Own, None);
    let token = stage.invite(soon()).to_string();
    let won: Vec<bool> = std::thread::scope(|scope| {
        let all: Vec<_> =
            (0..8).map(|_| scope.spawn(|| stage.identity.invited(&wish(Some(&token))).is_ok())).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(won.iter().filter(|won| **won).count(), 1);
    let book = stage.identity.source.store.read_book().unwrap().unwrap();
    assert_eq!((book.issued.len(), book.invitations.len()), (1, 0));
}

#[test]
fn renewals_that_are_over_do_not_pile_up_and_revoked_ones_are_kept() {
    let stage = Stage::new(AuthorityKind::Own, None);
    let token = stage.invite(soon()).to_string();
    let granted = stage.identity.invited(&wish(Some(&token))).unwrap();
    let admitted = stage.admitted(&granted.certificate).unwrap();
    for _ in 0..4 {
        stage.identity.renewed(&admitted, &wish(None)).unwrap();
    }
    let past = Moment::from(SystemTime::now() - Duration::from_secs(1));
    let revoked = stage.change(|book| {
        let others = book.issued.iter_mut().filter(|(serial, _)| *serial != admitted.serial());
        let mut others: Vec<_> = others.collect();
        let (serial, kept) = others.pop().unwrap();
        let serial = serial.clone();
        // Forgotten, it would be no better; but people look for it.
        kept.revoked = Some(past);
        for (_, issued) in others {
            issued.expires = past;
        }
        serial
    });
    stage.identity.renewed(&admitted, &wish(None)).unwrap();
    let book = stage.identity.source.store.read_book().unwrap().unwrap();
    assert!(book.issued.contains_key(&revoked) && book.issued.contains_key(admitted.serial()));
    assert_eq!(book.issued.len(), 3);
}

#[test]
fn who_was_invited_is_let_in_until_that_is_taken_back() {
    let stage = Stage::new(AuthorityKind::Own, None);
    let token = stage.invite(soon()).to_string();
    let granted = stage.identity.invited(&wish(Some(&token))).unwrap();
    assert_eq!(
        (granted.tenant.as_str(), granted.user.as_str(), granted.life_secs),
        ("alice", "laptop", HOUR)
    );
    let admitted = stage.admitted(&granted.certificate).unwrap();
    assert_eq!((admitted.tenant.clone(), admitted.user.as_str()), (alice(1), "laptop"));
    assert!(stage.still(&admitted));

    let anew = stage.identity.renewed(&admitted, &wish(None)).unwrap();
    let second = stage.admitted(&anew.certificate).unwrap();
    assert_ne!(second.serial(), admitted.serial());
    assert!(stage.still(&admitted), "who never heard of the new one goes on with the old");

    // Another tenant of that name.
    stage.put_in_force(standing(2, &[]));
    assert!(!stage.still(&admitted) && stage.admitted(&granted.certificate).is_err());
    assert!(matches!(stage.identity.renewed(&second, &wish(None)), Err(NotIssued::NoTenant(_))));
    stage.put_in_force(standing(1, &[]));
    assert!(stage.still(&admitted));

    let changes = stage.identity.changes();
    stage.change(|book| book.revoke(now(), |serial, _| serial == admitted.serial()));
    assert_ne!(stage.identity.changes(), changes);
    assert!(!stage.still(&admitted) && stage.still(&second));
    assert_eq!(stage.admitted(&granted.certificate).unwrap_err(), "the certificate was revoked");
    assert!(matches!(stage.identity.renewed(&admitted, &wish(None)), Err(NotIssued::Revoked)));
}

#[test]
fn what_is_no_open_invitation_is_told_in_one_sentence() {
    let stage = Stage::new(AuthorityKind::Own, None);
    let open = stage.invite(soon());
    let past = stage.invite(Moment::from(SystemTime::now() - Duration::from_secs(1)));
    let stranger = Token::generate(open.authority()).unwrap();
    // The right number, and a secret that is not its own.
    let (mine, theirs) = (open.to_string(), stranger.to_string());
    let mixed = format!("{}{}", &mine[..18], &theirs[18..]);
    assert_eq!(mixed.parse::<Token>().unwrap().id(), open.id());
    for token in [past.to_string(), theirs, mixed, mine[..40].to_owned(), String::new()] {
        let refused = stage.identity.invited(&wish(Some(&token))).unwrap_err();
        assert!(matches!(refused, NotIssued::NotInvited), "{refused}");
    }
    assert!(matches!(stage.identity.invited(&wish(None)), Err(NotIssued::NotInvited)));
    let broken = Wish { token: Some(mine.clone()), request: "x".into() };
    assert!(matches!(stage.identity.invited(&broken), Err(NotIssued::Request(_))));
    stage.put_in_force(standing(2, &[]));
    assert!(matches!(stage.identity.invited(&wish(Some(&mine))), Err(NotIssued::NoTenant(_))));
    stage.put_in_force(standing(1, &[]));
    assert!(stage.identity.invited(&wish(Some(&mine))).is_ok(), "none of that has used it up");
}

#[test]
fn what_the_authority_signed_and_the_book_does_not_have_is_nobodys() {
    let stage = Stage::new(AuthorityKind::Own, None);
    let key = PrivateKey::generate().unwrap();
    let request = SigningRequest::from_pem(key.request().unwrap().as_bytes()).unwrap();
    let bearer = Bearer { tenant: alice(1), user: "laptop".parse().unwrap() };
    let life = Duration::from_secs(HOUR);
    let made = stage.authority.issue_client(&request, &bearer, life, SystemTime::now()).unwrap();
    assert!(stage.admitted(&made.pem()).is_err());
    // The administrator lists its key: it is the one whom that line names, whatever it says itself.
    stage.put_in_force(standing(1, &[("ci", made.key())]));
    let admitted = stage.admitted(&made.pem()).unwrap();
    assert_eq!(admitted.user, "ci");
    assert!(matches!(stage.identity.renewed(&admitted, &wish(None)), Err(NotIssued::NotOurs)));
    stage.put_in_force(standing(1, &[]));
    assert!(!stage.still(&admitted));
}

#[test]
fn a_sealed_or_imported_authority_issues_nothing_and_uses_nothing_up() {
    let sealed = Stage::new(AuthorityKind::Own, Some("correct horse"));
    let token = sealed.invite(soon()).to_string();
    assert!(matches!(sealed.identity.invited(&wish(Some(&token))), Err(NotIssued::Sealed)));
    let imported = Stage::new(AuthorityKind::Imported, None);
    let other = imported.invite(soon()).to_string();
    assert!(matches!(imported.identity.invited(&wish(Some(&other))), Err(NotIssued::Imported)));
    for stage in [sealed, imported] {
        assert_eq!(stage.identity.source.store.read_book().unwrap().unwrap().invitations.len(), 1);
    }
}

#[test]
fn what_is_not_understood_leaves_everything_in_force() {
    let stage = Stage::new(AuthorityKind::Own, None);
    let token = stage.invite(soon()).to_string();
    let granted = stage.identity.invited(&wish(Some(&token))).unwrap();
    std::fs::write(stage.directory.path().join("identity/identity.json"), "{").unwrap();
    let changes = stage.identity.changes();
    stage.identity.refresh();
    assert!(stage.identity.doors().joining.is_none());
    assert!(stage.admitted(&granted.certificate).is_ok());
    assert!(stage.identity.complaint().is_some_and(|said| said.contains("identity.json")));
    assert_eq!(stage.identity.changes(), changes);
    std::fs::remove_file(stage.directory.path().join("identity/server.pem")).unwrap();
    stage.identity.refresh();
    assert!(stage.identity.complaint().is_some());
}

#[test]
fn a_servers_certificate_is_renewed_before_its_end() {
    let stage = Stage::new(AuthorityKind::Own, None);
    assert!(!stage.identity.renew_server_certificate().unwrap());
    let old = SystemTime::now() - Duration::from_secs(70 * 24 * HOUR);
    let pair = stage.authority.issue_server(&["127.0.0.1".into()], old).unwrap();
    stage.identity.source.store.write(OwnName::Server, pair.as_bytes(), now()).unwrap();
    stage.identity.refresh();
    let before = stage.identity.doors().mutual;
    assert!(stage.identity.renew_server_certificate().unwrap());
    assert!(!Arc::ptr_eq(&before, &stage.identity.doors().mutual), "shown from now on");
    assert!(!stage.identity.trust().own.is_due(SystemTime::now()));
    assert_eq!(stage.identity.trust().own.names(), ["127.0.0.1"]);
}

#[test]
fn who_renews_without_end_has_no_more_than_a_few_and_shuts_nobody_out() {
    let stage = Stage::new(AuthorityKind::Own, None);
    let join = || stage.identity.invited(&wish(Some(&stage.invite(soon()).to_string()))).unwrap().certificate;
    // Two machines of the same user.
    let (first, other) = (stage.admitted(&join()).unwrap(), stage.admitted(&join()).unwrap());
    let good = || {
        let book = stage.identity.source.store.read_book().unwrap().unwrap();
        (book.issued.values().filter(|issued| issued.is_good(now())).count(), book.issued.len())
    };
    // Again and again from the first: each makes what was got before worth nothing.
    for _ in 0..40 {
        stage.identity.renewed(&first, &wish(None)).unwrap();
    }
    assert_eq!(good().0, 3);
    // Each from the one before.
    let mut last = first.clone();
    for _ in 0..40 {
        last = stage.admitted(&stage.identity.renewed(&last, &wish(None)).unwrap().certificate).unwrap();
    }
    assert!(!stage.still(&first) && stage.still(&last) && stage.still(&other));
    assert!(good().0 <= 7 && good().1 <= 30, "{:?}", good());
    stage.identity.renewed(&other, &wish(None)).unwrap();
}

#[test]
fn what_a_thief_renews_is_worth_nothing_when_the_owner_renews() {
    let stage = Stage::new(AuthorityKind::Own, None);
    let joined = stage.identity.invited(&wish(Some(&stage.invite(soon()).to_string()))).unwrap();
    let stolen = stage.admitted(&joined.certificate).unwrap();
    let thief = stage.identity.renewed(&stolen, &wish(None)).unwrap();
    let thief = stage.admitted(&thief.certificate).unwrap();
    let thief = stage.admitted(&stage.identity.renewed(&thief, &wish(None)).unwrap().certificate).unwrap();
    let owner = stage.identity.renewed(&stolen, &wish(None)).unwrap();
    let owner = stage.admitted(&owner.certificate).unwrap();
    assert!(stage.still(&owner) && !stage.still(&thief));
    // And one word takes back whatever comes of it.
    let revoked = stage.change(|book| {
        let line = book.line_of(owner.serial()).to_owned();
        book.revoke_line(now(), &line)
    });
    assert!(revoked.len() == 2 && !stage.still(&owner) && !stage.still(&stolen));
}

#[test]
fn a_revocation_counts_whatever_is_wrong_with_the_certificates_beside_it() {
    let stage = Stage::new(AuthorityKind::Own, None);
    let joined = stage.identity.invited(&wish(Some(&stage.invite(soon()).to_string()))).unwrap();
    let admitted = stage.admitted(&joined.certificate).unwrap();
    std::fs::write(stage.directory.path().join("identity/server.pem"), "nonsense").unwrap();
    stage.change(|book| book.revoke(now(), |_, _| true));
    assert!(!stage.still(&admitted) && stage.admitted(&joined.certificate).is_err());
    assert!(stage.identity.complaint().is_some());
}
