//! process: where a process begins, and what an image is told of that.

use crate::{Denial, Rule};

/// What `docker commit --change` is good for.
const INSTRUCTIONS: [&str; 8] =
    ["CMD", "ENTRYPOINT", "ENV", "EXPOSE", "LABEL", "STOPSIGNAL", "USER", "WORKDIR"];

/// `/proc/self/fd/7` may be a directory of the host's (CVE-2024-21626).
pub(crate) fn check_directory(directory: Option<&str>) -> Result<(), Denial> {
    let is_kernels = |path: &&str| {
        let mut parts = path.split('/').filter(|part| !matches!(*part, "" | "."));
        parts.next() == Some("proc") || path.split('/').any(|part| part == "..")
    };
    match directory.filter(is_kernels) {
        Some(path) => Err(Denial::new(
            Rule::Process,
            format!("no process begins in `{path}`"),
            "choose a plain path that is not in /proc; change directory in the command if it must be there",
        )),
        None => Ok(()),
    }
}

/// Each is one instruction of those that say how an image runs.
pub(crate) fn check_changes(changes: &[String]) -> Result<(), Denial> {
    let is_plain = |change: &&String| {
        let first = change.split([' ', '\t']).find(|word| !word.is_empty()).unwrap_or_default();
        let is_known = INSTRUCTIONS.iter().any(|known| known.eq_ignore_ascii_case(first));
        is_known && !change.contains(['\n', '\r', '\0'])
    };
    match changes.iter().find(|change| !is_plain(change)) {
        Some(change) => Err(Denial::new(
            Rule::Process,
            format!("`{}` is no change for a commit", change.escape_debug()),
            format!("one instruction each, of {}", INSTRUCTIONS.join(", ")),
        )),
        None => Ok(()),
    }
}
