//! Names of the engine's that pushes have borrowed: what stood there before is written down first, so that it stands
//! there again whenever wharf ends.

use crate::own_file::{OwnFileError, open_to_read, replace};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use thiserror::Error;
use wharf_model::{ImageId, ImageRef};

/// One name's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Loan {
    /// The image that has the name for the while.
    pub borrower: ImageId,
    /// The image that had it; `None` when the name was free.
    pub before: Option<ImageId>,
}

/// Why it cannot be read or written.
#[derive(Debug, Error)]
pub enum LentNamesError {
    /// The file, or its directory.
    #[error(transparent)]
    File(#[from] OwnFileError),
    /// Not what wharf writes.
    #[error(
        "`{}` is not understood; put back what was there, or remove it and look whether `docker images` shows names that \
         a push has left", path.display()
    )]
    Damaged {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        source: serde_json::Error,
    },
}

/// The file `pushes.json` in the state directory. One program at a time writes it.
#[derive(Debug)]
pub struct LentNames {
    directory: PathBuf,
    loans: Mutex<BTreeMap<ImageRef, Loan>>,
}

const NAME: &str = "pushes.json";
const MOST_BYTES: u64 = 16 << 20;

impl LentNames {
    /// Reads what an earlier run has left in this directory, which must exist.
    ///
    /// # Errors
    /// When the file cannot be read, or others could have written it.
    pub fn within(directory: impl Into<PathBuf>) -> Result<Self, LentNamesError> {
        let directory = directory.into();
        let path = directory.join(NAME);
        let loans = match open_to_read(&path) {
            Err(error) if error.is_missing() => BTreeMap::new(),
            file => {
                let mut text = Vec::new();
                let read = File::from(file?).take(MOST_BYTES).read_to_end(&mut text);
                read.map_err(|source| OwnFileError::Io { path: path.clone(), source })?;
                serde_json::from_slice(&text).map_err(|source| LentNamesError::Damaged { path, source })?
            }
        };
        Ok(Self { directory, loans: Mutex::new(loans) })
    }

    /// All that are out.
    pub fn all(&self) -> BTreeMap<ImageRef, Loan> {
        self.loans.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Writes a loan down; on disk when this returns.
    ///
    /// # Errors
    /// When it cannot be written: then nothing may be lent.
    pub fn lend(&self, name: &ImageRef, loan: Loan) -> Result<(), LentNamesError> {
        self.change(|loans| loans.insert(name.clone(), loan))
    }

    /// It was given back.
    ///
    /// # Errors
    /// When that cannot be written: it is looked at again when wharf starts again.
    pub fn returned(&self, name: &ImageRef) -> Result<(), LentNamesError> {
        self.change(|loans| loans.remove(name))
    }

    fn change<T>(
        &self,
        change: impl FnOnce(&mut BTreeMap<ImageRef, Loan>) -> T,
    ) -> Result<(), LentNamesError> {
        let mut held = self.loans.lock().unwrap_or_else(PoisonError::into_inner);
        let mut loans = held.clone();
        change(&mut loans);
        let path = self.directory.join(NAME);
        let text = serde_json::to_vec(&loans).map_err(|source| LentNamesError::Damaged { path, source })?;
        replace(&self.directory, NAME, &text)?;
        *held = loans;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(digit: &str) -> ImageId {
        format!("sha256:{}", digit.repeat(64)).parse().unwrap()
    }

    #[test]
    fn what_is_lent_is_known_to_the_next_run_until_it_was_given_back() {
        let directory = tempfile::tempdir().unwrap();
        let name: ImageRef = "registry.example/app:1".parse().unwrap();
        let other: ImageRef = "registry.example/app:2".parse().unwrap();
        let loan = Loan { borrower: image("a"), before: Some(image("b")) };
        let free = Loan { borrower: image("a"), before: None };
        let names = LentNames::within(directory.path()).unwrap();
        names.lend(&name, loan.clone()).unwrap();
        names.lend(&other, free.clone()).unwrap();
        let next = LentNames::within(directory.path()).unwrap();
        assert_eq!(next.all(), [(name.clone(), loan), (other.clone(), free.clone())].into());
        next.returned(&name).unwrap();
        assert_eq!(LentNames::within(directory.path()).unwrap().all(), [(other, free)].into());
    }

    #[test]
    fn what_cannot_be_written_down_is_not_lent() {
        let directory = tempfile::tempdir().unwrap();
        let names = LentNames::within(directory.path()).unwrap();
        std::fs::create_dir(directory.path().join("pushes.json")).unwrap();
        let name: ImageRef = "registry.example/app:1".parse().unwrap();
        let refused = names.lend(&name, Loan { borrower: image("a"), before: None });
        assert!(matches!(refused, Err(LentNamesError::File(_))));
        assert_eq!(names.all(), BTreeMap::new());
    }

    #[test]
    fn a_damaged_file_is_an_error_and_not_an_empty_one() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join(NAME), "{").unwrap();
        assert!(matches!(LentNames::within(directory.path()), Err(LentNamesError::Damaged { .. })));
    }
}
