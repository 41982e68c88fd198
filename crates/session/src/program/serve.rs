//! The server's role.

use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use wharf_session::server::{Account, Server, Serving};

use crate::{arguments, files};

/// Serves until it is asked to stop and everything has ended.
pub(crate) fn run(asked: arguments::Serving) -> io::Result<u8> {
    let directory = files::directory();
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&directory)?;
    let account = files::account(asked.shell);
    if asked.seed {
        match files::fill(&account) {
            Ok(lines) => lines.iter().for_each(|line| println!("{line}")),
            Err(error) => eprintln!("the home could not be filled: {error}"),
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
    };
    let at = serving.directory.display().to_string();
    let mut server = Server::start(serving)?;
    println!("ready at {at}");
    // Only what is worth a line to the workstation's owner, and never what is typed or shown.
    let mut tell = |line: &str| println!("{line}");
    while server.turn(&mut tell)? {}
    println!("stopped");
    Ok(0)
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
