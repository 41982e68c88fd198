//! A container's two output streams on one connection: eight bytes of head (stream, three zeros, length in network
//! order), then so many bytes. With a terminal there is one stream and no heads.

use http_body_util::BodyExt;
use hyper::body::Incoming;
use std::pin::Pin;
use tokio::io::{AsyncRead, AsyncReadExt};

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Standard output, and everything of a terminal.
    Out,
    /// Standard error.
    Err,
}

/// A piece of output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Where it was written to.
    pub source: Source,
    /// What was written; at most 64 KiB.
    pub bytes: Vec<u8>,
}

/// Output as it comes.
pub struct Frames {
    reader: Pin<Box<dyn AsyncRead + Send>>,
    framed: bool,
    current: Option<(Source, u64)>,
}

/// The most that is held at once, whatever length a head announces.
const PIECE: u64 = 64 << 10;

impl Frames {
    pub(crate) fn framed(reader: impl AsyncRead + Send + 'static) -> Self {
        Self { reader: Box::pin(reader), framed: true, current: None }
    }

    pub(crate) fn raw(reader: impl AsyncRead + Send + 'static) -> Self {
        Self { reader: Box::pin(reader), framed: false, current: None }
    }

    pub(crate) fn of_body(body: Incoming) -> Self {
        use futures_util::TryStreamExt;
        let stream = body.into_data_stream().map_err(std::io::Error::other);
        Self::framed(tokio_util::io::StreamReader::new(stream))
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// When the connection breaks in the middle of a piece.
    pub async fn next(&mut self) -> std::io::Result<Option<Frame>> {
        loop {
            let (source, left) = match self.current {
                Some((source, left)) if left > 0 => (source, left),
                _ if self.framed => match self.head().await? {
                    Some(head) => head,
                    None => return Ok(None),
                },
                _ => (Source::Out, PIECE),
            };
            self.current = Some((source, left));
            if left == 0 {
                continue;
            }
            let most = usize::try_from(left.min(PIECE)).unwrap_or_default();
            let mut bytes = vec![0; most];
            let read = self.reader.read(&mut bytes).await?;
            if read == 0 {
                let whole = !self.framed;
                return if whole { Ok(None) } else { Err(std::io::ErrorKind::UnexpectedEof.into()) };
            }
            bytes.truncate(read);
            let left = if self.framed { left - u64::try_from(read).unwrap_or(left) } else { 0 };
            self.current = Some((source, left));
            return Ok(Some(Frame { source, bytes }));
        }
    }

    async fn head(&mut self) -> std::io::Result<Option<(Source, u64)>> {
        let mut head = [0u8; 8];
        let mut have = 0;
        while have < head.len() {
            let read = self.reader.read(head.get_mut(have..).unwrap_or_default()).await?;
            if read == 0 {
                return if have == 0 { Ok(None) } else { Err(std::io::ErrorKind::UnexpectedEof.into()) };
            }
            have += read;
        }
        let [stream, _, _, _, length @ ..] = head;
        let source = if stream == 2 { Source::Err } else { Source::Out };
        Ok(Some((source, u64::from(u32::from_be_bytes(length)))))
    }
}

impl std::fmt::Debug for Frames {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Frames").field("framed", &self.framed).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn all(bytes: &'static [u8]) -> std::io::Result<Vec<(Source, String)>> {
        let mut frames = Frames::framed(bytes);
        let mut out = Vec::new();
        while let Some(frame) = frames.next().await? {
            out.push((frame.source, String::from_utf8_lossy(&frame.bytes).into_owned()));
        }
        Ok(out)
    }

    #[tokio::test]
    async fn frames_are_told_apart() {
        let out = all(b"\x01\0\0\0\0\0\0\x02hi\x02\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\x03err").await.unwrap();
        assert_eq!(out, [(Source::Out, "hi".into()), (Source::Err, "err".into())]);
    }

    #[tokio::test]
    async fn a_frame_that_is_cut_short_is_an_error() {
        assert!(all(b"\x01\0\0\0\0\0\0\x09hi").await.is_err());
        assert!(all(b"\x01\0\0").await.is_err());
    }

    #[tokio::test]
    async fn a_huge_announced_length_costs_no_memory() {
        let mut frames = Frames::framed(&b"\x01\0\0\0\xff\xff\xff\xffhi"[..]);
        let frame = frames.next().await.unwrap().unwrap();
        assert_eq!(frame.bytes, b"hi");
    }
}
