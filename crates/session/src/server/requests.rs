//! What a client's first frame asks for.

use std::time::Instant;

use super::Server;
use super::client::{Attached, Part};
use super::environment::of_client;
use super::feed::Feed;
use super::session::{Fate, Session};
use crate::frame::Kind;
use crate::message::{self, Attach, Hello, PROTOCOL, Request, Size, Welcome};
use crate::name::SessionName;

/// The most sessions.
const MOST: usize = 128;

impl Server {
    /// Does what is asked, or says why not.
    pub(super) fn greet(&mut self, id: u64, payload: &[u8]) {
        let done = match message::read::<Hello>(payload) {
            Ok(hello) if hello.protocol == PROTOCOL => self.answer(id, hello.request),
            // The number comes first in every version, and small numbers are one byte.
            _ if payload.first().is_some_and(|first| u16::from(*first) != PROTOCOL) => {
                Err("the workstation and its client are of different versions: upgrade the workstation"
                    .to_owned())
            }
            Ok(_) | Err(_) => Err("the client's greeting cannot be read".to_owned()),
        };
        if let Err(reason) = done
            && let Some(client) = self.clients.get_mut(&id)
        {
            client.refuse(&reason);
        }
    }

    fn answer(&mut self, id: u64, request: Request) -> Result<(), String> {
        if self.stopping.is_some() {
            return Err("the workstation is being stopped".to_owned());
        }
        match request {
            Request::Attach(how) => return self.attach(id, *how),
            Request::Status => self.tell_status(id),
            Request::Start(name) => self.begin(&name, Size::default(), &[], "").map(|_| ())?,
            Request::Stop(name) => self.end(&name, Fate::Keep)?,
            Request::Restart(name) => self.restart(&name)?,
            Request::Kill(name) => self.end(&name, Fate::Forget)?,
            Request::Detach(name) => self.send_away(&name)?,
        }
        if let Some(client) = self.clients.get_mut(&id) {
            client.queue.push(Kind::Done, &[]);
            client.part = Part::Leaving;
        }
        self.next_save = Instant::now();
        Ok(())
    }

    fn tell_status(&mut self, id: u64) {
        let status = message::write(&self.status());
        if let Some(client) = self.clients.get_mut(&id) {
            client.queue.push(Kind::Status, &status);
        }
    }

    fn attach(&mut self, id: u64, how: Attach) -> Result<(), String> {
        let size = how.size.sane();
        let (name, created) = if let Some(command) = &how.command {
            (self.begin_command(command, size, &how.environment)?, true)
        } else {
            let created = self.begin(&how.session, size, &how.environment, &how.hint)?;
            (how.session, created)
        };
        let (Some(client), Some(session)) = (self.clients.get_mut(&id), self.sessions.get(&name)) else {
            return Err("the session has just ended; attach again".to_owned());
        };
        client.queue.push(Kind::Welcome, &message::write(&Welcome { session: name.clone(), created }));
        let plain = |text: String| text.chars().filter(|char| !char.is_control()).take(64).collect();
        client.part = Part::Attached(Box::new(Attached {
            session: name.clone(),
            view: how.view,
            agent: how.agent,
            size,
            from: plain(how.from),
            feed: Feed::fresh(&session.screen),
        }));
        self.resize_session(&name);
        if created {
            self.next_save = Instant::now();
        }
        Ok(())
    }

    /// Makes sure that a shell runs in a session; whether it was begun now.
    pub(super) fn begin(
        &mut self,
        name: &SessionName,
        size: Size,
        wishes: &[(String, String)],
        hint: &str,
    ) -> Result<bool, String> {
        if self.sessions.get(name).is_some_and(Session::is_running) {
            return Ok(false);
        }
        let is_new = !self.sessions.contains_key(name);
        if is_new && self.sessions.len() >= MOST {
            return Err(format!("there are {MOST} sessions already: kill one"));
        }
        let home = &self.how.account.home;
        let environment = of_client(wishes, home);
        let session = self
            .sessions
            .entry(name.clone())
            .or_insert_with(|| Session::new(size, self.how.scrollback, home.clone()));
        session.resize(size);
        session
            .start(&self.how, name, &environment, None, hint)
            .map_err(|error| format!("no shell could be started in session `{name}`: {error}"))?;
        self.told.push(format!("session {name} began in {}", session.directory().display()));
        Ok(true)
    }

    /// A session of its own for one client's command.
    fn begin_command(
        &mut self,
        command: &[String],
        size: Size,
        wishes: &[(String, String)],
    ) -> Result<SessionName, String> {
        if command.is_empty() || self.sessions.len() >= MOST {
            return Err("there is nothing to run, or there are too many sessions already".to_owned());
        }
        let home = &self.how.account.home;
        let free = (1u32..).filter_map(|number| format!("run-{number}").parse::<SessionName>().ok());
        let mut free = free.filter(|name| !self.sessions.contains_key(name));
        let name = free.next().ok_or("there is no free name")?;
        let mut session = Session::new(size, self.how.scrollback, home.clone());
        session.of_client = true;
        let environment = of_client(wishes, home);
        session.start(&self.how, &name, &environment, Some(command), "").map_err(|error| {
            format!("`{}` could not be started: {error}", command.first().map_or("", String::as_str))
        })?;
        self.sessions.insert(name.clone(), session);
        Ok(name)
    }

    /// Lets everybody go who is attached to a session, also those whose terminals nobody holds any more.
    fn send_away(&mut self, name: &SessionName) -> Result<(), String> {
        self.sessions.get(name).ok_or_else(|| format!("there is no session `{name}`"))?;
        for (id, client) in &mut self.clients {
            if client.attached().is_some_and(|attached| attached.session == *name) {
                client.refuse("everybody was sent away from this session; it goes on");
                self.relay.gone(*id);
            }
        }
        self.sessions_resized();
        self.end_orphans(Instant::now());
        Ok(())
    }

    fn end(&mut self, name: &SessionName, fate: Fate) -> Result<(), String> {
        let session = self.sessions.get_mut(name).ok_or_else(|| format!("there is no session `{name}`"))?;
        if session.is_running() {
            session.end(fate, Instant::now());
        } else if fate == Fate::Forget {
            self.sessions.remove(name);
        }
        Ok(())
    }

    fn restart(&mut self, name: &SessionName) -> Result<(), String> {
        if self.sessions.get(name).is_some_and(Session::is_running) {
            return self.end(name, Fate::Restart);
        }
        self.begin(name, Size::default(), &[], "").map(|_| ())
    }
}
