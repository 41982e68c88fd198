//! Bodies on their way through: as they come, cut when their tenant is removed, and rewritten where they carry names.

use crate::answer::{Answer, Body};
use crate::door::Said;
use bytes::Bytes;
use futures_util::StreamExt;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Frame;
use hyper::header::{CONTENT_TYPE, HeaderName};
use hyper::{Response, StatusCode};
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use wharf_docker::RelayedBody;

/// Headers of the engine's answers that mean something to its clients.
const PASSED_ON: [HeaderName; 2] = [CONTENT_TYPE, HeaderName::from_static("x-docker-container-path-stat")];

/// The engine's answer as it comes.
pub(crate) fn passed(said: Said, cut: &CancellationToken) -> Answer {
    let Said { status, headers, body, .. } = said;
    let mut answer = Response::new(until_cut(body, cut));
    *answer.status_mut() = status;
    for name in PASSED_ON {
        if let Some(value) = headers.get(&name) {
            answer.headers_mut().insert(name, value.clone());
        }
    }
    answer
}

/// A body that ends when its tenant is removed.
pub(crate) fn until_cut(body: RelayedBody, cut: &CancellationToken) -> Body {
    let cut = cut.clone();
    let frames = body.into_data_stream().take_until(async move { cut.cancelled().await });
    StreamBody::new(frames.map(|piece| piece.map(Frame::data).map_err(Into::into))).boxed_unsync()
}

/// A body of pieces that we make.
pub(crate) fn of_pieces(pieces: impl futures_util::Stream<Item = Bytes> + Send + 'static) -> Body {
    StreamBody::new(pieces.map(|piece| Ok(Frame::data(piece)))).boxed_unsync()
}

/// An answer of documents, one a line, each as soon as it is there.
pub(crate) fn lines(pieces: impl futures_util::Stream<Item = Bytes> + Send + 'static) -> Answer {
    let mut answer = Response::new(of_pieces(pieces));
    *answer.status_mut() = StatusCode::OK;
    answer.headers_mut().insert(CONTENT_TYPE, hyper::header::HeaderValue::from_static("application/json"));
    answer
}

/// One document as a line.
pub(crate) fn line(document: &Value) -> Bytes {
    let mut text = document.to_string();
    text.push('\n');
    text.into()
}

/// Documents out of a body that carries one a line.
pub(crate) struct Documents {
    body: RelayedBody,
    buffer: Vec<u8>,
}

/// The longest line that is read.
const MOST_LINE: usize = 1 << 20;

impl Documents {
    pub(crate) fn of(body: RelayedBody) -> Self {
        Self { body, buffer: Vec::new() }
    }

    /// The next document; `None` at the end, or where the stream breaks.
    pub(crate) async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.buffer.drain(..=end).collect();
                match serde_json::from_slice(&line) {
                    Ok(document) => return Some(document),
                    Err(_) => continue,
                }
            }
            if self.buffer.len() > MOST_LINE {
                return None;
            }
            match self.body.frame().await {
                Some(Ok(frame)) => self.buffer.extend(frame.into_data().unwrap_or_default()),
                Some(Err(_)) => return None,
                None if self.buffer.iter().all(u8::is_ascii_whitespace) => return None,
                None => self.buffer.push(b'\n'),
            }
        }
    }
}
