//! Files that the program itself generates: they are committed, and a test holds that they are current.

use std::path::Path;
use std::process::Command;

use crate::chore::{Failure, doing, failed};
use crate::shell;

/// A generated file, and the arguments with which `wharf` prints it.
const FILES: &[(&str, &[&str])] = &[
    ("docs/reference/pod.schema.json", &["schema", "pod"]),
    ("docs/reference/host.schema.json", &["schema", "host"]),
    ("docs/reference/workstation.schema.json", &["schema", "workstation"]),
    ("docs/reference/cli.md", &["reference"]),
    ("packaging/completions/wharf.bash", &["completions", "bash"]),
    ("packaging/completions/wharf.zsh", &["completions", "zsh"]),
    ("packaging/completions/wharf.fish", &["completions", "fish"]),
    ("packaging/man/wharf.1", &["man"]),
];

/// Writes those that are not current.
pub(crate) fn write() -> Result<(), Failure> {
    for (path, content) in printed()? {
        if !is_current(path, &content) {
            let file = shell::root().join(path);
            let parent = file.parent().unwrap_or(shell::root());
            std::fs::create_dir_all(parent).map_err(doing(format!("cannot make `{}`", parent.display())))?;
            std::fs::write(&file, content).map_err(doing(format!("cannot write `{path}`")))?;
            println!("written: {path}");
        }
    }
    Ok(())
}

/// Fails, naming those that are not current.
pub(crate) fn check() -> Result<(), Failure> {
    let stale: Vec<&str> = printed()?
        .iter()
        .filter(|(path, content)| !is_current(path, content))
        .map(|(path, _)| *path)
        .collect();
    if stale.is_empty() {
        return Ok(());
    }
    failed(format!("not current: {}; run `cargo xtask gen` and commit the result", stale.join(", ")))
}

fn is_current(path: &str, content: &[u8]) -> bool {
    std::fs::read(shell::root().join(path)).is_ok_and(|found| found == content)
}

fn printed() -> Result<Vec<(&'static str, Vec<u8>)>, Failure> {
    let wharf = shell::built_wharf()?;
    FILES.iter().map(|(path, arguments)| Ok((*path, printed_by(&wharf, arguments)?))).collect()
}

fn printed_by(wharf: &Path, arguments: &[&str]) -> Result<Vec<u8>, Failure> {
    let name = format!("wharf {}", arguments.join(" "));
    let output =
        Command::new(wharf).args(arguments).output().map_err(doing(format!("cannot run `{name}`")))?;
    if output.status.success() && !output.stdout.is_empty() {
        return Ok(output.stdout);
    }
    failed(format!("`{name}` printed nothing usable: {}", String::from_utf8_lossy(&output.stderr).trim()))
}
