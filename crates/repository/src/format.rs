//! The three facts of a repository's configuration that are read: two decide how it is read, and one is told. Includes are
//! not followed and no other key is looked at, so that nothing in it can name a program or a place.

use crate::error::RepositoryError;
use crate::repository::read_small;
use gix_hash::Kind;
use std::path::Path;

const MOST_CONFIG: u64 = 1 << 20;

/// How ids are made, if the repository can be read here at all.
pub(crate) fn hash_of(common_dir: &Path) -> Result<Kind, RepositoryError> {
    let mut kind = Kind::Sha1;
    for value in values(&common_dir.join("config"), "extensions")? {
        let (key, value) = (value.key, value.value.to_ascii_lowercase());
        match (key.as_str(), value.as_str()) {
            ("objectformat", "sha256") => kind = Kind::Sha256,
            ("objectformat", other) if other != "sha1" => {
                let what = format!("the object format `{}`", printable(other));
                return Err(RepositoryError::Unsupported { what, instead: "`sha1` and `sha256` are" });
            }
            ("refstorage", other) if other != "files" => {
                let what = format!("the ref storage `{}`", printable(other));
                return Err(RepositoryError::Unsupported {
                    what,
                    instead: "`git refs migrate --ref-format=files` changes it",
                });
            }
            _ => {}
        }
    }
    Ok(kind)
}

/// What a file of configuration says of where hooks lie. Its last word counts.
pub(crate) fn hooks_path(config: &Path) -> Result<Option<String>, RepositoryError> {
    let mut values = values(config, "core")?.into_iter();
    Ok(values.rfind(|value| value.key == "hookspath").map(|value| value.value))
}

/// A key, in small letters, and what it is.
#[derive(Debug, PartialEq, Eq)]
struct Value {
    key: String,
    value: String,
}

/// What stands in a section of that name, which has no further name.
fn values(config: &Path, wanted: &str) -> Result<Vec<Value>, RepositoryError> {
    let bytes = read_small(config, MOST_CONFIG)?.unwrap_or_default();
    Ok(values_in(&String::from_utf8_lossy(&bytes), wanted))
}

fn values_in(text: &str, wanted: &str) -> Vec<Value> {
    let mut section = String::new();
    let mut values = Vec::new();
    for line in text.lines() {
        let mut line = line.trim();
        // A section's first key may stand on the section's own line.
        while let Some(rest) = line.strip_prefix('[') {
            let (name, rest) = rest.split_once(']').unwrap_or((rest, ""));
            section = name.trim().to_ascii_lowercase();
            line = rest.trim();
        }
        if section != wanted || line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        let (key, value) = line.split_once('=').unwrap_or((line, ""));
        let value = value.split(['#', ';']).next().unwrap_or_default().trim().trim_matches('"');
        values.push(Value { key: key.trim().to_ascii_lowercase(), value: value.to_owned() });
    }
    values
}

fn printable(text: &str) -> String {
    text.chars().filter(char::is_ascii_graphic).take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_as_git_finds_them() {
        let found = |text: &str| -> Vec<String> {
            values_in(text, "core")
                .into_iter()
                .map(|value| format!("{}={}", value.key, value.value))
                .collect()
        };
        assert_eq!(found("[core]\n\thooksPath = .husky # ours\n"), ["hookspath=.husky"]);
        assert_eq!(found("[CORE] HooksPath = \"/x y\"\n"), ["hookspath=/x y"]);
        assert_eq!(found("[a] [core] hooksPath=one\nhookspath=Two\n"), ["hookspath=one", "hookspath=Two"]);
        assert_eq!(found("[core \"sub\"]\nhooksPath=x\n[user]\nhooksPath=x\n# [core]\n"), [""; 0]);
        assert_eq!(found("[core]\n;hooksPath=x\n#hooksPath=x\n"), [""; 0]);
    }
}
