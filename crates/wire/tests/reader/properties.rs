//! Any bytes: no panic, no surprise, and what is accepted means to the engine what it means to us.

use crate::go::Node;
use crate::help::JSON;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use std::collections::BTreeMap;
use wharf_wire::ask::{Ask, Head, Refusal, route};
use wharf_wire::tenant::{ContainerWish, IpcMode, MountKind, NetworkMode, SharedWith};

/// Pieces of creations, harmless and not, from which bodies are put together; some break the document.
const PIECES: &[&str] = &[
    "\"Image\":\"a\"",
    "\"Image\":null",
    "\"image\":\"b\"",
    "\"User\":\"1\"",
    "\"Cmd\":[\"a\"]",
    "\"Labels\":{\"a\":\"b\"}",
    "\"Volumes\":{\"/v\":{}}",
    "\"HostConfig\":{}",
    "\"HostConfig\":null",
    "\"HostConfig\":{\"Privileged\":true}",
    "\"HostConfig\":{\"Privileged\":false,\"Memory\":5}",
    "\"HostConfig\":{\"Binds\":[\"/x:/y\",\"v:/z:ro\"]}",
    "\"HostConfig\":{\"Bind\u{17f}\":[\"/:/h\"]}",
    "\"HostConfig\":{\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/x\",\"Target\":\"/a\"}]}",
    "\"HostConfig\":{\"Mounts\":[{\"Target\":\"/x\"}],\"Mounts\":[{\"Type\":\"volume\",\"Target\":\"/b\",\"ReadOnly\":true}]}",
    "\"HostConfig\":{\"NetworkMode\":\"n\",\"PidMode\":\"container:a\",\"IpcMode\":\"container:b\"}",
    "\"HostConfig\":{\"NetworkMode\":\"host\"}",
    "\"HostConfig\":{\"VolumesFrom\":[\"a:ro\",\"b\"],\"CapAdd\":[\"SYS_ADMIN\"],\"PidsLimit\":4}",
    "\"HostConfig\":{\"Tmpfs\":{\"/t\":\"size=1m\"},\"Tmpfs\":{\"/u\":\"exec\"}}",
    "\"hostconfig\":{\"Privileged\":true}",
    "\"Ho\u{17f}tConfig\":{\"NetworkMode\":\"host\"}",
    "\"NetworkingConfig\":{\"EndpointsConfig\":{\"n\":{\"NetworkID\":\"n\"}}}",
    "\"NetworkingConfig\":{\"EndpointsConfig\":{\"n\":{\"NetworkID\":\"victim\"}}}",
    "\"NetworkingConfig\":{\"EndpointsConfig\":{\"n\":{\"Aliases\":[\"x\"]},\"m\":null}}",
    "\"Privileged\":true",
    "\"Binds\":[\"/:/h\"]",
    "\"Unknown\":null",
    "\"HostConfig\":{\"Unknown\":{},\"Devices\":[]}",
];

const ENDS: &[&str] = &["}", "}}", "}]", "} {}", "}\n", "", "},", "}{\"HostConfig\":{\"Privileged\":true}}"];

/// What of a creation could reach the host or another, in one form for both readers.
type Meaning = BTreeMap<&'static str, Vec<String>>;

/// As the engine would take the bytes.
fn engine_meaning(body: &str) -> Meaning {
    let config = Node::first(body).unwrap();
    let host = config.field("HostConfig");
    let mut meaning = Meaning::new();
    meaning.insert("image", vec![config.field("Image").text()]);
    meaning.insert("user", vec![config.field("User").text()]);
    meaning.insert("memory", vec![host.field("Memory").int().to_string()]);
    meaning.insert("pids", vec![host.field("PidsLimit").int().to_string()]);
    meaning.insert("capabilities", host.field("CapAdd").texts());
    meaning.insert("volumes from", host.field("VolumesFrom").texts());
    meaning.insert("network", vec![host.field("NetworkMode").text()]);
    meaning.insert("pid", vec![host.field("PidMode").text()]);
    meaning.insert("ipc", vec![host.field("IpcMode").text()]);
    let never = ["Privileged", "Devices", "Links", "SecurityOpt", "Runtime", "Annotations", "CgroupParent"];
    meaning.insert(
        "never",
        never.iter().filter(|n| host.field(n).says_something()).map(ToString::to_string).collect(),
    );
    // The engines before 27 take these from the top level, too (V1).
    let legacy = ["Privileged", "Binds", "Memory", "VolumeDriver", "NetworkMode", "Mounts"];
    meaning.insert(
        "legacy",
        legacy.iter().filter(|n| config.field(n).says_something()).map(ToString::to_string).collect(),
    );
    let mut mounts: Vec<String> = host.field("Binds").texts();
    for mount in host.field("Mounts").items() {
        let text = |name: &str| mount.field(name).text();
        let mode = if mount.field("ReadOnly").is_true() { ":ro" } else { "" };
        mounts.push(match text("Source") {
            source if source.is_empty() => format!("{}{mode}", text("Target")),
            source => format!("{source}:{}{mode}", text("Target")),
        });
    }
    mounts.extend(host.field("Tmpfs").entries().iter().map(|(target, _)| format!("tmpfs:{target}")));
    mounts.extend(config.field("Volumes").entries().iter().map(|(target, _)| target.clone()));
    mounts.sort();
    meaning.insert("mounts", mounts);
    let endpoints = config.field("NetworkingConfig").field("EndpointsConfig").entries();
    let reference = |(key, endpoint): &(String, Node)| match endpoint.field("NetworkID").text() {
        id if id.is_empty() => key.clone(),
        id => id,
    };
    meaning.insert("endpoints", endpoints.iter().map(reference).collect());
    meaning
}

/// As we took them.
fn our_meaning(wish: &ContainerWish) -> Meaning {
    let mut meaning = Meaning::new();
    let number = |number: Option<u64>| vec![number.unwrap_or(0).to_string()];
    meaning.insert("image", vec![wish.image.clone()]);
    meaning.insert("user", vec![wish.process.user.clone().unwrap_or_default()]);
    meaning.insert("memory", number(wish.resources.memory));
    meaning.insert("pids", number(wish.resources.pids.map(u64::from)));
    meaning.insert("capabilities", wish.host.cap_add.iter().cloned().collect());
    let from = wish.volumes_from.iter();
    meaning.insert(
        "volumes from",
        from.map(|from| format!("{}{}", from.container, if from.readonly { ":ro" } else { "" })).collect(),
    );
    let network = match &wish.network {
        NetworkMode::Default => String::new(),
        NetworkMode::None => "none".into(),
        NetworkMode::Network(name) => name.clone(),
        NetworkMode::Container(id) => format!("container:{id}"),
    };
    meaning.insert("network", vec![network]);
    let shared = |id: Option<&String>| vec![id.map(|id| format!("container:{id}")).unwrap_or_default()];
    meaning.insert("pid", shared(if let SharedWith::Container(id) = &wish.pid { Some(id) } else { None }));
    meaning.insert("ipc", shared(if let IpcMode::Container(id) = &wish.ipc { Some(id) } else { None }));
    meaning.insert("never", Vec::new());
    meaning.insert("legacy", Vec::new());
    let mount = |mount: &wharf_wire::tenant::MountSpec<String>| {
        let (target, mode) = (&mount.target, if mount.readonly { ":ro" } else { "" });
        match &mount.kind {
            MountKind::Volume { volume, .. } => format!("{volume}:{target}{mode}"),
            MountKind::Host { path, .. } => format!("{path}:{target}{mode}"),
            MountKind::Tmpfs { .. } => format!("tmpfs:{target}"),
            MountKind::AnonymousVolume { .. } => format!("{target}{mode}"),
            other => panic!("{other:?}"),
        }
    };
    let mut mounts: Vec<String> = wish.mounts.iter().map(mount).collect();
    mounts.sort();
    meaning.insert("mounts", mounts);
    let mut endpoints: Vec<String> = wish.endpoints.iter().map(|(name, _)| name.clone()).collect();
    endpoints.sort();
    meaning.insert("endpoints", endpoints);
    meaning
}

fn body() -> impl Strategy<Value = String> {
    let end = prop_oneof![3 => Just("}"), 1 => select(ENDS)];
    let pieces = prop::collection::vec(select(PIECES), 0..4);
    (any::<bool>(), pieces, end).prop_map(|(image, mut pieces, end)| {
        if image {
            pieces.insert(0, PIECES[0]);
        }
        format!("{{{}{end}", pieces.join(","))
    })
}

fn read(method: &str, target: &str, body: &[u8]) -> Result<Ask, Refusal> {
    route(method, target)?.read(&JSON, body)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_accepted_means_to_the_engine_what_it_means_to_us(body in body()) {
        if let Ok(Ask::CreateContainer { wish, .. }) = read("POST", "/containers/create", body.as_bytes()) {
            let mut engine = engine_meaning(&body);
            if let Some(endpoints) = engine.get_mut("endpoints") {
                endpoints.sort();
            }
            prop_assert_eq!(our_meaning(&wish), engine, "{}", body);
        }
    }

    #[test]
    fn no_target_makes_it_panic_or_write_much(method in "[A-Z]{0,5}|GET|POST|DELETE", target in "\\PC{0,60}|/[a-z/%.?&=0-9]{0,60}") {
        if let Err(refused) = route(&method, &target) {
            prop_assert!(refused.to_string().len() < 4096);
        }
    }

    #[test]
    fn no_body_makes_it_panic(
        target in select(&["/containers/create", "/containers/a/exec", "/containers/a/update", "/networks/create",
            "/volumes/create", "/networks/a/connect", "/auth", "/commit?container=a", "/containers/a/start"][..]),
        body in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..200),
            "[{}\\[\\]\":,a-zA-Z0-9 \\\\]{0,200}".prop_map(String::into_bytes),
        ],
    ) {
        let _ = read("POST", target, &body);
    }

    #[test]
    fn no_header_makes_it_panic(value in "\\PC{0,80}|[A-Za-z0-9+/=_-]{0,80}") {
        let route = route("POST", "/images/create?fromImage=a&tag=1").unwrap();
        for head in [
            Head { content_type: Some(&value), ..Head::default() },
            Head { registry_auth: Some(&value), ..Head::default() },
            Head { registry_config: Some(&value), ..Head::default() },
        ] {
            let _ = route.read(&head, b"");
        }
    }
}

#[test]
fn the_generator_of_bodies_makes_some_that_are_accepted() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let strategy = body();
    let accepted = (0..500).filter(|_| {
        let body = strategy.new_tree(&mut runner).unwrap().current();
        read("POST", "/containers/create", body.as_bytes()).is_ok()
    });
    let accepted = accepted.count();
    assert!((20..480).contains(&accepted), "{accepted} of 500");
}
