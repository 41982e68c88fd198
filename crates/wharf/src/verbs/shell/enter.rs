//! Into a workstation: started if need be, then a terminal in it until the key is pressed or the session ends.

use super::visit::Visit;
use super::{engine, join, pipes};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::show;
use crate::verbs::Attached;
use rustix::termios::isatty;
use std::path::PathBuf;
use wharf_session::{Attachment, DetachKey, Parting, Terminal};
use wharf_wire::workstation::WorkstationExec;
use wharf_workstation::{Definition, How, Outdated, PROGRAM, Seen, Started, Yard};

/// What of the caller's environment a session is given.
const PASSED_ON: [&str; 13] = [
    "TERM",
    "COLORTERM",
    "LANG",
    "TZ",
    "LC_ALL",
    "LC_ADDRESS",
    "LC_COLLATE",
    "LC_CTYPE",
    "LC_MESSAGES",
    "LC_MONETARY",
    "LC_NUMERIC",
    "LC_PAPER",
    "LC_TIME",
];

pub(super) async fn run(visit: &Visit<'_>, yard: &Yard<'_>) -> Result<Exit, Failure> {
    if !isatty(rustix::stdio::stdin()) || !isatty(rustix::stdio::stdout()) {
        return Err(Failure::usage("there is no terminal to open a session in").hint(format!(
            "`wharf shell {0} -- COMMAND` runs one command, `wharf shell {0} --start` only starts it",
            visit.name
        )));
    }
    let seen = started(visit, yard).await?;
    attach(visit, yard, &seen, None).await
}

/// The workstation, running.
pub(super) async fn started(visit: &Visit<'_>, yard: &Yard<'_>) -> Result<Seen, Failure> {
    let definition = visit.defined()?;
    let seen = yard.find(&visit.name).await?;
    if let Some(seen) = seen.as_ref().filter(|seen| seen.is_running()) {
        remark(visit, definition, seen);
        return Ok(seen.clone());
    }
    let person = visit.person(definition);
    let blueprint = visit.blueprint(definition, &person)?;
    // Two that enter at once at the first time make one workstation.
    let _lock = visit.lock_to_start().await?;
    if seen.is_none_or(|seen| seen.container.is_none()) {
        engine::check(visit, yard).await?;
    }
    let Started { seen, how } = yard.start(&blueprint).await?;
    engine::remember(visit, yard).await;
    if how == How::Anew {
        moved_in(visit, yard, definition, &seen).await?;
    }
    Ok(seen)
}

/// What is done once a new container runs: what the image's files came to in the home is told, and where certificates are
/// renewed it is seen to that this can be.
pub(super) async fn moved_in(
    visit: &Visit<'_>,
    yard: &Yard<'_>,
    definition: &Definition,
    seen: &Seen,
) -> Result<(), Failure> {
    for line in yard.seeded(seen).await {
        visit.say(&format!("home: {}", show::one_line(&line)));
    }
    if definition.contexts.is_empty() { Ok(()) } else { join::settle(yard, seen, &definition.contexts).await }
}

/// Says how to have it as the file says, when it is not.
fn remark(visit: &Visit<'_>, definition: &Definition, seen: &Seen) {
    match seen.outdated(definition, None) {
        Some(Outdated::Definition) => visit.say(&format!(
            "the file of `{0}` has changed since the workstation was made; `wharf shell {0} --upgrade` applies it",
            visit.name
        )),
        Some(Outdated::Session) | None => {}
    }
}

/// A terminal there, for a session or for one command.
pub(super) async fn attach(
    visit: &Visit<'_>,
    yard: &Yard<'_>,
    seen: &Seen,
    command: Option<Vec<String>>,
) -> Result<Exit, Failure> {
    let how = attachment(visit, command)?;
    let words = [PROGRAM, "attach", "--framed"].map(str::to_owned).into();
    let exec = WorkstationExec { command: words, stdin: true, ..WorkstationExec::default() };
    let (_, attached) = yard.exec(seen, exec).await?;
    let (hearing, telling, complaints) = pipes::of(attached);
    let blocking = tokio::task::spawn_blocking(move || {
        let terminal = Terminal::new(std::io::stdin(), std::io::stdout())?;
        wharf_session::attach(&terminal, hearing, telling, &how)
    });
    // It leaves by itself when it is interrupted, and gives the terminal back.
    let own = Attached::begin();
    let parting = blocking.await;
    drop(own);
    let parting = parting.map_err(|error| Failure::of(Exit::Failed, &error))?;
    match parting {
        Ok(parting) => parted(visit, parting, &complaints),
        Err(error) => Err(Failure::of(Exit::Failed, &error)),
    }
}

fn attachment(visit: &Visit<'_>, command: Option<Vec<String>>) -> Result<Attachment, Failure> {
    let definition = visit.definition.as_ref();
    let detach = match definition.and_then(|definition| definition.detach_key.as_deref()) {
        Some(key) => key.parse().map_err(|error| Failure::of(Exit::Usage, &error))?,
        None => DetachKey::default(),
    };
    let setting = visit.setting;
    let agent = visit.args.manner.agent.then(|| setting.heeded("SSH_AUTH_SOCK").map(PathBuf::from)).flatten();
    if visit.args.manner.agent && agent.is_none() {
        return Err(Failure::usage("there is no ssh-agent to offer: SSH_AUTH_SOCK is not set")
            .hint("`eval \"$(ssh-agent)\"` starts one; leave out `-A` otherwise"));
    }
    let passed = |name: &&str| setting.heeded(name).map(|value| ((*name).to_owned(), value.to_owned()));
    Ok(Attachment {
        session: visit.session(),
        view: visit.args.manner.view,
        agent,
        detach,
        environment: PASSED_ON.iter().filter_map(passed).collect(),
        command,
        marker: format!("{} ({})", visit.name, visit.place.name()),
    })
}

fn parted(visit: &Visit<'_>, parting: Parting, complaints: &pipes::Complaints) -> Result<Exit, Failure> {
    let name = &visit.name;
    match parting {
        Parting::Detached => {
            visit.say(&format!("left {name} {}; it goes on", visit.session()));
            Ok(Exit::Done)
        }
        Parting::Ended { status } => Ok(Exit::Status(status)),
        Parting::Lost { reason } => {
            let said = complaints.text();
            let failure = Failure::new(
                Exit::Unreachable,
                format!("the connection to `{name}` is lost: {}", show::one_line(&reason)),
            )
            .hint("what runs there goes on; the same words come back to it");
            Err(Failure { causes: (!said.is_empty()).then_some(said).into_iter().collect(), ..failure })
        }
        Parting::Refused { reason } => {
            Err(Failure::new(Exit::Failed, format!("`{name}` refused: {}", show::one_line(&reason))))
        }
    }
}
