//! Memory that is never swapped out, mounted where nobody but root looks.

use super::{SecretPlaceError, names};
use crate::alone::{NotAlone, check_alone};
use crate::owner::Owner;
use rustix::fd::OwnedFd;
use rustix::fs::{
    CWD, FlockOperation, Mode, OFlags, Stat, flock, fstat, fstatfs, major, minor, mkdirat, openat,
};
use rustix::io::Errno;
use rustix::mount::{MountFlags, mount};
use rustix::thread::{CapabilitySet, capabilities};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// linux/magic.h.
const TMPFS: i64 = 0x0102_1994;
const RAMFS: i64 = 0x8584_58f6;

const DIRECTORY: OFlags =
    OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// The directory, when memory is mounted there.
pub(super) fn find(path: &Path, owner: Owner) -> Result<Option<OwnedFd>, SecretPlaceError> {
    match check_alone(path, owner) {
        Err(error) if error.is_missing() => return Ok(None),
        other => other?,
    };
    let directory = open(path)?;
    if !is_own_mount(path, &directory)? {
        return Ok(None);
    }
    check(path, &directory)?;
    Ok(Some(directory))
}

/// The directory, with memory mounted there.
pub(super) fn ready(path: &Path, owner: Owner) -> Result<OwnedFd, SecretPlaceError> {
    if let Some(found) = find(path, owner)? {
        return Ok(found);
    }
    let above = path.parent().unwrap_or(path);
    make(above, Mode::from_raw_mode(0o755), owner)?;
    make(path, Mode::RWXU, owner)?;
    let covered = open(path)?;
    let _turn = take_turn(path, &covered)?;
    if let Some(found) = find(path, owner)? {
        return Ok(found);
    }
    // What is there would be out of sight, and may be another's place.
    if names(&covered).map_err(|errno| SecretPlaceError::at(path, errno))?.is_empty() {
        mount_memory(path)
            .map_err(|errno| SecretPlaceError::Mount { path: path.to_owned(), source: errno.into() })?;
    } else {
        return Err(SecretPlaceError::NotEmpty { path: path.to_owned() });
    }
    let directory = open(path)?;
    check(path, &directory)?;
    Ok(directory)
}

/// How long another run may take to mount.
const PATIENCE: Duration = Duration::from_secs(10);

/// One run at a time, so that nothing is mounted twice. Whoever can open a file can hold its lock: so it is that of the
/// directory itself, which is root's alone, and nothing above it.
fn take_turn(path: &Path, directory: &OwnedFd) -> Result<OwnedFd, SecretPlaceError> {
    let failed = |errno| SecretPlaceError::at(path, errno);
    check_is_closed(path, &fstat(directory).map_err(failed)?)?;
    let turn = directory.try_clone().map_err(|source| SecretPlaceError::of(path, source))?;
    let since = Instant::now();
    loop {
        match flock(&turn, FlockOperation::NonBlockingLockExclusive) {
            Err(Errno::WOULDBLOCK) if since.elapsed() < PATIENCE => sleep(Duration::from_millis(20)),
            other => return other.map(|()| turn).map_err(failed),
        }
    }
}

/// A directory below one that is the owner's alone.
fn make(path: &Path, mode: Mode, owner: Owner) -> Result<(), SecretPlaceError> {
    match check_alone(path, owner) {
        Ok(_) => return Ok(()),
        Err(NotAlone::Missing { component }) if component == path => {}
        Err(error) => return Err(error.into()),
    }
    match mkdirat(CWD, path, mode) {
        Ok(()) | Err(Errno::EXIST) => {}
        Err(errno) => return Err(SecretPlaceError::at(path, errno)),
    }
    check_alone(path, owner)?;
    Ok(())
}

/// tmpfs knows `noswap` since Linux 6.4; ramfs was never swapped, and knows no size.
fn mount_memory(path: &Path) -> Result<(), Errno> {
    if !may_mount() {
        return Err(Errno::PERM);
    }
    let flags = MountFlags::NOSUID | MountFlags::NODEV | MountFlags::NOEXEC;
    match mount("wharf-secrets", path, "tmpfs", flags, c"mode=0700,noswap,size=25%") {
        Err(Errno::INVAL) => mount("wharf-secrets", path, "ramfs", flags, c"mode=0700"),
        other => other,
    }
}

/// Whether this process may mount. A service that may not is ended for trying, where systemd filters its system calls.
fn may_mount() -> bool {
    capabilities(None).is_ok_and(|sets| sets.effective.contains(CapabilitySet::SYS_ADMIN))
}

fn open(path: &Path) -> Result<OwnedFd, SecretPlaceError> {
    openat(CWD, path, DIRECTORY, Mode::empty()).map_err(|errno| SecretPlaceError::at(path, errno))
}

/// Whether something is mounted exactly there.
fn is_own_mount(path: &Path, directory: &OwnedFd) -> Result<bool, SecretPlaceError> {
    let failed = |errno| SecretPlaceError::at(path, errno);
    let above = openat(directory, "..", DIRECTORY, Mode::empty()).map_err(failed)?;
    let (above, here) = (fstat(&above).map_err(failed)?, fstat(directory).map_err(failed)?);
    Ok(above.st_dev != here.st_dev)
}

fn check(path: &Path, directory: &OwnedFd) -> Result<(), SecretPlaceError> {
    let failed = |errno| SecretPlaceError::at(path, errno);
    let (kind, stat) = (fstatfs(directory).map_err(failed)?, fstat(directory).map_err(failed)?);
    #[allow(
        clippy::unnecessary_cast,
        clippy::useless_conversion,
        reason = "the type differs between machines"
    )]
    let is_memory = match kind.f_type as i64 {
        RAMFS => true,
        TMPFS => is_never_swapped(&stat),
        _ => false,
    };
    if !is_memory {
        return Err(SecretPlaceError::NotMemory { path: path.to_owned() });
    }
    check_is_closed(path, &stat)
}

fn check_is_closed(path: &Path, stat: &Stat) -> Result<(), SecretPlaceError> {
    let mode = stat.st_mode & 0o7777;
    if matches!(mode & 0o077, 0) {
        Ok(())
    } else {
        Err(SecretPlaceError::Open { path: path.to_owned(), mode })
    }
}

/// Whether the file system that this is of was mounted with `noswap`, proc(5), mountinfo.
fn is_never_swapped(stat: &Stat) -> bool {
    let device = format!("{}:{}", major(stat.st_dev), minor(stat.st_dev));
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    mounts.lines().any(|line| {
        let is_it = line.split(' ').nth(2) == Some(device.as_str());
        let options = line.split_once(" - ").and_then(|(_, rest)| rest.rsplit(' ').next());
        is_it && options.is_some_and(|options| options.split(',').any(|option| option == "noswap"))
    })
}
