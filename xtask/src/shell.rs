//! The workspace's directory, cargo, and commands that speak to the person directly.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::chore::{Failure, doing, failed};

/// The workspace's directory.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// The cargo that runs us, in the workspace.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    command
}

/// Runs to the end; what it says goes to the terminal.
pub(crate) fn show(command: &mut Command) -> Result<(), Failure> {
    let name = line(command);
    let status = command.status().map_err(doing(format!("cannot run `{name}`")))?;
    if status.success() { Ok(()) } else { failed(format!("`{name}` failed ({status})")) }
}

/// The command as a person would type it.
pub(crate) fn line(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// Where cargo builds.
pub(crate) fn target_directory() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(directory) => root().join(directory),
        None => root().join("target"),
    }
}

/// Builds `wharf` as tests and the demo use it, and gives its path.
pub(crate) fn built_wharf() -> Result<PathBuf, Failure> {
    show(&mut cargo(&["build", "--quiet", "--package", "wharf"]))?;
    Ok(target_directory().join("debug/wharf"))
}

/// Whoever runs a chore with sudo acts as the administrator; `wharf` would take the variables that sudo sets for a
/// user who was let run it for one pod.
pub(crate) fn forget_sudo(command: &mut Command) {
    for variable in ["SUDO_UID", "SUDO_GID", "SUDO_USER", "SUDO_COMMAND"] {
        command.env_remove(variable);
    }
}
