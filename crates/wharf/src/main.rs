//! `wharf`: arguments in, one verb, an exit code out. The only crate that prints, exits or reads the environment.

mod address;
mod args;
mod credentials;
mod derp;
mod docker_folder;
mod endpoint;
mod exchange;
mod exit;
mod failure;
mod identity;
mod invocation;
mod joined;
mod memory;
mod notify;
mod passphrase;
mod pod_file;
mod setting;
mod show;
mod sudo_words;
mod verbs;

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<std::ffi::OsString> = std::env::args_os().collect();
    if derp::is_called(&words) {
        return derp::run(&words);
    }
    match run(&words) {
        Ok(code) => code.into(),
        Err(failure) => {
            show::failure(&failure);
            failure.exit.into()
        }
    }
}

fn run(words: &[std::ffi::OsString]) -> Result<exit::Exit, failure::Failure> {
    let environment = invocation::Environment::of_process();
    let caller = invocation::Invocation::of(&environment)?;
    let cli = match args::parse(words, &caller, |common| setting::is_admin(common, &caller, &environment)) {
        Ok(cli) => cli,
        Err(args::Refused::Clap(error)) => {
            // Help and version come this way, too; clap prints them to standard output and errors to standard error.
            let _printed = error.print();
            return Ok(if error.use_stderr() { exit::Exit::Usage } else { exit::Exit::Done });
        }
        Err(args::Refused::Words(failure)) => return Err(failure),
    };
    verbs::run(cli, caller, &environment)
}
