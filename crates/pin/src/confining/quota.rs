//! Quotas of projects, as file systems that have them are asked: ext4 and XFS answer to the same calls.

use crate::sys;
use rustix::fd::{AsFd as _, OwnedFd};
use rustix::io::Errno;

/// `Q_XGETQSTAT` of linux/dqblk_xfs.h and `Q_SETQUOTA` of linux/quota.h, each for projects (`PRJQUOTA`).
const STATE: u32 = (0x5805 << 8) | 2;
const SET: u32 = (0x0080_0008 << 8) | 2;
/// `FS_QUOTA_PDQ_ENFD` in the flags of `struct fs_quota_stat`.
const ENFORCED: u16 = 1 << 5;
/// `QIF_BLIMITS` and `QIF_ILIMITS`.
const BOTH_LIMITS: u32 = 1 | 4;

/// What there is of a project at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quota {
    /// Of 1024 bytes.
    blocks: u64,
    /// Empty files take nothing but these, and a file system may have no more than it was made with.
    files: u64,
}

impl Quota {
    /// For so many bytes, one file for each 8 KiB. Nothing is the least that can be said: 0 would be no limit.
    pub(super) fn of(bytes: u64) -> Self {
        Self { blocks: (bytes / 1024).max(1), files: (bytes / 8192).max(1) }
    }
}

/// What a file system with no quotas of projects lacks; `None` where they are held.
pub(super) fn why_not(root: &OwnedFd) -> Option<&'static str> {
    let mut state = [0; 16];
    match sys::quotactl(root.as_fd(), STATE, 0, &mut state) {
        // The flags are the second 16 bits, in the machine's own order.
        Ok(()) => {
            let [_, _, low, high, ..] = state.first().copied().unwrap_or_default().to_ne_bytes();
            let is_held = u16::from_ne_bytes([low, high]) & ENFORCED != 0;
            (!is_held).then_some("is not mounted with `prjquota`")
        }
        Err(Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL | Errno::NOTTY | Errno::SRCH | Errno::NODEV) => {
            Some("has no project quotas, or is not mounted with `prjquota`")
        }
        Err(_) => Some("does not say whether it has project quotas"),
    }
}

/// Puts a limit in the place of the former one.
pub(super) fn limit(root: &OwnedFd, project: u32, quota: Quota) -> Result<(), Errno> {
    // `struct if_dqblk`: hard and soft limit of blocks, what is used, hard and soft limit of files, what is used, two
    // times, and which of these are said.
    let mut wanted = [0; 16];
    let [blocks, _, _, files, _, _, _, _, said, ..] = &mut wanted;
    (*blocks, *files, *said) = (quota.blocks, quota.files, valid(BOTH_LIMITS));
    sys::quotactl(root.as_fd(), SET, project, &mut wanted)
}

/// A number of 32 bits at the beginning of 64, in the machine's own order.
fn valid(flags: u32) -> u64 {
    let [a, b, c, d] = flags.to_ne_bytes();
    u64::from_ne_bytes([a, b, c, d, 0, 0, 0, 0])
}
