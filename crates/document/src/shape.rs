//! What a value may look like, as JSON Schema (2020-12) and nothing else. Each reader states the shape of what it reads.

use serde_json::{Map, Value, json};

/// A piece of JSON Schema.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape(Map<String, Value>);

impl Shape {
    /// From the keywords of an object; anything else is no shape and becomes one that allows nothing.
    pub fn of(keywords: Value) -> Self {
        match keywords {
            Value::Object(keywords) => Self(keywords),
            _ => Self(Map::from_iter([("not".to_owned(), json!({}))])),
        }
    }

    /// One of several shapes.
    pub fn any_of(shapes: impl IntoIterator<Item = Self>) -> Self {
        let shapes: Vec<Value> = shapes.into_iter().map(Self::into_json).collect();
        Self::of(json!({ "anyOf": shapes }))
    }

    /// The same shape with one keyword more.
    pub fn with(mut self, keyword: &str, value: Value) -> Self {
        self.0.insert(keyword.to_owned(), value);
        self
    }

    /// The same shape with words for people; empty ones are left out.
    pub fn described(self, text: &str) -> Self {
        if text.is_empty() { self } else { self.with("description", Value::from(text)) }
    }

    /// The schema.
    pub fn into_json(self) -> Value {
        Value::Object(self.0)
    }

    /// The schema of a whole document.
    pub fn into_document(self, title: &str) -> Value {
        self.with("$schema", json!("https://json-schema.org/draft/2020-12/schema"))
            .with("title", json!(title))
            .into_json()
    }
}
