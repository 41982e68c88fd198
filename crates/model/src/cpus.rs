//! Amounts of CPU time, written as people write them.

/// A number of CPUs with up to nine decimals, such as `0.5` or `2`, in billionths: at most 65536.
///
/// How little is too little is for the caller to say.
pub fn nano_cpus(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_digits = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !is_digits(whole, 5) || !is_digits(fraction, 9) {
        return None;
    }
    let whole: u64 = whole.parse().ok()?;
    let fraction: u64 = format!("{fraction:0<9}").parse().ok()?;
    Some(whole * 1_000_000_000 + fraction).filter(|nanos| *nanos <= 65_536_000_000_000)
}

#[cfg(test)]
mod tests {
    use super::nano_cpus;

    #[test]
    fn cpus_are_digits_with_a_point_at_most() {
        for (text, nanos) in
            [("2", 2_000_000_000), ("0.5", 500_000_000), ("0.000000001", 1), ("65536", 65_536_000_000_000)]
        {
            assert_eq!(nano_cpus(text), Some(nanos), "{text}");
        }
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "-1",
            "+1",
            "1e3",
            "1,5",
            "65536.1",
            "99999",
            "100000",
            "0.0000000001",
            "\u{661}",
        ] {
            assert_eq!(nano_cpus(text), None, "{text}");
        }
    }
}
