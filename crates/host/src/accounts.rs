//! Who is who on this machine: users, groups, this process, the host's name. Reads; changes nothing.

use nix::unistd::{Gid, Group, Uid, User};
use std::collections::BTreeSet;
use std::io;
use thiserror::Error;

/// The accounts could not be asked.
#[derive(Debug, Error)]
#[error("cannot look up `{}` among this machine's accounts", what.escape_default())]
pub struct AccountError {
    what: String,
    source: io::Error,
}

/// The identity of this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Process {
    /// Who started it.
    pub uid: u32,
    /// Whose rights it has.
    pub euid: u32,
    /// The group it was started with.
    pub gid: u32,
    /// The group whose rights it has.
    pub egid: u32,
}

impl Process {
    /// Of the calling thread, which is the process's everywhere outside this crate.
    pub fn current() -> Self {
        Self {
            uid: rustix::process::getuid().as_raw(),
            euid: rustix::process::geteuid().as_raw(),
            gid: rustix::process::getgid().as_raw(),
            egid: rustix::process::getegid().as_raw(),
        }
    }
}

/// The accounts in a group, those whose primary group it is included; `None` when there is no such group.
///
/// Primary membership is read from `/etc/passwd`: a directory service is not asked for all its users.
///
/// # Errors
/// When the account database cannot be asked.
pub fn group_members(group: &str) -> Result<Option<BTreeSet<String>>, AccountError> {
    let found = Group::from_name(group).map_err(|errno| AccountError::of(group, errno.into()))?;
    let Some(found) = found else { return Ok(None) };
    let passwd = std::fs::read_to_string("/etc/passwd").map_err(|error| AccountError::of(group, error))?;
    let primary = passwd.lines().filter_map(|line| primary_member(line, found.gid.as_raw()));
    Ok(Some(found.mem.into_iter().chain(primary).collect()))
}

/// Whether an account of that name exists.
///
/// # Errors
/// When the account database cannot be asked.
pub fn user_exists(name: &str) -> Result<bool, AccountError> {
    let found = User::from_name(name).map_err(|errno| AccountError::of(name, errno.into()))?;
    Ok(found.is_some())
}

/// The name of a user's account.
///
/// # Errors
/// When the account database cannot be asked.
pub fn user_name(uid: u32) -> Result<Option<String>, AccountError> {
    let found = User::from_uid(Uid::from_raw(uid));
    found
        .map(|user| user.map(|user| user.name))
        .map_err(|errno| AccountError::of(&uid.to_string(), errno.into()))
}

/// The name of a group.
///
/// # Errors
/// When the account database cannot be asked.
pub fn group_name(gid: u32) -> Result<Option<String>, AccountError> {
    let found = Group::from_gid(Gid::from_raw(gid));
    found
        .map(|group| group.map(|group| group.name))
        .map_err(|errno| AccountError::of(&gid.to_string(), errno.into()))
}

/// This machine's name, as `uname -n` prints it.
pub fn hostname() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

impl AccountError {
    fn of(what: &str, source: io::Error) -> Self {
        Self { what: what.to_owned(), source }
    }
}

/// The account of a line of passwd(5), when `gid` is its primary group.
fn primary_member(line: &str, gid: u32) -> Option<String> {
    let mut fields = line.split(':');
    let name = fields.next()?;
    let theirs: u32 = fields.nth(2)?.parse().ok()?;
    (theirs == gid).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_is_known_by_name_and_number() {
        assert!(user_exists("root").unwrap());
        assert!(!user_exists("no-such-user-here").unwrap());
        assert_eq!(user_name(0).unwrap().as_deref(), Some("root"));
        assert_eq!(group_name(0).unwrap().as_deref(), Some("root"));
    }

    #[test]
    fn a_group_has_those_whose_primary_group_it_is() {
        assert!(group_members("root").unwrap().unwrap().contains("root"));
        assert_eq!(group_members("no-such-group-here").unwrap(), None);
    }

    #[test]
    fn lines_of_passwd_are_read_defensively() {
        assert_eq!(primary_member("bob:x:1000:1001:Bob:/home/bob:/bin/sh", 1001), Some("bob".to_owned()));
        assert_eq!(primary_member("bob:x:1000:1001:Bob:/home/bob:/bin/sh", 1000), None);
        assert_eq!(primary_member("", 0), None);
        assert_eq!(primary_member("+::::::", 0), None);
    }

    #[test]
    fn the_host_has_a_name() {
        assert!(!hostname().is_empty());
    }
}
