//! `wharf plan FILE…`: what `up` would do.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::pod_file::{self, PodRun, Purpose};
use crate::setting::Setting;
use crate::show::{self, Colours};
use crate::verbs::{NOTHING_CHANGED, block_on};
use std::path::{Path, PathBuf};
use wharf_reconcile::{PodPlan, Quiet, plan_of};

pub(crate) fn run(setting: &Setting<'_>, files: &[PathBuf], detailed: bool) -> Result<Exit, Failure> {
    let plans: Vec<PodPlan> = files.iter().map(|file| plan(setting, file)).collect::<Result<_, _>>()?;
    if setting.common.json {
        show::print_json(&plans);
    } else {
        for plan in &plans {
            show::print(&show::plan(plan, Colours::of_stdout()));
        }
    }
    let changes = plans.iter().any(|plan| plan.changes);
    Ok(if detailed && changes { Exit::Usage } else { Exit::Done })
}

/// What `up` would do with a file.
pub(super) fn plan(setting: &Setting<'_>, path: &Path) -> Result<PodPlan, Failure> {
    let run = PodRun::of(setting, pod_file::read(setting, path)?, Purpose::Look)?;
    let door = run.means.door(&Quiet);
    let request = run.request(setting);
    block_on(NOTHING_CHANGED, async { Ok(Box::pin(plan_of(&door, &request)).await?) })
}
