//! Where tenants knock.

use serde::{Serialize, Serializer};
use std::fmt;
use std::net::SocketAddr;
use std::path::Path;
use std::str::FromStr;
use thiserror::Error;

/// An address at which the gateway listens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ListenAddress {
    /// `unix:///path`: a socket at this absolute, plain path. Who knocks is told by the kernel.
    Unix(String),
    /// `tcp://address:port`: mutual TLS. Who knocks is told by a certificate; there is no way to say that none is asked for.
    Tcp(SocketAddr),
}

/// Why a text is no address to listen at.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ListenAddressError {
    /// Neither `unix://` nor `tcp://`.
    #[error("the gateway listens at sockets, `unix:///path`, and with certificates at `tcp://ADDRESS:PORT`")]
    NotSupported,
    /// The path is relative, or has `.`, `..` or a doubled slash.
    #[error("the socket's path is absolute and plain")]
    NotPlain,
    /// The kernel holds 107 bytes, and the administrator's socket lies in a folder beside this one.
    #[error("the socket's folder has at most {most} bytes", most = LONGEST_FOLDER)]
    TooLong,
    /// A name, or no port.
    #[error("after `tcp://` stand an IP address and a port")]
    NotAnIpAddress,
    /// Nobody could know which port it became.
    #[error("the port is a number from 1 to 65535")]
    NoPort,
}

/// What is added to the folder of the first socket for the administrator's.
const ADMIN: &str = "/admin/docker.sock";

/// Bytes of a socket's path that the kernel holds (unix(7): 108, a NUL at the end).
const LONGEST_PATH: usize = 107;

const LONGEST_FOLDER: usize = LONGEST_PATH - ADMIN.len();

impl ListenAddress {
    /// Where the gateway's own sockets lie when no socket's address says otherwise.
    pub const USUAL_FOLDER: &'static str = "/run/wharf";

    /// The folder in which the socket is made, if it is one.
    pub fn folder(&self) -> Option<&str> {
        match self {
            Self::Unix(path) => Some(path.rsplit_once('/').map_or("", |(folder, _)| folder)),
            Self::Tcp(_) => None,
        }
    }

    /// The path of the administrator's socket that belongs to this one: for an address without a folder, in the usual one.
    pub fn admin_path(&self) -> String {
        format!("{}{ADMIN}", self.folder().unwrap_or(Self::USUAL_FOLDER))
    }

    /// The path of the socket, if it is one.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Unix(path) => Some(Path::new(path)),
            Self::Tcp(_) => None,
        }
    }
}

impl FromStr for ListenAddress {
    type Err = ListenAddressError;

    fn from_str(text: &str) -> Result<Self, ListenAddressError> {
        if let Some(address) = text.strip_prefix("tcp://") {
            return tcp(address);
        }
        let path = text.strip_prefix("unix://").ok_or(ListenAddressError::NotSupported)?;
        let below = path.strip_prefix('/').ok_or(ListenAddressError::NotPlain)?;
        let is_plain = below.split('/').all(|part| !matches!(part, "" | "." | ".."));
        if !is_plain || path.contains('\0') {
            return Err(ListenAddressError::NotPlain);
        }
        let address = Self::Unix(path.to_owned());
        let folder = address.folder().unwrap_or_default();
        if path.len() > LONGEST_PATH || folder.len() > LONGEST_FOLDER {
            return Err(ListenAddressError::TooLong);
        }
        Ok(address)
    }
}

/// `192.168.7.1:2376`, `[fd00::1]:2376`: no name, which would mean another address tomorrow.
fn tcp(text: &str) -> Result<ListenAddress, ListenAddressError> {
    let address: SocketAddr = text.parse().map_err(|_| ListenAddressError::NotAnIpAddress)?;
    if address.port() == 0 {
        return Err(ListenAddressError::NoPort);
    }
    Ok(ListenAddress::Tcp(address))
}

impl fmt::Display for ListenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "unix://{path}"),
            Self::Tcp(address) => write!(f, "tcp://{address}"),
        }
    }
}

impl Serialize for ListenAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_administrators_socket_lies_in_a_folder_beside() {
        let address: ListenAddress = "unix:///run/wharf/docker.sock".parse().unwrap();
        assert_eq!(address, ListenAddress::Unix("/run/wharf/docker.sock".into()));
        assert_eq!(address.admin_path(), "/run/wharf/admin/docker.sock");
        assert_eq!(address.to_string(), "unix:///run/wharf/docker.sock");
        let at_root: ListenAddress = "unix:///s".parse().unwrap();
        assert_eq!(at_root.admin_path(), "/admin/docker.sock");
    }

    #[test]
    fn a_network_address_is_read_and_has_no_socket_of_its_own() {
        for text in
            ["tcp://0.0.0.0:2376", "tcp://[::]:2376", "tcp://192.168.7.1:1", "tcp://[fd00:7::1]:65535"]
        {
            let address: ListenAddress = text.parse().unwrap();
            assert_eq!(address.to_string(), text);
            assert_eq!((address.path(), address.folder()), (None, None));
            assert_eq!(address.admin_path(), "/run/wharf/admin/docker.sock");
        }
    }

    #[test]
    fn what_cannot_be_listened_at_says_why() {
        let error = |text: &str| text.parse::<ListenAddress>().unwrap_err();
        for wrong in ["/run/wharf.sock", "fd://", "https://0.0.0.0:2376", "0.0.0.0:2376", "tcp:0.0.0.0:2376"]
        {
            assert_eq!(error(wrong), ListenAddressError::NotSupported, "{wrong}");
        }
        for wrong in ["unix://run/x", "unix:///", "unix:///a/../b", "unix:///a//b", "unix:///a/", "unix://"] {
            assert_eq!(error(wrong), ListenAddressError::NotPlain, "{wrong}");
        }
        for wrong in ["tcp://", "tcp://:2376", "tcp://0.0.0.0", "tcp://localhost:2376", "tcp://::1:2376"] {
            assert_eq!(error(wrong), ListenAddressError::NotAnIpAddress, "{wrong}");
        }
        for wrong in
            ["tcp://0.0.0.0:2376/", "tcp://0.0.0.0:65536", "tcp://a@0.0.0.0:1", "tcp://0.0.0.0:1?tls=no"]
        {
            assert_eq!(error(wrong), ListenAddressError::NotAnIpAddress, "{wrong}");
        }
        assert_eq!(error("tcp://0.0.0.0:0"), ListenAddressError::NoPort);
        assert_eq!(error(&format!("unix:///{}/s", "a".repeat(89))), ListenAddressError::TooLong);
        assert_eq!(error(&format!("unix:///a/{}", "s".repeat(105))), ListenAddressError::TooLong);
        let longest = format!("unix:///{}/s", "a".repeat(88));
        assert_eq!(longest.parse::<ListenAddress>().unwrap().admin_path().len(), 107);
    }
}
