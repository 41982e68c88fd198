//! What can go wrong between wharf and an engine.

use crate::{Endpoint, SshFault, TlsFault};
use thiserror::Error;
use wharf_wire::AnswerError;

/// What went wrong.
#[derive(Debug, Error)]
pub enum EngineError {
    /// Nobody listens there, or not for us.
    #[error("no engine answers at `{endpoint}`")]
    Unreachable {
        /// Where.
        endpoint: Endpoint,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// TLS does not stand between us: nothing was asked.
    #[error("no engine is reached safely at `{endpoint}`")]
    Tls {
        /// Where.
        endpoint: Endpoint,
        /// Why.
        #[source]
        source: TlsFault,
    },
    /// `ssh` did not get there.
    #[error("no engine is reached at `{endpoint}`")]
    Ssh {
        /// Where.
        endpoint: Endpoint,
        /// Why.
        #[source]
        source: SshFault,
    },
    /// It is older than anything wharf knows.
    #[error("the engine at `{endpoint}` speaks API {version}; wharf needs 1.41 (Docker 20.10) or newer")]
    TooOld {
        /// Where.
        endpoint: Endpoint,
        /// What it speaks.
        version: String,
    },
    /// It said no.
    #[error("the engine refused to {verb}: {message}")]
    Refused {
        /// What was asked.
        verb: String,
        /// The HTTP status.
        status: u16,
        /// Its words.
        message: String,
    },
    /// The conversation broke off.
    #[error("the connection to the engine broke while wharf asked it to {verb}")]
    Broken {
        /// What was asked.
        verb: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// It answered something else.
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// It did not answer.
    #[error("the engine did not answer within {seconds} s when asked to {verb}")]
    Silent {
        /// What was asked.
        verb: String,
        /// How long wharf waited.
        seconds: u64,
    },
}

impl EngineError {
    /// The HTTP status of a refusal.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// Why there is no connection.
    pub(crate) fn unreachable(endpoint: &Endpoint, source: std::io::Error) -> Self {
        Self::of_carrier(endpoint, &source)
            .unwrap_or_else(|| Self::Unreachable { endpoint: endpoint.clone(), source })
    }

    /// What TLS or `ssh` says, when one of them is behind an error.
    pub(crate) fn of_carrier(endpoint: &Endpoint, error: &(dyn std::error::Error + 'static)) -> Option<Self> {
        match endpoint {
            Endpoint::Tls(_, client) => {
                Some(Self::Tls { endpoint: endpoint.clone(), source: TlsFault::behind(error, client.own())? })
            }
            Endpoint::Ssh(_) => {
                Some(Self::Ssh { endpoint: endpoint.clone(), source: SshFault::behind(error)? })
            }
            Endpoint::Unix(_) | Endpoint::Tcp(_) => None,
        }
    }

    pub(crate) fn broken(verb: &str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Broken { verb: verb.to_owned(), source: source.into() }
    }
}
