//! One request while it is read: its names, its query, the parts of its head, its body.

use crate::ApiVersion;
use crate::ask::account;
use crate::ask::fields;
use crate::ask::json::Json;
use crate::ask::object::Object;
use crate::ask::query::Query;
use crate::ask::route::Head;
use crate::ask::table::Body;
use crate::ask::{Forbidden, Refusal};

/// What a route's reader is given. Not `Debug`: it holds accounts.
pub(crate) struct Reading<'a> {
    pub(crate) version: Option<ApiVersion>,
    pub(crate) names: &'a [String],
    pub(crate) query: &'a Query,
    pub(crate) head: Head<'a>,
    pub(crate) kind: Body,
    pub(crate) body: &'a [u8],
}

impl Reading<'_> {
    /// Whether the body is of the kind that the route has. Forms are refused everywhere: the engine takes what they
    /// say for the query, and before it (V7).
    pub(crate) fn check_head(&self) -> Result<(), Refusal> {
        let (media, charset) = match self.head.content_type {
            Some(text) => media_type(text)?,
            None => (String::new(), String::new()),
        };
        let is_json = media == "application/json" && matches!(charset.as_str(), "" | "utf-8");
        // The docker CLI says `text/plain` of a body that is empty, and of an archive.
        let says_little = matches!(media.as_str(), "" | "text/plain");
        let fits = match self.kind {
            Body::None | Body::Empty | Body::Json(..) if self.body.is_empty() => says_little || is_json,
            Body::None | Body::Empty | Body::Json(..) => is_json,
            Body::Archive => {
                says_little
                    || matches!(
                        media.as_str(),
                        "application/x-tar" | "application/tar" | "application/octet-stream"
                    )
            }
        };
        if !fits {
            let wanted =
                if matches!(self.kind, Body::Archive) { "application/x-tar" } else { "application/json" };
            let said = self.head.content_type.unwrap_or_default();
            return Err(Refusal::malformed(format!(
                "the content type `{said}` is not taken here; send `{wanted}`"
            )));
        }
        match self.kind {
            Body::None if !self.body.is_empty() => Err(Refusal::malformed("such a request has no body")),
            Body::Empty => Object::open(Json::parse(self.body)?, "", fields::NOTHING).map(|_| ()),
            Body::Json(most, _) if self.body.len() > most => Err(Refusal::TooLarge { most }),
            _ => Ok(()),
        }?;
        account::check_config(self.head.registry_config)
    }

    /// The body, opened against its route's table.
    pub(crate) fn object(&self) -> Result<Object, Refusal> {
        let fields = if let Body::Json(_, fields) = self.kind { fields } else { fields::NOTHING };
        Object::open(Json::parse(self.body)?, "", fields)
    }

    /// The path's name.
    pub(crate) fn name(&self) -> Result<&str, Refusal> {
        // Every template whose reader asks has one.
        self.names.first().map(String::as_str).ok_or_else(|| Refusal::NotFound("page not found".to_owned()))
    }

    /// The path's container.
    pub(crate) fn container(&self) -> Result<String, Refusal> {
        container(self.name()?)
    }

    /// A query parameter that must be there.
    pub(crate) fn required(&self, name: &str) -> Result<&str, Refusal> {
        let missing = || Refusal::malformed(format!("the query parameter `{name}` is missing"));
        self.query.text(name).ok_or_else(missing)
    }

    /// Keys that detach, from the query.
    pub(crate) fn detach_keys(&self) -> Result<Option<String>, Refusal> {
        self.query.text("detachKeys").map(detach_keys).transpose()
    }
}

fn media_type(text: &str) -> Result<(String, String), Refusal> {
    let mut parts = text.split(';').map(|part| part.trim().to_ascii_lowercase());
    let media = parts.next().unwrap_or_default();
    let mut charset = String::new();
    for part in parts {
        match part.split_once('=') {
            Some(("charset", value)) if charset.is_empty() => {
                value.trim_matches('"').clone_into(&mut charset);
            }
            _ => return Err(Refusal::malformed(format!("the content type `{text}` cannot be read"))),
        }
    }
    Ok((media, charset))
}

/// A container's name or id, or the beginning of one.
pub(crate) fn container(text: &str) -> Result<String, Refusal> {
    if is_name(text) {
        Ok(text.to_owned())
    } else {
        Err(Refusal::NotFound(format!("No such container: {text}")))
    }
}

/// The grammar of names and of ids: what does not fit it can be nobody's.
pub(crate) fn is_name(text: &str) -> bool {
    text.parse::<wharf_model::ObjectName>().is_ok()
}

/// `ctrl-p,ctrl-q`, `a`, `ctrl-@`: the engine's grammar.
pub(crate) fn detach_keys(text: &str) -> Result<String, Refusal> {
    let control = |key: &str| {
        let mut rest = key.bytes();
        rest.next().is_some_and(|b| b.is_ascii_lowercase() || b"@[\\]^_".contains(&b))
            && rest.next().is_none()
    };
    let fits = |key: &str| match key.strip_prefix("ctrl-") {
        Some(key) => control(key),
        None => key.len() == 1 && key.is_ascii(),
    };
    if text.len() <= 256 && text.split(',').all(fits) {
        return Ok(text.to_owned());
    }
    Err(Refusal::malformed(format!("`{text}` are not keys that detach; write such as `ctrl-p,ctrl-q`")))
}

/// A text that stands in one line of a file: no control characters.
pub(crate) fn one_line(what: &str, text: String) -> Result<String, Refusal> {
    if text.chars().any(char::is_control) {
        return Err(Refusal::malformed(format!("`{what}` contains a control character")));
    }
    Ok(text)
}

/// A working directory: a plain absolute path, and not `/proc`, through whose descriptors lies the host
/// (CVE-2024-21626).
pub(crate) fn working_dir(what: &str, text: String) -> Result<String, Refusal> {
    let text = one_line(what, text)?;
    if !text.starts_with('/') {
        return Err(Refusal::malformed(format!("`{what}` must be an absolute path, not `{text}`")));
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in text.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    if parts.first() == Some(&"proc") {
        let reason = format!("`{what}` would begin below /proc");
        return Err(Refusal::forbidden(Forbidden::Confinement, reason, "begin elsewhere, and go there"));
    }
    Ok(text)
}
