//! Pins over boots, releases and failures.

use super::*;

#[test]
fn after_a_boot_a_pin_is_absent_until_it_is_opened_again() {
    if !is_root() {
        return;
    }
    let harbour = Harbour::new();
    let pins = harbour.start();
    let pin = harbour.pin(&pins, "home/ana/data");
    fs::write(pin.source.join("kept"), "x").unwrap();
    let pins = harbour.boot(pins);
    assert!(!pin.source.exists() && !pins.is_there(&pin.record.id).unwrap());
    let swept = harbour.reopen(&pins);
    assert_eq!((swept.there, swept.absent.len()), (vec![pin.clone()], 0));
    assert_eq!(fs::read(pin.source.join("kept")).unwrap(), b"x");
    // Without a boot, what is mounted stays mounted, the very same.
    let held = fs::File::open(&pin.source).unwrap();
    drop(pins);
    let pins = harbour.start();
    assert_eq!(harbour.reopen(&pins).there, std::slice::from_ref(&pin));
    assert_eq!(held.metadata().unwrap().ino(), fs::metadata(&pin.source).unwrap().ino());
}

#[test]
fn a_pin_that_cannot_be_opened_again_stays_absent_and_is_told_of() {
    if !is_root() {
        return;
    }
    let harbour = Harbour::new();
    let pins = harbour.start();
    for name in ["gone", "linked", "closed", "given", "revoked", "again"] {
        harbour.0.directory(&format!("home/ana/{name}"), ANA, 0o755);
        harbour.0.directory(&format!("home/ana/{name}/in"), ANA, 0o755);
        harbour.pin(&pins, &format!("home/ana/{name}/in"));
    }
    let at = |name: &str| harbour.0.path("home/ana").join(name);
    fs::remove_dir_all(at("gone")).unwrap();
    fs::rename(at("linked"), at("moved")).unwrap();
    harbour.0.link("home/ana/linked", "moved");
    give(&at("closed"), BOB);
    mode(&at("closed"), 0o700);
    give(&at("given/in"), BOB);
    // Made anew: another directory, and hers.
    fs::remove_dir(at("again/in")).unwrap();
    harbour.0.directory("home/ana/again/in", ANA, 0o755);
    let pins = harbour.boot(pins);
    let swept = pins
        .reopen_all(|record| {
            if record.path.ends_with("revoked/in") {
                return Err("`/x` is granted no more".to_owned());
            }
            Ok((harbour.0.ana(), Harbour::asked(record)))
        })
        .unwrap();
    let there: Vec<_> = swept.there.iter().map(|pin| pin.record.path.clone()).collect();
    assert_eq!(there, [at("again/in")]);
    assert_eq!(swept.there[0].record.inode, fs::metadata(at("again/in")).unwrap().ino());
    let mut reasons = harbour.reasons(&swept);
    reasons.sort();
    assert_eq!(
        reasons,
        [
            "`/home/ana/given/in` belongs to user 31002, not to account `ana`; give it to the account, or use a named volume",
            "`/home/ana/gone/in` does not exist; make it first",
            "`/home/ana/linked/in` is, or goes through, a symbolic link; write the path that it leads to",
            "`/x` is granted no more",
            "account `ana` has no right to `/home/ana/closed/in`; bind what it can read, or use a named volume",
        ]
    );
    // Nothing is there that an engine could take for the source, and all is remembered.
    for absent in &swept.absent {
        assert!(!harbour.0.path("pins").join(absent.id.as_str()).exists());
    }
    assert_eq!(pins.ids().unwrap().len(), 6);
    // A grant that is taken back while the machine runs takes the pin away.
    let swept = pins.reopen_all(|_| Err("no".to_owned())).unwrap();
    assert_eq!((swept.there.len(), swept.absent.len()), (0, 6));
    assert_eq!(fs::read_dir(harbour.0.path("pins")).unwrap().count(), 0);
}

#[test]
fn another_account_of_the_same_name_gets_nothing() {
    if !is_root() {
        return;
    }
    let harbour = Harbour::new();
    let pins = harbour.start();
    harbour.pin(&pins, "home/ana/data");
    let pins = harbour.boot(pins);
    let other =
        Account::new("ana", (BOB, BOB), vec![], harbour.0.path("home/ana"), crate::Subordinate::default())
            .unwrap();
    let swept = pins.reopen_all(|record| Ok((other.clone(), Harbour::asked(record)))).unwrap();
    assert_eq!(
        harbour.reasons(&swept),
        ["account `ana` is another than when it was made; make the container again"]
    );
}

#[test]
fn records_that_are_broken_or_of_another_are_told_of_and_harm_none() {
    if !is_root() {
        return;
    }
    let harbour = Harbour::new();
    let pins = harbour.start();
    let good = harbour.pin(&pins, "home/ana/data");
    let records = harbour.0.path("state/pins");
    let text = fs::read_to_string(records.join(format!("{}.json", good.record.id))).unwrap();
    fs::write(records.join(format!("{}.json", "a".repeat(32))), &text).unwrap();
    fs::write(records.join(format!("{}.json", "b".repeat(32))), &text[..40]).unwrap();
    fs::write(records.join(format!(".half-{}", "c".repeat(32))), &text[..40]).unwrap();
    fs::write(records.join("note.txt"), "the administrator's").unwrap();
    std::os::unix::fs::symlink("/etc/passwd", records.join(format!("{}.json", "d".repeat(32)))).unwrap();
    let pins = harbour.boot(pins);
    let swept = harbour.reopen(&pins);
    assert_eq!(swept.there, [good]);
    assert_eq!(swept.absent.len(), 3);
    assert!(
        swept.absent.iter().all(|absent| absent.reason.starts_with("its record cannot be read: ")),
        "{swept:?}"
    );
    assert!(!records.join(format!(".half-{}", "c".repeat(32))).exists());
    assert!(records.join("note.txt").exists());
    assert_eq!(fs::metadata(&records).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn what_lives_stays_and_the_rest_is_released() {
    if !is_root() {
        return;
    }
    let harbour = Harbour::new();
    let pins = harbour.start();
    let [live, dead] = [(); 2].map(|()| harbour.pin(&pins, "home/ana/data"));
    let inside = openat(CWD, &dead.source, OFlags::PATH, Mode::empty()).unwrap();
    let swept = pins.release_all_but(&BTreeSet::from([live.record.id.clone()])).unwrap();
    assert_eq!(swept.released, std::slice::from_ref(&dead.record.id));
    assert!(live.source.exists() && !dead.source.exists());
    assert_eq!(pins.ids().unwrap(), [live.record.id]);
    // Who has it, keeps it.
    mknodat(&inside, "late", FileType::RegularFile, Mode::RUSR, 0).unwrap();
    assert_eq!(owner(&harbour.0.path("home/ana/data/late")), (ANA, ANA));
    pins.release(&dead.record.id).unwrap();
}

#[test]
fn many_pins_at_once_are_each_their_own() {
    if !is_root() {
        return;
    }
    let harbour = Harbour::new();
    let pins = harbour.start();
    for number in 0..8 {
        harbour.0.directory(&format!("home/ana/d{number}"), ANA, 0o755);
        harbour.0.file(&format!("home/ana/d{number}/{number}"), ANA, 0o644);
    }
    let made: Vec<Pin> = std::thread::scope(|scope| {
        let make = |number: usize| {
            let (harbour, pins) = (&harbour, &pins);
            scope.spawn(move || -> Vec<Pin> {
                (0..12).map(|_| harbour.pin(pins, &format!("home/ana/d{number}"))).collect()
            })
        };
        let threads: Vec<_> = (0..8).map(make).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(made.len(), 96);
    for pin in &made {
        let number = pin.record.path.display().to_string().pop().unwrap();
        assert!(pin.source.join(number.to_string()).exists());
    }
    assert_eq!(pins.release_all_but(&BTreeSet::new()).unwrap().released.len(), 96);
    assert_eq!(fs::read_dir(harbour.0.path("pins")).unwrap().count(), 0);
}

#[test]
fn one_process_has_the_pins_and_the_place_is_roots_alone() {
    if !is_root() {
        return;
    }
    let harbour = Harbour::new();
    let pins = harbour.start();
    let second = Pins::start(&harbour.0.path("state"), &harbour.0.path("pins"));
    assert!(matches!(second, Err(PinError::Records { .. })), "{second:?}");
    assert_eq!(fs::metadata(harbour.0.path("pins")).unwrap().permissions().mode() & 0o7777, 0o700);
    drop(pins);
    mode(&harbour.0.path("state/pins"), 0o755);
    assert!(Pins::start(&harbour.0.path("state"), &harbour.0.path("pins")).is_err());
}

#[test]
fn a_disk_that_somebody_mounted_in_the_place_is_not_used() {
    if !is_root() {
        return;
    }
    let harbour = Harbour::new();
    let place = harbour.0.directory("pins", 0, 0o700);
    mount_bind(&place, &place).unwrap();
    let started = Pins::start(&harbour.0.path("state"), &place);
    assert!(matches!(started, Err(PinError::Place { .. })), "{started:?}");
}

#[test]
fn a_full_disk_leaves_nothing_half_made() {
    if !is_root() {
        return;
    }
    let harbour = Harbour::new();
    let state = harbour.0.path("state");
    mount("none", &state, "tmpfs", MountFlags::empty(), Some(c"size=4k,mode=0700")).unwrap();
    let pins = harbour.start();
    let made = harbour.pin(&pins, "home/ana/data");
    let full = harbour.pin_as(&pins, "home/ana/data", Access::ReadWrite);
    let (ids, files) = (pins.ids(), fs::read_dir(state.join("pins")).unwrap().count());
    drop(pins);
    unmount(&state, UnmountFlags::DETACH).unwrap();
    assert!(matches!(full, Err(PinError::Records { .. })), "{full:?}");
    assert_eq!((ids.unwrap(), files), (vec![made.record.id], 1));
    assert_eq!(fs::read_dir(harbour.0.path("pins")).unwrap().count(), 1);
}
