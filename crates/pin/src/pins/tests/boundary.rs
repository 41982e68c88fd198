//! What root can do in a pin, and what a pin shows whatever becomes of its path.

use super::*;

#[test]
fn what_root_makes_in_a_pin_is_the_accounts_on_disk() {
    if !is_root() {
        return;
    }
    let harbour = Harbour::new();
    let pins = harbour.start();
    let source = harbour.pin(&pins, "home/ana/data").source;
    let disk = harbour.0.path("home/ana/data");
    assert_eq!((owner(&source), owner(&disk)), ((0, 0), (ANA, ANA)));
    fs::write(source.join("program"), "#!/bin/sh\n").unwrap();
    mode(&source.join("program"), 0o6755);
    assert_eq!(owner(&disk.join("program")), (ANA, ANA));
    assert_eq!(fs::metadata(disk.join("program")).unwrap().permissions().mode() & 0o7777, 0o6755);
    let flags = statvfs(&source).unwrap().f_flag;
    assert!(flags.contains(StatVfsMountFlags::NOSUID | StatVfsMountFlags::NODEV));
    // Its other ids are the subordinate ones; there is no number by which it reaches anybody else's.
    for (seen, on_disk) in [(1, 400_000), (ANA, 400_000 + ANA - 1), (65_535, 465_534), (0, ANA)] {
        chown(&source.join("program"), seen, seen).unwrap();
        assert_eq!(owner(&disk.join("program")), (on_disk, on_disk));
    }
    for nobodys in [65_536, 70_000, 400_000, u32::MAX - 1] {
        assert_eq!(chown(&source.join("program"), nobodys, 0), Err(Errno::OVERFLOW), "{nobodys}");
    }
    assert_eq!(owner(&disk.join("program")), (ANA, ANA));
}

#[test]
fn what_is_anothers_in_a_pin_is_read_as_by_others_and_never_written() {
    if !is_root() {
        return;
    }
    let harbour = Harbour::new();
    let pins = harbour.start();
    harbour.0.file("home/ana/data/roots", 0, 0o666);
    harbour.0.file("home/ana/data/secret", BOB, 0o600);
    harbour.0.directory("home/ana/data/closed", BOB, 0o700);
    harbour.0.file("home/bob/linked", BOB, 0o666);
    fs::hard_link(harbour.0.path("home/bob/linked"), harbour.0.path("home/ana/data/linked")).unwrap();
    let source = harbour.pin(&pins, "home/ana/data").source;
    for name in ["roots", "linked"] {
        let path = source.join(name);
        assert_eq!(owner(&path), (65_534, 65_534), "{name}");
        fs::read(&path).unwrap();
        assert_eq!(fs::write(&path, "x").unwrap_err().kind(), io::ErrorKind::PermissionDenied, "{name}");
        assert!(fs::set_permissions(&path, fs::Permissions::from_mode(0o4777)).is_err(), "{name}");
        assert_eq!(without(CapabilitySet::CHOWN, || chown(&path, 0, 0)), Err(Errno::PERM), "{name}");
    }
    assert_eq!(fs::read(source.join("secret")).unwrap_err().kind(), io::ErrorKind::PermissionDenied);
    assert_eq!(fs::read_dir(source.join("closed")).unwrap_err().kind(), io::ErrorKind::PermissionDenied);
}

#[test]
fn root_that_keeps_chown_takes_what_is_anothers_so_containers_with_pins_must_not_keep_it() {
    if !is_root() {
        return;
    }
    let harbour = Harbour::new();
    let pins = harbour.start();
    let secret = harbour.0.file("home/ana/data/secret", BOB, 0o600);
    let pin = harbour.pin(&pins, "home/ana/data");
    let seen = pin.source.join("secret");
    assert_eq!(pin.forbidden_capabilities(), ["CHOWN", "MKNOD"]);
    let mut mapped = pin.clone();
    mapped.record.container_root = Some((100_000, 100_000));
    assert_eq!(mapped.forbidden_capabilities(), [""; 0]);
    mapped.record.container_root = Some((0, 0));
    assert_eq!(mapped.forbidden_capabilities(), ["CHOWN", "MKNOD"]);
    assert_eq!(without(CapabilitySet::CHOWN, || chown(&seen, 0, 0)), Err(Errno::PERM));
    assert_eq!(owner(&secret), (BOB, BOB));
    // The kernel (seen on 6.18) lets a file that nobody in the map owns be given to somebody who is in it, by whoever has
    // CAP_CHOWN on the whole host: root in a container of an engine without userns-remap.
    chown(&seen, 0, 0).unwrap();
    assert_eq!(owner(&secret), (ANA, ANA));
}

#[test]
fn what_the_account_shares_with_a_second_group_stays_writable() {
    if !is_root() {
        return;
    }
    let harbour = Harbour::new();
    let pins = harbour.start();
    let shared = harbour.0.directory("home/ana/data/shared", ANA, 0o770);
    chown(&shared, ANA, TEAM).unwrap();
    mode(&shared, 0o2770);
    let source = harbour.pin(&pins, "home/ana/data").source;
    fs::write(source.join("shared/file"), "x").unwrap();
    assert_eq!(owner(&shared.join("file")), (ANA, TEAM));
    assert_eq!(owner(&source.join("shared/file")), (0, 65_537));
}

#[test]
fn devices_do_not_open_in_a_pin_and_capabilities_of_files_mean_nothing_on_the_host() {
    if !is_root() {
        return;
    }
    let harbour = Harbour::new();
    let pins = harbour.start();
    let source = harbour.pin(&pins, "home/ana/data").source;
    let make = |name: &str| {
        let zero = rustix::fs::makedev(1, 5);
        mknodat(CWD, source.join(name), FileType::CharacterDevice, Mode::from_raw_mode(0o666), zero)
    };
    assert_eq!(without(CapabilitySet::MKNOD, || make("none")), Err(Errno::PERM));
    // With it, the device file is there on disk, and hers: no flag of a mount prevents that.
    make("zero").unwrap();
    assert_eq!(owner(&harbour.0.path("home/ana/data/zero")), (ANA, ANA));
    assert_eq!(fs::read(source.join("zero")).unwrap_err().kind(), io::ErrorKind::PermissionDenied);
    // cap_sys_admin=ep, version 2: good on the whole host, were it written as it is.
    let capability = [1, 0, 0, 2, 0, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    fs::write(source.join("program"), "").unwrap();
    setxattr(source.join("program"), "security.capability", &capability, XattrFlags::empty()).unwrap();
    let mut on_disk = [0_u8; 64];
    let disk = harbour.0.path("home/ana/data/program");
    let length = rustix::fs::getxattr(&disk, "security.capability", &mut on_disk[..]).unwrap();
    // Version 3, with the user for whose namespaces alone it is good.
    assert_eq!((length, on_disk[3]), (24, 3));
    assert_eq!(u32::from_le_bytes(on_disk[20..24].try_into().unwrap()), ANA);
}

#[test]
fn a_pin_for_reading_is_not_written_and_a_file_can_be_pinned() {
    if !is_root() {
        return;
    }
    let harbour = Harbour::new();
    let pins = harbour.start();
    harbour.0.file("home/ana/data/file", ANA, 0o600);
    let read = harbour.pin_as(&pins, "home/ana/data", Access::ReadOnly).unwrap().source;
    assert_eq!(fs::write(read.join("file"), "x").unwrap_err().kind(), io::ErrorKind::ReadOnlyFilesystem);
    let file = harbour.pin(&pins, "home/ana/data/file").source;
    fs::write(&file, "new").unwrap();
    assert_eq!(fs::read(harbour.0.path("home/ana/data/file")).unwrap(), b"new");
    assert_eq!(owner(&harbour.0.path("home/ana/data/file")), (ANA, ANA));
    pins.release(&file.parent().unwrap().file_name().unwrap().to_str().unwrap().parse().unwrap()).unwrap();
    assert!(!file.exists());
}

#[test]
fn a_link_put_in_its_path_later_changes_nothing() {
    if !is_root() {
        return;
    }
    let harbour = Harbour::new();
    harbour.0.link("home/ana/evil", "/etc");
    harbour.0.file("home/ana/data/mine", ANA, 0o644);
    let (data, evil) = (harbour.0.path("home/ana/data"), harbour.0.path("home/ana/evil"));
    let done = AtomicBool::new(false);
    let pins = harbour.start();
    let mut made = 0;
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                renameat_with(CWD, &data, CWD, &evil, RenameFlags::EXCHANGE).unwrap();
            }
        });
        for _ in 0..20_000 {
            if made == 50 {
                break;
            }
            match harbour.pin_as(&pins, "home/ana/data", Access::ReadWrite) {
                Ok(pin) => {
                    made += 1;
                    for _ in 0..20 {
                        assert!(pin.source.join("mine").exists());
                        assert!(!pin.source.join("passwd").exists());
                    }
                    pins.release(&pin.record.id).unwrap();
                }
                Err(PinError::Refused(Refusal::Link { .. })) => {}
                Err(other) => panic!("{other}"),
            }
        }
        done.store(true, Ordering::Relaxed);
    });
    assert_eq!(made, 50);
    assert_eq!(pins.ids().unwrap(), []);
}

#[test]
fn a_directory_moved_out_of_a_pin_leads_nowhere() {
    if !is_root() {
        return;
    }
    let harbour = Harbour::new();
    let pins = harbour.start();
    harbour.0.directory("home/ana/data/sub", ANA, 0o755);
    let source = harbour.pin(&pins, "home/ana/data").source;
    let place = OFlags::PATH | OFlags::DIRECTORY;
    let inside = openat(CWD, source.join("sub"), place, Mode::empty()).unwrap();
    openat(&inside, "..", place, Mode::empty()).unwrap();
    fs::rename(harbour.0.path("home/ana/data/sub"), harbour.0.path("home/ana/out")).unwrap();
    assert_eq!(openat(&inside, "..", place, Mode::empty()).unwrap_err(), Errno::NOENT);
    // And the pin itself stays what it was, wherever it is moved to.
    fs::rename(harbour.0.path("home/ana/data"), harbour.0.path("home/bob/data")).unwrap();
    fs::write(source.join("file"), "x").unwrap();
    assert_eq!(owner(&harbour.0.path("home/bob/data/file")), (ANA, ANA));
}

#[test]
fn what_is_mounted_below_is_not_in_a_pin_before_or_after() {
    if !is_root() {
        return;
    }
    let harbour = Harbour::new();
    let home = harbour.0.path("home/ana");
    for name in ["before", "after"] {
        harbour.0.directory(&format!("home/ana/data/{name}"), ANA, 0o755);
    }
    // As systemd has it: every mount shared.
    mount_bind(&home, &home).unwrap();
    mount_change(&home, MountPropagationFlags::SHARED).unwrap();
    let above = harbour.0.0.path().to_owned();
    mount_bind(&above, &above).unwrap();
    mount_change(&above, MountPropagationFlags::SHARED).unwrap();
    let tried = std::panic::catch_unwind(|| {
        let memory = |name: &str| {
            let at = harbour.0.path("home/ana/data").join(name);
            mount("none", &at, "tmpfs", MountFlags::empty(), None).unwrap();
            fs::write(at.join("roots"), "").unwrap();
        };
        mount_bind(&home, &home).unwrap();
        mount_change(&home, MountPropagationFlags::SHARED).unwrap();
        let pins = harbour.start();
        memory("before");
        let source = harbour.pin(&pins, "home/ana/data").source;
        memory("after");
        for name in ["before", "after"] {
            assert!(harbour.0.path("home/ana/data").join(name).join("roots").exists());
            assert_eq!(fs::read_dir(source.join(name)).unwrap().count(), 0, "{name}");
        }
    });
    harbour.unmount_all();
    while unmount(&above, UnmountFlags::DETACH).is_ok() {}
    while unmount(&home, UnmountFlags::DETACH).is_ok() {}
    tried.unwrap();
}

#[test]
fn a_file_system_without_id_maps_is_refused_with_the_reason() {
    if !is_root() {
        return;
    }
    let harbour = Harbour::new();
    let pins = harbour.start();
    for name in ["srv", "srv/lower", "srv/upper", "srv/work", "srv/merged"] {
        harbour.0.directory(name, 0, 0o755);
    }
    let at = |name: &str| harbour.0.path("srv").join(name).display().to_string();
    let options = format!("lowerdir={},upperdir={},workdir={}", at("lower"), at("upper"), at("work"));
    let merged = harbour.0.path("srv/merged");
    let options = std::ffi::CString::new(options).unwrap();
    mount("overlay", &merged, "overlay", MountFlags::empty(), options.as_c_str()).unwrap();
    let request = Grant::new(&merged, Access::ReadWrite).unwrap().ask(&merged, Access::ReadWrite).unwrap();
    let owner = TenantId { name: "alice".parse().unwrap(), generation: wharf_model::Generation(1) };
    let refused = pins.pin(&owner, &harbour.0.ana(), &request, None);
    unmount(&merged, UnmountFlags::DETACH).unwrap();
    let text = refused.unwrap_err().to_string();
    assert!(text.starts_with("the kernel cannot map ids on the file system of"), "{text}");
    assert!(text.ends_with("use a named volume"), "{text}");
    assert_eq!(pins.ids().unwrap(), []);
}
