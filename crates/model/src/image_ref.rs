//! Image references, by the grammar of the registry's own reference package:
//! `[domain/]path[:tag][@sha256:digest]`, or a full image id.

use crate::ids::check_hex;
use crate::{IdError, ImageId};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// What a pod file may say after `image:`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum ImageRef {
    /// A full image id; never pulled.
    Id(ImageId),
    /// A name with a tag, a digest, or both.
    Named(NamedImage),
}

/// A reference by name, completed: the domain is present, and so is `:latest` when neither tag nor digest was given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NamedImage {
    domain: String,
    path: String,
    tag: Option<String>,
    digest: Option<String>,
}

/// Why a text is not an image reference.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ImageRefError {
    /// Nothing was given.
    #[error("an image reference cannot be empty")]
    Empty,
    /// Longer than 255 bytes, the registry's limit for a name.
    #[error("an image's name has at most 255 characters")]
    TooLong,
    /// Upper-case letters outside the domain and the tag.
    #[error("the name of a repository is in lower case")]
    UpperCase,
    /// The part before the tag is not a repository's name.
    #[error("`{0}` is not the name of a repository")]
    BadPath(String),
    /// The part before the first slash is not a registry's address.
    #[error("`{0}` is not the address of a registry")]
    BadDomain(String),
    /// The part after the colon.
    #[error("`{0}` is not a tag; a tag is at most 128 letters, digits, `_`, `.` and `-`")]
    BadTag(String),
    /// The part after `@`.
    #[error("`{0}` is not a digest; a digest is `sha256:` and 64 lower-case hexadecimal digits")]
    BadDigest(String),
    /// 64 digits alone are what the engine takes for an id; say `sha256:` to mean it.
    #[error("64 hexadecimal digits alone are ambiguous; write `sha256:` before a full image id")]
    BareId,
}

impl NamedImage {
    /// The registry's address, `docker.io` when none was given.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The repository's path in its registry, `library/` included for Docker's own.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The tag, when there is one.
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The digest with its `sha256:`, when there is one.
    pub fn digest(&self) -> Option<&str> {
        self.digest.as_deref()
    }

    /// The repository as the engine shows it: without `docker.io/` and `library/`.
    pub fn familiar_name(&self) -> String {
        if self.domain == DEFAULT_DOMAIN {
            let short = self.path.strip_prefix("library/").filter(|rest| !rest.contains('/'));
            short.unwrap_or(&self.path).to_owned()
        } else {
            format!("{}/{}", self.domain, self.path)
        }
    }

    /// The reference as the engine lists it: `name:tag`, or `name@digest` when a digest is given (the tag is then
    /// only a note for people).
    pub fn familiar(&self) -> String {
        let name = self.familiar_name();
        match (&self.digest, &self.tag) {
            (Some(digest), _) => format!("{name}@{digest}"),
            (None, Some(tag)) => format!("{name}:{tag}"),
            (None, None) => name,
        }
    }
}

const DEFAULT_DOMAIN: &str = "docker.io";

impl FromStr for ImageRef {
    type Err = ImageRefError;

    fn from_str(text: &str) -> Result<Self, ImageRefError> {
        if text.is_empty() {
            return Err(ImageRefError::Empty);
        }
        if text.starts_with("sha256:") {
            let id: Result<ImageId, IdError> = text.parse();
            return id.map(Self::Id).map_err(|_| ImageRefError::BadDigest(text.to_owned()));
        }
        if check_hex(text).is_ok() {
            return Err(ImageRefError::BareId);
        }
        parse_named(text).map(Self::Named)
    }
}

fn parse_named(text: &str) -> Result<NamedImage, ImageRefError> {
    let (rest, digest) = match text.split_once('@') {
        Some((rest, digest)) => (rest, Some(checked_digest(digest)?)),
        None => (text, None),
    };
    let last_slash = rest.rfind('/').map_or(0, |at| at + 1);
    let (name, tag) = match rest.get(last_slash..).and_then(|last| last.find(':')) {
        Some(colon) => {
            let (name, tag) = rest.split_at(last_slash + colon);
            (name, Some(checked_tag(tag.trim_start_matches(':'), tag)?))
        }
        None => (rest, None),
    };
    if name.len() > 255 {
        return Err(ImageRefError::TooLong);
    }
    let (domain, path) = split_domain(name)?;
    check_path(&path)?;
    let tag = match (&tag, &digest) {
        (None, None) => Some("latest".to_owned()),
        _ => tag,
    };
    let named = NamedImage { domain, path, tag, digest };
    // `docker.io/localhost/x` would be told to the engine as `localhost/x`, another registry, with docker.io's account.
    if split_domain(&named.familiar_name())? != (named.domain.clone(), named.path.clone()) {
        return Err(ImageRefError::BadPath(named.path));
    }
    Ok(named)
}

fn split_domain(name: &str) -> Result<(String, String), ImageRefError> {
    match name.split_once('/') {
        Some((first, path)) if first.contains(['.', ':']) || first == "localhost" || has_upper(first) => {
            check_domain(first)?;
            let domain = if first == "index.docker.io" { DEFAULT_DOMAIN } else { first };
            let path = if domain == DEFAULT_DOMAIN && !path.contains('/') {
                format!("library/{path}")
            } else {
                path.to_owned()
            };
            Ok((domain.to_owned(), path))
        }
        Some(_) => Ok((DEFAULT_DOMAIN.to_owned(), name.to_owned())),
        None => Ok((DEFAULT_DOMAIN.to_owned(), format!("library/{name}"))),
    }
}

fn has_upper(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_uppercase())
}

fn check_domain(domain: &str) -> Result<(), ImageRefError> {
    let bad = || ImageRefError::BadDomain(domain.to_owned());
    let (host, port) = match domain.strip_prefix('[') {
        Some(v6) => {
            let (address, after) = v6.split_once(']').ok_or_else(bad)?;
            address.parse::<std::net::Ipv6Addr>().map_err(|_| bad())?;
            ("", after.strip_prefix(':').or(after.is_empty().then_some("0")))
        }
        None => match domain.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (domain, Some("0")),
        },
    };
    let port_fits =
        port.is_some_and(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()) && p.len() <= 5);
    let label_fits = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let host_fits = domain.starts_with('[') || host.split('.').all(label_fits);
    if port_fits && host_fits { Ok(()) } else { Err(bad()) }
}

fn check_path(path: &str) -> Result<(), ImageRefError> {
    if has_upper(path) {
        return Err(ImageRefError::UpperCase);
    }
    let component_fits = |component: &str| {
        let edge = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let bytes = component.as_bytes();
        edge(bytes.first().copied())
            && edge(bytes.last().copied())
            && component
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-'))
            && separators_fit(component)
    };
    if path.split('/').all(component_fits) { Ok(()) } else { Err(ImageRefError::BadPath(path.to_owned())) }
}

/// Between two alphanumeric runs stands `.`, `_`, `__` or any number of `-`.
fn separators_fit(component: &str) -> bool {
    component
        .split(|c: char| c.is_ascii_alphanumeric())
        .all(|run| matches!(run, "" | "." | "_" | "__") || run.bytes().all(|b| b == b'-'))
}

fn checked_tag(tag: &str, with_colon: &str) -> Result<String, ImageRefError> {
    let first = tag.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_');
    let rest = tag.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'));
    let one_colon = with_colon.len() == tag.len() + 1;
    if first && rest && one_colon && tag.len() <= 128 {
        Ok(tag.to_owned())
    } else {
        Err(ImageRefError::BadTag(tag.to_owned()))
    }
}

fn checked_digest(digest: &str) -> Result<String, ImageRefError> {
    match digest.strip_prefix("sha256:").map(check_hex) {
        Some(Ok(())) => Ok(digest.to_owned()),
        _ => Err(ImageRefError::BadDigest(digest.to_owned())),
    }
}

impl fmt::Display for NamedImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.familiar_name())?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

impl fmt::Display for ImageRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Named(named) => named.fmt(f),
        }
    }
}

impl TryFrom<String> for ImageRef {
    type Error = ImageRefError;
    fn try_from(text: String) -> Result<Self, ImageRefError> {
        text.parse()
    }
}

impl From<ImageRef> for String {
    fn from(reference: ImageRef) -> Self {
        reference.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Result<String, ImageRefError> {
        text.parse::<ImageRef>().map(|reference| reference.to_string())
    }

    fn named(text: &str) -> NamedImage {
        match text.parse() {
            Ok(ImageRef::Named(named)) => named,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn latest_is_added_when_there_is_neither_tag_nor_digest() {
        let digest = format!("sha256:{}", "a".repeat(64));
        assert_eq!(shown("nginx"), Ok("nginx:latest".into()));
        assert_eq!(shown(&format!("nginx@{digest}")), Ok(format!("nginx@{digest}")));
        assert_eq!(shown("docker.io/library/nginx:1"), Ok("nginx:1".into()));
        assert_eq!(shown("index.docker.io/nginx"), Ok("nginx:latest".into()));
        assert_eq!(shown("registry.example:5000/a/b"), Ok("registry.example:5000/a/b:latest".into()));
        assert_eq!(shown("localhost/a"), Ok("localhost/a:latest".into()));
        assert_eq!(shown("[::1]:5000/a:2"), Ok("[::1]:5000/a:2".into()));
        assert_eq!(shown(&digest), Ok(digest.clone()));
        assert_eq!(named(&format!("a:1@{digest}")).familiar(), format!("a@{digest}"));
    }

    #[test]
    fn what_is_no_reference_is_refused_by_its_part() {
        assert_eq!(shown(""), Err(ImageRefError::Empty));
        assert_eq!(shown("Nginx"), Err(ImageRefError::UpperCase));
        assert_eq!(shown("a//b"), Err(ImageRefError::BadPath("a//b".into())));
        assert_eq!(shown("a..b"), Err(ImageRefError::BadPath("library/a..b".into())));
        assert_eq!(shown("nginx:"), Err(ImageRefError::BadTag(String::new())));
        assert_eq!(shown("nginx:::x"), Err(ImageRefError::BadTag("x".into())));
        assert_eq!(shown("x@sha256:12"), Err(ImageRefError::BadDigest("sha256:12".into())));
        assert_eq!(shown("sha256:12"), Err(ImageRefError::BadDigest("sha256:12".into())));
        assert_eq!(shown(&"a".repeat(64)), Err(ImageRefError::BareId));
        assert_eq!(shown("bad_domain.x/a"), Err(ImageRefError::BadDomain("bad_domain.x".into())));
        for disguised in
            ["docker.io/localhost/x", "docker.io/evil.example/x", "docker.io/library/evil.example/x"]
        {
            let named = disguised.parse::<ImageRef>();
            let meant =
                matches!(&named, Ok(ImageRef::Named(named)) if named.familiar().starts_with("library/"));
            assert!(meant || matches!(named, Err(ImageRefError::BadPath(_))), "{disguised}: {named:?}");
        }
        assert_eq!(shown("a b"), Err(ImageRefError::BadPath("library/a b".into())));
    }
}
