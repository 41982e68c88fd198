//! Running `nft`: found where only root could have put it, given arguments and a script, never a shell, for a bounded
//! time.

use crate::alone::{NotAlone, check_alone};
use crate::owner::Owner;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};
use thiserror::Error;

/// Where programs for root are. The environment's `PATH` is not asked.
const DIRECTORIES: [&str; 5] = ["/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/sbin"];

/// How long `nft` may take; it takes milliseconds. Longer means that the kernel does not answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is read of its words, in bytes: the listing of a table with thousands of networks is smaller.
const MOST_OUTPUT: u64 = 16 << 20;

/// Why the packet filter could not be asked or changed.
#[derive(Debug, Error)]
pub enum PacketFilterError {
    /// The program is not there.
    #[error("there is no program `nft` in {}; install the package nftables", DIRECTORIES.join(", "))]
    Missing,
    /// Somebody else could have put another in its place.
    #[error("will not run `{}`", path.display())]
    NotAlone {
        /// Where it was found.
        path: PathBuf,
        /// What is wrong with the place.
        source: NotAlone,
    },
    /// The system would not run it.
    #[error("cannot run `{}`", path.display())]
    Start {
        /// Where it is.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It did not end and was killed.
    #[error("`nft {arguments}` did not end within {} seconds; see what the kernel says with `dmesg`", PATIENCE.as_secs())]
    TimedOut {
        /// Its arguments.
        arguments: String,
    },
    /// It said no.
    #[error(
        "`nft {arguments}` failed: {said}; the kernel must be 5.10 or newer, with nf_tables, and wharf must be root"
    )]
    Refused {
        /// Its arguments.
        arguments: String,
        /// Its first words.
        said: String,
    },
}

/// The program.
#[derive(Debug, Clone)]
pub(super) struct Nft {
    path: PathBuf,
}

impl Nft {
    pub(super) fn find() -> Result<Self, PacketFilterError> {
        Self::find_in(&DIRECTORIES.map(Path::new), Owner::Root)
    }

    fn find_in(directories: &[&Path], owner: Owner) -> Result<Self, PacketFilterError> {
        for directory in directories {
            let path = directory.join("nft");
            match check_alone(&path, owner) {
                Ok(path) => return Ok(Self { path }),
                Err(reason) if reason.is_missing() => {}
                Err(source) => return Err(PacketFilterError::NotAlone { path, source }),
            }
        }
        Err(PacketFilterError::Missing)
    }

    /// Runs it to its end with `input`, and gives what it printed.
    pub(super) fn run(&self, arguments: &[&str], input: &str) -> Result<String, PacketFilterError> {
        let start = |source| PacketFilterError::Start { path: self.path.clone(), source };
        let mut command = Command::new(&self.path);
        command.args(arguments).env_clear().env("LC_ALL", "C").current_dir("/");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(start)?;
        let deadline = Instant::now() + PATIENCE;
        feed(&mut child, input.to_owned());
        let (out, errors) = (gather(child.stdout.take()), gather(child.stderr.take()));
        let heard = heard(&out, deadline).and_then(|out| Some((out, heard(&errors, deadline)?)));
        let Some((out, errors)) = heard else {
            // An end that fails has happened already.
            let _ended = child.kill().and_then(|()| child.wait());
            return Err(PacketFilterError::TimedOut { arguments: arguments.join(" ") });
        };
        // It has closed both its pipes: it is ending.
        if child.wait().map_err(start)?.success() {
            return Ok(out);
        }
        Err(PacketFilterError::Refused { arguments: arguments.join(" "), said: first_words(&errors) })
    }
}

fn feed(child: &mut Child, input: String) {
    if let Some(mut pipe) = child.stdin.take() {
        // When nobody reads to the end, the program's own words and status tell why.
        thread::spawn(move || pipe.write_all(input.as_bytes()));
    }
}

fn gather(pipe: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(pipe) = pipe {
            // What came before an error is all there is.
            let _read = pipe.take(MOST_OUTPUT).read_to_end(&mut bytes);
        }
        sender.send(String::from_utf8_lossy(&bytes).into_owned())
    });
    receiver
}

fn heard(from: &Receiver<String>, deadline: Instant) -> Option<String> {
    from.recv_timeout(deadline.saturating_duration_since(Instant::now())).ok()
}

/// The first line that is not empty, without what would disturb a terminal.
fn first_words(text: &str) -> String {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("it did not say why");
    line.trim().chars().filter(|c| !c.is_control()).take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    /// A program called `nft` in a directory of its own.
    fn program(script: &str) -> (tempfile::TempDir, Nft) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("nft");
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        let nft = Nft::find_in(&[directory.path()], Owner::of_this_process()).unwrap();
        (directory, nft)
    }

    #[test]
    fn gives_arguments_and_script_and_no_environment() {
        let (_kept, nft) = program("echo \"$*\"; cat; echo \"${HOME-none}\"");
        assert_eq!(nft.run(&["-f", "-"], "rules\n").unwrap(), "-f -\nrules\nnone\n");
    }

    #[test]
    fn a_refusal_holds_its_first_words() {
        let (_kept, nft) =
            program("cat >/dev/null; echo >&2; echo 'Error: no\tsuch \u{1b}[1mtable' >&2; exit 1");
        let error = nft.run(&["list"], "").unwrap_err().to_string();
        assert!(error.starts_with("`nft list` failed: Error: nosuch [1mtable; the kernel must"), "{error}");
    }

    #[test]
    fn more_input_than_a_pipe_holds_meets_a_program_that_does_not_read() {
        let (_kept, nft) = program("exit 3");
        assert!(matches!(nft.run(&[], &"x".repeat(1 << 20)), Err(PacketFilterError::Refused { .. })));
    }

    #[test]
    fn is_not_run_where_others_could_have_put_it() {
        let (directory, nft) = program("true");
        fs::set_permissions(&nft.path, fs::Permissions::from_mode(0o777)).unwrap();
        let found =
            Nft::find_in(&[Path::new("/no-such-directory"), directory.path()], Owner::of_this_process());
        assert!(matches!(found, Err(PacketFilterError::NotAlone { .. })));
        let found = Nft::find_in(&[Path::new("/no-such-directory")], Owner::Root);
        assert!(found.unwrap_err().to_string().ends_with("install the package nftables"));
    }
}
