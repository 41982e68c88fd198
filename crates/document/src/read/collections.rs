//! Readers of lists, and of mappings whose keys the author chooses.

use crate::{Entry, Errors, Node, Place, Read, ReadKey, Shape, Spanned, Value, refuse};
use serde_json::json;
use std::marker::PhantomData;

/// A list; every item is read by `R`.
#[derive(Debug)]
pub struct List<R>(PhantomData<R>);

/// A mapping with keys read by `K` and values read by `R`, in the order of the text.
#[derive(Debug)]
pub struct Map<K, R>(PhantomData<(K, R)>);

impl<R: Read> Read for List<R> {
    type Value = Vec<Spanned<R::Value>>;

    fn shape() -> Shape {
        Shape::of(json!({ "type": "array", "items": R::shape().into_json() }))
    }

    /// The good items; a bad one has left its error.
    fn read(node: &Node, errors: &mut Errors) -> Option<Self::Value> {
        let Value::List(items) = &node.value else {
            return refuse(node, errors, "a list", list_help(node));
        };
        let read = items.iter().enumerate().filter_map(|(index, item)| {
            errors.under_index(index, item.span, |errors| R::read_spanned(item, errors))
        });
        Some(read.collect())
    }
}

fn list_help(node: &Node) -> Option<&'static str> {
    node.scalar().map(|scalar| {
        if scalar.text.is_empty() {
            "remove the key, or write each item after a `- `"
        } else {
            "write each item after a `- `"
        }
    })
}

impl<K: ReadKey, R: Read> Read for Map<K, R> {
    type Value = Vec<(Spanned<K::Key>, Spanned<R::Value>)>;

    fn shape() -> Shape {
        Shape::of(json!({
            "type": "object",
            "propertyNames": K::key_shape().into_json(),
            "additionalProperties": R::shape().into_json(),
        }))
    }

    /// The good entries; a bad one has left its error.
    fn read(node: &Node, errors: &mut Errors) -> Option<Self::Value> {
        let Value::Map(entries) = &node.value else {
            return refuse(node, errors, "a mapping", Some("write each entry as `name: value`"));
        };
        Some(entries.iter().filter_map(|entry| read_entry::<K, R>(entry, errors)).collect())
    }
}

type ReadEntry<K, R> = (Spanned<<K as ReadKey>::Key>, Spanned<<R as Read>::Value>);

fn read_entry<K: ReadKey, R: Read>(entry: &Entry, errors: &mut Errors) -> Option<ReadEntry<K, R>> {
    let Entry { key, value } = entry;
    errors.under_key(&key.text, key.span, |errors| {
        let place: Place = errors.place(key.span);
        let read_key = match K::read_key(&key.text) {
            Ok(value) => Some(Spanned { value, place }),
            Err(misfit) => {
                errors.push_at(&place, misfit.message, misfit.help);
                None
            }
        };
        let value = R::read_spanned(value, errors);
        read_key.zip(value)
    })
}
