//! One client's connection: a thread for requests, a thread for answers, so that either side's end is noticed.

use std::io::{self, BufReader, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use super::http::{Body, Head};
use super::{Moment, Request, State, Verdict};

/// A request that went to the engine, for the thread that awaits its answer.
struct Sent {
    number: usize,
    request: Request,
    /// Tells the other thread whether HTTP goes on, when the request asked for an upgrade.
    upgraded: Option<Sender<bool>>,
}

/// Serves a connection to its end, then closes both sides.
pub(super) fn serve(client: UnixStream, engine: UnixStream, state: &Arc<State>) {
    let (Ok(to_client), Ok(to_engine)) = (client.try_clone(), engine.try_clone()) else { return };
    let (sent, awaited) = mpsc::channel();
    let answers = Answers { from: BufReader::new(engine), to: to_client, state: Arc::clone(state) };
    let answering = thread::spawn(move || answers.pass(&awaited));
    match pass_requests(client, &to_engine, state, &sent) {
        // The client has said all, and the engine may still speak: the other thread ends when it has.
        Ok(End::HalfClosed) => drop(to_engine.shutdown(Shutdown::Write)),
        // An error is an end of the connection like any other.
        Ok(End::Closed) | Err(_) => drop(to_engine.shutdown(Shutdown::Both)),
    }
    drop(sent);
    drop(answering.join());
}

/// How a client's side of a connection came to its end.
enum End {
    Closed,
    HalfClosed,
}

fn pass_requests(
    client: UnixStream,
    engine: &UnixStream,
    state: &State,
    sent: &Sender<Sent>,
) -> io::Result<End> {
    let mut to_client = client.try_clone()?;
    let mut from = BufReader::new(client);
    let mut to_engine = engine;
    while let Some(head) = Head::read(&mut from)? {
        let request = head.request();
        let number = state.record(&request);
        match state.judge(Moment::Before, number, &request) {
            Verdict::Forward => {}
            Verdict::Cut => return to_client.shutdown(Shutdown::Both).map(|()| End::Closed),
            Verdict::Answer(status, message) => {
                head.request_body().pass(&mut from, &mut io::sink())?;
                to_client.write_all(answer(status, &message).as_bytes())?;
                continue;
            }
        }
        let (upgrade, upgraded) =
            if head.asks_for_upgrade() { Some(mpsc::channel()).unzip() } else { (None, None) };
        if sent.send(Sent { number, request, upgraded: upgrade }).is_err() {
            return Ok(End::Closed);
        }
        to_engine.write_all(head.bytes())?;
        head.request_body().pass(&mut from, &mut to_engine)?;
        if upgraded.is_some_and(|upgraded: Receiver<bool>| upgraded.recv() == Ok(true)) {
            Body::Unbounded.pass(&mut from, &mut to_engine)?;
            return Ok(End::HalfClosed);
        }
    }
    Ok(End::Closed)
}

/// The way back.
struct Answers {
    from: BufReader<UnixStream>,
    to: UnixStream,
    state: Arc<State>,
}

impl Answers {
    fn pass(mut self, awaited: &Receiver<Sent>) {
        while let Ok(sent) = awaited.recv() {
            if !matches!(self.pass_one(&sent), Ok(true)) {
                break;
            }
        }
        let _ = self.to.shutdown(Shutdown::Both);
    }

    /// True when another answer may follow.
    fn pass_one(&mut self, sent: &Sent) -> io::Result<bool> {
        let mut head = Head::read(&mut self.from)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        while head.status() == 100 {
            self.to.write_all(head.bytes())?;
            head = Head::read(&mut self.from)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        }
        match self.state.judge(Moment::After, sent.number, &sent.request) {
            Verdict::Forward => {}
            Verdict::Cut => return Ok(false),
            Verdict::Answer(status, message) => {
                self.to.write_all(answer(status, &message).as_bytes())?;
                return Ok(false);
            }
        }
        let body = head.answer_body(&sent.request);
        if let Some(upgraded) = &sent.upgraded {
            let _ = upgraded.send(body == Body::Unbounded);
        }
        self.to.write_all(head.bytes())?;
        body.pass(&mut self.from, &mut self.to)?;
        Ok(body != Body::Unbounded)
    }
}

fn answer(status: u16, message: &str) -> String {
    let message = message.replace('\\', "\\\\").replace('"', "\\\"");
    let body = format!("{{\"message\":\"{message}\"}}\n");
    let length = body.len();
    format!(
        "HTTP/1.1 {status} Broken\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}
