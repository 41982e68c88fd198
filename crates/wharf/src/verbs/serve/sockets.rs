//! Where the gateway listens: made before anybody is served, given over by systemd where it holds them, and removed at
//! the end where it does not.

use super::make_directory;
use crate::exit::Exit;
use crate::failure::Failure;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wharf_config::HostConfig;
use wharf_gateway::{Gateway, Listeners, Standing, tenant_socket};
use wharf_model::{TenantId, TenantName};
use wharf_policy::TenantStanding;

/// Everybody's doors, the administrator's, and one for each tenant.
pub(super) struct Sockets {
    everybodys: Vec<UnixListener>,
    administrators: Option<UnixListener>,
    owns: Vec<(TenantId, UnixListener)>,
    /// Where tenants' own sockets lie; only root enters.
    own_directory: PathBuf,
    addresses: Vec<String>,
    made: Vec<PathBuf>,
}

impl Sockets {
    pub(super) fn open(config: &HostConfig, standing: &Standing) -> Result<Self, Failure> {
        let first = config.listen.first().map(|address| address.folder().to_owned()).unwrap_or_default();
        let mut sockets = Self {
            everybodys: Vec::new(),
            administrators: None,
            owns: Vec::new(),
            own_directory: Path::new(&first).join("tenants"),
            addresses: Vec::new(),
            made: Vec::new(),
        };
        let mut held = listenfd::ListenFd::from_env();
        for index in 0..held.len() {
            if let Ok(Some(listener)) = held.take_unix_listener(index) {
                sockets.everybodys.push(listener);
            }
        }
        if sockets.everybodys.is_empty() {
            for address in &config.listen {
                make_parent(address.path())?;
                let listener = sockets.listen(address.path(), 0o666)?;
                sockets.everybodys.push(listener);
            }
        }
        sockets.addresses = config.listen.iter().map(ToString::to_string).collect();
        if let Some(first) = config.listen.first() {
            let path = PathBuf::from(first.admin_path());
            if let Some(directory) = path.parent() {
                make_directory(directory, 0o700)?;
            }
            sockets.administrators = Some(sockets.listen(&path, 0o600)?);
            sockets.addresses.push(format!("unix://{} (the administrator's)", path.display()));
        }
        make_directory(&sockets.own_directory, 0o700)?;
        for (name, tenant) in &standing.grants.tenants {
            let mut owns = sockets.owns_of(name, tenant)?;
            sockets.owns.append(&mut owns);
        }
        Ok(sockets)
    }

    pub(super) fn own_directory(&self) -> &Path {
        &self.own_directory
    }

    pub(super) fn addresses(&self) -> &[String] {
        &self.addresses
    }

    /// What there is to serve, as the runtime wants it.
    pub(super) fn take(&mut self) -> Result<Listeners, Failure> {
        let everybodys = std::mem::take(&mut self.everybodys);
        let own = all_served(std::mem::take(&mut self.owns))?;
        Ok(Listeners {
            tenants: everybodys.into_iter().map(served).collect::<Result<_, _>>()?,
            administrator: self.administrators.take().map(served).transpose()?,
            own,
        })
    }

    /// Opens the doors of tenants that are new.
    pub(super) fn follow(&mut self, gateway: &Arc<Gateway>, standing: &Standing) -> Result<(), Failure> {
        let before = gateway.standing();
        for (name, tenant) in &standing.grants.tenants {
            let is_same = |was: &Arc<TenantStanding>| {
                was.generation == tenant.generation && was.adopted == tenant.adopted
            };
            if before.grants.tenants.get(name).is_some_and(is_same) {
                continue;
            }
            let own = all_served(self.owns_of(name, tenant)?)?;
            tokio::spawn(Arc::clone(gateway).serve(Listeners { own, ..Listeners::default() }));
        }
        Ok(())
    }

    /// The sockets that are this tenant's: its own, and those that containers of adopted predecessors look for.
    fn owns_of(
        &mut self,
        name: &TenantName,
        tenant: &TenantStanding,
    ) -> Result<Vec<(TenantId, UnixListener)>, Failure> {
        let present = TenantId { name: name.clone(), generation: tenant.generation };
        make_directory(&self.own_directory.join(name.as_str()), 0o700)?;
        let mut owns = Vec::new();
        for generation in std::iter::once(tenant.generation).chain(tenant.adopted.iter().copied()) {
            let path = tenant_socket(&self.own_directory, &TenantId { name: name.clone(), generation });
            if let Some(directory) = path.parent() {
                make_directory(directory, 0o700)?;
            }
            // A predecessor's listens still, for nobody.
            let _none = std::fs::remove_file(&path);
            // Whoever is let in by a mount may connect, whatever its number: who it is, is decided already.
            owns.push((present.clone(), self.listen(&path, 0o666)?));
        }
        Ok(owns)
    }

    fn listen(&mut self, path: &Path, mode: u32) -> Result<UnixListener, Failure> {
        let listener = listen(path, mode)?;
        self.made.push(path.to_owned());
        Ok(listener)
    }

    /// What was made here goes.
    pub(super) fn remove(&self) {
        for path in &self.made {
            let _gone = std::fs::remove_file(path);
        }
    }
}

/// A socket in the place of one that nobody listens on any more.
pub(in crate::verbs) fn listen(path: &Path, mode: u32) -> Result<UnixListener, Failure> {
    let failed = |error: std::io::Error| {
        Failure::new(Exit::Failed, format!("cannot listen on `{}`: {error}", path.display()))
    };
    if let Ok(facts) = std::fs::symlink_metadata(path) {
        if !facts.file_type().is_socket() {
            let message = format!("`{}` is there already, and is no socket", path.display());
            return Err(Failure::usage(message).hint("remove it, or listen elsewhere (`listen`)"));
        }
        if UnixStream::connect(path).is_ok() {
            let message = format!("somebody listens on `{}` already", path.display());
            return Err(Failure::new(Exit::Failed, message).hint("is another `wharf` running?"));
        }
        std::fs::remove_file(path).map_err(failed)?;
    }
    let listener = UnixListener::bind(path).map_err(failed)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).map_err(failed)?;
    Ok(listener)
}

fn make_parent(path: &Path) -> Result<(), Failure> {
    match path.parent() {
        Some(directory) if !directory.exists() => make_directory(directory, 0o755).map(|_| ()),
        _ => Ok(()),
    }
}

fn all_served(
    owns: Vec<(TenantId, UnixListener)>,
) -> Result<Vec<(TenantId, tokio::net::UnixListener)>, Failure> {
    owns.into_iter().map(|(tenant, listener)| Ok((tenant, served(listener)?))).collect()
}

fn served(listener: UnixListener) -> Result<tokio::net::UnixListener, Failure> {
    let failed = |error: std::io::Error| Failure::of(Exit::Failed, &error);
    listener.set_nonblocking(true).map_err(failed)?;
    tokio::net::UnixListener::from_std(listener).map_err(failed)
}
