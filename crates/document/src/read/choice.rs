//! One of a few words.

use crate::{Errors, Meaning, Node, Read, Shape, did_you_mean, refuse};
use serde_json::json;
use std::marker::PhantomData;

/// A closed set of words.
pub trait Choices: Sized + Copy + 'static {
    /// Each word with what it means.
    const ALL: &'static [(&'static str, Self)];

    /// Words of other programs, with ours: `("service_healthy", "healthy")`.
    const ELSEWHERE: &'static [(&'static str, &'static str)] = &[];
}

/// Reads one of the words of `C`.
#[derive(Debug)]
pub struct Choice<C>(PhantomData<C>);

impl<C: Choices> Read for Choice<C> {
    type Value = C;

    fn shape() -> Shape {
        let words: Vec<&str> = C::ALL.iter().map(|(word, _)| *word).collect();
        Shape::of(json!({ "enum": words }))
    }

    fn read(node: &Node, errors: &mut Errors) -> Option<C> {
        let allowed = || C::ALL.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        let Some(scalar) = node.scalar().filter(|scalar| scalar.meaning == Meaning::Text) else {
            return refuse(node, errors, &format!("one of {}", allowed()), None);
        };
        if let Some((_, value)) = C::ALL.iter().find(|(word, _)| *word == scalar.text) {
            return Some(*value);
        }
        let help = C::ELSEWHERE
            .iter()
            .find(|(theirs, _)| *theirs == scalar.text)
            .map(|(_, ours)| format!("did you mean `{ours}`?"))
            .or_else(|| did_you_mean(&scalar.text, C::ALL.iter().map(|(word, _)| *word)));
        refuse(node, errors, &format!("one of {}", allowed()), help.as_deref())
    }
}
