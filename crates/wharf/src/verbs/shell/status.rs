//! `--status` and `--ls`: a workstation and its terminals.

use super::sessions;
use super::visit::Visit;
use crate::failure::Failure;
use crate::show::{self, one_line, table};
use serde_json::json;
use std::time::{Duration, SystemTime};
use wharf_session::{SessionStatus, Status};
use wharf_workstation::{Seen, WorkstationState, Yard};

pub(super) async fn run(visit: &Visit<'_>, yard: &Yard<'_>) -> Result<(), Failure> {
    let Some(seen) = yard.find(&visit.name).await? else {
        return absent(visit);
    };
    let status = if seen.is_running() { Some(sessions::status(yard, &seen).await?) } else { None };
    if visit.setting.common.json {
        show::print_json(&json!({
            "name": visit.name, "context": visit.place.name(), "state": seen.state, "image": seen.image,
            "file": visit.definition.is_some(), "outdated": outdated(visit, &seen), "home": seen.volume,
            "started": status.as_ref().map(|status| status.started),
            "sessions": status.as_ref().map(|status| &status.sessions),
        }));
        return Ok(());
    }
    if !visit.args.actions.ls {
        show::print(&head(visit, &seen, status.as_ref()));
    }
    match status {
        Some(status) if !status.sessions.is_empty() => show::print(&of_sessions(&status.sessions)),
        Some(_) => visit.say("no terminals yet"),
        None => {}
    }
    Ok(())
}

fn absent(visit: &Visit<'_>) -> Result<(), Failure> {
    if visit.definition.is_none() {
        return Err(visit.nothing_there());
    }
    if visit.setting.common.json {
        show::print_json(&json!({
            "name": visit.name, "context": visit.place.name(), "state": WorkstationState::Absent, "image": null,
            "file": true, "outdated": false, "home": false, "started": null, "sessions": null,
        }));
    } else {
        show::print(&format!("{} ({}): not made yet", visit.name, visit.place.name()));
    }
    Ok(())
}

fn outdated(visit: &Visit<'_>, seen: &Seen) -> bool {
    visit.definition.as_ref().is_some_and(|definition| seen.outdated(definition, None).is_some())
}

fn head(visit: &Visit<'_>, seen: &Seen, status: Option<&Status>) -> String {
    // Whoever lives inside says it, and may say any number.
    let since =
        status.and_then(|status| SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(status.started)));
    let since = since.and_then(|since| since.elapsed().ok()).map(|span| format!(" for {}", brief(span)));
    let image = seen.image.as_deref().map(|image| format!(", of {}", one_line(image))).unwrap_or_default();
    let mut lines = vec![format!(
        "{} ({}): {}{}{image}",
        visit.name,
        visit.place.name(),
        word(seen.state),
        since.unwrap_or_default()
    )];
    if visit.definition.is_none() {
        lines.push("its file is missing; it comes back when you enter".to_owned());
    }
    if outdated(visit, seen) {
        lines.push("its file has changed since; `--upgrade` applies it".to_owned());
    }
    lines.join("\n")
}

/// A state as people say it.
pub(super) fn word(state: WorkstationState) -> &'static str {
    match state {
        WorkstationState::Absent => "not there, but its home is",
        WorkstationState::Created => "made, never started",
        WorkstationState::Running => "running",
        WorkstationState::Paused => "paused",
        WorkstationState::Restarting => "restarting",
        WorkstationState::Stopped => "stopped",
    }
}

fn of_sessions(sessions: &[SessionStatus]) -> String {
    let rows: Vec<Vec<String>> = sessions.iter().map(row).collect();
    table(&["TTY", "COMMAND", "SIZE", "IDLE", "ATTACHED", "DIRECTORY"], &rows)
}

fn row(session: &SessionStatus) -> Vec<String> {
    let command =
        if session.running { shortened(&one_line(&session.command)) } else { "(stopped)".to_owned() };
    let clients = session
        .clients
        .iter()
        .map(|client| format!("{}{}", one_line(&client.from), if client.view { " (watching)" } else { "" }));
    let clients: Vec<String> = clients.collect();
    vec![
        session.name.to_string(),
        command,
        format!("{}x{}", session.columns, session.rows),
        brief(Duration::from_secs(session.idle_seconds)),
        if clients.is_empty() { "-".to_owned() } else { clients.join(", ") },
        one_line(&session.directory),
    ]
}

/// A command's words are its user's; a table's column is not.
fn shortened(command: &str) -> String {
    const MOST: usize = 40;
    match command.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}\u{2026}", command.get(..at).unwrap_or(command)),
        None => command.to_owned(),
    }
}

/// The two largest units: `3d 4h`, `12m`, `5s`.
pub(super) fn brief(span: Duration) -> String {
    let seconds = span.as_secs();
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds}s"),
        (0, 0, minutes) => format!("{minutes}m"),
        (0, hours, minutes) => format!("{hours}h {minutes}m"),
        (days, hours, _) => format!("{days}d {hours}h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_brief() {
        let spans = [(0, "0s"), (59, "59s"), (60, "1m"), (3600, "1h 0m"), (90_000, "1d 1h")];
        for (seconds, text) in spans {
            assert_eq!(brief(Duration::from_secs(seconds)), text);
        }
    }

    #[test]
    fn long_commands_are_cut_between_characters() {
        assert_eq!(shortened("vim a"), "vim a");
        assert_eq!(shortened(&"\u{e9}".repeat(41)), format!("{}\u{2026}", "\u{e9}".repeat(40)));
    }
}
