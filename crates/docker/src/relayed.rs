//! The engine's own answer, for a client that waits for it.

use crate::pool::{Connection, Pool};
use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::http::response::Parts;
use hyper::upgrade::Upgraded;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

/// The engine's own answer.
#[derive(Debug)]
pub enum Relayed {
    /// An answer, good or bad; its body comes as it comes.
    Answer(Parts, RelayedBody),
    /// The connection is a two-way stream of bytes from now on.
    Switched(Parts, Upgraded),
}

/// A body on its way. When it has ended, its connection is there for the next request; when it is dropped before,
/// the connection is closed.
#[derive(Debug)]
pub struct RelayedBody {
    body: Incoming,
    connection: Option<(Connection, Arc<Pool>)>,
}

impl RelayedBody {
    pub(crate) fn new(body: Incoming, connection: Connection, pool: Arc<Pool>) -> Self {
        let mut relayed = Self { body, connection: Some((connection, pool)) };
        if relayed.body.is_end_stream() {
            relayed.give_back();
        }
        relayed
    }

    fn give_back(&mut self) {
        if let Some((connection, pool)) = self.connection.take() {
            pool.give_back(connection);
        }
    }
}

impl Body for RelayedBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if frame.is_none() || self.body.is_end_stream() {
            self.give_back();
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
