//! Where one request ends and the next begins, told before hyper hears of it. Two readers that differ on this are how
//! requests are smuggled (ENGINE-API 3.4), and hyper is lenient where RFC 9112 lets it be: a bare line feed ends a line,
//! and a `Content-Length` behind a `Transfer-Encoding` is dropped unseen. Here there is one way to say a thing, and what
//! is said in another ends the connection: hyper is given a byte that no head and no chunk may have, answers 400, and hears
//! no more. Nothing is kept of what passes but the line that is being read, and no more of that than is asked about.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A client's connection, whose requests are framed strictly.
#[derive(Debug)]
pub(crate) struct Strict<T> {
    stream: T,
    framing: Framing,
}

/// What hyper refuses wherever it stands: in a head, and in the place of a chunk's length.
const REFUSED: u8 = 0;

impl<T> Strict<T> {
    /// What is read from `stream` is framed strictly.
    pub(crate) fn new(stream: T) -> Self {
        Self { stream, framing: Framing::default() }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Strict<T> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let Self { stream, framing } = self.get_mut();
        match framing.next {
            Next::Nothing => return Poll::Ready(Ok(())),
            Next::Anything => return Pin::new(stream).poll_read(context, into),
            _ => {}
        }
        let before = into.filled().len();
        ready!(Pin::new(stream).poll_read(context, into))?;
        let read = into.filled().get(before..).unwrap_or_default();
        let good = framing.take(read);
        if good < read.len() {
            into.set_filled(before + good);
            into.put_slice(&[REFUSED]);
        }
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Strict<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

/// Reads along, a byte at a time.
#[derive(Debug, Default)]
struct Framing {
    next: Next,
    /// What the head has said so far.
    head: Head,
    /// The beginning of the line that is being read.
    line: Vec<u8>,
}

/// What the next byte belongs to.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// A head; `true` after a carriage return.
    #[default]
    Line,
    LineFeed,
    /// A body with so many bytes left.
    Body(u64),
    /// The length of a chunk, as far as it was read, and how many digits that were.
    ChunkLength(u64, u32),
    ChunkLengthFeed(u64),
    ChunkData(u64),
    /// The end of a chunk, and its line feed; of the last one, too.
    ChunkEnd {
        last: bool,
    },
    ChunkEndFeed {
        last: bool,
    },
    /// A request that asks for an upgrade was the last: this is none of ours.
    Anything,
    /// It was refused.
    Nothing,
}

#[derive(Debug, Default)]
struct Head {
    /// Whether the line of the request was read.
    has_begun: bool,
    body: Option<Body>,
    host: bool,
    upgrade: bool,
}

/// How a body is framed. It is said once.
#[derive(Debug, Clone, Copy)]
enum Body {
    Length(u64),
    Chunks,
}

/// More of a line than any that is asked about has.
const MOST_OF_LINE: usize = 80;
/// Digits of a chunk's length: what fits into 60 bits.
const MOST_DIGITS: u32 = 15;

impl Framing {
    /// How many of these bytes may be read. Fewer than there are: the next one is refused, and whatever follows.
    fn take(&mut self, bytes: &[u8]) -> usize {
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let passed = match self.next {
                Next::Anything => rest.len(),
                Next::Body(left) => self.pass(rest.len(), left, Next::Body),
                Next::ChunkData(left) => self.pass(rest.len(), left, Next::ChunkData),
                Next::Line => self.pass_line(rest),
                _ => rest.first().and_then(|byte| self.step(*byte)).map_or(0, |()| 1),
            };
            if passed == 0 {
                self.next = Next::Nothing;
                return at;
            }
            at += passed;
        }
        at
    }

    /// Bytes of a body, whatever they are.
    fn pass(&mut self, there: usize, left: u64, then: fn(u64) -> Next) -> usize {
        let passed = usize::try_from(left).unwrap_or(usize::MAX).min(there);
        let left = left.saturating_sub(passed as u64);
        self.next = match (left, self.next) {
            (0, Next::ChunkData(_)) => Next::ChunkEnd { last: false },
            (0, _) => self.after_body(),
            _ => then(left),
        };
        passed
    }

    /// Bytes of a line up to its carriage return.
    fn pass_line(&mut self, bytes: &[u8]) -> usize {
        let end = bytes.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
        let text = bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default();
        let room = MOST_OF_LINE.saturating_sub(self.line.len());
        self.line.extend_from_slice(text.get(..room.min(text.len())).unwrap_or_default());
        match end.and_then(|end| bytes.get(end)) {
            None => text.len(),
            Some(b'\r') => {
                self.next = Next::LineFeed;
                text.len() + 1
            }
            // What came before is a beginning that hyper may have.
            Some(_) => 0,
        }
    }

    /// One byte where each counts. `None` if it may not stand there.
    fn step(&mut self, byte: u8) -> Option<()> {
        self.next = match (self.next, byte) {
            (Next::LineFeed, b'\n') => self.end_line()?,
            (Next::ChunkLength(length, digits), b'\r') if digits > 0 => Next::ChunkLengthFeed(length),
            (Next::ChunkLength(length, digits), digit) if digits < MOST_DIGITS => {
                let digit = char::from(digit).to_digit(16)?;
                Next::ChunkLength(length << 4 | u64::from(digit), digits + 1)
            }
            (Next::ChunkLengthFeed(0), b'\n') => Next::ChunkEnd { last: true },
            (Next::ChunkLengthFeed(length), b'\n') => Next::ChunkData(length),
            (Next::ChunkEnd { last }, b'\r') => Next::ChunkEndFeed { last },
            (Next::ChunkEndFeed { last: true }, b'\n') => self.after_body(),
            (Next::ChunkEndFeed { last: false }, b'\n') => Next::ChunkLength(0, 0),
            _ => return None,
        };
        Some(())
    }

    /// What comes after a line of a head. `None` if that line may not be.
    fn end_line(&mut self) -> Option<Next> {
        let line = std::mem::take(&mut self.line);
        let is_empty = line.is_empty();
        if !is_empty {
            self.head.read(&line)?;
        }
        self.line = line;
        self.line.clear();
        match is_empty {
            false => Some(Next::Line),
            true if !self.head.has_begun => None,
            true => Some(match self.head.body {
                Some(Body::Chunks) => Next::ChunkLength(0, 0),
                Some(Body::Length(length @ 1..)) => Next::Body(length),
                Some(Body::Length(0)) | None => self.after_body(),
            }),
        }
    }

    fn after_body(&mut self) -> Next {
        let head = std::mem::take(&mut self.head);
        if head.upgrade { Next::Anything } else { Next::Line }
    }
}

impl Head {
    /// Takes note of a line. `None` if it may not be.
    fn read(&mut self, line: &[u8]) -> Option<()> {
        if !std::mem::replace(&mut self.has_begun, true) {
            return Some(());
        }
        // A line that goes on with the one before it.
        if matches!(line, [b' ' | b'\t', ..]) {
            return None;
        }
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            // A name so long is none of these; a line without a colon is for hyper to refuse.
            return Some(());
        };
        let (name, value) = line.split_at(colon);
        let value = value.get(1..).unwrap_or_default();
        let frames = |head: &mut Self, body| head.body.replace(body).is_none().then_some(());
        if name.eq_ignore_ascii_case(b"content-length") {
            let value = whole(line, value)?;
            let is_number = value.len() < 19 && value.bytes().all(|byte| byte.is_ascii_digit());
            let length = value.parse().ok().filter(|_| is_number)?;
            frames(self, Body::Length(length))
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            whole(line, value)?.eq_ignore_ascii_case("chunked").then_some(())?;
            frames(self, Body::Chunks)
        } else if name.eq_ignore_ascii_case(b"host") {
            (!std::mem::replace(&mut self.host, true)).then_some(())
        } else {
            self.upgrade |= name.eq_ignore_ascii_case(b"upgrade");
            Some(())
        }
    }
}

/// A header's value, if all of its line was kept.
fn whole<'a>(line: &[u8], value: &'a [u8]) -> Option<&'a str> {
    std::str::from_utf8(value)
        .ok()
        .filter(|_| line.len() < MOST_OF_LINE)
        .map(|text| text.trim_matches([' ', '\t']))
}

#[cfg(test)]
mod tests;
