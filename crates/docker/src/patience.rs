//! How long an answer is waited for. What takes a stream may take as long as the stream goes on: a home of 200 GB over a slow
//! line is no engine that is silent.

use crate::EngineError;
use crate::pool::RequestBody;
use http_body_util::BodyExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How far a stream has come.
#[derive(Debug, Clone, Default)]
pub(crate) struct Progress(Arc<AtomicU64>);

impl Progress {
    /// The stream, which tells here of each piece that was taken.
    pub(crate) fn watch(&self, stream: RequestBody) -> RequestBody {
        let progress = self.clone();
        let told = stream.map_frame(move |frame| {
            progress.0.fetch_add(1, Ordering::Relaxed);
            frame
        });
        told.boxed_unsync()
    }

    fn pieces(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The work's end, or that it took longer.
pub(crate) async fn within<T>(
    patience: Duration,
    verb: &str,
    work: impl Future<Output = Result<T, EngineError>>,
) -> Result<T, EngineError> {
    while_it_moves(patience, verb, &Progress::default(), work).await
}

/// The work's end, or that for so long nothing of its stream was taken, and there was no end.
pub(crate) async fn while_it_moves<T>(
    patience: Duration,
    verb: &str,
    progress: &Progress,
    work: impl Future<Output = Result<T, EngineError>>,
) -> Result<T, EngineError> {
    let mut work = std::pin::pin!(work);
    loop {
        let before = progress.pieces();
        match tokio::time::timeout(patience, work.as_mut()).await {
            Ok(done) => return done,
            Err(_) if progress.pieces() != before => {}
            Err(_) => {
                return Err(EngineError::Silent { verb: verb.to_owned(), seconds: patience.as_secs() });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pool::streamed;
    use tokio::io::{AsyncWriteExt, DuplexStream};

    const HOUR: Duration = Duration::from_secs(3600);

    /// Somebody who takes all of a stream, and then says what came.
    async fn taken(stream: RequestBody) -> Result<usize, EngineError> {
        let all = stream
            .collect()
            .await
            .map_err(|error| EngineError::broken("upload", std::io::Error::other(error)))?;
        Ok(all.to_bytes().len())
    }

    async fn upload(mut writer: DuplexStream, pieces: u32, between: Duration) {
        for _ in 0..pieces {
            tokio::time::sleep(between).await;
            let _written = writer.write_all(b"piece").await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_that_goes_on_may_take_longer_than_the_patience() {
        let (writer, reader) = tokio::io::duplex(64);
        let progress = Progress::default();
        let work = while_it_moves(HOUR, "upload", &progress, taken(progress.watch(streamed(reader))));
        let (done, ()) = tokio::join!(work, upload(writer, 100, HOUR / 2));
        assert_eq!(done.ok(), Some(500));
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_that_stands_still_is_given_up_and_so_is_an_engine_that_is_silent() {
        let (writer, reader) = tokio::io::duplex(64);
        let progress = Progress::default();
        let work = while_it_moves(HOUR, "upload", &progress, taken(progress.watch(streamed(reader))));
        let (done, ()) = tokio::join!(work, upload(writer, 2, 3 * HOUR));
        assert!(matches!(done, Err(EngineError::Silent { seconds: 3600, .. })));
        let silent = within(HOUR, "ask", std::future::pending::<Result<(), EngineError>>()).await;
        assert!(matches!(silent, Err(EngineError::Silent { seconds: 3600, .. })));
    }
}
