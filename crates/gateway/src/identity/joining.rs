//! The conversation with somebody who was invited: one request, one answer, and the end.

use super::Identity;
use super::issuing::{NotIssued, Wish};
use crate::answer::{self, Answer};
use crate::framing::Strict;
use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::{Value, json};
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};

/// The one thing that can be asked.
const PATH: &str = "/join";
/// A token and a request for a certificate have some 700 bytes.
const MOST_BYTES: usize = 16 << 10;
/// How long all of it may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// What came of a conversation.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Joined {
    /// A certificate of this number was issued to this user of this tenant.
    As {
        /// `alice/laptop`.
        who: String,
        serial: String,
    },
    /// It was refused, for this reason.
    Refused(String),
    /// Nothing was asked.
    Nothing,
}

impl Identity {
    /// Answers one request on a connection whose client has not said who it is.
    ///
    /// `note` is told of a certificate that was issued, whether or not anybody is there any more to get it.
    pub(crate) async fn join(
        self: Arc<Self>,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send,
        note: impl Fn(&str, &str) + Clone + Send + Sync + 'static,
    ) -> Joined {
        let said = Arc::new(Mutex::new(Joined::Nothing));
        let service = service_fn(|request: Request<Incoming>| {
            let (identity, said, note) = (Arc::clone(&self), Arc::clone(&said), note.clone());
            async move {
                // A task of its own, which goes on when the connection is gone.
                let answered = tokio::spawn(async move {
                    let (answer, joined) = identity.answer(request).await;
                    if let Joined::As { who, serial } = &joined {
                        note(who, serial);
                    }
                    (answer, joined)
                });
                let (answer, joined) = answered.await.unwrap_or_else(|_| refused(&NotIssued::BrokeOff));
                *said.lock().unwrap_or_else(PoisonError::into_inner) = joined;
                Ok::<Answer, Infallible>(answer)
            }
        });
        let mut builder = http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(PATIENCE).keep_alive(false).max_buf_size(8192);
        let connection = builder.serve_connection(TokioIo::new(Strict::new(stream)), service);
        let _ended = tokio::time::timeout(PATIENCE, connection).await;
        std::mem::replace(&mut *said.lock().unwrap_or_else(PoisonError::into_inner), Joined::Nothing)
    }

    async fn answer(self: Arc<Self>, request: Request<Incoming>) -> (Answer, Joined) {
        if request.method() != Method::POST || request.uri().path() != PATH {
            let document = json!({ "message": "nothing else can be asked before one has joined" });
            return (answer::document(StatusCode::FORBIDDEN, &document), Joined::Nothing);
        }
        let body = Limited::new(request.into_body(), MOST_BYTES)
            .collect()
            .await
            .map(http_body_util::Collected::to_bytes);
        let Some(wish) = body.ok().and_then(|body| read(&body)) else {
            return refused(&NotIssued::NotInvited);
        };
        match self.invite_in(wish).await {
            Ok(grant) => {
                let (who, serial) = (format!("{}/{}", grant.tenant, grant.user), grant.serial.clone());
                let document = serde_json::to_value(grant).unwrap_or(Value::Null);
                (answer::document(StatusCode::OK, &document), Joined::As { who, serial })
            }
            Err(no) => refused(&no),
        }
    }
}

fn read(body: &Bytes) -> Option<Wish> {
    serde_json::from_slice(body).ok()
}

fn refused(no: &NotIssued) -> (Answer, Joined) {
    (answer::document(no.status(), &json!({ "message": no.to_string() })), Joined::Refused(no.whole()))
}
