//! What the reader of requests takes, and what it refuses: each fact of how engines were led astray is a test here.

#[path = "reader/help.rs"]
mod help;

#[path = "reader/bodies.rs"]
mod bodies;
#[path = "reader/containers.rs"]
mod containers;
#[path = "reader/go.rs"]
mod go;
#[path = "reader/mounts.rs"]
mod mounts;
#[path = "reader/others.rs"]
mod others;
#[path = "reader/properties.rs"]
mod properties;
#[path = "reader/queries.rs"]
mod queries;
#[path = "reader/recorded.rs"]
mod recorded;
#[path = "reader/targets.rs"]
mod targets;
