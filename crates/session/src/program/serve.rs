//! The server's role.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use wharf_session::Heartbeat;
use wharf_session::server::{Account, Server, Serving};

use crate::{arguments, files};

/// Serves until it is asked to stop and everything has ended.
pub(crate) fn run(asked: arguments::Serving) -> io::Result<u8> {
    let directory = files::directory();
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&directory)?;
    let account = files::account(asked.shell);
    let mut log = Log::open();
    if asked.seed {
        match files::fill(&account) {
            Ok(lines) => lines.iter().for_each(|line| log.tell(line)),
            Err(error) => log.tell(&format!("the home could not be filled: {error}")),
        }
    }
    let serving = Serving {
        state: files::state(&account),
        directory,
        scrollback: asked.scrollback,
        account,
        workstation: workstation(),
        program: std::env::current_exe()?,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        every: asked.every,
        started: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()),
        heartbeat: Heartbeat::default(),
    };
    let at = serving.directory.display().to_string();
    let mut server = Server::start(serving)?;
    log.tell(&format!("ready at {at}"));
    // Only what is worth a line to the workstation's owner, and never what is typed or shown.
    while server.turn(&mut |line| log.tell(line))? {}
    log.tell("stopped");
    Ok(0)
}

/// Standard output, for a container's first process: lines that are not taken are lost, and nothing waits for them.
struct Log(Option<File>);

impl Log {
    /// Opened anew where that can be, since whether it waits is shared with all who have it open.
    fn open() -> Self {
        let flags = i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or(0);
        let anew = OpenOptions::new().append(true).custom_flags(flags).open("/proc/self/fd/1");
        Self(anew.or_else(|_| io::stdout().as_fd().try_clone_to_owned().map(File::from)).ok())
    }

    fn tell(&mut self, line: &str) {
        let Some(file) = &mut self.0 else { return };
        let mut fds = [PollFd::new(&*file, PollFlags::OUT)];
        let now = Timespec { tv_sec: 0, tv_nsec: 0 };
        if matches!(poll(&mut fds, Some(&now)), Ok(1..)) {
            let _lost = file.write(format!("{line}\n").as_bytes());
        }
    }
}

/// What this workstation is called: what the container says, or its host name.
pub(crate) fn workstation() -> String {
    let host = || rustix::system::uname().nodename().to_string_lossy().into_owned();
    std::env::var("WHARF_WORKSTATION").ok().filter(|name| !name.is_empty()).unwrap_or_else(host)
}

/// The account as the system knows it.
pub(crate) fn find_account(shell: Option<PathBuf>) -> Account {
    let passwd = std::fs::read("/etc/passwd").unwrap_or_default();
    let uid = rustix::process::geteuid().as_raw();
    Account::find(&String::from_utf8_lossy(&passwd), uid, std::env::var_os("HOME").map(PathBuf::from), shell)
}
