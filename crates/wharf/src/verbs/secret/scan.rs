//! `wharf secret scan`: secrets in clear, before they are committed and after.

mod allowed;
mod looking;
mod progress;
mod report;

use crate::args::SecretScanArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use allowed::Allowed;
use looking::Looked;
use std::path::{Path, PathBuf};
use wharf_repository::{Repository, RepositoryError, WorkTree};

/// Where is looked, and in what.
struct Place {
    /// The repository's top, or the folder itself.
    top: PathBuf,
    repository: Option<Repository>,
    /// From the top; empty for all.
    below: String,
    is_file: bool,
}

pub(crate) fn run(setting: &Setting<'_>, wanted: &SecretScanArgs) -> Result<Exit, Failure> {
    refuse_root(setting, "secret scan")?;
    let place = Place::of(wanted.path.as_deref().unwrap_or(Path::new(".")))?;
    let mut allowed = Allowed::read(&place.top)?;
    let mut looked = look(setting, wanted, &place)?;
    let passed = looked.take_allowed(|path, finding| path == Allowed::NAME || allowed.has(path, finding));
    if wanted.baseline_add || wanted.update_baseline {
        return allow(setting, wanted, &place, &mut allowed, &looked, &passed);
    }
    report::tell(setting, &looked, passed.len());
    Ok(looked.exit())
}

/// Bytes of other people's making are read here, and root is nobody whom they should meet.
pub(crate) fn refuse_root(setting: &Setting<'_>, verb: &str) -> Result<(), Failure> {
    if setting.invocation.uid != 0 && setting.invocation.caller.is_none() {
        return Ok(());
    }
    Err(Failure::usage(format!("`wharf {verb}` does not run as root, nor through sudo")).hint(
        "run it as the account whose files they are: a repository holds whatever its writers put there",
    ))
}

fn look(setting: &Setting<'_>, wanted: &SecretScanArgs, place: &Place) -> Result<Looked, Failure> {
    let is_quiet = setting.common.quiet;
    if wanted.history {
        return looking::history(place.repository()?, is_quiet);
    }
    if wanted.staged {
        // What git tells its hooks while it commits a part of what is staged.
        let index = setting.heeded("GIT_INDEX_FILE").map(PathBuf::from);
        return looking::staged(place.repository()?, index.as_deref(), is_quiet);
    }
    let tree = WorkTree::open(&place.top).map_err(|error| failure(&error))?;
    looking::files(&tree, place, is_quiet)
}

impl Place {
    fn of(path: &Path) -> Result<Self, Failure> {
        let path = path.canonicalize().map_err(|error| {
            Failure::usage(format!("cannot look at `{}`: {error}", path.display()))
                .hint("name a file or a folder")
        })?;
        let is_file = !path.is_dir();
        let folder = if is_file { path.parent().unwrap_or(&path) } else { &path };
        let repository = Repository::discover(folder).map_err(|error| failure(&error))?;
        let top = repository.as_ref().map_or(folder, Repository::top).to_owned();
        let below = path.strip_prefix(&top).unwrap_or(Path::new("")).to_string_lossy().into_owned();
        Ok(Self { top, repository, below, is_file })
    }

    fn repository(&self) -> Result<&Repository, Failure> {
        self.repository.as_ref().ok_or_else(|| {
            Failure::usage(format!("`{}` lies in no git repository", self.top.display()))
                .hint("without `--staged` and `--history`, `wharf secret scan` looks at any folder")
        })
    }
}

/// Allows what was found, if whoever sees it says so.
fn allow(
    setting: &Setting<'_>,
    wanted: &SecretScanArgs,
    place: &Place,
    allowed: &mut Allowed,
    looked: &Looked,
    passed: &[(String, wharf_scan::Finding)],
) -> Result<Exit, Failure> {
    if wanted.update_baseline && !(place.below.is_empty()) {
        return Err(Failure::usage("`--update-baseline` looks at the whole repository: elsewhere, what is allowed could not be found")
            .hint(format!("run it in `{}`, or use --baseline-add", place.top.display())));
    }
    report::tell_finds(setting, looked);
    if looked.count() == 0 && !wanted.update_baseline {
        crate::show::say("nothing is found that would have to be allowed");
        return Ok(looked.exit());
    }
    let question =
        format!("Are these {} finds no secrets, or no longer? Type y to allow them", looked.count());
    if looked.count() > 0 && !wanted.yes && !allowed::agreed(setting, &question)? {
        return Err(Failure::usage("nothing was allowed"));
    }
    if wanted.update_baseline {
        allowed.forget();
        passed
            .iter()
            .filter(|(path, _)| path != Allowed::NAME)
            .for_each(|(path, finding)| allowed.add(path, finding));
    }
    looked.each(|path, finding| allowed.add(path, finding));
    allowed.write(&place.top)?;
    crate::show::say(&format!("`{}` allows {} finds now; commit it", Allowed::NAME, allowed.len()));
    Ok(Exit::Done)
}

/// Why a repository could not be read.
fn failure(error: &RepositoryError) -> Failure {
    let failure = Failure::of(Exit::Failed, error);
    match error {
        RepositoryError::Damaged { .. } => failure.hint("`git fsck` says more; a fresh clone can be scanned"),
        RepositoryError::Io { .. } => failure.hint("run it as the account whose repository it is"),
        RepositoryError::Unsupported { .. }
        | RepositoryError::TooLarge { .. }
        | RepositoryError::TooMany { .. } => failure,
    }
}
