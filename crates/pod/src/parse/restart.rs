//! What the engine does when a container ends.

use super::grammars::text;
use crate::Restart;
use serde_json::json;
use wharf_document::{Errors, Meaning, Node, Read, Scalar, Shape, did_you_mean, quoted, refuse};

/// `no`, `always`, `unless-stopped`, `on-failure` or `on-failure:N`.
#[derive(Debug)]
pub(crate) struct RestartPolicy;

const WORDS: [&str; 4] = ["no", "always", "unless-stopped", "on-failure"];

const ALLOWED: &str = "`no`, `always`, `unless-stopped`, `on-failure` or `on-failure:N`";

impl Read for RestartPolicy {
    type Value = Restart;

    fn shape() -> Shape {
        // `no` without quotes is a truth value to half of the world's YAML readers.
        Shape::any_of([
            text("^(no|always|unless-stopped|on-failure(:[0-9]{1,9})?)$"),
            Shape::of(json!({ "const": false })),
        ])
    }

    fn read(node: &Node, errors: &mut Errors) -> Option<Restart> {
        let policy = match node.scalar() {
            Some(Scalar { meaning: Meaning::Flag(false), .. }) => return Some(Restart::No),
            Some(Scalar { meaning: Meaning::Text, text }) => text,
            _ => return refuse(node, errors, ALLOWED, None),
        };
        let read = parse(policy);
        if read.is_none() {
            let help = did_you_mean(policy, WORDS).unwrap_or_else(|| format!("{ALLOWED} are allowed"));
            errors.push(node.span, format!("{} is not a restart policy", quoted(policy)), Some(help));
        }
        read
    }
}

fn parse(policy: &str) -> Option<Restart> {
    match policy {
        "no" => Some(Restart::No),
        "always" => Some(Restart::Always),
        "unless-stopped" => Some(Restart::UnlessStopped),
        "on-failure" => Some(Restart::OnFailure(0)),
        _ => policy.strip_prefix("on-failure:").and_then(times).map(Restart::OnFailure),
    }
}

/// Up to nine digits: the engine's integer holds them.
fn times(text: &str) -> Option<u32> {
    let is_digits = (1..=9).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if is_digits { text.parse().ok() } else { None }
}
