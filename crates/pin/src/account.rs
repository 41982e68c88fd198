//! A local account, with the numbers that are its own on disk. Looks accounts up; opens no file of theirs.

use crate::subordinate::Subordinate;
use nix::unistd::{User, getgrouplist};
use std::ffi::CString;
use std::path::PathBuf;
use thiserror::Error;

/// An account that asks for pins. Never root: its user and its group are not 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    name: String,
    uid: u32,
    gid: u32,
    groups: Vec<u32>,
    home: PathBuf,
    subordinate: Subordinate,
}

/// Why there is no such account for pins.
#[derive(Debug, Error)]
pub enum AccountError {
    /// Root's files are not bound this way.
    #[error(
        "account `{name}` has user {uid} and group {gid}, and root's own files are not pinned; use another account"
    )]
    Root {
        /// Its name.
        name: String,
        /// Its user.
        uid: u32,
        /// Its group.
        gid: u32,
    },
    /// The system knows none of that name.
    #[error("there is no account `{}` on this machine", name.escape_default())]
    Missing {
        /// As given.
        name: String,
    },
    /// The account database could not be asked.
    #[error("cannot look up account `{}`", name.escape_default())]
    Lookup {
        /// As given.
        name: String,
        /// What the system said.
        source: std::io::Error,
    },
}

impl Account {
    /// The account of that name, its groups, and its subordinate ids in `/etc/subuid` and `/etc/subgid`.
    pub fn lookup(name: &str) -> Result<Self, AccountError> {
        let failed = |source: std::io::Error| AccountError::Lookup { name: name.to_owned(), source };
        let missing = || AccountError::Missing { name: name.to_owned() };
        let user = User::from_name(name).map_err(|errno| failed(errno.into()))?.ok_or_else(missing)?;
        let c_name = CString::new(user.name.as_str()).map_err(|_| missing())?;
        let groups = getgrouplist(&c_name, user.gid).map_err(|errno| failed(errno.into()))?;
        let groups = groups.into_iter().map(nix::unistd::Gid::as_raw).collect();
        let (uid, gid) = (user.uid.as_raw(), user.gid.as_raw());
        let subordinate = Subordinate::of_system(&user.name, uid).map_err(failed)?;
        Self::new(user.name, (uid, gid), groups, user.dir, subordinate)
    }

    /// An account whose facts are known.
    ///
    /// # Errors
    /// When its user or its group is 0, or 4294967295, which means "unchanged" to the system.
    pub fn new(
        name: impl Into<String>,
        (uid, gid): (u32, u32),
        mut groups: Vec<u32>,
        home: impl Into<PathBuf>,
        subordinate: Subordinate,
    ) -> Result<Self, AccountError> {
        let name = name.into();
        if [uid, gid].iter().any(|id| matches!(*id, 0 | u32::MAX)) {
            return Err(AccountError::Root { name, uid, gid });
        }
        groups.push(gid);
        groups.sort_unstable();
        groups.dedup();
        Ok(Self { name, uid, gid, groups, home: home.into(), subordinate })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its number.
    pub fn uid(&self) -> u32 {
        self.uid
    }

    /// Its primary group.
    pub fn gid(&self) -> u32 {
        self.gid
    }

    /// All its groups, sorted, the primary one among them.
    pub fn groups(&self) -> &[u32] {
        &self.groups
    }

    /// Its home directory, as the system knows it.
    pub fn home(&self) -> &std::path::Path {
        &self.home
    }

    /// The ids that are its own besides.
    pub fn subordinate(&self) -> &Subordinate {
        &self.subordinate
    }

    /// Whether files of that user are the account's own.
    pub fn owns(&self, uid: u32) -> bool {
        uid == self.uid || self.subordinate.uids().iter().any(|range| range.contains(uid))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_is_no_account_for_pins() {
        for ids in [(0, 5), (5, 0), (u32::MAX, 5), (5, u32::MAX)] {
            let made = Account::new("x", ids, vec![], "/x", Subordinate::default());
            assert!(matches!(made, Err(AccountError::Root { .. })), "{ids:?}");
        }
        assert!(matches!(Account::lookup("root"), Err(AccountError::Root { .. })));
        assert!(matches!(Account::lookup("no-such-user-here"), Err(AccountError::Missing { .. })));
    }

    #[test]
    fn what_is_its_own_includes_the_subordinate_ids() {
        let ids = Subordinate::parse("a:100000:10\n", "", "a", 5);
        let account = Account::new("a", (5, 6), vec![9, 6, 9], "/a", ids).unwrap();
        assert_eq!(account.groups(), [6, 9]);
        let own: Vec<u32> =
            [0, 5, 6, 99_999, 100_000, 100_009, 100_010].into_iter().filter(|id| account.owns(*id)).collect();
        assert_eq!(own, [5, 100_000, 100_009]);
    }
}
