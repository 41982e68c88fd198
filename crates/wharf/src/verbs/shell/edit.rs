//! One key of a workstation's file is changed, and everything else in it stays: comments, order, blank lines.

use wharf_document::{Errors, Limits, Node, Value, Yaml};
use wharf_workstation::Definition;

/// The text with this key as given, when that text then says exactly what `wanted` does; otherwise `wanted` printed anew.
pub(super) fn with_key(text: &str, key: &str, value: &Yaml, wanted: &Definition) -> String {
    let edited = replaced(text, key, value).filter(|edited| says(edited, wanted));
    edited.unwrap_or_else(|| wanted.to_yaml())
}

/// Whether the text says exactly what `wanted` does.
pub(super) fn says(text: &str, wanted: &Definition) -> bool {
    let plain = |definition: &Definition| Definition { text: String::new(), ..definition.clone() };
    Definition::parse(&wanted.name, text).is_ok_and(|read| plain(&read) == plain(wanted))
}

fn replaced(text: &str, key: &str, value: &Yaml) -> Option<String> {
    let entry = Yaml::Map(vec![(key.to_owned(), value.clone())]).to_string();
    let keys = keys_of(text)?;
    let Some(at) = keys.iter().position(|(name, _)| name == key) else {
        let gap = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        return Some(format!("{text}{gap}{entry}"));
    };
    let (_, from) = keys.get(at)?;
    let to = keys.get(at + 1).map_or(text.len(), |(_, start)| *start);
    let (before, rest) = (text.get(..*from)?, text.get(*from..to)?);
    let (_, after) = rest.split_at(end_of_value(rest));
    Some(format!("{before}{entry}{after}{}", text.get(to..)?))
}

/// The text with the lines of these keys as comments, after a remark; `None` where keys do not begin lines of their own.
pub(super) fn without_keys(text: &str, keys: &[&str], remark: &str) -> Option<String> {
    let entries = keys_of(text)?;
    let mut edited = text.get(..entries.first().map_or(text.len(), |(_, start)| *start))?.to_owned();
    for (index, (name, from)) in entries.iter().enumerate() {
        let to = entries.get(index + 1).map_or(text.len(), |(_, start)| *start);
        let entry = text.get(*from..to)?;
        if !keys.contains(&name.as_str()) {
            edited.push_str(entry);
            continue;
        }
        let (value, after) = entry.split_at(end_of_value(entry));
        edited.push_str(remark);
        edited.extend(value.split_inclusive('\n').flat_map(|line| ["# ", line]));
        edited.push_str(after);
    }
    Some(edited)
}

/// The keys at the margin, each with the place where it begins.
fn keys_of(text: &str) -> Option<Vec<(String, usize)>> {
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Some(Vec::new());
    }
    let root: Node = wharf_document::parse(text, &Limits::FILE, &mut Errors::new())?;
    let Value::Map(entries) = &root.value else { return None };
    let keys: Vec<_> = entries.iter().map(|entry| (entry.key.text.clone(), entry.key.span)).collect();
    let at_the_margin = keys.iter().all(|(_, span)| span.column == 1);
    at_the_margin.then(|| keys.into_iter().map(|(name, span)| (name, span.start)).collect())
}

/// Comments and blank lines before the next key are the next key's.
fn end_of_value(entry: &str) -> usize {
    let mut end = 0;
    let mut at = 0;
    for line in entry.split_inclusive('\n') {
        at += line.len();
        let is_remark = line.trim().is_empty() || line.starts_with('#');
        if !is_remark {
            end = at;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_packages(text: &str, packages: &[&str]) -> String {
        let name = "foo".parse().unwrap();
        let mut wanted = Definition::parse(&name, text).unwrap();
        wanted.packages = packages.iter().map(ToString::to_string).collect();
        let value = Yaml::List(wanted.packages.iter().map(Yaml::text).collect());
        with_key(text, "packages", &value, &wanted)
    }

    #[test]
    fn only_the_key_that_changes_is_changed() {
        let text =
            "# mine\ncontext: default   # here\n\npackages: [git]\n\n# limits of old\nlimits: {memory: 4G}\n";
        let expected = "# mine\ncontext: default   # here\n\npackages:\n  - git\n  - htop\n\n# limits of old\nlimits: {memory: 4G}\n";
        assert_eq!(with_packages(text, &["git", "htop"]), expected);
    }

    #[test]
    fn a_new_key_comes_last() {
        assert_eq!(
            with_packages("context: default # x", &["git"]),
            "context: default # x\npackages:\n  - git\n"
        );
        assert_eq!(with_packages("", &["git"]), "packages:\n  - git\n");
        assert_eq!(with_packages("# nothing yet\n", &["git"]), "# nothing yet\npackages:\n  - git\n");
    }

    #[test]
    fn what_cannot_be_edited_is_printed_anew() {
        assert_eq!(with_packages("{context: default}", &["git"]), "context: default\npackages:\n  - git\n");
    }
}
