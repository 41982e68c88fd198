//! The standard streams of a running `ssh` as one connection.

use crate::ssh::SshFault;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, ReadBuf};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout};
use tokio::sync::{OwnedSemaphorePermit, oneshot};
use tokio::task::JoinHandle;

/// As much as is kept of what `ssh` says on standard error: its end.
const MOST_SAID: usize = 4 << 10;
/// How long others wait for an `ssh` that says nothing: it may wait for an answer to a long question.
const MOST_HELD: Duration = Duration::from_secs(2);
/// How long `ssh` may take to end once it has closed its output.
const END_PATIENCE: Duration = Duration::from_secs(5);

/// A connection by `ssh`, which ends with it.
#[derive(Debug)]
pub(crate) struct SshStream {
    /// `None` once we have said that nothing more comes.
    input: Option<ChildStdin>,
    output: ChildStdout,
    process: Process,
    /// Dropped at the first byte.
    silence: Option<oneshot::Sender<()>>,
}

/// What there is to ask when nothing came.
enum Process {
    Running(Box<Child>, JoinHandle<String>),
    Ending(Pin<Box<dyn Future<Output = SshFault> + Send>>),
    Over,
}

impl SshStream {
    pub(crate) fn new(mut child: Child, permit: Option<OwnedSemaphorePermit>) -> io::Result<Self> {
        let (Some(input), Some(output), Some(errors)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(io::Error::other("`ssh` was started without its streams"));
        };
        let said = tokio::spawn(end_of(errors));
        let (silence, broken) = oneshot::channel();
        tokio::spawn(async move {
            let _either = tokio::time::timeout(MOST_HELD, broken).await;
            drop(permit);
        });
        let process = Process::Running(Box::new(child), said);
        Ok(Self { input: Some(input), output, process, silence: Some(silence) })
    }

    /// Why the output ended before anything came.
    fn poll_why(&mut self, context: &mut Context<'_>) -> Poll<io::Error> {
        loop {
            match std::mem::replace(&mut self.process, Process::Over) {
                Process::Running(child, said) => {
                    // `ssh` may wait for the end of its input.
                    self.input = None;
                    self.process = Process::Ending(Box::pin(why(*child, said)));
                }
                Process::Ending(mut ending) => match ending.as_mut().poll(context) {
                    Poll::Ready(fault) => return Poll::Ready(io::Error::other(fault)),
                    Poll::Pending => {
                        self.process = Process::Ending(ending);
                        return Poll::Pending;
                    }
                },
                Process::Over => return Poll::Ready(io::ErrorKind::UnexpectedEof.into()),
            }
        }
    }
}

async fn why(mut child: Child, said: JoinHandle<String>) -> SshFault {
    let ended = tokio::time::timeout(END_PATIENCE, child.wait()).await;
    // What is killed here closes the pipe that is read.
    let _killed = child.start_kill();
    let said = tokio::time::timeout(END_PATIENCE, said).await;
    let said = said.ok().and_then(Result::ok).unwrap_or_default();
    SshFault::of(ended.unwrap_or_else(|late| Err(io::Error::new(io::ErrorKind::TimedOut, late))), &said)
}

/// The end of what is said, bounded.
async fn end_of(mut errors: ChildStderr) -> String {
    let (mut said, mut piece) = (Vec::new(), [0; 1024]);
    while let Ok(read @ 1..) = errors.read(&mut piece).await {
        said.extend_from_slice(piece.get(..read).unwrap_or_default());
        said.drain(..said.len().saturating_sub(MOST_SAID));
    }
    String::from_utf8_lossy(&said).into_owned()
}

impl AsyncRead for SshStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.output).poll_read(context, buffer))?;
        if buffer.filled().len() > before {
            self.silence = None;
        } else if self.silence.is_some() && buffer.remaining() > 0 {
            return self.poll_why(context).map(Err);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for SshStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = match &mut self.input {
            Some(input) => ready!(Pin::new(input).poll_write(context, bytes)),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        };
        match written {
            // Whoever reads is told why: an `ssh` that was not let in closes both, and only the reader waits for its words.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe && self.silence.is_some() => {
                Poll::Ready(Ok(bytes.len()))
            }
            other => Poll::Ready(other),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.input {
            Some(input) => Pin::new(input).poll_flush(context),
            None => Poll::Ready(Ok(())),
        }
    }

    /// Ends our half: `dial-stdio` passes that on.
    fn poll_shutdown(mut self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.input = None;
        Poll::Ready(Ok(()))
    }
}

impl std::fmt::Debug for Process {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Running(..) => "Running",
            Self::Ending(_) => "Ending",
            Self::Over => "Over",
        })
    }
}
