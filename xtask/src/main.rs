//! The project's own chores: `cargo xtask demo`, `test`, `tidy`, `gen`, `bench`, `image`. Builds where there is only Rust and git.

mod bench;
mod chore;
mod demo;
mod generated;
mod help;
mod image;
mod parts;
mod shell;
mod tidy;

use std::process::ExitCode;

use chore::Failure;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(code) => code,
        Err(Failure::Usage(what)) => {
            eprintln!("error: {what}\n\n{}", help::TEXT);
            ExitCode::from(2)
        }
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Result<ExitCode, Failure> {
    let done = |()| ExitCode::SUCCESS;
    match words {
        [] | ["help" | "-h" | "--help", ..] | [_, "-h" | "--help"] => {
            println!("{}", help::TEXT);
            Ok(ExitCode::SUCCESS)
        }
        ["demo"] => demo::up().map(done),
        ["demo", "--clean"] => demo::clean().map(done),
        ["test", rest @ ..] => parts::test(rest),
        ["tidy"] => tidy::tidy().map(done),
        ["bench"] => bench::bench().map(done),
        ["image", rest @ ..] => image::image(rest).map(done),
        ["session"] => image::session().map(done),
        ["gen"] => generated::write().map(done),
        ["gen", "--check"] => generated::check().map(done),
        [verb @ ("demo" | "tidy" | "gen" | "bench" | "session"), rest @ ..] => {
            Err(Failure::Usage(format!("`{verb}` does not take `{}`", rest.join(" "))))
        }
        [verb, ..] => Err(Failure::Usage(format!("there is no `{verb}`"))),
    }
}
