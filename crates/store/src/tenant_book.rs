//! Which tenant of each name is the present one. A name that was taken out of the host configuration and comes back is
//! another tenant, which sees nothing of the former one's until the administrator says so.

use crate::own_file::{OwnFileError, open_dir, replace};
use rustix::fs::{Mode, OFlags, openat};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use thiserror::Error;
use wharf_model::{Generation, TenantName};

/// What is written down of one name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TenantEntry {
    /// The present tenant's, or the last one's.
    pub generation: Generation,
    /// Former tenants of this name whose objects are the present one's, too.
    #[serde(default)]
    pub adopted: BTreeSet<Generation>,
    /// Whether there is a present one.
    pub present: bool,
    /// The present tenant's among all tenants there ever were, counted from 1: no two have the same. 0 until it has one.
    #[serde(default)]
    pub number: u32,
}

/// Why the book cannot be read or written.
#[derive(Debug, Error)]
pub enum TenantBookError {
    /// The directory is not wharf's alone.
    #[error(transparent)]
    Place(#[from] OwnFileError),
    /// The system's answer.
    #[error("cannot keep `{}`", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Not what wharf writes: guessing could give one tenant's objects to another.
    #[error(
        "`{}` is not understood; put back what was there, or remove it to begin anew at the first generation, and revoke all \
         certificates then: they are of former tenants of these names",
        path.display()
    )]
    Damaged {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// There is no present tenant of this name.
    #[error("no tenant is called `{0}` now; add it to `tenants` in the host configuration first")]
    NoSuchTenant(TenantName),
}

/// The file `tenants.json` in the state directory.
#[derive(Debug)]
pub struct TenantBook {
    directory: PathBuf,
}

const NAME: &str = "tenants.json";
const MOST_BYTES: u64 = 4 << 20;

impl TenantBook {
    /// The book in this directory, which must exist.
    pub fn within(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into() }
    }

    /// Writes down who is there now, and gives every present tenant's entry.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn settle(
        &self,
        present: &BTreeSet<TenantName>,
    ) -> Result<BTreeMap<TenantName, TenantEntry>, TenantBookError> {
        let before = self.read()?;
        let mut book = before.clone();
        for (name, entry) in &mut book {
            if !present.contains(name) {
                entry.present = false;
            }
        }
        for name in present {
            // An entry's number goes only when a greater one takes its place, so the greatest is in the book.
            let number = book.values().map(|entry| entry.number).max().unwrap_or(0).saturating_add(1);
            let new =
                |generation| TenantEntry { generation, adopted: BTreeSet::new(), present: true, number };
            let entry = book.entry(name.clone()).or_insert_with(|| new(Generation(1)));
            if !entry.present {
                *entry = new(Generation(entry.generation.0.saturating_add(1)));
            } else if entry.number == 0 {
                entry.number = number;
            }
        }
        if book != before {
            self.write(&book)?;
        }
        book.retain(|_, entry| entry.present);
        Ok(book)
    }

    /// Gives the present tenant of this name what its predecessors left, and says which those are.
    ///
    /// # Errors
    /// When there is no such tenant now, or the file cannot be read or written.
    pub fn adopt(&self, name: &TenantName) -> Result<BTreeSet<Generation>, TenantBookError> {
        let mut book = self.read()?;
        let entry = book.get_mut(name).filter(|entry| entry.present);
        let entry = entry.ok_or_else(|| TenantBookError::NoSuchTenant(name.clone()))?;
        entry.adopted = (1..entry.generation.0).map(Generation).collect();
        let adopted = entry.adopted.clone();
        self.write(&book)?;
        Ok(adopted)
    }

    /// As it stands.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(&self) -> Result<BTreeMap<TenantName, TenantEntry>, TenantBookError> {
        let directory = open_dir(&self.directory)?;
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = match openat(&directory, NAME, flags, Mode::empty()) {
            Ok(file) => File::from(file),
            Err(rustix::io::Errno::NOENT) => return Ok(BTreeMap::new()),
            Err(errno) => return Err(self.failed(errno.into())),
        };
        let mut text = Vec::new();
        file.take(MOST_BYTES).read_to_end(&mut text).map_err(|source| self.failed(source))?;
        serde_json::from_slice(&text).map_err(|source| TenantBookError::Damaged { path: self.path(), source })
    }

    /// All or nothing: a new file takes the old one's place.
    fn write(&self, book: &BTreeMap<TenantName, TenantEntry>) -> Result<(), TenantBookError> {
        let text = serde_json::to_vec_pretty(book)
            .map_err(|source| TenantBookError::Damaged { path: self.path(), source })?;
        Ok(replace(&self.directory, NAME, &text)?)
    }

    fn path(&self) -> PathBuf {
        Path::new(&self.directory).join(NAME)
    }

    fn failed(&self, source: std::io::Error) -> TenantBookError {
        TenantBookError::Io { path: self.path(), source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> BTreeSet<TenantName> {
        names.iter().map(|name| name.parse().unwrap()).collect()
    }

    fn generation(book: &TenantBook, present: &[&str], name: &str) -> Option<u32> {
        let settled = book.settle(&names(present)).unwrap();
        settled.get(&name.parse::<TenantName>().unwrap()).map(|entry| entry.generation.0)
    }

    #[test]
    fn a_tenant_that_comes_back_is_another() {
        let directory = tempfile::tempdir().unwrap();
        let book = TenantBook::within(directory.path());
        assert_eq!(generation(&book, &["alice", "bob"], "alice"), Some(1));
        assert_eq!(generation(&book, &["alice", "bob"], "alice"), Some(1));
        assert_eq!(generation(&book, &["bob"], "alice"), None);
        assert_eq!(generation(&book, &["alice", "bob"], "alice"), Some(2));
        assert_eq!(generation(&book, &["alice", "bob"], "bob"), Some(1));
        assert_eq!(book.adopt(&"alice".parse().unwrap()).unwrap(), [Generation(1)].into());
        let settled = book.settle(&names(&["alice"])).unwrap();
        let alice = settled.values().next().unwrap();
        assert_eq!((alice.generation, alice.adopted.clone()), (Generation(2), [Generation(1)].into()));
        // Whoever comes after has adopted nothing.
        assert_eq!(generation(&book, &[], "alice"), None);
        let settled = book.settle(&names(&["alice"])).unwrap();
        assert_eq!(settled.values().next().unwrap().adopted, BTreeSet::new());
    }

    #[test]
    fn no_two_tenants_ever_have_the_same_number() {
        let directory = tempfile::tempdir().unwrap();
        let before =
            r#"{"alice": {"generation": 3, "present": true}, "old": {"generation": 1, "present": false}}"#;
        std::fs::write(directory.path().join(NAME), before).unwrap();
        let book = TenantBook::within(directory.path());
        let numbers = |present: &[&str]| -> Vec<u32> {
            book.settle(&names(present)).unwrap().values().map(|entry| entry.number).collect()
        };
        assert_eq!(numbers(&["alice", "bob"]), [1, 2], "who was there before has one, too");
        assert_eq!(numbers(&["alice", "bob"]), [1, 2]);
        assert_eq!(numbers(&["alice"]), [1]);
        assert_eq!(numbers(&["alice", "bob"]), [1, 3], "the second bob is another");
        assert!(numbers(&[]).is_empty());
        assert_eq!(numbers(&["alice", "bob", "old"]), [4, 5, 6]);
    }

    #[test]
    fn nobody_adopts_for_a_tenant_that_is_not_there() {
        let directory = tempfile::tempdir().unwrap();
        let book = TenantBook::within(directory.path());
        let refused = book.adopt(&"alice".parse().unwrap());
        assert!(matches!(refused, Err(TenantBookError::NoSuchTenant(_))));
    }

    #[test]
    fn a_damaged_book_is_an_error_and_no_new_beginning() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join(NAME), "{").unwrap();
        let settled = TenantBook::within(directory.path()).settle(&names(&["alice"]));
        assert!(matches!(settled, Err(TenantBookError::Damaged { .. })));
    }
}
