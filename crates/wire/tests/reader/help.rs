//! Short ways to ask.

use wharf_wire::ask::{Ask, Forbidden, Head, Refusal, route};
use wharf_wire::tenant::ContainerWish;

pub(crate) const JSON: Head<'static> =
    Head { content_type: Some("application/json"), registry_auth: None, registry_config: None };

/// A request with a JSON body, or with none.
pub(crate) fn ask(method: &str, target: &str, body: &str) -> Result<Ask, Refusal> {
    let head = if body.is_empty() { Head::default() } else { JSON };
    route(method, target)?.read(&head, body.as_bytes())
}

pub(crate) fn get(target: &str) -> Result<Ask, Refusal> {
    ask("GET", target, "")
}

/// A creation from an image, with more fields.
pub(crate) fn create(more: &str) -> Result<ContainerWish, Refusal> {
    let comma = if more.is_empty() { "" } else { "," };
    wish(&format!("{{\"Image\":\"busybox\"{comma}{more}}}"))
}

/// A creation with fields of `HostConfig`.
pub(crate) fn host(fields: &str) -> Result<ContainerWish, Refusal> {
    create(&format!("\"HostConfig\":{{{fields}}}"))
}

/// A creation with the whole body.
pub(crate) fn wish(body: &str) -> Result<ContainerWish, Refusal> {
    match ask("POST", "/v1.51/containers/create", body)? {
        Ask::CreateContainer { wish, .. } => Ok(*wish),
        other => panic!("{other:?}"),
    }
}

/// The rule that refuses; a panic when none does.
#[track_caller]
pub(crate) fn rule<T: std::fmt::Debug>(result: Result<T, Refusal>) -> Forbidden {
    match result {
        Err(Refusal::Forbidden { rule, .. }) => rule,
        other => panic!("no rule refused this: {other:?}"),
    }
}

/// The words of a request that cannot be read.
#[track_caller]
pub(crate) fn malformed<T: std::fmt::Debug>(result: Result<T, Refusal>) -> String {
    match result {
        Err(Refusal::Malformed(words)) => words,
        other => panic!("this was not malformed: {other:?}"),
    }
}

/// The words of what is not there.
#[track_caller]
pub(crate) fn not_found<T: std::fmt::Debug>(result: Result<T, Refusal>) -> String {
    match result {
        Err(Refusal::NotFound(words)) => words,
        other => panic!("this was found: {other:?}"),
    }
}
