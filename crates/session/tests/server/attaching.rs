//! The client's half, on a terminal that is one.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};
use wharf_session::frame::{self, Kind, encoded};
use wharf_session::message::Size;
use wharf_session::screen::Screen;
use wharf_session::{Attachment, DetachKey, Heartbeat, Parting, Terminal, attach, attach_with};

use crate::house::{House, LONG};
use crate::visitor::Visitor;

/// A person at a terminal.
struct Person {
    keys: File,
    terminal: OwnedFd,
    screen: Arc<Mutex<Screen>>,
    client: JoinHandle<Parting>,
}

fn terminal(size: Size) -> (OwnedFd, OwnedFd) {
    let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY;
    let ours = openpt(flags).unwrap();
    grantpt(&ours).unwrap();
    unlockpt(&ours).unwrap();
    let theirs = ioctl_tiocgptpeer(&ours, flags).unwrap();
    tcsetwinsize(&ours, Winsize { ws_row: size.rows, ws_col: size.columns, ws_xpixel: 0, ws_ypixel: 0 })
        .unwrap();
    (ours, theirs)
}

fn attachment() -> Attachment {
    Attachment {
        session: "1".parse().unwrap(),
        view: false,
        agent: None,
        detach: DetachKey::default(),
        environment: Vec::new(),
        command: None,
        marker: "foo (here)".to_owned(),
    }
}

impl Person {
    fn sit_down(stream: UnixStream, how: Attachment) -> Self {
        let size = Size { columns: 80, rows: 24 };
        let (ours, theirs) = terminal(size);
        let screen = Arc::new(Mutex::new(Screen::new(size, 1 << 20)));
        screen.lock().unwrap().write(b"laptop$ foo\r\n");
        let shown = Arc::clone(&screen);
        let mut output = File::from(ours.try_clone().unwrap());
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = output.read(&mut buffer) {
                shown.lock().unwrap().write(&buffer[..count]);
            }
        });
        let on = theirs.try_clone().unwrap();
        let client = thread::spawn(move || {
            let terminal = Terminal::new(&on, &on).unwrap();
            attach(&terminal, stream.try_clone().unwrap(), stream, &how).unwrap()
        });
        Self { keys: File::from(ours), terminal: theirs, screen, client }
    }

    fn type_in(&mut self, text: &[u8]) {
        self.keys.write_all(text).unwrap();
    }

    fn text(&self) -> String {
        self.screen.lock().unwrap().text().join("\n").trim_end().to_owned()
    }

    fn until(&self, what: &str, so: impl Fn(&str) -> bool) {
        let begun = Instant::now();
        while !so(&self.text()) {
            assert!(begun.elapsed() < LONG, "never {what}; the screen is:\n{}", self.text());
            thread::sleep(Duration::from_millis(5));
        }
    }

    fn is_raw(&self) -> bool {
        !tcgetattr(&self.terminal).unwrap().local_modes.contains(LocalModes::ICANON)
    }
}

fn connect(house: &House) -> UnixStream {
    UnixStream::connect(house.socket()).unwrap()
}

#[test]
fn a_person_comes_works_leaves_and_finds_the_terminal_as_it_was() {
    let house = House::new();
    let mut person = Person::sit_down(connect(&house), attachment());
    person.until("a prompt", |text| text.ends_with('$'));
    assert!(
        person
            .text()
            .starts_with("[foo (here), session 1: ctrl-\\ leaves it running; pressed twice it is sent]")
    );
    assert!(person.is_raw());
    person.type_in(b"printf '\\033[?1049h\\033[?1003h\\033[?25lfull screen'; sleep 1000\r");
    person.until("the alternate screen", |text| text.trim() == "full screen");
    person.type_in(b"\x1c");
    let screen = Arc::clone(&person.screen);
    let terminal = person.terminal.try_clone().unwrap();
    assert_eq!(person.client.join().unwrap(), Parting::Detached);
    assert!(tcgetattr(&terminal).unwrap().local_modes.contains(LocalModes::ICANON), "no longer raw");
    let begun = Instant::now();
    while screen.lock().unwrap().is_alternate() {
        assert!(begun.elapsed() < LONG, "the alternate screen stays");
        thread::sleep(Duration::from_millis(5));
    }
    let screen = screen.lock().unwrap();
    assert!(screen.text().iter().any(|row| row.contains("sleep 1000")), "{:?}", screen.text());
    house.until("it goes on", |status| {
        status.sessions[0].command == "sleep 1000" && status.sessions[0].clients.is_empty()
    });
}

#[test]
fn the_key_that_leaves_is_sent_when_it_is_pressed_twice() {
    let house = House::new();
    let mut person = Person::sit_down(connect(&house), attachment());
    person.until("a prompt", |text| text.ends_with('$'));
    person.type_in(b"trap 'echo quit-seen' QUIT; echo re''ady; sleep 1000\r");
    person.until("ready", |text| text.contains("\nready"));
    person.type_in(b"\x1c\x1c");
    person.until("the signal of the key", |text| text.contains("quit-seen"));
    person.type_in(b"exit 4\r");
    assert_eq!(person.client.join().unwrap(), Parting::Ended { status: 4 });
}

#[test]
fn a_terminal_that_is_closed_means_leaving() {
    let house = House::new();
    let person = Person::sit_down(connect(&house), attachment());
    person.until("a prompt", |text| text.ends_with('$'));
    // The far side's writing end: what a terminal does that is closed is an end of its input, too.
    let Person { mut keys, client, .. } = person;
    keys.write_all(b"echo last\r\x1c").unwrap();
    assert_eq!(client.join().unwrap(), Parting::Detached);
    house.until("detached", |status| status.sessions[0].clients.is_empty() && status.sessions[0].running);
}

#[test]
fn a_server_that_goes_is_said() {
    let mut house = House::new();
    let person = Person::sit_down(connect(&house), attachment());
    person.until("a prompt", |text| text.ends_with('$'));
    house.signal(rustix::process::Signal::KILL);
    house.server.wait().unwrap();
    assert!(matches!(person.client.join().unwrap(), Parting::Lost { .. }));
}

#[test]
fn what_a_server_sends_that_is_no_frame_ends_the_visit_and_its_words_are_only_words() {
    let (ours, theirs) = UnixStream::pair().unwrap();
    let person = Person::sit_down(theirs, attachment());
    let mut server = ours;
    server.write_all(&[200, 0, 0, 0]).unwrap();
    assert!(matches!(person.client.join().unwrap(), Parting::Lost { .. }));
    let (ours, theirs) = UnixStream::pair().unwrap();
    let person = Person::sit_down(theirs, attachment());
    let refused = wharf_session::message::Refused { reason: "no\x1b]0;evil\x07\n".to_owned() };
    let bytes = wharf_session::frame::encoded(
        wharf_session::frame::Kind::Refused,
        &wharf_session::message::write(&refused),
    );
    (&ours).write_all(&bytes).unwrap();
    assert_eq!(person.client.join().unwrap(), Parting::Refused { reason: "no]0;evil".to_owned() });
}

#[test]
fn an_agent_is_asked_only_if_it_was_offered() {
    let house = House::new();
    let path = house.directory.path().join("my-agent");
    let agent = UnixListener::bind(&path).unwrap();
    thread::spawn(move || {
        for stream in agent.incoming() {
            let mut stream = stream.unwrap();
            let mut question = [0; 4];
            if stream.read_exact(&mut question).is_ok() {
                stream.write_all(&question.map(|byte| byte.to_ascii_uppercase())).unwrap();
            }
        }
    });
    let ask = || {
        let mut stream = UnixStream::connect(house.directory.path().join("run/agent")).unwrap();
        stream.set_read_timeout(Some(LONG)).unwrap();
        let _let_go = stream.write_all(b"sign");
        let mut answer = Vec::new();
        let _let_go = stream.read_to_end(&mut answer);
        answer
    };
    let mut plain = Person::sit_down(connect(&house), attachment());
    plain.until("a prompt", |text| text.ends_with('$'));
    assert_eq!(ask(), b"");
    let offering = Person::sit_down(connect(&house), Attachment { agent: Some(path), ..attachment() });
    offering.until("a prompt", |text| text.ends_with('$'));
    assert_eq!(ask(), b"SIGN");
    assert_eq!(ask(), b"SIGN");
    plain.type_in(b"exit\r");
    plain.client.join().unwrap();
    // A server that asks unasked gets nothing, and nobody's memory fills with answers that it does not read.
    let (ours, theirs) = UnixStream::pair().unwrap();
    let person = Person::sit_down(theirs, attachment());
    (&ours).write_all(&encoded(Kind::AgentOpen, &[0, 0, 0, 9])).unwrap();
    let lost = person.client.join().unwrap();
    assert!(matches!(&lost, Parting::Lost { reason } if reason.contains("out of turn")), "{lost:?}");
}

#[test]
fn a_server_that_asks_the_agent_without_end_and_reads_no_answer_is_left() {
    let (ours, theirs) = UnixStream::pair().unwrap();
    let nobody = Attachment { agent: Some("/nonexistent".into()), ..attachment() };
    let person = Person::sit_down(theirs, nobody);
    let question = encoded(Kind::AgentOpen, &[0, 0, 0, 9]).repeat(1000);
    // Some megabytes of answers later nobody takes more.
    ours.set_write_timeout(Some(Duration::from_secs(2))).unwrap();
    let mut asked = 0;
    while asked < 100_000_000 && (&ours).write_all(&question).is_ok() {
        asked += question.len();
    }
    assert!(asked < 50_000_000, "{asked}");
    assert!(matches!(person.client.join().unwrap(), Parting::Lost { .. }));
}

#[test]
fn each_side_says_that_it_is_there_and_goes_when_the_other_is_silent() {
    let (ours, theirs) = UnixStream::pair().unwrap();
    let (keys, terminal) = terminal(Size { columns: 80, rows: 24 });
    let heartbeat = Heartbeat { every: Duration::from_millis(100), silence: Duration::from_millis(800) };
    let client = thread::spawn(move || {
        let terminal = Terminal::new(&terminal, &terminal).unwrap();
        attach_with(&terminal, theirs.try_clone().unwrap(), theirs, &attachment(), heartbeat).unwrap()
    });
    let mut server = ours.try_clone().unwrap();
    let begun = Instant::now();
    let mut pings = 0;
    while pings < 10 {
        let frame = frame::read(&mut server).unwrap().expect("a client that stays");
        pings += u32::from(frame.kind == Kind::Ping);
        // As long as it hears something, it stays.
        (&ours).write_all(&encoded(Kind::Ping, &[])).unwrap();
    }
    assert!(begun.elapsed() > heartbeat.silence);
    let silent = Instant::now();
    let lost = client.join().unwrap();
    assert!(matches!(&lost, Parting::Lost { reason } if reason.contains("nothing was heard")), "{lost:?}");
    assert!(silent.elapsed() > heartbeat.silence / 2);
    drop(keys);
}

#[test]
fn a_command_that_is_longer_than_a_greeting_is_refused_before_it_is_sent() {
    let (_ours, theirs) = UnixStream::pair().unwrap();
    let long = Attachment { command: Some(vec!["x".repeat(70_000)]), ..attachment() };
    let refused = Person::sit_down(theirs, long).client.join().unwrap();
    assert!(matches!(&refused, Parting::Refused { reason } if reason.contains("too long")), "{refused:?}");
}

#[test]
fn who_is_attached_to_a_session_can_be_sent_away_and_the_session_goes_on() {
    let house = House::new();
    let person = Person::sit_down(connect(&house), attachment());
    person.until("a prompt", |text| text.ends_with('$'));
    let detach = |name: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wharf-session"));
        command.args(["detach", name]).env("WHARF_SESSION_DIRECTORY", house.directory.path().join("run"));
        command.output().unwrap()
    };
    assert!(detach("1").status.success());
    let gone = person.client.join().unwrap();
    assert!(matches!(&gone, Parting::Refused { reason } if reason.contains("it goes on")), "{gone:?}");
    house.until("alone", |status| status.sessions[0].running && status.sessions[0].clients.is_empty());
    let unknown = detach("2");
    assert!(!unknown.status.success());
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("there is no session `2`"));
}

#[test]
fn a_server_that_does_not_listen_yet_is_waited_for() {
    let directory = tempfile::tempdir().unwrap();
    let run = directory.path().to_owned();
    // What a former server left: nobody answers there.
    drop(UnixListener::bind(run.join("socket")).unwrap());
    let status = Command::new(env!("CARGO_BIN_EXE_wharf-session"))
        .args(["start", "1"])
        .env("WHARF_SESSION_DIRECTORY", &run)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    thread::sleep(Duration::from_millis(300));
    std::fs::remove_file(run.join("socket")).unwrap();
    thread::sleep(Duration::from_millis(100));
    let listener = UnixListener::bind(run.join("socket")).unwrap();
    let (mut stream, _) = listener.accept().unwrap();
    assert_eq!(frame::read(&mut stream).unwrap().unwrap().kind, Kind::Hello);
    stream.write_all(&encoded(Kind::Done, &[])).unwrap();
    let ended = status.wait_with_output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
}

#[test]
fn the_relay_brings_frames_both_ways_and_goes_with_its_input() {
    let house = House::new();
    let mut relay = Command::new(env!("CARGO_BIN_EXE_wharf-session"))
        .args(["attach", "--framed"])
        .env("WHARF_SESSION_DIRECTORY", house.directory.path().join("run"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let size = Size { columns: 80, rows: 24 };
    let (ours, theirs) = terminal(size);
    let (from, to) = (relay.stdout.take().unwrap(), relay.stdin.take().unwrap());
    let client = thread::spawn(move || {
        let terminal = Terminal::new(&theirs, &theirs).unwrap();
        attach(&terminal, from, to, &attachment()).unwrap()
    });
    house.until("attached", |status| status.sessions.iter().any(|session| session.clients.len() == 1));
    let mut keys = File::from(ours.try_clone().unwrap());
    let mut output = File::from(ours);
    thread::spawn(move || while let Ok(1..) = output.read(&mut [0; 4096]) {});
    let mut other = Visitor::to(&house, "1");
    keys.write_all(b"echo through the re''lay\r").unwrap();
    other.until("what was typed", |text| text.contains("\nthrough the relay"));
    keys.write_all(b"\x1c").unwrap();
    assert_eq!(client.join().unwrap(), Parting::Detached);
    assert!(relay.wait().unwrap().success());
}
