//! Which format a file has: told by what is in it first, by its name where that does not tell.

use crate::ansible::BEGIN;
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// A format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// YAML by `sops`.
    SopsYaml,
    /// JSON by `sops`.
    SopsJson,
    /// Dotenv by `sops`.
    SopsDotenv,
    /// A whole file by `ansible-vault encrypt`.
    AnsibleFile,
    /// YAML with values by `ansible-vault encrypt_string`.
    AnsibleInline,
    /// `NAME=value` in clear.
    Dotenv,
}

/// Not the name of a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("formats are `sops-yaml`, `sops-json`, `sops-dotenv`, `ansible-vault`, `ansible-yaml` and `dotenv`")]
pub struct UnknownFormat;

const NAMES: &[(&str, Format)] = &[
    ("sops-yaml", Format::SopsYaml),
    ("sops-json", Format::SopsJson),
    ("sops-dotenv", Format::SopsDotenv),
    ("ansible-vault", Format::AnsibleFile),
    ("ansible-yaml", Format::AnsibleInline),
    ("dotenv", Format::Dotenv),
];

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, UnknownFormat> {
        NAMES.iter().find(|(name, _)| *name == text).map(|(_, format)| *format).ok_or(UnknownFormat)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(NAMES.iter().find(|(_, format)| format == self).map_or("", |(name, _)| name))
    }
}

impl Format {
    /// The names of all formats.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }

    /// The format of a file; `None` where neither its content nor its name (`.env`, `prod.env`, `.env.local`) tells.
    pub fn recognise(bytes: &[u8], file_name: &str) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim_start();
        if text.starts_with(BEGIN) {
            return Some(Self::AnsibleFile);
        }
        let has_line = |begin: &str| text.lines().any(|line| line.starts_with(begin));
        if text.starts_with('{') && text.contains("\"sops\"") {
            return Some(Self::SopsJson);
        }
        if has_line("sops_mac=") {
            return Some(Self::SopsDotenv);
        }
        if has_line("sops:") && text.contains("lastmodified:") {
            return Some(Self::SopsYaml);
        }
        if text.contains("!vault") && text.contains(BEGIN) {
            return Some(Self::AnsibleInline);
        }
        let is_env = file_name.split('.').any(|part| part == "env");
        is_env.then_some(Self::Dotenv)
    }

    /// Whether a password is needed.
    pub fn wants_password(self) -> bool {
        matches!(self, Self::AnsibleFile | Self::AnsibleInline)
    }

    /// Whether an age key is needed.
    pub fn wants_identity(self) -> bool {
        matches!(self, Self::SopsYaml | Self::SopsJson | Self::SopsDotenv)
    }

    /// Whether the file itself shows its values to whoever reads it.
    pub fn is_clear(self) -> bool {
        self == Self::Dotenv
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_recognised_by_what_is_in_them() {
        for (text, name, format) in [
            ("$ANSIBLE_VAULT;1.1;AES256\n00", "x.yml", Some(Format::AnsibleFile)),
            ("a: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  00\n", "x.yml", Some(Format::AnsibleInline)),
            ("a: ENC[x]\nsops:\n    lastmodified: y\n", "x", Some(Format::SopsYaml)),
            ("{\n\t\"a\": 1, \"sops\": {}}", "x.json", Some(Format::SopsJson)),
            ("A=ENC[x]\nsops_mac=y\n", ".env", Some(Format::SopsDotenv)),
            ("A=b", ".env", Some(Format::Dotenv)),
            ("A=b", "prod.env", Some(Format::Dotenv)),
            ("A=b", ".env.local", Some(Format::Dotenv)),
            ("A=b", "environment", None),
            ("a: b", "x.yml", None),
        ] {
            assert_eq!(Format::recognise(text.as_bytes(), name), format, "{text}");
        }
    }

    #[test]
    fn formats_read_back_as_they_are_written() {
        for name in Format::names() {
            assert_eq!(name.parse::<Format>().unwrap().to_string(), name);
        }
        assert_eq!("yaml".parse::<Format>(), Err(UnknownFormat));
    }
}
