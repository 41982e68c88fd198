//! Workstations on real engines, driven from the library: what is made, whose it is, how many requests it takes, and what
//! is left when a run is killed at any of them.

#[path = "yard/site.rs"]
mod site;

#[path = "yard/life.rs"]
mod life;

#[path = "yard/upgrade.rs"]
mod upgrade;

#[path = "yard/inhabitants.rs"]
mod inhabitants;

#[path = "yard/images.rs"]
mod images;

#[path = "yard/home.rs"]
mod home;

#[path = "yard/elsewhere.rs"]
mod elsewhere;

#[path = "yard/faults.rs"]
mod faults;
