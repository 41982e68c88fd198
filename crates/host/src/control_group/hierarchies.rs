//! Where the kernel's control groups are: one hierarchy for all controllers (cgroup v2), or one for each (v1). Which of
//! the two an engine uses is decided as runc does: v2 where `/sys/fs/cgroup` itself is one.

use super::directory::Directory;
use super::{ControlGroupError, Refused, TenantGroup, legacy, unified};
use std::fs;
use std::path::{Path, PathBuf};

/// Mount points of the controllers that a grant needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Hierarchies {
    Unified(PathBuf),
    Legacy { cpu: PathBuf, memory: PathBuf, pids: PathBuf },
}

const UNIFIED: &str = "/sys/fs/cgroup";

impl Hierarchies {
    pub(super) fn find() -> Result<Self, ControlGroupError> {
        let path = "/proc/self/mounts";
        let mounts = fs::read_to_string(path).map_err(|source| ControlGroupError::Failed {
            action: "read",
            path: path.into(),
            source,
        })?;
        Self::of(&mounts)
    }

    /// From the text of `/proc/self/mounts`.
    pub(super) fn of(mounts: &str) -> Result<Self, ControlGroupError> {
        let mounts: Vec<[&str; 3]> = mounts
            .lines()
            .filter_map(|line| {
                let mut fields = line.split(' ').skip(1);
                Some([fields.next()?, fields.next()?, fields.next()?])
            })
            .collect();
        // What is mounted last covers what was before.
        let covers =
            |place: &str| mounts.iter().rev().find(|[at, ..]| *at == place).map(|[_, kind, _]| *kind);
        if covers(UNIFIED) == Some("cgroup2") {
            return Ok(Self::Unified(UNIFIED.into()));
        }
        let place = |controller: &'static str| {
            let has = |options: &str| options.split(',').any(|option| option == controller);
            let found = mounts.iter().find(|[_, kind, options]| *kind == "cgroup" && has(options));
            found.map(|[at, ..]| PathBuf::from(at)).ok_or(ControlGroupError::NoController { controller })
        };
        Ok(Self::Legacy { cpu: place("cpu")?, memory: place("memory")?, pids: place("pids")? })
    }

    /// Every root in which tenants have groups.
    pub(super) fn places(&self) -> impl Iterator<Item = &Path> {
        match self {
            Self::Unified(root) => vec![root.as_path()],
            Self::Legacy { cpu, memory, pids } => vec![cpu.as_path(), memory.as_path(), pids.as_path()],
        }
        .into_iter()
    }

    pub(super) fn hold(
        &self,
        name: &str,
        group: &TenantGroup,
        mark: &str,
    ) -> Result<Vec<Refused>, ControlGroupError> {
        match self {
            Self::Unified(root) => unified::hold(&Directory::at(root.clone()), name, group, mark),
            Self::Legacy { cpu, memory, pids } => {
                let [cpu, memory, pids] = [cpu, memory, pids].map(|root| Directory::at(root.clone()));
                let mut refused = legacy::hold_cpu(&cpu, name, group, mark)?;
                refused.extend(legacy::hold_memory(&memory, name, group, mark)?);
                legacy::hold_pids(&pids, name, group, mark)?;
                Ok(refused)
            }
        }
    }
}
