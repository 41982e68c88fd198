//! The ssh-agent's path inside, and whom what asks there is brought to.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;

use super::watch::listen;
use crate::frame::Kind;

/// The most that may ask at once.
const MOST: usize = 32;

/// The largest answer that somebody inside may leave unread.
const MOST_ANSWER: usize = 256 * 1024;

/// The listener, which is there whether anybody offers an agent or not, and conversations.
pub(super) struct Relay {
    listener: UnixListener,
    channels: BTreeMap<u32, Channel>,
    next: u32,
}

/// Somebody who asks, and the client who answers.
struct Channel {
    stream: UnixStream,
    client: u64,
    waiting: Vec<u8>,
}

impl Relay {
    pub(super) fn listen(path: &Path) -> io::Result<Self> {
        Ok(Self { listener: listen(path)?, channels: BTreeMap::new(), next: 0 })
    }

    pub(super) fn listener(&self) -> &UnixListener {
        &self.listener
    }

    pub(super) fn streams(&self) -> impl Iterator<Item = (u32, &UnixStream)> {
        self.channels.iter().map(|(number, channel)| (*number, &channel.stream))
    }

    /// Takes one who asks, for `client`; who finds nobody is let go at once.
    pub(super) fn accept(&mut self, client: Option<u64>) -> Option<u32> {
        let (stream, _) = self.listener.accept().ok()?;
        let client = client.filter(|_| self.channels.len() < MOST)?;
        stream.set_nonblocking(true).ok()?;
        let number = self.next;
        self.next = self.next.wrapping_add(1);
        self.channels.insert(number, Channel { stream, client, waiting: Vec::new() });
        Some(number)
    }

    /// Who answers on a channel.
    pub(super) fn client(&self, number: u32) -> Option<u64> {
        self.channels.get(&number).map(|channel| channel.client)
    }

    /// Reads what is asked; the frame for the client.
    pub(super) fn read(&mut self, number: u32) -> Option<(Kind, Vec<u8>)> {
        let channel = self.channels.get_mut(&number)?;
        let mut buffer = [0; 8 * 1024];
        let mut payload = number.to_be_bytes().to_vec();
        match channel.stream.read(&mut buffer) {
            Ok(count @ 1..) => {
                payload.extend_from_slice(buffer.get(..count).unwrap_or_default());
                Some((Kind::AgentData, payload))
            }
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {
                None
            }
            Ok(_) | Err(_) => {
                self.channels.remove(&number);
                Some((Kind::AgentClose, payload))
            }
        }
    }

    /// Takes a client's frame about one of its channels.
    pub(super) fn answer(&mut self, client: u64, kind: Kind, number: u32, bytes: &[u8]) {
        let Some(channel) = self.channels.get_mut(&number).filter(|channel| channel.client == client) else {
            return;
        };
        channel.waiting.extend_from_slice(bytes);
        if kind == Kind::AgentClose || channel.waiting.len() > MOST_ANSWER || !channel.flush() {
            self.channels.remove(&number);
        }
    }

    /// Gives those who ask what they take.
    pub(super) fn flush(&mut self) {
        self.channels.retain(|_, channel| channel.flush());
    }

    /// A client is gone, and so is its agent.
    pub(super) fn gone(&mut self, client: u64) {
        self.channels.retain(|_, channel| channel.client != client);
    }
}

impl Channel {
    /// Whether it may go on.
    fn flush(&mut self) -> bool {
        while !self.waiting.is_empty() {
            match self.stream.write(&self.waiting) {
                Ok(count) => drop(self.waiting.drain(..count)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return true,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return false,
            }
        }
        true
    }
}
