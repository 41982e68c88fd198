//! Sessions: what they write goes to their clients, what has ended is told, and sizes are agreed.

use std::time::Instant;

use super::Server;
use super::client::Client;
use super::session::Fate;
use crate::message::Size;
use crate::name::SessionName;

impl Server {
    /// Takes what a session's program wrote, and gives it what was typed.
    pub(super) fn serve_session(&mut self, name: &SessionName, readable: bool, writable: bool) {
        let Some(session) = self.sessions.get_mut(name) else { return };
        if writable {
            session.flush();
        }
        if !readable {
            return;
        }
        let now = Instant::now();
        let clients = self
            .clients
            .values_mut()
            .filter(|client| client.attached().is_some_and(|at| at.session == *name));
        let mut clients: Vec<&mut Client> = clients.collect();
        session.read(now, |screen, bytes| {
            for client in &mut clients {
                if let Some((attached, queue)) = client.attached_mut() {
                    attached.feed.before(queue, screen, bytes);
                }
            }
            screen.write(bytes);
            for client in &mut clients {
                if let Some((attached, queue)) = client.attached_mut() {
                    attached.feed.after(queue, bytes, now);
                }
            }
        });
        // Questions to the terminal are answered by one that sees them as they come; without any, by the server.
        let answered =
            clients.iter().filter_map(|client| client.attached()).any(|at| !at.view && at.feed.is_live());
        let answers = session.screen.take_answers();
        if !answered && !answers.is_empty() {
            session.type_in(&answers);
        }
    }

    /// Tells the clients of sessions that have ended, and lets become of these what should.
    pub(super) fn end_sessions(&mut self, now: Instant) {
        let mut finished = Vec::new();
        let held: Vec<SessionName> = self
            .sessions
            .iter()
            .filter(|(name, session)| self.is_held(name, session))
            .map(|(name, _)| name.clone())
            .collect();
        for (name, session) in self.sessions.iter_mut().filter(|(name, _)| !held.contains(name)) {
            if let Some((status, fate)) = session.finished(now) {
                finished.push((name.clone(), status, fate));
            }
        }
        for (name, status, fate) in finished {
            self.told.push(format!("session {name} ended with {status}"));
            self.next_save = now;
            let restarted = fate == Fate::Restart && self.stopping.is_none() && self.start_again(&name);
            if !restarted {
                self.part(&name, status);
            }
            let keep = fate != Fate::Forget || self.stopping.is_some();
            if !keep {
                self.sessions.remove(&name);
            }
        }
    }

    /// Starts a shell where one has ended; its clients stay.
    fn start_again(&mut self, name: &SessionName) -> bool {
        let Some(session) = self.sessions.get(name) else { return false };
        let size = session.screen.size();
        let begun = self.begin(name, size, &[], "started again");
        if let Err(reason) = &begun {
            self.told.push(reason.clone());
        }
        self.redraw(name);
        begun.is_ok()
    }

    /// A session's clients hear its status and go, with its last output.
    fn part(&mut self, name: &SessionName, status: u8) {
        let now = Instant::now();
        let Some(session) = self.sessions.get(name) else { return };
        for client in self.clients.values_mut() {
            let Some((attached, queue)) =
                client.attached_mut().filter(|(attached, _)| attached.session == *name)
            else {
                continue;
            };
            attached.feed.finish(queue, &session.screen, attached.size, now);
            client.end(status);
        }
    }

    /// Commands whose client is gone end.
    pub(super) fn end_orphans(&mut self, now: Instant) {
        for (name, session) in &mut self.sessions {
            let has_client =
                self.clients.values().filter_map(Client::attached).any(|attached| attached.session == *name);
            if session.of_client && !has_client {
                session.end(Fate::Forget, now);
            }
        }
    }

    /// All sessions have the size that their clients agree on.
    pub(super) fn sessions_resized(&mut self) {
        let names: Vec<SessionName> = self.sessions.keys().cloned().collect();
        for name in &names {
            self.resize_session(name);
        }
    }

    /// The size that fits into the terminals of all who do more than watch; while there is none, what it was.
    pub(super) fn resize_session(&mut self, name: &SessionName) {
        let attached =
            self.clients.values().filter_map(Client::attached).filter(|at| at.session == *name && !at.view);
        let agreed = attached.map(|attached| attached.size).reduce(Size::smaller);
        let Some(session) = self.sessions.get_mut(name) else { return };
        if let Some(agreed) = agreed.filter(|agreed| *agreed != session.screen.size()) {
            // Where terminals are must be known by the screen that they were shown.
            let was_alternate = session.screen.is_alternate();
            session.resize(agreed);
            debug_assert_eq!(was_alternate, session.screen.is_alternate());
            self.redraw(name);
        }
    }

    /// All clients of a session are drawn everything anew.
    fn redraw(&mut self, name: &SessionName) {
        let Some(session) = self.sessions.get(name) else { return };
        for client in self.clients.values_mut() {
            if let Some((attached, _)) =
                client.attached_mut().filter(|(attached, _)| attached.session == *name)
            {
                attached.feed.redraw(&session.screen);
            }
        }
    }
}
