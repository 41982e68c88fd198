//! `wharf secret ls`: what there is, and who can read it; never a value.

use super::in_hand::read;
use super::place::Place;
use super::usage::Usage;
use super::{ago, now, span};
use crate::args::SecretLsArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::show::{self, one_line, table};
use serde_json::{Value as Json, json};
use wharf_vault::SealedFile;

/// One secret.
struct Row {
    pod: String,
    owner: String,
    name: String,
    sealed: u64,
    previous_until: Option<u64>,
    readers: Vec<(String, String)>,
    signed: bool,
    usage: Option<Usage>,
}

pub(super) fn run(setting: &Setting<'_>, wanted: &SecretLsArgs) -> Result<Exit, Failure> {
    let places = match &wanted.pod {
        Some(said) => vec![Place::of(setting, said)?],
        None => Place::all_here()?,
    };
    let least_age = wanted.older_than.as_deref().map(span).transpose()?.map(|span| span.as_secs());
    let usages = if wanted.usage { Some(Usage::all(setting)?) } else { None };
    let (now, mut rows, mut worst) = (now(), Vec::new(), Ok(Exit::Done));
    for place in &places {
        match read(setting, place) {
            Ok(file) => rows.extend(rows_of(place, &file)),
            // One that cannot be read hides no other.
            Err(failure) if places.len() > 1 => {
                show::failure(&failure);
                worst = Ok(failure.exit);
            }
            Err(failure) => return Err(failure),
        }
    }
    rows.retain(|row| least_age.is_none_or(|least| now.saturating_sub(row.sealed) >= least));
    if let Some(usages) = &usages {
        for row in &mut rows {
            row.usage = usages.get(&format!("{}/{}", row.pod, row.name)).cloned();
        }
    }
    if setting.common.json {
        show::print_json(&rows.iter().map(Row::json).collect::<Vec<_>>());
    } else if rows.is_empty() {
        say_nothing_found(setting, &places);
    } else {
        print(&rows, now, wanted.usage);
    }
    worst
}

fn say_nothing_found(setting: &Setting<'_>, places: &[Place]) {
    if setting.common.quiet {
        return;
    }
    show::say(match places {
        [] => "no sealed files in `secrets` here; `wharf secret set POD NAME` makes one",
        _ => "no such secrets",
    });
}

fn rows_of(place: &Place, file: &SealedFile) -> Vec<Row> {
    let readers: Vec<(String, String)> =
        file.readers().iter().map(|reader| (reader.name.to_string(), reader.key.to_string())).collect();
    file.names()
        .map(|(name, generation)| Row {
            pod: place.pod.to_string(),
            owner: file.owner().to_string(),
            name: name.to_string(),
            sealed: generation.0,
            previous_until: file.previous(name).map(|previous| previous.until),
            readers: readers.clone(),
            signed: file.signature().is_some(),
            usage: None,
        })
        .collect()
}

fn print(rows: &[Row], now: u64, usage: bool) {
    let mut head = vec!["POD", "SECRET", "SEALED"];
    head.extend(usage.then_some("LAST USED"));
    head.push("READERS");
    let lines: Vec<Vec<String>> = rows.iter().map(|row| row.cells(now, usage)).collect();
    show::print(&table(&head, &lines));
}

impl Row {
    fn cells(&self, now: u64, usage: bool) -> Vec<String> {
        let kept = self.previous_until.filter(|until| *until > now);
        let kept =
            kept.map(|until| format!(", the one before until in {}", ago(until - now))).unwrap_or_default();
        let sealed = match self.sealed.checked_sub(now) {
            Some(1..) => "in the future".to_owned(),
            _ => format!("{} ago", ago(now.saturating_sub(self.sealed))),
        };
        let names: Vec<&str> = self.readers.iter().map(|(name, _)| name.as_str()).collect();
        let mut cells = vec![self.pod.clone(), self.name.clone(), format!("{sealed}{kept}")];
        if usage {
            cells.push(
                self.usage.as_ref().map_or_else(|| "-".to_owned(), |usage| one_line(&usage.in_words())),
            );
        }
        cells.push(names.join(", "));
        cells
    }

    fn json(&self) -> Json {
        let readers: Vec<Json> =
            self.readers.iter().map(|(name, key)| json!({ "name": name, "key": key })).collect();
        json!({
            "pod": self.pod,
            "owner": self.owner,
            "name": self.name,
            "generation": self.sealed,
            "previous_until": self.previous_until,
            "readers": readers,
            "signed": self.signed,
            "last_used": self.usage.as_ref().map(Usage::json),
        })
    }
}
