//! Saying why a test did not run. In strict mode (CI) nothing may be skipped.

use std::borrow::Borrow;
use std::io::Write as _;

use crate::Error;

/// When this is `1`, a skip is a failure.
pub const STRICT_VARIABLE: &str = "WHARF_TEST_STRICT";

/// Leaves the test, saying why: `skip!("not root")`. Panics when `WHARF_TEST_STRICT` is `1`.
#[macro_export]
macro_rules! skip {
    ($($why:tt)*) => {{
        $crate::note_skipped(&format!($($why)*));
        return;
    }};
}

/// What was started; or nothing, with the skip noted, when the machine lacks something. Panics on a real failure.
///
/// ```text
/// let Some(engines) = or_skip(Engines::shared()) else { return };
/// ```
pub fn or_skip<T, E: Borrow<Error>>(started: Result<T, E>) -> Option<T> {
    match started {
        Ok(started) => Some(started),
        Err(error) if error.borrow().is_missing() => {
            note_skipped(&error.borrow().to_string());
            None
        }
        Err(error) => panic!("{}", error.borrow()),
    }
}

/// Prints `skipped: why` where the test harness does not swallow it. Panics in strict mode.
pub fn note_skipped(why: &str) {
    assert!(std::env::var(STRICT_VARIABLE).as_deref() != Ok("1"), "nothing may be skipped here: {why}");
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    // Straight to the stream: the harness captures only what `println!` says.
    let _ = writeln!(std::io::stderr(), "skipped: {test}: {why}");
}

/// Whether this process may make namespaces and engines.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
