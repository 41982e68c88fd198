//! Where the gateway listens: made before anybody is served, given over by systemd where it holds them, and removed at
//! the end where it does not.

use super::make_directory;
use crate::exit::Exit;
use crate::failure::Failure;
use std::collections::BTreeMap;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wharf_config::HostConfig;
use wharf_gateway::{Gateway, Listeners, Standing};
use wharf_model::{TenantId, TenantName};

/// Everybody's doors, the administrator's, and one for each tenant.
pub(super) struct Sockets {
    everybodys: Vec<UnixListener>,
    administrators: Option<UnixListener>,
    owns: BTreeMap<TenantName, UnixListener>,
    /// Where tenants' own sockets lie; only root enters.
    own_directory: PathBuf,
    addresses: Vec<String>,
    made: Vec<PathBuf>,
}

impl Sockets {
    pub(super) fn open<'a>(
        config: &HostConfig,
        tenants: impl Iterator<Item = &'a TenantName>,
    ) -> Result<Self, Failure> {
        let first = config.listen.first().map(|address| address.folder().to_owned()).unwrap_or_default();
        let mut sockets = Self {
            everybodys: Vec::new(),
            administrators: None,
            owns: BTreeMap::new(),
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
        for tenant in tenants {
            let listener = sockets.own(tenant)?;
            sockets.owns.insert(tenant.clone(), listener);
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
    pub(super) fn take(&mut self, standing: &Standing) -> Result<Listeners, Failure> {
        let everybodys = std::mem::take(&mut self.everybodys);
        let owns = std::mem::take(&mut self.owns);
        let mut own = Vec::new();
        for (name, listener) in owns {
            let Some(tenant) = standing.grants.tenants.get(&name) else { continue };
            own.push((TenantId { name, generation: tenant.generation }, served(listener)?));
        }
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
            let is_same =
                before.grants.tenants.get(name).is_some_and(|was| was.generation == tenant.generation);
            if is_same {
                continue;
            }
            let own = vec![(
                TenantId { name: name.clone(), generation: tenant.generation },
                served(self.own(name)?)?,
            )];
            tokio::spawn(Arc::clone(gateway).serve(Listeners { own, ..Listeners::default() }));
        }
        Ok(())
    }

    fn own(&mut self, tenant: &TenantName) -> Result<UnixListener, Failure> {
        let directory = make_directory(&self.own_directory.join(tenant.as_str()), 0o700)?;
        // Whoever is let in by a mount may connect, whatever its number: who it is, is decided already.
        self.listen(&directory.join("docker.sock"), 0o666)
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

fn served(listener: UnixListener) -> Result<tokio::net::UnixListener, Failure> {
    let failed = |error: std::io::Error| Failure::of(Exit::Failed, &error);
    listener.set_nonblocking(true).map_err(failed)?;
    tokio::net::UnixListener::from_std(listener).map_err(failed)
}
