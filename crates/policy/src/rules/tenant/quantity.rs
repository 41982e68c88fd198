//! Amounts as people read them.

use std::fmt;

/// An amount of something that is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quantity {
    /// Shown in the largest fitting unit, `3.5G`.
    Bytes(u64),
    /// Billionths, shown as CPUs: `1.5`.
    NanoCpus(u64),
    /// So many.
    Count(u64),
}

impl Quantity {
    pub(crate) fn number(self) -> u64 {
        match self {
            Self::Bytes(number) | Self::NanoCpus(number) | Self::Count(number) => number,
        }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(u64, &str); 4] = [(1 << 40, "T"), (1 << 30, "G"), (1 << 20, "M"), (1 << 10, "K")];
        match *self {
            Self::Bytes(bytes) => match UNITS.into_iter().find(|(unit, _)| bytes >= *unit) {
                Some((unit, letter)) => {
                    write_hundredths(f, u128::from(bytes) * 100 / u128::from(unit))?;
                    f.write_str(letter)
                }
                None => write!(f, "{bytes}"),
            },
            Self::NanoCpus(nanos) => write_hundredths(f, u128::from(nanos) / 10_000_000),
            Self::Count(count) => write!(f, "{count}"),
        }
    }
}

/// `350` as `3.5`.
fn write_hundredths(f: &mut fmt::Formatter<'_>, hundredths: u128) -> fmt::Result {
    let (whole, rest) = (hundredths / 100, hundredths % 100);
    match (rest / 10, rest % 10) {
        (0, 0) => write!(f, "{whole}"),
        (tenths, 0) => write!(f, "{whole}.{tenths}"),
        _ => write!(f, "{whole}.{rest:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::Quantity::{Bytes, Count, NanoCpus};

    #[test]
    fn amounts_are_shown_in_the_largest_unit_that_fits() {
        let shown = |bytes: u64| Bytes(bytes).to_string();
        assert_eq!(shown(0), "0");
        assert_eq!(shown(1023), "1023");
        assert_eq!(shown(1024), "1K");
        assert_eq!(shown(7 << 29), "3.5G");
        assert_eq!(shown((4 << 30) + (64 << 20)), "4.06G");
        assert_eq!(shown(u64::MAX), "16777215.99T");
        assert_eq!(NanoCpus(1_500_000_000).to_string(), "1.5");
        assert_eq!(NanoCpus(50_000_000).to_string(), "0.05");
        assert_eq!(Count(7).to_string(), "7");
    }
}
