//! Environment variables: values in the file, and values in files.

use super::first_at;
use super::grammars::ValueFile;
use super::secrets::{NOT_IN_THE_ENVIRONMENT, is_secret_reference};
use serde_json::json;
use std::collections::BTreeMap;
use wharf_document::{Errors, Map, Misfit, Node, Parsed, Read, ReadKey, Shape, Spanned, Text, quoted};
use wharf_model::{EnvName, MountSource};

/// Variables with their values.
pub(crate) type Environment = Map<Variable, VariableText>;

/// A variable's value, which is text.
#[derive(Debug)]
pub(crate) struct VariableText;

impl Read for VariableText {
    type Value = String;

    fn shape() -> Shape {
        Text::shape()
    }

    fn read(node: &Node, errors: &mut Errors) -> Option<String> {
        if is_secret_reference(node) {
            errors.push(
                node.span,
                "a secret is never put into the environment",
                Some(NOT_IN_THE_ENVIRONMENT.to_owned()),
            );
            return None;
        }
        Text::read(node, errors)
    }
}

/// Variables with the files that hold their values.
pub(crate) type EnvironmentFiles = Map<Variable, Parsed<ValueFile>>;

/// What `Map` gives for either.
pub(super) type Variables<T> = Vec<(Spanned<EnvName>, Spanned<T>)>;

/// The name of a variable.
#[derive(Debug)]
pub(crate) enum Variable {}

impl ReadKey for Variable {
    type Key = EnvName;

    fn key_shape() -> Shape {
        Shape::of(json!({ "pattern": "^[^=]+$" }))
    }

    fn read_key(text: &str) -> Result<EnvName, Misfit> {
        text.parse().map_err(|error: wharf_model::EnvNameError| Misfit::new(error.to_string()))
    }
}

/// Both maps, with an error for each name that stands in both.
pub(super) fn check(
    values: Option<Spanned<Variables<String>>>,
    files: Option<Spanned<Variables<MountSource>>>,
    errors: &mut Errors,
) -> (BTreeMap<EnvName, String>, BTreeMap<EnvName, MountSource>) {
    let values = values.map(|values| values.value).unwrap_or_default();
    let files = files.map(|files| files.value).unwrap_or_default();
    let places: BTreeMap<&EnvName, &Spanned<EnvName>> =
        values.iter().map(|(name, _)| (&name.value, name)).collect();
    for (name, _) in &files {
        if let Some(first) = places.get(&name.value) {
            let message = format!("the variable {} is in `environment`, too", quoted(name.value.as_str()));
            errors.push_at(
                &name.place,
                message,
                Some(format!("{}; keep one of them", first_at(&first.place))),
            );
        }
    }
    (plain(values), plain(files))
}

/// Names and values without their places.
pub(super) fn plain<T>(variables: Variables<T>) -> BTreeMap<EnvName, T> {
    variables.into_iter().map(|(name, value)| (name.value, value.value)).collect()
}
