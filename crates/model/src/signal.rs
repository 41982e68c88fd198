//! Signals that may stop a container.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// A Linux signal, kept by its number so that `QUIT`, `SIGQUIT` and `3` are one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Signal(u8);

/// Why a text is not a signal.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not a signal; a name such as `TERM` or `SIGTERM`, `RTMIN+3`, or a number from 1 to 64")]
pub struct SignalError;

/// x86 and arm Linux numbers, signal(7); index 0 is signal 1.
const NAMES: [&str; 31] = [
    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE",
    "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ",
    "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
];

impl Signal {
    /// The number, 1 to 64.
    pub fn number(self) -> u8 {
        self.0
    }
}

impl TryFrom<u64> for Signal {
    type Error = SignalError;
    fn try_from(number: u64) -> Result<Self, SignalError> {
        u8::try_from(number).ok().filter(|n| (1..=64).contains(n)).map(Self).ok_or(SignalError)
    }
}

impl FromStr for Signal {
    type Err = SignalError;
    fn from_str(text: &str) -> Result<Self, SignalError> {
        if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
            let number: u64 = text.parse().map_err(|_| SignalError)?;
            return Self::try_from(number);
        }
        let upper = text.to_ascii_uppercase();
        let name = upper.strip_prefix("SIG").unwrap_or(&upper);
        let index = NAMES.iter().position(|known| *known == name);
        match (index, name) {
            (Some(index), _) => u8::try_from(index + 1).map(Self).map_err(|_| SignalError),
            (None, "IOT") => Ok(Self(6)),
            (None, "POLL") => Ok(Self(29)),
            (None, "CLD") => Ok(Self(17)),
            (None, "RTMIN") => Ok(Self(34)),
            (None, "RTMAX") => Ok(Self(64)),
            (None, other) => real_time(other),
        }
    }
}

/// `RTMIN+n` (n up to 15) and `RTMAX-n` (n up to 14), as the engine knows them.
fn real_time(name: &str) -> Result<Signal, SignalError> {
    let offset = |digits: &str, most: u8| digits.parse::<u8>().ok().filter(|n| (1..=most).contains(n));
    let from_min = name.strip_prefix("RTMIN+").and_then(|digits| offset(digits, 15)).map(|n| 34 + n);
    let from_max = name.strip_prefix("RTMAX-").and_then(|digits| offset(digits, 14)).map(|n| 64 - n);
    from_min.or(from_max).map(Signal).ok_or(SignalError)
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match NAMES.get(usize::from(self.0).wrapping_sub(1)) {
            Some(name) => write!(f, "SIG{name}"),
            None => write!(f, "{}", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_mean_the_same_signal() {
        let shown = |text: &str| text.parse::<Signal>().map(|s| s.to_string());
        assert_eq!(shown("SIGQUIT"), Ok("SIGQUIT".into()));
        assert_eq!(shown("quit"), Ok("SIGQUIT".into()));
        assert_eq!(shown("3"), Ok("SIGQUIT".into()));
        assert_eq!(shown("RTMIN+3"), Ok("37".into()));
        assert_eq!(shown("SIGRTMAX-14"), Ok("50".into()));
        assert_eq!(shown("0"), Err(SignalError));
        assert_eq!(shown("65"), Err(SignalError));
        assert_eq!(shown("SIGFOO"), Err(SignalError));
        assert_eq!(shown(""), Err(SignalError));
    }
}
