//! What YAML makes of a scalar without quotes. Two versions of YAML disagree (`yes` is true in 1.1 and a text in 1.2,
//! `0o17` the other way round), and pod files come from both worlds, so whatever either takes for something else than
//! a text counts as that.

/// What a scalar stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Nothing, `~` or `null`.
    Nothing,
    /// `true`, `yes`, `on` and their opposites.
    Flag(bool),
    /// A whole number, in any of YAML's notations: `42`, `0x2a`, `1_000`, and `1:30` to the base 60.
    Integer,
    /// `1.5`, `1e3`, `.inf` and the like.
    Float,
    /// A text.
    Text,
}

impl Meaning {
    /// What a scalar without quotes and without a tag stands for.
    pub fn of_plain(text: &str) -> Self {
        match text {
            "" | "~" | "null" | "Null" | "NULL" => Self::Nothing,
            "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Self::Flag(true),
            "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Self::Flag(false),
            _ => Self::of_number(text),
        }
    }

    fn of_number(text: &str) -> Self {
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
            Self::Text
        } else if is_integer(unsigned) {
            Self::Integer
        } else if is_float(unsigned) {
            Self::Float
        } else {
            Self::Text
        }
    }
}

fn is_integer(unsigned: &str) -> bool {
    let digits =
        |text: &str, of: fn(u8) -> bool| !text.is_empty() && text.bytes().all(|b| of(b) || b == b'_');
    match unsigned.as_bytes() {
        [b'0', b'x', ..] => unsigned.get(2..).is_some_and(|rest| digits(rest, |b| b.is_ascii_hexdigit())),
        [b'0', b'b', ..] => unsigned.get(2..).is_some_and(|rest| digits(rest, |b| matches!(b, b'0' | b'1'))),
        [b'0', b'o', ..] => unsigned.get(2..).is_some_and(|rest| digits(rest, |b| matches!(b, b'0'..=b'7'))),
        _ => digits(unsigned, |b| b.is_ascii_digit()) || is_base_60(unsigned),
    }
}

/// `1:30`, `190:20:30`: the clock notation of YAML 1.1.
fn is_base_60(unsigned: &str) -> bool {
    let mut parts = unsigned.split(':');
    let first = parts.next().unwrap_or_default();
    let first_fits = first.starts_with(|c: char| c.is_ascii_digit())
        && first.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let sixtieth = |part: &str| matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']);
    first_fits && unsigned.contains(':') && parts.all(sixtieth)
}

fn is_float(unsigned: &str) -> bool {
    if matches!(unsigned, ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let exponent_fits = exponent.is_none_or(|e| !e.is_empty() && e.bytes().all(|b| b.is_ascii_digit()));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let has_digit = mantissa.bytes().any(|b| b.is_ascii_digit());
    exponent_fits && has_digit && is_digits(fraction) && (is_digits(whole) || is_base_60(whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_either_version_of_yaml_takes_for_a_number_is_one() {
        for text in
            ["0", "42", "-1", "+7", "010", "0x1F", "0o17", "0b11", "1_000", "22:22", "190:20:30", "09"]
        {
            assert_eq!(Meaning::of_plain(text), Meaning::Integer, "{text}");
        }
        for text in ["1.5", "1.", ".5", "1e3", "6.8523e+5", "-.inf", ".NaN", "190:20:30.15", "1_0.5", "1E-2"]
        {
            assert_eq!(Meaning::of_plain(text), Meaning::Float, "{text}");
        }
    }

    #[test]
    fn truth_and_nothing_have_many_spellings() {
        for text in ["true", "Yes", "ON"] {
            assert_eq!(Meaning::of_plain(text), Meaning::Flag(true), "{text}");
        }
        for text in ["False", "no", "OFF"] {
            assert_eq!(Meaning::of_plain(text), Meaning::Flag(false), "{text}");
        }
        for text in ["", "~", "NULL"] {
            assert_eq!(Meaning::of_plain(text), Meaning::Nothing, "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_number_is_a_text() {
        for text in [
            "1.2.3",
            "127.0.0.1",
            "80:80:80:x",
            "8000-8003",
            "1:99",
            "0xZZ",
            "0b2",
            ".",
            "..",
            "-",
            "+",
            "1e",
            "e3",
            "y",
            "n",
            "yEs",
            "1G",
            "2020-01-01",
            "1000:1000",
            "0x",
            "tRue",
            "_1",
            "1,000",
            ":80",
            "--1",
            "+-1",
        ] {
            assert_eq!(Meaning::of_plain(text), Meaning::Text, "{text}");
        }
    }
}
