//! Host directories that an account binds into containers: opened with its rights, held by descriptor, mounted with ids mapped.
//!
//! A pin is a mount of one directory (or regular file) in a place that is root's alone. Its path cannot be bent, since no
//! path is looked up again; what a container's root makes there is the account's on disk; set-id files and devices mean
//! nothing there. Nothing here speaks to an engine, prints, reads the environment, or panics.
//!
//! [`OwnSockets`] is the other thing of the host's that tenants' containers get, and must be there before the engine is.
//! [`Confining`] has the file system count what the engine keeps for a tenant, where it can.
//!
//! At boot, before the engine: [`Pins::start`], [`Pins::reopen_all`], then [`serve`] and word that it listens. While the
//! machine runs: [`Pins::pin`] before a container is made, [`Pins::release_all_but`] now and then. All in the engine's own
//! mount namespace.
//!
//! What a mount cannot hold, and whoever makes the container must:
//! - it gets the pin as `Mounts` of type bind, which fail when the source is absent; a pin for reading is
//!   [`Access::ReadOnly`] here rather than `ReadOnly` there, since Docker 20.10 takes `nosuid,nodev` away with it (seen);
//! - on an engine that does not map users, it has none of [`Pin::forbidden_capabilities`], and neither has any other
//!   container that it could pass a descriptor to. Even so an account with a shell on the host passes root in its
//!   container a descriptor of the host's `/` through a socket in the directory, and that is root on the host (done on
//!   20.10 and 28.5; with `userns-remap` the descriptor is worth nothing).
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod account;
mod confining;
mod file_system;
mod id_map;
mod identity;
mod making;
mod message;
mod mounting;
mod opener;
mod own_sockets;
mod passing;
mod path;
mod pin_id;
mod pins;
mod place;
mod record;
mod records;
mod refusal;
mod request;
mod server;
mod subordinate;
mod sys;
#[cfg(test)]
mod testing;
mod walk;

pub use account::{Account, AccountError};
pub use confining::{Confining, ConfiningError, DataRoot, Numbers, PROJECTS};
pub use id_map::{Extent, IdMap};
pub use message::{Answer, Question};
pub use opener::{Opened, Opener};
pub use own_sockets::{Keeper, OwnSockets, is_listened_at, own_socket};
pub use pin_id::{PinId, PinIdError};
pub use pins::{Absent, Pin, PinError, Pins, Step, Swept};
pub use record::Record;
pub use refusal::{Kind, Refusal};
pub use request::{Access, Grant, Missing, Request};
pub use server::{Accounts, Served, ask, ask_for_socket, serve};
pub use subordinate::{IdRange, Subordinate};
