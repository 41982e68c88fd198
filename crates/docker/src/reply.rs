//! What the engine answers to a permitted call.

use crate::{Frames, ProgressStream};
use futures_util::TryStreamExt;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, ReadBuf, ReadHalf, WriteHalf};
use wharf_model::{ContainerId, ExecId};

/// What the engine answers.
#[derive(Debug)]
pub enum Reply {
    /// It is done.
    Done,
    /// It made a container.
    Created(ContainerId),
    /// It made an exec.
    ExecCreated(ExecId),
    /// It works, and says how far it is.
    Progress(ProgressStream),
    /// It sends output.
    Output(Frames),
    /// It carries bytes both ways.
    Attached(Attached),
    /// It sends bytes.
    Bytes(ByteStream),
    /// It answered with a document.
    Answer(bytes::Bytes),
}

/// Bytes as they come.
pub struct ByteStream(Pin<Box<dyn AsyncRead + Send>>);

impl ByteStream {
    pub(crate) fn new(body: Incoming) -> Self {
        let stream = body.into_data_stream().map_err(std::io::Error::other);
        Self(Box::pin(tokio_util::io::StreamReader::new(stream)))
    }
}

impl AsyncRead for ByteStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        self.0.as_mut().poll_read(context, into)
    }
}

impl std::fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ByteStream").finish_non_exhaustive()
    }
}

/// A running exec: what it says, and what it is told.
#[derive(Debug)]
pub struct Attached {
    /// What it says: two streams in frames, or with a terminal one stream as it is.
    pub output: Frames,
    /// What it is told; shut it down to end its input.
    pub input: WriteHalf<TokioIo<Upgraded>>,
}

impl Attached {
    pub(crate) fn new(upgraded: Upgraded, tty: bool) -> Self {
        let (output, input): (ReadHalf<_>, _) = tokio::io::split(TokioIo::new(upgraded));
        let output = if tty { Frames::raw(output) } else { Frames::framed(output) };
        Self { output, input }
    }
}
