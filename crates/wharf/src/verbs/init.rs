//! `wharf init`: a folder for pod files and sealed secrets, ready for git, with a hook that keeps secrets in clear out.

mod files;

use super::secret::scan::refuse_root;
use crate::args::InitArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::show;
use files::{FILES, GITIGNORE, HOOK};
use std::fs::{DirBuilder, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use wharf_repository::Repository;

/// What became of something that was to be made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Made {
    Now,
    /// Something stands there, and is left alone.
    Before,
    /// It is not made, and it was said who must.
    ByHand,
}

pub(crate) fn run(setting: &Setting<'_>, wanted: &InitArgs) -> Result<Exit, Failure> {
    refuse_root(setting, "init")?;
    let top = wanted.directory.as_deref().unwrap_or(Path::new("."));
    let say = |text: &str| {
        if !setting.common.quiet {
            show::say(text);
        }
    };
    std::fs::create_dir_all(top).map_err(|error| failed(top, &error))?;
    let mut all = Vec::new();
    for (name, content) in FILES {
        let made = make_file(top, name, content, 0o644)?;
        if made == Made::Now {
            say(&format!("made {name}"));
        }
        all.push(made);
    }
    for line in missing_lines(top) {
        say(&format!("`.gitignore` was there and is left as it is; it does not say `{line}`"));
    }
    all.push(hook(top, &say)?);
    if all.iter().all(|made| *made == Made::Before) {
        say("nothing to do: all of it is there");
    }
    Ok(Exit::Done)
}

/// The hook, where git would find it and none stands.
fn hook(top: &Path, say: &dyn Fn(&str)) -> Result<Made, Failure> {
    let by_hand = "put `wharf secret scan --staged` into it yourself";
    let Some(repository) = Repository::discover(top).map_err(|error| Failure::of(Exit::Failed, &error))?
    else {
        say(
            "no git repository yet: after `git init`, `wharf init` again adds the hook that looks for secrets",
        );
        return Ok(Made::ByHand);
    };
    let hooks = repository.hooks();
    if let Some(path) = repository.hooks_elsewhere().map_err(|error| Failure::of(Exit::Failed, &error))? {
        let path = show::one_line(&path);
        say(&format!(
            "git does not look for hooks in `{}`, since `core.hooksPath` of this repository is `{path}`: {by_hand}, \
             as `pre-commit` there, or `git config --unset core.hooksPath` and `wharf init` again",
            hooks.display()
        ));
        return Ok(Made::ByHand);
    }
    let is_link = hooks.symlink_metadata().is_ok_and(|metadata| !metadata.is_dir());
    if is_link {
        say(&format!("`{}` is a link: {by_hand}", hooks.display()));
        return Ok(Made::ByHand);
    }
    std::fs::create_dir_all(&hooks).map_err(|error| failed(&hooks, &error))?;
    let made = make_file(&hooks, "pre-commit", HOOK, 0o755)?;
    if made == Made::Now {
        say("made the hook that looks for secrets before each commit (pre-commit)");
    } else if !std::fs::read_to_string(hooks.join("pre-commit"))
        .is_ok_and(|text| text.contains("wharf secret scan"))
    {
        say(&format!("a pre-commit hook is there and is left as it is: {by_hand}"));
    }
    Ok(made)
}

/// Whole or not at all, and only where nothing stands: a link in that place is something.
fn make_file(top: &Path, name: &str, content: &str, mode: u32) -> Result<Made, Failure> {
    let path = top.join(name);
    if path.symlink_metadata().is_ok() {
        return Ok(Made::Before);
    }
    let parent = path.parent().unwrap_or(top);
    if parent != top {
        match DirBuilder::new().mode(0o755).create(parent) {
            Ok(()) => {}
            // What is in a folder that was there is its owner's affair.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(Made::Before),
            Err(error) => return Err(failed(parent, &error)),
        }
    }
    let draft = parent.join(format!(".wharf-init-{}", std::process::id()));
    let written = (|| {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&draft)?;
        file.write_all(content.as_bytes())?;
        std::fs::hard_link(&draft, &path)
    })();
    let _removed = std::fs::remove_file(&draft);
    match written {
        Ok(()) => Ok(Made::Now),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(Made::Before),
        Err(error) => Err(failed(&path, &error)),
    }
}

/// What a `.gitignore` of somebody's own does not leave out.
fn missing_lines(top: &Path) -> Vec<&'static str> {
    let Ok(text) = wharf_host::read_own(&top.join(".gitignore"), 1 << 20) else { return Vec::new() };
    let text = String::from_utf8_lossy(&text).into_owned();
    let has = |wanted: &str| text.lines().any(|line| line.trim() == wanted);
    let wanted = GITIGNORE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    wanted.filter(|line| !has(line)).collect()
}

fn failed(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(Exit::Failed, format!("cannot make `{}`: {error}", path.display()))
}
