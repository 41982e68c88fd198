//! A small shell that outlives its maker just long enough to sweep up: it waits on a pipe that closes when the
//! maker drops it or dies in any way, then runs its script.

use std::process::{Child, Command, Stdio};

use crate::{Error, Result};

/// Runs a clean-up script when dropped, or when this process ends for any reason.
#[derive(Debug)]
pub(crate) struct Guard(Child);

impl Guard {
    /// `script` sees `args` as `$1`, `$2`, ...; `before` runs at once, the rest at the end.
    pub(crate) fn new(before: &str, script: &str, args: &[&str]) -> Result<Self> {
        let mut command = Command::new("sh");
        command
            .arg("-c")
            .arg(format!("trap '' HUP INT TERM\n{before}\nread -r _\n{script}"))
            .arg("guard")
            .args(args);
        own_group(&mut command);
        let child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        Ok(Self(child.map_err(Error::io("cannot start a clean-up shell"))?))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        // Nothing can be done about a sweep that fails, and a test's own result matters more.
        let _ = self.0.wait();
    }
}

/// Out of the terminal's process group, so that Ctrl-C ends the test first and the sweep follows.
pub(crate) fn own_group(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;
    command.process_group(0);
}
