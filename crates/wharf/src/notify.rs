//! Word to systemd, where systemd asked for it (sd_notify(3)): that a service is ready, and which descriptors it keeps for
//! the service's next process.

use crate::setting::Setting;
use rustix::cmsg_space;
use rustix::fd::BorrowedFd;
use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};
use std::io::{Error, IoSlice};
use std::mem::MaybeUninit;
use std::net::TcpListener;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram, UnixListener};
use wharf_pin::Keeper;

/// Says that what was started can be used now. Nobody is told where nobody asked.
pub(crate) fn ready(setting: &Setting<'_>) {
    if let Some(name) = setting.heeded("NOTIFY_SOCKET") {
        // Who asked and does not listen waits in vain, and says so itself.
        let _told = tell(name, "READY=1", None);
    }
}

/// What systemd listens at for this service.
pub(crate) struct Held {
    /// Sockets on this machine.
    pub(crate) sockets: Vec<UnixListener>,
    /// Addresses at the network.
    pub(crate) addresses: Vec<TcpListener>,
}

/// All that systemd holds for this service.
pub(crate) fn held() -> Held {
    let mut held = listenfd::ListenFd::from_env();
    let (mut sockets, mut addresses) = (Vec::new(), Vec::new());
    for index in 0..held.len() {
        // What is of neither kind is none of ours.
        sockets.extend(held.take_unix_listener(index).ok().flatten());
        addresses.extend(held.take_tcp_listener(index).ok().flatten());
    }
    Held { sockets, addresses }
}

/// The listening sockets on this machine that systemd holds for this service.
pub(crate) fn listeners() -> Vec<UnixListener> {
    held().sockets
}

/// systemd as the keeper of descriptors; `None` where it did not start this.
pub(crate) fn keeper(setting: &Setting<'_>) -> Option<Box<dyn Keeper>> {
    let name = setting.heeded("NOTIFY_SOCKET")?;
    Some(Box::new(Systemd { name: name.to_owned() }))
}

struct Systemd {
    name: String,
}

impl Keeper for Systemd {
    fn keep(&self, name: &str, socket: BorrowedFd<'_>) {
        // Without it a restart makes another socket, which is no worse than no systemd.
        let _told = tell(&self.name, &format!("FDSTORE=1\nFDNAME={name}"), Some(socket));
    }

    fn forget(&self, name: &str) {
        let _told = tell(&self.name, &format!("FDSTOREREMOVE=1\nFDNAME={name}"), None);
    }
}

fn tell(name: &str, words: &str, with: Option<BorrowedFd<'_>>) -> std::io::Result<()> {
    let address = match name.strip_prefix('@') {
        Some(name) => SocketAddr::from_abstract_name(name)?,
        None => SocketAddr::from_pathname(name)?,
    };
    let socket = UnixDatagram::unbound()?;
    socket.connect_addr(&address)?;
    let mut space = [MaybeUninit::uninit(); cmsg_space!(ScmRights(1))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    let fds: Vec<_> = with.into_iter().collect();
    if !fds.is_empty() && !control.push(SendAncillaryMessage::ScmRights(&fds)) {
        return Err(Error::other("no room for a descriptor"));
    }
    sendmsg(&socket, &[IoSlice::new(words.as_bytes())], &mut control, SendFlags::NOSIGNAL)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(socket: &UnixDatagram) -> String {
        let mut bytes = [0; 64];
        let length = socket.recv(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes[..length]).into_owned()
    }

    #[test]
    fn whoever_asked_is_told_by_path_or_by_name() {
        let path = std::env::temp_dir().join(format!("wharf-notify-{}", std::process::id()));
        let socket = UnixDatagram::bind(&path).unwrap();
        tell(path.to_str().unwrap(), "READY=1", None).unwrap();
        assert_eq!(heard(&socket), "READY=1");
        std::fs::remove_file(path).unwrap();
        let name = format!("wharf-notify-test-{}", std::process::id());
        let socket = UnixDatagram::bind_addr(&SocketAddr::from_abstract_name(&name).unwrap()).unwrap();
        tell(&format!("@{name}"), "READY=1", None).unwrap();
        assert_eq!(heard(&socket), "READY=1");
        assert!(tell("/nowhere/notify", "READY=1", None).is_err());
    }
}
