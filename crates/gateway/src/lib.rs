//! The gateway: everyone gets what looks like a Docker of their own.
//!
//! One request goes: connection → [`Desk`](desk::Desk) → `wharf_wire::ask` (bytes to [`Ask`](wharf_wire::ask::Ask)) →
//! a handler, which resolves names to full ids by the [`Index`](index::Index) → [`Door`](door::Door), which decides,
//! records and sends → a view, which shows the tenant its own words again. Nothing a client sent is ever forwarded:
//! what the engine gets is our serialisation of the value that was judged. Silent: whoever serves decides what to show.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![forbid(unsafe_code)]

mod administrator;
mod answer;
mod archive;
mod archives;
mod asked;
mod containers;
mod create;
mod departed;
mod desk;
mod disk;
mod door;
mod events;
mod execs;
mod fault;
mod filter;
mod framing;
mod gateway;
mod identity;
mod images;
mod index;
mod networks;
mod peers;
mod pins;
mod prune;
mod pulled;
mod pushes;
mod renewal;
mod reservation;
mod resolve;
mod second_look;
mod serve;
mod share;
mod standing;
mod system;
mod tls;
mod transfer;
mod tunnel;
mod turned_away;
mod unasked;
mod verify;
mod view;
mod volumes;
mod whoami;

pub use filter::{Filter, Look};
pub use gateway::{Gateway, Parts};
pub use identity::{Identity, IdentityProblem, IdentitySource};
pub use pins::{PinHelper, still_granted};
pub use serve::Listeners;
pub use standing::{Membership, Standing};
