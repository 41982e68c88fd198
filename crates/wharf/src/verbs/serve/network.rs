//! Where people come in from other machines: the addresses, and the identity that is asked for there.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::passphrase;
use crate::setting::Setting;
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
    bind(&socket, &address)?;
    listen(&socket, BACKLOG)?;
    Ok(socket.into())
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
