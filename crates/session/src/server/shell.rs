//! Whose sessions these are, and how a shell is started in one.

use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rustix::process::{Pid, WaitStatus};

use super::Serving;
use crate::name::SessionName;

/// The account that the server runs as.
#[derive(Debug, Clone)]
pub struct Account {
    /// Where its home is.
    pub home: PathBuf,
    /// Its shell.
    pub shell: PathBuf,
}

impl Account {
    /// What `/etc/passwd` and the container's environment say of this account. A shell that is asked for comes first, then the
    /// account's own, then bash, then sh.
    pub fn find(passwd: &str, uid: u32, home: Option<PathBuf>, shell: Option<PathBuf>) -> Self {
        let line = passwd.lines().map(|line| line.split(':').collect::<Vec<_>>());
        let line =
            line.into_iter().find(|fields| fields.get(2).is_some_and(|field| field.parse() == Ok(uid)));
        let field = |at: usize| {
            let line = line.as_ref()?;
            line.get(at).copied().filter(|field| field.starts_with('/')).map(PathBuf::from)
        };
        let there = |shell: &PathBuf| shell.is_file() && !is_none(shell);
        let shells = [shell, field(6), Some(PathBuf::from("/bin/bash"))];
        let shell = shells.into_iter().flatten().find(there).unwrap_or_else(|| PathBuf::from("/bin/sh"));
        let home = home.filter(|home| home.is_absolute() && home != Path::new("/")).or_else(|| field(5));
        Self { home: home.unwrap_or_else(|| PathBuf::from("/")), shell }
    }
}

/// Whether it is one of those that only say goodbye.
fn is_none(shell: &Path) -> bool {
    shell.file_name().is_some_and(|name| name == "nologin" || name == "false")
}

/// What is to be started.
pub(super) struct Start<'a> {
    pub(super) name: &'a SessionName,
    pub(super) directory: &'a Path,
    pub(super) environment: &'a [(String, String)],
    pub(super) command: Option<&'a [String]>,
}

/// Starts it on a terminal, and returns the number of its process.
///
/// The process is this program again (`login`), which leaves our session of processes, takes the terminal, and becomes the shell.
pub(super) fn start(how: &Serving, what: &Start<'_>, terminal: &OwnedFd) -> io::Result<Pid> {
    let mut command = Command::new(&how.program);
    command.arg("login");
    match what.command {
        Some(words) => command.arg("--").args(words),
        None => command.arg("--shell").arg(&how.account.shell),
    };
    command.current_dir("/");
    command.envs(what.environment.iter().map(|(name, value)| (name, value)));
    command.env("HOME", &how.account.home).env("SHELL", &how.account.shell).env("PWD", what.directory);
    command.env("WHARF_WORKSTATION", &how.workstation).env("WHARF_SESSION", what.name.as_str());
    command.env("SSH_AUTH_SOCK", how.directory.join("agent"));
    command.stdin(Stdio::from(terminal.try_clone()?));
    command.stdout(Stdio::from(terminal.try_clone()?));
    command.stderr(Stdio::from(terminal.try_clone()?));
    let child = command.spawn()?;
    i32::try_from(child.id())
        .ok()
        .and_then(Pid::from_raw)
        .ok_or_else(|| io::Error::other("a process without a number"))
}

/// As shells count.
pub(super) fn exit_status(status: WaitStatus) -> u8 {
    let number = match (status.exit_status(), status.terminating_signal()) {
        (Some(code), _) => code & 0xff,
        (None, Some(signal)) => 128 + signal,
        (None, None) => 255,
    };
    u8::try_from(number).unwrap_or(255)
}

#[cfg(test)]
mod tests {
    use super::Account;
    use std::path::PathBuf;

    const PASSWD: &str = "root:x:0:0:root:/root:/bin/sh\nme:x:1000:1000::/home/me:/usr/sbin/nologin\n";

    #[test]
    fn an_account_s_own_shell_is_taken_unless_it_is_none() {
        assert_eq!(Account::find(PASSWD, 0, None, None).shell, PathBuf::from("/bin/sh"));
        assert_eq!(Account::find(PASSWD, 1000, None, None).shell, PathBuf::from("/bin/bash"));
        assert_eq!(Account::find(PASSWD, 0, None, Some("/bin/cat".into())).shell, PathBuf::from("/bin/cat"));
        assert_eq!(Account::find(PASSWD, 0, None, Some("/no/shell".into())).shell, PathBuf::from("/bin/sh"));
    }

    #[test]
    fn home_is_what_the_container_says_and_then_what_passwd_says() {
        assert_eq!(Account::find(PASSWD, 1000, None, None).home, PathBuf::from("/home/me"));
        assert_eq!(Account::find(PASSWD, 1000, Some("/h".into()), None).home, PathBuf::from("/h"));
        // The engine says `/` where it knows nothing.
        assert_eq!(Account::find(PASSWD, 1000, Some("/".into()), None).home, PathBuf::from("/home/me"));
        assert_eq!(Account::find("", 7, None, None).home, PathBuf::from("/"));
    }
}
