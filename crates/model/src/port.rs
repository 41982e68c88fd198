//! Ports and protocols.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::num::NonZeroU16;
use std::str::FromStr;
use thiserror::Error;

/// A port number, 1 to 65535.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Port(NonZeroU16);

/// What a port speaks. The engine's `sctp` is not offered to pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// The default.
    Tcp,
    /// Datagrams.
    Udp,
}

/// A port of a container with its protocol; shown as the engine writes it, `80/tcp`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContainerPort {
    /// The number.
    pub port: Port,
    /// The protocol.
    pub protocol: Protocol,
}

/// Why a text is not a port.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PortError {
    /// Not a number from 1 to 65535 in plain digits.
    #[error("a port is a number from 1 to 65535")]
    NotAPort,
    /// What stands after the slash.
    #[error("`{0}` is not a protocol; `tcp` and `udp` are")]
    NotAProtocol(String),
}

impl Port {
    /// The number.
    pub fn number(self) -> u16 {
        self.0.get()
    }
}

impl TryFrom<u64> for Port {
    type Error = PortError;
    fn try_from(number: u64) -> Result<Self, PortError> {
        let number = u16::try_from(number).map_err(|_| PortError::NotAPort)?;
        NonZeroU16::new(number).map(Self).ok_or(PortError::NotAPort)
    }
}

impl FromStr for Port {
    type Err = PortError;
    fn from_str(text: &str) -> Result<Self, PortError> {
        if text.is_empty() || text.len() > 5 || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(PortError::NotAPort);
        }
        let number: u64 = text.parse().map_err(|_| PortError::NotAPort)?;
        Self::try_from(number)
    }
}

impl FromStr for Protocol {
    type Err = PortError;
    fn from_str(text: &str) -> Result<Self, PortError> {
        match text {
            "tcp" => Ok(Self::Tcp),
            "udp" => Ok(Self::Udp),
            other => Err(PortError::NotAProtocol(other.to_owned())),
        }
    }
}

impl FromStr for ContainerPort {
    type Err = PortError;
    /// `80`, `80/tcp` or `53/udp`.
    fn from_str(text: &str) -> Result<Self, PortError> {
        match text.split_once('/') {
            Some((port, protocol)) => Ok(Self { port: port.parse()?, protocol: protocol.parse()? }),
            None => Ok(Self { port: text.parse()?, protocol: Protocol::Tcp }),
        }
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        })
    }
}

impl fmt::Display for ContainerPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.port, self.protocol)
    }
}

impl Serialize for ContainerPort {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_says_its_protocol_or_means_tcp() {
        let shown = |text: &str| text.parse::<ContainerPort>().map(|p| p.to_string());
        assert_eq!(shown("80"), Ok("80/tcp".into()));
        assert_eq!(shown("53/udp"), Ok("53/udp".into()));
        assert_eq!(shown("0"), Err(PortError::NotAPort));
        assert_eq!(shown("65536"), Err(PortError::NotAPort));
        assert_eq!(shown("+80"), Err(PortError::NotAPort));
        assert_eq!(shown("80/sctp"), Err(PortError::NotAProtocol("sctp".into())));
    }
}
