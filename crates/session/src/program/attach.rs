//! The client's role, and the relay's.

use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use wharf_session::{Attachment, Parting, Terminal, attach};

use crate::arguments::Attaching;
use crate::{files, serve};

/// What a client says who was not attached to the end: as ssh does.
const LOST: u8 = 255;

/// How long a server may take to listen.
const STARTING: Duration = Duration::from_secs(5);

/// How often it is looked whether it does.
const AGAIN: Duration = Duration::from_millis(5);

/// Attaches the terminal that this runs on; or, framed, relays between its standard streams and the server.
pub(crate) fn run(how: Attaching) -> io::Result<u8> {
    let socket = connect()?;
    if how.framed {
        return relay(&socket);
    }
    let terminal = Terminal::new(io::stdin(), io::stdout())?;
    let of_terminal = |name: &str| {
        matches!(name, "TERM" | "COLORTERM" | "LANG" | "LANGUAGE" | "TZ") || name.starts_with("LC_")
    };
    let attachment = Attachment {
        session: how.name,
        view: how.view,
        agent: None,
        detach: how.detach,
        environment: std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .filter(|(name, _)| of_terminal(name))
            .collect(),
        command: how.command,
        marker: serve::workstation(),
    };
    let parting = attach(&terminal, socket.try_clone()?, socket, &attachment);
    let parting = parting
        .map_err(|error| io::Error::new(error.kind(), format!("this is no terminal to attach: {error}")))?;
    Ok(match parting {
        Parting::Detached => 0,
        Parting::Ended { status } => status,
        Parting::Lost { reason } | Parting::Refused { reason } => {
            eprintln!("error: {reason}");
            LOST
        }
    })
}

/// The server's socket. A server that has just been started may not listen yet, and another's socket may still be there.
pub(crate) fn connect() -> io::Result<UnixStream> {
    let path = files::directory().join("socket");
    let until = Instant::now() + STARTING;
    loop {
        match UnixStream::connect(&path) {
            Err(error) if may_come(&error) && Instant::now() < until => thread::sleep(AGAIN),
            connected => return connected.map_err(|error| unanswered(&path, &error)),
        }
    }
}

/// Whether a server that is being started would answer so.
fn may_come(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused)
}

fn unanswered(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("no server answers at `{}`: {error}", path.display()))
}

/// Copies both ways until the server closes.
fn relay(socket: &UnixStream) -> io::Result<u8> {
    let to = socket.try_clone()?;
    thread::Builder::new().name("to".to_owned()).spawn(move || {
        // However it ends, the server hears that nobody is there any more.
        let _ended = copy(io::stdin().lock(), &to);
        let _gone = to.shutdown(Shutdown::Write);
    })?;
    let ended = copy(socket, io::stdout().lock());
    match ended {
        // Nobody reads: the same as a goodbye.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(0),
    }
}

/// Copies until the end, each piece as soon as it is there.
fn copy(mut from: impl Read, mut to: impl Write) -> io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => {
                to.write_all(buffer.get(..count).unwrap_or_default())?;
                to.flush()?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
