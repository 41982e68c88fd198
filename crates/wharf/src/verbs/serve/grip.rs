//! What the kernel holds of every tenant's grant: its control group, made before anybody is served, and again and again,
//! since engines and other programs may take a group away or make it without limits.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::show;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use wharf_gateway::{Gateway, Standing};
use wharf_host::{ControlGroupError, ControlGroups, GroupDriver, TenantGroup};
use wharf_model::{Generation, TenantId};
use wharf_policy::{CgroupDriver, cgroup_parent};

/// How often the groups are looked at.
const AGAIN: Duration = Duration::from_secs(30);

/// The tenants' control groups, as far as there are any.
pub(super) struct Grip {
    driver: CgroupDriver,
    groups: Option<ControlGroups>,
    /// What was said last, so that nothing is said twice.
    said: Mutex<BTreeSet<String>>,
}

impl Grip {
    /// Takes hold, before anybody is served. With plain directories it must succeed: the engine would make groups
    /// without limits. Where systemd makes them, tenants are served with a warning: admission is then all there is.
    pub(super) fn take(
        driver: CgroupDriver,
        state: &Path,
        standing: &Standing,
    ) -> Result<Arc<Self>, Failure> {
        let keeper = state.to_string_lossy();
        let found = match driver {
            CgroupDriver::Cgroupfs => ControlGroups::find(GroupDriver::Directories, &keeper).map(Some),
            CgroupDriver::Systemd => ControlGroups::find(GroupDriver::Slices, &keeper).map(Some),
            CgroupDriver::None => Ok(None),
        };
        let said = Mutex::default();
        let grip = match found {
            Ok(groups) => Self { driver, groups, said },
            Err(error) if driver == CgroupDriver::Cgroupfs => return Err(unheld(&error)),
            Err(error) => {
                show::say(&warning(&error));
                Self { driver, groups: None, said }
            }
        };
        match grip.hold(standing) {
            Err(error) if driver == CgroupDriver::Cgroupfs => Err(unheld(&error)),
            held => {
                tell(&mut grip.said.lock().unwrap_or_else(PoisonError::into_inner), held);
                Ok(Arc::new(grip))
            }
        }
    }

    /// Holds what is granted now, for ever.
    pub(super) async fn keep(self: Arc<Self>, gateway: Arc<Gateway>) {
        let mut again = tokio::time::interval(AGAIN);
        loop {
            again.tick().await;
            let (grip, gateway) = (Arc::clone(&self), Arc::clone(&gateway));
            // The kernel may take a while to make room.
            let _panicked = tokio::task::spawn_blocking(move || grip.renew(&gateway)).await;
        }
    }

    /// Holds what is granted now.
    pub(super) fn renew(&self, gateway: &Gateway) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        // Looked up under the lock, so that nothing older is ever set after something newer.
        let held = self.hold(&gateway.standing());
        tell(&mut said, held);
    }

    fn hold(&self, standing: &Standing) -> Result<BTreeSet<String>, ControlGroupError> {
        let Some(groups) = &self.groups else { return Ok(BTreeSet::new()) };
        let held = groups.hold(&wanted(self.driver, standing))?;
        Ok(held.refused.iter().map(|refused| format!("warning: {refused}")).collect())
    }
}

/// Says what has not been said before.
fn tell(said: &mut BTreeSet<String>, held: Result<BTreeSet<String>, ControlGroupError>) {
    let now = held.unwrap_or_else(|error| BTreeSet::from([warning(&error)]));
    now.difference(said).for_each(|line| show::say(&show::printable(line)));
    *said = now;
}

fn wanted(driver: CgroupDriver, standing: &Standing) -> Vec<TenantGroup> {
    let group = |(name, standing): (&wharf_model::TenantName, &Arc<wharf_policy::TenantStanding>)| {
        // All generations of a name share one.
        let tenant = TenantId { name: name.clone(), generation: Generation(1) };
        let limits = &standing.grant.limits;
        Some(TenantGroup {
            name: cgroup_parent(&tenant, driver)?,
            nano_cpus: limits.nano_cpus,
            memory: limits.memory.bytes(),
            pids: u64::from(limits.pids),
        })
    };
    standing.grants.tenants.iter().filter_map(group).collect()
}

fn unheld(error: &ControlGroupError) -> Failure {
    let mut failure = Failure::of(Exit::Failed, error);
    failure.causes.insert(0, std::mem::take(&mut failure.message));
    "tenants' control groups cannot be made, and nobody is served without".clone_into(&mut failure.message);
    failure
}

fn warning(error: &ControlGroupError) -> String {
    let source = std::error::Error::source(error).map(|source| format!(": {source}")).unwrap_or_default();
    format!("warning: a tenant's limits are held at admission only, and not by the kernel: {error}{source}")
}
