//! One control group for each tenant, carrying its grant: what all its containers have together is held by the kernel.
//!
//! Makes, sets and removes groups; puts no process into them, which is the engine's part. Everything is done again and
//! again: whoever else made a group first (an engine that starts a tenant's container before us), it has the grant
//! afterwards. A limit is never forced upon processes that use more already: see [`Held`].

mod directory;
mod error;
mod hierarchies;
mod legacy;
mod slice;
mod unified;

pub use error::{ControlGroupError, Refused};

use directory::Directory;
use hierarchies::Hierarchies;
use slice::Slices;
use std::collections::BTreeSet;
use std::path::Path;

/// How the engine makes its control groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupDriver {
    /// Directories below `/sys/fs/cgroup`, as the engine's driver `cgroupfs` has them.
    Directories,
    /// Slices of systemd's.
    Slices,
}

/// A tenant's control group and what it carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantGroup {
    /// In the words of the engine's driver: `/wharf/alice`, `wharf-alice.slice`.
    pub name: String,
    /// CPU time, in billionths of a CPU.
    pub nano_cpus: u64,
    /// Bytes of memory and swap together. On cgroup v2 there is no such limit, and the tenant has no swap.
    pub memory: u64,
    /// Processes and threads.
    pub pids: u64,
}

/// What became of the groups that were to be held.
#[derive(Debug, Default)]
pub struct Held {
    /// Limits that the kernel would not lower to what is granted now, because more is in use. They stay as they were
    /// until the next time.
    pub refused: Vec<Refused>,
}

/// The tenants' control groups.
#[derive(Debug)]
pub struct ControlGroups {
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Directories { hierarchies: Hierarchies, mark: String },
    Slices(Slices),
}

/// The group above those of the tenants.
const ABOVE: &str = "wharf";

impl ControlGroups {
    /// Where this machine keeps control groups. `keeper` tells this gateway's groups from another's on the same machine:
    /// only those that bear it are ever removed.
    ///
    /// # Errors
    /// When the kernel has no controllers for CPU time, memory and processes where the engine would use them, or there
    /// is no `systemctl`.
    pub fn find(driver: GroupDriver, keeper: &str) -> Result<Self, ControlGroupError> {
        let kind = match driver {
            GroupDriver::Directories => {
                Kind::Directories { hierarchies: Hierarchies::find()?, mark: keeper.to_owned() }
            }
            GroupDriver::Slices => Kind::Slices(Slices::find()?),
        };
        Ok(Self { kind })
    }

    /// Sees to it that every one of these groups is there and carries its grant, and that those of tenants that are gone
    /// go when nothing runs in them. Done twice, it changes nothing more.
    ///
    /// # Errors
    /// When a group cannot be made or set. What the kernel refuses because more is in use is no error.
    pub fn hold(&self, groups: &[TenantGroup]) -> Result<Held, ControlGroupError> {
        match &self.kind {
            Kind::Slices(slices) => slices.hold(groups),
            Kind::Directories { hierarchies, mark } => {
                let mut held = Held::default();
                let mut names = BTreeSet::new();
                for group in groups {
                    let name = below(&group.name)?;
                    held.refused.extend(hierarchies.hold(name, group, mark)?);
                    names.insert(name);
                }
                for above in hierarchies.places().map(|place| place.join(ABOVE)) {
                    remove_others(&above, &names, mark);
                }
                Ok(held)
            }
        }
    }
}

/// The last part of `/wharf/alice`.
fn below(name: &str) -> Result<&str, ControlGroupError> {
    let last = name.strip_prefix('/').and_then(|name| name.strip_prefix(ABOVE)?.strip_prefix('/'));
    last.filter(|last| !last.is_empty() && last.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
        .ok_or_else(|| ControlGroupError::Name(name.to_owned()))
}

/// A group in which something runs is refused by the kernel and stays; the next time it may go.
fn remove_others(above: &Path, names: &BTreeSet<&str>, mark: &str) {
    for entry in std::fs::read_dir(above).into_iter().flatten().flatten() {
        let is_wanted = entry.file_name().to_str().is_some_and(|name| names.contains(name));
        if !is_wanted && Directory::at(entry.path()).bears(mark) {
            let _in_use = std::fs::remove_dir(entry.path());
        }
    }
}

#[cfg(test)]
mod tests;
