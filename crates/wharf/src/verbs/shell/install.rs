//! `--config`, `--clean`, and `--install`: what changes the file.

use super::upgrade;
use super::visit::Visit;
use super::{edit, questions};
use crate::failure::Failure;
use crate::show;
use wharf_document::Yaml;
use wharf_workstation::{Definition, Yard};

/// Asks the questions of the first time again.
pub(super) async fn configure(visit: &mut Visit<'_>) -> Result<(), Failure> {
    let Some(before) = visit.definition.clone() else {
        visit.settle().await?;
        visit.say(&format!("`{}` has the answers", visit.shelf.path(&visit.name).display()));
        return Ok(());
    };
    let after = questions::again(&before, visit.args)?;
    if after != before {
        visit.keep(after)?;
        visit.say(&format!("`wharf shell {} --upgrade` applies it to what is there", visit.name));
    }
    Ok(())
}

/// Takes the file away.
pub(super) fn clean(visit: &Visit<'_>) -> Result<(), Failure> {
    let removed = visit.shelf.remove(&visit.name)?;
    let path = visit.shelf.path(&visit.name);
    visit.say(&if removed {
        format!("`{}` is removed; the workstation itself stays, and has it in a label", path.display())
    } else {
        format!("there was no file `{}`", path.display())
    });
    Ok(())
}

/// Adds packages to the file; what it said before is given back.
pub(super) async fn add(visit: &mut Visit<'_>) -> Result<Definition, Failure> {
    let before = visit.settle().await?;
    let mut after = before.clone();
    for package in &visit.args.actions.install {
        if !after.packages.contains(package) {
            after.packages.push(package.clone());
        }
    }
    let value = Yaml::List(after.packages.iter().map(Yaml::text).collect());
    let text = edit::with_key(&before.text, "packages", &value, &after);
    // What is no package's name is found here, before anything is written.
    let path = visit.shelf.path(&visit.name);
    let after = Definition::parse(&visit.name, &text)
        .map_err(|errors| show::file_errors(&path, Some(&text), &errors))?;
    visit.keep(after)?;
    Ok(before)
}

/// Has the workstation made anew with them; where that fails, the file is as it was. What goes wrong afterwards, in the
/// workstation that has them, is no reason to take them out of the file.
pub(super) async fn run(visit: &Visit<'_>, yard: &Yard<'_>) -> Result<(), Failure> {
    let applied = upgrade::apply(visit, yard).await;
    if let (Err(_), Some(before)) = (&applied, &visit.before) {
        visit.shelf.write(&visit.name, &before.text)?;
        visit.say("the file is as it was before");
    }
    upgrade::finish(visit, yard, applied?).await
}
