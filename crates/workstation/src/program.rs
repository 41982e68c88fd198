//! The session program, for the engine's architecture.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use thiserror::Error;

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
    /// It was built with this program, for this program's architecture alone.
    #[error(
        "there is no session program for the engine's architecture (`{architecture}`): `cargo xtask session` on such a machine makes one; put it to `{}` here",
        place.display()
    )]
    Missing {
        /// As the engine names it.
        architecture: String,
        /// Where it is looked for.
        place: PathBuf,
    },
    /// The file that is there cannot be read.
    #[error("`{}`: {source}", place.display())]
    Unreadable {
        /// Where.
        place: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// The one for this program's own architecture. Made by `build.rs`.
const EMBEDDED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/wharf-session"));
const VERSION: &str = include_str!(concat!(env!("OUT_DIR"), "/wharf-session.version"));
/// Where those for others are.
const PLACE: &str = "/usr/lib/wharf";

impl Program {
    /// Whether it is for this program's own architecture.
    pub(crate) fn is_embedded(&self) -> bool {
        self.version == VERSION
    }
}

/// The program for this program's own architecture.
pub fn embedded() -> Program {
    Program { bytes: EMBEDDED.into(), version: VERSION.to_owned() }
}

/// The program for an engine's architecture, as its `/info` names it: `x86_64`, `aarch64`.
///
/// # Errors
/// When it is another than this program's, and nobody has put one for it to `/usr/lib/wharf`.
pub fn for_architecture(architecture: &str) -> Result<Program, ProgramError> {
    if architecture == std::env::consts::ARCH {
        return Ok(embedded());
    }
    let name: String = architecture.chars().filter(char::is_ascii_alphanumeric).collect();
    let place = Path::new(PLACE).join(format!("wharf-session-{name}"));
    match std::fs::read(&place) {
        Ok(bytes) => Ok(Program { version: version_of(&bytes), bytes: bytes.into() }),
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => {
            Err(ProgramError::Missing { architecture: architecture.to_owned(), place })
        }
        Err(source) => Err(ProgramError::Unreadable { place, source }),
    }
}

fn version_of(bytes: &[u8]) -> String {
    use sha2::{Digest as _, Sha256};
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().take(6).fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}"); // writing to a String cannot fail
        digits
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_program_is_a_small_static_one_and_its_version_is_its_own() {
        let program = embedded();
        assert!(program.bytes.starts_with(b"\x7fELF"));
        assert!(program.bytes.len() < 3 << 19, "{} bytes, and 1.5 MiB are promised", program.bytes.len());
        let names_a_loader = program.bytes.windows(14).any(|bytes| bytes == b"/ld-linux-x86-");
        assert!(!names_a_loader, "it runs where there is no libc");
        assert_eq!(program.version, version_of(&program.bytes));
    }

    #[test]
    fn an_architecture_without_a_program_is_told_what_to_do() {
        let error = for_architecture("riscv64/../x").unwrap_err().to_string();
        assert!(error.contains("/usr/lib/wharf/wharf-session-riscv64x"), "{error}");
    }
}
