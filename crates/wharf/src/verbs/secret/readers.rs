//! Readers as they are said on the command line, as a new file has them, and as somebody confirmed them.

mod known;

use super::keys;
use crate::args::IdentityArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use std::path::{Path, PathBuf};
use wharf_host::read_trusted;
use wharf_vault::{Reader, ReaderKey, ReaderName};

pub(super) use known::Known;

const MOST_BYTES: u64 = 64 << 10;

/// The readers that a host's own files name.
pub(super) struct HostReaders {
    pub(super) host: Option<Reader>,
    pub(super) recovery: Option<Reader>,
}

/// Where the host's public keys are: beside the host configuration.
pub(crate) fn public_path(setting: &Setting<'_>, name: &str) -> PathBuf {
    setting.config_path().with_file_name(name)
}

pub(crate) const HOST_PUBLIC: &str = "secrets.pub";
pub(super) const RECOVERY_PUBLIC: &str = "recovery.pub";

impl HostReaders {
    /// This host's, where they are, which must be root's alone.
    pub(super) fn of(setting: &Setting<'_>) -> Result<Self, Failure> {
        Ok(Self { host: public(setting, HOST_PUBLIC)?, recovery: public(setting, RECOVERY_PUBLIC)? })
    }

    fn both(&self) -> impl Iterator<Item = &Reader> {
        self.host.iter().chain(&self.recovery)
    }
}

/// The key to which everybody here seals for this host.
pub(crate) fn published_host_key(setting: &Setting<'_>) -> Result<Option<ReaderKey>, Failure> {
    Ok(HostReaders::of(setting)?.host.map(|reader| reader.key))
}

fn public(setting: &Setting<'_>, name: &str) -> Result<Option<Reader>, Failure> {
    let path = public_path(setting, name);
    match read_trusted(&path, setting.invocation.owner, MOST_BYTES) {
        Ok(bytes) => from_text(&bytes, &path).map(Some),
        Err(error) if error.is_missing() => Ok(None),
        Err(error) => {
            let failure = Failure::of(Exit::Usage, &error);
            Err(match error.mend() {
                Some(mend) => failure.hint(mend),
                None => failure,
            })
        }
    }
}

/// A public key's file: a `.pub` of ssh's with a comment, or an age key under a line `# name`.
fn from_text(bytes: &[u8], path: &Path) -> Result<Reader, Failure> {
    let text = String::from_utf8_lossy(bytes);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let (comments, keys): (Vec<&str>, Vec<&str>) = lines.partition(|line| line.starts_with('#'));
    let no_key = |reason: String| {
        let failure = Failure::usage(format!("`{}`: {reason}", path.display()));
        failure.hint("a reader is a public key: `age1...`, or a line of a `.pub` file of ssh's")
    };
    let [line] = keys.as_slice() else { return Err(no_key("one public key is expected in it".to_owned())) };
    let key: ReaderKey = line.parse().map_err(|error| no_key(format!("{error}")))?;
    let comment = line
        .split_ascii_whitespace()
        .nth(2)
        .or_else(|| comments.first().map(|line| line.trim_start_matches('#').trim()));
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let name = comment.and_then(ReaderName::near).or_else(|| ReaderName::near(&stem));
    Ok(Reader { name: name.unwrap_or_else(|| nameless(&key)), key })
}

/// A name for a key that came without: the beginning of what people compare.
fn nameless(key: &ReaderKey) -> ReaderName {
    let text: String = key.fingerprint().trim_start_matches("SHA256:").chars().take(12).collect();
    ReaderName::near(&text).unwrap_or_else(|| usual("reader"))
}

/// A name that is known to be one.
fn usual(name: &str) -> ReaderName {
    ReaderName::near(name).unwrap_or_else(ReaderName::unnamed)
}

/// A reader as somebody said it: a key, NAME=KEY, a file with one, `host` or `recovery`.
pub(super) fn said(setting: &Setting<'_>, text: &str) -> Result<Reader, Failure> {
    let word = |found: Option<Reader>, how: &str| {
        found.ok_or_else(|| Failure::usage(format!("this host has no such key: `{text}`")).hint(how))
    };
    match text {
        "host" => return word(HostReaders::of(setting)?.host, "`sudo wharf host init` makes it"),
        "recovery" => {
            return word(HostReaders::of(setting)?.recovery, "`sudo wharf secret recovery` makes it");
        }
        _ => {}
    }
    let looks_like_key = |text: &str| text.starts_with("age1") || text.starts_with("ssh-");
    if looks_like_key(text) {
        return from_text(text.as_bytes(), Path::new("")).map_err(|failure| relabelled(failure, "--reader"));
    }
    match text.split_once('=').filter(|(_, key)| looks_like_key(key)) {
        Some((name, key)) => {
            let parsed = name.parse().map_err(|error| Failure::usage(format!("`{name}`: {error}")))?;
            let key = key.parse().map_err(|error| Failure::usage(format!("the key of `{name}`: {error}")))?;
            Ok(Reader { name: parsed, key })
        }
        None => from_text(&setting.read_named(Path::new(text), MOST_BYTES)?, Path::new(text)),
    }
}

fn relabelled(mut failure: Failure, label: &str) -> Failure {
    failure.message = failure.message.replace("``", &format!("`{label}`"));
    failure
}

/// The readers of a new file: the host, the recovery key, whoever makes it, and those that were said.
pub(super) fn of_new_file(
    setting: &Setting<'_>,
    identity: &IdentityArgs,
    said_ones: &[String],
) -> Result<Vec<Reader>, Failure> {
    let ours = HostReaders::of(setting)?;
    if ours.host.is_none() && said_ones.is_empty() {
        let path = public_path(setting, HOST_PUBLIC);
        let message = format!("there is no host to seal to: `{}` does not exist", path.display());
        return Err(Failure::usage(message).hint(
            "on the host that runs the pod: `sudo wharf host init`; elsewhere name its key, which that host has in the \
             same place: `--reader NAME=age1...`",
        ));
    }
    let mut readers: Vec<Reader> = ours.both().cloned().collect();
    for text in said_ones {
        add(&mut readers, said(setting, text)?);
    }
    for key in keys::own_public(setting, identity)? {
        add(&mut readers, Reader { name: own_name(setting), key });
    }
    Ok(readers)
}

/// The readers that new files here have and this list lacks.
pub(super) fn missing_here(setting: &Setting<'_>, readers: &[Reader]) -> Result<Vec<Reader>, Failure> {
    let ours = HostReaders::of(setting)?;
    let lacks = |reader: &&Reader| !readers.iter().any(|other| other.key == reader.key);
    Ok(ours.both().filter(lacks).cloned().collect())
}

/// Adds a reader, under another name where its own is taken; one key is one reader.
pub(super) fn add(readers: &mut Vec<Reader>, new: Reader) {
    if readers.iter().any(|reader| reader.key == new.key) {
        return;
    }
    let is_taken = |name: &ReaderName| readers.iter().any(|reader| reader.name == *name);
    let mut name = new.name.clone();
    let mut number = 2;
    while is_taken(&name) {
        name = ReaderName::near(&format!("{}-{number}", new.name)).unwrap_or_else(|| nameless(&new.key));
        number += 1;
    }
    readers.push(Reader { name, key: new.key });
}

fn own_name(setting: &Setting<'_>) -> ReaderName {
    let account = setting.invocation.caller.as_ref().map(|caller| caller.name().to_owned());
    let account = account.or_else(|| wharf_host::user_name(setting.invocation.uid).ok().flatten());
    account.as_deref().and_then(ReaderName::near).unwrap_or_else(|| usual("me"))
}

/// The host's name as a reader's.
pub(crate) fn host_name() -> ReaderName {
    ReaderName::near(&wharf_host::hostname()).unwrap_or_else(|| usual("host"))
}
