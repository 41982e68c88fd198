//! Taking another account's identity, in one thread and for opening files only.
//!
//! Only the effective ids are taken (the file system's ids follow them); the real and saved ones stay wharf's. Were they
//! the caller's too, the caller could stop or kill this process through that thread (kill(2) compares the real and saved
//! user), and its own FUSE mounts could hold the open for ever. Rights come from the file system's ids, the groups and
//! the capabilities alone; the capabilities are all given up, and that nothing is left is verified, not assumed.

use crate::caller::Caller;
use rustix::io::Errno;
use rustix::process::{Gid, Uid, getegid, geteuid, getgroups};
use rustix::thread::{
    CapabilitySet, CapabilitySets, capabilities, set_capabilities, set_thread_groups, set_thread_res_gid,
    set_thread_res_uid,
};
use std::collections::BTreeSet;

/// Gives this thread, for the rest of its life, the rights of `caller` on files and no others.
///
/// # Errors
/// EPERM where this process may not; the thread is then in between and must end.
pub(crate) fn assume(caller: &Caller) -> Result<(), Errno> {
    if !is_already(caller)? {
        take(caller)?;
    }
    if caller.uid != 0 {
        set_capabilities(None, NONE)?;
    }
    verify(caller)
}

const NONE: CapabilitySets = CapabilitySets {
    effective: CapabilitySet::empty(),
    permitted: CapabilitySet::empty(),
    inheritable: CapabilitySet::empty(),
};

fn take(caller: &Caller) -> Result<(), Errno> {
    let groups: Vec<Gid> = caller.groups.iter().map(|gid| Gid::from_raw_unchecked(*gid)).collect();
    // Groups first and the user last: each step needs the right that the last one gives up.
    set_thread_groups(&groups)?;
    set_thread_res_gid(None, Gid::from_raw_unchecked(caller.gid), None)?;
    set_thread_res_uid(None, Uid::from_raw_unchecked(caller.uid), None)
}

/// Whether this thread has exactly that account's ids, as when a user runs wharf for himself.
fn is_already(caller: &Caller) -> Result<bool, Errno> {
    let (uid, gid) = (geteuid().as_raw(), getegid().as_raw());
    Ok((uid, gid) == (caller.uid, caller.gid) && rights_of_groups(gid)? == wanted_groups(caller))
}

fn verify(caller: &Caller) -> Result<(), Errno> {
    let left = capabilities(None)?;
    let bare = left.effective.is_empty() && left.permitted.is_empty();
    // Root's rights are its capabilities.
    if is_already(caller)? && (bare || caller.uid == 0) { Ok(()) } else { Err(Errno::PERM) }
}

fn rights_of_groups(gid: u32) -> Result<BTreeSet<u32>, Errno> {
    Ok(getgroups()?.into_iter().map(Gid::as_raw).chain([gid]).collect())
}

fn wanted_groups(caller: &Caller) -> BTreeSet<u32> {
    caller.groups.iter().copied().chain([caller.gid]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{is_root, stranger};

    fn status_of_this_thread() -> String {
        std::fs::read_to_string("/proc/thread-self/status").unwrap()
    }

    fn line<'a>(status: &'a str, key: &str) -> Vec<&'a str> {
        let line = status.lines().find(|line| line.starts_with(key)).unwrap();
        line.split_whitespace().skip(1).collect()
    }

    #[test]
    fn the_thread_keeps_no_capability_and_stays_out_of_the_callers_reach() {
        if !is_root() {
            return;
        }
        let status = std::thread::spawn(|| {
            assume(&stranger()).unwrap();
            status_of_this_thread()
        })
        .join()
        .unwrap();
        assert_eq!(line(&status, "Uid:"), ["0", "12345", "0", "12345"]);
        assert_eq!(line(&status, "Gid:"), ["0", "12346", "0", "12346"]);
        assert_eq!(line(&status, "Groups:"), ["12346", "12347"]);
        for set in ["CapInh:", "CapPrm:", "CapEff:", "CapAmb:"] {
            assert_eq!(line(&status, set), ["0000000000000000"], "{set}");
        }
    }

    #[test]
    fn only_that_thread_changes() {
        let before = status_of_this_thread();
        let _ = std::thread::spawn(|| assume(&stranger())).join().unwrap();
        assert_eq!(line(&status_of_this_thread(), "Uid:"), line(&before, "Uid:"));
        assert_eq!(line(&status_of_this_thread(), "CapEff:"), line(&before, "CapEff:"));
    }
}
