//! The units in `packaging/`, as systemd reads them. What they do when they run is tried in `systemd.rs`.

use std::fs;
use std::path::Path;
use std::process::Command;

use wharf_testkit::{Error, TestDir, or_skip, output};

/// All units that are installed.
fn units() -> Vec<String> {
    let files =
        fs::read_dir(packaging()).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let units: Vec<String> =
        files.filter(|name| name.ends_with(".service") || name.ends_with(".socket")).collect();
    assert!(units.len() >= 4, "{units:?}");
    units
}

fn packaging() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../packaging"))
}

fn text(unit: &str) -> String {
    fs::read_to_string(packaging().join(unit)).unwrap()
}

/// The units with a program that every machine has; nothing when there is no systemd here.
fn installed() -> Option<TestDir> {
    let found = output(Command::new("systemd-analyze").arg("--version"));
    or_skip(found.map_err(|_| Error::Missing("no `systemd-analyze`".into())))?;
    let directory = TestDir::new().unwrap();
    for unit in units() {
        let mut text = text(&unit).replace("/usr/local/bin/wharf", "/bin/true");
        if systemd_version() < 254 {
            // Not known before, warned of and left out; the unit says so.
            text = text.replace("FileDescriptorStorePreserve=yes\n", "");
        }
        directory.write(&unit, text).unwrap();
    }
    // What they are ordered by, where it is not installed.
    let engine = "[Unit]\nDescription=engine\n[Service]\nExecStart=/bin/true\n";
    directory.write("docker.service", engine).unwrap();
    Some(directory)
}

#[test]
fn systemd_understands_every_line() {
    let Some(directory) = installed() else { return };
    for unit in units() {
        let mut verify = Command::new("systemd-analyze");
        verify.args(["verify", "--man=no", "--recursive-errors=one"]).arg(directory.join(&unit));
        let run = wharf_conformance::Run::of(
            verify.env("SYSTEMD_UNIT_PATH", format!("{}:", directory.path().display())),
            b"",
        );
        assert_eq!((run.status(), run.stderr().trim()), (0, ""), "{unit}: {run}");
    }
}

fn systemd_version() -> u32 {
    let said = wharf_testkit::run(Command::new("systemd-analyze").arg("--version")).unwrap();
    let number = said.split_whitespace().nth(1).and_then(|word| word.parse().ok());
    number.unwrap_or_else(|| panic!("no version in {said}"))
}

#[test]
fn what_is_not_understood_is_noticed() {
    let Some(directory) = installed() else { return };
    directory.write("wharf.service", text("wharf.service").replace("ProtectHome=", "ProtectHomes=")).unwrap();
    let mut verify = Command::new("systemd-analyze");
    verify.args(["verify", "--man=no"]).arg(directory.join("wharf.service"));
    let run = wharf_conformance::Run::of(&mut verify, b"");
    assert!(run.stderr().contains("ProtectHomes"), "{run}");
}

/// Each of these gives a service a mount namespace of its own (systemd.exec(5)): what is mounted there, the engine does
/// not see.
#[test]
fn the_helper_stays_in_the_engines_mount_namespace() {
    let allowed = |key: &str| {
        let named =
            ["MountFlags", "RootDirectory", "RootImage", "DynamicUser", "TemporaryFileSystem", "ExecPaths"];
        let begins =
            ["Private", "Protect", "ReadOnly", "ReadWrite", "Inaccessible", "Bind", "NoExec", "Mount"];
        !named.contains(&key) && !begins.iter().any(|begin| key.starts_with(begin))
    };
    let keys = |unit: &str| -> Vec<String> {
        let text = text(unit);
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        lines.filter_map(|line| line.split_once('=')).map(|(key, _)| key.to_owned()).collect()
    };
    for unit in ["wharf-pins.service", "wharf-secrets.service"] {
        let wrong: Vec<String> = keys(unit).into_iter().filter(|key| !allowed(key)).collect();
        assert_eq!(wrong, [""; 0], "{unit}");
    }
    assert!(keys("wharf.service").iter().any(|key| !allowed(key)), "the list is of use");
}

/// How exposed `systemd-analyze` finds them, out of 100: no more than now.
#[test]
fn units_are_no_more_exposed_than_they_were() {
    let Some(directory) = installed() else { return };
    for (unit, most) in [
        ("wharf-pods.service", 26),
        ("wharf.service", 31),
        ("wharf-pins.service", 51),
        ("wharf-secrets.service", 42),
    ] {
        let mut security = Command::new("systemd-analyze");
        security
            .args(["security", "--offline=true", "--no-pager", &format!("--threshold={most}")])
            .arg(directory.join(unit));
        let run = wharf_conformance::Run::of(&mut security, b"");
        assert_eq!(run.status(), 0, "{unit}: {run}");
    }
}
