//! Reading a file of the directory: whole or not at all; one with a key in it only when nobody else can.

use super::IdentityError;
use crate::own_file::open_to_read;
use rustix::fs::fstat;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// An authority and its key have some 2 KiB; somebody's chain may have more.
pub(super) const MOST_BYTES: u64 = 1 << 20;

/// Whether a file has a key in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Key,
    NoKey,
}

/// The file's content; `None` when there is no such file.
pub(super) fn read(
    directory: &Path,
    name: &str,
    most: u64,
    holds: Holds,
) -> Result<Option<Vec<u8>>, IdentityError> {
    let path = directory.join(name);
    let file = match open_to_read(&path) {
        Ok(file) => file,
        Err(error) if error.is_missing() => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let failed = |source| IdentityError::Io { path: path.clone(), source };
    let mode = fstat(&file).map_err(|errno| failed(errno.into()))?.st_mode & 0o7777;
    if holds == Holds::Key && mode & 0o077 != 0 {
        return Err(IdentityError::Exposed { path, mode });
    }
    let mut content = Vec::new();
    File::from(file).take(most + 1).read_to_end(&mut content).map_err(failed)?;
    match u64::try_from(content.len()) {
        Ok(length) if length <= most => Ok(Some(content)),
        _ => Err(IdentityError::TooLarge { path, most }),
    }
}
