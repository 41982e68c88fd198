//! What is built in and only printed: schemas, completions, the reference, the man page.

use crate::args::{Cli, SchemaKind};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::show;
use crate::verbs::shell::hook;
use clap::CommandFactory;
use clap_complete::Shell;

pub(crate) fn schema(kind: SchemaKind) -> Exit {
    show::print_json(&match kind {
        SchemaKind::Pod => wharf_pod::schema(),
        SchemaKind::Host => wharf_config::schema(),
        SchemaKind::Workstation => wharf_workstation::Definition::schema(),
    });
    Exit::Done
}

pub(crate) fn completions(shell: Shell) -> Exit {
    // Into memory first: clap_complete 4.6 panics when its reader goes away.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "wharf", &mut script);
    show::print(&hook::hooked(shell, String::from_utf8_lossy(&script).trim_end()));
    Exit::Done
}

pub(crate) fn man() -> Result<Exit, Failure> {
    let page = clap_mangen::Man::new(Cli::command());
    page.render(&mut std::io::stdout()).map_err(|error| Failure::of(Exit::Failed, &error))?;
    Ok(Exit::Done)
}

/// Every command's help, as Markdown.
pub(crate) fn reference() -> Exit {
    let mut command = Cli::command().term_width(100);
    command.build();
    show::print("# Commands\n\nGenerated from the program; do not edit.\n");
    show::print(&section("wharf", &mut command));
    below("wharf", &command);
    Exit::Done
}

/// The help of every verb of a command, and of the verbs' own.
fn below(name: &str, command: &clap::Command) {
    let verbs = command.get_subcommands().filter(|verb| !verb.is_hide_set() && verb.get_name() != "help");
    for verb in verbs {
        let name = format!("{name} {}", verb.get_name());
        show::print(&section(&name, &mut verb.clone()));
        below(&name, verb);
    }
}

fn section(name: &str, command: &mut clap::Command) -> String {
    let help = command.render_long_help().to_string();
    let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
    format!("## `{name}`\n\n```text\n{}\n```\n", lines.join("\n").trim())
}
