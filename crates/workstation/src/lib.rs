//! Pet containers: found by name and label, made from a definition, entered, upgraded, backed up.
//!
//! Every change goes to the engine as a `Call` that was judged. Silent: what happens is told to a `Telling`.

mod accounts;
mod archive;
mod blueprint;
mod definition;
mod error;
mod exec;
mod folder;
mod furnish;
mod home;
mod image;
mod lifecycle;
mod person;
pub mod program;
mod recipe;
mod renewal;
mod seeding;
mod seen;
mod telling;
mod upgrade;
mod yard;

pub use blueprint::Blueprint;
pub use definition::{Base, Definition, Git, HostMount, Inhabitant, Limits, SyncedFolder};
pub use error::YardError;
pub use exec::Ran;
pub use image::MadeImage;
pub use lifecycle::{How, Started};
pub use person::Person;
pub use program::{Program, ProgramError};
pub use renewal::RENEWER;
pub use seen::{Outdated, Seen, WorkstationState};
pub use telling::{Silent, Telling};
pub use wharf_model::{WorkstationName, WorkstationNameError};
pub use yard::{ProgramFor, Yard};

/// Where the session program lies in a workstation.
pub const PROGRAM: &str = "/run/wharf/session";
