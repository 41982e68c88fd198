//! Peak memory of a program: run as the only child of a process of its own, so that nothing else is counted.

use nix::sys::resource::{UsageWho, getrusage};
use std::process::{Command, ExitCode};
use wharf_testkit::Result;

/// Runs the words as a program and prints the most memory it had, in KiB. The other half of [`peak_kib`].
pub(crate) fn measure(words: &[String]) -> ExitCode {
    let Some((program, arguments)) = words.split_first() else { return ExitCode::FAILURE };
    let ended = Command::new(program).args(arguments).status();
    match (ended, getrusage(UsageWho::RUSAGE_CHILDREN)) {
        (Ok(status), Ok(usage)) if status.success() => {
            println!("{}", usage.max_rss());
            ExitCode::SUCCESS
        }
        _ => ExitCode::FAILURE,
    }
}

/// The most memory that a program has, in KiB.
pub(crate) fn peak_kib(command: &Command) -> Result<u64> {
    let own = std::env::current_exe().expect("this program's path");
    let mut measuring = Command::new(own);
    measuring.arg("--measure-memory").arg(command.get_program()).args(command.get_args());
    measuring.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let said = wharf_testkit::run(&mut measuring)?;
    Ok(said.trim().parse().expect("a number of KiB"))
}
