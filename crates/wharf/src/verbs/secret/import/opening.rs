//! The keys and passwords that open other programs' files.

use crate::args::SecretImportArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::passphrase;
use crate::setting::Setting;
use crate::verbs::secret::{ask, keys};
use std::io::Read;
use std::path::{Path, PathBuf};
use wharf_import::{Format, ImportError, Imported, Keys, VaultPassword};
use wharf_vault::{Identity, open_age_file};
use zeroize::Zeroizing;

/// A data key has 32 bytes; a little more is read, to see that there is no more.
const MOST_KEY_BYTES: usize = 64;
const MOST_FILE_BYTES: u64 = 64 << 10;
/// Each is tried at each value, with 10,000 rounds of a digest.
const MOST_PASSWORDS: usize = 8;

pub(super) fn open(
    setting: &Setting<'_>,
    wanted: &SecretImportArgs,
    bytes: &[u8],
    format: Format,
    stem: &str,
) -> Result<Imported, Failure> {
    let identities = if format.wants_identity() { identities(setting, wanted, bytes)? } else { Vec::new() };
    let vault_passwords = if format.wants_password() { passwords(setting, wanted)? } else { Vec::new() };
    let open_age = |sealed: &str| open_age_file(sealed, &identities, MOST_KEY_BYTES);
    let keys = Keys { open_age: &open_age, vault_passwords: &vault_passwords };
    wharf_import::read(bytes, format, stem, &keys).map_err(|error| refused(&wanted.file, &error))
}

fn refused(path: &Path, error: &ImportError) -> Failure {
    let mut failure = Failure::of(Exit::Failed, error);
    failure.message = format!("`{}`: {}", path.display(), failure.message);
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// The keys that may open a SOPS file: those that open sealed ones, and those that SOPS itself would use.
fn identities(
    setting: &Setting<'_>,
    wanted: &SecretImportArgs,
    bytes: &[u8],
) -> Result<Vec<Identity>, Failure> {
    let text = String::from_utf8_lossy(bytes);
    let mut identities = Vec::new();
    if wanted.identity.files.is_empty() {
        // A key that is locked is unlocked where the file names it.
        identities = keys::at_hand(setting, &wanted.identity, |key| text.contains(&key.to_string()))?;
        identities.extend(keys_of_sops(setting)?);
    }
    for path in &wanted.identity.files {
        let file = Zeroizing::new(setting.read_named(path, MOST_FILE_BYTES)?);
        identities.extend(several(&file, path)?);
    }
    Ok(identities)
}

/// The keys of the file that SOPS would use. One that is named is to be read; one in the usual place may be missing.
fn keys_of_sops(setting: &Setting<'_>) -> Result<Vec<Identity>, Failure> {
    if let Some(path) = setting.heeded("SOPS_AGE_KEY_FILE").map(PathBuf::from) {
        return several(&Zeroizing::new(setting.read_named(&path, MOST_FILE_BYTES)?), &path);
    }
    let Some(path) = keys::home(setting).map(|home| home.join(".config/sops/age/keys.txt")) else {
        return Ok(Vec::new());
    };
    match setting.read_named(&path, MOST_FILE_BYTES) {
        Ok(file) => several(&Zeroizing::new(file), &path),
        Err(_) => Ok(Vec::new()),
    }
}

/// A file of SOPS's has as many age keys as somebody has, each a line.
fn several(file: &[u8], path: &Path) -> Result<Vec<Identity>, Failure> {
    let is_key = |line: &&[u8]| line.starts_with(b"AGE-SECRET-KEY-1");
    let lines: Vec<&[u8]> =
        file.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(is_key).collect();
    let texts = if lines.is_empty() { vec![file] } else { lines };
    let parse = |text: &[u8]| Identity::parse(text, || ask::key_passphrase(&path.display().to_string()));
    texts
        .into_iter()
        .map(parse)
        .collect::<Result<_, _>>()
        .map_err(|error| Failure::usage(format!("`{}`: {error}", path.display())))
}

/// The passwords of Ansible Vault that were named, or the one that is typed.
fn passwords(setting: &Setting<'_>, wanted: &SecretImportArgs) -> Result<Vec<VaultPassword>, Failure> {
    if wanted.vault_passwords.len() > MOST_PASSWORDS {
        return Err(Failure::usage(format!("at most {MOST_PASSWORDS} vault passwords are tried")));
    }
    let mut passwords = Vec::new();
    for said in &wanted.vault_passwords {
        let (id, path) = match said.split_once('@') {
            Some((id, path)) if !id.is_empty() && !id.contains('/') => (Some(id.to_owned()), Path::new(path)),
            _ => (None, Path::new(said)),
        };
        let text = password_file(setting, path)?;
        let password = VaultPassword::new(id, &text);
        passwords.push(password.ok_or_else(|| Failure::usage(format!("`{}` is empty", path.display())))?);
    }
    if passwords.is_empty() && ask::is_somebody_there() {
        let typed = passphrase::typed(&format!("vault password of `{}`: ", wanted.file.display()))?;
        passwords.extend(VaultPassword::new(None, typed.as_bytes()));
    }
    Ok(passwords)
}

fn password_file(setting: &Setting<'_>, path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    if path == Path::new("-") {
        let mut text = Zeroizing::new(Vec::with_capacity(4096));
        let read = std::io::stdin().lock().take(4096).read_to_end(&mut text);
        return read.map(|_| text).map_err(|error| Failure::of(Exit::Failed, &error));
    }
    let text = Zeroizing::new(setting.read_named(path, MOST_FILE_BYTES)?);
    // Ansible runs such a file. Here a path on a command line starts no program.
    if text.starts_with(b"#!") || text.starts_with(b"\x7fELF") {
        let message =
            format!("`{}` is a program that prints the password, and is not run here", path.display());
        return Err(Failure::usage(message)
            .hint("run it: `PROGRAM | wharf secret import ... --vault-password-file - --yes`"));
    }
    Ok(text)
}
