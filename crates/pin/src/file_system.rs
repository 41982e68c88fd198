//! Which kinds of file systems are bound: those of disks and memory, by name. All others are refused, known or not.
//!
//! So neither the kernel's own views (proc, sysfs, cgroup, devpts ...) nor what another machine or the account's own program
//! serves (NFS, FUSE) reaches a container this way. `/dev` passes for memory here; the kernel maps no ids on it.

use rustix::fd::AsFd;
use rustix::fs::fstatfs;
use rustix::io::Errno;

/// The kinds, as statfs(2) numbers them: ext2 to ext4, XFS, Btrfs, F2FS, tmpfs, ZFS, bcachefs, overlay.
const BOUND: [u64; 8] =
    [0xEF53, 0x5846_5342, 0x9123_683E, 0xF2F5_2010, 0x0102_1994, 0x2FC1_2FC1, 0xCA45_1A4E, 0x794C_7630];

/// The kind of file system that this is on; an error when it is none that is bound.
pub(crate) fn check(held: impl AsFd) -> Result<Result<(), u64>, Errno> {
    let magic = fstatfs(held)?.f_type;
    // Signed on some machines, and some kinds have the highest of 32 bits.
    #[allow(
        clippy::useless_conversion,
        clippy::unnecessary_fallible_conversions,
        reason = "the type is the machine's"
    )]
    let magic = i64::try_from(magic).unwrap_or_default().cast_unsigned() & 0xFFFF_FFFF;
    Ok(if BOUND.contains(&magic) { Ok(()) } else { Err(magic) })
}
