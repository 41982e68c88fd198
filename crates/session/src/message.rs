//! What clients and the server say: the payloads of frames that are more than bytes.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::frame::Malformed;
use crate::name::SessionName;

/// Raised when a message changes. Another version is refused with a word about upgrading.
pub const PROTOCOL: u16 = 1;

/// The largest terminal that is believed, so that a screen's memory is bounded.
pub const LARGEST: Size = Size { columns: 1000, rows: 500 };

/// A terminal's size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// Width.
    pub columns: u16,
    /// Height.
    pub rows: u16,
}

impl Size {
    /// Neither nothing nor more than [`LARGEST`].
    pub fn sane(self) -> Self {
        Self { columns: self.columns.clamp(1, LARGEST.columns), rows: self.rows.clamp(1, LARGEST.rows) }
    }

    /// What fits into both.
    pub fn smaller(self, other: Self) -> Self {
        Self { columns: self.columns.min(other.columns), rows: self.rows.min(other.rows) }
    }
}

impl Default for Size {
    fn default() -> Self {
        Self { columns: 80, rows: 24 }
    }
}

/// The first frame of every client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// [`PROTOCOL`]. First of all fields in every version.
    pub protocol: u16,
    /// What it wants.
    pub request: Request,
}

/// What a client wants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    /// A terminal of a session.
    Attach(Box<Attach>),
    /// The status of all.
    Status,
    /// A shell in that session, if none runs.
    Start(SessionName),
    /// What runs in it is ended; its name and directory stay.
    Stop(SessionName),
    /// Both.
    Restart(SessionName),
    /// What runs in it is ended, and it is forgotten.
    Kill(SessionName),
    /// Everybody who is attached to it is sent away; what runs in it goes on.
    Detach(SessionName),
}

/// How a client attaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attach {
    /// To which session; it is made if it is not there.
    pub session: SessionName,
    /// To watch only.
    pub view: bool,
    /// Whether it answers for an ssh-agent.
    pub agent: bool,
    /// Its terminal.
    pub size: Size,
    /// `TERM` and the like, for sessions that begin with it.
    pub environment: Vec<(String, String)>,
    /// A command of its own instead of a session's shell.
    pub command: Option<Vec<String>>,
    /// The client's host.
    pub from: String,
    /// Said in the first line of a session that begins.
    pub hint: String,
}

/// The answer to [`Attach`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// The session, by the name that it got.
    pub session: SessionName,
    /// Whether it began with this client.
    pub created: bool,
}

/// A session's end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// As shells count: 128 and the signal's number for one that was killed.
    pub status: u8,
}

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// For the person.
    pub reason: String,
}

/// The bytes of a message.
pub fn write(message: &impl Serialize) -> Vec<u8> {
    // Serialising these types into memory has no way to fail.
    postcard::to_allocvec(message).unwrap_or_default()
}

/// A message, which must be all that there is.
pub fn read<Message: DeserializeOwned>(bytes: &[u8]) -> Result<Message, Malformed> {
    match postcard::take_from_bytes(bytes) {
        Ok((message, [])) => Ok(message),
        _ => Err(Malformed::Unreadable),
    }
}

#[cfg(test)]
mod tests {
    use super::{Hello, PROTOCOL, Request, Size, read, write};
    use crate::frame::Malformed;
    use proptest::prelude::{any, prop, proptest};

    #[test]
    fn what_stands_behind_a_message_makes_it_unreadable() {
        let hello = Hello { protocol: PROTOCOL, request: Request::Start("a".parse().unwrap()) };
        let mut bytes = write(&hello);
        assert_eq!(read::<Hello>(&bytes), Ok(hello));
        bytes.push(0);
        assert_eq!(read::<Hello>(&bytes), Err(Malformed::Unreadable));
    }

    #[test]
    fn a_name_that_is_none_is_not_read() {
        // Version, the request's number, a text of two bytes.
        assert!(read::<Hello>(&[1, 2, 2, b'a', b'b']).is_ok());
        assert!(read::<Hello>(&[1, 2, 2, b'.', b'.']).is_err());
    }

    #[test]
    fn sizes_are_brought_into_bounds() {
        assert_eq!(Size { columns: 0, rows: u16::MAX }.sane(), Size { columns: 1, rows: 500 });
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _read = read::<Hello>(&bytes);
        }
    }
}
