//! What Go's `encoding/json` makes of a body: a model of how the engine decodes, to hold the reader against. The first
//! document counts; keys fold; objects merge; of scalars the last counts; null leaves values and clears pointers, lists
//! and maps; a list's elements begin as what the list held before (V2 to V6).

use serde_json::Value;

/// A document with every key it has, in order.
#[derive(Debug, Clone)]
pub(crate) enum Node {
    Leaf(Value),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

impl Node {
    /// The first document of a body; what follows is passed over.
    pub(crate) fn first(body: &str) -> Option<Self> {
        let mut documents = serde_json::Deserializer::from_str(body).into_iter::<Keeping>();
        documents.next()?.ok().map(|keeping| keeping.0)
    }

    /// A field of a Go struct, as it is after everything in this object was decoded into it.
    pub(crate) fn field(&self, name: &str) -> Node {
        let Node::Object(members) = self else { return Node::Leaf(Value::Null) };
        let said = members.iter().filter(|(key, _)| fold(key) == fold(name)).map(|(_, value)| value);
        said.fold(Node::Leaf(Value::Null), Node::then)
    }

    /// What is there once `next` was decoded over it.
    fn then(self, next: &Node) -> Node {
        match (self, next) {
            (Node::Object(mut had), Node::Object(more)) => {
                had.extend(more.iter().cloned());
                Node::Object(had)
            }
            (Node::List(had), Node::List(more)) => {
                let old = had.into_iter().map(Some).chain(std::iter::repeat(None));
                let merged = more.iter().zip(old).map(|(new, old)| match old {
                    Some(old) => old.then(new),
                    None => new.clone(),
                });
                Node::List(merged.collect())
            }
            // Null leaves a plain value as it is, and clears what can be nil.
            (Node::Leaf(had), Node::Leaf(Value::Null)) => Node::Leaf(had),
            (_, next) => next.clone(),
        }
    }

    pub(crate) fn text(&self) -> String {
        match self {
            Node::Leaf(Value::String(text)) => text.clone(),
            _ => String::new(),
        }
    }

    pub(crate) fn is_true(&self) -> bool {
        matches!(self, Node::Leaf(Value::Bool(true)))
    }

    pub(crate) fn int(&self) -> i64 {
        match self {
            Node::Leaf(value) => value.as_i64().unwrap_or(0),
            _ => 0,
        }
    }

    pub(crate) fn items(&self) -> &[Node] {
        match self {
            Node::List(items) => items,
            _ => &[],
        }
    }

    pub(crate) fn texts(&self) -> Vec<String> {
        self.items().iter().map(Node::text).collect()
    }

    /// A Go map: its keys are what they are.
    pub(crate) fn entries(&self) -> Vec<(String, Node)> {
        match self {
            Node::Object(members) => members.clone(),
            _ => Vec::new(),
        }
    }

    pub(crate) fn says_something(&self) -> bool {
        match self {
            Node::Leaf(value) => {
                !matches!(value, Value::Null | Value::Bool(false)) && value != 0 && value != ""
            }
            Node::List(items) => !items.is_empty(),
            Node::Object(members) => !members.is_empty(),
        }
    }
}

/// Go's simple folding, as far as a key made of ASCII can be meant.
fn fold(key: &str) -> String {
    key.chars()
        .map(|c| match c {
            '\u{17f}' => 's',
            '\u{212a}' => 'k',
            other => other.to_ascii_lowercase(),
        })
        .collect()
}

struct Keeping(Node);

impl<'de> serde::Deserialize<'de> for Keeping {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KeepingVisitor).map(Keeping)
    }
}

struct KeepingVisitor;

impl<'de> serde::de::Visitor<'de> for KeepingVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Leaf(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Leaf(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Leaf(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Leaf(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Leaf(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Leaf(value.into()))
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(Keeping(item)) = list.next_element()? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut members = Vec::new();
        while let Some((key, Keeping(value))) = map.next_entry::<String, _>()? {
            members.push((key, value));
        }
        Ok(Node::Object(members))
    }
}

#[test]
fn the_model_decodes_as_engines_were_seen_to() {
    let host = |body: &str| Node::first(body).unwrap().field("HostConfig");
    assert!(host("{\"ho\u{17f}tconfig\":{\"PRIVILEGED\":true}}").field("Privileged").is_true(), "V2, V3");
    assert!(
        host("{\"HostConfig\":{\"Privileged\":true,\"Privileged\":null}}").field("Privileged").is_true(),
        "V4"
    );
    let merged = host("{\"HostConfig\":{\"Privileged\":true},\"HostConfig\":{\"Memory\":5}}");
    assert!(merged.field("Privileged").is_true() && merged.field("Memory").int() == 5, "V4");
    let mounts = host(
        "{\"HostConfig\":{\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/\",\"Target\":\"/a\"}],\"Mounts\":[{\"Target\":\"/x\"}]}}",
    )
    .field("Mounts");
    let mount = &mounts.items()[0];
    assert_eq!((mount.field("Source").text(), mount.field("Target").text()), ("/".into(), "/x".into()), "V5");
    assert!(host("{\"HostConfig\":{\"Privileged\":true}}} and more").field("Privileged").is_true(), "V6");
}
