//! A socket that is asked, as whom, and what.

use crate::http::Connection;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use wharf_testkit::{Account, Error, Result};

/// A socket, and who connects to it: root, where no account is said.
#[derive(Debug, Clone)]
pub(super) struct Door<'a> {
    socket: PathBuf,
    account: Option<&'a Account>,
}

/// A request that is made again and again, and the status that it must be answered with.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) method: &'static str,
    pub(super) target: String,
    pub(super) body: Option<Vec<u8>>,
    pub(super) status: u16,
}

impl Question {
    /// `GET`, answered with 200.
    pub(super) fn get(target: impl Into<String>) -> Self {
        Self { method: "GET", target: target.into(), body: None, status: 200 }
    }

    /// The same, answered otherwise.
    pub(super) fn refused(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// How long an answer takes.
    pub(super) fn put(&self, connection: &mut Connection) -> Result<Duration> {
        let start = Instant::now();
        let asked = connection.ask(self.method, &self.target, self.body.as_deref());
        let (status, answer) = asked.map_err(Error::io(format!("{} {}", self.method, self.target)))?;
        let took = start.elapsed();
        let said = String::from_utf8_lossy(&answer);
        assert_eq!(status, self.status, "{} {}: {said}", self.method, self.target);
        Ok(took)
    }
}

impl<'a> Door<'a> {
    pub(super) fn of(socket: PathBuf, account: Option<&'a Account>) -> Self {
        Self { socket, account }
    }

    /// A new connection.
    pub(super) fn open(&self) -> Result<Connection> {
        match self.account {
            Some(account) => Ok(Connection::over(account.connect(&self.socket)?)),
            None => Connection::open(&self.socket).map_err(Error::io("cannot reach the engine")),
        }
    }
}
