//! The passphrase of the authority's key: from a file, or typed without being shown.

use crate::args::PassphraseArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, isatty, tcgetattr, tcsetattr};
use std::io::{Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use wharf_pki::Passphrase;
use zeroize::Zeroizing;

const MOST_BYTES: u64 = 4096;
/// Nobody types more; what is pasted and longer belongs into a file.
const MOST_TYPED: usize = 4096;

/// The passphrase of a key that is sealed.
pub(crate) fn to_open(setting: &Setting<'_>, said: &PassphraseArgs) -> Result<Passphrase, Failure> {
    if let Some(path) = file(setting, said) {
        return from_file(setting, &path);
    }
    if !is_terminal() {
        return Err(Failure::usage("the authority's key is sealed with a passphrase").hint(
            "`--passphrase-file FILE` or WHARF_CA_PASSPHRASE_FILE name a file with it; at a terminal it is asked for",
        ));
    }
    checked(typed("passphrase of the authority's key: ")?)
}

/// The passphrase with which a new key is to be sealed, when it is to be.
pub(crate) fn to_seal(
    setting: &Setting<'_>,
    said: &PassphraseArgs,
    seal: bool,
) -> Result<Option<Passphrase>, Failure> {
    // The variable opens; what seals is said in words.
    let path = if seal { file(setting, said) } else { said.passphrase_file.clone() };
    if let Some(path) = path {
        return from_file(setting, &path).map(Some);
    }
    if !seal {
        return Ok(None);
    }
    if !is_terminal() {
        return Err(Failure::usage("there is nobody to ask for a passphrase")
            .hint("`--passphrase-file FILE` reads it from a file"));
    }
    let first = typed("passphrase to seal the authority's key with: ")?;
    let again = typed("the same again: ")?;
    if first != again {
        return Err(Failure::usage("these are two passphrases; nothing was made"));
    }
    checked(first).map(Some)
}

/// The passphrase that somebody left for a service, which has nobody to ask: in a file that is named, or among systemd's
/// credentials (`LoadCredential=ca-passphrase:...`).
pub(crate) fn given(setting: &Setting<'_>, said: Option<&Path>) -> Result<Option<Passphrase>, Failure> {
    let variable = || setting.heeded("WHARF_CA_PASSPHRASE_FILE").map(PathBuf::from);
    let credential = || {
        let path = Path::new(setting.heeded("CREDENTIALS_DIRECTORY")?).join("ca-passphrase");
        path.exists().then_some(path)
    };
    let path = said.map(Path::to_owned).or_else(variable).or_else(credential);
    path.as_deref().map(|path| from_file(setting, path)).transpose()
}

fn file(setting: &Setting<'_>, said: &PassphraseArgs) -> Option<PathBuf> {
    let variable = || setting.heeded("WHARF_CA_PASSPHRASE_FILE").map(PathBuf::from);
    said.passphrase_file.clone().or_else(variable)
}

fn from_file(setting: &Setting<'_>, path: &Path) -> Result<Passphrase, Failure> {
    // Whoever names a file for himself reads what he may; ours is to be nobody else's.
    let is_open = setting.invocation.caller.is_none()
        && path.metadata().is_ok_and(|facts| facts.is_file() && facts.mode() & 0o007 != 0);
    if is_open {
        let message = format!("`{}` can be read by everybody on this machine", path.display());
        return Err(
            Failure::usage(message).hint("`chmod 600` it, and choose another passphrase if anybody did")
        );
    }
    let bytes = Zeroizing::new(setting.read_named(path, MOST_BYTES)?);
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| Failure::usage(format!("`{}` is no text", path.display())))?;
    checked(Zeroizing::new(text.to_owned()))
}

fn checked(mut text: Zeroizing<String>) -> Result<Passphrase, Failure> {
    let passphrase = Passphrase::new(std::mem::take(&mut *text));
    if passphrase.is_empty() { Err(Failure::usage("the passphrase is empty")) } else { Ok(passphrase) }
}

pub(crate) fn is_terminal() -> bool {
    isatty(rustix::stdio::stdin())
}

/// Asks at the terminal, whose echo is off meanwhile.
pub(crate) fn typed(prompt: &str) -> Result<Zeroizing<String>, Failure> {
    let failed = |error: std::io::Error| Failure::of(Exit::Failed, &error);
    let quiet = Quiet::enter().map_err(failed)?;
    let mut terminal = std::io::stderr();
    write!(terminal, "{prompt}").and_then(|()| terminal.flush()).map_err(failed)?;
    let line = line();
    drop(quiet);
    crate::show::say("");
    let line = line.map_err(failed)?;
    line.ok_or_else(|| Failure::new(Exit::Interrupted, "interrupted"))
}

/// One line, key by key: so that ctrl-C ends the question and not the process, which would leave the echo off.
fn line() -> std::io::Result<Option<Zeroizing<String>>> {
    let mut typed = Zeroizing::new(Vec::with_capacity(MOST_TYPED));
    let mut input = std::io::stdin().lock();
    let mut key = Zeroizing::new([0]);
    loop {
        if input.read(key.as_mut())? == 0 {
            break;
        }
        match key[0] {
            b'\n' | b'\r' | 4 => break,
            3 => return Ok(None),
            8 | 127 => while typed.pop().is_some_and(|byte| byte & 0xc0 == 0x80) {},
            21 => typed.clear(),
            byte if typed.len() < MOST_TYPED => typed.push(byte),
            _ => {}
        }
    }
    let text =
        std::str::from_utf8(&typed).map_err(|_| std::io::Error::from(std::io::ErrorKind::InvalidData))?;
    Ok(Some(Zeroizing::new(text.to_owned())))
}

/// The terminal passes keys on as they are and shows none; as it was before when this value is dropped.
struct Quiet(Termios);

impl Quiet {
    fn enter() -> std::io::Result<Self> {
        let before = tcgetattr(rustix::stdio::stdin())?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
        quiet.special_codes[SpecialCodeIndex::VMIN] = 1;
        quiet.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(rustix::stdio::stdin(), OptionalActions::Flush, &quiet)?;
        Ok(Self(before))
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        // There is nobody to tell when the terminal has gone.
        let _restored = tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &self.0);
    }
}
