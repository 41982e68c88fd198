//! Where the gateway listens: made before anybody is served and removed at the end, except for what others hold, so that
//! it stays the same: systemd the tenants' door, `wharf pins` their own sockets.

use super::{make_directory, network};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{notify, show};
use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::net::TcpListener;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wharf_config::HostConfig;
use wharf_gateway::{Gateway, Listeners, Standing};
use wharf_model::TenantId;
use wharf_pin::{Question, ask, ask_for_socket, own_socket};

/// Everybody's doors, the administrator's, and one for each tenant.
pub(super) struct Sockets {
    everybodys: Vec<UnixListener>,
    /// At the network, for those who have a certificate.
    tls: Vec<TcpListener>,
    administrators: Option<UnixListener>,
    owns: Vec<(TenantId, UnixListener)>,
    /// Whose own sockets are served, or about to be.
    served: BTreeSet<TenantId>,
    /// Where tenants' own sockets lie; only root enters.
    own_directory: PathBuf,
    /// The socket of `wharf pins`, which holds them.
    helper: Option<PathBuf>,
    addresses: Vec<String>,
    made: Vec<PathBuf>,
}

impl Sockets {
    pub(super) fn open(
        config: &HostConfig,
        standing: &Standing,
        helper: Option<PathBuf>,
    ) -> Result<Self, Failure> {
        let held = notify::held();
        let mut sockets = Self {
            everybodys: held.sockets,
            tls: held.addresses,
            administrators: None,
            owns: Vec::new(),
            served: BTreeSet::new(),
            own_directory: own_directory(config),
            helper,
            addresses: config.listen.iter().map(ToString::to_string).collect(),
            made: Vec::new(),
        };
        if sockets.everybodys.is_empty() {
            for address in &config.listen {
                let Some(path) = address.path() else { continue };
                make_parent(path)?;
                let listener = sockets.listen(path, 0o666)?;
                sockets.everybodys.push(listener);
            }
        }
        if sockets.tls.is_empty() {
            sockets.tls = network::open(config)?;
        }
        if let Some(path) = config.admin_path().map(PathBuf::from) {
            if let Some(directory) = path.parent() {
                make_directory(directory, 0o700)?;
            }
            sockets.administrators = Some(sockets.listen(&path, 0o600)?);
            sockets.addresses.push(format!("unix://{} (the administrator's)", path.display()));
        }
        make_directory(&sockets.own_directory, 0o700)?;
        let mut owns = sockets.owns_of(standing)?;
        sockets.owns.append(&mut owns);
        sockets.give_up_others();
        Ok(sockets)
    }

    /// Whether people may come from other machines.
    pub(super) fn are_at_the_network(&self) -> bool {
        !self.tls.is_empty()
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
            tls: std::mem::take(&mut self.tls).into_iter().map(served_tcp).collect::<Result<_, _>>()?,
        })
    }

    /// Opens the doors of tenants that are new. Those of tenants that are gone stay open, for nobody, until the next start:
    /// an administrator may give them to a successor.
    pub(super) fn follow(&mut self, gateway: &Arc<Gateway>, standing: &Standing) -> Result<(), Failure> {
        let own = all_served(self.owns_of(standing)?)?;
        tokio::spawn(Arc::clone(gateway).serve(Listeners { own, ..Listeners::default() }));
        Ok(())
    }

    /// Tenants' own sockets, and those that containers of adopted predecessors look for; without those that are served
    /// already.
    fn owns_of(&mut self, standing: &Standing) -> Result<Vec<(TenantId, UnixListener)>, Failure> {
        let mut owns = Vec::new();
        for (name, tenant) in &standing.grants.tenants {
            for generation in std::iter::once(tenant.generation).chain(tenant.adopted.iter().copied()) {
                let tenant = TenantId { name: name.clone(), generation };
                if self.served.contains(&tenant) {
                    continue;
                }
                let listener = self.own(&tenant)?;
                owns.push((tenant, listener));
            }
        }
        // Not before it is known that all are there: else none of these is answered at.
        self.served.extend(owns.iter().map(|(tenant, _)| tenant.clone()));
        Ok(owns)
    }

    /// A tenant's own socket: the one that is held, or, where nobody holds any, one until we end.
    fn own(&mut self, tenant: &TenantId) -> Result<UnixListener, Failure> {
        let path = own_socket(&self.own_directory, tenant);
        match self.helper.as_deref().map(|helper| ask_for_socket(helper, tenant)) {
            Some(Ok(held)) => return Ok(held.into()),
            Some(Err(error)) if !is_absent(&error) => {
                let message = format!("`wharf pins` does not give `{}`: {error}", path.display());
                return Err(Failure::new(Exit::Failed, message).hint("see what `wharf pins` says of it"));
            }
            Some(Err(_)) | None => {}
        }
        for directory in path.ancestors().skip(1).take(2) {
            make_directory(directory, 0o700)?;
        }
        // Whoever is let in by a mount may connect, whatever its number: who it is, is decided already.
        self.listen(&path, 0o666)
    }

    /// Has those closed that nobody answers at.
    fn give_up_others(&self) {
        let Some(helper) = &self.helper else { return };
        let live = self.served.iter().map(|tenant| (tenant.name.clone(), tenant.generation)).collect();
        match ask(helper, &Question::KeepSockets { live }) {
            Err(error) if !is_absent(&error) => {
                show::say(&format!("warning: sockets of former tenants stay open: {error}"));
            }
            _ => {}
        }
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

/// Where tenants' own sockets lie: beside the first door that is a socket.
pub(in crate::verbs) fn own_directory(config: &HostConfig) -> PathBuf {
    Path::new(config.sockets_folder()).join("tenants")
}

/// Whether there is no `wharf pins`.
fn is_absent(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused)
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
        if wharf_pin::is_listened_at(path).map_err(failed)? {
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

fn served_tcp(listener: TcpListener) -> Result<tokio::net::TcpListener, Failure> {
    let failed = |error: std::io::Error| Failure::of(Exit::Failed, &error);
    listener.set_nonblocking(true).map_err(failed)?;
    tokio::net::TcpListener::from_std(listener).map_err(failed)
}

fn served(listener: UnixListener) -> Result<tokio::net::UnixListener, Failure> {
    let failed = |error: std::io::Error| Failure::of(Exit::Failed, &error);
    listener.set_nonblocking(true).map_err(failed)?;
    tokio::net::UnixListener::from_std(listener).map_err(failed)
}
