//! A process that is killed at any step leaves nothing that the next start does not put right, and never an empty directory
//! where an engine looks for a pin.
//!
//! This program runs itself as the process that is killed.

use rustix::fs::{AtFlags, CWD, Gid, StatxAttributes, StatxFlags, Uid, chownat, statx};
use rustix::mount::{UnmountFlags, unmount};
use rustix::process::{Signal, getpid, kill_process};
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use wharf_model::{Generation, TenantId};
use wharf_pin::{Access, Account, Grant, Pins, Record, Request, Step, Subordinate};

const WHERE: &str = "WHARF_TEST_PIN_MACHINE";
const WHAT: &str = "WHARF_TEST_PIN_DEED";
const STEPS: [Step; 7] =
    [Step::Opened, Step::Mounted, Step::Recorded, Step::Placed, Step::Staged, Step::Shown, Step::Hidden];
const ANA: u32 = 31_001;

/// One directory with all a machine has.
struct Machine(PathBuf);

impl Machine {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("pin-killed-{name}-{}", std::process::id()));
        for below in ["", "state", "home", "home/ana", "home/ana/data"] {
            fs::create_dir(path.join(below)).unwrap();
        }
        fs::set_permissions(path.join("state"), fs::Permissions::from_mode(0o700)).unwrap();
        for below in ["home/ana", "home/ana/data"] {
            let (uid, gid) = (Uid::from_raw(ANA), Gid::from_raw(ANA));
            chownat(CWD, path.join(below), Some(uid), Some(gid), AtFlags::empty()).unwrap();
        }
        fs::write(path.join("home/ana/data/hers"), "x").unwrap();
        Self(path)
    }

    fn start(&self) -> Pins {
        Pins::start(&self.0.join("state"), &self.0.join("pins")).unwrap()
    }

    fn asked(&self) -> (Account, Request) {
        let home = self.0.join("home/ana");
        let account = Account::new("ana", (ANA, ANA), vec![], &home, Subordinate::default()).unwrap();
        let grant = Grant::new(&home, Access::ReadWrite).unwrap();
        (account, grant.ask(&home.join("data"), Access::ReadWrite).unwrap())
    }

    fn pin(&self, pins: &Pins) -> wharf_pin::Pin {
        let (account, request) = self.asked();
        let owner = TenantId { name: "alice".parse().unwrap(), generation: Generation(1) };
        pins.pin(&owner, &account, &request, None).unwrap()
    }

    fn judge(&self) -> impl FnMut(&Record) -> Result<(Account, Request), String> {
        |_| Ok(self.asked())
    }

    /// Runs a deed in a process that is killed at this step; says whether it came so far.
    fn killed_at(&self, step: Step, deed: &str) -> bool {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "the_process_that_is_killed", "--nocapture"]);
        let status = child.env(WHERE, &self.0).env(WHAT, format!("{deed} {step:?}")).output().unwrap().status;
        assert!(status.success() || status.signal() == Some(9), "{deed} {step:?}: {status}");
        !status.success()
    }

    /// What an engine would find at each name that can be a pin's: the mount, or nothing.
    fn shows_no_empty_directory(&self) {
        for entry in fs::read_dir(self.0.join("pins")).into_iter().flatten() {
            let entry = entry.unwrap();
            if !entry.file_name().to_string_lossy().starts_with('.') {
                let data = entry.path().join("data");
                let facts = statx(CWD, &data, AtFlags::empty(), StatxFlags::TYPE).unwrap();
                assert!(facts.stx_attributes.contains(StatxAttributes::MOUNT_ROOT), "{}", data.display());
                assert!(data.join("hers").exists());
            }
        }
    }

    /// The mounts below the place of pins.
    fn mounts(&self) -> usize {
        let place = format!(" {}/", self.0.join("pins").display());
        fs::read_to_string("/proc/self/mountinfo")
            .unwrap()
            .lines()
            .filter(|line| line.contains(&place))
            .count()
    }

    fn is_clean(&self, pins: &Pins) {
        pins.release_all_but(&BTreeSet::new()).unwrap();
        assert_eq!(fs::read_dir(self.0.join("pins")).unwrap().count(), 0);
        assert_eq!(fs::read_dir(self.0.join("state/pins")).unwrap().count(), 0);
        assert_eq!(self.mounts(), 0);
        assert!(self.0.join("home/ana/data/hers").exists(), "what is hers is hers");
    }

    fn unmount_all(&self) {
        while unmount(self.0.join("pins"), UnmountFlags::DETACH).is_ok() {}
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.unmount_all();
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn is_root() -> bool {
    let root = rustix::process::geteuid().is_root();
    if !root {
        eprintln!("skipped: needs root");
    }
    root
}

/// Not a test by itself: does nothing unless it is told to.
#[test]
fn the_process_that_is_killed() {
    let (Ok(path), Ok(deed)) = (std::env::var(WHERE), std::env::var(WHAT)) else { return };
    let machine = std::mem::ManuallyDrop::new(Machine(PathBuf::from(path)));
    let (deed, step) = deed.split_once(' ').unwrap();
    let step = *STEPS.iter().find(|known| format!("{known:?}") == step).unwrap();
    let pins = machine.start().at_each_step(move |here| {
        if here == step {
            let _ = kill_process(getpid(), Signal::KILL);
        }
    });
    match deed {
        "pin" => drop(machine.pin(&pins)),
        "reopen" => drop(pins.reopen_all(machine.judge()).unwrap()),
        _ => drop(pins.release_all_but(&BTreeSet::new()).unwrap()),
    }
}

#[test]
fn killed_while_a_pin_is_made_the_next_start_has_all_of_it_or_nothing() {
    if !is_root() {
        return;
    }
    for step in &STEPS[..6] {
        let machine = Machine::new(&format!("pin-{step:?}"));
        assert!(machine.killed_at(*step, "pin"), "{step:?} is a step of it");
        machine.shows_no_empty_directory();
        let pins = machine.start();
        machine.shows_no_empty_directory();
        let swept = pins.reopen_all(machine.judge()).unwrap();
        let is_remembered = !matches!(step, Step::Opened | Step::Mounted);
        assert_eq!((swept.there.len(), swept.absent.len()), (usize::from(is_remembered), 0), "{step:?}");
        assert_eq!(machine.mounts(), swept.there.len());
        machine.is_clean(&pins);
    }
}

#[test]
fn killed_at_boot_the_next_start_opens_all_again() {
    if !is_root() {
        return;
    }
    for step in [Step::Opened, Step::Mounted, Step::Placed, Step::Staged, Step::Shown] {
        let machine = Machine::new(&format!("boot-{step:?}"));
        let pins = machine.start();
        let made = [(); 3].map(|()| machine.pin(&pins));
        drop(pins);
        machine.unmount_all();
        // More often than there are pins.
        let kills = (0..5).filter(|_| machine.killed_at(step, "reopen")).count();
        assert!(kills >= 3, "{step:?}: {kills}");
        machine.shows_no_empty_directory();
        let pins = machine.start();
        assert_eq!(pins.reopen_all(machine.judge()).unwrap().there.len(), 3, "{step:?}");
        assert_eq!(machine.mounts(), 3);
        assert!(made.iter().all(|pin| pin.source.join("hers").exists()));
        machine.is_clean(&pins);
    }
}

#[test]
fn killed_while_one_is_released_the_next_release_ends_it() {
    if !is_root() {
        return;
    }
    let machine = Machine::new("release");
    let pins = machine.start();
    machine.pin(&pins);
    drop(pins);
    assert!(machine.killed_at(Step::Hidden, "release"));
    machine.shows_no_empty_directory();
    let pins = machine.start();
    assert_eq!(pins.ids().unwrap().len(), 1);
    machine.is_clean(&pins);
}

#[test]
fn what_hangs_half_made_in_the_place_is_removed_and_a_mount_without_a_record_is_hidden() {
    if !is_root() {
        return;
    }
    let machine = Machine::new("sweep");
    let pins = machine.start();
    let pin = machine.pin(&pins);
    drop(pins);
    fs::remove_file(machine.0.join(format!("state/pins/{}.json", pin.record.id))).unwrap();
    fs::create_dir_all(machine.0.join(format!("pins/{}/data", "e".repeat(32)))).unwrap();
    fs::create_dir_all(machine.0.join("pins/.half-x/data")).unwrap();
    let pins = machine.start();
    assert_eq!(fs::read_dir(machine.0.join("pins")).unwrap().count(), 0);
    assert!(!Path::new(&pin.source).exists());
    machine.is_clean(&pins);
}
