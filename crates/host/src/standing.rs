//! One step of a walk by descriptors: a directory entry that is held, with the facts read from what is held.
//! Never follows a link, and never opens anything for reading: a descriptor here only marks a place.

use crate::alone::NotAlone;
use crate::kind::FileKind;
use crate::owner::Owner;
use rustix::fd::OwnedFd;
use rustix::fs::{CWD, Dir, Mode, OFlags, ResolveFlags, Stat, fstat, openat, openat2};
use rustix::io::Errno;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

const STICKY: u32 = 0o1000;
const WRITABLE_BY_OTHERS: u32 = 0o022;
/// A place is held, not opened: no device wakes, no pipe blocks.
const PLACE: OFlags = OFlags::PATH.union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// Resolution that cannot leave its starting directory.
pub(crate) const BENEATH: ResolveFlags =
    ResolveFlags::BENEATH.union(ResolveFlags::NO_SYMLINKS).union(ResolveFlags::NO_MAGICLINKS);

/// A held place.
#[derive(Debug)]
pub(crate) struct Standing {
    pub(crate) fd: OwnedFd,
    pub(crate) stat: Stat,
    /// Where it was found: `/` and the components walked, without links.
    pub(crate) path: PathBuf,
}

impl Standing {
    /// The root directory.
    pub(crate) fn root() -> Result<Self, Errno> {
        Self::held(openat(CWD, "/", PLACE, Mode::empty())?, PathBuf::from("/"))
    }

    /// The entry of that name in this directory; a link is held itself.
    pub(crate) fn entry(&self, name: &OsStr) -> Result<Self, Errno> {
        Self::held(openat(&self.fd, name, PLACE, Mode::empty())?, self.path.join(name))
    }

    /// The object at a relative path that neither leaves this directory nor passes a link; a link at its end is held
    /// itself.
    pub(crate) fn beneath(&self, relative: &str) -> Result<Self, Errno> {
        // The kernel says EAGAIN when a rename elsewhere makes it doubt an answer; it means "ask again".
        for _ in 0..16 {
            match openat2(&self.fd, relative, PLACE, Mode::empty(), BENEATH) {
                Err(Errno::AGAIN | Errno::INTR) => {}
                Err(error) => return Err(error),
                Ok(fd) => return Self::held(fd, self.path.join(relative)),
            }
        }
        Err(Errno::AGAIN)
    }

    /// Whether a directory has nothing in it.
    pub(crate) fn is_empty(&self) -> Result<bool, Errno> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        for entry in Dir::new(openat(&self.fd, ".", flags, Mode::empty())?)? {
            if !matches!(entry?.file_name().to_bytes(), b"." | b"..") {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn held(fd: OwnedFd, path: PathBuf) -> Result<Self, Errno> {
        let stat = fstat(&fd)?;
        Ok(Self { fd, stat, path })
    }

    pub(crate) fn kind(&self) -> FileKind {
        FileKind::of_mode(self.stat.st_mode)
    }

    /// How many names the object has.
    #[allow(clippy::useless_conversion, reason = "a u32 on arm64")]
    pub(crate) fn links(&self) -> u64 {
        self.stat.st_nlink.into()
    }

    pub(crate) fn is_same_object(&self, other: &Self) -> bool {
        (self.stat.st_dev, self.stat.st_ino) == (other.stat.st_dev, other.stat.st_ino)
    }

    /// Permission bits, set-id bits and the sticky bit.
    pub(crate) fn mode(&self) -> u32 {
        self.stat.st_mode & 0o7777
    }

    /// Whether this place is `owner`'s alone: owned, and nobody else can write to it. In a sticky directory others can
    /// add entries, but not replace one that is not theirs: there the `next` component is judged instead.
    pub(crate) fn check_alone(&self, owner: Owner, next: Option<&Self>) -> Result<(), NotAlone> {
        if !owner.includes(self.stat.st_uid) {
            return Err(self.foreign(owner));
        }
        // A link has no permissions of its own.
        if self.mode() & WRITABLE_BY_OTHERS == 0 || self.kind() == FileKind::Link {
            return Ok(());
        }
        match next {
            Some(next) if self.mode() & STICKY != 0 => {
                if owner.includes(next.stat.st_uid) {
                    Ok(())
                } else {
                    Err(next.foreign(owner))
                }
            }
            _ => Err(NotAlone::Writable {
                component: self.path.clone(),
                owner: self.stat.st_uid,
                mode: self.mode(),
            }),
        }
    }

    fn foreign(&self, wanted: Owner) -> NotAlone {
        NotAlone::ForeignOwner {
            component: self.path.clone(),
            owner: self.stat.st_uid,
            mode: self.mode(),
            wanted,
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}
