//! What is known of tenants when one of their calls is judged: standing, proofs of ownership, what they use already.
//!
//! Nothing here decides; [`crate::decide`] does.

mod bridge_name;
mod cgroup;
mod complete;
mod facts;
mod owned;
mod standing;
mod usage;
mod visible_image;

pub use bridge_name::bridge_name;
pub use cgroup::{CgroupDriver, cgroup_parent};
pub use complete::complete;
pub use facts::TenantFacts;
pub use owned::Owned;
pub use standing::TenantStanding;
pub use usage::Usage;
pub use visible_image::VisibleImage;

pub(crate) use complete::{BASE_CAPABILITIES, UNGRANTED_CAPABILITIES};
