//! A session's first process: takes its terminal, and becomes the shell.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// As shells say of what they cannot start.
const NOT_FOUND: u8 = 127;

/// Leaves the server's session of processes and becomes what is asked. Returns only when that fails.
pub(crate) fn run(shell: Option<PathBuf>, command: &[OsString]) -> io::Result<u8> {
    rustix::process::setsid()?;
    rustix::process::ioctl_tiocsctty(io::stdin())?;
    let place = settle();
    let (what, mut becoming) = match (shell, command.split_first()) {
        (Some(shell), _) => {
            // A shell that is called with `-` before its name is a login shell.
            let name = shell.file_name().unwrap_or(shell.as_os_str());
            let mut called = OsString::from("-");
            called.push(name);
            let mut becoming = Command::new(&shell);
            becoming.arg0(called);
            (shell.into_os_string(), becoming)
        }
        (None, Some((program, words))) => {
            let mut becoming = Command::new(program);
            becoming.args(words);
            (program.clone(), becoming)
        }
        (None, None) => return Err(io::Error::other("there is nothing to start")),
    };
    let error = becoming.env("PWD", place).exec();
    eprintln!("`{}` could not be started: {error}", what.to_string_lossy());
    Ok(NOT_FOUND)
}

/// Goes to the session's directory; or home, where that is gone. Here and not in the server: a file system that does not answer
/// stops this process alone.
fn settle() -> PathBuf {
    let places = ["PWD", "HOME"].into_iter().filter_map(std::env::var_os).map(PathBuf::from);
    let mut places = places.filter(|place| rustix::process::chdir(place).is_ok());
    places.next().unwrap_or_else(|| Path::new("/").to_owned())
}
