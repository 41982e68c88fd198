//! `wharf dial-stdio`: standard input and output as one connection to the gateway. What `docker system dial-stdio` is on a
//! host whose accounts come in by `ssh`.

use crate::args::Common;
use crate::endpoint;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::invocation::{Environment, Invocation};
use crate::setting::Setting;
use crate::show;
use std::fs::File;
use std::io::{self, IsTerminal as _, Read, Write};
use std::net::Shutdown;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::mpsc;
use std::thread;
use wharf_docker::Endpoint;

/// What is carried at once: a pipe's room.
const PIECE: usize = 64 << 10;

/// A host configuration that the account may not read is no obstacle: the gateway is at its usual place, then.
pub(crate) fn run(
    common: Common,
    invocation: Invocation,
    environment: &Environment,
) -> Result<Exit, Failure> {
    let (setting, _refused) = Setting::lenient(common, invocation, environment);
    // To the gateway, root is the administrator: nobody is that by a line in sudoers that was meant for his pod.
    setting.administrator("dial-stdio")?;
    let socket = match setting.common.host.as_deref() {
        None => endpoint::gateway_socket(&setting),
        Some(url) => match url.parse() {
            Ok(Endpoint::Unix(path)) => path,
            Ok(_) => return Err(Failure::usage(format!("`{url}` is no socket on this machine"))
                .hint("`wharf dial-stdio` leads whoever came by ssh to the gateway here; `--host unix:///path` names it")),
            Err(error) => return Err(Failure::usage(error.to_string())),
        },
    };
    let gateway = UnixStream::connect(&socket).map_err(|error| {
        let message = format!("no gateway answers at `{}`", socket.display());
        Failure { causes: vec![error.to_string()], ..Failure::new(Exit::Unreachable, message) }
            .hint("is `wharf serve` running there, and is the account one of a tenant's?")
    })?;
    if io::stdin().is_terminal() && !setting.common.quiet {
        show::say(
            "waiting for Docker's protocol: this is what ssh is to run, see docs/how-to/reach-over-ssh.md",
        );
    }
    carry(&gateway).map_err(|error| Failure::of(Exit::Failed, &error))?;
    Ok(Exit::Done)
}

/// Until the gateway has said all. The end of our input is told to it, and does not end what it still says.
fn carry(gateway: &UnixStream) -> io::Result<()> {
    let (input, output) = (owned(io::stdin().as_fd())?, owned(io::stdout().as_fd())?);
    let (ended, first) = mpsc::channel();
    let (up, down) = (gateway.try_clone()?, gateway.try_clone()?);
    let told = ended.clone();
    thread::spawn(move || {
        let carried = copy(&input, &up);
        let carried = carried.and_then(|()| up.shutdown(Shutdown::Write));
        // Who no longer listens says why on the other half, or nothing more.
        if let Err(error) = carried.or_else(when_gone) {
            let _heard = told.send(Err(error));
        }
    });
    thread::spawn(move || {
        let _heard = ended.send(copy(&down, &output).or_else(when_gone));
    });
    first.recv().unwrap_or(Ok(()))
}

/// Not `io::copy`, which has the kernel carry bytes from a socket to a pipe: until more come it keeps the pipe to itself,
/// and `sshd`, which reads it, hangs with all that was carried so far (seen on Linux 6.18).
fn copy(mut from: impl Read, mut to: impl Write) -> io::Result<()> {
    let mut piece = vec![0; PIECE];
    loop {
        match from.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(read) => to.write_all(piece.get(..read).unwrap_or_default())?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn when_gone(error: io::Error) -> io::Result<()> {
    use io::ErrorKind::{BrokenPipe, ConnectionReset, NotConnected};
    if matches!(error.kind(), BrokenPipe | ConnectionReset | NotConnected) { Ok(()) } else { Err(error) }
}

/// A stream of this process's as a file, past what buffers it.
fn owned(stream: BorrowedFd<'_>) -> io::Result<File> {
    stream.try_clone_to_owned().map(File::from)
}
