//! The caller's ssh-agent, offered inside while attached.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use super::streams::Outbox;
use crate::frame::{Kind, Malformed};

/// The most that may ask at once; more are told that there is no agent.
const MOST: usize = 32;

/// How long the agent may take to read what it is asked.
const PATIENCE: Duration = Duration::from_secs(5);

/// Conversations with the agent, by channel.
pub(super) struct Agents {
    agent: Option<PathBuf>,
    outbox: Outbox,
    channels: BTreeMap<u32, UnixStream>,
}

impl Agents {
    pub(super) fn new(agent: Option<PathBuf>, outbox: Outbox) -> Self {
        Self { agent, outbox, channels: BTreeMap::new() }
    }

    /// Takes a frame about a channel.
    pub(super) fn take(&mut self, kind: Kind, payload: &[u8]) -> Result<(), Malformed> {
        let (number, bytes) = payload.split_first_chunk::<4>().ok_or(Malformed::Unreadable)?;
        let channel = u32::from_be_bytes(*number);
        match kind {
            // A server that was offered no agent asks for none; one that reads no answers gets no more of them.
            Kind::AgentOpen if self.agent.is_none() || self.outbox.is_flooded() => {
                return Err(Malformed::OutOfTurn);
            }
            Kind::AgentOpen => match self.open(channel) {
                Ok(stream) => {
                    self.channels.insert(channel, stream);
                }
                Err(_) => self.outbox.send(Kind::AgentClose, number),
            },
            Kind::AgentData => {
                let failed =
                    self.channels.get_mut(&channel).is_some_and(|stream| stream.write_all(bytes).is_err());
                if failed {
                    self.close(channel);
                    self.outbox.send(Kind::AgentClose, number);
                }
            }
            _ => self.close(channel),
        }
        Ok(())
    }

    /// Connects to the agent, and sends what it answers. Only if it was offered: whoever is inside does not decide that.
    fn open(&mut self, channel: u32) -> io::Result<UnixStream> {
        let path = self.agent.as_ref().ok_or(io::ErrorKind::PermissionDenied)?;
        if self.channels.len() >= MOST || self.channels.contains_key(&channel) {
            return Err(io::ErrorKind::ResourceBusy.into());
        }
        let stream = UnixStream::connect(path)?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let mut answers = stream.try_clone()?;
        let outbox = self.outbox.clone();
        thread::Builder::new().name("agent".to_owned()).spawn(move || {
            let mut bytes = [0; 8 * 1024];
            while let Ok(count @ 1..) = answers.read(&mut bytes) {
                let mut payload = channel.to_be_bytes().to_vec();
                payload.extend_from_slice(bytes.get(..count).unwrap_or_default());
                outbox.wait_for_room();
                outbox.send(Kind::AgentData, &payload);
            }
            outbox.send(Kind::AgentClose, &channel.to_be_bytes());
        })?;
        Ok(stream)
    }

    fn close(&mut self, channel: u32) {
        if let Some(stream) = self.channels.remove(&channel) {
            // The thread that reads ends with it.
            let _closed = stream.shutdown(Shutdown::Both);
        }
    }
}

impl Drop for Agents {
    fn drop(&mut self) {
        let open: Vec<u32> = self.channels.keys().copied().collect();
        for channel in open {
            self.close(channel);
        }
    }
}
