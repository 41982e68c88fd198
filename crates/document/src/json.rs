//! A document as JSON: what a schema judges.

use crate::{Meaning, Node, Scalar, Value};
use serde_json::{Map, Value as Json};

impl Node {
    /// The value as JSON. Numbers that JSON cannot write (`0x1F`, `1_000`, `22:22`, `.inf`) are texts, as they are
    /// written.
    pub fn to_json(&self) -> Json {
        match &self.value {
            Value::Scalar(scalar) => scalar.to_json(),
            Value::List(items) => Json::Array(items.iter().map(Self::to_json).collect()),
            Value::Map(entries) => Json::Object(
                entries
                    .iter()
                    .map(|entry| (entry.key.text.clone(), entry.value.to_json()))
                    .collect::<Map<_, _>>(),
            ),
        }
    }
}

impl Scalar {
    fn to_json(&self) -> Json {
        let text = || Json::String(self.text.clone());
        match self.meaning {
            Meaning::Nothing => Json::Null,
            Meaning::Flag(value) => Json::Bool(value),
            Meaning::Text => text(),
            Meaning::Integer | Meaning::Float => {
                serde_json::from_str(&self.text).ok().filter(Json::is_number).unwrap_or_else(text)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Errors, Limits, parse};
    use serde_json::json;

    #[test]
    fn scalars_become_what_json_has_for_them() {
        let text = "[a, 'b', 1, -2.5, 0x1F, 22:22, yes, ~, {k: []}, 010, .inf]";
        let tree = parse(text, &Limits::FILE, &mut Errors::new()).map(|node| node.to_json());
        let expected = json!(["a", "b", 1, -2.5, "0x1F", "22:22", true, null, { "k": [] }, "010", ".inf"]);
        assert_eq!(tree, Some(expected));
    }
}
