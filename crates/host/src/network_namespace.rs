//! Which network namespace somebody works in: rules of a packet filter hold in one of them alone.

use std::fs::metadata;
use std::io;
use std::os::unix::fs::MetadataExt as _;

/// Where a process works, compared with the calling thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whereabouts {
    /// In the same network namespace.
    Here,
    /// In another one.
    Elsewhere,
    /// It cannot be seen from here: in another namespace of processes, or somebody else's.
    Unknown,
}

/// Where this process works. A process at the other end of a socket has the number 0 when it is in another namespace of
/// processes. Behind systemd's socket activation the other end is systemd, which works where units do that have no
/// network of their own.
pub fn whereabouts_of(process: i32) -> Whereabouts {
    match (namespace("thread-self"), namespace(&process.to_string())) {
        (Some(own), Some(theirs)) if own == theirs => Whereabouts::Here,
        (Some(_), Some(_)) => Whereabouts::Elsewhere,
        _ => Whereabouts::Unknown,
    }
}

/// The calling thread's network namespace: device and inode, which no other has while this one lives. `None` where the
/// kernel does not show it.
pub fn own_network_namespace() -> Option<(u64, u64)> {
    namespace("thread-self")
}

fn namespace(process: &str) -> Option<(u64, u64)> {
    let facts = metadata(format!("/proc/{process}/ns/net")).ok()?;
    Some((facts.dev(), facts.ino()))
}

/// Whether the calling thread's network namespace has an interface of this name.
///
/// # Errors
/// When the kernel does not list them.
pub fn has_interface(name: &str) -> io::Result<bool> {
    let listed = std::fs::read_to_string("/proc/thread-self/net/dev")?;
    let mut names = listed.lines().filter_map(|line| line.split_once(':'));
    Ok(names.any(|(interface, _)| interface.trim() == name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_works_here_and_who_cannot_be_seen_nowhere() {
        let own = i32::try_from(std::process::id()).unwrap();
        assert_eq!(whereabouts_of(own), Whereabouts::Here);
        assert_eq!(whereabouts_of(0), Whereabouts::Unknown);
    }

    #[test]
    fn loopback_is_an_interface_and_its_beginning_is_none() {
        assert!(has_interface("lo").unwrap());
        assert!(!has_interface("l").unwrap());
        assert!(!has_interface("wharf-nothing").unwrap());
    }
}
