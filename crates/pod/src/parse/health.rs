//! Health: the command that gates the start, and the engine's own check.

use super::command::SomeCommand;
use super::duration::{HealthTime, Interval};
use crate::{Healthcheck, StartupHealthCheck};
use serde_json::json;
use std::time::Duration;
use wharf_document::{
    Errors, Integer, List, Node, Parsed, Read, Shape, Spanned, Text, Value, Word, mapping, refuse,
};

mapping! {
    /// A command that must succeed in the container, soon after its start, before what follows in the file is started.
    pub(crate) struct RawStartup {
        /// What to run, as a command line or a list of words.
        required "command" command: SomeCommand,
        /// Between two attempts: seconds, or such as 500ms. Default: 3 seconds.
        optional "interval" interval: Parsed<Interval>,
        /// How often to try. Default: 10.
        optional "attempts" attempts: Integer<1, 2_147_483_647>,
    }
    refused {
        "retries" => "did you mean `attempts`?",
        "test" => "did you mean `command`?",
    }
}

mapping! {
    /// The engine's own health check, which runs as long as the container does.
    pub(crate) struct RawHealthcheck {
        /// A shell's command line, or a list that begins with CMD, CMD-SHELL or NONE.
        required "test" test: Test,
        /// Between two runs, such as 30s.
        optional "interval" interval: Parsed<HealthTime>,
        /// How long one run may take.
        optional "timeout" timeout: Parsed<HealthTime>,
        /// Failures in a row that mean unhealthy.
        optional "retries" retries: Integer<1, 2_147_483_647>,
        /// At first, failures do not count for so long.
        optional "start_period" start_period: Parsed<HealthTime>,
    }
    refused {
        "command" => "did you mean `test`?",
        "disable" => "write `test: [NONE]`",
    }
}

/// The engine's form of a test.
#[derive(Debug)]
pub(crate) struct Test;

impl Read for Test {
    type Value = Vec<String>;

    fn shape() -> Shape {
        let list = |first: &str, least: usize, most: Option<usize>| {
            let shape = List::<Word>::shape()
                .with("prefixItems", json!([{ "const": first }]))
                .with("minItems", json!(least));
            if let Some(most) = most { shape.with("maxItems", json!(most)) } else { shape }
        };
        Shape::any_of([
            Text::shape().with("minLength", json!(1)),
            list("CMD", 2, None),
            list("CMD-SHELL", 2, Some(2)),
            list("NONE", 1, Some(1)),
        ])
    }

    fn read(node: &Node, errors: &mut Errors) -> Option<Vec<String>> {
        match &node.value {
            Value::Scalar(_) => {
                let line = Text::read(node, errors)?;
                if line.is_empty() {
                    return refuse(node, errors, "a command", Some("write `test: [NONE]` for no check"));
                }
                Some(vec!["CMD-SHELL".to_owned(), line])
            }
            Value::Map(_) => refuse(node, errors, "a command line, or a list of words", None),
            Value::List(_) => {
                let words: Vec<String> =
                    List::<Word>::read(node, errors)?.into_iter().map(|word| word.value).collect();
                let fits = match words.first().map(String::as_str) {
                    Some("CMD") => words.len() > 1,
                    Some("CMD-SHELL") => words.len() == 2,
                    Some("NONE") => words.len() == 1,
                    _ => false,
                };
                if !fits {
                    let help =
                        "`[CMD, word, word]`, `[CMD-SHELL, 'a command line']` and `[NONE]` are allowed";
                    errors.push(
                        node.span,
                        "this list is not a test that the engine knows",
                        Some(help.to_owned()),
                    );
                    return None;
                }
                Some(words)
            }
        }
    }
}

/// With defaults filled in; `None` only when the command could not be read.
pub(super) fn startup(raw: RawStartup) -> Option<StartupHealthCheck> {
    Some(StartupHealthCheck {
        command: raw.command?.value,
        interval: plain(raw.interval).unwrap_or(Duration::from_secs(3)),
        attempts: plain(raw.attempts).and_then(|attempts| attempts.try_into().ok()).unwrap_or(10),
    })
}

/// As the engine wants it; `None` only when the test could not be read.
pub(super) fn healthcheck(raw: RawHealthcheck) -> Option<Healthcheck> {
    Some(Healthcheck {
        test: raw.test?.value,
        interval: plain(raw.interval),
        timeout: plain(raw.timeout),
        retries: plain(raw.retries).and_then(|retries| retries.try_into().ok()),
        start_period: plain(raw.start_period),
    })
}

fn plain<T>(value: Option<Spanned<T>>) -> Option<T> {
    value.map(|value| value.value)
}
