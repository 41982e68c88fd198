//! The process that makes pins, as others see it: a socket that hears root alone, one question and one answer a connection.
//!
//! It is a process of its own because it must be in the engine's mount namespace, where a sandboxed service is not. It
//! holds tenants' own sockets, too: it is there before the engine, and stays when the gateway is restarted.

use crate::account::Account;
use crate::confining::{Confining, ConfiningError};
use crate::message::{Answer, Question};
use crate::own_sockets::OwnSockets;
use crate::passing;
use crate::pin_id::PinId;
use crate::pins::{PinError, Pins, chain};
use crate::request::Grant;
use rustix::fd::{AsFd as _, OwnedFd};
use rustix::net::sockopt::socket_peercred;
use std::collections::BTreeSet;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use wharf_model::{ContainerRoot, TenantId};

/// Names of some thousand pins.
const LONGEST: u64 = 1024 * 1024;
/// Connections at a time; more wait, or are turned away by the kernel.
const MOST: usize = 64;
/// A peer that says nothing for so long is gone.
const PATIENCE: Duration = Duration::from_secs(10);
/// As long as the slowest opening, and a little more.
const ANSWERED_WITHIN: Duration = Duration::from_secs(30);

/// How the process knows an account by its name: [`Account::lookup`] where it is not told otherwise.
pub type Accounts<'a> = &'a (dyn Fn(&str) -> Result<Account, String> + Sync);

/// What is asked for.
#[derive(Clone, Copy)]
pub struct Served<'a> {
    /// The pins.
    pub pins: &'a Pins,
    /// The tenants' own sockets.
    pub sockets: &'a OwnSockets,
    /// What counts and limits what tenants have on the engine's disk.
    pub confining: &'a Confining,
    /// How accounts are known.
    pub accounts: Accounts<'a>,
}

/// Answers on `listener` until accepting fails. Peers that are not root get no answer.
///
/// # Errors
/// What accepting said.
pub fn serve(listener: &UnixListener, served: Served<'_>) -> io::Result<()> {
    let running = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        loop {
            let (stream, _) = match listener.accept() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            // Its peers are few and root's; this only keeps a mistake of theirs from growing.
            while running.load(Ordering::Acquire) >= MOST {
                std::thread::sleep(Duration::from_millis(5));
            }
            running.fetch_add(1, Ordering::AcqRel);
            let running = &running;
            let work = move || {
                // A peer that went away needs no answer.
                let _ = converse(&stream, served);
                running.fetch_sub(1, Ordering::AcqRel);
            };
            if std::thread::Builder::new().name("wharf-pins".to_owned()).spawn_scoped(scope, work).is_err() {
                // The connection is closed with the thread that was not; its peer asks again.
                running.fetch_sub(1, Ordering::AcqRel);
            }
        }
    })
}

/// Asks the process at `socket`, and waits for its answer.
///
/// # Errors
/// When there is none, or it is not understood.
pub fn ask(socket: &Path, question: &Question) -> io::Result<Answer> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.set_read_timeout(Some(ANSWERED_WITHIN))?;
    stream.write_all(&line(question)?)?;
    Ok(serde_json::from_slice(&read_line(&stream)?)?)
}

/// Asks the process at `socket` for a tenant's own socket.
///
/// # Errors
/// When there is no such process, or it cannot make the socket.
pub fn ask_for_socket(socket: &Path, tenant: &TenantId) -> io::Result<OwnedFd> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.set_read_timeout(Some(ANSWERED_WITHIN))?;
    let question = Question::Socket { tenant: tenant.name.clone(), generation: tenant.generation };
    stream.write_all(&line(&question)?)?;
    let mut text = vec![0; 4096];
    let (count, fd) = passing::receive(&stream, &mut text)?;
    text.truncate(count);
    if !text.ends_with(b"\n") {
        text.extend(read_line(&stream)?);
    }
    match (serde_json::from_slice(&text)?, fd) {
        (Answer::Socket, Some(fd)) => Ok(fd),
        (Answer::Failed { reason }, _) => Err(io::Error::other(reason)),
        _ => Err(io::Error::other("the answer is not understood")),
    }
}

fn converse(stream: &UnixStream, served: Served<'_>) -> io::Result<()> {
    if !socket_peercred(stream)?.uid.is_root() {
        return Ok(());
    }
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let answer = match serde_json::from_slice::<Question>(&read_line(stream)?) {
        Ok(Question::Socket { tenant, generation }) => {
            match served.sockets.hold(&TenantId { name: tenant, generation }) {
                Ok(held) => return passing::send(stream, &line(&Answer::Socket)?, held.as_fd()),
                Err(error) => Answer::Failed { reason: error.to_string() },
            }
        }
        Ok(question) => answer(question, served),
        Err(error) => Answer::Failed { reason: format!("the question is not understood: {error}") },
    };
    let mut stream = stream;
    stream.write_all(&line(&answer)?)
}

fn answer(question: Question, served: Served<'_>) -> Answer {
    let Served { pins, sockets, confining, accounts } = served;
    let answered = match question {
        Question::Pin { .. } | Question::Socket { .. } => return pinned(question, pins, accounts),
        Question::Release { id } => pins.release(&id).map(|()| Answer::Released { ids: vec![id] }),
        Question::Keep { live } => {
            let live: BTreeSet<_> = live.into_iter().collect();
            pins.release_all_but(&live).map(|swept| Answer::Released { ids: swept.released })
        }
        Question::Reopen { ids } => Ok(reopened(&ids, pins, accounts)),
        Question::List => listed(pins),
        Question::KeepSockets { live } => {
            let live = live.into_iter().map(|(name, generation)| TenantId { name, generation });
            sockets.keep_only(&live.collect());
            Ok(Answer::Kept)
        }
        Question::Limit { rooms } => {
            let rooms =
                rooms.into_iter().map(|(name, generation, room)| (TenantId { name, generation }, room));
            let limited = confining.limit(&rooms.collect::<Vec<_>>());
            return limited.map_or_else(|error| failed(&error), |why_not| Answer::Limited { why_not });
        }
        Question::Counted { tenant, generation, paths } => {
            let counted = confining.is_counted(&TenantId { name: tenant, generation }, &paths);
            return counted.map_or_else(|error| failed(&error), |()| Answer::Confined);
        }
        Question::Confine { tenant, generation, paths } => {
            let confined = confining.confine(&TenantId { name: tenant, generation }, &paths);
            return confined.map_or_else(|error| failed(&error), |()| Answer::Confined);
        }
    };
    answered.unwrap_or_else(|error| told(&error))
}

fn pinned(question: Question, pins: &Pins, accounts: Accounts<'_>) -> Answer {
    let Question::Pin { tenant, generation, account, path, granted, access, missing, container_root } =
        question
    else {
        return Answer::Failed { reason: "the question is another".to_owned() };
    };
    let account = match accounts(&account) {
        Ok(account) => account,
        Err(reason) => return Answer::Refused { reason },
    };
    let owner = TenantId { name: tenant, generation };
    let root = container_root.map(|(uid, gid)| ContainerRoot { uid, gid });
    let asked = Grant::new(&granted, access).and_then(|grant| grant.ask(&path, access));
    let asked = asked.map(|request| request.when_missing(missing));
    match asked.map_err(PinError::from).and_then(|request| pins.pin(&owner, &account, &request, root)) {
        Ok(pin) => Answer::Pinned {
            forbidden_capabilities: pin.forbidden_capabilities().iter().map(ToString::to_string).collect(),
            id: pin.record.id,
            source: pin.source,
        },
        Err(error) => told(&error),
    }
}

fn reopened(ids: &[PinId], pins: &Pins, accounts: Accounts<'_>) -> Answer {
    let swept = pins.reopen(ids, |record| {
        let grant = Grant::new(&record.granted, record.access).map_err(|refusal| refusal.to_string())?;
        let request = grant.ask(&record.path, record.access).map_err(|refusal| refusal.to_string())?;
        Ok((accounts(&record.account)?, request))
    });
    Answer::Reopened {
        there: swept.there.into_iter().map(|pin| pin.record.id).collect(),
        absent: swept.absent.into_iter().map(|absent| (absent.id, absent.reason)).collect(),
    }
}

fn listed(pins: &Pins) -> Result<Answer, PinError> {
    // A record that cannot be read was told of at the start.
    let records = pins.ids()?.into_iter().filter_map(|id| pins.record(&id).ok());
    let all = records.map(|record| pins.is_there(&record.id).map(|there| (record, there)));
    Ok(Answer::Pins { all: all.collect::<Result<_, _>>()? })
}

fn failed(error: &ConfiningError) -> Answer {
    Answer::Failed { reason: error.to_string() }
}

fn told(error: &PinError) -> Answer {
    let reason = chain(error);
    match error {
        PinError::Refused(_) => Answer::Refused { reason },
        PinError::Records { .. } | PinError::Place { .. } => Answer::Failed { reason },
    }
}

fn line(value: &impl serde::Serialize) -> io::Result<Vec<u8>> {
    let mut text = serde_json::to_vec(value)?;
    text.push(b'\n');
    Ok(text)
}

fn read_line(stream: &UnixStream) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    BufReader::new(stream.take(LONGEST)).read_until(b'\n', &mut text)?;
    if text.pop() == Some(b'\n') {
        Ok(text)
    } else {
        Err(io::Error::other("the line has no end, or is too long"))
    }
}

#[cfg(test)]
mod tests;
