//! Every kind of call of the gateway's, about objects of everybody's, and what each actor is answered: a table to be
//! reviewed, in `tenant-calls.txt`. `hidden` is what the gateway answers as if nothing were there.
//!
//! `WHARF_REGENERATE=1 cargo test -p wharf-policy` writes it anew; read the difference before it is committed.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::tenant_world::{
    ADOPTED, ALICES, BOBS, EVERYBODY, FORMER, LENDER, NOBODYS, SHARED, Whose, account, actor, alice,
    as_alice, container, facts, grants, image, mount, named, network, object, owner, tag, volume,
};
use crate::world::blog;
use wharf_policy::{Actor, decide};
use wharf_wire::tenant::{
    AttachSpec, CommitSpec, ContainerAct, ContainerFilters, Endpoint, ExecAct, ImageAct, IpcMode, MountKind,
    NetworkAct, NetworkMode, Resources, SharedWith, TenantCall, TenantContainer, TenantExec, TenantLogs,
    TenantTag, VolumeAct, VolumesFrom, WaitCondition,
};
use wharf_wire::{Call, TerminalSize};

/// A kind of call has one line here, or this does not compile.
macro_rules! kinds {
    ($($pattern:pat => $name:literal,)*) => {
        const KINDS: &[&str] = &[$($name),*];

        fn kind(call: &TenantCall) -> &'static str {
            use TenantCall as T;
            use ContainerAct as C;
            match call { $($pattern => $name,)* }
        }
    };
}

kinds! {
    T::ListContainers { .. } => "list containers",
    T::CreateContainer { .. } => "create container",
    T::Container { act: C::Inspect { .. }, .. } => "inspect container",
    T::Container { act: C::Top { .. }, .. } => "list processes",
    T::Container { act: C::Logs(_), .. } => "read logs",
    T::Container { act: C::Changes, .. } => "list changes",
    T::Container { act: C::Export, .. } => "export container",
    T::Container { act: C::Stats { .. }, .. } => "read statistics",
    T::Container { act: C::StatPath { .. }, .. } => "stat path",
    T::Container { act: C::ReadPath { .. }, .. } => "copy from container",
    T::Container { act: C::WritePath { .. }, .. } => "copy to container",
    T::Container { act: C::Attach(_), .. } => "attach container",
    T::Container { act: C::Start { .. }, .. } => "start container",
    T::Container { act: C::Stop { .. }, .. } => "stop container",
    T::Container { act: C::Restart { .. }, .. } => "restart container",
    T::Container { act: C::Kill { .. }, .. } => "kill container",
    T::Container { act: C::Pause, .. } => "pause container",
    T::Container { act: C::Unpause, .. } => "unpause container",
    T::Container { act: C::Wait { .. }, .. } => "wait for container",
    T::Container { act: C::Resize(_), .. } => "resize container",
    T::Container { act: C::Update { .. }, .. } => "update container",
    T::Container { act: C::Remove { .. }, .. } => "remove container",
    T::RenameContainer { .. } => "rename container",
    T::CreateExec { .. } => "create exec",
    T::Exec { act: ExecAct::Start { .. }, .. } => "start exec",
    T::Exec { act: ExecAct::Resize(_), .. } => "resize exec",
    T::Exec { act: ExecAct::Inspect, .. } => "inspect exec",
    T::Commit { .. } => "commit container",
    T::ListImages { .. } => "list images",
    T::InspectDistribution { .. } => "inspect distribution",
    T::Pull { .. } => "pull image",
    T::LoadImages { .. } => "load images",
    T::SaveImages { .. } => "save images",
    T::Image { act: ImageAct::Inspect, .. } => "inspect image",
    T::Image { act: ImageAct::History, .. } => "read image history",
    T::TagImage { .. } => "tag image",
    T::RemoveTag { .. } => "remove image",
    T::RemoveDigest { .. } => "remove image digest",
    T::TagForPush { .. } => "tag image for push",
    T::Push { .. } => "push image",
    T::UntagAfterPush { .. } => "untag image after push",
    T::RestoreAfterPush { .. } => "restore tag after push",
    T::CheckCredentials(_) => "check credentials",
    T::ListVolumes { .. } => "list volumes",
    T::CreateVolume(_) => "create volume",
    T::Volume { act: VolumeAct::Inspect, .. } => "inspect volume",
    T::Volume { act: VolumeAct::Remove { .. }, .. } => "remove volume",
    T::ListNetworks { .. } => "list networks",
    T::CreateNetwork(_) => "create network",
    T::Network { act: NetworkAct::Inspect, .. } => "inspect network",
    T::Network { act: NetworkAct::Remove, .. } => "remove network",
    T::Connect { .. } => "connect network",
    T::Disconnect { .. } => "disconnect network",
}

/// A call, and in words what it is about.
type Case = (String, TenantCall);

const SIZE: TerminalSize = TerminalSize { columns: 80, rows: 24 };

fn acts() -> Vec<ContainerAct> {
    let path = || "/etc/motd".to_owned();
    vec![
        ContainerAct::Inspect { size: false },
        ContainerAct::Top { ps_args: None },
        ContainerAct::Logs(TenantLogs::default()),
        ContainerAct::Changes,
        ContainerAct::Export,
        ContainerAct::Stats { stream: true, one_shot: false },
        ContainerAct::StatPath { path: path() },
        ContainerAct::ReadPath { path: path() },
        ContainerAct::WritePath { path: path(), no_overwrite: false, copy_owners: false },
        ContainerAct::Attach(AttachSpec::default()),
        ContainerAct::Start { detach_keys: None },
        ContainerAct::Stop { signal: None, timeout: None },
        ContainerAct::Restart { signal: None, timeout: None },
        ContainerAct::Kill { signal: None },
        ContainerAct::Pause,
        ContainerAct::Unpause,
        ContainerAct::Wait { condition: WaitCondition::NotRunning },
        ContainerAct::Resize(SIZE),
        ContainerAct::Update { resources: Resources::default(), restart: None },
        ContainerAct::Remove { volumes: true, force: true },
    ]
}

/// Each call that names an object which exists, for one of everybody's.
fn about(whose: Whose) -> Vec<TenantCall> {
    let (id, net) = (whose.container(), whose.network());
    let tenant = whose.tenant();
    let mut calls: Vec<TenantCall> =
        acts().into_iter().map(|act| TenantCall::Container { container: id.clone(), act }).collect();
    calls.extend([
        TenantCall::ListContainers {
            tenant: tenant.clone(),
            all: true,
            size: false,
            filters: ContainerFilters::default(),
        },
        TenantCall::RenameContainer {
            container: id.clone(),
            name: wharf_model::TenantObject { tenant: whose.tenant(), name: "other".parse().unwrap() },
        },
        TenantCall::CreateExec { container: id.clone(), exec: TenantExec::default() },
        TenantCall::Exec {
            exec: whose.exec(),
            act: ExecAct::Start { detach: false, tty: false, console_size: None },
        },
        TenantCall::Exec { exec: whose.exec(), act: ExecAct::Resize(SIZE) },
        TenantCall::Exec { exec: whose.exec(), act: ExecAct::Inspect },
        TenantCall::Commit { container: id.clone(), commit: CommitSpec::default(), owner: owner() },
        TenantCall::ListImages { tenant: tenant.clone() },
        TenantCall::SaveImages { images: vec![image(SHARED), whose.image()] },
        TenantCall::Image { image: whose.image(), act: ImageAct::Inspect },
        TenantCall::Image { image: whose.image(), act: ImageAct::History },
        TenantCall::TagImage { image: whose.image(), tag: tag(ALICES) },
        TenantCall::RemoveTag { tag: tag(whose) },
        TenantCall::TagForPush { image: whose.image(), to: named("registry.example/alice/app:1") },
        TenantCall::ListVolumes { tenant: tenant.clone() },
        TenantCall::Volume { volume: whose.volume(), act: VolumeAct::Inspect },
        TenantCall::Volume { volume: whose.volume(), act: VolumeAct::Remove { force: false } },
        TenantCall::ListNetworks { tenant },
        TenantCall::Network { network: net.clone(), act: NetworkAct::Inspect },
        TenantCall::Network { network: net.clone(), act: NetworkAct::Remove },
        TenantCall::Connect {
            network: net.clone(),
            container: ALICES.container(),
            endpoint: Endpoint::default(),
        },
        TenantCall::Disconnect { network: net, container: id, force: false },
    ]);
    calls
}

/// A container of alice's that has to do with somebody's object.
fn creations(whose: Whose) -> Vec<(&'static str, TenantContainer)> {
    let with = |change: &dyn Fn(&mut TenantContainer)| {
        let mut container = container();
        change(&mut container);
        container
    };
    let id = || whose.container();
    vec![
        ("made of an image", with(&|c| c.image = whose.image())),
        ("on a network", with(&|c| c.network = NetworkMode::Network(whose.network()))),
        ("with a place on a network", with(&|c| c.endpoints = vec![(whose.network(), Endpoint::default())])),
        ("in the network of a container", with(&|c| c.network = NetworkMode::Container(id()))),
        ("in the memory of a container", with(&|c| c.ipc = IpcMode::Container(id()))),
        ("among the processes of a container", with(&|c| c.pid = SharedWith::Container(id()))),
        (
            "with the mounts of a container",
            with(&|c| c.volumes_from = vec![VolumesFrom { container: id(), readonly: true }]),
        ),
        (
            "with a volume",
            with(&|c| {
                let volume = whose.volume();
                c.mounts = vec![mount(MountKind::Volume { volume, no_copy: false, subpath: None })];
            }),
        ),
    ]
}

/// What names nothing that exists.
fn others() -> Vec<Case> {
    let digest = || format!("sha256:{}", "1".repeat(64));
    let app = || named("registry.example/alice/app:1");
    let cases = [
        ("of what alice may pull", TenantCall::InspectDistribution { image: app(), credentials: None }),
        (
            "of what alice may pull",
            TenantCall::Pull { image: app(), digest: digest(), platform: None, credentials: None },
        ),
        ("of what alice may pull", TenantCall::RemoveDigest { image: app(), digest: digest() }),
        ("where alice may push", TenantCall::Push { image: app(), credentials: None }),
        ("where alice may push", TenantCall::UntagAfterPush { image: app() }),
        (
            "to whom it was not borrowed from",
            TenantCall::RestoreAfterPush { image: ALICES.image(), to: app() },
        ),
        ("to whom it was borrowed from", TenantCall::RestoreAfterPush { image: image(LENDER), to: app() }),
        ("where alice may pull", TenantCall::CheckCredentials(account("docker.io"))),
        ("a shared one", TenantCall::Image { image: image(SHARED), act: ImageAct::Inspect }),
        ("a shared one, as alice's", TenantCall::TagImage { image: image(SHARED), tag: tag(ALICES) }),
        ("alice's, as bob's", TenantCall::TagImage { image: ALICES.image(), tag: tag(BOBS) }),
        (
            "alice's, without a name",
            TenantCall::TagImage {
                image: ALICES.image(),
                tag: TenantTag::untagged(&alice(), &ALICES.image()),
            },
        ),
        (
            "alice's, to bob's name",
            TenantCall::RenameContainer { container: ALICES.container(), name: object("bob", "other") },
        ),
        ("for alice", TenantCall::LoadImages { quiet: true, tenant: alice() }),
        ("for whom alice adopted", TenantCall::LoadImages { quiet: true, tenant: ADOPTED.tenant() }),
        ("for alice", TenantCall::CreateVolume(volume())),
        ("for alice", TenantCall::CreateNetwork(network())),
        ("for alice", TenantCall::CreateContainer { container: Box::new(container()), platform: None }),
        (
            "for alice, made of a shared image",
            TenantCall::CreateContainer {
                container: Box::new(TenantContainer { image: image(SHARED), ..container() }),
                platform: None,
            },
        ),
    ];
    cases.into_iter().map(|(about, call)| (about.to_owned(), call)).collect()
}

fn cases() -> Vec<Case> {
    let mut cases = others();
    for whose in EVERYBODY {
        cases.extend(about(whose).into_iter().map(|call| (whose.words.to_owned(), call)));
        cases.extend(creations(whose).into_iter().map(|(how, container)| {
            let call = TenantCall::CreateContainer { container: Box::new(container), platform: None };
            (format!("for alice, {how} {}", whose.words), call)
        }));
    }
    cases.sort_by_key(|case| KINDS.iter().position(|name| *name == kind(&case.1)));
    cases
}

/// The owner, another, one of the owner's name before it was removed, and those who are no tenants.
fn actors() -> [(&'static str, Actor); 5] {
    [
        ("alice", as_alice()),
        ("bob", actor("bob", 1)),
        ("alice, removed", actor("alice", 1)),
        ("administrator", Actor::Administrator),
        ("pod blog", blog()),
    ]
}

/// `permitted`, `hidden`, or the rule that refuses.
fn answer(actor: &Actor, call: &TenantCall) -> &'static str {
    match decide(actor, Call::Tenant(call.clone()), &facts(), &grants()) {
        Ok(permit) => {
            assert_eq!(permit.call(), &Call::Tenant(call.clone()), "what was judged is what is sent");
            assert!(permit.effects().is_empty());
            "permitted"
        }
        Err(denial) if denial.is_hidden() => "hidden",
        Err(denial) => denial.rule.name(),
    }
}

#[test]
fn the_table_of_tenants_calls_is_as_it_was_reviewed() {
    let mut table = format!("{:<22} {:<63}", "call", "about");
    for (actor, _) in actors() {
        write!(table, " {actor:<14}").unwrap();
    }
    for (about, call) in cases() {
        write!(table, "\n{:<22} {about:<63}", kind(&call)).unwrap();
        for (_, actor) in actors() {
            write!(table, " {:<14}", answer(&actor, &call)).unwrap();
        }
    }
    let table: String = table.lines().flat_map(|line| [line.trim_end(), "\n"]).collect();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/policy/tenant-calls.txt");
    if std::env::var_os("WHARF_REGENERATE").is_some() {
        std::fs::write(path, &table).unwrap();
    }
    let reviewed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(table == reviewed, "the answers have changed; see the head of this file:\n{table}");
}

#[test]
fn every_kind_of_call_is_permitted_to_its_tenant_and_refused_to_another() {
    let all: BTreeSet<&str> = KINDS.iter().copied().collect();
    let (alice, bob) = (as_alice(), actor("bob", 1));
    let alices = cases().into_iter().map(|(_, call)| call).filter(|call| answer(&alice, call) == "permitted");
    let alices: Vec<TenantCall> = alices.collect();
    let permitted: BTreeSet<&str> = alices.iter().map(kind).collect();
    assert_eq!(permitted, all, "a kind has no case that is permitted");
    let refused = alices.iter().filter(|call| answer(&bob, call) != "permitted");
    let refused: BTreeSet<&str> = refused.map(kind).collect();
    assert_eq!(refused, all, "a kind has no case of another tenant");
}

#[test]
fn what_is_another_tenants_is_not_there() {
    let calls = [BOBS, FORMER, NOBODYS].into_iter().flat_map(|whose| {
        let creations = creations(whose).into_iter().map(|(_, container)| TenantCall::CreateContainer {
            container: Box::new(container),
            platform: None,
        });
        about(whose).into_iter().chain(creations)
    });
    let seen: Vec<&str> =
        calls.filter(|call| answer(&as_alice(), call) != "hidden").map(|call| kind(&call)).collect();
    assert_eq!(seen, [""; 0]);
}

#[test]
fn nothing_is_permitted_to_a_tenant_that_was_removed_nor_to_who_manages_a_pod() {
    for (about, call) in cases() {
        assert_eq!(answer(&actor("alice", 1), &call), "tenant", "{} {about}", kind(&call));
        assert_eq!(answer(&blog(), &call), "tenant", "{} {about}", kind(&call));
    }
}

#[test]
fn names_of_calls_are_those_of_the_audit_trail() {
    assert!(cases().iter().all(|(_, call)| call.verb() == kind(call)));
}
