//! Where tenants knock.

use serde::{Serialize, Serializer};
use std::fmt;
use std::path::Path;
use std::str::FromStr;
use thiserror::Error;

/// An address at which the gateway listens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ListenAddress {
    /// `unix:///path`: a socket at this absolute, plain path.
    Unix(String),
}

/// Why a text is no address to listen at.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ListenAddressError {
    /// Neither `unix://` nor anything else that is known.
    #[error("the gateway listens at sockets, `unix:///path`")]
    NotSupported,
    /// `tcp://`.
    #[error("listening at `tcp://` comes with certificates, which this version does not have")]
    Tcp,
    /// The path is relative, or has `.`, `..` or a doubled slash.
    #[error("the socket's path is absolute and plain")]
    NotPlain,
    /// The kernel holds 107 bytes, and the administrator's socket lies in a folder beside this one.
    #[error("the socket's folder has at most {most} bytes", most = LONGEST_FOLDER)]
    TooLong,
}

/// What is added to the folder of the first socket for the administrator's.
const ADMIN: &str = "/admin/docker.sock";

/// Bytes of a socket's path that the kernel holds (unix(7): 108, a NUL at the end).
const LONGEST_PATH: usize = 107;

const LONGEST_FOLDER: usize = LONGEST_PATH - ADMIN.len();

impl ListenAddress {
    /// The folder in which the socket is made.
    pub fn folder(&self) -> &str {
        let Self::Unix(path) = self;
        path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The path of the administrator's socket that belongs to this one.
    pub fn admin_path(&self) -> String {
        format!("{}{ADMIN}", self.folder())
    }

    /// The path of the socket.
    pub fn path(&self) -> &Path {
        let Self::Unix(path) = self;
        Path::new(path)
    }
}

impl FromStr for ListenAddress {
    type Err = ListenAddressError;

    fn from_str(text: &str) -> Result<Self, ListenAddressError> {
        if text.starts_with("tcp://") || text.starts_with("https://") {
            return Err(ListenAddressError::Tcp);
        }
        let path = text.strip_prefix("unix://").ok_or(ListenAddressError::NotSupported)?;
        let below = path.strip_prefix('/').ok_or(ListenAddressError::NotPlain)?;
        let is_plain = below.split('/').all(|part| !matches!(part, "" | "." | ".."));
        if !is_plain || path.contains('\0') {
            return Err(ListenAddressError::NotPlain);
        }
        let address = Self::Unix(path.to_owned());
        if path.len() > LONGEST_PATH || address.folder().len() > LONGEST_FOLDER {
            return Err(ListenAddressError::TooLong);
        }
        Ok(address)
    }
}

impl fmt::Display for ListenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Unix(path) = self;
        write!(f, "unix://{path}")
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
    fn what_cannot_be_listened_at_says_why() {
        let error = |text: &str| text.parse::<ListenAddress>().unwrap_err();
        assert_eq!(error("tcp://0.0.0.0:2376"), ListenAddressError::Tcp);
        assert_eq!(error("/run/wharf.sock"), ListenAddressError::NotSupported);
        assert_eq!(error("fd://"), ListenAddressError::NotSupported);
        for wrong in ["unix://run/x", "unix:///", "unix:///a/../b", "unix:///a//b", "unix:///a/", "unix://"] {
            assert_eq!(error(wrong), ListenAddressError::NotPlain, "{wrong}");
        }
        assert_eq!(error(&format!("unix:///{}/s", "a".repeat(89))), ListenAddressError::TooLong);
        assert_eq!(error(&format!("unix:///a/{}", "s".repeat(105))), ListenAddressError::TooLong);
        let longest = format!("unix:///{}/s", "a".repeat(88));
        assert_eq!(longest.parse::<ListenAddress>().unwrap().admin_path().len(), 107);
    }
}
