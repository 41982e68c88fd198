//! An object of a body, opened against its table: from then on its fields are taken by name and type. Go's types are
//! the measure: what Go would not decode is refused here, too.

use crate::ask::field::{Field, Inner, Standing};
use crate::ask::json::{Json, folds_to};
use crate::ask::{Forbidden, Refusal};
use std::collections::BTreeMap;

/// The fields of one object that say something. Not `Debug`: it holds accounts.
pub(crate) struct Object {
    /// As people write it, `HostConfig.Mounts[0]`; empty for the whole body.
    path: String,
    known: &'static [Field],
    said: BTreeMap<&'static str, Json>,
}

impl Object {
    /// Opens an object. Null is an empty one.
    pub(crate) fn open(value: Json, path: &str, known: &'static [Field]) -> Result<Self, Refusal> {
        let members = match value {
            Json::Null => Vec::new(),
            Json::Object(members) => members,
            _ => return Err(wrong(if path.is_empty() { "the body" } else { path }, "an object")),
        };
        let mut opened = Self { path: path.to_owned(), known, said: BTreeMap::new() };
        for (key, value) in members {
            opened.admit(&key, value)?;
        }
        Ok(opened)
    }

    fn admit(&mut self, key: &str, value: Json) -> Result<(), Refusal> {
        let Some(field) = self.known.iter().find(|field| field.name == key) else {
            return self.check_unknown(key, &value);
        };
        match field.standing {
            _ if value == Json::Null => {}
            Standing::Ignored => {}
            Standing::Said => {
                self.said.insert(field.name, value);
            }
            Standing::Denied(_) if value.is_zero() => {}
            Standing::Denied(why) | Standing::DeniedUnlessNull(why) => return Err(why.refusal(&self.at(key))),
        }
        Ok(())
    }

    fn check_unknown(&self, key: &str, value: &Json) -> Result<(), Refusal> {
        if let Some(meant) = self.known.iter().find(|field| folds_to(key, field.name)) {
            let reason = format!("`{}` is another spelling of `{}`", self.at(key), meant.name);
            return Err(Refusal::forbidden(
                Forbidden::UnknownField,
                reason,
                format!("write `{}`", meant.name),
            ));
        }
        if value.is_zero() {
            return Ok(());
        }
        let reason = format!("the field `{}` is not known here", self.at(key));
        Err(Refusal::forbidden(Forbidden::UnknownField, reason, "leave it out"))
    }

    /// The path of a field, as people write it.
    pub(crate) fn at(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// The refusal of what a field says.
    pub(crate) fn malformed(&self, name: &str, what: &str) -> Refusal {
        Refusal::malformed(format!("`{}` {what}", self.at(name)))
    }

    /// The refusal of what a field says, by a rule.
    pub(crate) fn forbidden(&self, rule: Forbidden, name: &str, what: &str, hint: &str) -> Refusal {
        Refusal::forbidden(rule, format!("`{}` {what}", self.at(name)), hint)
    }

    /// A text; an empty one says nothing.
    pub(crate) fn text(&mut self, name: &'static str) -> Result<Option<String>, Refusal> {
        match self.said.remove(name) {
            None => Ok(None),
            Some(Json::Text(text)) => Ok(Some(text).filter(|text| !text.is_empty())),
            Some(_) => Err(wrong(&self.at(name), "a text")),
        }
    }

    pub(crate) fn flag(&mut self, name: &'static str) -> Result<Option<bool>, Refusal> {
        match self.said.remove(name) {
            None => Ok(None),
            Some(Json::Bool(value)) => Ok(Some(value)),
            Some(_) => Err(wrong(&self.at(name), "true or false")),
        }
    }

    /// A switch that is off when it is not said.
    pub(crate) fn is_on(&mut self, name: &'static str) -> Result<bool, Refusal> {
        self.flag(name).map(Option::unwrap_or_default)
    }

    /// A whole number; Go takes neither `1.0` nor `1e3` for one.
    pub(crate) fn int(&mut self, name: &'static str) -> Result<Option<i64>, Refusal> {
        match self.said.remove(name) {
            None => Ok(None),
            Some(Json::Int(number)) => Ok(Some(number)),
            Some(_) => Err(wrong(&self.at(name), "a whole number")),
        }
    }

    /// A list of texts.
    pub(crate) fn texts(&mut self, name: &'static str) -> Result<Option<Vec<String>>, Refusal> {
        match self.said.remove(name) {
            None => Ok(None),
            Some(value) => texts(value, &self.at(name)).map(Some),
        }
    }

    /// The engine's `StrSlice`: a list of texts, or one text.
    pub(crate) fn words(&mut self, name: &'static str) -> Result<Option<Vec<String>>, Refusal> {
        match self.said.remove(name) {
            None => Ok(None),
            Some(Json::Text(text)) => Ok(Some(vec![text])),
            Some(value) => texts(value, &self.at(name)).map(Some),
        }
    }

    /// A map of texts, whose keys are the client's: `a` and `A` are two.
    pub(crate) fn text_map(
        &mut self,
        name: &'static str,
    ) -> Result<Option<BTreeMap<String, String>>, Refusal> {
        let Some(members) = self.members(name)? else { return Ok(None) };
        let text = |(key, value): (String, Json)| match value {
            Json::Text(text) => Ok((key, text)),
            _ => Err(wrong(&format!("{}.{key}", self.at(name)), "a text")),
        };
        members.into_iter().map(text).collect::<Result<_, _>>().map(Some)
    }

    /// The keys of a map whose values say nothing, Go's `map[string]struct{}`.
    pub(crate) fn keys(&mut self, name: &'static str) -> Result<Vec<String>, Refusal> {
        let members = self.members(name)?.unwrap_or_default();
        let key = |(key, value): (String, Json)| match value {
            Json::Null => Ok(key),
            Json::Object(inner) if inner.is_empty() => Ok(key),
            _ => Err(wrong(&format!("{}.{key}", self.at(name)), "an empty object")),
        };
        members.into_iter().map(key).collect()
    }

    /// Two whole numbers, `[rows, columns]`.
    pub(crate) fn pair(&mut self, name: &'static str) -> Result<Option<(u16, u16)>, Refusal> {
        match self.said.remove(name) {
            None => Ok(None),
            Some(Json::List(items)) => match items.as_slice() {
                [Json::Int(rows), Json::Int(columns)] => {
                    let fits = |n: &i64| u16::try_from(*n).map_err(|_| wrong(&self.at(name), "two sizes"));
                    Ok(Some((fits(rows)?, fits(columns)?)))
                }
                _ => Err(wrong(&self.at(name), "two whole numbers")),
            },
            Some(_) => Err(wrong(&self.at(name), "two whole numbers")),
        }
    }

    /// A list of lists of texts.
    pub(crate) fn text_lists(&mut self, name: &'static str) -> Result<Vec<Vec<String>>, Refusal> {
        let at = self.at(name);
        self.items(name)?.into_iter().map(|item| texts(item, &at)).collect()
    }

    /// An object inside; `None` when it is not said.
    pub(crate) fn object(&mut self, name: &'static str) -> Result<Option<Self>, Refusal> {
        let Inner::Object(fields) = self.inner(name) else { return Ok(None) };
        self.said.remove(name).map(|value| Self::open(value, &self.at(name), fields)).transpose()
    }

    /// A list of objects.
    pub(crate) fn objects(&mut self, name: &'static str) -> Result<Vec<Self>, Refusal> {
        let Inner::List(fields) = self.inner(name) else { return Ok(Vec::new()) };
        let at = self.at(name);
        open_list(self.items(name)?, &at, fields)
    }

    /// A map of objects, by the client's keys.
    pub(crate) fn object_map(&mut self, name: &'static str) -> Result<Vec<(String, Self)>, Refusal> {
        let Inner::Map(fields) = self.inner(name) else { return Ok(Vec::new()) };
        let at = self.at(name);
        let open = |(key, value): (String, Json)| {
            let opened = Self::open(value, &format!("{at}.{key}"), fields)?;
            Ok((key, opened))
        };
        self.members(name)?.unwrap_or_default().into_iter().map(open).collect()
    }

    /// A map of lists of objects, by the client's keys.
    pub(crate) fn list_map(&mut self, name: &'static str) -> Result<Vec<(String, Vec<Self>)>, Refusal> {
        let Inner::MapOfLists(fields) = self.inner(name) else { return Ok(Vec::new()) };
        let at = self.at(name);
        let open = |(key, value): (String, Json)| {
            let path = format!("{at}.{key}");
            match value {
                Json::Null => Ok((key, Vec::new())),
                Json::List(items) => open_list(items, &path, fields).map(|list| (key, list)),
                _ => Err(wrong(&path, "a list")),
            }
        };
        self.members(name)?.unwrap_or_default().into_iter().map(open).collect()
    }

    fn inner(&self, name: &str) -> Inner {
        self.known.iter().find(|field| field.name == name).map_or(Inner::Value, |field| field.inner)
    }

    fn items(&mut self, name: &'static str) -> Result<Vec<Json>, Refusal> {
        match self.said.remove(name) {
            None => Ok(Vec::new()),
            Some(Json::List(items)) => Ok(items),
            Some(_) => Err(wrong(&self.at(name), "a list")),
        }
    }

    fn members(&mut self, name: &'static str) -> Result<Option<Vec<(String, Json)>>, Refusal> {
        match self.said.remove(name) {
            None => Ok(None),
            Some(Json::Object(members)) => Ok(Some(members)),
            Some(_) => Err(wrong(&self.at(name), "an object")),
        }
    }
}

fn open_list(items: Vec<Json>, path: &str, fields: &'static [Field]) -> Result<Vec<Object>, Refusal> {
    let open = |(index, item)| Object::open(item, &format!("{path}[{index}]"), fields);
    items.into_iter().enumerate().map(open).collect()
}

fn texts(value: Json, path: &str) -> Result<Vec<String>, Refusal> {
    let Json::List(items) = value else { return Err(wrong(path, "a list of texts")) };
    let text = |(index, item)| match item {
        Json::Text(text) => Ok(text),
        _ => Err(wrong(&format!("{path}[{index}]"), "a text")),
    };
    items.into_iter().enumerate().map(text).collect()
}

fn wrong(path: &str, wanted: &str) -> Refusal {
    Refusal::malformed(format!("`{path}` must be {wanted}"))
}
