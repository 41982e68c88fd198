//! Frames: the pieces that everything between client and server is cut into.
//!
//! One byte of kind, three of length (big endian), then the payload, of at most [`LONGEST`] bytes. Bytes that are no frame end the
//! connection that they came on, and nothing else.

use std::io::{self, Read};

/// The longest payload, in bytes.
pub const LONGEST: usize = 64 * 1024;

/// Kind and length.
const HEAD: usize = 4;

/// What a frame is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// Client: what it wants ([`crate::message::Hello`]). The first frame, and only the first.
    Hello = 1,
    /// Client: keys.
    Input = 2,
    /// Client: its terminal's size ([`crate::message::Size`]).
    Resize = 3,
    /// Both: I am here.
    Ping = 4,
    /// Client: goodbye.
    Detach = 5,
    /// Server: somebody inside asks the agent; the number of a new channel.
    AgentOpen = 6,
    /// Both: the number of a channel, and bytes of it.
    AgentData = 7,
    /// Both: the number of a channel that is at its end.
    AgentClose = 8,
    /// Server: attached ([`crate::message::Welcome`]).
    Welcome = 16,
    /// Server: bytes for the terminal.
    Output = 17,
    /// Server: the session ended ([`crate::message::Ended`]).
    Ended = 18,
    /// Server: no, and why ([`crate::message::Refused`]).
    Refused = 19,
    /// Server: a piece of the status ([`crate::Status`]); it goes on until [`Kind::Done`].
    Status = 20,
    /// Server: what was asked for is done. Copying: so is this part.
    Done = 21,
    /// Copying: one entry of the folder ([`crate::sync`]).
    Entry = 32,
    /// Copying, the far side: the number of an entry whose content is wanted.
    Want = 33,
    /// Copying: a piece of content.
    Content = 34,
    /// Copying, the far side: what was done.
    Summary = 35,
}

impl Kind {
    const ALL: [Self; 18] = [
        Self::Hello,
        Self::Input,
        Self::Resize,
        Self::Ping,
        Self::Detach,
        Self::AgentOpen,
        Self::AgentData,
        Self::AgentClose,
        Self::Welcome,
        Self::Output,
        Self::Ended,
        Self::Refused,
        Self::Status,
        Self::Done,
        Self::Entry,
        Self::Want,
        Self::Content,
        Self::Summary,
    ];

    fn of(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as u8 == byte)
    }

    /// The longest payload of this kind.
    fn longest(self) -> usize {
        match self {
            Self::Ping | Self::Detach | Self::Done => 0,
            Self::AgentOpen | Self::AgentClose => 4,
            Self::Resize | Self::Want | Self::Ended => 16,
            Self::Welcome | Self::Summary => 1024,
            Self::Refused => 4096,
            _ => LONGEST,
        }
    }
}

/// One frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// What it is for.
    pub kind: Kind,
    /// What it brings.
    pub payload: Vec<u8>,
}

/// Bytes that are no frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// A kind that nobody sends.
    #[error("a frame of an unknown kind ({0})")]
    UnknownKind(u8),
    /// More than frames of its kind may bring.
    #[error("a frame of {length} bytes where at most {longest} may be")]
    TooLong {
        /// What its head says.
        length: usize,
        /// What it may say.
        longest: usize,
    },
    /// A payload that says nothing.
    #[error("a frame that cannot be read")]
    Unreadable,
    /// A frame that must not come now.
    #[error("a frame out of turn")]
    OutOfTurn,
}

impl From<Malformed> for io::Error {
    fn from(malformed: Malformed) -> Self {
        Self::new(io::ErrorKind::InvalidData, malformed)
    }
}

/// The head of a frame of `length` bytes.
fn head(kind: Kind, length: usize) -> [u8; HEAD] {
    let [.., high, middle, low] = u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes();
    [kind as u8, high, middle, low]
}

/// What a head says.
fn read_head([kind, high, middle, low]: [u8; HEAD]) -> Result<(Kind, usize), Malformed> {
    let known = Kind::of(kind).ok_or(Malformed::UnknownKind(kind))?;
    let length = usize::from(high) << 16 | usize::from(middle) << 8 | usize::from(low);
    let longest = known.longest();
    if length > longest { Err(Malformed::TooLong { length, longest }) } else { Ok((known, length)) }
}

/// The bytes of `payload` in frames of `kind`; in as many as it takes.
pub fn encode(kind: Kind, payload: &[u8], out: &mut Vec<u8>) {
    let mut pieces = payload.chunks(LONGEST);
    loop {
        let piece = pieces.next().unwrap_or_default();
        out.extend_from_slice(&head(kind, piece.len()));
        out.extend_from_slice(piece);
        if pieces.len() == 0 {
            return;
        }
    }
}

/// One frame's bytes.
pub fn encoded(kind: Kind, payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(HEAD + payload.len());
    encode(kind, payload, &mut out);
    out
}

/// Finds frames in bytes that come in pieces. Keeps at most one frame that is not whole, and what was fed at once.
#[derive(Debug, Default)]
pub struct Decoder {
    buffer: Vec<u8>,
    at: usize,
}

impl Decoder {
    /// Takes what came.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.at);
        self.at = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole frame.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, Malformed> {
        let rest = self.buffer.get(self.at..).unwrap_or_default();
        let Some((bytes, rest)) = rest.split_first_chunk::<HEAD>() else { return Ok(None) };
        let (kind, length) = read_head(*bytes)?;
        let Some(payload) = rest.get(..length) else { return Ok(None) };
        self.at += HEAD + length;
        Ok(Some(Frame { kind, payload: payload.to_vec() }))
    }
}

/// Reads one frame; `None` at an end between frames.
pub fn read(from: &mut impl Read) -> io::Result<Option<Frame>> {
    let mut bytes = [0; HEAD];
    let mut filled = 0;
    while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match from.read(rest) {
            Ok(0) if filled == 0 => return Ok(None),
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let (kind, length) = read_head(bytes)?;
    let mut payload = vec![0; length];
    from.read_exact(&mut payload)?;
    Ok(Some(Frame { kind, payload }))
}

#[cfg(test)]
mod tests {
    use super::{Decoder, Frame, Kind, LONGEST, Malformed, encode, encoded, read};
    use proptest::prelude::{Strategy, any, prop, proptest};

    fn all(decoder: &mut Decoder) -> Result<Vec<Frame>, Malformed> {
        let mut frames = Vec::new();
        while let Some(frame) = decoder.next_frame()? {
            frames.push(frame);
        }
        Ok(frames)
    }

    fn frames() -> impl Strategy<Value = Vec<Frame>> {
        let frame =
            (0..Kind::ALL.len(), prop::collection::vec(any::<u8>(), 0..600)).prop_map(|(at, mut payload)| {
                let kind = Kind::ALL[at];
                payload.truncate(kind.longest());
                Frame { kind, payload }
            });
        prop::collection::vec(frame, 0..8)
    }

    proptest! {
        #[test]
        fn frames_are_the_same_however_their_bytes_are_cut(sent in frames(), cut in 1usize..200) {
            let mut bytes = Vec::new();
            for frame in &sent {
                encode(frame.kind, &frame.payload, &mut bytes);
            }
            let mut decoder = Decoder::default();
            let mut got = Vec::new();
            for piece in bytes.chunks(cut) {
                decoder.feed(piece);
                got.extend(all(&mut decoder).unwrap());
            }
            assert_eq!(got, sent);
            let mut reader = bytes.as_slice();
            for frame in sent {
                assert_eq!(read(&mut reader).unwrap(), Some(frame));
            }
            assert_eq!(read(&mut reader).unwrap(), None);
        }

        #[test]
        fn no_bytes_are_read_in_two_ways(bytes in prop::collection::vec(any::<u8>(), 0..400), cut in 1usize..50) {
            let mut whole = Decoder::default();
            whole.feed(&bytes);
            let mut first = Vec::new();
            let end = loop {
                match whole.next_frame() {
                    Ok(Some(frame)) => first.push(frame),
                    other => break other,
                }
            };
            let mut pieces = Decoder::default();
            let mut second = Vec::new();
            let mut other_end = Ok(None);
            'all: for piece in bytes.chunks(cut) {
                pieces.feed(piece);
                loop {
                    match pieces.next_frame() {
                        Ok(Some(frame)) => second.push(frame),
                        Ok(None) => break,
                        Err(error) => { other_end = Err(error); break 'all }
                    }
                }
            }
            assert_eq!((first, end), (second, other_end));
        }
    }

    #[test]
    fn a_length_beyond_the_kind_s_is_refused_before_anything_is_kept() {
        for (bytes, longest) in
            [([4, 0, 0, 1], 0), ([2, 1, 0, 1], LONGEST), ([17, 255, 255, 255], LONGEST), ([6, 0, 0, 5], 4)]
        {
            let mut decoder = Decoder::default();
            decoder.feed(&bytes);
            assert!(
                matches!(decoder.next_frame(), Err(Malformed::TooLong { longest: at_most, .. }) if at_most == longest)
            );
        }
    }

    #[test]
    fn an_unknown_kind_is_refused() {
        let mut decoder = Decoder::default();
        decoder.feed(&[99, 0, 0, 0]);
        assert_eq!(decoder.next_frame(), Err(Malformed::UnknownKind(99)));
    }

    #[test]
    fn an_end_within_a_frame_is_an_error() {
        let bytes = encoded(Kind::Input, b"abc");
        for end in 1..bytes.len() {
            assert!(read(&mut &bytes[..end]).is_err(), "{end}");
        }
    }

    #[test]
    fn much_output_goes_in_several_frames() {
        let much = vec![7; LONGEST * 2 + 1];
        let mut decoder = Decoder::default();
        decoder.feed(&encoded(Kind::Output, &much));
        let lengths: Vec<usize> =
            all(&mut decoder).unwrap().iter().map(|frame| frame.payload.len()).collect();
        assert_eq!(lengths, [LONGEST, LONGEST, 1]);
    }
}
