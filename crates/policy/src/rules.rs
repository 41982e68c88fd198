//! The rules, one file each. Each is a function that says nothing or refuses; [`crate::decide`] says which apply.

pub(crate) mod administrator;
pub(crate) mod devices;
pub(crate) mod labels;
pub(crate) mod mounts;
pub(crate) mod net_raw;
pub(crate) mod network;
pub(crate) mod ownership;
pub(crate) mod pod_scope;
pub(crate) mod ports;
pub(crate) mod registry;
pub(crate) mod secrets;
pub(crate) mod tenant;
pub(crate) mod workstation;
