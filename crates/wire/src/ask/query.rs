//! The parameters of a query, decoded once and held against the route's list.

use crate::ask::field::Denied;
use crate::ask::filters::Filters;
use crate::ask::{Forbidden, Refusal};

/// A parameter that a route knows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Param {
    pub(crate) name: &'static str,
    pub(crate) kind: ParamKind,
}

/// How it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ParamKind {
    /// At most once.
    Once,
    /// Any number of times.
    Many,
    /// Dropped.
    Ignored,
    /// It may say nothing.
    Denied(Denied),
}

pub(crate) const fn once(name: &'static str) -> Param {
    Param { name, kind: ParamKind::Once }
}

pub(crate) const fn many(name: &'static str) -> Param {
    Param { name, kind: ParamKind::Many }
}

pub(crate) const fn unused(name: &'static str) -> Param {
    Param { name, kind: ParamKind::Ignored }
}

pub(crate) const fn refused(name: &'static str, why: Denied) -> Param {
    Param { name, kind: ParamKind::Denied(why) }
}

/// What a request's query says.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Query(Vec<(&'static str, String)>);

impl Query {
    pub(crate) fn read(pairs: Vec<(String, String)>, known: &'static [Param]) -> Result<Self, Refusal> {
        let mut read = Self::default();
        for (name, value) in pairs {
            read.admit(&name, value, known)?;
        }
        Ok(read)
    }

    fn admit(&mut self, name: &str, value: String, known: &'static [Param]) -> Result<(), Refusal> {
        // The engine matches parameters by their exact case (V19: `FILTERS=` is passed over there).
        let Some(param) = known.iter().find(|param| param.name == name) else {
            let reason = format!("the query parameter `{name}` is not known here");
            return Err(Refusal::forbidden(Forbidden::UnknownField, reason, "leave it out"));
        };
        match param.kind {
            ParamKind::Ignored => return Ok(()),
            ParamKind::Denied(_) if says_nothing(&value) => return Ok(()),
            ParamKind::Denied(why) => return Err(why.refusal(param.name)),
            // Of two, the engine takes the first (V19), others the last.
            ParamKind::Once if self.0.iter().any(|(had, _)| *had == param.name) => {
                return Err(Refusal::malformed(format!("the query parameter `{name}` occurs twice")));
            }
            ParamKind::Once | ParamKind::Many => self.0.push((param.name, value)),
        }
        Ok(())
    }

    /// The text of a parameter; an empty one says nothing.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(had, _)| *had == name).map(|(_, value)| value.as_str()).filter(|v| !v.is_empty())
    }

    /// All texts of a parameter that may occur more than once.
    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        self.0
            .iter()
            .filter(|(had, value)| *had == name && !value.is_empty())
            .map(|(_, v)| v.clone())
            .collect()
    }

    /// A switch. The engine takes an empty one for off, and everything but a few words for on: what it would take for
    /// the opposite of what it says (`off`, `f`) is refused.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, Refusal> {
        let value = self.text(name).unwrap_or_default();
        match value.trim().to_ascii_lowercase().as_str() {
            "" | "0" | "no" | "false" | "none" => Ok(false),
            "1" | "true" | "yes" | "y" | "t" | "on" => Ok(true),
            _ => Err(Refusal::malformed(format!("`{name}={value}` is neither true nor false; write 1 or 0"))),
        }
    }

    /// A switch that is on when the query does not name it; named and empty it is off, as the engine has it.
    pub(crate) fn flag_unless_absent(&self, name: &str) -> Result<bool, Refusal> {
        if self.0.iter().any(|(had, _)| *had == name) { self.flag(name) } else { Ok(true) }
    }

    /// A whole number.
    pub(crate) fn int<N: std::str::FromStr>(&self, name: &str) -> Result<Option<N>, Refusal> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let digits = text.strip_prefix('-').unwrap_or(text);
        let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        let number = if plain { text.parse().ok() } else { None };
        let wrong = || Refusal::malformed(format!("`{name}={text}` is not a whole number that fits"));
        number.map(Some).ok_or_else(wrong)
    }

    /// The filters.
    pub(crate) fn filters(&self) -> Result<Filters, Refusal> {
        Filters::parse(self.text("filters").unwrap_or_default())
    }

    /// A time: seconds since 1970, perhaps with a fraction.
    pub(crate) fn time(&self, name: &str) -> Result<Option<String>, Refusal> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let (seconds, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str| (1..=18).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        if digits(seconds) && digits(fraction) {
            return Ok(Some(text.to_owned()));
        }
        Err(Refusal::malformed(format!("`{name}={text}` is not a time; write seconds since 1970")))
    }
}

fn says_nothing(value: &str) -> bool {
    matches!(
        value.trim().to_ascii_lowercase().as_str(),
        "" | "0" | "no" | "false" | "none" | "null" | "{}" | "[]"
    )
}
