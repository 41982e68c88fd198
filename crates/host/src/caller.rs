//! The person who ran sudo: an account of this machine with its groups. Looks accounts up; opens no file of theirs.

use nix::unistd::{Gid, Uid, User, getgrouplist};
use std::ffi::CString;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// An account of this machine, on whose behalf files are opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
    pub(crate) name: String,
    pub(crate) groups: Vec<u32>,
    pub(crate) home: PathBuf,
}

/// Why `SUDO_UID` and `SUDO_GID` name nobody.
#[derive(Debug, Error)]
pub enum CallerError {
    /// Not the digits that sudo writes.
    #[error("`{variable}` is `{}`, not a number; only sudo sets it", text.escape_default())]
    NotANumber {
        /// `SUDO_UID` or `SUDO_GID`.
        variable: &'static str,
        /// What it holds.
        text: String,
    },
    /// The system knows no such user.
    #[error("user {uid} has no account on this machine; create one, or run wharf from an account")]
    NoAccount {
        /// The number.
        uid: u32,
    },
    /// The account database could not be asked.
    #[error("cannot look up user {uid}")]
    Lookup {
        /// The number.
        uid: u32,
        /// What the system said.
        source: std::io::Error,
    },
}

impl Caller {
    /// The caller that sudo tells of in `SUDO_UID` and `SUDO_GID`.
    ///
    /// # Errors
    /// When either is not plain digits below 4294967295, or the user has no account.
    pub fn from_sudo(sudo_uid: &str, sudo_gid: &str) -> Result<Self, CallerError> {
        Self::of_account(digits("SUDO_UID", sudo_uid)?, digits("SUDO_GID", sudo_gid)?)
    }

    fn of_account(uid: u32, gid: u32) -> Result<Self, CallerError> {
        let lookup = |errno: nix::errno::Errno| CallerError::Lookup { uid, source: errno.into() };
        let user =
            User::from_uid(Uid::from_raw(uid)).map_err(lookup)?.ok_or(CallerError::NoAccount { uid })?;
        let name = CString::new(user.name.as_str()).map_err(|_| CallerError::NoAccount { uid })?;
        let groups = getgrouplist(&name, Gid::from_raw(gid)).map_err(lookup)?;
        let mut groups: Vec<u32> = groups.into_iter().map(Gid::as_raw).collect();
        groups.sort_unstable();
        groups.dedup();
        Ok(Self { uid, gid, name: user.name, groups, home: user.dir })
    }

    /// The user's number.
    pub fn uid(&self) -> u32 {
        self.uid
    }

    /// The number of the group that the user ran sudo with.
    pub fn gid(&self) -> u32 {
        self.gid
    }

    /// The account's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The account's home, as the system's list of accounts has it.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// All the account's groups, sorted, `gid` among them.
    pub fn groups(&self) -> &[u32] {
        &self.groups
    }
}

/// Exactly what sudo's `%u` prints: no sign, no space, no leading zero; and never -1, which means "unchanged" to setresuid(2).
fn digits(variable: &'static str, text: &str) -> Result<u32, CallerError> {
    let refused = || CallerError::NotANumber { variable, text: text.chars().take(40).collect() };
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !plain || (text.len() > 1 && text.starts_with('0')) {
        return Err(refused());
    }
    text.parse().ok().filter(|number| *number != u32::MAX).ok_or_else(refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sudos_own_digits_are_a_number() {
        assert_eq!(digits("SUDO_UID", "0").unwrap(), 0);
        assert_eq!(digits("SUDO_UID", "4294967294").unwrap(), 4_294_967_294);
        for text in
            ["", "+1", "-1", " 1", "1 ", "01", "4294967295", "4294967296", "1\n", "0x1", "\u{661}", "bob"]
        {
            assert!(digits("SUDO_UID", text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_user_without_an_account_is_an_error() {
        let error = Caller::from_sudo("3987654321", "0").unwrap_err();
        assert!(matches!(error, CallerError::NoAccount { uid: 3_987_654_321 }), "{error:?}");
    }

    #[test]
    fn an_account_comes_with_its_name_and_groups() {
        let root = Caller::from_sudo("0", "0").unwrap();
        assert_eq!((root.uid(), root.gid(), root.name()), (0, 0, "root"));
        assert!(root.groups().contains(&0));
    }
}
