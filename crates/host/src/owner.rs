//! Whose files may be trusted not to change behind wharf's back. Judges facts only; opens nothing.

use crate::accounts::Process;

/// The accounts whose files count as "root's alone".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// Root's.
    Root,
    /// Root's or those of the account that wharf runs as, for an installation without root.
    RootOr(u32),
}

impl Owner {
    /// What this process may trust: root's files, and its own account's when it is not root.
    pub fn of_this_process() -> Self {
        match Process::current().euid {
            0 => Self::Root,
            uid => Self::RootOr(uid),
        }
    }

    /// Whether files of `uid` are trusted.
    pub fn includes(self, uid: u32) -> bool {
        uid == 0 || self == Self::RootOr(uid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_is_always_trusted_and_others_only_when_named() {
        assert!(Owner::Root.includes(0));
        assert!(!Owner::Root.includes(1000));
        assert!(Owner::RootOr(1000).includes(0));
        assert!(Owner::RootOr(1000).includes(1000));
        assert!(!Owner::RootOr(1000).includes(1001));
    }
}
