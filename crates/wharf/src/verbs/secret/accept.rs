//! `wharf secret accept`: an older value, put back on purpose.

use super::in_hand::{Deed, expected, read, record};
use super::place::Place;
use super::show::in_file;
use super::{ago, ask, keys, named, now};
use crate::args::SecretAcceptArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::show;
use wharf_store::{SecretsDirectory, SecretsError};

pub(super) fn run(setting: &Setting<'_>, wanted: &SecretAcceptArgs) -> Result<Exit, Failure> {
    setting.administrator("secret accept")?;
    let (place, name) = (Place::of(setting, &wanted.which.pod)?, named(&wanted.which.name)?);
    let file = read(setting, &place)?;
    let identities: Vec<_> = keys::of_host(setting)?.into_iter().collect();
    if identities.is_empty() {
        return Err(Failure::usage(
            "which values were used is this host's to remember, and it has no key here",
        )
        .hint("`sudo wharf secret accept`, on the host that runs the pod"));
    }
    // The generation that the file says is worth nothing before the value says it, too.
    let opened =
        file.open(&expected(&file, &place), &name, &identities).map_err(|error| in_file(&place, &error))?;
    let failed = |error: SecretsError| Failure::of(Exit::Failed, &error);
    let directory = SecretsDirectory::in_state(&setting.state_dir()?);
    let seen = directory.seen(file.owner(), &place.pod).map_err(failed)?;
    let Some(last) = seen.get(&name).filter(|last| **last > opened.generation) else {
        show::say(&format!(
            "`{name}` is not older than what this host used last; there is nothing to accept"
        ));
        return Ok(Exit::Done);
    };
    let age = |generation: u64| ago(now().saturating_sub(generation));
    if !wanted.yes {
        let question = format!(
            "`{name}` was sealed {} ago, and this host has used one sealed {} ago; take the older one?",
            age(opened.generation.0),
            age(last.0)
        );
        ask::confirm(&question, "`--yes` takes it without asking")?;
    }
    let detail = format!("generation {} after {last}", opened.generation);
    record(
        setting,
        file.owner(),
        &place.pod,
        &[Deed { action: "accept older secret", name: name.as_str(), detail }],
    )?;
    directory.accept(file.owner(), &place.pod, &name, opened.generation).map_err(failed)?;
    show::say(&format!("accepted `{name}`; `wharf up` uses it from now on"));
    Ok(Exit::Done)
}
