//! The `wharf` under test.

use std::path::PathBuf;

use crate::{Error, Result};

/// Names the `wharf` under test, for test binaries.
pub const WHARF_VARIABLE: &str = "WHARF_TEST_PROGRAM";

/// The `wharf` under test: named by `WHARF_TEST_PROGRAM`, or the one that cargo built beside this test.
pub fn wharf_program() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os(WHARF_VARIABLE) {
        return Ok(named.into());
    }
    // target/debug/deps/<test> → target/debug/wharf
    let test = std::env::current_exe().map_err(Error::io("cannot tell where this test is"))?;
    let beside = test.ancestors().nth(2).map(|folder| folder.join("wharf")).filter(|path| path.exists());
    beside
        .ok_or_else(|| Error::Missing("`wharf` is not built: run `cargo build --package wharf` first".into()))
}
