//! Collecting the facts: this machine's files and accounts, and what the engine says. Judges nothing.

use crate::credentials::HOST_FILE;
use crate::endpoint;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::verbs::doctor::facts::{
    Away, ConfigFacts, ConfigState, EngineSide, Facts, MountRootFacts, RegistriesFacts, RegistriesFile,
    RulesFacts, RulesState, SecretsFacts, Seen, There, Trouble,
};
use crate::verbs::doctor::finding::word;
use crate::verbs::{NOTHING_CHANGED, block_on};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use wharf_docker::{Endpoint, Engine, EngineError};
use wharf_host::{
    Installed, MountRoot, ObjectFacts, PacketFilter, PacketFilterError, Ruleset, check_alone, group_members,
    group_name, mount_facts, object_facts, read_trusted, user_name,
};
use wharf_model::TenantGrant;
use wharf_pin::{Answer, Question};
use wharf_policy::{Actor, Grants};
use wharf_reconcile::{Door, InUseHere, Quiet, in_use, left_behind, list};
use wharf_store::{AuditTrail, RulesFile};
use wharf_wire::{Info, Version};

/// Of each kind, so that a mount root with a thousand directories stays readable.
const MOST_PLACES: usize = 20;
const MOST_BYTES: u64 = 1 << 20;
const DAEMON_JSON: &str = "/etc/docker/daemon.json";

/// All that the judges look at. `refused` is why the host configuration was.
pub(crate) fn gather(
    setting: &Setting<'_>,
    refused: Option<Failure>,
    actor: &Actor,
) -> Result<Facts, Failure> {
    let endpoint = endpoint::find(setting)?;
    let socket = match &endpoint {
        Endpoint::Unix(path) => object_facts(path).ok(),
        Endpoint::Tcp(_) | Endpoint::Tls(..) | Endpoint::Ssh(_) => None,
    };
    Ok(Facts {
        config: config(setting, refused),
        mount_root: setting.config.mount_root.as_ref().map(|path| mount_root(setting, Path::new(path))),
        program: program(setting),
        trail: trail(setting),
        registries: registries(setting),
        groups: groups(setting, socket),
        rules: rules(setting),
        soft_disk: soft_disk(setting),
        secrets: secrets(setting, actor),
        engine: EngineSide {
            socket,
            owner: socket.and_then(|socket| user_name(socket.owner).ok().flatten()),
            has_daemon_json: Path::new(DAEMON_JSON).exists(),
            seen: engine(&Engine::new(endpoint.clone()), actor, &setting.grants()),
            endpoint,
        },
    })
}

fn config(setting: &Setting<'_>, refused: Option<Failure>) -> ConfigFacts {
    let path = setting.config_path();
    let state = match refused {
        Some(failure) => ConfigState::Refused(Trouble::of(failure)),
        None if path.exists() => ConfigState::Read,
        None => ConfigState::Missing,
    };
    ConfigFacts { path, state }
}

fn mount_root(setting: &Setting<'_>, path: &Path) -> MountRootFacts {
    let opened = MountRoot::open(path, setting.invocation.owner)
        .map_err(|error| Trouble { why: chain(&error), mend: error.mend() });
    let places = opened.and_then(|root| {
        root.weak_places(MOST_PLACES).map_err(|error| Trouble { why: chain(&error), mend: error.mend() })
    });
    MountRootFacts { path: path.to_owned(), places, mount: mount_facts(path).ok() }
}

/// Whoever runs wharf as himself may keep it where he likes.
fn program(setting: &Setting<'_>) -> Option<Trouble> {
    let program = std::env::current_exe().ok().filter(|_| setting.invocation.uid == 0)?;
    let error = check_alone(&program, setting.invocation.owner).err()?;
    let mend = format!("install -m 0755 {} /usr/local/bin/wharf", word(&program));
    Some(Trouble { why: chain(&error), mend: Some(mend) })
}

fn trail(setting: &Setting<'_>) -> Option<Trouble> {
    match setting.state_dir() {
        Ok(directory) => {
            let error = AuditTrail::open(&directory.join("audit.jsonl")).err()?;
            Some(Trouble { why: chain(&error), mend: None })
        }
        Err(failure) => Some(Trouble::of(failure)),
    }
}

fn registries(setting: &Setting<'_>) -> RegistriesFacts {
    let path = Path::new(HOST_FILE);
    let file = object_facts(path).ok().map(|facts| {
        let error = read_trusted(path, setting.invocation.owner, MOST_BYTES).err();
        let refused = error.map(|error| Trouble { why: chain(&error), mend: error.mend() });
        RegistriesFile { mode: facts.mode, refused }
    });
    RegistriesFacts { path: path.to_owned(), lent: setting.config.registries.keys().cloned().collect(), file }
}

/// What the kernel has, compared with what `wharf serve` kept.
fn rules(setting: &Setting<'_>) -> Option<RulesFacts> {
    let is_open = |grant: &TenantGrant| grant.network.internet && grant.network.lan && grant.network.host;
    if setting.config.tenants.values().all(is_open) {
        return None;
    }
    let file = RulesFile::within(setting.state_dir().ok()?);
    let found = || -> Result<RulesState, Box<dyn std::error::Error>> {
        let filter = match PacketFilter::find() {
            Err(error @ PacketFilterError::Missing) => return Ok(RulesState::NoProgram(error.to_string())),
            found => found?,
        };
        let Some(text) = file.read()? else { return Ok(RulesState::NeverKept) };
        // What another version of wharf kept is not what this one would put in force.
        let found = Ruleset::shown(&text).map(|wanted| filter.check(&wanted)).transpose()?;
        Ok(RulesState::Found(found.unwrap_or(Installed::Altered)))
    };
    let unknown = |error: Box<dyn std::error::Error>| {
        RulesState::Unknown(Trouble { why: chain(error.as_ref()), mend: None })
    };
    Some(RulesFacts { kept: file.path(), state: found().unwrap_or_else(unknown) })
}

/// Asked of the helper that would set the limits, when it runs.
fn soft_disk(setting: &Setting<'_>) -> Option<String> {
    let helper = super::super::pins::helper(&setting.config, &setting.state_dir().ok()?)?;
    match wharf_pin::ask(&helper.socket, &Question::Limit { rooms: Vec::new() }).ok()? {
        Answer::Limited { why_not } => why_not,
        _ => None,
    }
}

/// Root's alone to look at; and of pods, whoever asks hears of those that are his.
fn secrets(setting: &Setting<'_>, actor: &Actor) -> SecretsFacts {
    let is_root = setting.invocation.uid == 0;
    let Some(memory) = is_root.then(|| setting.delivery().ok()).flatten() else {
        return SecretsFacts::default();
    };
    match in_use(&memory) {
        Ok(InUseHere { mut pods, failures }) => {
            pods.retain(|found| actor.may_manage(&found.pod));
            let lacking = pods
                .iter()
                .flat_map(|found| found.lacking.iter().map(|container| format!("{}.{container}", found.pod)));
            let shared =
                pods.iter().filter(|found| found.shares_processes).map(|found| found.pod.to_string());
            let is_own = |name: &str| {
                let pod = name.strip_prefix("machine.").and_then(|rest| rest.strip_suffix(".json"));
                pod.and_then(|pod| pod.parse().ok()).is_some_and(|pod| actor.may_manage(&pod))
            };
            let failed = failures.iter().find(|(name, _)| is_own(name));
            let refused =
                failed.map(|(name, error)| Trouble { why: format!("{name}: {}", chain(error)), mend: None });
            SecretsFacts { refused, lacking: lacking.collect(), shared: shared.collect() }
        }
        Err(error) => {
            let refused = Some(Trouble { why: chain(&error), mend: None });
            SecretsFacts { refused, ..SecretsFacts::default() }
        }
    }
}

/// The group that distributions make for the engine, and the one that its socket belongs to. Whoever is the administrator
/// for wharf is no news, and neither is the account that wharf itself runs as.
fn groups(setting: &Setting<'_>, socket: Option<ObjectFacts>) -> BTreeMap<String, BTreeSet<String>> {
    let of_socket = socket.filter(|socket| socket.mode & 0o020 != 0 && socket.group != 0);
    let of_socket = of_socket.and_then(|socket| group_name(socket.group).ok().flatten());
    let names: BTreeSet<String> = std::iter::once("docker".to_owned()).chain(of_socket).collect();
    let own = user_name(setting.invocation.uid).ok().flatten();
    let is_news = |member: &String| {
        member != "root" && Some(member) != own.as_ref() && !setting.config.admins.contains(member)
    };
    let members = |name: String| {
        let members = group_members(&name).ok().flatten()?;
        Some((name, members.into_iter().filter(is_news).collect()))
    };
    names.into_iter().filter_map(members).collect()
}

fn engine(engine: &Engine, actor: &Actor, grants: &Grants) -> Seen {
    let door = Door::new(engine, actor, grants, &Quiet);
    let looked = block_on(NOTHING_CHANGED, async {
        let info = engine.observe(&Info).await;
        let info = match info {
            Err(error @ EngineError::TooOld { .. }) => {
                return Ok(Seen::Away(Away::TooOld(error.to_string())));
            }
            other => other?,
        };
        // Only Docker's own API promises this; without it nothing is known of the parts.
        let components = engine.observe(&Version).await.map(|version| version.components).unwrap_or_default();
        let pods = list(&door, None).await?;
        let left_behind = left_behind(&door).await?;
        Ok(Seen::There(Box::new(There { info, components, pods, left_behind })))
    });
    looked.unwrap_or_else(|failure| Seen::Away(Away::Silent(Trouble::of(failure).why)))
}

impl Trouble {
    /// A failure in one line. A file's errors are underlined by every other verb.
    fn of(failure: Failure) -> Self {
        let shown_elsewhere = (!failure.details.is_empty())
            .then(|| "wharf ps    # shows every error where it stands".to_owned());
        let why = std::iter::once(failure.message).chain(failure.causes).collect::<Vec<_>>().join(": ");
        Self { why, mend: failure.hint.filter(|hint| is_command(hint)).or(shown_elsewhere) }
    }
}

/// Hints are for people, and only some are commands.
fn is_command(hint: &str) -> bool {
    ["chown ", "chmod "].iter().any(|start| hint.starts_with(start))
}

fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source()).map(ToString::to_string);
    std::iter::once(error.to_string()).chain(causes).collect::<Vec<_>>().join(": ")
}
