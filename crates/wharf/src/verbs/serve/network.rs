//! Where people come in from other machines: the addresses, and the identity that is asked for there.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::{passphrase, show};
use rustix::fd::OwnedFd;
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketFlags, SocketType, bind, ipproto, listen, socket_with, sockopt};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use wharf_config::HostConfig;
use wharf_gateway::{Identity, IdentityProblem, IdentitySource};
use wharf_model::ListenAddress;
use wharf_store::{IdentityError, IdentityStore};

/// Connections that the kernel keeps until we take them.
const BACKLOG: i32 = 1024;

/// Listens at every network address of the configuration.
pub(super) fn open(config: &HostConfig) -> Result<Vec<TcpListener>, Failure> {
    let addresses = config.listen.iter().filter_map(|address| match address {
        ListenAddress::Tcp(address) => Some(*address),
        ListenAddress::Unix(_) => None,
    });
    addresses.map(at).collect()
}

fn at(address: SocketAddr) -> Result<TcpListener, Failure> {
    bound(address).map_err(|error| {
        let message = format!("cannot listen at `tcp://{address}`: {error}");
        Failure::new(Exit::Failed, message)
            .hint("`ss -ltnp` shows who listens where, `ip address` which addresses there are")
    })
}

/// As std does it, but that an address of IPv6 is one of IPv6 alone: the configuration says which are meant.
fn bound(address: SocketAddr) -> std::io::Result<TcpListener> {
    let family = if address.is_ipv4() { AddressFamily::INET } else { AddressFamily::INET6 };
    let socket = socket_with(family, SocketType::STREAM, SocketFlags::CLOEXEC, Some(ipproto::TCP))?;
    sockopt::set_socket_reuseaddr(&socket, true)?;
    if address.is_ipv6() {
        sockopt::set_ipv6_v6only(&socket, true)?;
    }
    match bind(&socket, &address) {
        Err(Errno::ADDRNOTAVAIL) => bind_ahead(&socket, address)?,
        bound => bound?,
    }
    listen(&socket, BACKLOG)?;
    Ok(socket.into())
}

/// At the start of a machine its addresses may come later than we do: that is no reason not to serve anybody.
fn bind_ahead(socket: &OwnedFd, address: SocketAddr) -> std::io::Result<()> {
    match address {
        SocketAddr::V4(_) => sockopt::set_ip_freebind(socket, true)?,
        SocketAddr::V6(_) => sockopt::set_ipv6_freebind(socket, true)?,
    }
    bind(socket, &address)?;
    let ip = address.ip();
    show::say(&format!(
        "warning: this machine does not have the address {ip} (yet): nobody comes in there before it has"
    ));
    Ok(())
}

/// Who may come in there: without an authority nobody could, and none is made unasked.
pub(super) fn identity(
    setting: &Setting<'_>,
    state: &Path,
    passphrase_file: Option<&Path>,
) -> Result<Identity, Failure> {
    let store = IdentityStore::within(state);
    let files = setting.config.server_certificate.as_ref();
    let source = IdentitySource {
        store,
        passphrase: passphrase::given(setting, passphrase_file)?,
        server_certificate: files.map(|files| (PathBuf::from(&files.cert), PathBuf::from(&files.key))),
    };
    Identity::open(source).map_err(|problem| match &problem {
        IdentityProblem::Store(IdentityError::NoAuthority) => Failure::usage(
            "at `tcp://` everybody needs a certificate, and this host has no authority that could issue one",
        )
        .hint("make one with `wharf ca init`, or leave `tcp://` out of `listen`"),
        _ => Failure::of(Exit::Usage, &problem),
    })
}
