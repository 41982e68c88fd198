//! `--build` and `--upgrade`: the image made anew, and a container of it on the same home.

use super::enter;
use super::visit::Visit;
use crate::failure::Failure;
use wharf_workstation::Yard;

pub(super) async fn build(visit: &Visit<'_>, yard: &Yard<'_>) -> Result<(), Failure> {
    let definition = visit.defined()?;
    let person = visit.person(definition);
    let blueprint = visit.blueprint(definition, &person)?;
    yard.make_image(&blueprint, true).await?;
    visit.say(&format!("the image of `{0}` is made; `wharf shell {0} --upgrade` uses it", visit.name));
    Ok(())
}

pub(super) async fn run(visit: &Visit<'_>, yard: &Yard<'_>) -> Result<(), Failure> {
    let definition = visit.defined()?;
    let person = visit.person(definition);
    let blueprint = visit.blueprint(definition, &person)?;
    // What was built in this very run is fresh.
    let image = yard.make_image(&blueprint, !visit.args.actions.build).await?;
    if yard.find(&visit.name).await?.is_none() {
        return enter::started(visit, yard).await.map(drop);
    }
    let upgraded = yard.upgrade(&blueprint, &image).await?;
    enter::moved_in(visit, yard, definition, &upgraded.seen).await?;
    visit.say(&format!("`{}` is upgraded; its home is as it was", visit.name));
    Ok(())
}
