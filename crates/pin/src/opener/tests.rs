//! What is opened for an account and what is not, on the real kernel.

use crate::testing::{ANA, BOB, Machine, TEAM, give, is_root, mode};
use crate::{Kind, Opener, Refusal};
use rustix::fd::AsFd;
use rustix::fs::{CWD, FileType, Gid, Mode, chownat, fstat, mknodat};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

#[test]
fn what_is_the_accounts_own_is_opened() {
    if !is_root() {
        return;
    }
    let machine = Machine::new();
    machine.directory("home/ana/data", ANA, 0o700);
    machine.directory("home/ana/data/sub", 400_007, 0o755);
    machine.file("home/ana/data/file", ANA, 0o600);
    for below in ["home/ana", "home/ana/data", "home/ana/data/sub", "home/ana/data/file"] {
        let opened = machine.open("home/ana", below).unwrap();
        assert_eq!(opened.inode(), std::fs::metadata(machine.path(below)).unwrap().ino(), "{below}");
        assert_eq!(fstat(opened.as_fd()).unwrap().st_ino, opened.inode());
    }
    assert_eq!(machine.open("home/ana/data", "home/ana/data/file").unwrap().kind(), Kind::Regular);
}

#[test]
fn a_link_anywhere_is_refused() {
    if !is_root() {
        return;
    }
    let machine = Machine::new();
    machine.directory("home/ana/real", ANA, 0o755);
    machine.directory("home/ana/real/sub", ANA, 0o755);
    machine.link("home/ana/etc", "/etc");
    machine.link("home/ana/near", "real");
    machine.link("home/ana/proc", "/proc/self/root");
    machine.link("home/eve", "ana");
    for below in [
        "home/ana/etc",
        "home/ana/near",
        "home/ana/near/sub",
        "home/ana/proc",
        "home/ana/proc/etc",
        "home/ana/etc/ssl",
    ] {
        let refused = machine.refused("home/ana", below);
        assert!(refused.contains("is, or goes through, a symbolic link"), "{below}: {refused}");
    }
    assert_eq!(
        machine.refused("home/eve", "home/eve/real"),
        "`/home/eve` is, or goes through, a symbolic link; write the path that it leads to"
    );
}

#[test]
fn what_the_account_cannot_enter_or_read_is_refused_and_not_told_of() {
    if !is_root() {
        return;
    }
    let machine = Machine::new();
    machine.directory("srv", 0, 0o755);
    machine.directory("srv/closed", BOB, 0o700);
    machine.directory("srv/closed/open", ANA, 0o777);
    machine.directory("srv/passed", BOB, 0o711);
    machine.directory("srv/passed/own", ANA, 0o700);
    machine.file("srv/secret", 0, 0o600);
    for below in ["srv/closed", "srv/closed/open", "srv/closed/missing", "srv/passed", "srv/secret"] {
        let refused = machine.refused("srv", below);
        assert!(refused.contains("account `ana` has no right to"), "{below}: {refused}");
    }
    machine.open("srv", "srv/passed/own").unwrap();
    // A grant that begins in a closed directory gives no more than the account has.
    machine.directory("vault", 0, 0o700);
    machine.directory("vault/ana", ANA, 0o755);
    assert!(machine.refused("vault/ana", "vault/ana").contains("no right to `/vault/ana`"));
}

#[test]
fn rights_of_a_second_group_count_and_those_of_root_do_not() {
    if !is_root() {
        return;
    }
    let machine = Machine::new();
    machine.directory("srv", 0, 0o755);
    let team = machine.directory("srv/team", 0, 0o750);
    assert!(machine.refused("srv", "srv/team").contains("has no right"));
    chownat(CWD, &team, None, Some(Gid::from_raw(TEAM)), rustix::fs::AtFlags::empty()).unwrap();
    machine.open("srv", "srv/team").unwrap();
}

#[test]
fn in_a_home_only_what_is_its_owners_is_bound() {
    if !is_root() {
        return;
    }
    let machine = Machine::new();
    machine.directory("home/ana/roots", 0, 0o755);
    machine.directory("home/ana/bobs", BOB, 0o777);
    machine.directory("home/ana/bobs/back", ANA, 0o755);
    assert_eq!(
        machine.refused("home/ana", "home/ana/roots"),
        "`/home/ana/roots` belongs to user 0, not to account `ana`; give it to the account, or use a named volume"
    );
    assert!(machine.refused("home/ana", "home/ana/bobs").contains("belongs to user 31002"));
    machine.open("home/ana", "home/ana/bobs/back").unwrap();
    // Bob's file under a second name of Ana's.
    machine.file("home/bob/file", BOB, 0o644);
    std::fs::hard_link(machine.path("home/bob/file"), machine.path("home/ana/file")).unwrap();
    assert!(machine.refused("home/ana", "home/ana/file").contains("belongs to user 31002"));
    // A home that is not the account's: `~` of a system account is `/usr/sbin`.
    give(&machine.path("home/ana"), 0);
    assert!(machine.refused("home/ana", "home/ana").contains("belongs to user 0"));
}

#[test]
fn what_others_than_root_could_exchange_is_no_beginning() {
    if !is_root() {
        return;
    }
    let machine = Machine::new();
    machine.directory("home/bob/shared", BOB, 0o777);
    assert!(
        machine
            .refused("home/bob/shared", "home/bob/shared")
            .contains("is above what was granted, and not root's alone")
    );
    machine.directory("loose", 0, 0o777);
    machine.directory("loose/data", ANA, 0o755);
    assert!(machine.refused("loose/data", "loose/data").contains("(user 0, mode 0777)"));
    mode(&machine.path("loose"), 0o1777);
    assert!(machine.refused("loose/data", "loose/data").contains("(user 0, mode 1777)"));
    machine.directory("loose/roots", 0, 0o755);
    machine.open("loose/roots", "loose/roots").unwrap();
    mode(&machine.path("home"), 0o775);
    assert!(machine.refused("home/ana", "home/ana").contains("`/home` (user 0, mode 0775)"));
}

#[test]
fn what_is_neither_directory_nor_regular_file_is_refused_without_touching_it() {
    if !is_root() {
        return;
    }
    let machine = Machine::new();
    let make = |name: &str, kind: FileType, device: u64| {
        let path = machine.path("home/ana").join(name);
        mknodat(CWD, &path, kind, Mode::from_raw_mode(0o666), device).unwrap();
        give(&path, ANA);
    };
    make("pipe", FileType::Fifo, 0);
    make("tty", FileType::CharacterDevice, rustix::fs::makedev(5, 0));
    make("disk", FileType::BlockDevice, rustix::fs::makedev(254, 0));
    let socket = machine.path("home/ana/socket");
    let _listening = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    for (name, kind) in
        [("pipe", "a named pipe"), ("tty", "a device"), ("disk", "a device"), ("socket", "a socket")]
    {
        let refused = machine.refused("home/ana", &format!("home/ana/{name}"));
        assert_eq!(
            refused,
            format!("`/home/ana/{name}` is {kind}; only directories and regular files are bound")
        );
        assert!(machine.refused("home/ana", &format!("home/ana/{name}/x")).contains("does not exist"));
    }
}

#[test]
fn the_kernels_own_file_systems_are_refused() {
    if !is_root() {
        return;
    }
    let machine = Machine::new();
    for place in ["/proc", "/proc/self", "/proc/sys/kernel", "/sys", "/sys/fs/cgroup/memory", "/dev/pts"] {
        if !Path::new(place).exists() {
            continue;
        }
        let grant = crate::Grant::new(Path::new(place), crate::Access::ReadOnly).unwrap();
        let request = grant.ask(Path::new(place), crate::Access::ReadOnly).unwrap();
        let refused = Opener::default().open(&request, &machine.ana());
        assert!(
            matches!(
                refused,
                Err(Refusal::FileSystem { .. } | Refusal::Link { .. } | Refusal::WeakAncestor { .. })
            ),
            "{place}: {refused:?}"
        );
    }
}

#[test]
fn a_mount_below_the_beginning_is_not_crossed() {
    if !is_root() {
        return;
    }
    let machine = Machine::new();
    let disk = machine.directory("home/ana/disk", ANA, 0o755);
    rustix::mount::mount("none", &disk, "tmpfs", rustix::mount::MountFlags::empty(), None).unwrap();
    let refused = machine.refused("home/ana", "home/ana/disk");
    let mounted = std::fs::create_dir(disk.join("x"));
    rustix::mount::unmount(&disk, rustix::mount::UnmountFlags::DETACH).unwrap();
    mounted.unwrap();
    assert_eq!(
        refused,
        "`/home/ana/disk` is on another file system than `/home/ana`; have the administrator grant it by itself"
    );
}

#[test]
fn a_link_swapped_in_again_and_again_is_never_followed() {
    if !is_root() {
        return;
    }
    let machine = Machine::new();
    machine.directory("home/bob/private", BOB, 0o755);
    let wanted = machine.directory("home/ana/a", ANA, 0o755);
    machine.directory("home/ana/a/b", ANA, 0o755);
    let good = std::fs::metadata(wanted.join("b")).unwrap().ino();
    machine.link("home/ana/evil", "../bob");
    std::fs::create_dir(machine.path("home/bob/b")).unwrap();
    let done = AtomicBool::new(false);
    let (mut opened, mut refused) = (0, 0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let exchange = rustix::fs::RenameFlags::EXCHANGE;
            while !done.load(Ordering::Relaxed) {
                rustix::fs::renameat_with(CWD, &wanted, CWD, machine.path("home/ana/evil"), exchange)
                    .unwrap();
            }
        });
        for _ in 0..3000 {
            match machine.open("home/ana", "home/ana/a/b") {
                Ok(held) => {
                    assert_eq!(held.inode(), good);
                    opened += 1;
                }
                Err(Refusal::Link { .. }) => refused += 1,
                Err(other) => panic!("{other}"),
            }
        }
        done.store(true, Ordering::Relaxed);
    });
    assert!(opened > 50 && refused > 50, "the race was none: {opened} opened, {refused} refused");
}

#[test]
fn one_accounts_stuck_walks_do_not_fill_the_process() {
    let opener = Opener::default();
    let mut turns: Vec<_> = (0..super::MOST).map(|_| opener.turn(5).unwrap()).collect();
    assert!(opener.turn(5).is_none());
    assert!(opener.turn(6).is_some());
    turns.pop();
    assert!(opener.turn(5).is_some());
    drop(turns);
    assert!(super::lock(&opener.running).is_empty());
}
