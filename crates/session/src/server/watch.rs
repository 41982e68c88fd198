//! What the server waits for.

use std::fs::Permissions;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags};

use super::Server;
use crate::name::SessionName;

/// How often it is looked whether the last names are kept, before the end.
const SOON: Duration = Duration::from_millis(5);

/// Who is ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Signals,
    Listener,
    Agent,
    Client(u64),
    Session(SessionName),
    Channel(u32),
}

/// And for what.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) token: Token,
    pub(super) readable: bool,
    pub(super) writable: bool,
    pub(super) closed: bool,
}

/// A socket that only its owner reaches. One that a former server left is replaced.
pub(super) fn listen(path: &Path) -> io::Result<UnixListener> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(path)?;
    std::fs::set_permissions(path, Permissions::from_mode(0o600))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

impl Server {
    /// Waits until something happens or is due.
    pub(super) fn wait(&self) -> io::Result<Vec<Ready>> {
        let mut tokens = Vec::new();
        let mut fds = Vec::new();
        let mut watch = |token, fd, flags| {
            tokens.push(token);
            fds.push(PollFd::from_borrowed_fd(fd, flags));
        };
        let read = PollFlags::IN;
        watch(Token::Signals, self.signals.pipe().as_fd(), read);
        watch(Token::Listener, self.listener.as_fd(), read);
        watch(Token::Agent, self.relay.listener().as_fd(), read);
        for (id, client) in &self.clients {
            let write = if client.has_more() { PollFlags::OUT } else { PollFlags::empty() };
            watch(
                Token::Client(*id),
                client.stream().as_fd(),
                if client.may_speak() && !self.is_full(client) { read | write } else { write },
            );
        }
        for (name, session) in &self.sessions {
            let Some(pty) = session.pty() else { continue };
            let write = if session.has_input() { PollFlags::OUT } else { PollFlags::empty() };
            // What nobody else sees is not read before its client has taken what there was.
            let flags = if self.is_held(name, session) { write } else { read | write };
            if !flags.is_empty() {
                watch(Token::Session(name.clone()), pty.as_fd(), flags);
            }
        }
        for (channel, stream) in self.relay.streams() {
            watch(Token::Channel(channel), stream.as_fd(), read);
        }
        crate::polling::wait(&mut fds, self.due(Instant::now()))?;
        let closed = PollFlags::HUP | PollFlags::ERR;
        let ready = tokens.into_iter().zip(&fds).map(|(token, fd)| {
            let got = fd.revents();
            let (readable, writable) = (got.contains(read), got.contains(PollFlags::OUT));
            Ready { token, readable, writable, closed: got.intersects(closed) }
        });
        Ok(ready.filter(|ready| ready.readable || ready.writable || ready.closed).collect())
    }

    /// Whether a client has typed more than its program reads.
    pub(super) fn is_full(&self, client: &super::Client) -> bool {
        let session = client.attached().and_then(|attached| self.sessions.get(&attached.session));
        session.is_some_and(super::Session::is_full)
    }

    /// Whether a session waits until its client has taken what there was.
    pub(super) fn is_held(&self, name: &SessionName, session: &super::Session) -> bool {
        session.waits_for_client() && self.is_behind(name)
    }

    /// How long nothing is due; never more than until directories are looked at again.
    fn due(&self, now: Instant) -> Option<Duration> {
        let clients = self.clients.values().map(super::Client::due);
        // One that waits for its client is woken by it.
        let sessions = self.sessions.iter().filter(|(name, session)| !self.is_held(name, session));
        let sessions = sessions.filter_map(|(_, session)| session.due());
        let saved = self.stopping.filter(|_| self.saver.is_busy()).map(|_| now + SOON);
        let others =
            [saved, Some(self.next_save), self.stopping, self.periodic.as_ref().map(super::Periodic::due)];
        let first = clients.chain(sessions).chain(others.into_iter().flatten()).min();
        first.map(|first| first.saturating_duration_since(now))
    }
}
