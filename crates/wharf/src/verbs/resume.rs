//! `wharf resume`: after an engine start, what should run runs again, in order.

use crate::exit::Exit;
use crate::failure::{Failure, chain};
use crate::setting::{Setting, Wait};
use crate::show::{self, Teller};
use crate::verbs::secret::restore::bring_back_by_the_way;
use crate::verbs::{GOES_ON, block_on};
use wharf_model::PodName;
use wharf_reconcile::resume;

pub(crate) fn run(setting: &Setting<'_>) -> Result<Exit, Failure> {
    let means = setting.means(setting.administrator("resume")?)?;
    if means.delivery.is_some() {
        bring_back_by_the_way(setting, "resume");
    }
    let teller = Teller::new(setting.common.quiet);
    let door = means.door(&teller);
    let take_lock = |pod: &PodName| match setting.lock(pod, "resume", Wait::No) {
        Ok(lock) => Some(lock),
        Err(failure) => {
            show::say(&format!("{pod} is left alone: {}", failure.message));
            None
        }
    };
    let resumed = block_on(GOES_ON, async { Ok(resume(&door, &take_lock).await?) })?;
    if !resumed.failures.is_empty() {
        let causes = resumed
            .failures
            .iter()
            .map(|failure| format!("{}: {}", failure.name, chain(&failure.error)))
            .collect();
        return Err(Failure {
            causes,
            ..Failure::new(Exit::Partly, "some containers could not be put back")
        });
    }
    if !setting.common.quiet {
        let (started, rejoined) = (resumed.started.len(), resumed.rejoined.len());
        show::say(&match started + rejoined {
            0 => "all pods run as they should; nothing to do".to_owned(),
            _ => format!("started: {started}; rejoined to their pods: {rejoined}"),
        });
    }
    Ok(Exit::Done)
}
