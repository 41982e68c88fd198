//! Attacks on the tenants' boundary. Bob and mallory are tenants with real accounts and real grants before a real
//! gateway and real engines; mallory wants root, or what is bob's. A recorder between the gateway and the engine sees
//! that no attack became a request that changes anything, and bob's things are looked at afterwards.
//!
//! That an attack would work is shown on the engine itself, or by bob's doing the same to his own.
//!
//! `docs/security/attacks.md` has a table of them; `table.rs` holds that it and the tests agree.

mod bodies;
mod coverage;
mod directories;
mod forgeries;
mod framing;
mod identity;
mod images;
mod names;
mod neighbours;
mod oracles;
mod privilege;
mod pushes;
mod readings;
mod streams;
mod table;
mod trail;

mod http;
mod town;
