//! `wharf down POD…`: a pod's containers stopped and removed; its directories stay.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::{Setting, Wait};
use crate::show::{self, Teller};
use crate::verbs::{GOES_ON, block_on, pod_named};
use serde::Serialize;
use wharf_model::PodName;
use wharf_reconcile::down;

#[derive(Serialize)]
struct Done {
    pod: PodName,
    removed: usize,
}

pub(crate) fn run(setting: &Setting<'_>, pods: &[String], wait: Wait) -> Result<Exit, Failure> {
    let pods: Vec<PodName> = pods.iter().map(|pod| pod_named(pod)).collect::<Result<_, _>>()?;
    let done: Vec<Done> =
        pods.into_iter().map(|pod| take_down(setting, pod, wait)).collect::<Result<_, _>>()?;
    if setting.common.json {
        show::print_json(&done);
    }
    Ok(Exit::Done)
}

fn take_down(setting: &Setting<'_>, pod: PodName, wait: Wait) -> Result<Done, Failure> {
    let means = setting.means(setting.actor(&pod))?;
    let _lock = setting.lock(&pod, "down", wait)?;
    let quiet = setting.common.quiet || setting.common.json;
    let teller = Teller::new(quiet);
    let door = means.door(&teller);
    let removed = block_on(GOES_ON, async { Ok(down(&door, &pod).await?) })?;
    if !quiet {
        show::say(&match removed {
            0 => format!("pod {pod} has no containers; nothing to do"),
            1 => format!("pod {pod} is down; 1 container removed"),
            _ => format!("pod {pod} is down; {removed} containers removed"),
        });
    }
    Ok(Done { pod, removed })
}
