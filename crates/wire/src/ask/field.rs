//! What is known of the fields of a body's objects: a table for each object, and how a value stands in it. Whatever is
//! in no table is refused, unless it says nothing.

use crate::ask::Forbidden;

/// How a field or a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is read.
    Said,
    /// It means nothing to an engine on Linux, or only to the client itself; whatever it says is dropped.
    Ignored,
    /// It may say nothing: null, false, 0, or empty.
    Denied(Denied),
    /// It may be null only: here empty is not nothing.
    DeniedUnlessNull(Denied),
}

/// Why something may not be said, and what to do instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Denied {
    /// By which rule.
    pub rule: Forbidden,
    /// Follows the field's name: `would …`, `is …`.
    pub reason: &'static str,
    /// What to do instead.
    pub hint: &'static str,
}

/// One field of an object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) standing: Standing,
    pub(crate) inner: Inner,
}

/// What is inside a field.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Inner {
    /// Nothing that has fields: a value, a list of values, or a map whose keys are the client's.
    Value,
    Object(&'static [Field]),
    List(&'static [Field]),
    Map(&'static [Field]),
    MapOfLists(&'static [Field]),
}

pub(crate) const fn said(name: &'static str) -> Field {
    Field { name, standing: Standing::Said, inner: Inner::Value }
}

pub(crate) const fn ignored(name: &'static str) -> Field {
    Field { name, standing: Standing::Ignored, inner: Inner::Value }
}

pub(crate) const fn denied(name: &'static str, why: Denied) -> Field {
    Field { name, standing: Standing::Denied(why), inner: Inner::Value }
}

pub(crate) const fn only_null(name: &'static str, why: Denied) -> Field {
    Field { name, standing: Standing::DeniedUnlessNull(why), inner: Inner::Value }
}

pub(crate) const fn object(name: &'static str, fields: &'static [Field]) -> Field {
    Field { name, standing: Standing::Said, inner: Inner::Object(fields) }
}

pub(crate) const fn list(name: &'static str, fields: &'static [Field]) -> Field {
    Field { name, standing: Standing::Said, inner: Inner::List(fields) }
}

pub(crate) const fn map(name: &'static str, fields: &'static [Field]) -> Field {
    Field { name, standing: Standing::Said, inner: Inner::Map(fields) }
}

pub(crate) const fn map_of_lists(name: &'static str, fields: &'static [Field]) -> Field {
    Field { name, standing: Standing::Said, inner: Inner::MapOfLists(fields) }
}

pub(crate) const fn because(rule: Forbidden, reason: &'static str, hint: &'static str) -> Denied {
    Denied { rule, reason, hint }
}

impl Denied {
    /// The refusal of `what`, which is a field's path or a parameter.
    pub(crate) fn refusal(&self, what: &str) -> crate::ask::Refusal {
        crate::ask::Refusal::forbidden(self.rule, format!("`{what}` {}", self.reason), self.hint)
    }
}

/// How the field at `path` stands below `fields`; `[]` is an item of a list, `*` a key of a map. `None` when it is not
/// known.
pub(crate) fn standing(fields: &'static [Field], path: &[&str]) -> Option<Standing> {
    let (name, rest) = path.split_first()?;
    let field = fields.iter().find(|field| field.name == *name)?;
    if field.standing != Standing::Said || rest.is_empty() {
        return Some(field.standing);
    }
    match (field.inner, rest) {
        (Inner::Object(inner), rest)
        | (Inner::List(inner), ["[]", rest @ ..])
        | (Inner::Map(inner), ["*", rest @ ..])
        | (Inner::MapOfLists(inner), ["*", "[]", rest @ ..]) => standing(inner, rest),
        _ => None,
    }
}
