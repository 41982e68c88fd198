//! Speed and size of wharf, each as a ratio against something run beside it: `cargo xtask bench`.
//!
//! Rounds of all contestants are interleaved, and medians are compared: the machine's mood is then everybody's.

mod contest;
mod floor;
mod gateway;
mod http;
mod memory;
mod results;
mod sample;
mod secrets;
mod workstations;

use results::Results;
use std::process::ExitCode;
use wharf_testkit::{Engine, EngineKind};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, command @ ..] = words.as_slice()
        && flag == "--measure-memory"
    {
        return memory::measure(command);
    }
    match run(words.first().map(String::as_str)) {
        Ok(results) => results.finish(),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// All, or one part: `pods`, `gateway`, `workstations`, or of the gateway only the `latency` of one connection, or what is `encrypted`.
fn run(part: Option<&str>) -> wharf_testkit::Result<Results> {
    let mut results = Results::default();
    let has = |name: &str| part.is_none_or(|part| part == name);
    if has("pods") {
        contest::start_time(&mut results)?;
    }
    if has("secrets") {
        secrets::measure(&mut results)?;
    }
    for kind in EngineKind::ALL {
        let engine = Engine::private(kind)?;
        engine.import_busybox()?;
        if has("pods") {
            contest::on_engine(&engine, &mut results)?;
        }
        if has("secrets") {
            secrets::on_engine(&engine, &mut results)?;
        }
        if has("gateway") {
            gateway::on_engine(&engine, &mut results)?;
        }
        if has("workstations") {
            workstations::on_engine(&engine, &mut results)?;
        }
        match part {
            Some("latency") => gateway::latency_on(&engine, &mut results)?,
            Some("encrypted") => gateway::encrypted_on(&engine, &mut results)?,
            _ => {}
        }
    }
    Ok(results)
}
