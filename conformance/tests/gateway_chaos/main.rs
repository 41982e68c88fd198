//! The gateway when things go wrong: engines and gateways that end in the middle, clients that are slow, hostile or many,
//! bytes that are no HTTP, and configurations that change under way. On engines of their own, which end and start again.

mod crowds;
mod engine_ends;
mod framing;
mod gateway_ends;
mod http;
mod pressure;
mod process;
mod reload;

use wharf_conformance::gateway::ORDINARY;

/// The packet filter has tests of its own, and must be where the engine is: a recorder is elsewhere.
fn unfiltered() -> String {
    format!("{ORDINARY}network: {{internet: true, lan: true, host: true}}\n")
}
