//! Binds of tenants' own directories through the gateway: real accounts, the docker CLI and compose, engines that map users
//! and engines that do not, `wharf pins` with the rights that its unit leaves it.

#[path = "binds/harbour.rs"]
mod harbour;
#[path = "binds/lasting.rs"]
mod lasting;
#[path = "binds/limits.rs"]
mod limits;
#[path = "binds/missing.rs"]
mod missing;
#[path = "binds/pods.rs"]
mod pods;
#[path = "binds/using.rs"]
mod using;
