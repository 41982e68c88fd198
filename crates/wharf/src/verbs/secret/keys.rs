//! The keys at hand: those of the person who asks, and the host's where it may be used.

use super::ask;
use crate::args::IdentityArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use std::path::{Path, PathBuf};
use wharf_store::SecretsDirectory;
use wharf_vault::{Identity, IdentityError, ReaderKey};
use zeroize::Zeroizing;

const MOST_BYTES: u64 = 64 << 10;

/// A key's file, read and not yet unlocked.
struct KeyFile {
    path: PathBuf,
    text: Zeroizing<Vec<u8>>,
}

/// Where somebody keeps keys of their own.
pub(super) fn home(setting: &Setting<'_>) -> Option<PathBuf> {
    match &setting.invocation.caller {
        Some(caller) => Some(caller.home().to_owned()),
        None => setting.heeded("HOME").map(PathBuf::from),
    }
}

/// The keys that may open what these keys can read: of locked ones only those are unlocked that are among `readers`.
pub(super) fn at_hand(
    setting: &Setting<'_>,
    said: &IdentityArgs,
    is_reader: impl Fn(&ReaderKey) -> bool,
) -> Result<Vec<Identity>, Failure> {
    let mut identities = Vec::new();
    for file in files(setting, said)? {
        let is_named = !said.files.is_empty();
        if !is_named && Identity::locked_reader_key(&file.text).is_some_and(|key| !is_reader(&key)) {
            continue;
        }
        match unlocked(&file) {
            Ok(identity) => identities.push(identity),
            Err(error) if is_named => return Err(refused(&file.path, &error)),
            // One of the usual places, where a key may lie that is not for this; or is, and cannot be unlocked.
            Err(IdentityError::UnsupportedKind | IdentityError::Unknown) => {}
            Err(error) => return Err(refused(&file.path, &error)),
        }
    }
    if said.files.is_empty()
        && let Some(host) = of_host(setting)?
    {
        identities.push(host);
    }
    Ok(identities)
}

/// The keys at hand that nothing locks: nobody is asked for a passphrase.
pub(super) fn without_asking(setting: &Setting<'_>, said: &IdentityArgs) -> Result<Vec<Identity>, Failure> {
    let own = files(setting, said)?;
    let mut identities: Vec<Identity> =
        own.iter().filter_map(|file| Identity::parse(&file.text, || None).ok()).collect();
    if said.files.is_empty() {
        identities.extend(of_host(setting)?);
    }
    Ok(identities)
}

/// The public halves of somebody's own keys: no passphrase is asked for.
pub(super) fn own_public(setting: &Setting<'_>, said: &IdentityArgs) -> Result<Vec<ReaderKey>, Failure> {
    let mut keys = Vec::new();
    for file in files(setting, said)? {
        let public = Identity::locked_reader_key(&file.text)
            .or_else(|| Some(Identity::parse(&file.text, || None).ok()?.reader_key().clone()));
        keys.extend(public);
    }
    Ok(keys)
}

/// The host's key: root's alone to use, and under sudo only for the host's `admins`.
pub(super) fn of_host(setting: &Setting<'_>) -> Result<Option<Identity>, Failure> {
    if setting.invocation.uid != 0 || !may_use_host_key(setting) {
        return Ok(None);
    }
    let directory = SecretsDirectory::in_state(&setting.state_dir()?);
    let text = directory.host_key().map_err(|error| Failure::of(Exit::Failed, &error))?;
    let Some(text) = text else { return Ok(None) };
    Identity::parse(&text, || None).map(Some).map_err(|error| refused(&directory.host_key_path(), &error))
}

fn may_use_host_key(setting: &Setting<'_>) -> bool {
    let caller = setting.invocation.caller.as_ref();
    caller.is_none_or(|caller| setting.config.admins.contains(caller.name()))
}

/// The named files; or that of the variable; or those of the usual places that are there.
fn files(setting: &Setting<'_>, said: &IdentityArgs) -> Result<Vec<KeyFile>, Failure> {
    let read = |path: PathBuf| {
        let text = Zeroizing::new(setting.read_named(&path, MOST_BYTES)?);
        Ok(KeyFile { path, text })
    };
    if !said.files.is_empty() {
        return said.files.iter().cloned().map(read).collect();
    }
    if let Some(path) = setting.heeded("WHARF_SECRET_IDENTITY") {
        return Ok(vec![read(PathBuf::from(path))?]);
    }
    let Some(home) = home(setting) else { return Ok(Vec::new()) };
    let usual = [".config/wharf/secrets.key", ".ssh/id_ed25519", ".ssh/id_rsa"];
    // What is not there, or not to be read, is no key of theirs.
    Ok(usual.iter().filter_map(|name| read(home.join(name)).ok()).collect())
}

fn unlocked(file: &KeyFile) -> Result<Identity, IdentityError> {
    let path = file.path.display().to_string();
    Identity::parse(&file.text, || ask::key_passphrase(&path))
}

fn refused(path: &Path, error: &IdentityError) -> Failure {
    let failure = Failure::usage(format!("`{}`: {error}", path.display()));
    match error {
        IdentityError::Locked => failure.hint("run it at a terminal, or name another key with `--identity`"),
        _ => failure,
    }
}
