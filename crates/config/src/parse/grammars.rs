//! Scalars of the host configuration with a grammar of their own.

use serde_json::json;
use wharf_document::{Grammar, Misfit, ReadKey, Shape, quoted};
use wharf_model::{ImageRef, PodName, Port, User};

/// The directory of all pods' directories.
#[derive(Debug)]
pub(crate) enum MountRoot {}

/// The directory of the gateway's state.
#[derive(Debug)]
pub(crate) enum StateDir {}

/// The directory of containers' secrets.
#[derive(Debug)]
pub(crate) enum SecretPlace {}

/// A public key, as in `authorized_keys`.
#[derive(Debug)]
pub(crate) enum SignerKey {}

/// A port of the host.
#[derive(Debug)]
pub(crate) enum HostPort {}

/// A pod, by name.
#[derive(Debug)]
pub(crate) enum Pod {}

/// A network of the engine, by name.
#[derive(Debug)]
pub(crate) enum Network {}

/// A host's name, RFC 1123.
#[derive(Debug)]
pub(crate) enum Hostname {}

/// An account of this machine, by name.
#[derive(Debug)]
pub(crate) enum Account {}

/// How the names of labels begin.
#[derive(Debug)]
pub(crate) enum LabelPrefix {}

/// A registry, as it stands in image references.
#[derive(Debug)]
pub(crate) enum RegistryHost {}

pub(super) fn text(pattern: &str) -> Shape {
    Shape::of(json!({ "type": "string", "pattern": pattern }))
}

/// A name that may be all digits, and then need not be quoted.
pub(super) fn name(pattern: &str) -> Shape {
    Shape::of(json!({ "type": ["string", "number"], "pattern": pattern }))
}

impl Grammar for MountRoot {
    type Value = String;
    const WHAT: &'static str = "an absolute path";

    fn shape() -> Shape {
        directory_shape()
    }

    fn parse(text: &str) -> Result<String, Misfit> {
        directory(text, "mount_root", "/srv/docker")
    }
}

impl Grammar for StateDir {
    type Value = String;
    const WHAT: &'static str = "an absolute path";

    fn shape() -> Shape {
        directory_shape()
    }

    fn parse(text: &str) -> Result<String, Misfit> {
        directory(text, "state_dir", "/var/lib/wharf")
    }
}

impl Grammar for SecretPlace {
    type Value = String;
    const WHAT: &'static str = "an absolute path";

    fn shape() -> Shape {
        directory_shape()
    }

    fn parse(text: &str) -> Result<String, Misfit> {
        directory(text, "secret_place", "/run/wharf/secrets")
    }
}

impl Grammar for SignerKey {
    type Value = String;
    const WHAT: &'static str = "a public SSH key";

    fn shape() -> Shape {
        text("^(ssh-ed25519|ssh-rsa) [A-Za-z0-9+/]+={0,2}( .*)?$").with("maxLength", json!(16384))
    }

    fn parse(text: &str) -> Result<String, Misfit> {
        let mut words = text.split(' ');
        let is_kind = matches!(words.next(), Some("ssh-ed25519" | "ssh-rsa"));
        let is_key = words.next().is_some_and(|key| {
            let key = key.strip_suffix("==").or(key.strip_suffix('=')).unwrap_or(key);
            !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/'))
        });
        if is_kind && is_key && text.len() <= 16384 && !text.contains('\n') {
            return Ok(text.to_owned());
        }
        Err(Misfit::new("this is not a public SSH key")
            .with_help("the whole line of a `.pub` file: `ssh-ed25519 AAAA... name`"))
    }
}

fn directory_shape() -> Shape {
    text("^(/(?!\\.{1,2}(/|$))[^/]+)+/?$").with("maxLength", json!(4096))
}

/// An absolute path other than `/`, as plain as a path can be.
fn directory(text: &str, key: &str, example: &str) -> Result<String, Misfit> {
    let Some(below_root) = text.strip_prefix('/') else {
        return Err(
            Misfit::new(format!("`{key}` is an absolute path")).with_help(format!("such as `{example}`"))
        );
    };
    let below_root = below_root.strip_suffix('/').unwrap_or(below_root);
    let is_normal = below_root.split('/').all(|part| !matches!(part, "" | "." | ".."));
    if !is_normal || text.len() > 4096 {
        let help = format!("write it without `.`, `..` and doubled slashes, such as `{example}`");
        return Err(Misfit::new("this is not a directory's plain path").with_help(help));
    }
    Ok(format!("/{below_root}"))
}

impl ReadKey for HostPort {
    type Key = Port;

    fn key_shape() -> Shape {
        Shape::of(json!({ "pattern": "^[1-9][0-9]{0,4}$" }))
    }

    fn read_key(text: &str) -> Result<Port, Misfit> {
        let help = "write one port, and after the colon the pod that may publish it";
        if text.starts_with('0') {
            // `080` would be a second way to say 80, and one of two entries would be lost.
            return Err(
                Misfit::new("a port is a number from 1 to 65535, without a zero before it").with_help(help)
            );
        }
        text.parse().map_err(|error: wharf_model::PortError| Misfit::new(error.to_string()).with_help(help))
    }
}

impl Grammar for Pod {
    type Value = PodName;
    const WHAT: &'static str = "the name of a pod";

    fn shape() -> Shape {
        name("^[A-Za-z0-9][A-Za-z0-9_-]{1,127}$")
    }

    fn parse(text: &str) -> Result<PodName, Misfit> {
        text.parse().map_err(|error: wharf_model::NameError| Misfit::new(error.to_string()))
    }
}

impl Grammar for Network {
    type Value = String;
    const WHAT: &'static str = "the name of a network";

    fn shape() -> Shape {
        name("^[A-Za-z0-9][A-Za-z0-9_.-]*$").with("not", json!({ "enum": ["host", "none"] }))
    }

    fn parse(text: &str) -> Result<String, Misfit> {
        if matches!(text, "host" | "none") {
            let message = format!("a pod cannot have the network {}", quoted(text));
            return Err(Misfit::new(message).with_help("name a bridge network; see `docker network ls`"));
        }
        let first = text.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
        if first && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-')) {
            return Ok(text.to_owned());
        }
        Err(Misfit::new(format!("{} is not the name of a network", quoted(text)))
            .with_help("see `docker network ls`"))
    }
}

impl Grammar for Hostname {
    type Value = String;
    const WHAT: &'static str = "a host name";

    fn shape() -> Shape {
        let label = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
        name(&format!("^{label}(\\.{label})*$")).with("maxLength", json!(253))
    }

    fn parse(text: &str) -> Result<String, Misfit> {
        let label_fits = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        if text.len() <= 253 && text.split('.').all(label_fits) {
            return Ok(text.to_owned());
        }
        let help = "letters, digits and `-` between dots, at most 63 between two, and no `-` at either end";
        Err(Misfit::new(format!("{} is not a host name", quoted(text))).with_help(help))
    }
}

impl Grammar for Account {
    type Value = String;
    const WHAT: &'static str = "the name of an account";

    fn shape() -> Shape {
        name("^[A-Za-z_][A-Za-z0-9_.@-]*\\$?$").with("type", json!("string"))
    }

    fn parse(text: &str) -> Result<String, Misfit> {
        match text.parse() {
            Ok(User::Account(name)) => Ok(name),
            Ok(User::Group(_)) | Err(_) => Err(not_an_account(text)),
        }
    }
}

pub(super) fn not_an_account(text: &str) -> Misfit {
    let help = "accounts are named, not numbered; see `getent passwd`";
    Misfit::new(format!("{} is not the name of an account", quoted(text))).with_help(help)
}

impl Grammar for LabelPrefix {
    type Value = String;
    const WHAT: &'static str = "how the names of labels begin";

    fn shape() -> Shape {
        Shape::of(json!({ "type": "string", "minLength": 1 }))
    }

    fn accepts(meaning: wharf_document::Meaning) -> bool {
        meaning == wharf_document::Meaning::Text
    }

    fn parse(text: &str) -> Result<String, Misfit> {
        if text.is_empty() {
            let help = "write a prefix such as `traefik.`; an empty one would forbid every label";
            return Err(Misfit::new("a prefix cannot be empty").with_help(help));
        }
        Ok(text.to_owned())
    }
}

impl ReadKey for RegistryHost {
    type Key = String;

    fn key_shape() -> Shape {
        let label = "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?";
        let host = format!("({label}(\\.{label})*|\\[[0-9A-Fa-f:.]+\\])");
        Shape::of(json!({ "pattern": format!("^{host}(:[0-9]{{1,5}})?$") }))
    }

    /// A registry is what image references have before their first slash.
    fn read_key(text: &str) -> Result<String, Misfit> {
        match format!("{text}/a").parse() {
            Ok(ImageRef::Named(named)) if named.domain() == text => Ok(text.to_owned()),
            _ => {
                let message = format!("{} is not the address of a registry", quoted(text));
                Err(Misfit::new(message)
                    .with_help("such as `docker.io`, `registry.example` or `localhost:5000`"))
            }
        }
    }
}
