//! The file's keys, and what they become: every key read, every value checked, every error told.

use super::grammars::{
    ContextName, DetachKey, EnginePlace, Excluded, HomePath, HostFolder, Image, LoginShell, MountText,
    Number, Package, Size, SourceFolder, UserName, Variable,
};
use super::{Base, Definition, Git, HostMount, Inhabitant, Limits, SyncedFolder};
use crate::WorkstationName;
use std::collections::BTreeMap;
use wharf_document::{
    Diagnostic, Errors, Integer, Limits as Bounds, List, Map, Parsed, Read, Spanned, Text, mapping, quoted,
};

mapping! {
    /// A long-lived shell container of one's own. The workstation is named after this file, without its extension.
    pub(crate) struct RawDefinition {
        /// The docker context whose engine it is on (`default` is the one without a name), or the engine's address where it
        /// was made with one (DOCKER_HOST). With another current, wharf refuses.
        optional "context" context: Parsed<EnginePlace>,
        /// The image that it is made of. Default: a Debian with the usual tools.
        optional "image" image: Parsed<Image>,
        /// Instead of an image: a folder with a Dockerfile, on this machine.
        optional "build" build: Parsed<HostFolder>,
        /// What the image's package manager (apt, apk, dnf, pacman or zypper) installs on top.
        optional "packages" packages: List<Parsed<Package>>,
        /// Who lives in it. Default: name and numbers as on this machine.
        optional "user" user: RawInhabitant,
        /// By what name and address the inhabitant commits.
        optional "git" git: RawGit,
        /// The login shell, as an absolute path inside. Default: bash where the image has it, else sh.
        optional "shell" shell: Parsed<LoginShell>,
        /// Variables of every session.
        optional "environment" environment: Map<Variable, Text>,
        /// Directories of the engine's host: `/source:/target`, with `:ro` where nothing inside may write.
        optional "mounts" mounts: List<Parsed<MountText>>,
        /// Folders of this machine that `--sync` copies into the home, one way.
        optional "sync" sync: List<RawSync>,
        /// How much it may use.
        optional "limits" limits: RawLimits,
        /// The key that leaves a session: `ctrl-` and a letter or one of `@ [ \ ] ^ _`, or `none`. Default: `ctrl-\`.
        optional "detach_key" detach_key: Parsed<DetachKey>,
        /// How much of what was printed each session keeps, such as `4M`.
        optional "scrollback" scrollback: Parsed<Size>,
        /// Docker contexts that the workstation joins from inside (`--join`).
        optional "contexts" contexts: List<Parsed<ContextName>>,
    }
    refused {
        "name" => "the workstation is named after its file; remove the key",
        "volumes" => "did you mean `mounts`? the home is a volume already",
        "env" => "did you mean `environment`?",
        "dockerfile" => "did you mean `build`? it names the folder that has the Dockerfile",
        "privileged" => "a workstation has no privileges; remove the key",
        "cap_add" => "a workstation has no capabilities; remove the key",
        "devices" => "a workstation has no devices of the host; remove the key",
        "ports" => "a workstation publishes no ports; remove the key",
        "memory" => "write it below `limits`",
        "cpus" => "write it below `limits`",
        "pids" => "write it below `limits`",
    }
}

mapping! {
    /// Who lives in a workstation.
    pub(crate) struct RawInhabitant {
        /// The account's name; its home is `/home/` and this. Default: as on this machine.
        optional "name" name: Parsed<UserName>,
        /// Its number. Default: as on this machine; 1000 for root.
        optional "uid" uid: Integer<0, 2_147_483_647>,
        /// Its group's number. Default: as on this machine; 1000 for root.
        optional "gid" gid: Integer<0, 2_147_483_647>,
    }
}

mapping! {
    /// Who commits.
    pub(crate) struct RawGit {
        /// `user.name`.
        optional "name" name: Text,
        /// `user.email`.
        optional "email" email: Text,
    }
}

mapping! {
    /// A folder that is copied one way.
    pub(crate) struct RawSync {
        /// On this machine: an absolute path, or one that begins with `~/`.
        required "from" from: Parsed<SourceFolder>,
        /// Where it goes, below the home. What is there and not in the source is deleted.
        required "to" to: Parsed<HomePath>,
        /// Names of files and folders that are neither copied nor deleted, wherever they are; `*` stands for any characters.
        optional "exclude" exclude: List<Parsed<Excluded>>,
    }
}

mapping! {
    /// How much a workstation may use.
    pub(crate) struct RawLimits {
        /// Memory, such as `4G`.
        optional "memory" memory: Parsed<Size>,
        /// CPUs, such as `2` or `0.5`.
        optional "cpus" cpus: Parsed<Number>,
        /// Processes and threads.
        optional "pids" pids: Integer<16, 4_194_304>,
    }
}

pub(super) fn parse(name: &WorkstationName, text: &str) -> Result<Definition, Vec<Diagnostic>> {
    // Whoever says nothing is content with the defaults.
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Ok(Definition { text: text.to_owned(), ..Definition::plain(name.clone()) });
    }
    let mut errors = Errors::new();
    let definition = wharf_document::parse(text, &Bounds::FILE, &mut errors)
        .and_then(|root| RawDefinition::read(&root, &mut errors))
        .map(|raw| raw.check(name, text, &mut errors));
    errors.finish(definition)
}

impl RawDefinition {
    fn check(self, name: &WorkstationName, text: &str, errors: &mut Errors) -> Definition {
        check_base(&self, errors);
        check_targets(self.mounts.as_ref(), errors);
        let image = plain(self.image).map(Base::Image);
        Definition {
            name: name.clone(),
            context: plain(self.context),
            base: image.or_else(|| plain(self.build).map(Base::Folder)).unwrap_or_default(),
            packages: items(self.packages),
            user: plain(self.user).map(RawInhabitant::check).unwrap_or_default(),
            git: plain(self.git)
                .map(|git| Git { name: plain(git.name), email: plain(git.email) })
                .unwrap_or_default(),
            shell: plain(self.shell),
            environment: entries(self.environment),
            mounts: items(self.mounts),
            sync: items(self.sync).into_iter().filter_map(RawSync::check).collect(),
            limits: plain(self.limits).map(RawLimits::check).unwrap_or_default(),
            detach_key: plain(self.detach_key),
            scrollback: plain(self.scrollback),
            contexts: items(self.contexts),
            text: text.to_owned(),
        }
    }
}

fn check_base(raw: &RawDefinition, errors: &mut Errors) {
    if let (Some(image), Some(build)) = (&raw.image, &raw.build) {
        let help = format!("`image` is given at line {}; keep one of them", image.place.line());
        errors.push_at(
            &build.place,
            "a workstation has an image or a folder to build it from, not both",
            Some(help),
        );
    }
}

/// Two things cannot be at one place.
fn check_targets(mounts: Option<&Spanned<Vec<Spanned<HostMount>>>>, errors: &mut Errors) {
    let mut first = BTreeMap::new();
    for mount in mounts.into_iter().flat_map(|mounts| &mounts.value) {
        let target = mount.value.target.as_str();
        if let Some(line) = first.insert(target, mount.place.line()) {
            let message = format!("two mounts have the target {}", quoted(target));
            errors.push_at(&mount.place, message, Some(format!("first given at line {line}; keep one")));
        }
    }
}

impl RawInhabitant {
    fn check(self) -> Inhabitant {
        Inhabitant { name: plain(self.name), uid: number(self.uid), gid: number(self.gid) }
    }
}

impl RawSync {
    fn check(self) -> Option<SyncedFolder> {
        Some(SyncedFolder { from: plain(self.from)?, to: plain(self.to)?, exclude: items(self.exclude) })
    }
}

impl RawLimits {
    fn check(self) -> Limits {
        Limits { memory: plain(self.memory), nano_cpus: plain(self.cpus), pids: number(self.pids) }
    }
}

/// The reader has seen to it that it fits.
fn number(raw: Option<Spanned<i64>>) -> Option<u32> {
    plain(raw).and_then(|number| u32::try_from(number).ok())
}

fn plain<T>(value: Option<Spanned<T>>) -> Option<T> {
    value.map(|value| value.value)
}

fn items<T>(list: Option<Spanned<Vec<Spanned<T>>>>) -> Vec<T> {
    list.into_iter().flat_map(|list| list.value).map(|item| item.value).collect()
}

/// What a mapping with keys of the author's reads as.
type RawEntries<K, V> = Spanned<Vec<(Spanned<K>, Spanned<V>)>>;

fn entries<K: Ord, V>(map: Option<RawEntries<K, V>>) -> BTreeMap<K, V> {
    map.into_iter().flat_map(|map| map.value).map(|(key, value)| (key.value, value.value)).collect()
}
