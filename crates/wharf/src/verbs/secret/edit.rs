//! `wharf secret edit`: a value in an editor, on a file in memory.

mod scratch;

use super::in_hand::{Deed, expected, keys_for, read, record};
use super::place::Place;
use super::set::{Ready, Sealing, tell};
use super::show::in_file;
use super::{named, runs_a_program, source};
use crate::args::SecretEditArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::show;
use scratch::Scratch;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub(super) fn run(setting: &Setting<'_>, wanted: &SecretEditArgs) -> Result<Exit, Failure> {
    runs_a_program(setting, "secret edit")?;
    let (place, name) = (Place::of(setting, &wanted.which.pod)?, named(&wanted.which.name)?);
    let file = read(setting, &place)?;
    let sealing = Sealing {
        identity: &wanted.identity,
        readers: &[],
        // The value itself says whose it is when it is opened.
        owner: file.owner().clone(),
        yes: wanted.yes,
        keep_previous_until: None,
    };
    let mut ready = Ready::of(setting, &place, &sealing, &[&name])?;
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
    if is_vim(setting, program) {
        command.args(VIM_KEEPS_NOTHING);
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

/// No configuration and no plugins, which would have the last word over any option, and might send what is edited anywhere;
/// and nothing kept elsewhere by vim itself: swap, registers, undo, backups.
const VIM_KEEPS_NOTHING: [&str; 6] = [
    "-u",
    "NONE",
    "-N",
    "-n",
    "--cmd",
    "set viminfo= noundofile nobackup nowritebackup noswapfile backspace=indent,eol,start",
];

/// Whether a program is a vim, by what its name leads to: `vi` and `editor` are often links to one, and `vi` may be one itself.
fn is_vim(setting: &Setting<'_>, program: &str) -> bool {
    let Some(real) = real_path(setting, program) else { return false };
    let Some(name) = real.file_name().and_then(|name| name.to_str()) else { return false };
    match name {
        "vi" | "view" | "ex" => says_vim(&real),
        _ => ["vim", "nvim", "gvim", "rvim"].iter().any(|vim| name.split(['.', '-']).next() == Some(*vim)),
    }
}

/// Where a program is found, without links.
fn real_path(setting: &Setting<'_>, program: &str) -> Option<PathBuf> {
    if program.contains('/') {
        return Path::new(program).canonicalize().ok();
    }
    let folders = std::env::split_paths(setting.heeded("PATH")?);
    folders.map(|folder| folder.join(program)).find(|path| path.is_file())?.canonicalize().ok()
}

fn says_vim(program: &Path) -> bool {
    let mut asked = Command::new(program);
    let said = asked.arg("--version").stdin(Stdio::null()).stderr(Stdio::null()).output();
    said.is_ok_and(|said| String::from_utf8_lossy(&said.stdout).contains("Vi IMproved"))
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
