//! Sessions of a workstation: the server that runs inside the container, its protocol, and the client's half of it.
//!
//! A session is a terminal whose screen and scrollback the server knows; a client comes, is shown both, and is one with it until
//! it goes. No async runtime, and nothing of ours that knows engines: the streams are given.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod client;
mod detach_key;
pub mod frame;
mod heartbeat;
pub mod message;
mod name;
mod polling;
pub mod screen;
pub mod scrollback;
pub mod seed;
pub mod server;
mod status;
pub mod sync;

pub use client::{Attachment, Parting, Terminal, attach, attach_with};
pub use detach_key::{DetachKey, DetachKeyError};
pub use heartbeat::Heartbeat;
pub use name::{SessionName, SessionNameError};
pub use status::{ClientStatus, SessionStatus, Status};

/// How long a second press of the key that leaves is waited for.
pub const SECOND_PRESS: std::time::Duration = std::time::Duration::from_millis(300);

/// Where everything of ours is inside a workstation. Its owner alone reaches it.
pub const DIRECTORY: &str = "/run/wharf";

/// The program that sessions are served and entered with.
pub const PROGRAM: &str = "/run/wharf/session";

/// The server's socket.
pub const SOCKET: &str = "/run/wharf/socket";

/// The ssh-agent's path inside; it is always there, and answers while somebody is attached who offers one.
pub const AGENT: &str = "/run/wharf/agent";
