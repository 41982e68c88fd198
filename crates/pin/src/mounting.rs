//! From a held directory to a mount that is nowhere yet: cloned from the descriptor, ids mapped, `nosuid,nodev`, private.
//!
//! Only that one mount: what is mounted below the directory is not in it, and what will be mounted there never comes in.

use crate::id_map::IdMap;
use crate::opener::Opened;
use crate::refusal::Refusal;
use crate::request::Access;
use crate::sys;
use rustix::fd::{AsFd, OwnedFd};
use rustix::io::Errno;
use rustix::mount::{MountAttrFlags, OpenTreeFlags, open_tree};

/// A mount without a place. It is gone when it is dropped before it gets one.
#[derive(Debug)]
pub(crate) struct Detached(OwnedFd);

impl Detached {
    /// Clones what is held and maps its ids.
    pub(crate) fn clone_of(opened: &Opened, map: &IdMap, access: Access) -> Result<Self, Refusal> {
        let io = |source| Refusal::Io { path: opened.path().to_owned(), source };
        let no_id_maps =
            |errno: Errno| Refusal::NoIdMaps { path: opened.path().to_owned(), source: errno.into() };
        let flags =
            OpenTreeFlags::OPEN_TREE_CLONE | OpenTreeFlags::OPEN_TREE_CLOEXEC | OpenTreeFlags::AT_EMPTY_PATH;
        let tree = open_tree(opened, "", flags).map_err(no_id_maps)?;
        let users = sys::user_namespace(&map.uid_lines(), &map.gid_lines()).map_err(io)?;
        let mut wanted = MountAttrFlags::MOUNT_ATTR_NOSUID | MountAttrFlags::MOUNT_ATTR_NODEV;
        if access == Access::ReadOnly {
            wanted |= MountAttrFlags::MOUNT_ATTR_RDONLY;
        }
        sys::mount_setattr(tree.as_fd(), wanted, users.as_fd()).map_err(no_id_maps)?;
        Ok(Self(tree))
    }

    pub(crate) fn fd(&self) -> &OwnedFd {
        &self.0
    }
}
