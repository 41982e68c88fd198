//! Where things are, and what copies files.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use wharf_session::server::Account;
use wharf_session::{DIRECTORY, seed, sync};

use crate::serve;

/// Where images keep what they have for homes.
const SKELETON: &str = "/etc/skel";

/// Where the sockets are. Tests, and images that have no `/run/wharf` of their own, say otherwise.
pub(crate) fn directory() -> PathBuf {
    std::env::var_os("WHARF_SESSION_DIRECTORY").map_or_else(|| PathBuf::from(DIRECTORY), PathBuf::from)
}

pub(crate) fn account(shell: Option<PathBuf>) -> Account {
    serve::find_account(shell)
}

/// What must outlive a container.
pub(crate) fn state(account: &Account) -> PathBuf {
    account.home.join(".local/state/wharf")
}

/// The far side of copying a folder, on standard input and output.
pub(crate) fn receive(directory: &str) -> io::Result<u8> {
    let home = account(None).home;
    sync::receive(&home, directory, io::stdin().lock(), io::stdout().lock()).map_err(io::Error::other)?;
    Ok(0)
}

/// The far side of copying an archive into the home.
pub(crate) fn unpack() -> io::Result<u8> {
    let home = account(None).home;
    sync::add(&home, io::stdin().lock(), io::stdout().lock()).map_err(io::Error::other)?;
    Ok(0)
}

/// Fills the home, and says what that changed.
pub(crate) fn seed() -> io::Result<u8> {
    let lines = fill(&account(None))?;
    let mut out = io::stdout().lock();
    for line in lines {
        writeln!(out, "{line}")?;
    }
    Ok(0)
}

/// Brings what the image has for homes into this one; a line for each file that concerns its owner.
pub(crate) fn fill(account: &Account) -> io::Result<Vec<String>> {
    let seeded = seed::seed(Path::new(SKELETON), &account.home, &state(account).join("seed"))?;
    let say = |what: &'static str| move |path: &PathBuf| format!("{what} {}", path.display());
    let changed =
        seeded.installed.iter().map(say("installed")).chain(seeded.updated.iter().map(say("updated")));
    Ok(changed.chain(seeded.left.iter().map(say("left as it is, with changes of its owner's:"))).collect())
}
