//! From a request's first line to its place in the table of routes, and from there to what is asked.

use crate::ApiVersion;
use crate::ask::query::Query;
use crate::ask::reading::Reading;
use crate::ask::table::{Body, Class, Entry, TABLE};
use crate::ask::target::Target;
use crate::ask::{Ask, Refusal};
use std::fmt;

/// A request's place in the table, with its names and parameters. Its body is still to come.
#[derive(Debug, Clone)]
pub struct Route {
    /// What stands before the path; `None` means the newest.
    pub version: Option<ApiVersion>,
    entry: &'static Entry,
    read: crate::ask::table::Reader,
    body: Body,
    names: Vec<String>,
    query: Query,
}

/// What body to expect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyKind {
    /// None; any is refused.
    None,
    /// A JSON document. Some clients send an empty one where nothing is to be said.
    Json {
        /// Bytes.
        most: usize,
    },
    /// A tar archive, as a stream that the reader does not see.
    Archive,
}

/// The parts of a request's head that say something.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Head<'a> {
    /// `Content-Type`.
    pub content_type: Option<&'a str>,
    /// `X-Registry-Auth`.
    pub registry_auth: Option<&'a str>,
    /// `X-Registry-Config`.
    pub registry_config: Option<&'a str>,
}

/// Finds a request's route by its method and its target, path and query, as the bytes came.
///
/// # Errors
/// When the target is not in its one canonical spelling, or there is no such route, or it is not for tenants, or a
/// parameter is unknown or said twice.
pub fn route(method: &str, target: &str) -> Result<Route, Refusal> {
    find_route(method, target).map_err(Refusal::shortened)
}

fn find_route(method: &str, target: &str) -> Result<Route, Refusal> {
    let Target { segments, pairs } = Target::parse(target)?;
    let (version, path) = match segments.split_first() {
        Some(((first, _), rest)) if is_versioned(first) => (Some(version(first)?), rest),
        _ => (None, segments.as_slice()),
    };
    let (entry, names) = find(method, path)?;
    match &entry.class {
        Class::Denied(why) => Err(Refusal::forbidden(
            why.rule,
            format!("`{method} {}` {}", entry.template, why.reason),
            why.hint,
        )),
        Class::Answered { params, body, read } => {
            Ok(Route { version, entry, read: *read, body: *body, names, query: Query::read(pairs, params)? })
        }
    }
}

impl fmt::Debug for Head<'_> {
    /// Says which headers there are, and of accounts no more than that.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Head")
            .field("content_type", &self.content_type)
            .field("registry_auth", &self.registry_auth.map(|_| "…"))
            .field("registry_config", &self.registry_config.map(|_| "…"))
            .finish()
    }
}

impl Route {
    /// The route's name, such as `container-create`.
    pub fn name(&self) -> &'static str {
        self.entry.name
    }

    /// What body to expect.
    pub fn body(&self) -> BodyKind {
        match self.body {
            Body::None => BodyKind::None,
            Body::Empty => BodyKind::Json { most: 4096 },
            Body::Json(most, _) => BodyKind::Json { most },
            Body::Archive => BodyKind::Archive,
        }
    }

    /// Reads what is asked. `body` is the whole body, and empty for an archive.
    ///
    /// # Errors
    /// When anything in it cannot be read, is not known, or may not be said by anybody.
    pub fn read(&self, head: &Head<'_>, body: &[u8]) -> Result<Ask, Refusal> {
        let Self { version, names, query, body: kind, .. } = self;
        let reading = Reading { version: *version, names, query, head: *head, kind: *kind, body };
        reading.check_head().map_err(Refusal::shortened)?;
        (self.read)(&reading).map_err(Refusal::shortened)
    }
}

/// Whether a path's first segment is meant as a version: nothing else in the table begins with `v` and a digit.
fn is_versioned(segment: &str) -> bool {
    let mut bytes = segment.bytes();
    bytes.next() == Some(b'v') && bytes.next().is_some_and(|b| b.is_ascii_digit())
}

/// The engine takes `v01.41` and `v1.41.0` for versions, too (V21): here there is one spelling.
fn version(segment: &str) -> Result<ApiVersion, Refusal> {
    let text = segment.trim_start_matches('v');
    let version: Option<ApiVersion> = text.parse().ok().filter(|v: &ApiVersion| format!("v{v}") == segment);
    match version {
        None => {
            Err(Refusal::malformed(format!("`{segment}` is not a version; write `v{}`", ApiVersion::NEWEST)))
        }
        Some(version) if version < ApiVersion::OLDEST => Err(Refusal::malformed(format!(
            "client version {version} is too old. Minimum supported API version is {}, please upgrade your client \
             to a newer version",
            ApiVersion::OLDEST
        ))),
        Some(version) if version > ApiVersion::NEWEST => Err(Refusal::malformed(format!(
            "client version {version} is too new. Maximum supported API version is {}",
            ApiVersion::NEWEST
        ))),
        Some(version) => Ok(version),
    }
}

fn find(method: &str, path: &[(&str, String)]) -> Result<(&'static Entry, Vec<String>), Refusal> {
    let mut other_method = false;
    for entry in TABLE.iter().copied().flatten() {
        let Some(names) = fit(entry.template, path) else { continue };
        if entry.method == method || entry.method == "*" {
            return Ok((entry, names));
        }
        other_method = true;
    }
    // The engine answers the method OPTIONS of every path, with nothing that a client of Docker looks at.
    if other_method && method != "OPTIONS" {
        return Err(Refusal::WrongMethod);
    }
    Err(Refusal::NotFound("page not found".to_owned()))
}

/// The names in a path that fits a template. `{name...}` is one segment or more, `{name}` is one. Nothing is allocated
/// for the templates that do not fit, which are nearly all.
fn fit(template: &str, path: &[(&str, String)]) -> Option<Vec<String>> {
    let parts = || template.split('/').skip(1);
    let (count, several) = (parts().count(), parts().position(|part| part.ends_with("...}")));
    let most = if several.is_some() { path.len() } else { count };
    if path.len() < count || path.len() > most {
        return None;
    }
    let before = several.unwrap_or(count);
    let after = count - before - usize::from(several.is_some());
    let (head, rest) = path.split_at_checked(before)?;
    let (middle, tail) = rest.split_at_checked(rest.len().checked_sub(after)?)?;
    let ends = || parts().take(before).zip(head).chain(parts().skip(before + 1).zip(tail));
    if !ends().all(|(part, (raw, _))| part.starts_with('{') || part == *raw) {
        return None;
    }
    let mut names: Vec<String> =
        ends().filter(|(part, _)| part.starts_with('{')).map(|(_, (_, decoded))| decoded.clone()).collect();
    if several.is_some() {
        // No template has a name of one segment before one of several.
        let segments: Vec<&str> = middle.iter().map(|(_, decoded)| decoded.as_str()).collect();
        names.insert(0, segments.join("/"));
    }
    Some(names)
}
