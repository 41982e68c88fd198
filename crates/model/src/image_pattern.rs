//! Which images are meant, by the registry's name and a pattern for what is in it.

use crate::{ImageRef, ImageRefError, NamedImage, wildcard};
use serde::{Serialize, Serializer};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// A pattern for full references: `docker.io/library/*`, `registry.example/alice/*`, `base:*`.
///
/// It is completed as a reference is (`base` is `docker.io/library/base`). A `*` stands for any characters within one
/// component of the path, or within the tag; a whole `*` at the end of the path stands for any number of components.
/// The registry is never a pattern. Without a tag, any tag and any digest are meant; with one, a reference by digest is
/// not: the engine then heeds the digest alone, which may be that of any other tag.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImagePattern {
    domain: String,
    /// Patterns of the path's components.
    components: Vec<String>,
    /// Whether one or more components of any kind follow those.
    and_below: bool,
    tag: Option<String>,
}

/// Why a text is not a pattern for images.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ImagePatternError {
    /// `docker.io*`, `*.example/x`.
    #[error("`{0}` holds a `*` where the registry stands; a registry is named in full")]
    StarInRegistry(String),
    /// `*`, `*/x`: from which registry?
    #[error("`{0}` does not say which registry is meant")]
    NoRegistry(String),
    /// `a**b`.
    #[error("two `*` in a row mean no more than one")]
    DoubledStar,
    /// `base@sha256:...`.
    #[error("a pattern for images has no digest")]
    Digest,
    /// The registry that does not exist, where tags of tenants are kept.
    #[error("`{RESERVED_DOMAIN}` is where each tenant's own tags are kept")]
    Reserved,
    /// With every `*` replaced by a letter it is still not a reference.
    #[error(transparent)]
    Reference(#[from] ImageRefError),
}

const DEFAULT_DOMAIN: &str = "docker.io";

/// RFC 6761 sees to it that no registry is ever called so.
const RESERVED_DOMAIN: &str = "wharf.invalid";

impl ImagePattern {
    /// `docker.io/library/*`: the images that Docker itself looks after.
    pub fn official() -> Self {
        let library = vec!["library".to_owned()];
        Self { domain: DEFAULT_DOMAIN.to_owned(), components: library, and_below: true, tag: None }
    }

    /// The registry, which every image that matches comes from.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// Whether this image is meant.
    pub fn matches(&self, image: &NamedImage) -> bool {
        image.domain() == self.domain && self.matches_path(image.path()) && self.matches_tag(image)
    }

    fn matches_path(&self, path: &str) -> bool {
        let mut rest = path.split('/');
        let each = self.components.iter();
        let is_prefix = each.fold(true, |so_far, pattern| {
            let component = rest.next();
            so_far && component.is_some_and(|component| wildcard::is_match(pattern, component))
        });
        is_prefix && rest.next().is_some() == self.and_below
    }

    fn matches_tag(&self, image: &NamedImage) -> bool {
        match (&self.tag, image.tag(), image.digest()) {
            (None, _, _) => true,
            (Some(pattern), Some(tag), None) => wildcard::is_match(pattern, tag),
            (Some(_), _, _) => false,
        }
    }
}

impl FromStr for ImagePattern {
    type Err = ImagePatternError;

    fn from_str(text: &str) -> Result<Self, ImagePatternError> {
        if text.contains('@') {
            return Err(ImagePatternError::Digest);
        }
        if text.contains("**") {
            return Err(ImagePatternError::DoubledStar);
        }
        check_registry(text)?;
        // A letter fits wherever a star may stand, so the grammar of references judges the rest.
        let example = match text.replace('*', "a").parse() {
            Ok(ImageRef::Named(named)) => named,
            Ok(ImageRef::Id(_)) => return Err(ImagePatternError::Digest),
            Err(error) => return Err(as_written(error, text).into()),
        };
        if example.domain().eq_ignore_ascii_case(RESERVED_DOMAIN) {
            return Err(ImagePatternError::Reserved);
        }
        let (name, tag) = split_tag(text);
        let path = match name.split_once('/') {
            Some((first, path)) if first == example.domain() || first == "index.docker.io" => path,
            _ => name,
        };
        let path = completed(example.domain(), path);
        let mut components: Vec<String> = path.split('/').map(str::to_owned).collect();
        let and_below = components.pop_if(|last| last == "*").is_some();
        let tag = tag.filter(|tag| *tag != "*").map(str::to_owned);
        Ok(Self { domain: example.domain().to_owned(), components, and_below, tag })
    }
}

/// The first component of a text names the registry, or the text begins below Docker's own.
fn check_registry(text: &str) -> Result<(), ImagePatternError> {
    let first = text.split('/').next().unwrap_or_default();
    let has_slash = first.len() < text.len();
    let name = if has_slash { first } else { first.split(':').next().unwrap_or_default() };
    if !name.contains('*') {
        return Ok(());
    }
    let is_like_a_registry = name.contains(['.', ':', '[']) || name.bytes().any(|b| b.is_ascii_uppercase());
    if is_like_a_registry {
        return Err(ImagePatternError::StarInRegistry(name.to_owned()));
    }
    if has_slash || name.starts_with('*') {
        return Err(ImagePatternError::NoRegistry(text.to_owned()));
    }
    Ok(())
}

/// The error with the words that were written, stars and all.
fn as_written(error: ImageRefError, text: &str) -> ImageRefError {
    let (name, tag) = split_tag(text);
    match error {
        ImageRefError::BadPath(_) if name.contains('*') => ImageRefError::BadPath(name.to_owned()),
        ImageRefError::BadTag(_) if text.contains('*') => {
            ImageRefError::BadTag(tag.unwrap_or_default().to_owned())
        }
        other => other,
    }
}

/// Divides at the colon behind the last slash.
fn split_tag(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        _ => (text, None),
    }
}

/// `docker.io/nginx` is `docker.io/library/nginx`, but `docker.io/*` is all that is there.
fn completed(domain: &str, path: &str) -> String {
    if domain == DEFAULT_DOMAIN && !path.contains('/') && path != "*" {
        format!("library/{path}")
    } else {
        path.to_owned()
    }
}

impl fmt::Display for ImagePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.domain)?;
        for component in &self.components {
            write!(f, "/{component}")?;
        }
        if self.and_below {
            f.write_str("/*")?;
        }
        match &self.tag {
            Some(tag) => write!(f, ":{tag}"),
            None => Ok(()),
        }
    }
}

impl Serialize for ImagePattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests;
