//! What root in a container can do in a pin, and what nobody can make a pin of.

use crate::quay::{ANA, BELOW_ANA, BOB, facts, on_each_engine, words};
use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::process::Command;
use wharf_conformance::eventually;
use wharf_pin::Access;
use wharf_testkit::{TestDir, run};

#[test]
fn what_root_in_a_container_makes_is_the_accounts_on_disk() {
    on_each_engine(|quay| {
        let source = quay.pin("home/ana/data", Access::ReadWrite);
        let said = quay.sh(&source, "cp /bin/busybox /d/sh && chmod 6755 /d/sh; stat -c %u:%g /d /d/sh; grep -c ' /d .*nosuid,nodev' /proc/mounts");
        assert_eq!(said, "0:0\n0:0\n1");
        assert_eq!(facts(&quay.path("home/ana/data/sh")), (ANA, ANA, 0o6755));
        // Another user of the container is one of Ana's subordinate ids.
        fs::set_permissions(quay.path("home/ana/data"), std::os::unix::fs::PermissionsExt::from_mode(0o777))
            .unwrap();
        let mut words = words(&source);
        words.extend(["--user".to_owned(), "1000:1000".to_owned()]);
        assert_eq!(quay.sh_with(&words, "echo x > /d/theirs; stat -c %u:%g /d/theirs"), "1000:1000");
        assert_eq!(facts(&quay.path("home/ana/data/theirs")), (BELOW_ANA + 999, BELOW_ANA + 999, 0o644));
        for entry in fs::read_dir(quay.path("home/ana/data")).unwrap() {
            assert_ne!(entry.unwrap().metadata().unwrap().uid(), 0);
        }
    });
}

#[test]
fn root_in_a_container_takes_nothing_that_is_anothers() {
    on_each_engine(|quay| {
        quay.file("home/ana/data/secret", BOB, 0o600);
        quay.file("home/ana/data/roots", 0, 0o644);
        let source = quay.pin("home/ana/data", Access::ReadWrite);
        let attack = |file: &str| {
            format!("chown 0:0 /d/{file}; chmod 666 /d/{file}; echo x >> /d/{file}; cat /d/{file} >/dev/null")
        };
        let denied = "Operation not permitted";
        for file in ["secret", "roots"] {
            let mut tries = vec![words(&source)];
            if quay.berth.is_remapped {
                // Even with all that the engine gives by itself.
                tries.push(vec!["--mount".to_owned(), format!("type=bind,source={source},target=/d")]);
            }
            let before = facts(&quay.path(&format!("home/ana/data/{file}")));
            for words in tries {
                let said = quay.sh_with(&words, &attack(file));
                assert!(said.contains(&format!("chown: /d/{file}: {denied}")), "{said}");
                assert!(said.contains("Permission denied"), "{said}");
                assert_eq!(facts(&quay.path(&format!("home/ana/data/{file}"))), before);
            }
        }
        let said = quay.sh(&source, "cat /d/secret");
        assert_eq!(said, "cat: can't open '/d/secret': Permission denied");
    });
}

#[test]
fn devices_are_not_made_in_a_pin_and_do_not_open_there() {
    on_each_engine(|quay| {
        let source = quay.pin("home/ana/data", Access::ReadWrite);
        let said = quay.sh(&source, "mknod /d/disk b 254 0; mknod /d/zero c 1 5; ls /d");
        assert_eq!(said, "mknod: /d/disk: Operation not permitted\nmknod: /d/zero: Operation not permitted");
        // One that is there, of Ana's on disk, made by the machine's root.
        let node = quay.path("home/ana/data/zero");
        run(Command::new("mknod").args(["-m", "666"]).arg(&node).args(["c", "1", "5"])).unwrap();
        std::os::unix::fs::lchown(&node, Some(ANA), Some(ANA)).unwrap();
        assert_eq!(quay.sh(&source, "head -c 1 /d/zero"), "head: /d/zero: Permission denied");
        if quay.berth.is_remapped {
            let all = vec!["--mount".to_owned(), format!("type=bind,source={source},target=/d")];
            assert_eq!(
                quay.sh_with(&all, "mknod /d/disk b 254 0"),
                "mknod: /d/disk: Operation not permitted"
            );
        }
    });
}

#[test]
fn what_is_pinned_for_reading_is_only_read() {
    on_each_engine(|quay| {
        quay.file("home/ana/data/file", ANA, 0o600);
        let source = quay.pin("home/ana/data", Access::ReadOnly);
        let said = quay.sh(
            &source,
            "cat /d/file; echo x > /d/file; mount -o remount,rw /d; rm /d/file; grep ' /d ' /proc/mounts",
        );
        assert!(said.starts_with("home/ana/data/file"), "{said}");
        assert!(said.contains("can't create /d/file: Read-only file system"), "{said}");
        assert!(said.contains("rm: can't remove '/d/file': Read-only file system"), "{said}");
        // Not by the engine's own `readonly`, with which 20.10 (runc 1.1) takes `nosuid,nodev` away.
        assert!(said.contains("ro,nosuid,nodev,"), "{said}");
    });
}

#[test]
fn a_file_is_pinned_by_itself() {
    on_each_engine(|quay| {
        let file = quay.file("home/ana/data/settings", ANA, 0o600);
        let source = quay.pin("home/ana/data/settings", Access::ReadWrite);
        assert_eq!(
            quay.sh(&source, "cat /d; echo; echo new > /d; ls -ln /d | cut -c1-10"),
            "home/ana/data/settings\n-rw-------"
        );
        assert_eq!(fs::read_to_string(&file).unwrap(), "new\n");
        assert_eq!(facts(&file), (ANA, ANA, 0o600));
    });
}

#[test]
fn what_leads_elsewhere_is_refused() {
    on_each_engine(|quay| {
        let home = quay.path("home/ana");
        symlink("/etc", home.join("etc")).unwrap();
        symlink("../bob", home.join("bob")).unwrap();
        symlink("/proc/self/root", home.join("root")).unwrap();
        quay.directory("home/ana/bobs", BOB, 0o700);
        quay.directory("home/ana/bobs/in", ANA, 0o777);
        quay.directory("home/ana/roots", 0, 0o755);
        run(Command::new("mkfifo").arg(home.join("pipe"))).unwrap();
        for (below, reason) in [
            ("home/ana/etc", "symbolic link"),
            ("home/ana/etc/ssl", "symbolic link"),
            ("home/ana/bob", "symbolic link"),
            ("home/ana/root/etc", "symbolic link"),
            ("home/ana/../bob", "climbs with `..`"),
            ("home/bob", "is outside `/home/ana`"),
            ("", "is outside `/home/ana`"),
            ("home/ana/bobs/in", "has no right to"),
            ("home/ana/roots", "belongs to user 0"),
            ("home/ana/pipe", "is a named pipe"),
            ("home/ana/nothing", "does not exist"),
        ] {
            let refused = quay.refused(below);
            assert!(refused.contains(reason), "{below}: {refused}");
        }
    });
}

/// Ana's own process on the host passes root in her container a descriptor of the host's `/`. No mount prevents that:
/// what makes it worthless is that root in the container is nobody on the host.
#[test]
fn a_descriptor_of_the_hosts_root_is_worth_nothing_where_the_engine_maps_users() {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/programs/descriptor.rs");
    let built = TestDir::new().unwrap();
    let program = built.join("descriptor");
    run(Command::new("rustc")
        .args(["--edition", "2024", "-C", "target-feature=+crt-static", source, "-o"])
        .arg(&program))
    .unwrap();
    on_each_engine(|quay| {
        let data = quay.path("home/ana/data");
        fs::copy(&program, data.join("descriptor")).unwrap();
        let mut giving = Command::new("setpriv");
        giving.args(["--reuid", &ANA.to_string(), "--regid", &ANA.to_string(), "--clear-groups"]);
        giving.arg(data.join("descriptor")).arg("give").arg(data.join("socket"));
        let mut giving = giving.spawn().unwrap();
        eventually("a socket", || data.join("socket").exists().then_some(()));
        let said = quay.sh(&quay.pin("home/ana/data", Access::ReadWrite), "/d/descriptor take /d/socket");
        giving.kill().unwrap();
        giving.wait().unwrap();
        // The other answer is why docs/security/attacks.md says what it says of engines that do not map users.
        let answer =
            if quay.berth.is_remapped { "shadow: Permission denied (os error 13)" } else { "shadow: open" };
        assert_eq!(said, answer);
    });
}
