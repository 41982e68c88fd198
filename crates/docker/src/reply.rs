//! What the engine answers to a permitted call.

use crate::{Frames, ProgressStream};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::{ReadHalf, WriteHalf};
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
    /// It answered with a document.
    Answer(bytes::Bytes),
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
