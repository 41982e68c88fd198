//! What a workstation's sessions are at: what `session status --json` prints.

use serde::{Deserialize, Serialize};

use crate::name::SessionName;

/// All sessions of one server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// By name.
    pub sessions: Vec<SessionStatus>,
    /// When the server was started, in seconds since 1970.
    pub started: u64,
    /// The server's version.
    pub version: String,
}

/// One session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionStatus {
    /// Its name.
    pub name: SessionName,
    /// Whether anything runs in it; a session that was stopped keeps its name and directory.
    pub running: bool,
    /// The process in front, with its arguments; empty when nothing runs.
    pub command: String,
    /// The directory of the process in front, or where the session begins again.
    pub directory: String,
    /// Width.
    pub columns: u16,
    /// Height.
    pub rows: u16,
    /// Seconds since the last output or key.
    pub idle_seconds: u64,
    /// Who is attached.
    pub clients: Vec<ClientStatus>,
    /// How many lines above the screen are kept.
    pub scrollback_lines: u64,
    /// The window's title that the program set.
    pub title: String,
}

/// One who is attached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientStatus {
    /// The client's host.
    pub from: String,
    /// Whether it only watches.
    pub view: bool,
}
