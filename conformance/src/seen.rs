//! A container as the engine shows it.

use serde_json::Value;
use wharf_testkit::Engine;

/// The answer of `docker inspect`.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen(Value);

impl Seen {
    /// Inspects a container, which must be there.
    pub fn of(engine: &Engine, name: &str) -> Self {
        let text =
            engine.docker(["inspect", "--type", "container", name]).unwrap_or_else(|error| panic!("{error}"));
        let mut all: Value = serde_json::from_str(&text).expect("JSON");
        Self(all[0].take())
    }

    /// The value at a JSON pointer, such as `/HostConfig/Memory`; null when there is none.
    pub fn at(&self, pointer: &str) -> &Value {
        self.0.pointer(pointer).unwrap_or(&Value::Null)
    }

    /// The text at a JSON pointer; empty when there is none.
    pub fn text(&self, pointer: &str) -> &str {
        self.at(pointer).as_str().unwrap_or_default()
    }

    /// Its full id.
    pub fn id(&self) -> String {
        self.text("/Id").to_owned()
    }

    /// A label's value; empty when there is none.
    pub fn label(&self, name: &str) -> &str {
        self.at("/Config/Labels")[name].as_str().unwrap_or_default()
    }

    /// Whether it runs.
    pub fn is_running(&self) -> bool {
        self.at("/State/Running") == true
    }

    /// When it was last started, as the engine writes it: such texts compare as times.
    pub fn started_at(&self) -> &str {
        self.text("/State/StartedAt")
    }
}
