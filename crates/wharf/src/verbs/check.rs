//! `wharf check FILE…`: is the file right? Asks no engine.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::pod_file;
use crate::setting::Setting;
use crate::show;
use std::path::PathBuf;

pub(crate) fn run(setting: &Setting<'_>, files: &[PathBuf]) -> Result<Exit, Failure> {
    let mut wrong = Vec::new();
    for path in files {
        match pod_file::read(setting, path) {
            Ok(file) if !setting.common.quiet => {
                let count = file.pod.containers.len();
                let containers = if count == 1 { "container" } else { "containers" };
                show::say(&format!(
                    "`{}` is right: pod {}, {count} {containers}",
                    show::one_line(&path.display().to_string()),
                    file.name
                ));
            }
            Ok(_) => {}
            Err(failure) => wrong.push(failure),
        }
    }
    let last = wrong.pop();
    wrong.iter().for_each(show::failure);
    last.map_or(Ok(Exit::Done), Err)
}
