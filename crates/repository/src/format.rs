//! The two facts of a repository's configuration that decide how it is read. Includes are not followed and no other key is
//! looked at, so that nothing in it can name a program or a place.

use crate::error::RepositoryError;
use crate::repository::read_small;
use gix_hash::Kind;
use std::path::Path;

const MOST_CONFIG: u64 = 1 << 20;

/// How ids are made, if the repository can be read here at all.
pub(crate) fn hash_of(common_dir: &Path) -> Result<Kind, RepositoryError> {
    let path = common_dir.join("config");
    let Some(bytes) = read_small(&path, MOST_CONFIG)? else { return Ok(Kind::Sha1) };
    let text = String::from_utf8_lossy(&bytes);
    let mut section = String::new();
    let mut kind = Kind::Sha1;
    for line in text.lines() {
        let line = line.trim();
        if let Some(rest) = line.strip_prefix('[') {
            section = rest.split(']').next().unwrap_or_default().trim().to_ascii_lowercase();
            continue;
        }
        if section != "extensions" {
            continue;
        }
        let (key, value) = line.split_once('=').unwrap_or((line, ""));
        let value =
            value.split(['#', ';']).next().unwrap_or_default().trim().trim_matches('"').to_ascii_lowercase();
        match (key.trim().to_ascii_lowercase().as_str(), value.as_str()) {
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

fn printable(text: &str) -> String {
    text.chars().filter(char::is_ascii_graphic).take(40).collect()
}
