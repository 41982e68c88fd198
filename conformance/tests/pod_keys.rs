//! Every key of a pod file does what it says: asked of the engine, and seen from inside the container.

#[path = "pod_keys/files.rs"]
mod files;
#[path = "pod_keys/limits.rs"]
mod limits;
#[path = "pod_keys/network.rs"]
mod network;
#[path = "pod_keys/order.rs"]
mod order;
#[path = "pod_keys/process.rs"]
mod process;
#[path = "pod_keys/stopping.rs"]
mod stopping;
