//! What pins show and keep, on the real kernel: root of these tests is what root in a container without user namespaces is.

use super::*;
use crate::Grant;
use crate::testing::{ANA, BOB, Machine, TEAM, give, is_root, mode};
use rustix::fs::{
    AtFlags, CWD, FileType, Gid, Mode, OFlags, RenameFlags, StatVfsMountFlags, Uid, XattrFlags,
};
use rustix::fs::{chownat, mknodat, openat, renameat_with, setxattr, statvfs};
use rustix::mount::{
    MountFlags, MountPropagationFlags, UnmountFlags, mount, mount_bind, mount_change, unmount,
};
use rustix::thread::{CapabilitySet, capabilities, set_capabilities};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::sync::atomic::{AtomicBool, Ordering};

mod boundary;
mod lasting;

/// A machine whose pins are at `pins`, with their records in `state`.
struct Harbour(Machine);

impl Harbour {
    fn new() -> Self {
        let machine = Machine::new();
        machine.directory("state", 0, 0o700);
        machine.directory("home/ana/data", ANA, 0o755);
        Self(machine)
    }

    fn start(&self) -> Pins {
        Pins::start(&self.0.path("state"), &self.0.path("pins")).unwrap()
    }

    fn request(&self, below: &str, access: Access) -> Request {
        Grant::new(&self.0.path("home/ana"), Access::ReadWrite)
            .unwrap()
            .ask(&self.0.path(below), access)
            .unwrap()
    }

    fn pin_as(&self, pins: &Pins, below: &str, access: Access) -> Result<Pin, PinError> {
        let owner = TenantId { name: "alice".parse().unwrap(), generation: wharf_model::Generation(1) };
        pins.pin(&owner, &self.0.ana(), &self.request(below, access), None)
    }

    fn pin(&self, pins: &Pins, below: &str) -> Pin {
        self.pin_as(pins, below, Access::ReadWrite).unwrap()
    }

    /// The machine boots: no process, no mount, only the disk.
    fn boot(&self, pins: Pins) -> Pins {
        drop(pins);
        self.unmount_all();
        self.start()
    }

    fn unmount_all(&self) {
        while unmount(self.0.path("pins"), UnmountFlags::DETACH).is_ok() {}
    }

    /// All is granted as it was.
    fn reopen(&self, pins: &Pins) -> Swept {
        pins.reopen_all(|record| Ok((self.0.ana(), Self::asked(record)))).unwrap()
    }

    fn asked(record: &Record) -> Request {
        Grant::new(&record.granted, Access::ReadWrite).unwrap().ask(&record.path, record.access).unwrap()
    }

    fn reasons(&self, swept: &Swept) -> Vec<String> {
        let base = self.0.0.path().display().to_string();
        swept.absent.iter().map(|absent| absent.reason.replace(&base, "")).collect()
    }
}

impl Drop for Harbour {
    fn drop(&mut self) {
        self.unmount_all();
    }
}

fn owner(path: &Path) -> (u32, u32) {
    let facts = fs::symlink_metadata(path).unwrap();
    (facts.uid(), facts.gid())
}

fn chown(path: &Path, uid: u32, gid: u32) -> Result<(), Errno> {
    chownat(CWD, path, Some(Uid::from_raw(uid)), Some(Gid::from_raw(gid)), AtFlags::empty())
}

/// Does something as root that lacks one capability.
fn without<T: Send>(capability: CapabilitySet, deed: impl FnOnce() -> T + Send) -> T {
    let less = || {
        let mut sets = capabilities(None).unwrap();
        sets.effective.remove(capability);
        set_capabilities(None, sets).unwrap();
        deed()
    };
    std::thread::scope(|scope| scope.spawn(less).join().unwrap())
}
