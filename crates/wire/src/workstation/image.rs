//! Images that are made for a workstation: `workstation/<name>:<recipe>`.

use sha2::{Digest, Sha256};
use std::fmt;
use std::fmt::Write as _;
use wharf_model::{ImageRef, ImageRefError, WorkstationName};

/// An image that is made for a workstation, called by what it is made from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorkstationImage {
    workstation: WorkstationName,
    recipe: String,
}

/// Hexadecimal digits of a recipe's digest in a tag.
const DIGITS: usize = 12;

impl WorkstationImage {
    /// The image that `recipe` makes.
    pub fn of_recipe(workstation: &WorkstationName, recipe: &[u8]) -> Self {
        let recipe = Sha256::digest(recipe).iter().take(DIGITS / 2).fold(String::new(), |mut out, byte| {
            let _ = write!(out, "{byte:02x}"); // writing to a String cannot fail
            out
        });
        Self { workstation: workstation.clone(), recipe }
    }

    /// Takes an engine's `repository:tag` apart; `None` when it is not one that was made for `workstation`.
    pub fn from_engine(workstation: &WorkstationName, reference: &str) -> Option<Self> {
        let reference = reference.strip_prefix("docker.io/").unwrap_or(reference);
        let recipe = reference.strip_prefix(&workstation.repository())?.strip_prefix(':')?;
        let is_digit = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
        let fits = recipe.len() == DIGITS && recipe.bytes().all(is_digit);
        fits.then(|| Self { workstation: workstation.clone(), recipe: recipe.to_owned() })
    }

    /// Of which workstation.
    pub fn workstation(&self) -> &WorkstationName {
        &self.workstation
    }

    /// The tag: the beginning of the recipe's digest.
    pub fn recipe(&self) -> &str {
        &self.recipe
    }

    /// As a reference.
    ///
    /// # Errors
    /// None: what is made here is always one.
    pub fn reference(&self) -> Result<ImageRef, ImageRefError> {
        self.to_string().parse()
    }
}

impl fmt::Display for WorkstationImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.workstation.repository(), self.recipe)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_told_by_its_workstation_and_its_recipe() {
        let foo: WorkstationName = "foo".parse().unwrap();
        let image = WorkstationImage::of_recipe(&foo, b"FROM debian");
        assert_eq!(image.to_string(), "workstation/foo:91b76e1aa0d7");
        assert_eq!(WorkstationImage::from_engine(&foo, &image.to_string()), Some(image.clone()));
        assert!(matches!(image.reference(), Ok(ImageRef::Named(_))));
        for other in [
            "workstation/foo-bar:91b76e1aa0d7",
            "workstation/foo:latest",
            "workstation/foo",
            "foo:91b76e1aa0d7",
        ] {
            assert_eq!(WorkstationImage::from_engine(&foo, other), None, "{other}");
        }
    }
}
