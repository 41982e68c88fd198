//! Limits that a caller's shell left on this process. sudo passes them on: they are the caller's to set, and a process that
//! may not write cannot record what it does.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use thiserror::Error;

/// Files may not grow, and that cannot be changed.
#[derive(Debug, Error)]
#[error("the size of files is limited, so nothing could be recorded; run wharf without `ulimit -f`")]
pub struct FileSizeLimited;

/// Lets this process have as many files open as it is allowed to allow itself (setrlimit(2), RLIMIT_NOFILE), and gives how
/// many that are; `None` is as many as it likes.
pub fn raise_open_files() -> Option<u64> {
    let now = getrlimit(Resource::Nofile);
    // Where that is not to be had, it is as it was.
    let _as_before = setrlimit(Resource::Nofile, Rlimit { current: now.maximum, maximum: now.maximum });
    getrlimit(Resource::Nofile).current
}

/// Lets this process write files of any size (setrlimit(2), RLIMIT_FSIZE), as an account of its own would.
///
/// # Errors
/// When there is a limit, and no right to lift it.
pub fn lift_file_size_limit() -> Result<(), FileSizeLimited> {
    let unlimited = Rlimit { current: None, maximum: None };
    if getrlimit(Resource::Fsize) == unlimited {
        return Ok(());
    }
    setrlimit(Resource::Fsize, unlimited).map_err(|_| FileSizeLimited)
}
