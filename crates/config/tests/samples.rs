//! Every host configuration in `samples/host/`: what `samples/checks.rs` says, and what is in them is read.

#[path = "../../../samples/checks.rs"]
mod checks;

use checks::Samples;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::str::FromStr;
use wharf_config::{CertificateFiles, HostConfig, parse, parse_bytes, schema};
use wharf_model::{
    ClientName, Fingerprint, ImageGrant, ListenAddress, MountGrant, NetworkGrant, PerContainer, PortGrant,
    TenantGrant, TenantLimits, User,
};

const HOSTS: Samples = Samples {
    folder: "samples/host",
    check: |bytes| parse_bytes(bytes).map(drop),
    schema,
    beyond_the_schema: &[
        ("empty", "the text is no YAML tree"),
        ("group-unquoted", "the text is no YAML tree"),
        ("mount-root-around-secrets", "compares two values"),
        ("secret-place-in-mount-root", "compares two values"),
        ("listen-at-the-engine", "compares two values"),
        ("keys-twice", "compares two values"),
        ("listen-port-granted", "compares two values"),
        ("listen-too-long", "counts the bytes of a part"),
        ("listen-twice", "compares two values"),
        ("pod-named-as-a-tenants", "compares two values"),
        ("port-twice", "the text is no YAML tree"),
        ("subnets-overlap", "compares two values"),
        ("tenant-limits-upside-down", "compares two values"),
        ("tenant-mount-readonly-in-writable", "compares two values"),
        ("tenant-mounts-nested", "compares two values"),
        ("tenant-mounts-wharfs-own", "compares two values"),
        ("tenant-port-whitelisted", "compares two values"),
        ("tenant-ports-overlap", "compares two values"),
        ("tenant-ports-shared-by-one", "compares two values"),
        ("users-twice", "compares two values"),
    ],
};

#[test]
fn valid_samples_pass_the_parser_and_the_schema() {
    HOSTS.valid_ones_pass();
}

#[test]
fn invalid_samples_get_exactly_the_expected_diagnostics() {
    HOSTS.invalid_ones_are_refused_as_expected();
}

#[test]
fn the_schema_refuses_what_a_schema_can_refuse() {
    HOSTS.schema_refuses_what_a_schema_can();
}

#[test]
fn every_key_is_read() {
    let valid = HOSTS.list("valid");
    let (_, path) = valid.iter().find(|(name, _)| name == "every-key").unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    let pods = |names: &[&str]| names.iter().map(|name| name.parse().unwrap()).collect();
    let expected = HostConfig {
        mount_root: Some("/srv/docker".into()),
        port_whitelist: [("80", "web-server"), ("443", "web-server")]
            .map(|(port, pod)| (port.parse().unwrap(), pod.parse().unwrap()))
            .into(),
        network_name: "pods.v6".into(),
        use_host_resolv_conf: true,
        host_hostname: Some("ship.example".into()),
        admins: ["ana", "bob@example.org", "svc-deploy"].map(str::to_owned).into(),
        allow_net_raw: pods(&["monitor"]),
        reserved_labels: vec!["com.centurylinklabs.watchtower".into(), "traefik.".into()],
        registries: [
            ("docker.io", pods(&["blog"])),
            ("registry.example:5000", pods(&["blog", "shop"])),
            ("localhost:5000", pods(&[])),
        ]
        .map(|(host, pods)| (host.to_owned(), pods))
        .into(),
        engine: Some("unix:///var/run/docker.sock".into()),
        listen: vec![
            ListenAddress::Unix("/run/wharf/docker.sock".into()),
            ListenAddress::Unix("/srv/ci/docker.sock".into()),
            ListenAddress::Tcp("0.0.0.0:2376".parse().unwrap()),
            ListenAddress::Tcp("[::1]:2377".parse().unwrap()),
        ],
        secret_place: Some("/run/ship/secrets".into()),
        secret_signers: vec!["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJw ana@ship".into()],
        server_certificate: Some(CertificateFiles {
            cert: "/etc/ssl/ship.pem".into(),
            key: "/etc/ssl/private/ship.key".into(),
        }),
        state_dir: Some("/var/lib/wharf".into()),
        shared_images: nouns(["base"]),
        allow_unmapped_users: true,
        stop_removed_tenants: true,
        resolvers: ["192.168.7.1", "fd00:7::1"].map(|address| address.parse().unwrap()).into(),
        subnet_pool: nouns(["10.88.0.0/16", "fd00:88::/48"]),
        tenants: [(noun("alice"), every_key_of_a_tenant())].into(),
    };
    assert_eq!(parse(&text), Ok(expected));
}

fn every_key_of_a_tenant() -> TenantGrant {
    TenantGrant {
        users: [User::Account("alice".into()), User::Group("devs".into())].into(),
        certificates: [
            (noun::<ClientName>("laptop"), Fingerprint::of_digest([0xa1; 32])),
            (noun("ci-2"), Fingerprint::of_digest([0xb2; 32])),
        ]
        .into(),
        pods: nouns(["blog-*", "42shop"]),
        ports: vec![
            noun("127.0.0.1:20000-20099"),
            noun("8443"),
            noun("[::1]:8080"),
            noun::<PortGrant>("9000-9009").shared(),
        ],
        limits: TenantLimits {
            nano_cpus: 1_500_000_000,
            memory: noun("3G"),
            pids: 1000,
            containers: 7,
            networks: 0,
            volumes: 8,
            disk: noun("1.5T"),
            per_container: PerContainer { nano_cpus: 250_000_000, memory: noun("128M"), pids: 64 },
        },
        images: ImageGrant {
            pull: nouns(["docker.io/*", "registry.example:5000/alice/*"]),
            push: nouns(["registry.example:5000/alice/*"]),
            build: true,
        },
        mounts: vec![noun("~"), noun("/srv/media:ro"), noun::<MountGrant>("/srv/inbox").shared()],
        network: NetworkGrant { internet: false, lan: true, host: true },
        capabilities: ["NET_RAW", "SYS_NICE"].map(str::to_owned).into(),
    }
}

fn noun<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

fn nouns<T: FromStr<Err: Debug>, const N: usize>(texts: [&str; N]) -> Vec<T> {
    texts.map(noun).into()
}

#[test]
fn a_tenant_who_is_given_nothing_but_users_has_the_documented_defaults() {
    let config = parse("tenants: {alice: {users: [alice]}}").unwrap();
    let expected = TenantGrant {
        users: [User::Account("alice".into())].into(),
        certificates: BTreeMap::new(),
        pods: nouns(["*"]),
        ports: Vec::new(),
        limits: TenantLimits {
            nano_cpus: 2_000_000_000,
            memory: noun("4G"),
            pids: 2048,
            containers: 20,
            networks: 5,
            volumes: 20,
            disk: noun("20G"),
            per_container: PerContainer { nano_cpus: 1_000_000_000, memory: noun("512M"), pids: 256 },
        },
        images: ImageGrant { pull: nouns(["docker.io/library/*"]), push: Vec::new(), build: false },
        mounts: Vec::new(),
        network: NetworkGrant { internet: true, lan: false, host: false },
        capabilities: BTreeSet::new(),
    };
    assert_eq!(config.tenants, [(noun("alice"), expected)].into());
    assert_eq!(config.subnet_pool, nouns(["10.89.0.0/16", "fd00:89::/48"]));
    assert_eq!(config.mount_root, None);
}

#[test]
fn a_container_gets_no_more_than_its_small_tenant_has() {
    let text = "tenants: {a: {users: [a], limits: {memory: 64M, cpus: 0.5, pids: 16}}}";
    let config = parse(text).unwrap();
    let each = &config.tenants.values().next().unwrap().limits.per_container;
    assert_eq!(*each, PerContainer { nano_cpus: 500_000_000, memory: noun("64M"), pids: 16 });
}

#[test]
fn short_and_long_forms_mean_the_same() {
    let path = "valid/tenants.yml";
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/host");
    let config = parse(&std::fs::read_to_string(folder.join(path)).unwrap()).unwrap();
    let shared: Vec<bool> =
        config.tenants[&noun("dev-team")].ports.iter().map(PortGrant::is_shared).collect();
    assert_eq!(shared, [true, false]);
    assert!(config.tenants[&noun("dev-team")].mounts[0].is_readonly());
    assert_eq!(config.tenants[&noun("dev-team")].images.pull, []);
}

#[test]
fn what_is_left_out_has_the_default() {
    let expected = HostConfig { mount_root: Some("/srv".into()), ..HostConfig::default() };
    assert_eq!(parse("mount_root: /srv").as_ref(), Ok(&expected));
    assert_eq!(parse("mount_root: /srv/"), Ok(expected));
}
