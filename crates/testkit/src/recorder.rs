//! A proxy before an engine's socket that writes down every request and can break any of them.
//!
//! It understands just enough HTTP/1.1 to count requests on connections that are kept alive; bodies pass through
//! as they are, and after an upgrade everything does.

use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::{Error, Result, TestDir};

mod connection;
mod http;

/// One request, as it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `POST`, ...
    pub method: String,
    /// Path and query, as they were sent.
    pub target: String,
}

/// When a hook is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The request has come, and the engine has not seen it.
    Before,
    /// The engine has acted on the request and begun to answer; the client has not seen it.
    After,
}

/// What becomes of a request or its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It passes.
    Forward,
    /// The client gets this answer instead: a status and a message in the engine's form.
    Answer(u16, String),
    /// The connection is closed without a word.
    Cut,
}

type Hook = Box<dyn Fn(Moment, usize, &Request) -> Verdict + Send>;

/// The proxy. Dropping it closes its socket to new connections.
#[derive(Debug)]
pub struct Recorder {
    socket: PathBuf,
    state: Arc<State>,
    _directory: TestDir,
}

#[derive(Default)]
struct State {
    seen: Mutex<Vec<Request>>,
    hook: Mutex<Option<Hook>>,
}

impl Recorder {
    /// Puts a recorder before the engine behind `engine`. Everything passes until a hook is set.
    pub fn start(engine: &Path) -> Result<Self> {
        let directory = TestDir::new()?;
        let socket = directory.join("docker.sock");
        let listener = UnixListener::bind(&socket).map_err(Error::io("cannot listen for the recorder"))?;
        let state = Arc::new(State::default());
        let (shared, engine) = (Arc::clone(&state), engine.to_owned());
        // It ends with the process: nobody can connect any more once the socket's file is gone.
        thread::spawn(move || accept(&listener, &engine, &shared));
        Ok(Self { socket, state, _directory: directory })
    }

    /// The socket that clients must use.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// The socket as `DOCKER_HOST` wants it.
    pub fn host(&self) -> String {
        format!("unix://{}", self.socket.display())
    }

    /// Every request so far, in order of arrival, as `METHOD /path?query`.
    pub fn requests(&self) -> Vec<String> {
        let line = |request: &Request| format!("{} {}", request.method, request.target);
        lock(&self.state.seen).iter().map(line).collect()
    }

    /// Forgets what was seen, so that counting starts again at 1.
    pub fn clear(&self) {
        lock(&self.state.seen).clear();
    }

    /// Calls `hook` with the moment, the request's number (the first is 1), and the request. It may take its time:
    /// the client waits, and so do other requests. It must not set or clear the hook.
    pub fn set_hook(&self, hook: impl Fn(Moment, usize, &Request) -> Verdict + Send + 'static) {
        *lock(&self.state.hook) = Some(Box::new(hook));
    }

    /// Lets everything pass again.
    pub fn clear_hook(&self) {
        *lock(&self.state.hook) = None;
    }

    /// Answers the `n`-th request (the first is 1) with `status`, and lets all others pass.
    pub fn fail_at(&self, n: usize, status: u16) {
        self.set_hook(move |moment, number, _| match moment {
            Moment::Before if number == n => Verdict::Answer(status, "broken by the test".into()),
            _ => Verdict::Forward,
        });
    }

    /// Calls `act` when the `n`-th request (the first is 1) is at `moment`, then does what it answers.
    pub fn at(&self, n: usize, moment: Moment, act: impl Fn(&Request) -> Verdict + Send + 'static) {
        self.set_hook(
            move |now, number, request| {
                if now == moment && number == n { act(request) } else { Verdict::Forward }
            },
        );
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.socket);
    }
}

impl State {
    /// Writes a request down and gives its number, from 1.
    fn record(&self, request: &Request) -> usize {
        let mut seen = lock(&self.seen);
        seen.push(request.clone());
        seen.len()
    }

    fn judge(&self, moment: Moment, number: usize, request: &Request) -> Verdict {
        lock(&self.hook).as_ref().map_or(Verdict::Forward, |hook| hook(moment, number, request))
    }
}

impl std::fmt::Debug for State {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("State").field("seen", &self.seen).finish_non_exhaustive()
    }
}

fn accept(listener: &UnixListener, engine: &Path, state: &Arc<State>) {
    for client in listener.incoming() {
        let (Ok(client), Ok(engine)) = (client, UnixStream::connect(engine)) else { continue };
        let state = Arc::clone(state);
        thread::spawn(move || connection::serve(client, engine, &state));
    }
}

/// A test that panicked with the lock held has already failed; the others go on.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
