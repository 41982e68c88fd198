//! Readers that somebody here has looked at and taken. age does not say who wrote a file: a line that another put among its
//! readers would have the next value sealed to them, unless somebody is asked.

use super::super::{ask, keys};
use super::{HostReaders, MOST_BYTES};
use crate::args::IdentityArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::show;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use wharf_host::{HeldFolder, NewFile};
use wharf_store::SecretsDirectory;
use wharf_vault::{Reader, ReaderKey};

/// Where they are remembered.
enum Book {
    /// In the state directory: what root takes, the host takes.
    Host(SecretsDirectory),
    /// In somebody's home.
    Own(PathBuf),
    /// Nowhere: asked each time.
    None,
}

/// The book in somebody's folder.
const FILE: &str = "readers";

/// The readers that were taken, with the name that each had then.
pub(crate) struct Known {
    book: Book,
    keys: Lines,
}

impl Known {
    /// Those that are remembered, and those that need not be: this host's keys and one's own.
    pub(crate) fn of(setting: &Setting<'_>, identity: &IdentityArgs) -> Result<Self, Failure> {
        let failed = |error: &dyn std::error::Error| Failure::of(Exit::Failed, error);
        let book = match keys::home(setting) {
            _ if setting.invocation.uid == 0 => Book::Host(SecretsDirectory::in_state(&setting.state_dir()?)),
            Some(home) => Book::Own(home.join(".config/wharf")),
            None => Book::None,
        };
        let text = match &book {
            Book::Host(directory) => {
                directory.known_readers().map_err(|error| failed(&error))?.unwrap_or_default()
            }
            Book::Own(folder) => own_book(setting, &folder.join(FILE))?,
            Book::None => Vec::new(),
        };
        let mut keys = lines_of(&text);
        for reader in HostReaders::of(setting)?.both() {
            keys.insert(reader.key.to_string(), reader.name.to_string());
        }
        for key in keys::own_public(setting, identity)? {
            keys.entry(key.to_string()).or_default();
        }
        Ok(Self { book, keys })
    }

    /// Whether all of these were taken before.
    pub(crate) fn has_all(&self, readers: &[Reader]) -> bool {
        readers.iter().all(|reader| self.keys.contains_key(reader.key.as_str()))
    }

    /// Shows each reader that was not seen before, and asks; or takes it when `yes` was said.
    pub(crate) fn confirm(&mut self, readers: &[Reader], yes: bool) -> Result<(), Failure> {
        let new: Vec<&Reader> =
            readers.iter().filter(|reader| !self.keys.contains_key(reader.key.as_str())).collect();
        if new.is_empty() {
            return Ok(());
        }
        for reader in &new {
            show::say(&format!("new reader `{}`: {}", reader.name, reader.key.fingerprint()));
        }
        if !yes {
            let them = if new.len() == 1 { "this reader" } else { "these readers" };
            ask::confirm(
                &format!("may {them} read what is sealed from now on?"),
                "`--yes` takes readers that were not seen before; `wharf secret rekey --remove NAME` takes one out",
            )?;
        }
        let new: Vec<Reader> = new.into_iter().cloned().collect();
        self.add(&new)
    }

    /// Takes these without a question: they were named on the command line.
    pub(crate) fn take(&mut self, readers: &[Reader]) -> Result<(), Failure> {
        if self.has_all(readers) {
            return Ok(());
        }
        self.add(readers)
    }

    fn add(&mut self, readers: &[Reader]) -> Result<(), Failure> {
        let new: Lines =
            readers.iter().map(|reader| (reader.key.to_string(), reader.name.to_string())).collect();
        self.keys.extend(new.clone());
        self.change(|lines| lines.extend(new))
    }

    /// Forgets a reader that was removed, so that it is asked about if it comes back.
    pub(crate) fn forget(&mut self, keys: &[ReaderKey]) -> Result<(), Failure> {
        let before = self.keys.len();
        self.keys.retain(|known, _| !keys.iter().any(|key| key.as_str() == known));
        if self.keys.len() == before {
            return Ok(());
        }
        self.change(|lines| lines.retain(|known, _| !keys.iter().any(|key| key.as_str() == known)))
    }

    /// Changes the book as it is by now: another run may have written to it since it was read.
    fn change(&self, change: impl FnOnce(&mut Lines)) -> Result<(), Failure> {
        let changed = |before: &[u8]| {
            let mut lines = lines_of(before);
            change(&mut lines);
            print(&lines).into_bytes()
        };
        let failed = |error: &dyn std::error::Error| Failure::of(Exit::Failed, error);
        match &self.book {
            Book::Host(directory) => directory.change_known_readers(changed).map_err(|error| failed(&error)),
            Book::Own(folder) => {
                wharf_host::make_private(None, folder, &[] as &[NewFile<'_>])
                    .map_err(|error| failed(&error))?;
                let held = HeldFolder::hold(None, folder).map_err(|error| failed(&error))?;
                let before = held.read(FILE, MOST_BYTES).map_err(|error| failed(&error))?;
                let text = changed(&before.unwrap_or_default());
                held.replace(FILE, &text).map_err(|error| failed(&error))
            }
            Book::None => Ok(()),
        }
    }
}

/// A key and its name for each line.
type Lines = BTreeMap<String, String>;

fn lines_of(text: &[u8]) -> Lines {
    let text = String::from_utf8_lossy(text);
    let lines = text.lines().filter_map(|line| line.split_once(" # "));
    lines.map(|(key, name)| (key.trim().to_owned(), name.trim().to_owned())).collect()
}

fn print(lines: &Lines) -> String {
    lines.iter().flat_map(|(key, name)| [key.as_str(), " # ", name, "\n"]).collect()
}

/// Somebody's own book; nothing where there is none yet, and an error where it cannot be read: what is not known to be
/// confirmed would be asked about again, and the book be replaced by a shorter one.
fn own_book(setting: &Setting<'_>, path: &Path) -> Result<Vec<u8>, Failure> {
    match path.symlink_metadata() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        _ => setting.read_named(path, MOST_BYTES),
    }
}
