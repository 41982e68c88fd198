//! `wharf secret show`: a value in clear, for whoever has a reader's key and asks for it.

use super::in_hand::{Deed, expected, keys_for, read, record};
use super::place::Place;
use super::{ask, named};
use crate::args::SecretShowArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::show;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rustix::termios::isatty;
use serde_json::json;
use std::io::Write;
use wharf_model::SecretName;
use wharf_store::SecretsDirectory;
use wharf_vault::{Opened, SealedFile};

pub(super) fn run(setting: &Setting<'_>, wanted: &SecretShowArgs) -> Result<Exit, Failure> {
    let (place, name) = (Place::of(setting, &wanted.which.pod)?, named(&wanted.which.name)?);
    let file = read(setting, &place)?;
    // A name that is not there is said before a question and before a passphrase.
    if file.generation(&name).is_some() && isatty(rustix::stdio::stdout()) && !wanted.yes {
        ask::confirm(&format!("show `{name}` on this terminal?"), "`--yes` shows it without asking")?;
    }
    let opened = opened(setting, &place, &file, &name, wanted)?;
    warn_of_older(setting, &file, &place, &name, wanted, &opened);
    let deed = Deed { action: "open secret", name: name.as_str(), detail: "shown".to_owned() };
    record(setting, file.owner(), &place.pod, &[deed])?;
    print(setting, &place, &name, &opened).map_err(|error| Failure::of(Exit::Failed, &error))?;
    Ok(Exit::Done)
}

fn opened(
    setting: &Setting<'_>,
    place: &Place,
    file: &SealedFile,
    name: &SecretName,
    wanted: &SecretShowArgs,
) -> Result<Opened, Failure> {
    let expected = expected(file, place);
    let nowhere = file.generation(name).is_none();
    // Without a key it can be said that there is no such secret, and nothing else.
    let identities = if nowhere { Vec::new() } else { keys_for(setting, &wanted.identity, file)? };
    let opened = if wanted.previous {
        file.open_previous(&expected, name, &identities)
    } else {
        file.open(&expected, name, &identities)
    };
    opened.map_err(|error| in_file(place, &error))
}

/// An error with the file that it is about.
pub(super) fn in_file(place: &Place, error: &wharf_vault::OpenError) -> Failure {
    let mut failure = Failure::of(Exit::Failed, error);
    failure.message = format!("`{}`: {}", place.path.display(), failure.message);
    failure
}

/// Root knows which value was used last; whoever looks at an older one is told.
fn warn_of_older(
    setting: &Setting<'_>,
    file: &SealedFile,
    place: &Place,
    name: &SecretName,
    wanted: &SecretShowArgs,
    opened: &Opened,
) {
    if setting.invocation.uid != 0 || wanted.previous {
        return;
    }
    let Ok(state) = setting.state_dir() else { return };
    let seen = SecretsDirectory::in_state(&state).seen(file.owner(), &place.pod);
    let last = seen.ok().and_then(|seen| seen.get(name).copied());
    if last.is_some_and(|last| last > opened.generation) {
        show::say("warning: this host has used a newer value of it; an older sealed file was put back");
    }
}

fn print(setting: &Setting<'_>, place: &Place, name: &SecretName, opened: &Opened) -> std::io::Result<()> {
    let bytes = opened.value.bytes();
    if setting.common.json {
        let mut object = json!({ "pod": place.pod, "name": name, "generation": opened.generation.0 });
        let (key, text) = match std::str::from_utf8(bytes) {
            Ok(text) => ("value", text.to_owned()),
            Err(_) => ("base64", BASE64_STANDARD.encode(bytes)),
        };
        if let Some(object) = object.as_object_mut() {
            object.insert(key.to_owned(), text.into());
        }
        show::print_json(&object);
        return Ok(());
    }
    // Past std's buffer, which would keep a copy.
    let at_terminal = isatty(rustix::stdio::stdout());
    let mut out = std::fs::File::from(rustix::io::dup(rustix::stdio::stdout())?);
    if at_terminal {
        // What steers a terminal does not get there; a pipe or a file has every byte.
        let text = String::from_utf8_lossy(bytes);
        return writeln!(out, "{}", show::printable(text.trim_end_matches('\n')));
    }
    out.write_all(bytes)
}
