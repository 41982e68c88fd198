//! A host with two pods, `blog` and `other`, and somebody else's container, for tests of the policy.

use std::collections::BTreeMap;

use wharf_model::{ContainerId, EngineName, ExecId, ImageId, ImageRef, NamedImage, PodName};
use wharf_policy::{Actor, Facts, Grants, OwnedContainer, OwnedExec};
use wharf_wire::{
    Bind, BindSource, Call, ContainerSpec, ContainerSummary, ExecDetails, MacAddress, MemberPlace,
    NetworkChoice, Place, PublishSpec, RegistryCredentials, RestartPolicy, RootPlace, Settings,
};

/// The root container of `blog`, its member `web`, the root container of `other`, and a stranger.
pub(crate) const BLOG: char = 'a';
pub(crate) const WEB: char = 'b';
pub(crate) const OTHER: char = 'c';
pub(crate) const STRANGER: char = 'd';

pub(crate) fn id(letter: char) -> ContainerId {
    letter.to_string().repeat(64).parse().unwrap()
}

pub(crate) fn exec_id(letter: char) -> ExecId {
    letter.to_string().repeat(64).parse().unwrap()
}

pub(crate) fn image() -> ImageId {
    format!("sha256:{}", "e".repeat(64)).parse().unwrap()
}

pub(crate) fn named_image() -> NamedImage {
    match "registry.example/app:1".parse().unwrap() {
        ImageRef::Named(named) => named,
        ImageRef::Id(_) => unreachable!(),
    }
}

pub(crate) fn credentials() -> RegistryCredentials {
    RegistryCredentials {
        registry: "registry.example".into(),
        username: "host".into(),
        password: "secret".into(),
        identity_token: None,
    }
}

pub(crate) fn name(text: &str) -> EngineName {
    text.parse().unwrap()
}

pub(crate) fn pod(text: &str) -> PodName {
    text.parse().unwrap()
}

pub(crate) fn blog() -> Actor {
    Actor::Pod(pod("blog"))
}

pub(crate) fn other() -> Actor {
    Actor::Pod(pod("other"))
}

/// What the engine lists; everything but id, name and labels is beside the point.
pub(crate) fn summary(letter: char, name: &str, labels: &[(&str, &str)]) -> ContainerSummary {
    let labels: BTreeMap<&str, &str> = labels.iter().copied().collect();
    let listed = serde_json::json!({
        "Id": letter.to_string().repeat(64), "Names": [format!("/{name}")], "ImageID": image().as_str(),
        "Labels": labels, "State": "running",
    });
    serde_json::from_value(listed).unwrap()
}

pub(crate) fn facts() -> Facts {
    let seen = [
        summary(BLOG, "blog", &[("wharf.pod", "blog")]),
        summary(WEB, "blog.web", &[("wharf.pod", "blog")]),
        summary(OTHER, "other", &[("wharf.pod", "other")]),
        summary(STRANGER, "stranger", &[]),
    ];
    let containers: Vec<OwnedContainer> = seen.iter().filter_map(OwnedContainer::observed).collect();
    let exec = |letter: char| {
        let details: ExecDetails = serde_json::from_value(serde_json::json!({
            "Running": true, "ExitCode": null, "ContainerID": letter.to_string().repeat(64),
        }))
        .unwrap();
        OwnedExec::observed(exec_id(letter), &details, &containers)
    };
    Facts {
        container_root: None,
        execs: [WEB, OTHER, STRANGER].into_iter().filter_map(exec).collect(),
        containers,
        mounted_paths: vec!["/srv/pods/blog/data".into(), "/srv/pods/other/secrets".into()],
        networks: BTreeMap::from([("bridge".into(), NetworkChoice::DefaultBridge)]),
        image_labels: BTreeMap::from([(image(), vec!["maintainer".into()])]),
        ..Facts::default()
    }
}

pub(crate) fn grants() -> Grants {
    Grants {
        mount_root: Some("/srv/pods".into()),
        ports: BTreeMap::from([("8080".parse().unwrap(), pod("blog"))]),
        reserved_labels: vec!["traefik.".into()],
        registries: BTreeMap::from([("registry.example".into(), [pod("blog")].into())]),
        ..Grants::default()
    }
}

/// What every member has.
pub(crate) fn settings() -> Settings {
    Settings {
        command: None,
        entrypoint: None,
        environment: BTreeMap::new(),
        labels: BTreeMap::from([("wharf.pod".into(), "blog".into())]),
        user: None,
        working_dir: None,
        stop_signal: None,
        stop_timeout: 10,
        healthcheck: None,
        readonly: false,
        restart: RestartPolicy::No,
        binds: Vec::new(),
        tmpfs: Vec::new(),
        cap_drop: ["NET_RAW".into(), "MKNOD".into()].into(),
        nano_cpus: None,
        cpu_shares: None,
        memory: None,
        memory_swap: None,
        memory_reservation: None,
        oom_score_adj: None,
        pids: None,
        ulimits: Vec::new(),
    }
}

pub(crate) fn root_place() -> RootPlace {
    RootPlace {
        hostname: "blog-quay".into(),
        network: NetworkChoice::DefaultBridge,
        mac_address: MacAddress([2, 0, 0, 0, 0, 1]),
        ipv6_address: None,
        exposed: [].into(),
        published: Vec::new(),
        publish_all: false,
        dns: Vec::new(),
        extra_hosts: Vec::new(),
        shm_size: None,
    }
}

/// A container of `blog` that joins the container `root`.
pub(crate) fn member(name: &str, root: char, settings: Settings) -> Call {
    let place = Place::Member(MemberPlace { root: id(root), share_pid: true });
    create(name, ContainerSpec { settings, place })
}

/// The root container of a pod.
pub(crate) fn root(name: &str, place: RootPlace) -> Call {
    create(name, ContainerSpec { settings: settings(), place: Place::Root(Box::new(place)) })
}

fn create(text: &str, spec: ContainerSpec) -> Call {
    Call::CreateContainer { name: name(text), image: image(), spec: Box::new(spec) }
}

/// A mount of `<root>/<pod>/<source>` at `/m`.
pub(crate) fn bind(root: &str, owner: &str, source: &str) -> Bind {
    let source = source.parse().unwrap();
    let source = BindSource::PodDirectory { root: root.into(), pod: pod(owner), source };
    Bind { source, target: format!("/{}", "m").parse().unwrap(), readonly: false }
}

pub(crate) fn published(host: Option<&str>) -> PublishSpec {
    PublishSpec {
        address: None,
        host: host.map(|port| port.parse().unwrap()),
        container: "80".parse().unwrap(),
        protocol: "tcp".parse().unwrap(),
    }
}
