//! Where an engine listens, and how it is reached there.

use crate::{SshEndpoint, SshTargetError, TlsClient};
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use thiserror::Error;

/// Where an engine listens, as `DOCKER_HOST` says it, and what is needed to reach it there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// `unix:///path`.
    Unix(PathBuf),
    /// `tcp://host:port`, without TLS: whoever stands between sees and changes everything.
    Tcp(String),
    /// `tcp://host:port` with TLS, verified on our side, and mostly on the other.
    Tls(String, TlsClient),
    /// `ssh://[user@]host[:port][/path/of/socket]`, by the system's `ssh`.
    Ssh(SshEndpoint),
}

/// Why a text names no endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EndpointError {
    /// Another scheme.
    #[error("`{0}` is not supported; `unix:///path`, `tcp://host:port` and `ssh://user@host` are")]
    Scheme(String),
    /// A relative path.
    #[error("`{0}`: the path of a socket is absolute")]
    RelativePath(String),
    /// No port.
    #[error("`{0}`: a TCP endpoint is `tcp://host:port`")]
    NoPort(String),
    /// No address that `ssh` may be given.
    #[error("`{0}`: {1}")]
    Ssh(String, SshTargetError),
}

impl Endpoint {
    /// The same over TLS: for `tcp://host:port`, all else stays as it is.
    #[must_use]
    pub fn over_tls(self, client: TlsClient) -> Self {
        match self {
            Self::Tcp(address) => Self::Tls(address, client),
            other => other,
        }
    }
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
        if let Some(rest) = text.strip_prefix("ssh://") {
            let target = rest.parse().map_err(|error| EndpointError::Ssh(text.into(), error))?;
            return Ok(Self::Ssh(SshEndpoint::new(target)));
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
            Self::Tcp(address) | Self::Tls(address, _) => write!(f, "tcp://{address}"),
            Self::Ssh(ssh) => write!(f, "ssh://{}", ssh.target()),
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
        for said in ["ssh://ana@quay.example:2222", "ssh://quay", "ssh://[::1]:22/run/docker.sock"] {
            assert_eq!(said.parse::<Endpoint>().unwrap().to_string(), said);
        }
        assert_eq!("npipe://x".parse::<Endpoint>(), Err(EndpointError::Scheme("npipe://x".into())));
        assert_eq!("unix://x".parse::<Endpoint>(), Err(EndpointError::RelativePath("unix://x".into())));
        assert_eq!("tcp://x".parse::<Endpoint>(), Err(EndpointError::NoPort("tcp://x".into())));
    }

    #[test]
    fn what_ssh_could_take_for_an_option_is_no_endpoint() {
        for said in ["ssh://-oProxyCommand=id", "ssh://-oProxyCommand=id@quay", "ssh://quay:-1", "ssh://a b"]
        {
            assert!(matches!(said.parse::<Endpoint>(), Err(EndpointError::Ssh(..))), "{said}");
        }
    }
}
