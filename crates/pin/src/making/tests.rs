//! What is made for an account and what is not, on the real kernel.

use crate::testing::{ANA, BOB, Machine, TEAM, is_root, mode};
use crate::{Access, Grant, Missing, Opened, Opener, Refusal};
use rustix::fs::{CWD, Gid, chownat};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::sync::atomic::{AtomicBool, Ordering};

/// What Ana gets, made when it is missing.
fn made(machine: &Machine, granted: &str, below: &str) -> Result<Opened, Refusal> {
    let grant = Grant::new(&machine.path(granted), Access::ReadWrite)?;
    let request = grant.ask(&machine.path(below), Access::ReadWrite)?;
    Opener::default().open(&request.when_missing(Missing::Made), &machine.ana())
}

fn facts(machine: &Machine, below: &str) -> (u32, u32, u32) {
    let facts = std::fs::symlink_metadata(machine.path(below)).unwrap();
    (facts.uid(), facts.gid(), facts.permissions().mode() & 0o7777)
}

#[test]
fn what_is_missing_is_made_as_the_account_makes_it() {
    if !is_root() {
        return;
    }
    let machine = Machine::new();
    let opened = made(&machine, "home/ana", "home/ana/a/b/c").unwrap();
    assert_eq!(opened.inode(), std::fs::metadata(machine.path("home/ana/a/b/c")).unwrap().ino());
    for below in ["home/ana/a", "home/ana/a/b", "home/ana/a/b/c"] {
        assert_eq!(facts(&machine, below), (ANA, ANA, 0o755), "{below}");
    }
    // What is there stays as it is.
    mode(&machine.path("home/ana/a"), 0o700);
    made(&machine, "home/ana", "home/ana/a/d").unwrap();
    assert_eq!(facts(&machine, "home/ana/a"), (ANA, ANA, 0o700));
    // In a directory of a group's that hands on its group.
    let team = machine.directory("srv", 0, 0o755).join("team");
    std::fs::create_dir(&team).unwrap();
    chownat(CWD, &team, None, Some(Gid::from_raw(TEAM)), rustix::fs::AtFlags::empty()).unwrap();
    mode(&team, 0o2775);
    made(&machine, "srv/team", "srv/team/new").unwrap();
    assert_eq!(facts(&machine, "srv/team/new"), (ANA, TEAM, 0o2755));
    // Whoever did not ask for it gets nothing made.
    assert!(machine.refused("home/ana", "home/ana/none").contains("does not exist"));
    assert!(!machine.path("home/ana/none").exists());
}

#[test]
fn nothing_is_made_beyond_the_accounts_rights_or_behind_a_link() {
    if !is_root() {
        return;
    }
    let machine = Machine::new();
    machine.directory("home/ana/roots", 0, 0o755);
    machine.directory("home/bob/open", BOB, 0o777);
    machine.file("home/ana/file", ANA, 0o644);
    machine.link("home/ana/bobs", "../bob/open");
    machine.link("home/ana/gone", "../bob/open/gone");
    machine.directory("srv", 0, 0o755);
    let refused = |granted: &str, below: &str| made(&machine, granted, below).unwrap_err();
    assert!(matches!(refused("home/ana", "home/ana/roots/x/y"), Refusal::NotMade { .. }));
    assert!(matches!(refused("srv", "srv/x"), Refusal::NotMade { .. }));
    assert!(matches!(refused("home/ana", "home/ana/file/x"), Refusal::Missing { .. }));
    for link in ["home/ana/bobs/x", "home/ana/gone", "home/ana/gone/x"] {
        assert!(matches!(refused("home/ana", link), Refusal::Link { .. }), "{link}");
    }
    // The grant's own directory is the administrator's to make, but for one in the account's home.
    assert!(matches!(refused("srv/grant", "srv/grant/x"), Refusal::Missing { .. }));
    assert_eq!(std::fs::read_dir(machine.path("home/bob/open")).unwrap().count(), 0);
    assert_eq!(std::fs::read_dir(machine.path("srv")).unwrap().count(), 0);
    made(&machine, "home/ana/grant", "home/ana/grant/x").unwrap();
}

#[test]
fn a_link_swapped_in_again_and_again_has_nothing_made_behind_it() {
    if !is_root() {
        return;
    }
    let machine = Machine::new();
    machine.directory("home/bob/open", BOB, 0o777);
    let wanted = machine.directory("home/ana/a", ANA, 0o755);
    let evil = machine.link("home/ana/evil", "../bob/open");
    let done = AtomicBool::new(false);
    let (mut opened, mut refused) = (0, 0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let exchange = rustix::fs::RenameFlags::EXCHANGE;
            while !done.load(Ordering::Relaxed) {
                rustix::fs::renameat_with(CWD, &wanted, CWD, &evil, exchange).unwrap();
            }
        });
        for number in 0..3000 {
            match made(&machine, "home/ana", &format!("home/ana/a/{number}/b")) {
                Ok(_) => opened += 1,
                Err(_) => refused += 1,
            }
        }
        done.store(true, Ordering::Relaxed);
    });
    assert!(opened > 50 && refused > 50, "the race was none: {opened} opened, {refused} refused");
    assert_eq!(std::fs::read_dir(machine.path("home/bob/open")).unwrap().count(), 0);
}
