//! Answers to clients.

use crate::fault::Fault;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::Value;
use wharf_docker::RequestBody;

/// Any body: the same kind for what clients send and for what they get.
pub(crate) type Body = RequestBody;

/// What a client gets.
pub(crate) type Answer = Response<Body>;

/// The whole of a body at once.
pub(crate) fn whole(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).map_err(|never| match never {}).boxed_unsync()
}

/// Nothing.
pub(crate) fn empty(status: StatusCode) -> Answer {
    let mut answer = Response::new(whole(Bytes::new()));
    *answer.status_mut() = status;
    answer
}

/// A document.
pub(crate) fn document(status: StatusCode, value: &Value) -> Answer {
    json(status, value.to_string())
}

/// A document that is written already.
pub(crate) fn json(status: StatusCode, text: impl Into<Bytes>) -> Answer {
    let mut answer = Response::new(whole(text));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}

/// An error, in the engine's form.
pub(crate) fn fault(fault: &Fault) -> Answer {
    let (status, message) = fault.told();
    document(status, &serde_json::json!({ "message": message }))
}
