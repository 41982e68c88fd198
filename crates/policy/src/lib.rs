//! `decide`: who may have what done. The only maker of a [`Permit`], and nothing reaches the engine without one.
//!
//! A decision is a plain function of its arguments. No file, socket, process, clock or environment is touched here,
//! and nothing panics.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod actor;
mod decide;
mod denial;
mod facts;
mod grants;
mod permit;
mod rules;
mod tenant;
mod workstation;

pub use actor::{Actor, TenantActor};
pub use decide::{check_pod_scope, decide, decide_delivery, foresee_creation, foresee_image};
pub use denial::{Denial, Rule};
pub use facts::{Facts, OwnedContainer, OwnedExec};
pub use grants::Grants;
pub use permit::{Effect, Permit, SecretDelivery};
pub use tenant::{
    CgroupDriver, Owned, TenantFacts, TenantStanding, Usage, VisibleImage, bridge_name, cgroup_parent,
    complete,
};
pub use workstation::{
    Home, OwnedWorkstation, OwnedWorkstationExec, OwnedWorkstationImage, UntaggedImage, WorkstationFacts,
};
