//! One control group as a directory of small files.

use super::ControlGroupError;
use rustix::fs::{XattrFlags, getxattr, setxattr};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Says which gateway holds a group. Only root can read or write what is `trusted`.
const MARK: &str = "trusted.wharf";

#[derive(Debug, Clone)]
pub(super) struct Directory {
    path: PathBuf,
}

impl Directory {
    pub(super) fn at(path: PathBuf) -> Self {
        Self { path }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Makes it, unless it is there.
    pub(super) fn make(&self) -> Result<(), ControlGroupError> {
        match fs::create_dir(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(self.failed("make", "", error)),
            _ => Ok(()),
        }
    }

    pub(super) fn has(&self, file: &str) -> bool {
        self.path.join(file).exists()
    }

    /// What a file says, without the end of its line.
    pub(super) fn read(&self, file: &str) -> Result<String, ControlGroupError> {
        let text =
            fs::read_to_string(self.path.join(file)).map_err(|error| self.failed("read", file, error))?;
        Ok(text.trim_end().to_owned())
    }

    /// A number that a file says; `None` for `max`, -1, and what is no number.
    pub(super) fn number(&self, file: &str) -> Result<Option<u64>, ControlGroupError> {
        Ok(self.read(file)?.parse().ok())
    }

    /// Writes, and gives what the kernel thinks of it.
    pub(super) fn try_write(&self, file: &str, text: &str) -> io::Result<()> {
        // Never made: a file that is not there is a controller that is not there.
        let mut open = fs::OpenOptions::new().write(true).truncate(true).open(self.path.join(file))?;
        io::Write::write_all(&mut open, text.as_bytes())
    }

    pub(super) fn write(&self, file: &str, text: &str) -> Result<(), ControlGroupError> {
        self.try_write(file, text).map_err(|error| self.failed("write", file, error))
    }

    pub(super) fn failed(&self, action: &'static str, file: &str, source: io::Error) -> ControlGroupError {
        let path = if file.is_empty() { self.path.clone() } else { self.path.join(file) };
        ControlGroupError::Failed { action, path, source }
    }

    /// Marks it as held by this keeper. Where the kernel has no such marks, nothing bears one, and nothing is removed.
    pub(super) fn mark(&self, keeper: &str) {
        let _unsupported = setxattr(&self.path, MARK, keeper.as_bytes(), XattrFlags::empty());
    }

    pub(super) fn bears(&self, keeper: &str) -> bool {
        let mut buffer = [0_u8; 4096];
        let read = getxattr(&self.path, MARK, &mut buffer[..]);
        read.is_ok_and(|length| buffer.get(..length) == Some(keeper.as_bytes()))
    }
}
