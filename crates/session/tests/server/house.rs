//! A server in a directory of its own.

use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use wharf_session::Status;
use wharf_session::frame::{self, Kind};
use wharf_session::message::{self, Hello, PROTOCOL, Refused, Request};

/// How long anything may take on a busy machine.
pub(crate) const LONG: Duration = Duration::from_secs(60);

/// A running server; ended with the test.
pub(crate) struct House {
    pub(crate) directory: tempfile::TempDir,
    pub(crate) server: Child,
}

impl House {
    pub(crate) fn new() -> Self {
        Self::with(&[])
    }

    pub(crate) fn with(options: &[&str]) -> Self {
        Self::logging_to(Stdio::null(), options)
    }

    pub(crate) fn logging_to(log: Stdio, options: &[&str]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::create_dir(directory.path().join("home")).unwrap();
        // `/etc/profile` has its own mind about prompts.
        std::fs::write(directory.path().join("home/.profile"), "PS1='$ '\n").unwrap();
        let server = Self::serve(&directory, options, log);
        let house = Self { directory, server };
        house.until_it_answers();
        house
    }

    fn serve(directory: &tempfile::TempDir, options: &[&str], log: Stdio) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wharf-session"));
        command.args(["serve", "--shell", "/bin/sh", "--scrollback", "262144"]).args(options);
        command
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("PS1", "$ ")
            .env("WHARF_WORKSTATION", "foo");
        command
            .env("HOME", directory.path().join("home"))
            .env("WHARF_SESSION_DIRECTORY", directory.path().join("run"));
        command.stdin(Stdio::null()).stdout(log);
        command.spawn().unwrap()
    }

    fn until_it_answers(&self) {
        let begun = Instant::now();
        while UnixStream::connect(self.socket()).is_err() {
            assert!(begun.elapsed() < LONG, "the server does not listen");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.directory.path().join("run/socket")
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.directory.path().join("home")
    }

    pub(crate) fn connect(&self) -> UnixStream {
        let stream = UnixStream::connect(self.socket()).unwrap();
        stream.set_read_timeout(Some(LONG)).unwrap();
        stream
    }

    /// Asks, and returns the payloads before `Done`; or why not.
    pub(crate) fn ask(&self, request: Request) -> Result<Vec<u8>, String> {
        use std::io::Write as _;
        let mut stream = self.connect();
        let hello = Hello { protocol: PROTOCOL, request };
        stream.write_all(&frame::encoded(Kind::Hello, &message::write(&hello))).unwrap();
        let mut answer = Vec::new();
        loop {
            let frame = frame::read(&mut stream).unwrap().expect("an answer");
            match frame.kind {
                Kind::Done => return Ok(answer),
                Kind::Refused => return Err(message::read::<Refused>(&frame.payload).unwrap().reason),
                _ => answer.extend(frame.payload),
            }
        }
    }

    pub(crate) fn status(&self) -> Status {
        message::read(&self.ask(Request::Status).unwrap()).unwrap()
    }

    /// Waits until the status is so.
    pub(crate) fn until(&self, what: &str, so: impl Fn(&Status) -> bool) -> Status {
        let begun = Instant::now();
        loop {
            let status = self.status();
            if so(&status) {
                return status;
            }
            assert!(begun.elapsed() < LONG, "never {what}: {status:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Asks the server to stop, and says how long that took.
    pub(crate) fn stop(&mut self) -> Duration {
        let begun = Instant::now();
        self.signal(rustix::process::Signal::TERM);
        assert!(self.server.wait().unwrap().success());
        begun.elapsed()
    }

    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_raw(i32::try_from(self.server.id()).unwrap()).unwrap();
        rustix::process::kill_process(pid, signal).unwrap();
    }

    /// Starts it again in the same home, as after an upgrade or a reboot.
    pub(crate) fn again(&mut self) {
        self.server = Self::serve(&self.directory, &[], Stdio::null());
        self.until_it_answers();
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if self.server.try_wait().is_ok_and(|ended| ended.is_none()) {
            self.signal(rustix::process::Signal::TERM);
        }
        let _ended = self.server.wait();
    }
}
