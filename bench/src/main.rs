//! Speed and size of wharf, each as a ratio against something run beside it: `cargo xtask bench`.
//!
//! Rounds of all contestants are interleaved, and medians are compared: the machine's mood is then everybody's.

mod contest;
mod floor;
mod http;
mod memory;
mod results;
mod sample;

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
    match run() {
        Ok(results) => results.finish(),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> wharf_testkit::Result<Results> {
    let mut results = Results::default();
    contest::start_time(&mut results)?;
    for kind in EngineKind::ALL {
        let engine = Engine::private(kind)?;
        engine.import_busybox()?;
        contest::on_engine(&engine, &mut results)?;
    }
    Ok(results)
}
