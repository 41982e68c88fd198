//! How one run of a program ended and what it said.

use std::fmt;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// A run that has ended, and is to be asked how.
#[derive(Debug)]
pub struct Run {
    line: String,
    output: Output,
}

impl Run {
    /// Runs a command to its end.
    #[must_use = "a run that nobody judges proves nothing"]
    pub fn of(command: &mut Command, input: &[u8]) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("a program that starts");
        let fed = child.stdin.take().map(|mut stdin| stdin.write_all(input));
        // A program that wants no input may have closed it.
        drop(fed);
        let output = child.wait_with_output().expect("a program that ends");
        Self::new(command, output)
    }

    /// A run that somebody else waited for.
    pub fn new(command: &Command, output: Output) -> Self {
        let words = std::iter::once(command.get_program()).chain(command.get_args());
        let words: Vec<String> = words.map(|word| word.to_string_lossy().into_owned()).collect();
        Self { line: words.join(" "), output }
    }

    /// Asserts exit status 0.
    pub fn succeeds(self) -> Self {
        self.exits(0)
    }

    /// Asserts an exit status.
    pub fn exits(self, status: i32) -> Self {
        assert_eq!(self.status(), status, "{self}");
        self
    }

    /// Asserts that standard error has this text.
    pub fn says(self, text: &str) -> Self {
        assert!(self.stderr().contains(text), "`{text}` was to be said: {self}");
        self
    }

    /// Asserts that neither output has this text.
    pub fn never_says(self, text: &str) -> Self {
        assert!(!self.stderr().contains(text) && !self.stdout().contains(text), "`{text}` was said: {self}");
        self
    }

    /// Asserts that standard output has this text.
    pub fn prints(self, text: &str) -> Self {
        assert!(self.stdout().contains(text), "`{text}` was to be printed: {self}");
        self
    }

    /// The exit status; -1 for a run that a signal ended.
    pub fn status(&self) -> i32 {
        self.output.status.code().unwrap_or(-1)
    }

    /// Standard output.
    pub fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.output.stdout).into_owned()
    }

    /// Standard error.
    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.output.stderr).into_owned()
    }

    /// Standard output as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.output.stdout).unwrap_or_else(|error| panic!("{error}: {self}"))
    }
}

impl fmt::Display for Run {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "`{}` {}\n{}{}", self.line, self.output.status, self.stdout(), self.stderr())
    }
}
