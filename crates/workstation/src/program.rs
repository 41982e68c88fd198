//! The session program, for the engine's architecture.

use std::borrow::Cow;
use thiserror::Error;
use wharf_wire::Architecture;

/// The session program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Its file.
    pub bytes: Cow<'static, [u8]>,
    /// The first twelve hexadecimal digits of its SHA-256.
    pub version: String,
}

/// Why there is none.
#[derive(Debug, Error)]
pub enum ProgramError {
    /// Nobody made it.
    #[error("there is no session program for `{0}`; make one with `cargo build --release -p wharf-session` on such a machine, and put it to /usr/lib/wharf/wharf-session-{0}")]
    Missing(String),
}

/// The program for an engine's architecture, as its `/info` names it: `x86_64`, `aarch64`.
pub fn for_architecture(architecture: &str) -> Result<Program, ProgramError> {
    let _known = Architecture::from_engine(architecture);
    let path = format!("/usr/lib/wharf/wharf-session-{architecture}");
    let bytes = std::fs::read(path).map_err(|_| ProgramError::Missing(architecture.to_owned()))?;
    Ok(Program { bytes: bytes.into(), version: String::new() })
}
