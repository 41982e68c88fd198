//! What was found, for people and for programs. Nothing of any value is in it.

use super::looking::Looked;
use crate::setting::Setting;
use crate::show::{self, Colours, one_line};
use serde::Serialize;

#[derive(Serialize)]
struct Report<'a> {
    looked_at: usize,
    allowed: usize,
    notes: &'a [String],
    finds: Vec<Find<'a>>,
}

#[derive(Serialize)]
struct Find<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<&'a str>,
    line: usize,
    column: usize,
    rule: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a str>,
}

/// Finds, and what to do about them.
pub(super) fn tell(setting: &Setting<'_>, looked: &Looked, allowed: usize) {
    if setting.common.json {
        show::print_json(&report(looked, allowed));
        return;
    }
    tell_finds(setting, looked);
    if setting.common.quiet {
        return;
    }
    looked.notes.iter().for_each(|note| show::say(&format!("note: {}", one_line(note))));
    let passed = if allowed > 0 { format!(", {allowed} allowed") } else { String::new() };
    let count = looked.count();
    if count == 0 {
        let end = if looked.is_partial { "nothing found in what could be read" } else { "nothing found" };
        show::say(&format!("{end}: {} looked at{passed}", looked.count));
        return;
    }
    show::say(&format!("{count} found in {} of {}{passed}", looked.files.len(), looked.count));
    for hint in hints(looked) {
        show::say(&format!("  {} {hint}", Colours::of_stderr().cyan("hint:")));
    }
}

/// The finds alone, by file.
pub(super) fn tell_finds(setting: &Setting<'_>, looked: &Looked) {
    if setting.common.json {
        return;
    }
    for file in &looked.files {
        let commit = file.commit.as_deref().map(|id| format!("  (commit {})", id.get(..12).unwrap_or(id)));
        show::print(&format!("{}{}", one_line(&file.path), commit.unwrap_or_default()));
        for finding in &file.finds {
            let place = format!("{}:{}", finding.line, finding.column);
            show::print(&format!("  {place:<9} {:<24} {}", finding.rule, one_line(&finding.excerpt())));
        }
    }
}

fn hints(looked: &Looked) -> Vec<&'static str> {
    let mut hints = Vec::new();
    if looked.is_history {
        hints.push("what was committed is known to whoever has a clone: give each a new value where it is used, first of all");
        hints.push("then `git filter-repo --replace-text` (a program of its own) rewrites the history, and every clone is made anew");
    } else {
        hints.push("`wharf secret set POD NAME` seals a value; the pod file then says `secrets: [NAME]` instead of it");
        hints.push("if it was ever pushed or shared, give it a new value where it is used: `wharf secret scan --history` looks");
    }
    hints.push("no secret? `wharf:allow` in a comment on the line, or `wharf secret scan --baseline-add`");
    hints
}

fn report(looked: &Looked, allowed: usize) -> Report<'_> {
    let finds = looked.files.iter().flat_map(|file| {
        file.finds.iter().map(|finding| Find {
            path: &file.path,
            commit: file.commit.as_deref(),
            line: finding.line,
            column: finding.column,
            rule: &finding.rule,
            key: finding.key.as_deref(),
        })
    });
    Report { looked_at: looked.count, allowed, notes: &looked.notes, finds: finds.collect() }
}
