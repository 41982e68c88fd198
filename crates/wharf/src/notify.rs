//! Word to systemd that a service is ready, where systemd asked for it (sd_notify(3)).

use crate::setting::Setting;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};

/// Says that what was started can be used now. Nobody is told where nobody asked.
pub(crate) fn ready(setting: &Setting<'_>) {
    if let Some(name) = setting.heeded("NOTIFY_SOCKET") {
        // Who asked and does not listen waits in vain, and says so itself.
        let _told = tell(name, "READY=1");
    }
}

fn tell(name: &str, words: &str) -> std::io::Result<()> {
    let address = match name.strip_prefix('@') {
        Some(name) => SocketAddr::from_abstract_name(name)?,
        None => SocketAddr::from_pathname(name)?,
    };
    UnixDatagram::unbound()?.send_to_addr(words.as_bytes(), &address).map(drop)
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
        tell(path.to_str().unwrap(), "READY=1").unwrap();
        assert_eq!(heard(&socket), "READY=1");
        std::fs::remove_file(path).unwrap();
        let name = format!("wharf-notify-test-{}", std::process::id());
        let socket = UnixDatagram::bind_addr(&SocketAddr::from_abstract_name(&name).unwrap()).unwrap();
        tell(&format!("@{name}"), "READY=1").unwrap();
        assert_eq!(heard(&socket), "READY=1");
        assert!(tell("/nowhere/notify", "READY=1").is_err());
    }
}
