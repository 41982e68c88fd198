//! A client made by hand, whose terminal is a screen that the test can look at.

use std::io::{self, Write as _};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use wharf_session::frame::{self, Frame, Kind};
use wharf_session::message::{self, Attach, Ended, Hello, PROTOCOL, Refused, Request, Size};
use wharf_session::screen::Screen;

use crate::house::{House, LONG};

/// A client.
pub(crate) struct Visitor {
    pub(crate) stream: UnixStream,
    pub(crate) screen: Screen,
    pub(crate) ended: Option<u8>,
    pub(crate) refused: Option<String>,
    pub(crate) others: Vec<Frame>,
}

/// How a visitor attaches unless it says otherwise.
pub(crate) fn way(session: &str) -> Attach {
    Attach {
        session: session.parse().unwrap(),
        view: false,
        agent: false,
        size: Size { columns: 80, rows: 24 },
        environment: vec![("TERM".to_owned(), "xterm".to_owned())],
        command: None,
        from: "test".to_owned(),
        hint: String::new(),
    }
}

impl Visitor {
    pub(crate) fn attach(house: &House, how: Attach) -> Self {
        let screen = Screen::new(how.size, 1 << 24);
        let mut stream = house.connect();
        let hello = Hello { protocol: PROTOCOL, request: Request::Attach(Box::new(how)) };
        stream.write_all(&frame::encoded(Kind::Hello, &message::write(&hello))).unwrap();
        Self { stream, screen, ended: None, refused: None, others: Vec::new() }
    }

    pub(crate) fn to(house: &House, session: &str) -> Self {
        let mut visitor = Self::attach(house, way(session));
        visitor.until("a prompt", |text| text.contains('$'));
        visitor
    }

    pub(crate) fn send(&mut self, kind: Kind, payload: &[u8]) {
        self.stream.write_all(&frame::encoded(kind, payload)).unwrap();
    }

    pub(crate) fn type_in(&mut self, text: &str) {
        self.send(Kind::Input, text.as_bytes());
    }

    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        let size = Size { columns, rows };
        self.screen.resize(size);
        self.send(Kind::Resize, &message::write(&size));
    }

    pub(crate) fn text(&self) -> String {
        self.screen.text().join("\n").trim_end().to_owned()
    }

    /// All lines that the terminal ever showed, as text.
    pub(crate) fn lines(&self) -> String {
        let mut out = String::new();
        self.screen.scrollback().write(0, usize::MAX, &mut out);
        out + &self.text()
    }

    /// Takes one frame; `false` at the end.
    pub(crate) fn take(&mut self) -> io::Result<bool> {
        let Some(frame) = frame::read(&mut self.stream)? else { return Ok(false) };
        match frame.kind {
            Kind::Output => self.screen.write(&frame.payload),
            Kind::Ended => self.ended = Some(message::read::<Ended>(&frame.payload).unwrap().status),
            Kind::Refused => self.refused = Some(message::read::<Refused>(&frame.payload).unwrap().reason),
            _ => self.others.push(frame),
        }
        Ok(true)
    }

    /// Takes frames until the screen is so.
    pub(crate) fn until(&mut self, what: &str, so: impl Fn(&str) -> bool) {
        self.until_visitor(what, |visitor| so(&visitor.text()));
    }

    pub(crate) fn until_visitor(&mut self, what: &str, so: impl Fn(&Self) -> bool) {
        let begun = Instant::now();
        self.stream.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
        while !so(self) {
            assert!(begun.elapsed() < LONG, "never {what}; the screen is:\n{}", self.text());
            match self.take() {
                Ok(true) => {}
                Ok(false) => panic!(
                    "the end before {what}; refused: {:?}; the screen is:\n{}",
                    self.refused,
                    self.text()
                ),
                Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                }
                Err(error) => panic!("{error} before {what}"),
            }
        }
    }

    /// Takes everything until the end.
    pub(crate) fn until_the_end(&mut self) {
        self.stream.set_read_timeout(Some(LONG)).unwrap();
        while let Ok(true) = self.take() {}
    }

    /// Types a command and waits for what it says, by a mark that is not in what was typed, and for the prompt
    /// behind it: nothing more comes then.
    pub(crate) fn run(&mut self, command: &str) {
        static MARK: AtomicU32 = AtomicU32::new(0);
        let mark = MARK.fetch_add(1, Ordering::Relaxed);
        self.type_in(&format!("{command}; echo do''ne-{mark}.\n"));
        self.until(command, |text| text.ends_with(&format!("\ndone-{mark}.\n$")));
    }
}
