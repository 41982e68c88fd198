//! Questions at a terminal; with nobody there to answer, what is needed instead.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::passphrase;
use rustix::termios::isatty;
use std::io::Write;
use zeroize::Zeroizing;

/// Whether a person can be asked.
pub(super) fn is_somebody_there() -> bool {
    passphrase::is_terminal() && isatty(rustix::stdio::stderr())
}

/// Asks for yes or no; no is what Enter says. `instead` is for those who cannot be asked.
pub(super) fn confirm(question: &str, instead: &str) -> Result<(), Failure> {
    if !is_somebody_there() {
        return Err(Failure::usage(format!("there is nobody to ask: {question}")).hint(instead));
    }
    match line(&format!("{question} [y/N]: "))?.as_str() {
        "y" | "Y" | "yes" => Ok(()),
        _ => Err(Failure::new(Exit::Failed, "nothing was changed").hint(instead)),
    }
}

/// A line from the terminal.
pub(super) fn line(question: &str) -> Result<String, Failure> {
    let mut stderr = std::io::stderr().lock();
    let _shown = write!(stderr, "{question}").and_then(|()| stderr.flush());
    let mut said = String::new();
    let read = std::io::stdin().read_line(&mut said).map_err(|error| Failure::of(Exit::Failed, &error))?;
    if read == 0 {
        return Err(Failure::new(Exit::Interrupted, "nothing more was said; nothing was changed"));
    }
    Ok(said.trim().to_owned())
}

/// The passphrase of a key, where somebody can be asked.
pub(super) fn key_passphrase(path: &str) -> Option<Zeroizing<String>> {
    if !is_somebody_there() {
        return None;
    }
    passphrase::typed(&format!("passphrase of `{path}`: ")).ok()
}
