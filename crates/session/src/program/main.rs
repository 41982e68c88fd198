//! `session`: what runs inside a workstation. As a server it is the container's first process; in other roles it is executed there
//! by those who come.

mod arguments;
mod ask;
mod attach;
mod files;
mod login;
mod serve;

use std::process::ExitCode;

use arguments::{Role, USAGE};

/// What a program's end means to those who start it: usage was wrong.
const USAGE_WRONG: u8 = 2;

fn main() -> ExitCode {
    let role = match arguments::read(std::env::args_os().collect()) {
        Ok(role) => role,
        Err(error) => {
            eprintln!("error: {error}\n\n{USAGE}");
            return ExitCode::from(USAGE_WRONG);
        }
    };
    let done = match role {
        Role::Help => {
            println!("{USAGE}");
            Ok(0)
        }
        Role::Version => {
            println!("wharf-session {}", env!("CARGO_PKG_VERSION"));
            Ok(0)
        }
        Role::Serve(serving) => serve::run(serving),
        Role::Attach(attaching) => attach::run(attaching),
        Role::Status { json } => ask::status(json),
        Role::Ask(request) => ask::ask(request),
        Role::Receive(directory) => files::receive(&directory),
        Role::Unpack => files::unpack(),
        Role::Seed => files::seed(),
        Role::Login { shell, command } => login::run(shell, &command),
    };
    match done {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
