//! Questions to the server.

use std::io::{self, Write};

use wharf_session::frame::{self, Kind};
use wharf_session::message::{self, Hello, PROTOCOL, Refused, Request};
use wharf_session::{SessionStatus, Status};

use crate::attach::connect;

/// Asks for something to be done.
pub(crate) fn ask(request: Request) -> io::Result<u8> {
    answer(request)?;
    Ok(0)
}

/// Prints what the sessions are at.
pub(crate) fn status(json: bool) -> io::Result<u8> {
    let bytes = answer(Request::Status)?;
    let mut out = io::stdout().lock();
    let status: Status = message::read(&bytes)?;
    if json {
        writeln!(out, "{}", status.to_json())?;
        return Ok(0);
    }
    for session in status.sessions {
        writeln!(out, "{}", line(&session))?;
    }
    Ok(0)
}

fn line(session: &SessionStatus) -> String {
    let SessionStatus { name, running, command, directory, columns, rows, idle_seconds, clients, .. } =
        session;
    if !running {
        return format!("{name}  not running  {directory}");
    }
    let clients =
        clients.iter().map(|client| format!("{}{}", client.from, if client.view { " (view)" } else { "" }));
    let clients: Vec<String> = clients.collect();
    let clients = if clients.is_empty() { "detached".to_owned() } else { clients.join(", ") };
    format!("{name}  {command}  {directory}  {columns}x{rows}  idle {idle_seconds} s  {clients}")
}

/// Everything that the server answers until it is done.
fn answer(request: Request) -> io::Result<Vec<u8>> {
    let mut socket = connect()?;
    socket
        .write_all(&frame::encoded(Kind::Hello, &message::write(&Hello { protocol: PROTOCOL, request })))?;
    let mut answer = Vec::new();
    loop {
        let frame = frame::read(&mut socket)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        match frame.kind {
            Kind::Done => return Ok(answer),
            Kind::Status => answer.extend(frame.payload),
            Kind::Refused => {
                let refused: Refused = message::read(&frame.payload)?;
                return Err(io::Error::other(refused.reason));
            }
            _ => return Err(frame::Malformed::OutOfTurn.into()),
        }
    }
}
