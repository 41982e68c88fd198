//! Secrets that a container uses: `[db-password, {name: tls-key, target: site.key, env: TLS_KEY_FILE}]`.

use super::environment::Variable;
use super::first_at;
use super::grammars::{text, text_or_number};
use super::limits::RawLimits;
use super::mounts::CheckedMounts;
use crate::{OnChange, SecretUse, Tmpfs};
use std::collections::BTreeMap;
use wharf_document::{
    Errors, Grammar, Integer, List, Meaning, Misfit, Node, Parsed, Place, Read, ReadKey, Shape, Spanned,
    Value, mapping, quoted, refuse,
};
use wharf_model::{EnvName, SecretName, Signal};
use wharf_wire::{MOST_SECRETS, SECRETS_TARGET};

mapping! {
    /// A secret as a file in /run/secrets.
    pub(crate) struct RawSecret {
        /// The secret, as `wharf secret set` named it.
        required "name" name: Parsed<Secret>,
        /// The file: `/run/secrets/FILE`, or FILE alone. Default: the secret's name.
        optional "target" target: Parsed<File>,
        /// The file's permissions, in quotes. Default: "0444"; the directory is this container's alone.
        optional "mode" mode: Parsed<FileMode>,
        /// The number of the file's owner in the container. Default: 0.
        optional "user" user: Integer<0, 2_147_483_647>,
        /// The number of the file's group in the container. Default: 0.
        optional "group" group: Integer<0, 2_147_483_647>,
        /// A variable that is set to the file's path, such as DB_PASSWORD_FILE.
        optional "env" env: Parsed<Variable>,
        /// What follows when the value is another: restart (the default), a signal such as SIGHUP, or nothing.
        optional "on_change" on_change: Parsed<Change>,
    }
    refused {
        "source" => "did you mean `name`?",
        "uid" => "did you mean `user`?",
        "gid" => "did you mean `group`?",
        "file" => "did you mean `target`? Values come from sealed files: see `wharf secret set --from-file`",
        "external" => "remove the key: secrets are sealed beside the pod file",
        "value" => "a value never stands here: `wharf secret set` seals it",
    }
}

/// One secret, by its name or in full.
#[derive(Debug)]
pub(crate) struct OneSecret;

/// The name of a secret.
#[derive(Debug)]
pub(crate) enum Secret {}

/// A file in `/run/secrets`.
#[derive(Debug)]
pub(crate) enum File {}

/// Permissions in octal digits.
#[derive(Debug)]
pub(crate) enum FileMode {}

/// What follows when a value is another.
#[derive(Debug)]
pub(crate) enum Change {}

/// All of a container's.
pub(crate) type Secrets = List<OneSecret>;

/// A use with where its parts were written.
#[derive(Debug)]
pub(crate) struct CheckedSecret {
    used: SecretUse,
    env_at: Option<Place>,
}

impl Read for OneSecret {
    type Value = CheckedSecret;

    fn shape() -> Shape {
        Shape::any_of([Secret::shape(), RawSecret::shape()])
    }

    fn read(node: &Node, errors: &mut Errors) -> Option<CheckedSecret> {
        match &node.value {
            Value::Map(_) => RawSecret::read(node, errors)?.check(),
            Value::Scalar(_) => {
                let name = Parsed::<Secret>::read(node, errors)?;
                Some(CheckedSecret { used: SecretUse::plain(name), env_at: None })
            }
            Value::List(_) => refuse(node, errors, "a secret's name, or a mapping with `name`", None),
        }
    }
}

impl RawSecret {
    fn check(self) -> Option<CheckedSecret> {
        let plain = SecretUse::plain(self.name?.value);
        let number = |raw: Option<Spanned<i64>>| raw.and_then(|raw| u32::try_from(raw.value).ok());
        let (env, env_at) = self.env.map(|env| (env.value, env.place)).unzip();
        let used = SecretUse {
            file: self.target.map_or_else(|| plain.file.clone(), |file| file.value),
            mode: self.mode.map_or(plain.mode, |mode| mode.value),
            user: number(self.user).unwrap_or(plain.user),
            group: number(self.group).unwrap_or(plain.group),
            on_change: self.on_change.map_or(plain.on_change, |change| change.value),
            env,
            ..plain
        };
        Some(CheckedSecret { used, env_at })
    }
}

const NAME_PATTERN: &str = "[A-Za-z0-9][A-Za-z0-9_.-]{0,63}";

impl Grammar for Secret {
    type Value = SecretName;
    const WHAT: &'static str = "the name of a secret";

    fn shape() -> Shape {
        text(&format!("^{NAME_PATTERN}$"))
    }

    fn accepts(meaning: Meaning) -> bool {
        meaning == Meaning::Text
    }

    fn parse(text: &str) -> Result<SecretName, Misfit> {
        text.parse().map_err(|error: wharf_model::SecretNameError| Misfit::new(error.to_string()))
    }
}

impl Grammar for File {
    type Value = SecretName;
    const WHAT: &'static str = "a file in /run/secrets";

    fn shape() -> Shape {
        text(&format!("^({SECRETS_TARGET}/)?{NAME_PATTERN}$"))
    }

    fn accepts(meaning: Meaning) -> bool {
        meaning == Meaning::Text
    }

    fn parse(text: &str) -> Result<SecretName, Misfit> {
        let file = text.strip_prefix(SECRETS_TARGET).and_then(|rest| rest.strip_prefix('/')).unwrap_or(text);
        if file.contains('/') {
            let message = format!("secrets lie in {SECRETS_TARGET} itself, and {} does not", quoted(text));
            return Err(Misfit::new(message).with_help(
                "a file that is mounted elsewhere by itself would stay the old one when the value changes; write \
                 `/run/secrets/FILE`, and point the program there (`env: FOO_FILE`, or a link in the image)",
            ));
        }
        file.parse().map_err(|error: wharf_model::SecretNameError| {
            Misfit::new(error.to_string().replace("a secret's name", "a secret's file"))
        })
    }
}

impl Grammar for FileMode {
    type Value = u32;
    const WHAT: &'static str = "permissions in quotes, such as `\"0400\"`";

    fn shape() -> Shape {
        text("^0?[0-7]{3}$")
    }

    // Without quotes, 0400 is 256 to one half of the world's YAML readers, and 400 to the other.
    fn accepts(meaning: Meaning) -> bool {
        meaning == Meaning::Text
    }

    fn parse(text: &str) -> Result<u32, Misfit> {
        let is_octal = matches!(text.len(), 3 | 4) && text.bytes().all(|b| matches!(b, b'0'..=b'7'));
        let mode = u32::from_str_radix(text, 8).ok().filter(|mode| is_octal && *mode <= 0o777);
        mode.ok_or_else(|| {
            Misfit::new("these are no permissions")
                .with_help("three octal digits, such as `\"0400\"` or `\"0444\"`")
        })
    }
}

impl Grammar for Change {
    type Value = OnChange;
    const WHAT: &'static str = "`restart`, `nothing`, or a signal such as `SIGHUP`";

    fn shape() -> Shape {
        text_or_number("^(restart|nothing|[0-9]{1,2}|[A-Za-z]+[0-9]?|[A-Za-z]+[+-][0-9]{1,2})$")
    }

    fn accepts(meaning: Meaning) -> bool {
        matches!(meaning, Meaning::Text | Meaning::Integer)
    }

    fn parse(text: &str) -> Result<OnChange, Misfit> {
        match text {
            "restart" => return Ok(OnChange::Restart),
            "nothing" => return Ok(OnChange::Nothing),
            _ => {}
        }
        let signal: Option<Signal> = text.parse().ok();
        signal.map(OnChange::Signal).ok_or_else(|| {
            Misfit::new(format!("{} is nothing that can follow", quoted(text)))
                .with_help("`restart`, `nothing`, or a signal such as `SIGHUP`")
        })
    }
}

impl Grammar for Variable {
    type Value = EnvName;
    const WHAT: &'static str = "the name of a variable";

    fn shape() -> Shape {
        text("^[^=]+$")
    }

    fn parse(text: &str) -> Result<EnvName, Misfit> {
        Self::read_key(text)
    }
}

/// What else a container says, as far as it may not meet its secrets.
pub(super) struct Beside<'a> {
    pub(super) variables: &'a BTreeMap<EnvName, String>,
    pub(super) variables_from_files: &'a BTreeMap<EnvName, wharf_model::MountSource>,
    pub(super) own: &'a CheckedMounts,
    pub(super) common: &'a CheckedMounts,
    pub(super) tmpfs: &'a [(Tmpfs, Place)],
}

/// The uses, no two with one file or one variable, and nothing else where they lie.
pub(super) fn check(
    raw: Option<Spanned<Vec<Spanned<CheckedSecret>>>>,
    beside: &Beside<'_>,
    errors: &mut Errors,
) -> Vec<SecretUse> {
    let Some(raw) = raw.filter(|list| !list.value.is_empty()) else { return Vec::new() };
    check_neighbours(beside, errors);
    if raw.value.len() > MOST_SECRETS {
        let message =
            format!("a container uses at most {MOST_SECRETS} secrets, and these are {}", raw.value.len());
        errors.push_at(&raw.place, message, Some("remove some".to_owned()));
        return Vec::new();
    }
    let mut files: BTreeMap<SecretName, Place> = BTreeMap::new();
    let mut variables: BTreeMap<EnvName, Place> = BTreeMap::new();
    let mut uses = Vec::with_capacity(raw.value.len());
    for Spanned { value: CheckedSecret { used, env_at }, place } in raw.value {
        if let Some(first) = files.insert(used.file.clone(), place.clone()) {
            let message = format!("two secrets have the file {}", quoted(&used.path()));
            errors.push_at(&place, message, Some(format!("{}; give one a `target`", first_at(&first))));
        }
        if let (Some(name), Some(at)) = (&used.env, env_at) {
            let is_said =
                beside.variables.contains_key(name) || beside.variables_from_files.contains_key(name);
            if is_said || variables.contains_key(name) {
                let message = format!("the variable {} is set elsewhere, too", quoted(name.as_str()));
                errors.push_at(&at, message, Some("keep one of them".to_owned()));
            }
            variables.insert(name.clone(), at);
        }
        uses.push(used);
    }
    uses
}

fn check_neighbours(beside: &Beside<'_>, errors: &mut Errors) {
    let mounts = beside.own.targets.iter().chain(&beside.common.targets);
    let tmpfs = beside.tmpfs.iter().map(|(tmpfs, place)| (&tmpfs.target, place));
    for (target, place) in mounts.chain(tmpfs) {
        let below = target.as_str().strip_prefix(SECRETS_TARGET);
        if below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
            let message = format!("{} is where the container's secrets are", quoted(target.as_str()));
            errors.push_at(place, message, Some("choose another target".to_owned()));
        }
    }
}

/// A core dump brings what a process has read to a disk, so a container with secrets leaves none.
pub(super) fn check_core(limits: Option<&Spanned<RawLimits>>, errors: &mut Errors) {
    let Some(core) = limits.and_then(|limits| limits.value.core.as_ref()) else { return };
    if (core.value.soft, core.value.hard) != (0, 0) {
        let message = "a container that uses secrets leaves no core dumps, which would bring them to a disk";
        errors.push_at(&core.place, message, Some("remove the key, or write `0`".to_owned()));
    }
}

/// What a value in `environment` may not be.
pub(super) const NOT_IN_THE_ENVIRONMENT: &str = "a secret in an environment variable shows in `docker inspect`, in \
     /proc and in what programs log; write it under `secrets` with `env: NAME_FILE`, which sets that variable to the \
     file's path. An exception that the administrator makes is not there yet";

/// The shape of `{secret: name}`, in error messages alone.
pub(super) fn is_secret_reference(node: &Node) -> bool {
    matches!(&node.value, Value::Map(entries) if entries.iter().any(|entry| entry.key.text == "secret"))
}
