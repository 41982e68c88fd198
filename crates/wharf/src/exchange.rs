//! One request to a gateway on another machine, over TLS, and its answer. For joining and renewing, where there is no docker
//! context yet, or the one there is must not be used while it changes.

use crate::address::Address;
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{AlertDescription, CertificateError, ClientConfig};
use serde_json::Value;
use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// What the gateway answered.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) document: Value,
}

/// Why there is no answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NoAnswer {
    /// Nobody is there.
    Unreachable(String),
    /// It does not say anything.
    Silent,
    /// Its certificate is of another authority than the one that we know it by.
    Stranger,
    /// Its certificate is for other names.
    OtherName,
    /// Its certificate has expired, or is not valid yet.
    OutOfTime,
    /// It does not let us speak what we want to.
    NotSpoken,
    /// It does not let us in, and says so.
    Refused(Refusal),
    /// It breaks off, or what it says is not understood.
    Broken(String),
}

/// What a gateway has against a certificate of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    Revoked,
    Expired,
    /// It is nobody's there.
    Nobody,
}

/// How long to wait for a connection.
const CONNECTING: Duration = Duration::from_secs(15);
/// How long an answer may take.
const ANSWERING: Duration = Duration::from_secs(30);
/// How long a gateway that broke off may take to say why.
const WHY: Duration = Duration::from_secs(3);
/// More than any answer.
const MOST_BYTES: usize = 256 << 10;

/// Asks; `body` is sent as JSON.
pub(crate) async fn ask(
    config: &Arc<ClientConfig>,
    address: &Address,
    method: Method,
    path: &str,
    body: Option<&Value>,
) -> Result<Answered, NoAnswer> {
    let stream = connect(config, address).await?;
    let answering = tokio::time::timeout(ANSWERING, answer(stream, address, method, path, body));
    let said = answering.await.map_err(|_| NoAnswer::Silent)?;
    match said {
        // With TLS 1.3 our certificate is judged when the handshake is over for us, and what is said of it may be lost with
        // the request that nobody read: so nothing is sent, and it is heard.
        Err(NoAnswer::Broken(words)) => Err(why(config, address).await.unwrap_or(NoAnswer::Broken(words))),
        other => other,
    }
}

async fn connect(config: &Arc<ClientConfig>, address: &Address) -> Result<TlsStream<TcpStream>, NoAnswer> {
    let name = ServerName::try_from(address.host.clone())
        .map_err(|_| NoAnswer::Unreachable("that is no host's name".to_owned()))?;
    let connecting = tokio::time::timeout(CONNECTING, async {
        let reached = TcpStream::connect((address.host.as_str(), address.port)).await;
        let stream = reached.map_err(|error| NoAnswer::Unreachable(error.to_string()))?;
        let shaken = TlsConnector::from(Arc::clone(config)).connect(name, stream).await;
        shaken.map_err(|error| broken(&error))
    });
    connecting.await.map_err(|_| NoAnswer::Unreachable("it does not answer in time".to_owned()))?
}

async fn answer(
    stream: TlsStream<TcpStream>,
    address: &Address,
    method: Method,
    path: &str,
    body: Option<&Value>,
) -> Result<Answered, NoAnswer> {
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(|error| broken(&error))?;
    let connection = tokio::spawn(connection);
    let text = body.map(Value::to_string).unwrap_or_default();
    let request = Request::builder().method(method).uri(path).header("Host", address.to_string());
    let request = request.header("Content-Type", "application/json").header("Connection", "close");
    let request = request.body(Full::new(Bytes::from(text))).map_err(|error| broken(&error))?;
    let answer = sender.send_request(request).await.map_err(|error| broken(&error))?;
    let status = answer.status().as_u16();
    let whole = Limited::new(answer.into_body(), MOST_BYTES).collect().await;
    let whole = whole.map_err(|error| broken(error.as_ref()))?.to_bytes();
    connection.abort();
    let document = serde_json::from_slice(&whole);
    document
        .map(|document| Answered { status, document })
        .map_err(|_| NoAnswer::Broken("what it answers is not understood".to_owned()))
}

/// What a gateway says that breaks off after the handshake.
async fn why(config: &Arc<ClientConfig>, address: &Address) -> Option<NoAnswer> {
    let heard = tokio::time::timeout(WHY, async {
        let mut stream = connect(config, address).await?;
        stream.read_u8().await.map_err(|error| broken(&error))
    });
    heard.await.ok()?.err().filter(|said| !matches!(said, NoAnswer::Broken(_) | NoAnswer::Unreachable(_)))
}

/// An error, by what is behind it.
fn broken(error: &(dyn StdError + 'static)) -> NoAnswer {
    match behind(error) {
        None => NoAnswer::Broken(crate::failure::chain(error)),
        Some(rustls::Error::InvalidCertificate(certificate)) => of_certificate(certificate),
        Some(rustls::Error::AlertReceived(alert)) => match alert {
            AlertDescription::NoApplicationProtocol => NoAnswer::NotSpoken,
            AlertDescription::CertificateRevoked => NoAnswer::Refused(Refusal::Revoked),
            AlertDescription::CertificateExpired => NoAnswer::Refused(Refusal::Expired),
            AlertDescription::AccessDenied
            | AlertDescription::BadCertificate
            | AlertDescription::CertificateRequired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::UnsupportedCertificate => NoAnswer::Refused(Refusal::Nobody),
            other => NoAnswer::Broken(format!("it says `{}`", other.as_str().unwrap_or("alert"))),
        },
        Some(rustls::Error::NoApplicationProtocol) => NoAnswer::NotSpoken,
        Some(other) => NoAnswer::Broken(other.to_string()),
    }
}

fn of_certificate(error: &CertificateError) -> NoAnswer {
    match error {
        CertificateError::UnknownIssuer | CertificateError::BadSignature => NoAnswer::Stranger,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            NoAnswer::OtherName
        }
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => NoAnswer::OutOfTime,
        other => NoAnswer::Broken(other.to_string()),
    }
}

/// TLS's own error behind another: `io::Error` shows what it wraps, but not as its source.
fn behind<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<rustls::Error>() {
            return Some(found);
        }
        let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped as &'a (dyn StdError + 'static)),
            None => error.source(),
        };
    }
    None
}
