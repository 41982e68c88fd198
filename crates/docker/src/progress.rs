//! The engine's reports on a long piece of work: JSON documents, one a line.

use crate::EngineError;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use serde::Deserialize;

/// One report.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct Progress {
    /// The part it is about, such as a layer.
    #[serde(default)]
    pub id: Option<String>,
    /// In words.
    #[serde(default)]
    pub status: Option<String>,
    /// Output of a build, as it is.
    #[serde(default)]
    pub stream: Option<String>,
    /// How far.
    #[serde(default, rename = "progressDetail")]
    pub detail: Option<Detail>,
    #[serde(default)]
    error: Option<String>,
}

/// How far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub struct Detail {
    /// Bytes done.
    #[serde(default)]
    pub current: Option<u64>,
    /// Bytes in all.
    #[serde(default)]
    pub total: Option<u64>,
}

/// Reports as they come.
#[derive(Debug)]
pub struct ProgressStream {
    body: Incoming,
    buffer: Vec<u8>,
    verb: &'static str,
}

/// The longest line that is read.
const MOST_LINE: usize = 1 << 20;

impl ProgressStream {
    pub(crate) fn new(body: Incoming, verb: &'static str) -> Self {
        Self { body, buffer: Vec::new(), verb }
    }

    /// The next report; `None` when the work is done.
    ///
    /// # Errors
    /// When the work failed: the engine says so in the stream, with status 200.
    pub async fn next(&mut self) -> Result<Option<Progress>, EngineError> {
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.buffer.drain(..=end).collect();
                return self.report(&line).map(Some);
            }
            if self.buffer.len() > MOST_LINE {
                return Err(EngineError::broken(self.verb, "a line of its report has no end"));
            }
            match self.body.frame().await {
                Some(Ok(frame)) => self.buffer.extend(frame.into_data().unwrap_or_default()),
                Some(Err(broken)) => return Err(EngineError::broken(self.verb, broken)),
                None if self.buffer.iter().all(u8::is_ascii_whitespace) => return Ok(None),
                None => self.buffer.push(b'\n'),
            }
        }
    }

    /// Waits for the end.
    ///
    /// # Errors
    /// When the work failed.
    pub async fn finish(mut self) -> Result<(), EngineError> {
        while self.next().await?.is_some() {}
        Ok(())
    }

    fn report(&self, line: &[u8]) -> Result<Progress, EngineError> {
        // What is no report (a blank line) says nothing.
        let progress: Progress = serde_json::from_slice(line).unwrap_or_default();
        match progress.error {
            None => Ok(progress),
            Some(message) => Err(EngineError::Refused { verb: self.verb.to_owned(), status: 200, message }),
        }
    }
}
