//! The system calls that rustix has not: cloning into a new user namespace, changing a mount that is nowhere yet, and what
//! file systems say of projects and their quotas.
//!
//! The only `unsafe` of the program stands here.
#![allow(unsafe_code, reason = "a few raw system calls, each argued where it stands")]

use rustix::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use rustix::io::Errno;
use rustix::ioctl;
use rustix::mount::{MountAttrFlags, MountPropagationFlags};
use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
use std::io;

/// `struct mount_attr` of linux/mount.h, version 0 (32 bytes, Linux 5.12).
#[repr(C)]
struct MountAttr {
    set: u64,
    clear: u64,
    propagation: u64,
    userns: u64,
}

/// Gives a detached mount these flags and the ids of `userns`, and makes it private, all at once.
pub(crate) fn mount_setattr(
    mount: BorrowedFd<'_>,
    set: MountAttrFlags,
    userns: BorrowedFd<'_>,
) -> Result<(), Errno> {
    let attr = MountAttr {
        set: u64::from((set | MountAttrFlags::MOUNT_ATTR_IDMAP).bits()),
        clear: 0,
        propagation: u64::from(MountPropagationFlags::PRIVATE.bits()),
        userns: u64::try_from(userns.as_raw_fd()).map_err(|_| Errno::BADF)?,
    };
    // SAFETY: the path is a constant that ends with NUL; `attr` is of the layout and the size that are named, lives
    // until the call returns, and is only read; both descriptors are borrowed for as long.
    let done = unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            mount.as_raw_fd(),
            c"".as_ptr(),
            libc::AT_EMPTY_PATH,
            &raw const attr,
            size_of::<MountAttr>(),
        )
    };
    if done == 0 { Ok(()) } else { Err(last()) }
}

/// A user namespace with these maps. Nobody is in it: the child that made it is gone when this returns.
pub(crate) fn user_namespace(uids: &str, gids: &str) -> io::Result<OwnedFd> {
    // Held until the end of this function.
    let (wait, _hold) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)?;
    let child = Child(clone_waiting(&wait)?);
    let at = |file: &str| format!("/proc/{}/{file}", child.0.as_raw_nonzero());
    std::fs::write(at("uid_map"), uids)?;
    std::fs::write(at("gid_map"), gids)?;
    Ok(std::fs::File::open(at("ns/user"))?.into())
}

/// A child that only waits; ended and reaped when dropped.
struct Child(Pid);

impl Drop for Child {
    fn drop(&mut self) {
        // It is ours and not yet reaped, so the number is still its own. Both fail only when it is gone already.
        let _ = kill_process(self.0, Signal::KILL);
        while matches!(waitpid(Some(self.0), WaitOptions::empty()), Err(Errno::INTR)) {}
    }
}

/// Clones this thread into a new user namespace. The child waits until it is killed, or the other end is closed: so it
/// ends with this process, however that ends. It keeps no other descriptor: a lock must not live on in it.
fn clone_waiting(wait: &OwnedFd) -> Result<Pid, Errno> {
    // As wide as a register: `syscall` takes them as they come.
    let (flags, none) = (libc::c_long::from(libc::CLONE_NEWUSER | libc::SIGCHLD), 0 as libc::c_long);
    let (wait, last_fd) = (wait.as_fd().as_raw_fd(), i32::MAX);
    // SAFETY: with no stack, no shared memory and no pointers this is fork(2): the child goes on here with a copy of
    // everything. Other threads may hold locks that it will never see released, so it makes nothing but raw calls.
    let pid = unsafe { libc::syscall(libc::SYS_clone, flags, none, none, none, none) };
    if pid == 0 {
        let mut byte = 0_u8;
        // SAFETY: only in the child. `read` gets one byte of the child's own stack, and 1 as its length; the
        // descriptors that are closed are copies of its own. None of these takes a lock, and _exit does not return.
        unsafe {
            libc::syscall(libc::SYS_close_range, 0, wait - 1, 0);
            libc::syscall(libc::SYS_close_range, wait + 1, last_fd, 0);
            libc::read(wait, (&raw mut byte).cast(), 1);
            libc::_exit(0);
        }
    }
    i32::try_from(pid).ok().filter(|pid| *pid > 0).and_then(Pid::from_raw).ok_or_else(last)
}

/// `struct fsxattr` of linux/fs.h.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Attributes {
    pub(crate) flags: u32,
    extent_size: u32,
    extents: u32,
    pub(crate) project: u32,
    copy_extent_size: u32,
    padding: [u8; 8],
}

const GET_ATTRIBUTES: ioctl::Opcode = ioctl::opcode::read::<Attributes>(b'X', 31);
const SET_ATTRIBUTES: ioctl::Opcode = ioctl::opcode::write::<Attributes>(b'X', 32);

/// What the file system says of a file (`FS_IOC_FSGETXATTR`).
pub(crate) fn attributes(file: BorrowedFd<'_>) -> Result<Attributes, Errno> {
    // SAFETY: the kernel writes one `struct fsxattr`, whose layout and size the type has; every pattern of bits is one.
    unsafe { ioctl::ioctl(file, ioctl::Getter::<GET_ATTRIBUTES, Attributes>::new()) }
}

/// Changes that (`FS_IOC_FSSETXATTR`).
pub(crate) fn set_attributes(file: BorrowedFd<'_>, attributes: Attributes) -> Result<(), Errno> {
    // SAFETY: the kernel reads one `struct fsxattr`, whose layout and size the type has.
    unsafe { ioctl::ioctl(file, ioctl::Setter::<SET_ATTRIBUTES, Attributes>::new(attributes)) }
}

/// quotactl_fd(2) (Linux 5.14) on the file system of `fd`, with an argument as large as any that is used here.
pub(crate) fn quotactl(
    fd: BorrowedFd<'_>,
    command: u32,
    id: u32,
    argument: &mut [u64; 16],
) -> Result<(), Errno> {
    // SAFETY: of the commands that this crate gives, the largest reads or writes 80 bytes (`struct fs_quota_stat`) at an
    // alignment of 8; the argument has 128, lives until the call returns, and nobody else has it.
    let done = unsafe {
        libc::syscall(
            libc::SYS_quotactl_fd,
            libc::c_long::from(fd.as_raw_fd()),
            libc::c_ulong::from(command),
            libc::c_ulong::from(id),
            argument.as_mut_ptr(),
        )
    };
    if done == 0 { Ok(()) } else { Err(last()) }
}

fn last() -> Errno {
    Errno::from_io_error(&io::Error::last_os_error()).unwrap_or(Errno::IO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_namespace_leaves_no_process_behind() {
        if !rustix::process::geteuid().is_root() {
            return;
        }
        let children = || std::fs::read_to_string("/proc/thread-self/children").unwrap();
        let before = children();
        let first = user_namespace("1234 0 1\n", "1234 0 1\n").unwrap();
        let second = user_namespace("1234 0 1\n", "1234 0 1\n").unwrap();
        let inode = |fd: &OwnedFd| rustix::fs::fstat(fd).unwrap().st_ino;
        assert_ne!(inode(&first), inode(&second));
        assert_eq!(children(), before);
        assert!(user_namespace("0 0 0\n", "").is_err());
        assert_eq!(children(), before);
    }
}
