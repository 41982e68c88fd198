//! Where an engine listens.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use thiserror::Error;

/// Where an engine listens, as `DOCKER_HOST` says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// `unix:///path`.
    Unix(PathBuf),
    /// `tcp://host:port`, without TLS.
    Tcp(String),
}

/// Why a text names no endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EndpointError {
    /// Another scheme.
    #[error("`{0}` is not supported; `unix:///path` and `tcp://host:port` are")]
    Scheme(String),
    /// A relative path.
    #[error("`{0}`: the path of a socket is absolute")]
    RelativePath(String),
    /// No port.
    #[error("`{0}`: a TCP endpoint is `tcp://host:port`")]
    NoPort(String),
}

impl FromStr for Endpoint {
    type Err = EndpointError;
    fn from_str(text: &str) -> Result<Self, EndpointError> {
        if let Some(path) = text.strip_prefix("unix://") {
            let absolute = path.starts_with('/');
            return if absolute {
                Ok(Self::Unix(path.into()))
            } else {
                Err(EndpointError::RelativePath(text.into()))
            };
        }
        let Some(address) = text.strip_prefix("tcp://") else {
            return Err(EndpointError::Scheme(text.into()));
        };
        let address = address.trim_end_matches('/');
        let has_port = address
            .rsplit_once(':')
            .is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok());
        if has_port { Ok(Self::Tcp(address.into())) } else { Err(EndpointError::NoPort(text.into())) }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "unix://{}", path.display()),
            Self::Tcp(address) => write!(f, "tcp://{address}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_said_as_docker_host_says_them() {
        assert_eq!("unix:///run/d.sock".parse(), Ok(Endpoint::Unix("/run/d.sock".into())));
        assert_eq!("tcp://127.0.0.1:2375/".parse(), Ok(Endpoint::Tcp("127.0.0.1:2375".into())));
        assert_eq!("tcp://[::1]:2375".parse(), Ok(Endpoint::Tcp("[::1]:2375".into())));
        assert_eq!("ssh://x".parse::<Endpoint>(), Err(EndpointError::Scheme("ssh://x".into())));
        assert_eq!("unix://x".parse::<Endpoint>(), Err(EndpointError::RelativePath("unix://x".into())));
        assert_eq!("tcp://x".parse::<Endpoint>(), Err(EndpointError::NoPort("tcp://x".into())));
    }
}
