//! Tenants' own sockets, which their containers have as `/var/run/docker.sock`: held open here, answered elsewhere.
//!
//! A container has the very socket that was there when it started, so that one must outlive whoever answers: it is made
//! before the engine starts, and `wharf serve` is given a copy of the descriptor each time it comes. Nobody accepts here;
//! who connects meanwhile waits.

use rustix::fd::{AsFd, BorrowedFd};
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType, connect, socket_with};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::{DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, FileTypeExt as _, PermissionsExt as _};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use wharf_model::{Generation, TenantId};

/// The file's name in the directory of a tenant's generation.
const NAME: &str = "docker.sock";

/// Whoever keeps descriptors for this process while it is started anew; systemd is one.
pub trait Keeper: Send + Sync {
    /// Keeps a copy under this name.
    fn keep(&self, name: &str, socket: BorrowedFd<'_>);
    /// Closes what is kept under this name.
    fn forget(&self, name: &str);
}

/// The sockets that are held.
pub struct OwnSockets {
    directory: PathBuf,
    held: Mutex<BTreeMap<TenantId, Arc<UnixListener>>>,
    keeper: Option<Box<dyn Keeper>>,
}

impl fmt::Debug for OwnSockets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("OwnSockets").field("directory", &self.directory).finish_non_exhaustive()
    }
}

/// Where a tenant's own socket lies, below the directory of all of them. The generation is part of the path: an engine
/// looks it up whenever a container starts, and a former tenant's container must not find the present one's socket.
pub fn own_socket(directory: &Path, tenant: &TenantId) -> PathBuf {
    directory.join(tenant.name.as_str()).join(tenant.generation.to_string()).join(NAME)
}

/// Makes a tenant's own socket, and the directories down to it, which only root enters.
fn listen(path: &Path) -> io::Result<UnixListener> {
    if let Some(directory) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    }
    if let Ok(facts) = std::fs::symlink_metadata(path) {
        if !facts.file_type().is_socket() || is_listened_at(path)? {
            return Err(io::ErrorKind::AddrInUse.into());
        }
        std::fs::remove_file(path)?;
    }
    let listener = UnixListener::bind(path)?;
    // Whoever is let in by a mount may connect, whatever its number: who it is, is decided already.
    std::fs::set_permissions(path, Permissions::from_mode(0o666))?;
    Ok(listener)
}

/// Whether anybody has this socket open to listen; where its queue is full, too, without waiting in it: those in
/// containers may fill it.
///
/// # Errors
/// When no socket can be made or called so.
pub fn is_listened_at(path: &Path) -> io::Result<bool> {
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let socket = socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None)?;
    let connected = connect(&socket, &SocketAddrUnix::new(path)?);
    Ok(matches!(connected, Ok(()) | Err(Errno::AGAIN)))
}

impl OwnSockets {
    /// Begins with those of `kept` that are still in their places; what else there is of them is given up.
    pub fn start(directory: PathBuf, kept: Vec<UnixListener>, keeper: Option<Box<dyn Keeper>>) -> Self {
        let mut held = BTreeMap::new();
        for listener in kept {
            match whose(&directory, &listener) {
                Ok(tenant) if is_in_place(&directory, &tenant) => {
                    held.insert(tenant, Arc::new(listener));
                }
                Ok(tenant) => keeper.iter().for_each(|keeper| keeper.forget(&kept_name(&tenant))),
                // Below another directory, which was configured before; its keeper closes it at the next boot.
                Err(_) => {}
            }
        }
        Self { directory, held: Mutex::new(held), keeper }
    }

    /// A tenant's own socket, made when it is not there yet.
    ///
    /// # Errors
    /// When it cannot be made: [`io::ErrorKind::AddrInUse`] where somebody else listens, or something else lies.
    pub fn hold(&self, tenant: &TenantId) -> io::Result<Arc<UnixListener>> {
        let mut held = self.held();
        if let Some(listener) = held.get(tenant).filter(|_| is_in_place(&self.directory, tenant)) {
            return Ok(Arc::clone(listener));
        }
        let listener = Arc::new(listen(&own_socket(&self.directory, tenant))?);
        if let Some(keeper) = &self.keeper {
            // The former one, whose file somebody removed, is of no use to anybody.
            if held.contains_key(tenant) {
                keeper.forget(&kept_name(tenant));
            }
            keeper.keep(&kept_name(tenant), listener.as_fd());
        }
        held.insert(tenant.clone(), Arc::clone(&listener));
        Ok(listener)
    }

    /// Gives up all but these: nobody will answer there any more.
    pub fn keep_only(&self, live: &BTreeSet<TenantId>) {
        self.held().retain(|tenant, _| {
            let is_live = live.contains(tenant);
            if !is_live {
                // Nothing to be done where it is gone already.
                let _gone = std::fs::remove_file(own_socket(&self.directory, tenant));
                self.keeper.iter().for_each(|keeper| keeper.forget(&kept_name(tenant)));
            }
            is_live
        });
    }

    fn held(&self) -> MutexGuard<'_, BTreeMap<TenantId, Arc<UnixListener>>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a keeper calls it. systemd takes what can be printed, but no colon.
fn kept_name(tenant: &TenantId) -> String {
    format!("{}.{}", tenant.name, tenant.generation)
}

/// Whose socket it is, by the path that it was bound to.
fn whose(directory: &Path, listener: &UnixListener) -> io::Result<TenantId> {
    let unknown = || io::Error::from(io::ErrorKind::InvalidInput);
    let address = listener.local_addr()?;
    let below = address.as_pathname().and_then(|path| path.strip_prefix(directory).ok());
    let text = below.and_then(Path::to_str).ok_or_else(unknown)?;
    let mut parts = text.split('/');
    let (Some(name), Some(number), Some(NAME), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(unknown());
    };
    let name = name.parse().map_err(|_| unknown())?;
    Ok(TenantId { name, generation: Generation(number.parse().map_err(|_| unknown())?) })
}

fn is_in_place(directory: &Path, tenant: &TenantId) -> bool {
    std::fs::symlink_metadata(own_socket(directory, tenant)).is_ok_and(|facts| facts.file_type().is_socket())
}

#[cfg(test)]
mod tests;
