//! What was measured, told at once, and whether it keeps what SPECIFICATION.md promises.

use std::process::ExitCode;
use std::time::Duration;

/// All that was measured.
#[derive(Debug, Default)]
pub(crate) struct Results {
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    what: String,
    ours: String,
    theirs: String,
    value: f64,
    /// The promise, when there is one.
    most: Option<f64>,
}

impl Results {
    /// A ratio of two times.
    pub(crate) fn ratio(&mut self, what: String, ours: Duration, theirs: Duration, most: Option<f64>) {
        let value = ours.as_secs_f64() / theirs.as_secs_f64();
        self.add(Line { what, ours: shown(ours), theirs: shown(theirs), value, most });
    }

    /// What is added to a time, in µs.
    pub(crate) fn added(&mut self, what: String, ours: Duration, theirs: Duration, most: Option<f64>) {
        let value = (ours.as_secs_f64() - theirs.as_secs_f64()) * 1e6;
        self.add(Line { what, ours: shown(ours), theirs: shown(theirs), value, most });
    }

    /// Two amounts of memory, in MiB.
    pub(crate) fn memory(&mut self, what: String, ours: f64, theirs: f64) {
        let shown = |mebibytes: f64| format!("{mebibytes:.1} MiB");
        self.add(Line { what, ours: shown(ours), theirs: shown(theirs), value: ours / theirs, most: None });
    }

    /// An amount by itself.
    pub(crate) fn amount(&mut self, what: &str, value: f64, unit: &str, most: Option<f64>) {
        let line = Line {
            what: what.to_owned(),
            ours: format!("{value:.1} {unit}"),
            theirs: String::new(),
            value,
            most,
        };
        self.add(line);
    }

    fn add(&mut self, line: Line) {
        if self.lines.is_empty() {
            println!("{:<72} {:>11} {:>11} {:>7} {:>8}", "what", "wharf", "beside", "value", "promise");
        }
        let promise = line.most.map_or_else(String::new, |most| format!("<= {most}"));
        let broken = if line.is_broken() { "  BROKEN" } else { "" };
        println!(
            "{:<72} {:>11} {:>11} {:>7.2} {promise:>8}{broken}",
            line.what, line.ours, line.theirs, line.value
        );
        self.lines.push(line);
    }

    /// Writes all of it for programs; fails when a promise is not kept.
    pub(crate) fn finish(&self) -> ExitCode {
        let lines: Vec<_> = self
            .lines
            .iter()
            .map(|l| serde_json::json!({"what": l.what, "wharf": l.ours, "beside": l.theirs, "value": l.value, "promise": l.most}))
            .collect();
        let written = std::fs::write("target/bench.json", serde_json::json!(lines).to_string());
        if let Err(error) = written {
            eprintln!("target/bench.json: {error}");
        }
        if self.lines.iter().any(Line::is_broken) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}

fn shown(time: Duration) -> String {
    let millis = time.as_secs_f64() * 1000.0;
    if millis < 10.0 { format!("{:.0} µs", millis * 1000.0) } else { format!("{millis:.1} ms") }
}

impl Line {
    fn is_broken(&self) -> bool {
        self.most.is_some_and(|most| self.value > most)
    }
}
