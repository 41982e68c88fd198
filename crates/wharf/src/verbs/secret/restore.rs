//! `wharf secret restore`: the secrets in use, where containers find them: after a reboot, before the engine.

use crate::exit::Exit;
use crate::failure::{Failure, chain};
use crate::setting::{Setting, Wait};
use crate::show;
use wharf_model::PodName;
use wharf_reconcile::{DeliveryError, Restored, restore};
use wharf_store::{AuditRecord, AuditTrail, Moment, Outcome};
use wharf_wire::SecretBind;

pub(super) fn run(setting: &Setting<'_>) -> Result<Exit, Failure> {
    setting.administrator("secret restore")?;
    if setting.invocation.uid != 0 {
        return Err(Failure::of(Exit::Usage, &DeliveryError::NotRoot));
    }
    let restored = bring_back(setting, "secret restore", Wait::Yes)?;
    if restored.failures.is_empty() {
        if !setting.common.quiet {
            show::say(&match restored.containers.len() {
                0 => "all secrets in use are where containers find them; nothing to do".to_owned(),
                1 => "1 container has its secrets again".to_owned(),
                count => format!("{count} containers have their secrets again"),
            });
        }
        return Ok(Exit::Done);
    }
    let causes = restored.failures.iter().map(|(name, error)| format!("{name}: {}", chain(error))).collect();
    Err(Failure { causes, ..Failure::new(Exit::Partly, "some secrets could not be brought back") }
        .hint("the pods that use them do not start; `wharf up` delivers them from their own sealed files"))
}

/// The same for verbs that run when a machine comes up, and whose work is another: what fails is told. Where nothing is in use,
/// one directory is looked for and not found.
pub(crate) fn bring_back_by_the_way(setting: &Setting<'_>, verb: &str) {
    if setting.invocation.uid != 0 {
        return;
    }
    match bring_back(setting, verb, Wait::No) {
        Ok(restored) => {
            for (name, error) in &restored.failures {
                show::say(&format!("secrets could not be brought back: {name}: {}", chain(error)));
            }
        }
        Err(failure) => show::say(&format!("secrets could not be brought back: {}", failure.message)),
    }
}

/// Brings back what is not there.
fn bring_back(setting: &Setting<'_>, verb: &str, wait: Wait) -> Result<Restored, Failure> {
    let take_lock = |pod: &PodName| match setting.lock(pod, verb, wait) {
        Ok(lock) => Some(lock),
        Err(failure) => {
            show::say(&format!("{pod} is left alone: {}", failure.message));
            None
        }
    };
    let restored =
        restore(&setting.delivery()?, &take_lock).map_err(|error| Failure::of(Exit::Failed, &error))?;
    if !restored.containers.is_empty() {
        let trail = setting.open_trail()?;
        restored.containers.iter().for_each(|bind| record(&trail, bind));
    }
    Ok(restored)
}

/// It is done already, whether or not that can be written down: a machine that comes up has nobody to ask.
fn record(trail: &AuditTrail, bind: &SecretBind) {
    for file in &bind.files {
        let _recorded = trail.record(&AuditRecord {
            time: Moment::from(std::time::SystemTime::now()),
            tenant: None,
            user: None,
            actor: "administrator".to_owned(),
            action: "deliver secret".to_owned(),
            object: format!("{}/{}", bind.pod, file.name),
            id: None,
            outcome: Outcome::Done,
            rule: String::new(),
            detail: format!("to {}.{}, after a restart", bind.pod, bind.container),
            micros: None,
        });
    }
}
