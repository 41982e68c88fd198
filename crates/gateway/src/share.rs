//! What one tenant may have open, under way and in memory at once. Every limit is a tenant's own: who has used up its
//! share waits, or is refused, and nobody else notices.

use crate::answer::Body;
use crate::fault::Fault;
use bytes::Bytes;
use hyper::StatusCode;
use hyper::body::{Frame, SizeHint};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Connections, idle or not; each two-way stream counts as one until its end.
pub(crate) const MOST_CONNECTIONS: usize = 2000;
/// Requests that are being answered. More wait.
const MOST_REQUESTS: usize = 128;
/// Answers and archives that take as long as their reader or writer likes: logs, copies, attachments. Not events, which
/// cost an engine nothing.
const MOST_STREAMS: usize = 500;
/// Memory for what is read whole, such as lists: in KiB, from its first byte until the client has taken it.
const MOST_HELD: usize = 64 << 10;
/// Connections beyond the limit that are told so at the same time. Others are closed without a word.
const MOST_TOLD: usize = 16;
/// How long a request waits for others of its tenant.
const PATIENCE: Duration = Duration::from_secs(30);
/// What costs less than this is not counted: connections are.
const SMALL: usize = 16 << 10;

/// One tenant's share of this process.
#[derive(Debug)]
pub(crate) struct Share {
    connections: Arc<Semaphore>,
    requests: Arc<Semaphore>,
    streams: Arc<Semaphore>,
    held: Arc<Semaphore>,
    told: Arc<Semaphore>,
}

/// Something of a share, given back when dropped.
pub(crate) type Part = OwnedSemaphorePermit;

impl Default for Share {
    fn default() -> Self {
        let of = |most| Arc::new(Semaphore::new(most));
        Self {
            connections: of(MOST_CONNECTIONS),
            requests: of(MOST_REQUESTS),
            streams: of(MOST_STREAMS),
            held: of(MOST_HELD),
            told: of(MOST_TOLD),
        }
    }
}

impl Share {
    /// A connection, if there is one left.
    pub(crate) fn connection(&self) -> Option<Part> {
        Arc::clone(&self.connections).try_acquire_owned().ok()
    }

    /// The right to be told that there is none left.
    pub(crate) fn refusal(&self) -> Option<Part> {
        Arc::clone(&self.told).try_acquire_owned().ok()
    }

    /// A place among the requests that are answered, sooner or later.
    pub(crate) async fn request(&self) -> Result<Part, Fault> {
        let place = Arc::clone(&self.requests).acquire_owned();
        let place = tokio::time::timeout(PATIENCE, place).await;
        place
            .ok()
            .and_then(Result::ok)
            .ok_or_else(|| too_many(&format!("{MOST_REQUESTS} requests under way")))
    }

    /// A place among the streams.
    pub(crate) fn stream(&self) -> Result<Part, Fault> {
        let place = Arc::clone(&self.streams).try_acquire_owned().ok();
        place.ok_or_else(|| too_many(&format!("{MOST_STREAMS} streams open")))
    }
}

fn too_many(what: &str) -> Fault {
    let words =
        format!("wharf: this tenant has {what}, the most there may be; try again when some have ended");
    Fault::Said(StatusCode::TOO_MANY_REQUESTS, words)
}

/// What one request keeps in memory, counted until its answer was taken.
#[derive(Debug)]
pub(crate) struct Hold {
    share: Arc<Share>,
    kept: Mutex<(usize, Vec<Part>)>,
}

impl Hold {
    pub(crate) fn of(share: &Arc<Share>) -> Self {
        Self { share: Arc::clone(share), kept: Mutex::default() }
    }

    /// Counts that one document of this request takes `bytes`.
    pub(crate) fn at_least(&self, bytes: usize) -> Result<(), Fault> {
        if bytes <= SMALL {
            return Ok(());
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let wanted = bytes.div_ceil(1024).saturating_sub(kept.0);
        if wanted == 0 {
            return Ok(());
        }
        let more = u32::try_from(wanted).ok();
        let more = more.and_then(|wanted| Arc::clone(&self.share.held).try_acquire_many_owned(wanted).ok());
        let more = more.ok_or_else(|| {
            too_many(&format!("{} MiB of answers that its clients have not taken yet", MOST_HELD >> 10))
        })?;
        kept.0 += wanted;
        kept.1.push(more);
        Ok(())
    }
}

/// A body, and what is given back when it is over.
pub(crate) struct Counted<T> {
    pub(crate) body: Body,
    pub(crate) _counted: T,
}

impl<T: Unpin> hyper::body::Body for Counted<T> {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_is_counted_once_a_request_and_given_back() {
        let share = Arc::new(Share::default());
        let hold = Hold::of(&share);
        hold.at_least(SMALL).unwrap();
        assert_eq!(share.held.available_permits(), MOST_HELD);
        hold.at_least(1 << 20).unwrap();
        hold.at_least(1 << 19).unwrap();
        hold.at_least(2 << 20).unwrap();
        assert_eq!(share.held.available_permits(), MOST_HELD - 2048);
        let other = Hold::of(&share);
        assert!(matches!(other.at_least(63 << 20), Err(Fault::Said(StatusCode::TOO_MANY_REQUESTS, _))));
        other.at_least(62 << 20).unwrap();
        drop((hold, other));
        assert_eq!(share.held.available_permits(), MOST_HELD);
    }

    #[test]
    fn streams_and_connections_end_at_their_limits() {
        let share = Share::default();
        let streams: Vec<_> = (0..MOST_STREAMS).map(|_| share.stream().unwrap()).collect();
        assert!(share.stream().is_err());
        drop(streams);
        assert!(share.stream().is_ok());
        let connections: Vec<_> = (0..MOST_CONNECTIONS).map_while(|_| share.connection()).collect();
        assert_eq!((connections.len(), share.connection().is_none()), (MOST_CONNECTIONS, true));
    }

    #[tokio::test(start_paused = true)]
    async fn requests_beyond_the_limit_wait_and_are_refused_in_the_end() {
        let share = Share::default();
        let mut under_way = Vec::new();
        for _ in 0..MOST_REQUESTS {
            under_way.push(share.request().await.unwrap());
        }
        assert!(share.request().await.is_err());
        let (next, ()) = tokio::join!(share.request(), async { drop(under_way.pop()) });
        assert!(next.is_ok());
    }
}
