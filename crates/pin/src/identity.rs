//! Taking an account's identity, in one thread and for opening only.
//!
//! A thread, not a child: the answer is a descriptor, and what a child adds (death on demand) it does not have where it
//! matters, since a thread that waits for a file system cannot be killed either. Only the effective ids are taken (the
//! file system's ids follow them). Were the real and saved ones the account's too, it could stop this process (kill(2)),
//! and its own FUSE mounts could hold the open for ever. All capabilities are given up; that is verified, not assumed.

use crate::account::Account;
use rustix::io::Errno;
use rustix::process::{Gid, Uid, getegid, geteuid, getgroups};
use rustix::thread::{
    CapabilitySet, CapabilitySets, capabilities, set_capabilities, set_thread_groups, set_thread_res_gid,
    set_thread_res_uid,
};

/// Gives this thread, for the rest of its life, the rights of `account` on files and no others.
///
/// # Errors
/// EPERM where this process may not; the thread is then in between and must end.
pub(crate) fn assume(account: &Account) -> Result<(), Errno> {
    let groups: Vec<Gid> = account.groups().iter().map(|gid| Gid::from_raw_unchecked(*gid)).collect();
    // Groups first and the user last: each step needs the right that the last one gives up.
    set_thread_groups(&groups)?;
    set_thread_res_gid(None, Gid::from_raw_unchecked(account.gid()), None)?;
    set_thread_res_uid(None, Uid::from_raw_unchecked(account.uid()), None)?;
    let none = CapabilitySet::empty();
    set_capabilities(None, CapabilitySets { effective: none, permitted: none, inheritable: none })?;
    verify(account)
}

fn verify(account: &Account) -> Result<(), Errno> {
    let left = capabilities(None)?;
    let mut groups: Vec<u32> = getgroups()?.into_iter().map(Gid::as_raw).collect();
    groups.sort_unstable();
    let is_taken = (geteuid().as_raw(), getegid().as_raw()) == (account.uid(), account.gid());
    let is_bare = left.effective.is_empty() && left.permitted.is_empty();
    if is_taken && is_bare && groups == account.groups() { Ok(()) } else { Err(Errno::PERM) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subordinate::Subordinate;

    #[test]
    fn the_thread_keeps_no_capability_and_stays_out_of_the_accounts_reach() {
        if !geteuid().is_root() {
            return;
        }
        let account =
            Account::new("x", (12345, 12346), vec![12346, 12347], "/x", Subordinate::default()).unwrap();
        let status = std::thread::spawn(move || {
            assume(&account).unwrap();
            std::fs::read_to_string("/proc/thread-self/status").unwrap()
        })
        .join()
        .unwrap();
        let line = |key: &str| -> Vec<&str> {
            status.lines().find(|line| line.starts_with(key)).unwrap().split_whitespace().skip(1).collect()
        };
        assert_eq!(line("Uid:"), ["0", "12345", "0", "12345"]);
        assert_eq!(line("Gid:"), ["0", "12346", "0", "12346"]);
        assert_eq!(line("Groups:"), ["12346", "12347"]);
        for set in ["CapInh:", "CapPrm:", "CapEff:", "CapAmb:"] {
            assert_eq!(line(set), ["0000000000000000"], "{set}");
        }
        assert!(geteuid().is_root(), "only that thread changes");
    }
}
