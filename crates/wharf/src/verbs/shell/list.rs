//! `wharf shell ls`: every workstation that has a file here, or is on the engine that is current.

use super::place::Place;
use super::shelf::Shelf;
use super::status::word;
use super::teller::Teller;
use crate::credentials::Accounts;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::show::{self, one_line, table};
use crate::verbs::{NOTHING_CHANGED, block_on};
use serde::Serialize;
use std::collections::BTreeMap;
use wharf_docker::Engine;
use wharf_policy::Actor;
use wharf_workstation::{Seen, WorkstationName, Yard};

/// One row.
#[derive(Debug, Serialize)]
struct Row {
    name: WorkstationName,
    context: String,
    /// `None` for one on another engine, which nobody asked.
    state: Option<String>,
    image: Option<String>,
    file: bool,
}

pub(super) fn run(setting: &Setting<'_>) -> Result<Exit, Failure> {
    let shelf = Shelf::of(setting)?;
    let place = Place::current(setting);
    let seen = block_on(NOTHING_CHANGED, seen(setting, &place))?;
    let mut rows: BTreeMap<WorkstationName, Row> =
        seen.into_iter().map(|seen| (seen.name.clone(), Row::of(seen, &place))).collect();
    for name in shelf.names() {
        // A file with errors is somebody's all the same.
        let pinned = shelf.read(&name).ok().flatten().and_then(|definition| definition.context);
        let elsewhere = pinned.filter(|pinned| pinned != place.name());
        match rows.get_mut(&name) {
            Some(row) if elsewhere.is_none() => row.file = true,
            // Two of one name: the file is about the other one.
            Some(_) => {}
            None => {
                rows.insert(name.clone(), Row::unseen(name, elsewhere, &place));
            }
        }
    }
    let rows: Vec<Row> = rows.into_values().collect();
    if setting.common.json {
        show::print_json(&rows);
    } else if rows.is_empty() {
        show::say("no workstations; `wharf shell NAME` makes one");
    } else {
        let cells: Vec<_> = rows.iter().map(Row::cells).collect();
        show::print(&table(&["NAME", "CONTEXT", "STATE", "IMAGE"], &cells));
    }
    Ok(Exit::Done)
}

/// What is on the engine.
async fn seen(setting: &Setting<'_>, place: &Place) -> Result<Vec<Seen>, Failure> {
    let engine = Engine::new(place.endpoint(setting)?);
    let (teller, accounts) = (Teller::silent(), Accounts::of(setting, &Actor::Administrator)?);
    Ok(Yard::new(&engine, &Actor::Administrator, &teller, &accounts).all().await?)
}

impl Row {
    fn of(seen: Seen, place: &Place) -> Self {
        Self {
            name: seen.name,
            context: place.name().to_owned(),
            state: Some(word(seen.state).to_owned()),
            image: seen.image,
            file: false,
        }
    }

    fn unseen(name: WorkstationName, elsewhere: Option<String>, place: &Place) -> Self {
        let state = elsewhere.is_none().then(|| "not made yet".to_owned());
        let context = elsewhere.unwrap_or_else(|| place.name().to_owned());
        Self { name, context, state, image: None, file: true }
    }

    fn cells(&self) -> Vec<String> {
        let state = self.state.clone().unwrap_or_else(|| "(in another context)".to_owned());
        let lost = if self.file { "" } else { ", without a file here" };
        vec![
            self.name.to_string(),
            one_line(&self.context),
            format!("{state}{lost}"),
            one_line(self.image.as_deref().unwrap_or("-")),
        ]
    }
}
