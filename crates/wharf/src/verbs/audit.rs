//! `wharf audit`: who did, or was denied, what. Reads the audit trail and nothing else, a line at a time.

use crate::args::AuditArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::show::{self, one_line};
use crate::verbs::until_reader_left;
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, SystemTime};
use wharf_model::TenantName;
use wharf_store::{AuditEntry, AuditError, AuditFilter, AuditReader, AuditRecord, Moment, Outcome};

/// How often the trail is looked at when following.
const PAUSE: Duration = Duration::from_millis(200);

/// What is longer of a detail is in `--json`.
const MOST_OF_DETAIL: usize = 200;

pub(crate) fn run(setting: &Setting<'_>, wanted: &AuditArgs) -> Result<Exit, Failure> {
    let _administrator = setting.administrator("audit")?;
    let filter = filter(wanted, Moment::from(SystemTime::now()))?;
    let path = setting.trail()?;
    let mut reader =
        AuditReader::open(&path, filter.since).map_err(|error| unreadable(&error, &path, setting))?;
    let elsewhere =
        if setting.invocation.uid == 0 { "" } else { "; this host's is root's: `sudo wharf audit`" };
    if reader.is_absent() {
        show::say(&format!("no audit trail at `{}` yet{elsewhere}", path.display()));
    }
    let out: Box<dyn Write> = Box::new(io::BufWriter::with_capacity(1 << 16, io::stdout().lock()));
    let mut shown =
        Shown { out, filter, json: setting.common.json, records: 0, broken: Vec::new(), more_broken: 0 };
    match shown.all(&mut reader, wanted) {
        Ok(()) => {}
        Err(Stopped::Reader) => return Ok(Exit::Done),
        Err(Stopped::Output(error)) => return Err(Failure::of(Exit::Failed, &error)),
        Err(Stopped::Trail(error)) => return Err(Failure::of(Exit::Failed, &error)),
    }
    if shown.records == 0 && !reader.is_absent() && !setting.common.quiet {
        show::say(&format!("no such records in `{}`{elsewhere}", path.display()));
    }
    Ok(Exit::Done)
}

fn filter(wanted: &AuditArgs, now: Moment) -> Result<AuditFilter, Failure> {
    let tenant = wanted.tenant.as_deref().map(|name| {
        let parsed: Result<TenantName, _> = name.parse();
        parsed.map_err(|error| Failure::usage(format!("`{name}` is no tenant's name: {error}")))
    });
    let since = wanted.since.as_deref().map(|said| Moment::from_words(said, now));
    Ok(AuditFilter {
        tenant: tenant.transpose()?,
        user: wanted.user.clone(),
        outcome: wanted.denied.then_some(Outcome::Denied),
        since: since.transpose().map_err(|error| Failure::usage(error.to_string()))?,
        object: wanted.object.clone(),
    })
}

fn unreadable(error: &AuditError, path: &Path, setting: &Setting<'_>) -> Failure {
    match error {
        AuditError::File(file) if file.is_forbidden() && setting.invocation.uid != 0 => {
            let message = format!("only root reads the audit trail `{}`", path.display());
            Failure::new(Exit::Failed, message).hint("`sudo wharf audit`")
        }
        _ => Failure::of(Exit::Failed, error),
    }
}

/// What was shown so far, and how.
struct Shown {
    out: Box<dyn Write>,
    filter: AuditFilter,
    json: bool,
    records: u64,
    /// Lines that are no records: the first few, as `file:line`.
    broken: Vec<String>,
    more_broken: u64,
}

/// Why showing stopped.
enum Stopped {
    /// Nobody reads what is printed: `wharf audit | head`.
    Reader,
    Output(io::Error),
    Trail(AuditError),
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        until_reader_left(Err(error)).map_or_else(Self::Output, |()| Self::Reader)
    }
}

impl From<AuditError> for Stopped {
    fn from(error: AuditError) -> Self {
        Self::Trail(error)
    }
}

impl Shown {
    fn all(&mut self, reader: &mut AuditReader, wanted: &AuditArgs) -> Result<(), Stopped> {
        if let Some(most) = wanted.tail {
            let filter = self.filter.clone();
            let last = reader.last(most, |entry| match entry {
                AuditEntry::Record(record) => filter.is_met_by(record),
                AuditEntry::Broken { .. } => {
                    self.note_broken(entry);
                    false
                }
            });
            last?.iter().try_for_each(|entry| self.entry(entry))?;
        }
        self.what_there_is(reader)?;
        if !wanted.follow {
            reader.unfinished().for_each(|entry| self.note_broken(&entry));
        }
        self.tell_broken();
        if !wanted.follow {
            return Ok(());
        }
        loop {
            std::thread::sleep(PAUSE);
            self.what_there_is(reader)?;
            self.tell_broken();
        }
    }

    fn what_there_is(&mut self, reader: &mut AuditReader) -> Result<(), Stopped> {
        while let Some(entry) = reader.advance()? {
            self.entry(&entry)?;
        }
        Ok(self.out.flush()?)
    }

    fn entry(&mut self, entry: &AuditEntry) -> Result<(), Stopped> {
        match entry {
            AuditEntry::Record(record) if self.filter.is_met_by(record) => Ok(self.record(record)?),
            AuditEntry::Record(_) => Ok(()),
            AuditEntry::Broken { .. } => {
                self.note_broken(entry);
                Ok(())
            }
        }
    }

    fn record(&mut self, record: &AuditRecord) -> io::Result<()> {
        self.records += 1;
        if self.json {
            return self.out.write_all(record.line()?.as_bytes());
        }
        if self.records == 1 {
            writeln!(self.out, "{}", columns("TIME", ["WHO", "WHAT", "ON WHAT", "OUTCOME", "RULE"]))?;
        }
        writeln!(self.out, "{}", row(record))
    }

    fn note_broken(&mut self, entry: &AuditEntry) {
        let AuditEntry::Broken { file, line } = entry else { return };
        if self.broken.len() < 3 {
            self.broken.push(format!("`{}` line {line}", one_line(&file.display().to_string())));
        } else {
            self.more_broken += 1;
        }
    }

    /// Not to be hidden: somebody may have written there, or a disk was full.
    fn tell_broken(&mut self) {
        let (told, more) = (std::mem::take(&mut self.broken), std::mem::take(&mut self.more_broken));
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        if !told.is_empty() {
            show::say(&format!("warning: not whole records: {}{more}", told.join(", ")));
        }
    }
}

/// A record as a row. Lines are printed as they are read, so the columns have widths that fit most.
fn row(record: &AuditRecord) -> String {
    let who = match (&record.tenant, record.account()) {
        (Some(tenant), Some(user)) => format!("{tenant}/{user}"),
        (Some(tenant), None) => tenant.to_string(),
        (None, _) => record.actor.clone(),
    };
    let detail =
        if record.detail.is_empty() { String::new() } else { format!(": {}", shortened(&record.detail)) };
    let rule = format!("{}{detail}", record.rule);
    let rule = rule.trim_start_matches(": ");
    columns(&record.time.to_string(), [&who, &record.action, &record.object, record.outcome.as_str(), rule])
}

fn columns(time: &str, cells: [&str; 5]) -> String {
    let [who, what, object, outcome, rule] = cells.map(one_line);
    format!("{time:<24}  {who:<20}  {what:<18}  {object:<24}  {outcome:<9}  {rule}").trim_end().to_owned()
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MOST_OF_DETAIL) {
        Some((end, _)) => format!("{}\u{2026}", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(detail: &str) -> AuditRecord {
        AuditRecord {
            time: Moment::from_unix_millis(1_700_000_000_000),
            tenant: "alice".parse().ok(),
            user: Some("bob".into()),
            actor: "tenant alice (user bob)".into(),
            action: "container-create".into(),
            object: "web".into(),
            id: None,
            outcome: Outcome::Denied,
            rule: "ports".into(),
            detail: detail.into(),
            micros: None,
        }
    }

    #[test]
    fn a_row_says_when_who_what_on_what_the_outcome_and_the_rule() {
        assert_eq!(
            row(&record("port 80 is not granted")),
            "2023-11-14T22:13:20.000Z  alice/bob             container-create    web                       denied     \
             ports: port 80 is not granted"
        );
        let pod = AuditRecord {
            tenant: None,
            actor: "pod blog (user bob)".into(),
            rule: String::new(),
            ..record("gone")
        };
        assert_eq!(
            row(&pod),
            "2023-11-14T22:13:20.000Z  pod blog (user bob)   container-create    web                       denied     gone"
        );
    }

    #[test]
    fn no_name_in_a_row_steers_the_terminal_or_begins_a_line() {
        let evil = "a\nb\u{1b}[2J\u{9b}31m\u{202e}\u{2028}\r";
        let record = AuditRecord {
            user: Some(evil.into()),
            action: evil.into(),
            object: evil.into(),
            rule: evil.into(),
            ..record(&evil.repeat(99))
        };
        let row = row(&record);
        assert_eq!(row, one_line(&row));
        assert_eq!(row.lines().count(), 1);
        assert!(row.contains("a\u{fffd}b\u{fffd}[2J") && row.ends_with('\u{2026}'), "{row}");
    }

    #[test]
    fn what_is_said_wrongly_is_said_so() {
        let now = Moment::from_unix_millis(1_700_000_000_000);
        let none = || AuditArgs {
            tenant: None,
            user: None,
            denied: false,
            since: None,
            object: None,
            follow: false,
            tail: None,
        };
        let said = |args: AuditArgs| filter(&args, now).unwrap_err().message;
        let text = |text: &str| Some(text.to_owned());
        assert!(said(AuditArgs { tenant: text("A"), ..none() }).starts_with("`A` is no tenant's name: "));
        assert!(
            said(AuditArgs { since: text("soon"), ..none() })
                .starts_with("`soon` is neither a time nor a span")
        );
        let filter = filter(&AuditArgs { since: text("1h"), denied: true, ..none() }, now).unwrap();
        assert_eq!(filter.since, Some(Moment::from_unix_millis(1_700_000_000_000 - 3_600_000)));
        assert_eq!(filter.outcome, Some(Outcome::Denied));
    }
}
