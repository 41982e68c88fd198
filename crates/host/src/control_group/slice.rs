//! A tenant's group as a slice of systemd's, which sets it and keeps it until the next boot. A slice that nobody is in
//! has no group, so that there is nothing to remove.

use super::{ControlGroupError, Held, TenantGroup};
use crate::alone::check_alone;
use crate::owner::Owner;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

/// Where programs for root are. The environment's `PATH` is not asked.
const DIRECTORIES: [&str; 2] = ["/usr/bin", "/bin"];

#[derive(Debug)]
pub(super) struct Slices {
    systemctl: PathBuf,
    /// What was set last: asking systemd each time would cost a process for each tenant.
    set: Mutex<BTreeMap<String, TenantGroup>>,
}

impl Slices {
    pub(super) fn find() -> Result<Self, ControlGroupError> {
        let mut found = DIRECTORIES.iter().map(|directory| Path::new(directory).join("systemctl"));
        let systemctl = found.find_map(|path| check_alone(&path, Owner::Root).ok());
        let searched = || ControlGroupError::NoSystemctl { searched: DIRECTORIES.join(", ") };
        Ok(Self { systemctl: systemctl.ok_or_else(searched)?, set: Mutex::default() })
    }

    pub(super) fn hold(&self, groups: &[TenantGroup]) -> Result<Held, ControlGroupError> {
        let mut set = self.set.lock().unwrap_or_else(PoisonError::into_inner);
        for group in groups {
            if set.get(&group.name) != Some(group) {
                self.run(&arguments(group)?)?;
                set.insert(group.name.clone(), group.clone());
            }
        }
        Ok(Held::default())
    }

    fn run(&self, arguments: &[String]) -> Result<(), ControlGroupError> {
        let mut command = Command::new(&self.systemctl);
        command.args(arguments).env_clear().env("LC_ALL", "C").current_dir("/").stdin(Stdio::null());
        let done = command.output();
        let done =
            done.map_err(|source| ControlGroupError::Start { path: self.systemctl.clone(), source })?;
        if done.status.success() {
            return Ok(());
        }
        let said: String = String::from_utf8_lossy(&done.stderr).trim().chars().take(300).collect();
        Err(ControlGroupError::Systemctl { arguments: arguments.join(" "), said })
    }
}

/// What systemctl is told: it writes a drop-in below `/run/systemd/system.control`, and sets the group when there is one.
fn arguments(group: &TenantGroup) -> Result<Vec<String>, ControlGroupError> {
    let TenantGroup { name, nano_cpus, memory, pids } = group;
    let tenant = name.strip_prefix("wharf-").and_then(|name| name.strip_suffix(".slice"));
    // A `-` would nest it in another tenant's.
    let fits = |tenant: &&str| {
        !tenant.is_empty()
            && tenant.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    tenant.filter(fits).ok_or_else(|| ControlGroupError::Name(name.clone()))?;
    // Whole hundredths of a CPU are what every version takes; a part of one is rounded up.
    let percent = nano_cpus.div_ceil(10_000_000).max(1);
    Ok(vec![
        "set-property".to_owned(),
        "--runtime".to_owned(),
        "--".to_owned(),
        name.clone(),
        format!("CPUQuota={percent}%"),
        format!("MemoryMax={memory}"),
        // Memory and swap cannot be limited together: there is none, so that the sum is what was granted.
        "MemorySwapMax=0".to_owned(),
        format!("TasksMax={pids}"),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(name: &str) -> TenantGroup {
        TenantGroup { name: name.to_owned(), nano_cpus: 1_505_000_000, memory: 4 << 30, pids: 2048 }
    }

    #[test]
    fn systemd_is_told_the_grant_in_these_words_which_were_not_tried_on_a_systemd() {
        assert_eq!(
            arguments(&group("wharf-alice_web.slice")).unwrap().join(" "),
            "set-property --runtime -- wharf-alice_web.slice CPUQuota=151% MemoryMax=4294967296 MemorySwapMax=0 \
             TasksMax=2048"
        );
    }

    #[test]
    fn no_slice_but_a_tenants_is_set() {
        for name in
            ["system.slice", "wharf-.slice", "wharf-alice-web.slice", "wharf-a/b.slice", "-.slice", ""]
        {
            assert!(matches!(arguments(&group(name)), Err(ControlGroupError::Name(_))), "{name}");
        }
    }
}
