//! A gateway with two tenants. `alice` is the second of that name and adopted what the first left; a third generation's
//! objects are on the engine, too, and nobody's. `bob` has objects of the same names.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use wharf_model::{
    ContainerId, ExecId, Generation, ImageGrant, ImageId, ImageRef, NamedImage, NetworkId, TenantGrant,
    TenantId, TenantObject, VolumeName,
};
use wharf_policy::{
    Actor, Facts, Grants, Owned, TenantActor, TenantFacts, TenantStanding, Usage, VisibleImage, bridge_name,
    cgroup_parent, complete,
};
use wharf_wire::RegistryCredentials;
use wharf_wire::tenant::{
    HostSettings, IpcMode, MountKind, MountSpec, NetworkMode, Owner, Process, Resources, SharedWith,
    TenantContainer, TenantNetwork, TenantTag, TenantVolume,
};

/// Whose an object is, and the digit that its ids are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Whose {
    pub(crate) words: &'static str,
    pub(crate) digit: char,
    /// Tenant and generation; `None` is nobody's.
    tenant: Option<(&'static str, u32)>,
}

pub(crate) const ALICES: Whose = Whose { words: "of alice", digit: 'a', tenant: Some(("alice", 2)) };
pub(crate) const ADOPTED: Whose = Whose { words: "adopted by alice", digit: 'c', tenant: Some(("alice", 1)) };
/// Not of today; whether before or after makes no difference.
pub(crate) const FORMER: Whose = Whose { words: "of a former alice", digit: 'd', tenant: Some(("alice", 3)) };
pub(crate) const BOBS: Whose = Whose { words: "of bob", digit: 'b', tenant: Some(("bob", 1)) };
pub(crate) const NOBODYS: Whose = Whose { words: "of nobody", digit: 'f', tenant: None };
pub(crate) const EVERYBODY: [Whose; 5] = [ALICES, ADOPTED, FORMER, BOBS, NOBODYS];

/// An image that the administrator shares.
pub(crate) const SHARED: char = '5';

/// An image, the administrator's or anybody's, whose name a push borrowed.
pub(crate) const LENDER: char = '6';

impl Whose {
    pub(crate) fn container(self) -> ContainerId {
        hex(self.digit).parse().unwrap()
    }

    pub(crate) fn network(self) -> NetworkId {
        hex(self.digit).parse().unwrap()
    }

    pub(crate) fn exec(self) -> ExecId {
        hex(self.digit).parse().unwrap()
    }

    pub(crate) fn image(self) -> ImageId {
        image(self.digit)
    }

    pub(crate) fn volume(self) -> VolumeName {
        let name = format!("data-{}", self.digit).parse().unwrap();
        VolumeName::Named(TenantObject { tenant: self.tenant(), name })
    }

    pub(crate) fn tenant(self) -> TenantId {
        self.tenant.map_or_else(|| tenant("nobody", 1), |(name, generation)| tenant(name, generation))
    }

    fn labels(self) -> BTreeMap<String, String> {
        self.tenant.map(|_| owner_of(&self.tenant()).labels()).unwrap_or_default()
    }

    fn engine_name(self) -> String {
        self.tenant.map_or_else(|| "web".to_owned(), |_| format!("{}--web", self.tenant()))
    }

    fn owned_container(self) -> Option<Owned<ContainerId>> {
        Owned::<ContainerId>::observed(self.container(), &self.engine_name(), &self.labels())
    }
}

fn hex(digit: char) -> String {
    digit.to_string().repeat(64)
}

pub(crate) fn image(digit: char) -> ImageId {
    format!("sha256:{}", hex(digit)).parse().unwrap()
}

pub(crate) fn tenant(name: &str, generation: u32) -> TenantId {
    TenantId { name: name.parse().unwrap(), generation: Generation(generation) }
}

pub(crate) fn alice() -> TenantId {
    tenant("alice", 2)
}

/// What the tenant of today calls so.
pub(crate) fn object(tenant: &str, name: &str) -> TenantObject {
    let tenant = if tenant == "alice" { alice() } else { TenantId::from_engine(tenant).unwrap() };
    TenantObject { tenant, name: name.parse().unwrap() }
}

fn owner_of(tenant: &TenantId) -> Owner {
    Owner { tenant: tenant.clone(), user: tenant.name.to_string(), asked: String::new() }
}

pub(crate) fn owner() -> Owner {
    owner_of(&alice())
}

pub(crate) fn actor(name: &str, generation: u32) -> Actor {
    Actor::Tenant(TenantActor { tenant: tenant(name, generation), user: name.into() })
}

pub(crate) fn as_alice() -> Actor {
    actor("alice", 2)
}

pub(crate) fn named(reference: &str) -> NamedImage {
    match reference.parse().unwrap() {
        ImageRef::Named(named) => named,
        ImageRef::Id(_) => unreachable!(),
    }
}

pub(crate) fn tag(whose: Whose) -> TenantTag {
    TenantTag::named(&whose.tenant(), &named("registry.example/alice/app:1")).unwrap()
}

pub(crate) fn account(registry: &str) -> RegistryCredentials {
    RegistryCredentials {
        registry: registry.into(),
        username: "alice".into(),
        password: "secret".into(),
        identity_token: None,
    }
}

pub(crate) fn grant(of: &str) -> TenantGrant {
    if of != "alice" {
        let images =
            ImageGrant { pull: vec!["registry.example/bob/*".parse().unwrap()], ..ImageGrant::default() };
        return TenantGrant { images, ..TenantGrant::default() };
    }
    let own = || "registry.example/alice/*".parse().unwrap();
    TenantGrant {
        ports: vec!["127.0.0.1:20000-20003".parse().unwrap(), "8443".parse().unwrap()],
        images: ImageGrant {
            pull: vec!["docker.io/library/*".parse().unwrap(), own()],
            push: vec![own(), "registry.example/shared/*".parse().unwrap()],
            build: false,
        },
        pods: vec!["blog".parse().unwrap(), "shop-*".parse().unwrap()],
        ..TenantGrant::default()
    }
}

pub(crate) fn standing(of: &str) -> TenantStanding {
    match of {
        "alice" => {
            TenantStanding { generation: Generation(2), adopted: [Generation(1)].into(), grant: grant(of) }
        }
        _ => TenantStanding { generation: Generation(1), adopted: BTreeSet::new(), grant: grant(of) },
    }
}

pub(crate) fn grants() -> Grants {
    let standing = |name: &str| (name.parse().unwrap(), Arc::new(standing(name)));
    Grants {
        reserved_labels: vec!["traefik.".into()],
        tenants: [standing("alice"), standing("bob")].into(),
        shared_images: vec!["registry.example/shared/*".parse().unwrap()],
        subnet_pool: vec!["10.89.0.0/16".parse().unwrap(), "fd00:89::/48".parse().unwrap()],
        ..Grants::default()
    }
}

/// Grants in which alice's is another.
pub(crate) fn granting(change: impl FnOnce(&mut TenantGrant)) -> Grants {
    let mut standing = standing("alice");
    change(&mut standing.grant);
    let mut grants = grants();
    grants.tenants.insert("alice".parse().unwrap(), Arc::new(standing));
    grants
}

fn visible(whose: Whose) -> Option<VisibleImage> {
    let (name, _) = whose.tenant?;
    let tags = [tag(whose).to_string()];
    VisibleImage::observed(whose.image(), &tags, &whose.tenant(), &standing(name), &[]).or_else(|| {
        // Of nobody today: as if its generation still stood, as proofs outlive a reload of the configuration.
        let then = TenantStanding { generation: whose.tenant().generation, ..standing(name) };
        VisibleImage::observed(whose.image(), &tags, &whose.tenant(), &then, &[])
    })
}

/// Proofs of everything that anybody has: what a rule lets through it lets through for what it knows.
pub(crate) fn facts() -> Facts {
    let shared = VisibleImage::observed(
        image(SHARED),
        &["registry.example/shared/base:1".into()],
        &alice(),
        &standing("alice"),
        &grants().shared_images,
    );
    let networks = EVERYBODY.iter().filter_map(|whose| {
        Owned::<NetworkId>::observed(whose.network(), &whose.engine_name(), &whose.labels())
    });
    let volumes = EVERYBODY
        .iter()
        .filter_map(|whose| Owned::<VolumeName>::observed(&whose.volume().to_string(), &whose.labels()));
    let execs = EVERYBODY.iter().filter_map(|w| Some(Owned::running_in(w.exec(), &w.owned_container()?)));
    Facts {
        image_labels: EVERYBODY
            .iter()
            .map(|whose| whose.image())
            .chain([image(SHARED)])
            .map(|image| (image, vec!["maintainer".to_owned()]))
            .collect(),
        tenant: TenantFacts {
            containers: EVERYBODY.iter().filter_map(|whose| whose.owned_container()).collect(),
            networks: networks.collect(),
            volumes: volumes.collect(),
            execs: execs.collect(),
            images: EVERYBODY.iter().filter_map(|whose| visible(*whose)).chain(shared).collect(),
            usage: Usage::default(),
            asking: resources(),
            places: vec!["/var/lib/wharf/pins/1".into()],
            mounted_paths: Vec::new(),
            gateway_socket: Some("/run/wharf/tenants/alice/docker.sock".into()),
            published: Vec::new(),
            borrowed: Some((image(LENDER), named("registry.example/alice/app:1"))),
        },
        ..Facts::default()
    }
}

/// What a container of a tenant has that asked for nothing.
pub(crate) fn resources() -> Resources {
    Resources {
        memory: Some(512 << 20),
        memory_swap: Some(512 << 20),
        nano_cpus: Some(1_000_000_000),
        pids: Some(256),
        ..Resources::default()
    }
}

/// An empty wish of alice's, resolved and not yet completed.
pub(crate) fn bare() -> TenantContainer {
    TenantContainer {
        name: object("alice", "web"),
        owner: owner(),
        image: ALICES.image(),
        process: Process::default(),
        resources: Resources::default(),
        host: HostSettings::default(),
        network: NetworkMode::Network(ALICES.network()),
        endpoints: Vec::new(),
        mounts: Vec::new(),
        volumes_from: Vec::new(),
        ipc: IpcMode::Private,
        pid: SharedWith::Own,
        cgroup_parent: cgroup_parent(&alice(), wharf_policy::CgroupDriver::Cgroupfs),
    }
}

/// The same, completed under alice's grant.
pub(crate) fn container() -> TenantContainer {
    let mut container = bare();
    complete(&mut container, &grant("alice"), &BTreeSet::new()).unwrap();
    container
}

pub(crate) fn mount(kind: MountKind<VolumeName>) -> MountSpec<VolumeName> {
    MountSpec { target: "/data".parse().unwrap(), readonly: false, kind }
}

pub(crate) fn volume() -> TenantVolume {
    TenantVolume { name: VolumeName::Named(object("alice", "data")), owner: owner(), labels: BTreeMap::new() }
}

pub(crate) fn network() -> TenantNetwork {
    TenantNetwork {
        name: object("alice", "back"),
        owner: owner(),
        bridge: bridge_name(&alice(), &"back".parse().unwrap()),
        internal: false,
        ipv6: false,
        labels: BTreeMap::new(),
        pools: vec![pool("10.89.3.0/24")],
        mtu: None,
        icc: None,
    }
}

pub(crate) fn pool(subnet: &str) -> wharf_wire::tenant::IpamPool {
    wharf_wire::tenant::IpamPool { subnet: subnet.into(), gateway: None }
}
