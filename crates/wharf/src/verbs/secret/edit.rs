//! `wharf secret edit`: a value in an editor, on a file in memory.

mod scratch;

use super::in_hand::{Deed, expected, keys_for, read, record};
use super::place::Place;
use super::set::{Ready, Sealing, tell};
use super::show::in_file;
use super::{named, source};
use crate::args::SecretEditArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::show;
use scratch::Scratch;
use std::path::Path;
use std::process::Command;

pub(super) fn run(setting: &Setting<'_>, wanted: &SecretEditArgs) -> Result<Exit, Failure> {
    let (place, name) = (Place::of(&wanted.which.pod)?, named(&wanted.which.name)?);
    let file = read(setting, &place)?;
    let sealing = Sealing {
        identity: &wanted.identity,
        readers: &[],
        owner: None,
        yes: wanted.yes,
        keep_previous_until: None,
    };
    let mut ready = Ready::of(setting, &place, &sealing)?;
    let identities = keys_for(setting, &wanted.identity, &file)?;
    let opened =
        file.open(&expected(&file, &place), &name, &identities).map_err(|error| in_file(&place, &error))?;
    let scratch = Scratch::with(setting.invocation.uid, opened.value.bytes())?;
    let deed = Deed { action: "open secret", name: name.as_str(), detail: "edited".to_owned() };
    record(setting, file.owner(), &place.pod, &[deed])?;
    run_editor(setting, scratch.path())?;
    let value = source::checked(scratch.content()?)?;
    drop(scratch);
    if value == opened.value {
        show::say("nothing was changed");
        return Ok(Exit::Done);
    }
    check_unchanged(setting, &place, &file, &name)?;
    let file = ready.seal(&[(name.clone(), value)])?;
    tell(setting, &place, &file, &format!("sealed `{name}`"));
    Ok(Exit::Done)
}

/// Somebody else's new value is not overwritten by an edit of the old one.
fn check_unchanged(
    setting: &Setting<'_>,
    place: &Place,
    before: &wharf_vault::SealedFile,
    name: &wharf_model::SecretName,
) -> Result<(), Failure> {
    if read(setting, place)?.generation(name) == before.generation(name) {
        return Ok(());
    }
    Err(Failure::new(Exit::Failed, format!("`{name}` was changed while it was edited"))
        .hint("nothing was written; run it again"))
}

fn run_editor(setting: &Setting<'_>, path: &Path) -> Result<(), Failure> {
    let said = ["VISUAL", "EDITOR"].iter().find_map(|name| setting.heeded(name)).unwrap_or("vi");
    let mut words = said.split_ascii_whitespace();
    let program = words.next().unwrap_or("vi");
    let mut command = Command::new(program);
    command.args(words);
    // What these editors would keep of a file elsewhere: swap, registers, undo.
    if Path::new(program).file_name().is_some_and(|name| name == "vim" || name == "nvim") {
        command.args(["-n", "-i", "NONE", "--cmd", "set noundofile nobackup nowritebackup"]);
    }
    let failed = |error: std::io::Error| {
        Failure::new(Exit::Failed, format!("`{program}` was not run: {error}"))
            .hint("nothing was changed; VISUAL or EDITOR name an editor")
    };
    let status = outliving_interrupts(|| command.arg(path).status())?.map_err(failed)?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(Exit::Failed, format!("`{program}` ended with {status}")).hint("nothing was changed"))
}

/// What ctrl-C and a closed terminal say is the editor's to hear; ours is to tidy up after it.
fn outliving_interrupts<T>(work: impl FnOnce() -> T) -> Result<T, Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let failed = |error: std::io::Error| Failure::of(Exit::Failed, &error);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
    let _entered = runtime.enter();
    let kinds = [SignalKind::interrupt(), SignalKind::quit(), SignalKind::hangup(), SignalKind::terminate()];
    let _heard = kinds.into_iter().map(signal).collect::<Result<Vec<_>, _>>().map_err(failed)?;
    Ok(work())
}
