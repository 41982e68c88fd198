//! Clients: that they come, what they say, and that they go.

use std::time::Instant;

use super::Server;
use super::client::{Client, Part};
use crate::frame::{Frame, Kind, Malformed};
use crate::message::{self, Size};
use crate::name::SessionName;
use crate::status::ClientStatus;

/// The most connections at once.
const MOST: usize = 64;

impl Server {
    /// Takes one who comes, if it is the same account's or root's: the socket's mode says so, too.
    pub(super) fn accept(&mut self) {
        let Ok((stream, _)) = self.listener.accept() else { return };
        let own = rustix::process::geteuid();
        let known = rustix::net::sockopt::socket_peercred(&stream)
            .is_ok_and(|peer| peer.uid == own || peer.uid.is_root());
        if !known || self.clients.len() >= MOST {
            return;
        }
        if let Ok(client) = Client::new(stream, self.how.heartbeat, Instant::now()) {
            self.clients.insert(self.next_client, client);
            self.next_client += 1;
        }
    }

    /// Takes what a client says.
    pub(super) fn serve_client(&mut self, id: u64, readable: bool) {
        let Some(client) = self.clients.get_mut(&id).filter(|client| readable && client.may_speak()) else {
            return;
        };
        let outcome = client
            .read(Instant::now())
            .and_then(|frames| frames.into_iter().try_for_each(|frame| self.take_frame(id, frame)));
        if let Err(malformed) = outcome
            && let Some(client) = self.clients.get_mut(&id)
        {
            self.told.push(format!("a client was let go: it sent {malformed}"));
            client.refuse(&format!("the client sent {malformed}; is it of another version?"));
            self.relay.gone(id);
            self.sessions_resized();
        }
    }

    fn take_frame(&mut self, id: u64, Frame { kind, payload }: Frame) -> Result<(), Malformed> {
        let Some(client) = self.clients.get_mut(&id) else { return Ok(()) };
        let attached = match &mut client.part {
            Part::New if kind == Kind::Hello => {
                self.greet(id, &payload);
                return Ok(());
            }
            Part::New => return Err(Malformed::OutOfTurn),
            Part::Leaving => return Ok(()),
            Part::Attached(attached) => attached,
        };
        match kind {
            Kind::Input if attached.view => {}
            Kind::Input => {
                if let Some(session) = self.sessions.get_mut(&attached.session) {
                    session.type_in(&payload);
                }
            }
            Kind::Resize => {
                attached.size = message::read::<Size>(&payload)?.sane();
                let name = attached.session.clone();
                if let Some(session) = self.sessions.get(&name) {
                    attached.feed.redraw(&session.screen);
                }
                self.resize_session(&name);
            }
            Kind::Ping => {}
            Kind::Detach => client.leave(),
            Kind::AgentData | Kind::AgentClose => {
                let (number, bytes) = payload.split_first_chunk::<4>().ok_or(Malformed::Unreadable)?;
                self.relay.answer(id, kind, u32::from_be_bytes(*number), bytes);
            }
            _ => return Err(Malformed::OutOfTurn),
        }
        Ok(())
    }

    /// Sends all that is waiting, and forgets who is gone.
    pub(super) fn flush(&mut self) {
        let now = Instant::now();
        for client in self.clients.values_mut() {
            let mut sent = true;
            while std::mem::take(&mut sent) {
                if let Some((attached, queue)) = client.attached_mut()
                    && let Some(session) = self.sessions.get(&attached.session)
                {
                    attached.feed.catch_up(queue, &session.screen, attached.size, now);
                }
                let before = client.queue.len();
                client.flush();
                // As long as it takes everything, and misses something, it is given more.
                let behind = client
                    .attached()
                    .is_some_and(|attached| !attached.feed.is_live() && attached.feed.due().is_none());
                sent = before > 0
                    && client.queue.is_empty()
                    && behind
                    && !client.is_gone()
                    && before >= super::queue::PIECE;
            }
        }
        self.relay.flush();
        let gone: Vec<u64> =
            self.clients.iter().filter(|(_, client)| client.is_gone()).map(|(id, _)| *id).collect();
        for id in &gone {
            self.clients.remove(id);
            self.relay.gone(*id);
        }
        if !gone.is_empty() {
            self.end_orphans(now);
            self.sessions_resized();
        }
    }

    pub(super) fn heartbeats(&mut self, now: Instant) {
        for client in self.clients.values_mut() {
            let at = client.attached().and_then(|attached| self.sessions.get(&attached.session));
            let is_unheard = at.is_some_and(super::Session::is_full);
            client.heartbeat(now, is_unheard);
        }
    }

    /// Who is attached to a session.
    pub(super) fn clients_of(&self, name: &SessionName) -> Vec<ClientStatus> {
        let attached =
            self.clients.values().filter_map(Client::attached).filter(|attached| attached.session == *name);
        attached.map(|attached| ClientStatus { from: attached.from.clone(), view: attached.view }).collect()
    }

    /// Whether a client of this session has not taken what there was.
    pub(super) fn is_behind(&self, name: &SessionName) -> bool {
        let of_session =
            |client: &&Client| client.attached().is_some_and(|attached| attached.session == *name);
        self.clients.values().filter(of_session).any(|client| client.queue.len() > super::queue::MOST / 2)
    }

    /// Somebody inside asks the agent of whoever offered one last.
    pub(super) fn accept_agent(&mut self) {
        let offers = |client: &Client| client.attached().is_some_and(|attached| attached.agent);
        let last = self.clients.iter().rev().find(|(_, client)| offers(client)).map(|(id, _)| *id);
        if let Some(number) = self.relay.accept(last)
            && let Some(client) = last.and_then(|last| self.clients.get_mut(&last))
        {
            client.queue.push(Kind::AgentOpen, &number.to_be_bytes());
        }
    }

    pub(super) fn serve_channel(&mut self, number: u32, readable: bool) {
        let client = self.relay.client(number);
        if let Some((kind, payload)) = self.relay.read(number).filter(|_| readable)
            && let Some(client) = client.and_then(|client| self.clients.get_mut(&client))
        {
            client.queue.push(kind, &payload);
        }
    }
}
