//! A real local account of a test's own, for tests of who is asking. Where a test needs sudo or its own `/etc`, see
//! [`crate::UserSandbox`]; an account here is one that every program of this machine knows.

use std::ffi::OsStr;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Command;
use std::thread;

use rustix::fs::{Gid, Uid};
use rustix::thread::{set_thread_groups, set_thread_res_gid, set_thread_res_uid};

use crate::guard::Guard;
use crate::{Error, Result, TestDir, is_root, run, unique_name};

/// The account databases have one lock, and `useradd` sleeps a second when it is taken.
pub(crate) const ALONE: &str = "/tmp/wharf-accounts.lock";

/// An account with a home directory and a group of the same name. It is removed when dropped, or when this process
/// ends.
#[derive(Debug)]
pub struct Account {
    name: String,
    uid: Uid,
    gid: Gid,
    home: TestDir,
    _guard: Guard,
}

impl Account {
    /// Makes one called `<role>-<pid>-<n>`. Gives [`Error::Missing`] when not root.
    pub fn new(role: &str) -> Result<Self> {
        if !is_root() {
            return Err(Error::Missing("not root, and test accounts need `useradd`".into()));
        }
        let name = format!("{role}{}", unique_name().trim_start_matches("wharf"));
        let home = TestDir::new()?;
        let guard = Guard::new("", r#"flock "$1" userdel -f "$2""#, &[ALONE, &name])?;
        let mut useradd = alone("useradd");
        useradd.args(["-M", "-U", "-s", "/bin/sh", "-K", "MAIL_DIR=/dev/null", "-d"]).arg(home.path());
        run(useradd.arg(&name))?;
        let number = |what: &str| -> Result<u32> {
            let said = run(Command::new("id").args([what, &name]))?;
            said.trim().parse().map_err(|_| Error::Missing(format!("`id {what} {name}` says `{said}`")))
        };
        let (uid, gid) = (number("-u")?, number("-g")?);
        std::os::unix::fs::lchown(home.path(), Some(uid), Some(gid))
            .map_err(Error::io("cannot give the home directory away"))?;
        Ok(Self { name, uid: Uid::from_raw(uid), gid: Gid::from_raw(gid), home, _guard: guard })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its number.
    pub fn uid(&self) -> u32 {
        self.uid.as_raw()
    }

    /// Its own group's number.
    pub fn gid(&self) -> u32 {
        self.gid.as_raw()
    }

    /// Its home directory.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Words that, put before a command, run it as this account and with no other group.
    pub fn prefix(&self) -> [String; 5] {
        let (reuid, regid) = (format!("--reuid={}", self.uid()), format!("--regid={}", self.gid()));
        ["setpriv".into(), reuid, regid, "--clear-groups".into(), "--inh-caps=-all".into()]
    }

    /// A command that will run as this account, in its home directory.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let prefix = self.prefix();
        let mut command = Command::new(&prefix[0]);
        command.args(&prefix[1..]).arg(program).current_dir(self.home());
        command
    }

    /// Connects to a socket as this account: what the other side learns of its peer is this account's.
    pub fn connect(&self, socket: &Path) -> Result<UnixStream> {
        let connected = thread::scope(|scope| {
            // Identity is a thread's own in Linux, and the kernel notes it for the socket at `connect`.
            let connecting = scope.spawn(|| {
                set_thread_groups(&[])?;
                set_thread_res_gid(self.gid, self.gid, self.gid)?;
                set_thread_res_uid(self.uid, self.uid, self.uid)?;
                UnixStream::connect(socket)
            });
            connecting.join().unwrap_or_else(|_| Err(std::io::Error::other("the thread panicked")))
        });
        connected.map_err(Error::io(format!("cannot connect to `{}` as {}", socket.display(), self.name)))
    }
}

fn alone(program: &str) -> Command {
    let mut command = Command::new("flock");
    command.arg(ALONE).arg(program);
    command
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::or_skip;
    use std::io::Read as _;
    use std::os::unix::net::UnixListener;

    #[test]
    fn what_runs_and_what_connects_is_the_account() {
        let Some(account) = or_skip(Account::new("ana")) else { return };
        let said = run(account.command("id").arg("-un")).unwrap();
        assert_eq!(said.trim(), account.name());
        let directory = TestDir::new().unwrap();
        let socket = directory.join("socket");
        let listener = UnixListener::bind(&socket).unwrap();
        assert!(account.connect(&socket).is_err(), "only root may write to it so far");
        run(Command::new("chmod").arg("0666").arg(&socket)).unwrap();
        let mut stream = account.connect(&socket).unwrap();
        let peer = rustix::net::sockopt::socket_peercred(listener.accept().unwrap().0).unwrap();
        assert_eq!((peer.uid, peer.gid), (account.uid, account.gid));
        assert_eq!(stream.read(&mut [0]).unwrap(), 0);
        assert!(is_root(), "this thread is as it was");
        let name = account.name().to_owned();
        drop(account);
        assert!(run(Command::new("id").arg(name)).is_err());
    }
}
