//! `wharf secret recovery`: the key that opens everything when the host is lost. Printed once, and kept nowhere here.

use super::ask;
use super::in_hand::read;
use super::place::Place;
use super::readers::{HostReaders, RECOVERY_PUBLIC, public_path};
use crate::args::SecretRecoveryArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::show;
use crate::verbs::host::{record, write_public};
use std::path::Path;
use wharf_store::SecretsDirectory;
use wharf_vault::{Identity, ReaderKey};

/// How much of the key is asked for again: enough that somebody must have it before them.
const ASKED_AGAIN: usize = 6;

pub(super) fn run(setting: &Setting<'_>, wanted: &SecretRecoveryArgs) -> Result<Exit, Failure> {
    setting.administrator("secret recovery")?;
    if setting.invocation.uid != 0 {
        return Err(Failure::usage("the recovery key is the host's, and root makes it")
            .hint("`sudo wharf secret recovery`"));
    }
    let directory = SecretsDirectory::in_state(&setting.state_dir()?);
    let failed = |error: wharf_store::OwnFileError| Failure::of(Exit::Failed, &error);
    let path = public_path(setting, RECOVERY_PUBLIC);
    let before = directory.recovery_key().map_err(failed)?;
    if let Some(before) = &before
        && !wanted.replace
    {
        if HostReaders::of(setting)?.recovery.is_none() {
            return finish(&path, before);
        }
        return Err(Failure::usage(
            "this host has a recovery key already; its secret half was printed when it was made",
        )
        .hint("`--replace` makes another, and says how the files follow"));
    }
    let identity = Identity::generate();
    let Some(text) = identity.secret_text() else {
        return Err(Failure::new(Exit::Failed, "the key has no text"));
    };
    show::say(
        "Write this key down, or print it, and keep it away from this machine. It opens every secret that is sealed",
    );
    show::say("from now on, and it is not shown again:");
    show::say("");
    show::print(&text);
    show::say("");
    if !wanted.yes {
        confirm(&text)?;
    }
    record(setting, "make recovery key", identity.reader_key())?;
    let public = format!("# recovery\n{}\n", identity.reader_key());
    directory.keep_recovery_key(public.as_bytes()).map_err(failed)?;
    write_public(&path, &public)?;
    show::say(&format!("its public half is in `{}`, and a reader of every new file", path.display()));
    if before.is_some() {
        show::say(
            "the key before still opens the files that have it: `wharf secret rekey --all --remove recovery --add recovery` \
             where they are puts the new one in its place; then rotate the values, if the key before is in other hands",
        );
    } else {
        tell_what_lacks_it(setting, identity.reader_key())?;
    }
    Ok(Exit::Done)
}

/// A run before this one kept the key, and ended before it told everybody.
fn finish(path: &Path, public: &[u8]) -> Result<Exit, Failure> {
    write_public(path, &String::from_utf8_lossy(public))?;
    show::say(&format!(
        "this host has a recovery key, whose secret half was printed when it was made; its public half is in `{}` now",
        path.display()
    ));
    Ok(Exit::Done)
}

/// A key that nobody has is worse than none: everybody would count on it.
fn confirm(text: &str) -> Result<(), Failure> {
    if !ask::is_somebody_there() {
        return Err(Failure::usage(
            "there is nobody to ask whether the key was written down; nothing was kept",
        )
        .hint("run it at a terminal; `--yes` says that it is"));
    }
    let last = text.get(text.len().saturating_sub(ASKED_AGAIN)..).unwrap_or(text);
    let said = ask::line(&format!("the last {ASKED_AGAIN} characters of what you wrote down: "))?;
    if said.eq_ignore_ascii_case(last) {
        return Ok(());
    }
    Err(Failure::new(Exit::Failed, "that is another key; nothing was kept, and the key above is of no use")
        .hint("run it again"))
}

fn tell_what_lacks_it(setting: &Setting<'_>, key: &ReaderKey) -> Result<(), Failure> {
    let places = Place::all_here()?;
    let lacking = places.iter().filter(|place| read(setting, place).is_ok_and(|file| !file.is_read_by(key)));
    let lacking: Vec<String> = lacking.map(|place| place.path.display().to_string()).collect();
    if lacking.is_empty() {
        show::say(
            "files that were sealed before do not have it: `wharf secret rekey --all` where they are adds it",
        );
    } else {
        show::say(&format!(
            "it does not open {} yet: `wharf secret rekey --all` adds it",
            lacking.join(", ")
        ));
    }
    Ok(())
}
