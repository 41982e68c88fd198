//! A program that runs while a story goes on: what it says is awaited, and it is spoken to.

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use wharf_testkit::Terminal;

/// How long anything awaited may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running program. Dropping it ends it.
#[derive(Debug)]
pub struct Live {
    child: Child,
    said: Arc<Mutex<Vec<u8>>>,
    /// Everything before was awaited already.
    heard: usize,
    readers: Vec<JoinHandle<()>>,
    input: Option<Input>,
    terminal: Option<Terminal>,
}

#[derive(Debug)]
enum Input {
    Pipe(ChildStdin),
    Terminal(File),
}

impl Live {
    /// Starts a command whose streams are pipes.
    pub(super) fn piped(mut command: Command) -> Self {
        let mut child = command.spawn().expect("a program that starts");
        let said = Arc::default();
        let mut readers = Vec::new();
        readers.extend(child.stdout.take().map(|out| read(out, &said)));
        readers.extend(child.stderr.take().map(|err| read(err, &said)));
        let input = child.stdin.take().map(Input::Pipe);
        Self { child, said, heard: 0, readers, input, terminal: None }
    }

    /// Starts a command made for a terminal.
    pub fn on(terminal: Terminal, mut command: Command) -> Self {
        let child = command.spawn().expect("a program that starts");
        // The command has the program's side of the terminal, which would never end.
        drop(command);
        let said = Arc::default();
        let readers = vec![read(terminal.file().expect("a terminal"), &said)];
        let input = Some(Input::Terminal(terminal.file().expect("a terminal")));
        Self { child, said, heard: 0, readers, input, terminal: Some(terminal) }
    }

    /// Waits until it says this, after whatever was awaited before.
    pub fn says(&mut self, text: &str) {
        let is_said = self.says_within(text, PATIENCE);
        assert!(is_said, "`{text}` was to be said: {}", self.text());
    }

    /// Whether it says this in time, after whatever was awaited before.
    pub fn says_within(&mut self, text: &str, patience: Duration) -> bool {
        let mut deadline = Instant::now() + patience;
        loop {
            let found = {
                let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
                let rest = said.get(self.heard..).unwrap_or_default();
                rest.windows(text.len()).position(|window| window == text.as_bytes())
            };
            if let Some(position) = found {
                self.heard += position + text.len();
                return true;
            }
            if Instant::now() >= deadline {
                return false;
            }
            if self.readers.iter().all(JoinHandle::is_finished) {
                // Nothing more will come, and it was looked for before that was known.
                deadline = deadline.min(Instant::now() + Duration::from_millis(100));
            }
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Types this.
    pub fn types(&mut self, text: &str) {
        match &mut self.input {
            Some(Input::Pipe(pipe)) => pipe.write_all(text.as_bytes()).expect("a reader"),
            Some(Input::Terminal(file)) => file.write_all(text.as_bytes()).expect("a terminal"),
            None => panic!("its input has ended"),
        }
    }

    /// Ends its input.
    pub fn ends_input(&mut self) {
        self.input = None;
    }

    /// Changes its terminal's size.
    pub fn resizes(&self, rows: u16, columns: u16) {
        self.terminal.as_ref().expect("a terminal").resize(rows, columns).expect("another size");
    }

    /// Everything it has said.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.said.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }

    /// Waits for its end by itself, and gives its exit status and all it said.
    pub fn ends(mut self) -> (i32, String) {
        let status = self.wait();
        for reader in std::mem::take(&mut self.readers) {
            reader.join().expect("a reader");
        }
        (status.code().unwrap_or(-1), self.text())
    }

    fn wait(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status;
            }
            assert!(Instant::now() < deadline, "it was to end by itself: {}", self.text());
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            // It leads a process group of its own, on a terminal and without: see `Client::command`.
            let group = format!("-{}", self.child.id());
            let _ = Command::new("kill").args(["-s", "KILL", "--", &group]).status();
            self.terminal = None;
            let _ = self.child.wait();
        }
    }
}

/// Collects what comes until it ends; a terminal ends with an error.
fn read(mut from: impl Read + Send + 'static, said: &Arc<Mutex<Vec<u8>>>) -> JoinHandle<()> {
    let said = Arc::clone(said);
    thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(count @ 1..) = from.read(&mut bytes) {
            let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
            said.extend_from_slice(&bytes[..count]);
        }
    })
}
