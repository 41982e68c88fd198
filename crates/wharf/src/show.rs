//! What people see: errors, progress, tables. Results go to standard output, everything else to standard error.

mod diagnostics;
mod plan;
mod progress;
mod table;

use crate::failure::Failure;
use std::io::{IsTerminal, Write};

pub(crate) use diagnostics::file_errors;
pub(crate) use plan::plan;
pub(crate) use progress::Teller;
pub(crate) use table::table;

/// Prints why a run failed.
pub(crate) fn failure(failure: &Failure) {
    for detail in &failure.details {
        say(detail);
    }
    let colours = Colours::of_stderr();
    say(&format!("{} {}", colours.red("error:"), printable(&failure.message)));
    for cause in &failure.causes {
        say(&format!("  {} {}", colours.dim("caused by:"), indented(&printable(cause))));
    }
    if let Some(hint) = &failure.hint {
        say(&format!("  {} {}", colours.cyan("hint:"), printable(hint)));
    }
}

fn indented(text: &str) -> String {
    text.replace('\n', "\n             ")
}

/// A line to standard error. With nobody to read it there is nobody to tell.
pub(crate) fn say(line: &str) {
    let _written = writeln!(std::io::stderr().lock(), "{line}");
}

/// A line to standard output.
pub(crate) fn print(line: &str) {
    let _written = writeln!(std::io::stdout().lock(), "{line}");
}

/// A value as JSON on standard output.
pub(crate) fn print_json(value: &impl serde::Serialize) {
    match serde_json::to_string_pretty(value) {
        // JSON leaves some characters as they are that terminals obey; all of them stand in strings.
        Ok(text) => print(&text.chars().map(escaped).collect::<String>()),
        Err(error) => say(&format!("error: cannot be written as JSON: {error}")),
    }
}

fn escaped(c: char) -> String {
    if c != '\n' && steers(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() }
}

/// Text of somebody else's, without what steers terminals. Lines stay lines.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|c| if c != '\n' && steers(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// As [`printable`], in one line: for cells, fields and paths, where a new line would forge another.
pub(crate) fn one_line(text: &str) -> String {
    text.chars().map(|c| if steers(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// Control characters, and those that turn the direction of writing.
pub(crate) fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Colours, where somebody sees them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Colours(bool);

impl Colours {
    pub(crate) fn of_stderr() -> Self {
        Self(std::io::stderr().is_terminal() && wants_colour())
    }

    pub(crate) fn of_stdout() -> Self {
        Self(std::io::stdout().is_terminal() && wants_colour())
    }

    fn with(self, code: &str, text: &str) -> String {
        if self.0 { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    pub(crate) fn red(self, text: &str) -> String {
        self.with("1;31", text)
    }

    pub(crate) fn green(self, text: &str) -> String {
        self.with("32", text)
    }

    pub(crate) fn yellow(self, text: &str) -> String {
        self.with("33", text)
    }

    pub(crate) fn cyan(self, text: &str) -> String {
        self.with("36", text)
    }

    pub(crate) fn dim(self, text: &str) -> String {
        self.with("2", text)
    }

    pub(crate) fn is_on(self) -> bool {
        self.0
    }
}

/// <https://no-color.org>.
fn wants_colour() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
