//! Scalars with a grammar of their own: names, references, paths, signals, users.

use serde_json::json;
use wharf_document::{Grammar, Meaning, Misfit, ReadKey, Shape};
use wharf_model::{ByteSize, ContainerName, ImageRef, MountSource, MountSourceError, Signal, TargetPath};

/// An image.
#[derive(Debug)]
pub(crate) enum Image {}

/// Where a mount comes from.
#[derive(Debug)]
pub(crate) enum Source {}

/// The file that holds a variable's value.
#[derive(Debug)]
pub(crate) enum ValueFile {}

/// Where a mount or a memory file system appears.
#[derive(Debug)]
pub(crate) enum Target {}

/// A signal by name or number.
#[derive(Debug)]
pub(crate) enum StopSignal {}

/// A user, a group, or both.
#[derive(Debug)]
pub(crate) enum User {}

/// A directory of the container.
#[derive(Debug)]
pub(crate) enum WorkingDir {}

/// An amount of memory.
#[derive(Debug)]
pub(crate) enum Size {}

/// The name of a member.
#[derive(Debug)]
pub(crate) enum Member {}

/// Letters, digits, `_` and `-`.
const MEMBER_PATTERN: &str = "^[A-Za-z0-9_-]{1,128}$";

/// A string with a pattern.
pub(crate) fn text(pattern: &str) -> Shape {
    Shape::of(json!({ "type": "string", "pattern": pattern }))
}

/// A string with a pattern, or a whole number from 0.
pub(crate) fn text_or_number(pattern: &str) -> Shape {
    Shape::of(json!({ "type": ["string", "integer"], "pattern": pattern, "minimum": 0 }))
}

impl Grammar for Image {
    type Value = ImageRef;
    const WHAT: &'static str = "an image reference";

    fn shape() -> Shape {
        // A repository's path is in lower case; only a registry's address and a tag may have capitals.
        text(
            "^(sha256:[0-9a-f]{64}|(?!sha256:)([A-Za-z0-9.:\\[\\]-]+/)?[a-z0-9]+[a-z0-9._/-]*(:[A-Za-z0-9_][A-Za-z0-9_.-]*)?(@sha256:[0-9a-f]{64})?)$",
        )
    }

    fn accepts(meaning: Meaning) -> bool {
        meaning == Meaning::Text
    }

    fn parse(text: &str) -> Result<ImageRef, Misfit> {
        let help =
            "such as `nginx`, `nginx:1.27`, `registry.example/team/app@sha256:...`, or a full image id";
        text.parse()
            .map_err(|error: wharf_model::ImageRefError| Misfit::new(error.to_string()).with_help(help))
    }
}

impl Grammar for Source {
    type Value = MountSource;
    const WHAT: &'static str = "a path below the pod's directory";

    fn shape() -> Shape {
        let pattern = "^(?![/~])(?!(.*/)?\\.\\.(/|$))";
        Shape::of(json!({ "type": ["string", "number"], "pattern": pattern, "minLength": 1 }))
    }

    fn parse(text: &str) -> Result<MountSource, Misfit> {
        text.parse().map_err(|error: MountSourceError| {
            Misfit::new(error.to_string()).with_help("such as `data` or `data/www`")
        })
    }
}

impl Grammar for ValueFile {
    type Value = MountSource;
    const WHAT: &'static str = Source::WHAT;

    fn shape() -> Shape {
        Source::shape()
    }

    fn parse(text: &str) -> Result<MountSource, Misfit> {
        text.parse().map_err(|error| {
            let message = match error {
                MountSourceError::Empty => "the file's path cannot be empty",
                MountSourceError::Absolute => {
                    "the file's path is relative to the pod's own directory, not absolute"
                }
                MountSourceError::Home => {
                    "`~` means nothing here: the file's path is relative to the pod's own directory"
                }
                MountSourceError::Climbs => "the file's path cannot climb with `..`",
                MountSourceError::NotAPath => "a path has no NUL and at most 4096 bytes",
            };
            Misfit::new(message).with_help("such as `secrets/key`")
        })
    }
}

impl Grammar for Target {
    type Value = TargetPath;
    const WHAT: &'static str = "an absolute path in the container";

    fn shape() -> Shape {
        text("^/(?!(.*/)?\\.\\.(/|$))[./]*[^./]")
    }

    fn parse(text: &str) -> Result<TargetPath, Misfit> {
        text.parse().map_err(|error: wharf_model::TargetPathError| {
            Misfit::new(error.to_string()).with_help("such as `/var/lib/app`")
        })
    }
}

impl Grammar for StopSignal {
    type Value = Signal;
    const WHAT: &'static str = "a signal";

    fn shape() -> Shape {
        Shape::of(json!({
            "type": ["string", "integer"],
            "pattern": "^([0-9]{1,2}|[A-Za-z]+[0-9]?|[A-Za-z]+[+-][0-9]{1,2})$",
            "minimum": 1,
            "maximum": 64,
        }))
    }

    fn parse(text: &str) -> Result<Signal, Misfit> {
        text.parse().map_err(|error: wharf_model::SignalError| Misfit::new(error.to_string()))
    }
}

impl Grammar for User {
    type Value = String;
    const WHAT: &'static str = "a user, `user:group`, or `:group`";

    fn shape() -> Shape {
        let part = "[A-Za-z0-9_][A-Za-z0-9_.-]*\\$?";
        text_or_number(&format!("^({part}|{part}:{part}|:{part})$"))
    }

    fn accepts(meaning: Meaning) -> bool {
        matches!(meaning, Meaning::Text | Meaning::Integer)
    }

    fn parse(text: &str) -> Result<String, Misfit> {
        let (user, group) = text.split_once(':').map_or((text, None), |(user, group)| (user, Some(group)));
        let user_fits = is_account(user) || (user.is_empty() && group.is_some());
        if user_fits && group.is_none_or(is_account) {
            return Ok(text.to_owned());
        }
        Err(Misfit::new("this is not a user")
            .with_help("`user`, `user:group` and `:group` are allowed, by name or number"))
    }
}

/// A name of passwd(5), or an id that the kernel and the engine can hold.
fn is_account(part: &str) -> bool {
    if !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()) {
        return part.parse::<u32>().is_ok_and(|id| id <= i32::MAX.unsigned_abs());
    }
    let name = part.strip_suffix('$').unwrap_or(part);
    let first = name.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_');
    first
        && name.len() <= 64
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
}

impl Grammar for WorkingDir {
    type Value = String;
    const WHAT: &'static str = "an absolute path in the container";

    fn shape() -> Shape {
        text("^/").with("maxLength", json!(4096))
    }

    fn parse(text: &str) -> Result<String, Misfit> {
        if text.starts_with('/') && text.len() <= 4096 {
            return Ok(text.to_owned());
        }
        Err(Misfit::new("a working directory is an absolute path in the container")
            .with_help("such as `/srv/app`"))
    }
}

impl Grammar for Size {
    type Value = ByteSize;
    const WHAT: &'static str = "a size";

    fn shape() -> Shape {
        text_or_number("^([0-9]+|[0-9]+(\\.[0-9]{1,9})?([kKmMgGtT]([iI]?[bB])?))$|^[0-9]+[bB]$")
    }

    fn parse(text: &str) -> Result<ByteSize, Misfit> {
        // A fraction of a byte is nothing; who writes `1.5` forgot the unit.
        let lacks_unit = text.contains('.')
            && text.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'b' || b == b'B');
        match text.parse::<ByteSize>() {
            Ok(_) if lacks_unit => {
                Err(Misfit::new("a number of bytes has no fraction").with_help("add a unit, such as `1.5G`"))
            }
            Ok(size) => Ok(size),
            Err(error) => Err(Misfit::new(error.to_string())),
        }
    }
}

impl Grammar for Member {
    type Value = ContainerName;
    const WHAT: &'static str = "the name of a container of this pod";

    fn shape() -> Shape {
        Shape::of(json!({ "type": ["string", "number"], "pattern": MEMBER_PATTERN }))
    }

    fn parse(text: &str) -> Result<ContainerName, Misfit> {
        Self::read_key(text)
    }
}

impl ReadKey for Member {
    type Key = ContainerName;

    fn key_shape() -> Shape {
        Shape::of(json!({ "pattern": MEMBER_PATTERN }))
    }

    fn read_key(text: &str) -> Result<ContainerName, Misfit> {
        text.parse().map_err(|error: wharf_model::NameError| Misfit::new(error.to_string()))
    }
}
