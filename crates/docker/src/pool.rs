//! Connections to one engine, kept for the next request (a new one costs 45 to 65 µs, measured).

use crate::{Endpoint, EngineError, TlsFault};
use bytes::Bytes;
use futures_util::TryStreamExt;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::AsyncRead;
use tokio::net::{TcpStream, UnixStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A request's body: whole, or as it comes from a client.
pub type RequestBody = UnsyncBoxBody<Bytes, Box<dyn std::error::Error + Send + Sync>>;

/// A request's body that is read as it is sent.
pub fn streamed(reader: impl AsyncRead + Send + 'static) -> RequestBody {
    let pieces = tokio_util::io::ReaderStream::with_capacity(reader, PIECE);
    StreamBody::new(pieces.map_ok(hyper::body::Frame::data).map_err(Into::into)).boxed_unsync()
}

/// How much is read of it at a time.
const PIECE: usize = 64 << 10;

pub(crate) type Connection = SendRequest<RequestBody>;

/// How long a socket may take to accept us.
const CONNECT_PATIENCE: Duration = Duration::from_secs(10);
/// The most connections that are kept idle: more were busy at once, once.
const MOST_IDLE: usize = 32;
/// What is read ahead of an answer's reader, and the longest head: a reader that is slow holds up no more than this.
const MOST_AHEAD: usize = 128 << 10;

/// As many `ssh` may be on their way at once: OpenSSH's server drops those beyond its `MaxStartups`, 10 as it comes.
const MOST_BY_SSH: usize = 6;

/// Idle connections.
#[derive(Debug)]
pub(crate) struct Pool {
    pub(crate) endpoint: Endpoint,
    idle: Mutex<Vec<Connection>>,
    on_their_way: Arc<Semaphore>,
}

impl Pool {
    pub(crate) fn new(endpoint: Endpoint) -> Self {
        Self { endpoint, idle: Mutex::new(Vec::new()), on_their_way: Arc::new(Semaphore::new(MOST_BY_SSH)) }
    }

    /// An idle connection that still lives, or a new one; and whether it was idle.
    async fn take(&self) -> Result<(Connection, bool), EngineError> {
        loop {
            let candidate = self.idle.lock().ok().and_then(|mut idle| idle.pop());
            let Some(mut connection) = candidate else {
                return Ok((Box::pin(self.connect()).await?, false));
            };
            if connection.ready().await.is_ok() {
                return Ok((connection, true));
            }
            // One that died while idle seldom died alone: the engine was started again.
            if let Ok(mut idle) = self.idle.lock() {
                idle.retain(|other| !other.is_closed());
            }
        }
    }

    /// Sends a request on an idle connection, or a new one. Idle ones may be dead without anybody knowing yet: what then
    /// was not sent at all is sent on a new one; what may have been, only when `again` makes the same request anew, which
    /// it may for what only reads.
    pub(crate) async fn exchange(
        &self,
        request: Request<RequestBody>,
        again: Option<&(dyn Fn() -> Request<RequestBody> + Sync)>,
    ) -> Result<(Response<Incoming>, Connection), ExchangeError> {
        let (mut connection, was_idle) = self.take().await.map_err(ExchangeError::Unreachable)?;
        let mut failed = match connection.try_send_request(request).await {
            Ok(response) => return Ok((response, connection)),
            Err(failed) => failed,
        };
        let request = match (failed.take_message(), again) {
            (Some(unsent), _) => unsent,
            (None, Some(again)) if was_idle => again(),
            (None, _) => return Err(self.why_broken(failed.into_error()).await),
        };
        // Apart: connections are seldom made, and TLS's handshake would be the most of every request's room.
        let mut connection = Box::pin(self.connect()).await.map_err(ExchangeError::Unreachable)?;
        match connection.send_request(request).await {
            Ok(response) => Ok((response, connection)),
            Err(broken) => Err(self.why_broken(broken).await),
        }
    }

    /// What carries the connection may know why it broke: a server looks at our certificate, and `ssh` finds its way, when
    /// the request is already under way.
    async fn why_broken(&self, broken: hyper::Error) -> ExchangeError {
        if let Some(known) = EngineError::of_carrier(&self.endpoint, &broken) {
            return ExchangeError::Unreachable(known);
        }
        let fault = match &self.endpoint {
            Endpoint::Tls(address, client) => Box::pin(client.why_broken(address)).await,
            Endpoint::Tcp(_) if broken.is_parse() => Some(TlsFault::NotHttp),
            _ => None,
        };
        match fault {
            Some(source) => {
                ExchangeError::Unreachable(EngineError::Tls { endpoint: self.endpoint.clone(), source })
            }
            None => ExchangeError::Broken(broken),
        }
    }

    async fn connect(&self) -> Result<Connection, EngineError> {
        // Not within the time below: a slow `ssh` is no silent engine.
        let permit = match &self.endpoint {
            Endpoint::Ssh(_) => Arc::clone(&self.on_their_way).acquire_owned().await.ok(),
            _ => None,
        };
        // On the heap: a handshake of TLS needs room that every request would carry otherwise.
        let attempt = tokio::time::timeout(CONNECT_PATIENCE, Box::pin(self.dial(permit))).await;
        attempt
            .unwrap_or_else(|late| Err(std::io::Error::new(std::io::ErrorKind::TimedOut, late)))
            .map_err(|source| EngineError::unreachable(&self.endpoint, source))
    }

    async fn dial(&self, permit: Option<OwnedSemaphorePermit>) -> std::io::Result<Connection> {
        match &self.endpoint {
            Endpoint::Unix(path) => shake(UnixStream::connect(path).await?).await,
            Endpoint::Tcp(address) => shake(TcpStream::connect(address).await?).await,
            Endpoint::Tls(address, client) => shake(client.connect(address).await?).await,
            Endpoint::Ssh(ssh) => shake(ssh.connect(permit)?).await,
        }
    }

    pub(crate) fn give_back(&self, connection: Connection) {
        if let Ok(mut idle) = self.idle.lock()
            && idle.len() < MOST_IDLE
        {
            idle.push(connection);
        }
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum ExchangeError {
    /// Nobody listens.
    Unreachable(EngineError),
    /// The request may have been acted on.
    Broken(hyper::Error),
}

impl ExchangeError {
    /// As what was asked.
    pub(crate) fn asking(self, verb: &str) -> EngineError {
        match self {
            Self::Unreachable(error) => error,
            Self::Broken(error) => EngineError::broken(verb, error),
        }
    }
}

async fn shake<S>(stream: S) -> std::io::Result<Connection>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let handshake = http1::Builder::new().max_buf_size(MOST_AHEAD).handshake(TokioIo::new(stream));
    let (sender, driver) = handshake.await.map_err(std::io::Error::other)?;
    // The driver ends with its connection; what breaks it reaches the request that was waiting.
    tokio::spawn(async move {
        let _ended = driver.with_upgrades().await;
    });
    Ok(sender)
}
