//! `wharf shell NAME -- COMMAND…`: one command, with a terminal where there is one, and its exit status.

use super::enter;
use super::visit::Visit;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::verbs::exec::{copy, pass_input};
use crate::verbs::until_reader_left;
use rustix::termios::isatty;
use wharf_wire::workstation::WorkstationExec;
use wharf_workstation::Yard;

pub(super) async fn run(visit: &Visit<'_>, yard: &Yard<'_>) -> Result<Exit, Failure> {
    let seen = enter::started(visit, yard).await?;
    let command = visit.args.command.clone();
    if isatty(rustix::stdio::stdin()) && isatty(rustix::stdio::stdout()) {
        return enter::attach(visit, yard, &seen, Some(command)).await;
    }
    // Keys are for whoever shows something: `foo -- ls | less` has them all for `less`.
    let stdin = !isatty(rustix::stdio::stdin());
    let exec = WorkstationExec { command, stdin, ..WorkstationExec::default() };
    let (id, attached) = yard.exec(&seen, exec).await?;
    let mut unread = Some(attached.input);
    let input = stdin.then(|| unread.take().map(|to| tokio::spawn(pass_input(to)))).flatten();
    let ended = copy(attached.output).await;
    if let Some(input) = input {
        input.abort();
    }
    until_reader_left(ended).map_err(|error| Failure::of(Exit::Failed, &error))?;
    match yard.exec_status(&id).await? {
        Some(status) => Ok(Exit::Status(u8::try_from(status).unwrap_or(1))),
        None => Err(Failure::new(Exit::Failed, "the command closed its output and runs on")),
    }
}
