//! What happens on the engine, as it happens: JSON documents, one after another.

use crate::EngineError;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use serde_json::Value;

/// Events as they come.
#[derive(Debug)]
pub struct EventStream {
    body: Incoming,
    buffer: Vec<u8>,
    /// How much of the buffer has been looked through for the end of a line.
    looked: usize,
    /// Whether what comes belongs to an event that was too long.
    passing: bool,
}

/// The longest event that is read. Longer ones are passed over: an event carries the labels of its container, which
/// are its owner's to write, and nobody else is to lose events by them.
const MOST_BYTES: usize = 1 << 20;

impl EventStream {
    pub(crate) fn new(body: Incoming) -> Self {
        Self { body, buffer: Vec::new(), looked: 0, passing: false }
    }

    /// The next event; `None` when the engine ends the stream.
    ///
    /// # Errors
    /// When the connection breaks, or carries something else.
    pub async fn next(&mut self) -> Result<Option<Value>, EngineError> {
        loop {
            // One document a line, on every version up to API 1.51.
            let ahead = self.buffer.get(self.looked..).unwrap_or_default();
            if let Some(end) = ahead.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.buffer.drain(..=self.looked + end).collect();
                self.looked = 0;
                if std::mem::take(&mut self.passing) || line.iter().all(u8::is_ascii_whitespace) {
                    continue;
                }
                let event = serde_json::from_slice(&line);
                return event.map(Some).map_err(|error| EngineError::broken("events", error));
            }
            if self.buffer.len() > MOST_BYTES {
                self.buffer = Vec::new();
                self.passing = true;
            }
            self.looked = self.buffer.len();
            match self.body.frame().await {
                Some(Ok(frame)) => self.buffer.extend(frame.into_data().unwrap_or_default()),
                Some(Err(broken)) => return Err(EngineError::broken("events", broken)),
                None => return Ok(None),
            }
        }
    }
}
