//! `--clone`: another workstation with the same file and a copy of the home, whole or not there.

use super::super::homes::{self, Content, HomeError, Owner};
use super::super::visit::Visit;
use super::super::{engine, enter, lock};
use super::{Blocking, Reached, joined, reached};
use crate::failure::Failure;
use wharf_workstation::{Blueprint, Definition, Person, Seen, WorkstationName, Yard};

/// What is on its way between the engine and the archive.
const PIPE: usize = 1 << 20;

/// Copies into a container that does not run, so that nobody is inside; the file is written last.
pub(in super::super) async fn run(visit: &Visit<'_>, yard: &Yard<'_>, new: &str) -> Result<(), Failure> {
    let new = super::super::named(new)?;
    let definition = Definition { name: new.clone(), ..visit.defined()?.clone() };
    // The one of the source is held already. Whoever begins the new one meanwhile waits, or is told.
    let is_itself = new == visit.name;
    let _held = if is_itself { None } else { Some(lock::take_of(visit, &new, "--clone")?) };
    let source = reached(visit, yard).await?;
    let cloned = cloned(visit, yard, &source, &definition).await;
    source.end(yard).await?;
    let content = cloned?;
    visit.say(&format!(
        "`{new}` has a copy of the home, {} files; `wharf shell {new}` enters it",
        content.files
    ));
    Ok(())
}

async fn cloned(
    visit: &Visit<'_>,
    yard: &Yard<'_>,
    source: &Reached,
    definition: &Definition,
) -> Result<Content, Failure> {
    make_room(visit, yard, &definition.name).await?;
    let person = visit.person(definition);
    let blueprint = visit.blueprint(definition, &person)?;
    let unfinished = yard.begin_copy(&blueprint).await?;
    let filled = filled(visit, yard, source, &unfinished, &blueprint).await;
    if filled.is_err() {
        // What was wrong says more than that what is left of it could not be removed.
        let _removed = yard.destroy(&definition.name).await;
    }
    filled
}

async fn filled(
    visit: &Visit<'_>,
    yard: &Yard<'_>,
    source: &Reached,
    unfinished: &Seen,
    blueprint: &Blueprint<'_>,
) -> Result<Content, Failure> {
    let definition = blueprint.definition;
    let content = copy(yard, source, unfinished, blueprint.person).await?;
    // The next one has the same home, and is no unfinished copy.
    yard.discard(unfinished).await?;
    let started = yard.start(blueprint).await?.seen;
    enter::moved_in(visit, yard, definition, &started).await?;
    engine::note(visit, yard, &definition.name).await;
    visit.shelf.write(&definition.name, &definition.text)?;
    Ok(content)
}

/// Nothing of that name may be there, but for what a copy has left that was broken off.
async fn make_room(visit: &Visit<'_>, yard: &Yard<'_>, new: &WorkstationName) -> Result<(), Failure> {
    let there = || {
        Failure::usage(format!("there is a workstation `{new}` already; nothing was copied"))
            .hint("choose another name")
    };
    let seen = yard.find(new).await?;
    let is_left = seen.as_ref().is_some_and(Seen::is_unfinished_copy);
    if is_left {
        visit.say(&format!("what an unfinished copy has left of `{new}` is removed"));
        return Ok(yard.destroy(new).await?);
    }
    if seen.is_some() || visit.shelf.read(new)?.is_some() { Err(there()) } else { Ok(()) }
}

async fn copy(yard: &Yard<'_>, source: &Reached, to: &Seen, person: &Person) -> Result<Content, Failure> {
    let owner = Owner { uid: person.uid, gid: person.gid };
    let from = Blocking::reading(yard.read_home(&source.seen).await?);
    let (engines, ours) = tokio::io::duplex(PIPE);
    let mut into = Blocking::writing(ours);
    let work = tokio::task::spawn_blocking(move || {
        let content = homes::rewrite(from, &mut into, owner)?;
        into.end()?;
        Ok::<_, HomeError>(content)
    });
    let written = yard.write_home(to, engines).await;
    // What was wrong with the archive says more than that the engine found it cut off.
    let content = joined(work.await)?;
    written?;
    Ok(content)
}
