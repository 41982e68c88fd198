//! Where a value comes from: typed twice, a file, standard input, a command, or chance. Never an argument.

use super::ask;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::passphrase;
use crate::setting::Setting;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use wharf_vault::{MAX_VALUE_BYTES, Value};
use zeroize::Zeroizing;

/// A value for `set`: from a file when one is named, else typed at a terminal, else from standard input.
pub(super) fn wanted(setting: &Setting<'_>, name: &str, from_file: Option<&Path>) -> Result<Value, Failure> {
    match from_file {
        Some(path) if path.as_os_str() == "-" => checked(all_of(std::io::stdin().lock())?),
        Some(path) => {
            let most = u64::try_from(MAX_VALUE_BYTES).unwrap_or(u64::MAX);
            checked(Zeroizing::new(setting.read_named(path, most)?))
        }
        None if passphrase::is_terminal() => typed(name),
        None => checked(without_line_end(all_of(std::io::stdin().lock())?)),
    }
}

fn typed(name: &str) -> Result<Value, Failure> {
    let first = passphrase::typed(&format!("value of `{name}`: "))?;
    let again = passphrase::typed("the same again: ")?;
    if first != again {
        return Err(Failure::usage("these are two values; nothing was changed"));
    }
    checked(Zeroizing::new(first.as_bytes().to_vec()))
}

/// What a command prints. Its errors go where ours do.
pub(super) fn of_command(command: &[String]) -> Result<Value, Failure> {
    let Some((program, words)) = command.split_first() else {
        return Err(Failure::usage("there is no command after `--`"));
    };
    let failed = |error: std::io::Error| {
        Failure::new(Exit::Failed, format!("`{program}` was not run: {error}")).hint("nothing was changed")
    };
    let mut child = Command::new(program).args(words).stdout(Stdio::piped()).spawn().map_err(failed)?;
    let printed = match child.stdout.take() {
        Some(stdout) => all_of(stdout),
        None => Ok(Zeroizing::new(Vec::new())),
    };
    let status = child.wait().map_err(failed)?;
    if !status.success() {
        let message = format!("`{program}` failed ({status})");
        return Err(Failure::new(Exit::Failed, message).hint("nothing was changed"));
    }
    checked(without_line_end(printed?))
}

/// Letters and digits by chance: of 32, nobody guesses any (190 bits).
pub(super) fn generated(length: u16) -> Result<Value, Failure> {
    const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut value = Zeroizing::new(Vec::with_capacity(usize::from(length)));
    let mut chance = Zeroizing::new([0_u8; 256]);
    while value.len() < usize::from(length) {
        let got = rustix::rand::getrandom(&mut *chance, rustix::rand::GetRandomFlags::empty());
        let got = got.map_err(|errno| Failure::of(Exit::Failed, &std::io::Error::from(errno)))?;
        // 248 is the last multiple of 62 in a byte: what lies above would favour some letters.
        let fitting = chance.iter().take(got).filter(|byte| **byte < 248);
        let letters = fitting.filter_map(|byte| LETTERS.get(usize::from(*byte % 62)));
        value.extend(letters.take(usize::from(length)));
    }
    value.truncate(usize::from(length));
    checked(value)
}

/// All there is, up to more than a value may have; in one piece of memory, since one that grows leaves copies behind.
fn all_of(source: impl Read) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_VALUE_BYTES + 2));
    let most = u64::try_from(MAX_VALUE_BYTES + 2).unwrap_or(u64::MAX);
    source.take(most).read_to_end(&mut bytes).map_err(|error| Failure::of(Exit::Failed, &error))?;
    Ok(bytes)
}

/// As `$(...)` in a shell, but for one line end only.
fn without_line_end(mut bytes: Zeroizing<Vec<u8>>) -> Zeroizing<Vec<u8>> {
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
    }
    bytes
}

pub(super) fn checked(mut bytes: Zeroizing<Vec<u8>>) -> Result<Value, Failure> {
    Value::new(std::mem::take(&mut *bytes)).map_err(|error| {
        let failure = Failure::usage(error.to_string());
        if ask::is_somebody_there() { failure } else { failure.hint("nothing was changed") }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_value_has_its_length_and_every_letter_about_as_often() {
        let value = generated(4096).unwrap();
        assert_eq!(value.bytes().len(), 4096);
        assert!(value.bytes().iter().all(u8::is_ascii_alphanumeric));
        let mut counts = [0_u32; 256];
        value.bytes().iter().for_each(|byte| counts[usize::from(*byte)] += 1);
        let used: Vec<u32> = counts.into_iter().filter(|count| *count > 0).collect();
        // 66 of each are expected; 15 or 150 would be seen once in ten thousand million runs.
        assert_eq!(used.len(), 62);
        assert!(used.iter().all(|count| (15..150).contains(count)), "{used:?}");
        assert_ne!(generated(32).unwrap(), generated(32).unwrap());
    }

    #[test]
    fn one_line_end_is_taken_off_a_pipe_and_no_more() {
        let taken = |text: &[u8]| without_line_end(Zeroizing::new(text.to_vec())).to_vec();
        assert_eq!(taken(b"a\n"), b"a");
        assert_eq!(taken(b"a\n\n"), b"a\n");
        assert_eq!(taken(b"a\r\n"), b"a\r");
        assert_eq!(taken(b"a"), b"a");
    }
}
