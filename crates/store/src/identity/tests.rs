//! The directory under crashes, crowds, damage and curiosity.

use super::*;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::os::unix::fs::PermissionsExt;
use tempfile::TempDir;
use wharf_model::{Fingerprint, Generation, TenantId};

const NOW: u64 = 1_700_000_000_000;
const DAY: u64 = 24 * 3600 * 1000;

fn at(millis: u64) -> Moment {
    Moment::from_unix_millis(NOW + millis)
}

fn tenant(name: &str, generation: u32) -> TenantId {
    TenantId { name: name.parse().unwrap(), generation: Generation(generation) }
}

fn issued(tenant_name: &str, user: &str, expires: Moment) -> Issued {
    Issued {
        tenant: tenant(tenant_name, 2),
        user: user.parse().unwrap(),
        key: Fingerprint::of_digest([7; 32]),
        issued: at(0),
        expires,
        life_secs: 90 * 24 * 3600,
        revoked: None,
        renewed_from: None,
        first: None,
    }
}

fn invitation(expires: Moment) -> Invitation {
    let secret = Fingerprint::of_digest([9; 32]);
    Invitation { secret, tenant: tenant("alice", 1), user: "ci".parse().unwrap(), life_secs: 3600, expires }
}

fn book() -> IdentityBook {
    IdentityBook::new(AuthorityKind::Own, vec!["192.0.2.1".into(), "quay".into()])
}

/// A store with an authority, in the order in which one is made.
fn store() -> (TempDir, IdentityStore) {
    let directory = tempfile::tempdir().unwrap();
    let store = IdentityStore::within(directory.path());
    let held = store.hold(at(0)).unwrap();
    held.write_book(&book()).unwrap();
    held.write(OwnName::Server, b"server").unwrap();
    held.write(OwnName::Authority, b"authority").unwrap();
    drop(held);
    (directory, store)
}

fn add(store: &IdentityStore, serial: &str, entry: Issued) -> Result<(), IdentityError> {
    store.change(at(1), |book| {
        book.issued.insert(serial.to_owned(), entry);
        Ok(())
    })
}

fn mode(store: &IdentityStore, name: &str) -> u32 {
    std::fs::metadata(store.directory().join(name)).unwrap().permissions().mode() & 0o7777
}

#[test]
fn a_book_reads_back_as_it_was_written() {
    let (_directory, store) = store();
    let wanted: Result<_, IdentityError> = store.change(at(1), |book| {
        book.issued.insert("0a".into(), issued("alice", "laptop", at(DAY)));
        book.issued.insert("0b".into(), Issued { revoked: Some(at(5)), ..issued("bob", "ci", at(DAY)) });
        book.invitations.insert("ff".into(), invitation(at(2)));
        Ok(book.clone())
    });
    assert_eq!(store.read_book().unwrap(), Some(wanted.unwrap()));
    let text = std::fs::read_to_string(store.directory().join("identity.json")).unwrap();
    assert!(text.contains(r#""tenant": "alice_2""#), "{text}");
}

#[test]
fn before_there_is_an_authority_nothing_can_be_changed() {
    let directory = tempfile::tempdir().unwrap();
    let store = IdentityStore::within(directory.path());
    assert!(store.read_book().unwrap().is_none());
    assert!(!store.directory().exists(), "looking makes nothing");
    assert!(matches!(add(&store, "0a", issued("alice", "ci", at(DAY))), Err(IdentityError::NoAuthority)));
}

#[test]
fn everything_is_for_its_owner_alone_whatever_the_mode_has_become() {
    let (_directory, store) = store();
    std::fs::set_permissions(store.directory(), std::fs::Permissions::from_mode(0o755)).unwrap();
    add(&store, "0a", issued("alice", "ci", at(DAY))).unwrap();
    store.note_seen(&BTreeMap::from([("0a".into(), (at(1), "192.0.2.7".into()))])).unwrap();
    assert_eq!(mode(&store, ""), 0o700);
    for name in ["identity.json", "authority.pem", "server.pem", "identity.lock", "seen.json"] {
        assert_eq!(mode(&store, name), 0o600, "{name}");
    }
}

#[test]
fn a_key_that_others_can_read_is_not_used() {
    let (_directory, store) = store();
    let path = store.directory().join("authority.pem");
    for mode in [0o640, 0o604] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        assert!(matches!(store.read(OwnName::Authority), Err(IdentityError::Exposed { .. })), "{mode:o}");
    }
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(store.read(OwnName::Authority).unwrap().as_deref(), Some(&b"authority"[..]));
    std::fs::remove_file(&path).unwrap();
    std::os::unix::fs::symlink("/etc/hostname", &path).unwrap();
    assert!(matches!(store.read(OwnName::Authority), Err(IdentityError::Place(_))), "through no link");
}

#[test]
fn a_damaged_book_is_an_error_and_no_new_beginning() {
    let (_directory, store) = store();
    let path = store.directory().join("identity.json");
    let whole = std::fs::read_to_string(&path).unwrap();
    let half = whole.get(..whole.len() / 2).unwrap();
    for text in ["", "{", "[]", half, &whole.replace("own", "stolen"), &whole.replace("names", "nomes")] {
        std::fs::write(&path, text).unwrap();
        assert!(matches!(store.read_book(), Err(IdentityError::Damaged { .. })), "{text}");
        let changed = add(&store, "0a", issued("alice", "ci", at(DAY)));
        assert!(matches!(changed, Err(IdentityError::Damaged { .. })), "{text}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "it stays as it is");
    }
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(store.read_book(), Err(IdentityError::Lost { .. })));
    assert!(matches!(add(&store, "0a", issued("alice", "ci", at(DAY))), Err(IdentityError::Lost { .. })));
    std::fs::write(&path, "x").unwrap();
    std::fs::File::options().write(true).open(&path).unwrap().set_len(book::MOST_BYTES + 1).unwrap();
    assert!(matches!(store.read_book(), Err(IdentityError::TooLarge { .. })));
}

#[test]
fn a_book_that_could_not_be_read_again_is_not_written() {
    let (_directory, store) = store();
    add(&store, "0a", issued("alice", "ci", at(DAY))).unwrap();
    let grown: Result<(), IdentityError> = store.change(at(2), |book| {
        let length = usize::try_from(book::MOST_BYTES).unwrap();
        book.names.push("x".repeat(length));
        Ok(())
    });
    assert!(matches!(grown, Err(IdentityError::TooLarge { .. })));
    assert!(store.read_book().unwrap().unwrap().issued.contains_key("0a"));
}

#[test]
fn an_unfinished_beginning_is_no_authority() {
    let directory = tempfile::tempdir().unwrap();
    let store = IdentityStore::within(directory.path());
    let held = store.hold(at(0)).unwrap();
    held.write_book(&book()).unwrap();
    assert!(store.read_book().unwrap().is_none());
    held.write(OwnName::Server, b"server").unwrap();
    assert!(store.read_book().unwrap().is_none());
    std::fs::write(store.directory().join("authority.pem.new"), "half a k").unwrap();
    assert!(store.read_book().unwrap().is_none());
    held.write(OwnName::Authority, b"authority").unwrap();
    assert_eq!(store.read_book().unwrap(), Some(book()));
}

#[test]
fn killed_between_any_two_steps_of_a_change_the_book_is_the_one_before_or_the_one_after() {
    let (_directory, store) = store();
    add(&store, "0a", issued("alice", "ci", at(DAY))).unwrap();
    let (whole, draft) =
        (store.directory().join("identity.json"), store.directory().join("identity.json.new"));
    let before = std::fs::read(&whole).unwrap();
    // What a change of one process leaves when it ends after each step: a draft begun, a draft whole, renamed.
    for left in [&b""[..], &before[..before.len() / 2], &before] {
        std::fs::write(&draft, left).unwrap();
        assert!(store.read_book().unwrap().unwrap().issued.contains_key("0a"));
        // The next one is not in its way, nor is a draft that somebody made a link.
        add(&store, "0b", issued("bob", "ci", at(DAY))).unwrap();
        assert!(!draft.exists());
        assert_eq!(store.read_book().unwrap().unwrap().issued.len(), 2);
        std::fs::write(&whole, &before).unwrap();
        std::fs::set_permissions(&whole, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
    let outside = store.directory().join("../outside");
    std::os::unix::fs::symlink(&outside, &draft).unwrap();
    add(&store, "0c", issued("bob", "ci", at(DAY))).unwrap();
    assert!(!outside.exists());
    assert!(store.read_book().unwrap().unwrap().issued.contains_key("0c"));
}

#[test]
fn a_change_that_is_refused_changes_nothing() {
    let (_directory, store) = store();
    let stamp = store.book_stamp();
    let refused: Result<Infallible, IdentityError> = store.change(at(1), |book| {
        book.issued.insert("0a".into(), issued("alice", "ci", at(DAY)));
        Err(IdentityError::NoAuthority)
    });
    assert!(matches!(refused, Err(IdentityError::NoAuthority)));
    assert_eq!(store.book_stamp(), stamp);
    let idle: Result<(), IdentityError> = store.change(at(1), |_| Ok(()));
    idle.unwrap();
    assert_eq!(store.book_stamp(), stamp, "nothing is written when nothing is another");
}

#[test]
fn concurrent_changes_are_all_kept() {
    let (_directory, store) = store();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let store = &store;
            scope.spawn(move || {
                for number in 0..25 {
                    add(store, &format!("{thread}-{number}"), issued("alice", "ci", at(DAY))).unwrap();
                }
            });
        }
    });
    assert_eq!(store.read_book().unwrap().unwrap().issued.len(), 100);
}

#[test]
fn of_two_who_use_one_invitation_at_once_one_has_it() {
    let (_directory, store) = store();
    let opened: Result<_, IdentityError> = store.change(at(0), |book| {
        book.invitations.insert("ff".into(), invitation(at(1000)));
        Ok(())
    });
    opened.unwrap();
    let take = || {
        let taken: Result<_, IdentityError> =
            store.change(at(1), |book| Ok(book.invitations.remove("ff").is_some()));
        usize::from(taken.unwrap())
    };
    let winners: usize = std::thread::scope(|scope| {
        let all: Vec<_> = (0..8).map(|_| scope.spawn(take)).collect();
        all.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(winners, 1);
}

#[test]
fn what_is_past_goes_with_the_next_change() {
    let (_directory, store) = store();
    let filled: Result<_, IdentityError> = store.change(at(0), |book| {
        book.invitations.insert("01".into(), invitation(at(1000)));
        book.invitations.insert("02".into(), invitation(at(5000)));
        book.issued.insert("0a".into(), issued("alice", "ci", at(0)));
        book.issued.insert("0b".into(), issued("alice", "ci", at(2 * DAY)));
        Ok(())
    });
    filled.unwrap();
    let keys = |now: Moment| -> (Vec<String>, Vec<String>) {
        let idle: Result<(), IdentityError> = store.change(now, |_| Ok(()));
        idle.unwrap();
        let book = store.read_book().unwrap().unwrap();
        (book.invitations.into_keys().collect(), book.issued.into_keys().collect())
    };
    assert_eq!(keys(at(1000)), (vec!["02".into()], vec!["0a".into(), "0b".into()]), "at its end it is over");
    assert_eq!(keys(at(300 * DAY)), (vec![], vec!["0a".into(), "0b".into()]), "a clock may be wrong");
    let filled: Result<_, IdentityError> = store.change(at(0), |book| {
        book.issued
            .extend((0..1000).map(|n| (format!("f{n}"), issued("bob", &format!("ci-{n}"), at(900 * DAY)))));
        Ok(())
    });
    filled.unwrap();
    assert!(keys(at(30 * DAY - 1)).1.contains(&"0a".to_owned()));
    assert!(!keys(at(30 * DAY)).1.contains(&"0a".to_owned()));
}

#[test]
fn of_one_users_certificates_that_have_ended_only_the_last_are_kept() {
    let mut book = book();
    book.issued.extend(
        (0..40).map(|n| (format!("{n:02}"), Issued { issued: at(n), ..issued("alice", "ci", at(n + 1)) })),
    );
    book.issued.insert("other".into(), issued("alice", "laptop", at(1)));
    book.prune(at(1000));
    let left: Vec<&str> = book.issued.keys().map(String::as_str).collect();
    assert_eq!((left.len(), left[0], left[16]), (17, "24", "other"));
}

#[test]
fn what_else_was_renewed_from_one_certificate_is_revoked() {
    let mut book = book();
    let one = |at_: u64| Issued { issued: at(at_), ..issued("alice", "ci", at(DAY)) };
    book.issued.insert("a".into(), one(0));
    book.renew("a", "b".into(), one(1));
    book.renew("b", "c".into(), one(2));
    let good = |book: &IdentityBook| -> String {
        book.issued
            .iter()
            .filter(|(_, issued)| issued.is_good(at(9)))
            .map(|(serial, _)| serial.as_str())
            .collect()
    };
    assert_eq!((good(&book), book.line_of("c")), ("abc".to_owned(), "a"));
    book.renew("a", "d".into(), one(3));
    assert_eq!(good(&book), "ad");
    for (from, to) in "defghijk".chars().zip("efghijkl".chars()) {
        book.renew(&from.to_string(), to.to_string(), one(4 + u64::from(u32::from(to))));
    }
    assert_eq!(good(&book), "ghijkl", "no more than six of a line");
    let line = book.line_of("l").to_owned();
    assert_eq!(book.revoke_line(at(9), &line).len(), 6);
}

#[test]
fn only_what_was_good_is_revoked() {
    let mut book = book();
    book.issued.insert("0a".into(), issued("alice", "ci", at(DAY)));
    book.issued.insert("0b".into(), issued("alice", "ci", at(1)));
    book.issued.insert("0c".into(), Issued { revoked: Some(at(0)), ..issued("alice", "ci", at(DAY)) });
    book.issued.insert("0d".into(), issued("bob", "ci", at(DAY)));
    assert_eq!(book.revoke(at(2), |_, issued| issued.tenant.name.as_str() == "alice"), ["0a"]);
    assert_eq!(book.issued["0a"].revoked, Some(at(2)));
    assert_eq!(book.issued["0c"].revoked, Some(at(0)), "since when it was");
    assert!(book.issued["0d"].is_good(at(2)) && !book.issued["0a"].is_good(at(2)));
    assert!(!book.issued["0b"].is_good(at(1)));
}

#[test]
fn the_stamp_shows_every_change() {
    let (_directory, store) = store();
    let mut before = (store.book_stamp(), store.stamp());
    let mut differs = |what: &str| {
        let now = (store.book_stamp(), store.stamp());
        assert_ne!(now, before, "{what}");
        before = now;
    };
    add(&store, "0a", issued("alice", "ci", at(DAY))).unwrap();
    differs("the book");
    // Of the same length, within one tick of the clock.
    store.write(OwnName::Server, b"SERVER", at(0)).unwrap();
    differs("the server's certificate");
    store.write(OwnName::Former, b"former", at(0)).unwrap();
    differs("the former authority");
    store.write(OwnName::Authority, b"AUTHORITY", at(0)).unwrap();
    differs("the authority");
    store.hold(at(0)).unwrap().remove(OwnName::Former).unwrap();
    differs("no former authority any more");
    store.hold(at(0)).unwrap().remove(OwnName::Former).unwrap();
}

#[test]
fn who_was_seen_is_kept_within_bounds_and_decides_nothing() {
    let (_directory, store) = store();
    let note = |serial: &str, when: u64| {
        store.note_seen(&BTreeMap::from([(serial.to_owned(), (at(when), "192.0.2.7".to_owned()))])).unwrap();
    };
    note("0a", 1);
    note("0b", 2);
    note("0a", 3);
    let expected =
        [("0a", 3), ("0b", 2)].map(|(serial, when)| (serial.into(), (at(when), "192.0.2.7".into())));
    assert_eq!(store.seen(), BTreeMap::from(expected));
    let many = (0..25_000_u64).map(|n| (format!("{n:05}"), (at(10 + n), "x".repeat(1000)))).collect();
    store.note_seen(&many).unwrap();
    let seen = store.seen();
    assert_eq!(seen.len(), 20_000);
    assert!(seen.contains_key("24999") && !seen.contains_key("0a"));
    assert_eq!(seen["24999"].1.len(), 80);
    std::fs::write(store.directory().join("seen.json"), "{").unwrap();
    assert!(store.seen().is_empty());
    note("0a", 4);
    assert_eq!(store.seen().len(), 1);
}
