//! Commands: a line that is split into words, or the words themselves.

use super::words::split;
use wharf_document::{Errors, List, Node, Read, Shape, Value, Word, refuse};

/// A command line, or a list of words taken as they are.
#[derive(Debug)]
pub(crate) struct Command;

/// A command that has at least one word.
#[derive(Debug)]
pub(crate) struct SomeCommand;

impl Read for Command {
    type Value = Vec<String>;

    fn shape() -> Shape {
        Shape::any_of([Word::shape(), List::<Word>::shape()])
    }

    fn read(node: &Node, errors: &mut Errors) -> Option<Vec<String>> {
        match &node.value {
            Value::List(_) => {
                let words = List::<Word>::read(node, errors)?;
                Some(words.into_iter().map(|word| word.value).collect())
            }
            Value::Map(_) => refuse(node, errors, "a command line, or a list of words", None),
            Value::Scalar(_) => {
                let line = Word::read(node, errors)?;
                let words = split(&line);
                if words.is_none() {
                    let help = "close the quote, or write the command as a list of words".to_owned();
                    errors.push(
                        node.span,
                        "this command line ends inside a quote, or in a backslash",
                        Some(help),
                    );
                }
                words
            }
        }
    }
}

impl Read for SomeCommand {
    type Value = Vec<String>;

    fn shape() -> Shape {
        Shape::any_of([
            Word::shape().with("minLength", 1.into()),
            List::<Word>::shape().with("minItems", 1.into()),
        ])
    }

    fn read(node: &Node, errors: &mut Errors) -> Option<Vec<String>> {
        let words = Command::read(node, errors)?;
        if words.is_empty() {
            errors.push(
                node.span,
                "this command has no words",
                Some("name a program of the container".to_owned()),
            );
            return None;
        }
        Some(words)
    }
}
