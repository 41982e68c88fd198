//! Lengths of time: `30s`, `1m30s`, `500ms`, or a number of seconds.

use super::grammars::text;
use serde_json::json;
use std::time::Duration;
use wharf_document::{Grammar, Misfit, Shape};

/// Any length of time, nothing included.
#[derive(Debug)]
pub(crate) enum Interval {}

/// A length of time of the engine's health check: 1 ms at least.
#[derive(Debug)]
pub(crate) enum HealthTime {}

const WHAT: &str = "a length of time";
const HELP: &str = "such as `30s`, `1m30s`, `500ms`, or a number of seconds";
const PATTERN: &str = "^([0-9]+(\\.[0-9]{1,9})?|([0-9]+(\\.[0-9]{1,9})?(h|m|s|ms|us|ns))+)$";

/// The engine counts nanoseconds in 63 bits.
const MOST: u128 = i64::MAX.unsigned_abs() as u128;

impl Grammar for Interval {
    type Value = Duration;
    const WHAT: &'static str = WHAT;

    fn shape() -> Shape {
        Shape::any_of([text(PATTERN), Shape::of(json!({ "type": "number", "minimum": 0 }))])
    }

    fn parse(text: &str) -> Result<Duration, Misfit> {
        nanoseconds(text)
            .filter(|nanos| *nanos <= MOST)
            .and_then(|nanos| u64::try_from(nanos).ok())
            .map(Duration::from_nanos)
            .ok_or_else(|| Misfit::new("this is not a length of time").with_help(HELP))
    }
}

impl Grammar for HealthTime {
    type Value = Duration;
    const WHAT: &'static str = WHAT;

    fn shape() -> Shape {
        Shape::any_of([text(PATTERN), Shape::of(json!({ "type": "number", "minimum": 0.001 }))])
    }

    fn parse(text: &str) -> Result<Duration, Misfit> {
        let time = Interval::parse(text)?;
        if time < Duration::from_millis(1) {
            let help = "the engine's least is `1ms`; remove the key for the engine's own default";
            return Err(Misfit::new("this is too short").with_help(help));
        }
        Ok(time)
    }
}

fn nanoseconds(text: &str) -> Option<u128> {
    if text.ends_with(|c: char| c.is_ascii_digit()) {
        return scaled(text, 1_000_000_000);
    }
    let mut rest = text;
    let mut total: u128 = 0;
    while !rest.is_empty() {
        let number_end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
        let (number, after) = rest.split_at(number_end);
        let unit_end = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let (unit, after) = after.split_at(unit_end);
        let nanos = match unit {
            "h" => 3_600_000_000_000,
            "m" => 60_000_000_000,
            "s" => 1_000_000_000,
            "ms" => 1_000_000,
            "us" => 1_000,
            "ns" => 1,
            _ => return None,
        };
        total = total.checked_add(scaled(number, nanos)?)?;
        rest = after;
    }
    (!text.is_empty()).then_some(total)
}

/// A decimal number times `unit`, what is below one nanosecond dropped.
fn scaled(number: &str, unit: u128) -> Option<u128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let is_digits = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
    };
    if !is_digits(whole, 19) || !is_digits(fraction, 9) {
        return None;
    }
    let scale = 10u128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let whole: u128 = whole.parse().ok()?;
    let fraction: u128 = fraction.parse().ok()?;
    whole.checked_mul(unit)?.checked_add(fraction.checked_mul(unit)? / scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_people_write_them() {
        let read = |text: &str| Interval::parse(text).ok();
        assert_eq!(read("30s"), Some(Duration::from_secs(30)));
        assert_eq!(read("1m30s"), Some(Duration::from_secs(90)));
        assert_eq!(read("1h0.5s20ms7us3ns"), Some(Duration::new(3600, 520_007_003)));
        assert_eq!(read("1.5"), Some(Duration::from_millis(1500)));
        assert_eq!(read("0"), Some(Duration::ZERO));
        for wrong in
            ["", "s", "1x", "-1s", "1.s", ".5s", "1..5s", "1s2", "1 s", "1e3", "999999999999999999h", "1d"]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_health_check_waits_a_millisecond_at_least() {
        assert!(HealthTime::parse("1ms").is_ok());
        assert!(HealthTime::parse("999us").is_err());
        assert!(HealthTime::parse("0").is_err());
    }
}
