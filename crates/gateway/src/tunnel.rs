//! Two-way streams: attach and exec. The client hears of the upgrade only when the engine has agreed to it, on a
//! connection of its own; from then on bytes are copied and never looked at.

use crate::answer::{self, Answer};
use crate::desk::Errand;
use crate::fault::Fault;
use crate::transfer;
use futures_util::StreamExt;
use hyper::header::{CONNECTION, CONTENT_TYPE, HeaderValue, UPGRADE};
use hyper::http::response::Parts;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper::{Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::io::copy_bidirectional_with_sizes;
use tokio_util::io::ReaderStream;
use tokio_util::sync::CancellationToken;
use wharf_wire::ApiVersion;

/// What is read at once, each way.
const PIECE: usize = 128 << 10;

/// Answers the client as the engine has answered, and carries on.
pub(crate) fn open(errand: &mut Errand, parts: &Parts, engine: Upgraded) -> Answer {
    let kind = content_type(errand.version, parts);
    #[allow(clippy::single_match_else, reason = "two ways to answer, side by side")]
    let mut answer = match errand.upgrade.take() {
        Some(client) => {
            // It is open, and counts, until its end.
            let counted = (errand.desk.place.clone(), errand.lasting.clone());
            let cut = errand.desk.cut.clone();
            tokio::spawn(async move {
                carry(client, engine, cut).await;
                drop(counted);
            });
            let mut answer = answer::empty(StatusCode::SWITCHING_PROTOCOLS);
            answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("Upgrade"));
            answer.headers_mut().insert(UPGRADE, HeaderValue::from_static("tcp"));
            answer
        }
        // A client that asks for no upgrade gets the output, and cannot speak.
        None => {
            let cut = errand.desk.cut.clone();
            let pieces = ReaderStream::with_capacity(TokioIo::new(engine), PIECE);
            let pieces = pieces.take_until(async move { cut.cancelled().await });
            Response::new(transfer::of_pieces(pieces.filter_map(|piece| async move { piece.ok() })))
        }
    };
    answer.headers_mut().insert(CONTENT_TYPE, kind);
    answer
}

/// Clients before API 1.42 know one type.
fn content_type(version: Option<ApiVersion>, parts: &Parts) -> HeaderValue {
    let raw = HeaderValue::from_static("application/vnd.docker.raw-stream");
    let old = version.is_some_and(|version| version < ApiVersion::MULTIPLEXED);
    parts.headers.get(CONTENT_TYPE).filter(|_| !old).cloned().unwrap_or(raw)
}

async fn carry(client: OnUpgrade, engine: Upgraded, cut: CancellationToken) {
    let Ok(client) = client.await else { return };
    let (mut client, mut engine) = (TokioIo::new(client), TokioIo::new(engine));
    // Each end that stops speaking is passed on as such, and the other may go on.
    tokio::select! {
        _ended = copy_bidirectional_with_sizes(&mut client, &mut engine, PIECE, PIECE) => {}
        () = cut.cancelled() => {}
    }
}

/// What an engine that does not upgrade is answered with.
pub(crate) fn expected() -> Fault {
    Fault::Said(StatusCode::BAD_GATEWAY, "wharf: the engine did not open a stream".to_owned())
}
