//! Pod file → `Pod` → desired containers → `Plan`, against what was observed.
//!
//! No file, socket, process, clock or environment is touched here, and nothing panics.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod addresses;
mod desired;
mod difference;
mod observed;
mod parse;
mod plan;
mod pod;
mod print;
mod schema;
mod settings;

pub use desired::{
    ConfigHash, DesireError, Desired, DesiredMember, DesiredRoot, EngineFacts, HashKey, HostFacts,
    SecretFacts, Wait, desired, has_secrets_by_labels, waits_from_labels,
};
pub use difference::{Difference, differences};
pub use observed::{Observed, ObservedContainer};
pub use parse::{MAX_BYTES, parse, parse_bytes};
pub use plan::{Action, Images, Plan, Reason, Redelivery, Step, Then, plan};
pub use pod::{
    Condition, Container, ExtraHost, Healthcheck, Limits, Mount, OnChange, Pod, Publish, Restart, SecretUse,
    StartupHealthCheck, Tmpfs, Ulimit, UlimitName,
};
pub use print::print;
pub use schema::schema;
