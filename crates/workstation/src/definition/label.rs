//! The text that a workstation carries in a label: the file, without the values of its variables. Labels are for everybody
//! who may list containers; the values are in the container's own environment.

use super::Definition;
use std::collections::BTreeMap;
use wharf_document::{Errors, Limits, Node, Value, Yaml};
use wharf_model::{EnvName, WorkstationName};

impl Definition {
    /// What is kept in a label: the text as it was read, or printed when there was none, with the names of the variables
    /// alone.
    pub fn label(&self) -> String {
        let blank = self.environment.keys().map(|name| (name.clone(), String::new())).collect();
        self.text_with(blank)
    }

    /// The text of a label, with the values that the container has.
    pub(crate) fn text_of_label(name: &WorkstationName, label: &str, values: &[String]) -> String {
        let Ok(definition) = Self::parse(name, label) else { return label.to_owned() };
        let value = |name: &EnvName| {
            let told = values.iter().rev().filter_map(|told| told.split_once('='));
            let mut named = told.filter(|(told, _)| *told == name.as_str());
            named.next().map(|(_, value)| value.to_owned())
        };
        let names = definition.environment.keys();
        let told = names.map(|name| (name.clone(), value(name).unwrap_or_default())).collect();
        definition.text_with(told)
    }

    /// The same without values of variables.
    pub(crate) fn without_values(&self) -> Self {
        let mut definition = self.clone();
        definition.environment.values_mut().for_each(String::clear);
        definition
    }

    /// The text with these variables instead of its own; what is said of them in comments between them goes.
    fn text_with(&self, environment: BTreeMap<EnvName, String>) -> String {
        let wanted = Self { environment, ..self.clone() };
        if wanted.environment.is_empty() && !self.text.is_empty() {
            return self.text.clone();
        }
        let says =
            |text: &String| Self::parse(&self.name, text).is_ok_and(|read| read.is_but_for_text(&wanted));
        let edited = replaced(&self.text, &wanted.environment).filter(says);
        edited.unwrap_or_else(|| wanted.to_yaml())
    }

    fn is_but_for_text(&self, other: &Self) -> bool {
        let plain = |definition: &Self| Self { text: String::new(), ..definition.clone() };
        plain(self) == plain(other)
    }
}

/// The text in which the variables alone are others; `None` where they do not stand at the margin.
fn replaced(text: &str, environment: &BTreeMap<EnvName, String>) -> Option<String> {
    let root: Node = wharf_document::parse(text, &Limits::FILE, &mut Errors::new())?;
    let Value::Map(entries) = &root.value else { return None };
    if entries.iter().any(|entry| entry.key.span.column != 1) {
        return None;
    }
    let at = entries.iter().position(|entry| entry.key.text == "environment")?;
    let from = entries.get(at)?.key.span.start;
    let to = entries.get(at + 1).map_or(text.len(), |next| next.key.span.start);
    let variables = environment.iter().map(|(name, value)| (name.to_string(), Yaml::text(value)));
    let entry = Yaml::Map(vec![("environment".to_owned(), Yaml::Map(variables.collect()))]);
    let after = next_keys(text.get(from..to)?);
    Some(format!("{}{entry}{after}{}", text.get(..from)?, text.get(to..)?))
}

/// Comments at the margin and blank lines before the next key are the next key's.
fn next_keys(entry: &str) -> &str {
    let mut start = entry.len();
    for line in entry.split_inclusive('\n').rev() {
        if !(line.trim().is_empty() || line.starts_with('#')) {
            break;
        }
        start -= line.len();
    }
    entry.get(start..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition(text: &str) -> Definition {
        Definition::parse(&"foo".parse().unwrap(), text).unwrap()
    }

    const TEXT: &str = "# mine\nimage: debian  # newest\nenvironment:\n  EDITOR: vim\n  # TOKEN: former\n  TOKEN: \
                        's3cret'\n\n# who\nuser: {name: ada}\n";

    #[test]
    fn a_label_names_variables_and_tells_no_value() {
        let label = definition(TEXT).label();
        for value in ["vim", "s3cret", "former"] {
            assert!(!label.contains(value), "{label}");
        }
        for kept in ["# mine\nimage: debian  # newest\n", "EDITOR", "TOKEN", "\n# who\nuser: {name: ada}\n"] {
            assert!(label.contains(kept), "{label}");
        }
        for text in
            ["environment: {A: hidden}", "{environment: {A: hidden}}", "environment: {A: &a hidden, B: *a}\n"]
        {
            let label = definition(text).label();
            assert!(label.contains('A') && !label.contains("hidden"), "{label}");
        }
        assert_eq!(definition("# no variables\nimage: debian\n").label(), "# no variables\nimage: debian\n");
    }

    #[test]
    fn a_label_and_the_containers_environment_are_the_file_again() {
        let made = definition(TEXT);
        let told = ["PATH=/bin", "EDITOR=vim", "TOKEN=s3cret", "TOKENS=x"].map(str::to_owned);
        let text = Definition::text_of_label(&made.name, &made.label(), &told);
        assert!(made.is_made_like(&text), "{text}");
        assert!(text.contains("# mine\n"), "{text}");
        let told = ["EDITOR=emacs", "TOKEN=s3cret"].map(str::to_owned);
        let text = Definition::text_of_label(&made.name, &made.label(), &told);
        assert!(!made.is_made_like(&text), "a value that has changed is noticed: {text}");
        assert!(made.without_values().is_made_like(&made.label()));
    }
}
