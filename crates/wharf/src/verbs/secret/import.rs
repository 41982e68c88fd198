//! `wharf secret import`: what another program keeps, sealed for a pod.

mod from;
mod opening;
mod picked;

use super::in_hand::read_if_there;
use super::place::Place;
use super::set::{Ready, Sealing, owner, tell};
use super::{ask, source};
use crate::args::SecretImportArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::show;
use from::Source;
use picked::Picked;
use serde_json::json;
use wharf_import::{LeftOut, Remark, WhyLeftOut};
use wharf_model::SecretName;
use wharf_vault::{SealedFile, Value};
use zeroize::Zeroizing;

pub(super) fn run(setting: &Setting<'_>, wanted: &SecretImportArgs) -> Result<Exit, Failure> {
    let place = Place::of(setting, &wanted.pod)?;
    let source = Source::read(setting, wanted)?;
    let imported = source.open(setting, wanted)?;
    let all = picked::pick(imported.secrets, &wanted.only, &wanted.renames)?;
    if all.is_empty() {
        say_left_out(&imported.left_out);
        return Err(Failure::usage(format!("there is nothing to take in `{}`", wanted.file.display())));
    }
    let there = read_if_there(setting, &place)?;
    let is_there = |name: &SecretName| there.as_ref().is_some_and(|file| file.generation(name).is_some());
    print(setting, &all, is_there);
    say_remarks(&all);
    say_left_out(&imported.left_out);
    if wanted.dry_run {
        return Ok(Exit::Done);
    }
    let file = seal(setting, wanted, &place, &all, is_there)?;
    let number = all.len();
    let done = if number == 1 { "sealed 1 secret".to_owned() } else { format!("sealed {number} secrets") };
    tell(setting, &place, &file, &done);
    say_what_is_left(setting, wanted, source.is_clear());
    Ok(Exit::Done)
}

fn seal(
    setting: &Setting<'_>,
    wanted: &SecretImportArgs,
    place: &Place,
    all: &[Picked],
    is_there: impl Fn(&SecretName) -> bool,
) -> Result<SealedFile, Failure> {
    let sealing = Sealing {
        identity: &wanted.identity,
        readers: &wanted.readers,
        owner: owner(&wanted.owner)?,
        yes: wanted.yes,
        keep_previous_until: None,
    };
    let names: Vec<&SecretName> = all.iter().map(|one| &one.name).collect();
    let mut ready = Ready::of(setting, place, &sealing, &names)?;
    if !wanted.yes {
        let replaced = all.iter().filter(|one| is_there(&one.name)).count();
        let replaces = if replaced == 0 {
            String::new()
        } else {
            format!(", {replaced} of them in the place of others")
        };
        let question = format!("seal {} in `{}`{replaces}?", all.len(), place.path.display());
        ask::confirm(&question, "`--yes` seals without asking; `--only NAME` takes fewer")?;
    }
    let value = |one: &Picked| source::checked(Zeroizing::new(one.value.bytes().to_vec()));
    let values: Result<Vec<(SecretName, Value)>, Failure> =
        all.iter().map(|one| Ok((one.name.clone(), value(one)?))).collect();
    ready.seal(&values?)
}

/// Names, never values.
fn print(setting: &Setting<'_>, all: &[Picked], is_there: impl Fn(&SecretName) -> bool) {
    let what = |one: &Picked| if is_there(&one.name) { "replaced" } else { "new" };
    if setting.common.json {
        let rows = all.iter().map(
            |one| json!({ "name": one.name, "from": one.from, "line": one.line(), "change": what(one) }),
        );
        return show::print_json(&rows.collect::<Vec<_>>());
    }
    let rows =
        all.iter().map(|one| vec![one.name.to_string(), what(one).to_owned(), show::one_line(&one.from)]);
    show::print(&show::table(&["SECRET", "CHANGE", "FROM"], &rows.collect::<Vec<_>>()));
}

fn say_remarks(all: &[Picked]) {
    for one in all.iter().filter(|one| one.remark == Some(Remark::Interpolation)) {
        show::say(&format!(
            "note: `{}` has a `$VARIABLE`, which stays as it is written: none is replaced",
            one.name
        ));
    }
}

/// One line for each reason, with some of the names.
fn say_left_out(left_out: &[LeftOut]) {
    for (why, reason) in [
        (WhyLeftOut::InClear, "not encrypted, and so left out"),
        (WhyLeftOut::Empty, "empty, and so left out"),
        (WhyLeftOut::NoFile, "no plain file, and so left out"),
    ] {
        let names: Vec<String> = left_out
            .iter()
            .filter(|one| one.why == why)
            .map(|one| show::one_line(&one.path.join(".")))
            .collect();
        if let Some((first, others)) = names.split_first() {
            let shown: Vec<&str> = others.iter().take(9).map(String::as_str).collect();
            let shown = shown.iter().fold(first.clone(), |all, one| format!("{all}, {one}"));
            let more = others.len().saturating_sub(9);
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            show::say(&format!("{reason}: {shown}{more}"));
        }
    }
}

fn say_what_is_left(setting: &Setting<'_>, wanted: &SecretImportArgs, is_clear: bool) {
    if setting.common.quiet {
        return;
    }
    let path = show::one_line(&wanted.file.display().to_string());
    let rotate = "whoever could read it has the values: where it was ever committed, shared or backed up, rotate them \
                  (`wharf secret rotate`)";
    if is_clear {
        show::say(&format!("next: `{path}` still has these values in clear: remove it; {rotate}"));
    } else {
        show::say(&format!(
            "next: `{path}` still opens for whom it was encrypted to: remove it when nothing uses it"
        ));
    }
}
