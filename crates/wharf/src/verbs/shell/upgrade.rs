//! `--build` and `--upgrade`: the image made anew, and a container of it on the same home.

use super::enter;
use super::visit::Visit;
use crate::failure::{Failure, chain};
use crate::show;
use wharf_docker::EngineError;
use wharf_workstation::{Blueprint, MadeImage, Started, Yard, YardError};

pub(super) async fn build(visit: &Visit<'_>, yard: &Yard<'_>) -> Result<(), Failure> {
    // Without them it would become another one.
    visit.check_folders_are_meant()?;
    let definition = visit.defined()?;
    let person = visit.person(definition);
    let blueprint = visit.blueprint(definition, &person)?;
    yard.make_image(&blueprint, true).await?;
    visit.say(&format!("the image of `{0}` is made; `wharf shell {0} --upgrade` uses it", visit.name));
    Ok(())
}

pub(super) async fn run(visit: &Visit<'_>, yard: &Yard<'_>) -> Result<(), Failure> {
    let upgraded = apply(visit, yard).await?;
    finish(visit, yard, upgraded).await
}

/// Puts the workstation of the file in place of the one that is there. Where this fails, the former one is there.
pub(super) async fn apply(visit: &Visit<'_>, yard: &Yard<'_>) -> Result<Option<Started>, Failure> {
    // Without them it would become another one.
    visit.check_folders_are_meant()?;
    let definition = visit.defined()?;
    let person = visit.person(definition);
    let blueprint = visit.blueprint(definition, &person)?;
    let image = image(visit, yard, &blueprint).await?;
    if yard.find(&visit.name).await?.is_none() {
        return enter::started(visit, yard).await.map(|_| None);
    }
    Ok(Some(yard.upgrade(&blueprint, &image).await?))
}

/// What is done when it is in place, where there was one before.
pub(super) async fn finish(
    visit: &Visit<'_>,
    yard: &Yard<'_>,
    upgraded: Option<Started>,
) -> Result<(), Failure> {
    let Some(Started { seen, .. }) = upgraded else { return Ok(()) };
    enter::moved_in(visit, yard, visit.defined()?, &seen).await?;
    visit.say(&format!("`{}` is upgraded; its home is as it was", visit.name));
    Ok(())
}

/// The newest image. Packages are added to the one that is there, and what was built in this very run is fresh.
async fn image(visit: &Visit<'_>, yard: &Yard<'_>, blueprint: &Blueprint<'_>) -> Result<MadeImage, Failure> {
    let actions = &visit.args.actions;
    if actions.build || !actions.install.is_empty() {
        return Ok(yard.make_image(blueprint, false).await?);
    }
    match yard.make_image(blueprint, true).await {
        // Nothing newer can be had; what else has changed in the file is applied all the same.
        Err(YardError::Engine(error @ EngineError::Refused { .. })) => {
            let made = yard.make_image(blueprint, false).await?;
            visit.say(&format!("no newer image: {}", show::one_line(&chain(&error))));
            Ok(made)
        }
        made => Ok(made?),
    }
}
