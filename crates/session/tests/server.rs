//! The real program as a server, with real terminals.

#[path = "server/agents.rs"]
mod agents;
#[path = "server/attaching.rs"]
mod attaching;
#[path = "server/faults.rs"]
mod faults;
#[path = "server/house.rs"]
mod house;
#[path = "server/lagging.rs"]
mod lagging;
#[path = "server/lives.rs"]
mod lives;
#[path = "server/sizes.rs"]
mod sizes;
#[path = "server/visitor.rs"]
mod visitor;
