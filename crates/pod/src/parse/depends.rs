//! Which members come first, and what is awaited of them.

use super::grammars::Member;
use crate::Condition;
use wharf_document::{
    Choice, Choices, Errors, List, Map, Node, Parsed, Read, Shape, Spanned, Value, mapping, quoted, refuse,
};
use wharf_model::ContainerName;

/// A list of names, or a map from names to conditions.
#[derive(Debug)]
pub(crate) struct DependsOn;

/// A member that comes first, where it was named, and what is awaited of it.
pub(super) type Dependency = (Spanned<ContainerName>, Condition);

mapping! {
    /// What is awaited of the container.
    pub(crate) struct RawDependency {
        /// `started` (the default), `healthy` by the engine's health check, or `completed` with status 0.
        optional "condition" condition: Choice<Condition>,
    }
    refused {
        "required" => "every container of a pod is required; remove the key",
        "restart" => "remove the key: a container that is replaced restarts what shares its namespaces",
    }
}

impl Choices for Condition {
    const ALL: &'static [(&'static str, Self)] =
        &[("started", Self::Started), ("healthy", Self::Healthy), ("completed", Self::Completed)];
    const ELSEWHERE: &'static [(&'static str, &'static str)] = &[
        ("service_started", "started"),
        ("service_healthy", "healthy"),
        ("service_completed_successfully", "completed"),
    ];
}

impl Read for DependsOn {
    type Value = Vec<Dependency>;

    fn shape() -> Shape {
        Shape::any_of([List::<Parsed<Member>>::shape(), Map::<Member, RawDependency>::shape()])
    }

    fn read(node: &Node, errors: &mut Errors) -> Option<Vec<Dependency>> {
        match &node.value {
            Value::List(_) => {
                let names = List::<Parsed<Member>>::read(node, errors)?;
                Some(
                    without_repeats(names, errors)
                        .into_iter()
                        .map(|name| (name, Condition::Started))
                        .collect(),
                )
            }
            Value::Map(_) => {
                let entries = Map::<Member, RawDependency>::read(node, errors)?.into_iter();
                let condition = |raw: RawDependency| {
                    raw.condition.map_or(Condition::Started, |condition| condition.value)
                };
                Some(entries.map(|(name, raw)| (name, condition(raw.value))).collect())
            }
            Value::Scalar(_) => refuse(
                node,
                errors,
                "a list of containers",
                Some("write each name after a `- `, or with a `condition`"),
            ),
        }
    }
}

fn without_repeats(names: Vec<Spanned<ContainerName>>, errors: &mut Errors) -> Vec<Spanned<ContainerName>> {
    let mut seen = std::collections::BTreeSet::new();
    let mut kept = Vec::new();
    for name in names {
        if seen.insert(name.value.clone()) {
            kept.push(name);
        } else {
            let message = format!("{} is named twice", quoted(name.value.as_str()));
            errors.push_at(&name.place, message, Some("name it once".to_owned()));
        }
    }
    kept
}
