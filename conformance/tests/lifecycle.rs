//! A pod's life: made, left alone, changed container by container, put right, taken away.

#[path = "lifecycle/addresses.rs"]
mod addresses;
#[path = "lifecycle/changing.rs"]
mod changing;
#[path = "lifecycle/making.rs"]
mod making;
#[path = "lifecycle/planning.rs"]
mod planning;
#[path = "lifecycle/strangers.rs"]
mod strangers;
