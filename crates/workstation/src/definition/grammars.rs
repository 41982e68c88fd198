//! Scalars of a workstation's file with a grammar of their own.

use super::HostMount;
use serde_json::json;
use wharf_document::{Grammar, Meaning, Misfit, ReadKey, Shape, quoted};
use wharf_model::{ByteSize, EnvName, EnvNameError, ImageRef, ImageRefError, nano_cpus};

/// A docker context.
#[derive(Debug)]
pub(crate) enum ContextName {}

/// Where the engine is: a docker context, or an address.
#[derive(Debug)]
pub(crate) enum EnginePlace {}

/// An image.
#[derive(Debug)]
pub(crate) enum Image {}

/// A folder with a Dockerfile.
#[derive(Debug)]
pub(crate) enum HostFolder {}

/// A folder that is copied.
#[derive(Debug)]
pub(crate) enum SourceFolder {}

/// A place below the home.
#[derive(Debug)]
pub(crate) enum HomePath {}

/// A name that is not copied.
#[derive(Debug)]
pub(crate) enum Excluded {}

/// A package.
#[derive(Debug)]
pub(crate) enum Package {}

/// An account's name.
#[derive(Debug)]
pub(crate) enum UserName {}

/// A program inside.
#[derive(Debug)]
pub(crate) enum LoginShell {}

/// A directory of the engine's host and where it is seen.
#[derive(Debug)]
pub(crate) enum MountText {}

/// An amount of memory.
#[derive(Debug)]
pub(crate) enum Size {}

/// An amount of CPU time.
#[derive(Debug)]
pub(crate) enum Number {}

/// A key that leaves.
#[derive(Debug)]
pub(crate) enum DetachKey {}

/// A variable's name.
#[derive(Debug)]
pub(crate) enum Variable {}

/// Variables that say who lives there.
const OURS: [&str; 4] = ["HOME", "LOGNAME", "SHELL", "USER"];
/// By what their sockets are known.
const ENGINE_SOCKETS: [&str; 3] = ["/docker.sock", "/podman.sock", "/containerd.sock"];
const CONTEXT: &str = "^[a-zA-Z0-9][a-zA-Z0-9_.+-]*$";
/// As DOCKER_HOST has it.
const ADDRESS: &str = "^(unix:///|tcp://|ssh://)[^ \\u0000-\\u001f\\u007f]*$";
/// What a path of ours is made of: no control characters, and no `:`, which divides the parts of a mount.
const PLAIN_PATH: &str = "^/(?!(.*/)?\\.\\.(/|$))[^:\\u0000-\\u001f\\u007f]*$";

fn text(pattern: &str) -> Shape {
    Shape::of(json!({ "type": "string", "pattern": pattern }))
}

fn text_or_number(pattern: &str) -> Shape {
    Shape::of(json!({ "type": ["string", "number"], "pattern": pattern }))
}

impl Grammar for ContextName {
    type Value = String;
    const WHAT: &'static str = "the name of a docker context";

    fn shape() -> Shape {
        text_or_number(CONTEXT).with("maxLength", json!(128))
    }

    fn parse(text: &str) -> Result<String, Misfit> {
        let mut bytes = text.bytes();
        let first = bytes.next().is_some_and(|b| b.is_ascii_alphanumeric());
        if first
            && text.len() <= 128
            && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'+' | b'-'))
        {
            return Ok(text.to_owned());
        }
        Err(Misfit::new(format!("{} is no docker context's name", quoted(text)))
            .with_help("`docker context ls` lists them; `default` is the one without a name"))
    }
}

impl Grammar for EnginePlace {
    type Value = String;
    const WHAT: &'static str = "the name of a docker context, or the address of an engine";

    fn shape() -> Shape {
        text_or_number(&format!("{CONTEXT}|{ADDRESS}")).with("maxLength", json!(1024))
    }

    fn parse(text: &str) -> Result<String, Misfit> {
        let is_address = ["unix:///", "tcp://", "ssh://"].iter().any(|scheme| text.starts_with(scheme));
        if is_address && text.len() <= 1024 && !text.contains(|c: char| c.is_control() || c == ' ') {
            return Ok(text.to_owned());
        }
        ContextName::parse(text)
    }
}

impl Grammar for Image {
    type Value = ImageRef;
    const WHAT: &'static str = "an image reference";

    fn shape() -> Shape {
        text(
            "^(sha256:[0-9a-f]{64}|(?!sha256:)([A-Za-z0-9.:\\[\\]-]+/)?[a-z0-9]+[a-z0-9._/-]*(:[A-Za-z0-9_][A-Za-z0-9_.-]*)?(@sha256:[0-9a-f]{64})?)$",
        )
    }

    fn accepts(meaning: Meaning) -> bool {
        meaning == Meaning::Text
    }

    fn parse(text: &str) -> Result<ImageRef, Misfit> {
        let help = "such as `debian:stable-slim`, `alpine` or `registry.example/team/shell:3`";
        text.parse().map_err(|error: ImageRefError| Misfit::new(error.to_string()).with_help(help))
    }
}

impl Grammar for HostFolder {
    type Value = String;
    const WHAT: &'static str = "a folder of this machine";

    fn shape() -> Shape {
        text("^[^\\u0000-\\u001f\\u007f]+$").with("maxLength", json!(4096))
    }

    fn parse(text: &str) -> Result<String, Misfit> {
        if text.is_empty() || text.len() > 4096 || text.contains(char::is_control) {
            return Err(Misfit::new("this is no folder").with_help("such as `~/machines/nix`"));
        }
        Ok(text.to_owned())
    }
}

impl Grammar for SourceFolder {
    type Value = String;
    const WHAT: &'static str = "a folder of this machine";

    fn shape() -> Shape {
        text("^(/|~/)[^\\u0000-\\u001f\\u007f]*$").with("maxLength", json!(4096))
    }

    fn parse(text: &str) -> Result<String, Misfit> {
        let is_plain = text.len() <= 4096 && !text.contains(char::is_control);
        if is_plain && (text.starts_with('/') || text.starts_with("~/")) {
            return Ok(text.to_owned());
        }
        Err(Misfit::new("a folder to copy is an absolute path, or one that begins with `~/`")
            .with_help("such as `~/.config/nixpkgs`"))
    }
}

impl Grammar for HomePath {
    type Value = String;
    const WHAT: &'static str = "a path below the home";

    fn shape() -> Shape {
        let pattern = "^(?![/~])(?!.*//)(?!(.*/)?\\.{1,2}(/|$))[^\\u0000-\\u001f\\u007f]+$";
        text(pattern).with("maxLength", json!(4096))
    }

    /// Never the home itself: copying there would delete everything else.
    fn parse(text: &str) -> Result<String, Misfit> {
        let refuse = |message: &str| Err(Misfit::new(message).with_help("such as `.config/nixpkgs`"));
        let text = text.trim_end_matches('/');
        if text.starts_with('/') || text.starts_with('~') {
            return refuse("the path is relative to the workstation's home");
        }
        if text.is_empty() || text.len() > 4096 || text.contains(char::is_control) {
            return refuse(
                "a folder below the home is needed: what is there and not in the source is deleted",
            );
        }
        if text.split('/').any(|part| matches!(part, "" | "." | "..")) {
            return refuse("the path has neither `.`, `..` nor doubled slashes");
        }
        if is_ours(text) {
            return refuse("what is copied there would delete what wharf keeps in `.local/state/wharf`");
        }
        Ok(text.to_owned())
    }
}

/// Whether wharf's own records lie there, or it lies among them.
fn is_ours(path: &str) -> bool {
    const OURS: &str = ".local/state/wharf";
    let is_within = |one: &str, other: &str| one == other || one.starts_with(&format!("{other}/"));
    is_within(path, OURS) || is_within(OURS, path)
}

impl Grammar for Excluded {
    type Value = String;
    const WHAT: &'static str = "a name of files or folders";

    fn shape() -> Shape {
        text_or_number("^[^/\\u0000-\\u001f\\u007f]+$").with("maxLength", json!(255))
    }

    fn parse(text: &str) -> Result<String, Misfit> {
        if text.is_empty() || text.len() > 255 || text.contains('/') || text.contains(char::is_control) {
            return Err(Misfit::new("this is a name, not a path").with_help("such as `.git` or `*.o`"));
        }
        Ok(text.to_owned())
    }
}

impl Grammar for Package {
    type Value = String;
    const WHAT: &'static str = "the name of a package";

    fn shape() -> Shape {
        text_or_number("^[A-Za-z0-9][A-Za-z0-9@+._:/=~-]*$").with("maxLength", json!(128))
    }

    /// No character here means anything to a shell, and no package is taken for an option.
    fn parse(text: &str) -> Result<String, Misfit> {
        let mut bytes = text.bytes();
        let first = bytes.next().is_some_and(|b| b.is_ascii_alphanumeric());
        let fits = |b: u8| b.is_ascii_alphanumeric() || b"@+._:/=~-".contains(&b);
        if first && text.len() <= 128 && bytes.all(fits) {
            return Ok(text.to_owned());
        }
        Err(Misfit::new(format!("{} is no package's name", quoted(text)))
            .with_help("such as `git` or `vim-nox`"))
    }
}

impl Grammar for UserName {
    type Value = String;
    const WHAT: &'static str = "an account's name";

    fn shape() -> Shape {
        text("^[A-Za-z_][A-Za-z0-9_.-]*$").with("maxLength", json!(32))
    }

    fn parse(text: &str) -> Result<String, Misfit> {
        let mut bytes = text.bytes();
        let first = bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
        let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-');
        if first && text.len() <= 32 && bytes.all(fits) {
            return Ok(text.to_owned());
        }
        Err(Misfit::new(format!("{} is no account's name", quoted(text)))
            .with_help("at most 32 letters, digits, `_`, `.` and `-`, a letter first"))
    }
}

impl Grammar for LoginShell {
    type Value = String;
    const WHAT: &'static str = "an absolute path inside";

    fn shape() -> Shape {
        text(PLAIN_PATH).with("maxLength", json!(4096))
    }

    fn parse(text: &str) -> Result<String, Misfit> {
        plain_path(text)
            .filter(|path| *path != "/")
            .ok_or_else(|| Misfit::new("a shell is an absolute path inside").with_help("such as `/bin/bash`"))
    }
}

/// An absolute path without `..`, `:` (which divides the parts of a mount, of `PATH`, and of a line of passwd) and control characters.
fn plain_path(text: &str) -> Option<String> {
    let fits = text.starts_with('/')
        && text.len() <= 4096
        && !text.contains(|c: char| c == ':' || c.is_control())
        && text.split('/').all(|part| part != "..");
    fits.then(|| text.to_owned())
}

/// What wharf keeps or writes inside, where a mount would have the host's written.
const OWN: [&str; 4] = ["/run/wharf", "/etc/passwd", "/etc/group", "/etc/gitconfig"];

/// Whether one of two paths is the other or lies below it, however their slashes are doubled.
fn overlap(own: &str, target: &str) -> bool {
    let parts = |path| str::split(path, '/').filter(|part| !matches!(*part, "" | "."));
    parts(own).zip(parts(target)).all(|(own, target)| own == target)
}

impl Grammar for MountText {
    type Value = HostMount;
    const WHAT: &'static str = "a mount such as `/srv/media:/media:ro`";

    fn shape() -> Shape {
        let part = "[^:\\u0000-\\u001f\\u007f]";
        text(&format!("^(?!.*/\\.\\.(/|:|$))/{part}*:/+(?!/){part}+(:ro|:rw)?$"))
    }

    fn accepts(meaning: Meaning) -> bool {
        meaning == Meaning::Text
    }

    fn parse(text: &str) -> Result<HostMount, Misfit> {
        let mut parts = text.split(':');
        let source = parts.next().and_then(plain_path);
        let target = parts.next().and_then(plain_path).filter(|target| !target.trim_matches('/').is_empty());
        let readonly = match (parts.next(), parts.next()) {
            (None | Some("rw"), None) => Some(false),
            (Some("ro"), None) => Some(true),
            _ => None,
        };
        match (source, target, readonly) {
            (Some(source), Some(target), Some(readonly)) => {
                let target = target.trim_end_matches('/').to_owned();
                if let Some(own) = OWN.into_iter().find(|own| overlap(own, &target)) {
                    return Err(Misfit::new(format!("`{own}` is wharf's own to write inside"))
                        .with_help("choose another target"));
                }
                if ENGINE_SOCKETS.iter().any(|name| source.trim_end_matches('/').ends_with(name)) {
                    return Err(Misfit::new(
                        "a workstation with the engine's socket would have its host, too",
                    )
                    .with_help("`contexts` gives it a docker context of its own; remove the mount"));
                }
                Ok(HostMount { source, target, readonly })
            }
            _ => Err(Misfit::new("a mount is two absolute paths without `..`, and a `:` between them")
                .with_help("such as `/srv/media:/media`, or `/srv/media:/media:ro` for reading only")),
        }
    }
}

impl Grammar for Size {
    type Value = ByteSize;
    const WHAT: &'static str = "a size";

    fn shape() -> Shape {
        Shape::of(json!({
            "type": ["string", "integer"],
            "pattern": "^([0-9]+|[0-9]+(\\.[0-9]{1,9})?([kKmMgGtT]([iI]?[bB])?))$|^[0-9]+[bB]$",
            "minimum": 0,
        }))
    }

    fn parse(text: &str) -> Result<ByteSize, Misfit> {
        let lacks_unit =
            text.contains('.') && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'b' | b'B'));
        match text.parse::<ByteSize>() {
            Ok(_) if lacks_unit => {
                Err(Misfit::new("a number of bytes has no fraction").with_help("add a unit, such as `1.5G`"))
            }
            Ok(size) => Ok(size),
            Err(error) => Err(Misfit::new(error.to_string())),
        }
    }
}

impl Grammar for Number {
    type Value = u64;
    const WHAT: &'static str = "a number of CPUs";

    fn shape() -> Shape {
        text_or_number("^[0-9]{1,5}(\\.[0-9]{1,9})?$")
    }

    fn parse(text: &str) -> Result<u64, Misfit> {
        nano_cpus(text).filter(|nanos| *nanos >= 10_000_000).ok_or_else(|| {
            Misfit::new("a number of CPUs is from 0.01 to 65536").with_help("such as `2` or `0.5`")
        })
    }
}

impl Grammar for DetachKey {
    type Value = String;
    const WHAT: &'static str = "a key such as `ctrl-a`";

    fn shape() -> Shape {
        text("^(none|ctrl-[a-zA-Z@\\[\\\\\\]^_])$")
    }

    fn parse(text: &str) -> Result<String, Misfit> {
        let is_key = text == "none"
            || text.strip_prefix("ctrl-").is_some_and(
                |key| matches!(key.as_bytes(), [b] if b.is_ascii_alphabetic() || b"@[\\]^_".contains(b)),
            );
        if is_key {
            return Ok(text.to_ascii_lowercase());
        }
        Err(Misfit::new(format!("{} is no key that leaves", quoted(text))).with_help(
            "`ctrl-` and a letter or one of `@ [ \\ ] ^ _`, such as `ctrl-\\`; `none` for no key at all",
        ))
    }
}

impl ReadKey for Variable {
    type Key = EnvName;

    fn key_shape() -> Shape {
        Shape::of(json!({ "pattern": "^[^=]+$", "not": { "enum": OURS } }))
    }

    fn read_key(text: &str) -> Result<EnvName, Misfit> {
        if OURS.contains(&text) {
            return Err(Misfit::new(format!("wharf sets {} itself", quoted(text)))
                .with_help("`user` and `shell` decide what it is; remove the variable"));
        }
        text.parse().map_err(|error: EnvNameError| Misfit::new(error.to_string()))
    }
}
