//! How each side knows that the other is there.

use std::time::Duration;

/// Signs of life, and how long there may be none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heartbeat {
    /// How often each side says that it is there.
    pub every: Duration,
    /// How long the other side may be silent.
    pub silence: Duration,
}

impl Default for Heartbeat {
    fn default() -> Self {
        Self { every: Duration::from_secs(15), silence: Duration::from_secs(60) }
    }
}
