//! `wharf up FILE…`: pods made as their files say.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::pod_file::{self, PodRun, Purpose};
use crate::setting::{Setting, Wait};
use crate::show::{self, Teller};
use crate::verbs::{GOES_ON, block_on};
use serde::Serialize;
use std::path::{Path, PathBuf};
use wharf_model::{EngineName, PodName};
use wharf_pod::{Action, Plan, Step};
use wharf_reconcile::{Outcome, up};

/// What was done, for programs.
#[derive(Serialize)]
struct Done {
    pod: PodName,
    changed: bool,
    containers: Vec<DoneContainer>,
}

#[derive(Serialize)]
struct DoneContainer {
    name: EngineName,
    action: &'static str,
}

pub(crate) fn run(setting: &Setting<'_>, files: &[PathBuf], wait: Wait) -> Result<Exit, Failure> {
    let mut done = Vec::with_capacity(files.len());
    let ended = each(setting, files, wait, &mut done);
    if setting.common.json {
        show::print_json(&done); // also of a run that failed on the way
    }
    ended
}

fn each(setting: &Setting<'_>, files: &[PathBuf], wait: Wait, done: &mut Vec<Done>) -> Result<Exit, Failure> {
    for file in files {
        let (pod, outcome) = make_true(setting, file, wait)?;
        if !setting.common.json && !setting.common.quiet {
            show::say(&summary(&pod, &outcome));
        }
        done.push(Done::of(pod, &outcome));
    }
    Ok(Exit::Done)
}

/// One file made true.
pub(crate) fn make_true(
    setting: &Setting<'_>,
    path: &Path,
    wait: Wait,
) -> Result<(PodName, Outcome), Failure> {
    let file = pod_file::read(setting, path)?;
    let _lock = setting.lock(&file.name, "up", wait)?;
    let run = PodRun::of(setting, file, Purpose::Change)?;
    let teller = Teller::new(setting.common.quiet || setting.common.json);
    let door = run.means.door(&teller);
    let request = run.request(setting);
    let outcome = block_on(GOES_ON, async { Ok(up(&door, &request).await?) })?;
    Ok((run.file.name, outcome))
}

fn summary(pod: &PodName, outcome: &Outcome) -> String {
    match outcome {
        Outcome::Unchanged => format!("pod {pod} is as its file says; nothing to do"),
        Outcome::Changed(plan) => {
            let changed = plan.steps.iter().filter(|step| !step.is_nothing()).count();
            format!("pod {pod} is now as its file says; {changed} of {} containers changed", plan.steps.len())
        }
    }
}

impl Done {
    fn of(pod: PodName, outcome: &Outcome) -> Self {
        let containers = match outcome {
            Outcome::Unchanged => Vec::new(),
            Outcome::Changed(Plan { steps }) => steps
                .iter()
                .map(|step| DoneContainer { name: step.name.clone(), action: word(step) })
                .collect(),
        };
        Self { pod, changed: *outcome != Outcome::Unchanged, containers }
    }
}

fn word(step: &Step) -> &'static str {
    match &step.action {
        Action::Keep(_) if step.delivery.is_some() => "delivered",
        Action::Keep(_) => "kept",
        Action::Start(_) => "started",
        Action::Rejoin(_) => "rejoined",
        Action::Create => "created",
        Action::Replace(..) => "replaced",
        Action::Remove(_) => "removed",
    }
}
