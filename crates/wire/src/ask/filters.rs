//! `filters`: a JSON document in one parameter, in either of its two spellings.

use crate::ask::Refusal;
use crate::ask::json::Json;
use std::collections::BTreeMap;

/// What was asked for, by kind; every kind must be taken by its reader.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Filters(BTreeMap<String, Vec<String>>);

impl Filters {
    /// `{"label":["a"]}`, or `{"label":{"a":true}}`. Null and false are refused: on the engine the first turns the
    /// filter off, and the second turns it on (V19).
    pub(crate) fn parse(text: &str) -> Result<Self, Refusal> {
        let kinds = match Json::parse(text.as_bytes())? {
            Json::Null if text.is_empty() => Vec::new(),
            Json::Object(kinds) => kinds,
            _ => return Err(Refusal::malformed("`filters` must be an object")),
        };
        let read = |(kind, value): (String, Json)| values(&kind, value).map(|values| (kind, values));
        let kinds = kinds.into_iter().map(read).collect::<Result<BTreeMap<_, _>, _>>()?;
        Ok(Self(kinds.into_iter().filter(|(_, values)| !values.is_empty()).collect()))
    }

    /// Takes a kind; any value may fit.
    pub(crate) fn many(&mut self, kind: &str) -> Vec<String> {
        self.0.remove(kind).unwrap_or_default()
    }

    /// Takes a kind of which there may be one value: of several the engine chooses one as it likes.
    pub(crate) fn one(&mut self, kind: &str) -> Result<Option<String>, Refusal> {
        let mut values = self.many(kind);
        if values.len() > 1 {
            return Err(Refusal::malformed(format!("the filter `{kind}` may be said once")));
        }
        Ok(values.pop())
    }

    /// Takes a kind that is true or false.
    pub(crate) fn flag(&mut self, kind: &str) -> Result<Option<bool>, Refusal> {
        match self.one(kind)?.as_deref() {
            None => Ok(None),
            Some("1" | "true" | "True") => Ok(Some(true)),
            Some("0" | "false" | "False") => Ok(Some(false)),
            Some(other) => Err(invalid(&format!("{kind}={other}"))),
        }
    }

    /// Everything must have been taken by now.
    pub(crate) fn check_empty(&self) -> Result<(), Refusal> {
        self.0.keys().next().map_or(Ok(()), |kind| Err(invalid(kind)))
    }

    /// All kinds, when each is one of `known`.
    pub(crate) fn only(self, known: &[&str]) -> Result<BTreeMap<String, Vec<String>>, Refusal> {
        match self.0.keys().find(|kind| !known.contains(&kind.as_str())) {
            Some(kind) => Err(invalid(kind)),
            None => Ok(self.0),
        }
    }
}

fn invalid(filter: &str) -> Refusal {
    Refusal::malformed(format!("invalid filter '{filter}'"))
}

fn values(kind: &str, value: Json) -> Result<Vec<String>, Refusal> {
    let wrong =
        || Refusal::malformed(format!("the filter `{kind}` must be a list of texts, or a map to true"));
    let text = |item| match item {
        Json::Text(text) => Ok(text),
        _ => Err(wrong()),
    };
    match value {
        Json::List(items) => items.into_iter().map(text).collect(),
        Json::Object(members) => {
            let set = |(text, on)| if on == Json::Bool(true) { Ok(text) } else { Err(wrong()) };
            members.into_iter().map(set).collect()
        }
        _ => Err(wrong()),
    }
}
