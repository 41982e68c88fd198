//! What is put into a wish that said nothing of it.

use std::collections::BTreeSet;
use std::net::IpAddr;

use crate::tenant_world::{as_alice, bare, facts, grant, granting, mount};
use wharf_model::{Protocol, TenantGrant};
use wharf_policy::{Denial, Rule, TenantFacts, complete, decide};
use wharf_wire::Call;
use wharf_wire::tenant::{
    LogDriver, LogSettings, MountKind, PortBinding, Resources, TenantCall, TenantContainer,
};

fn completed(change: impl FnOnce(&mut TenantContainer), grant: &TenantGrant) -> TenantContainer {
    let mut container = bare();
    change(&mut container);
    complete(&mut container, grant, &BTreeSet::new()).unwrap();
    let once = container.clone();
    complete(&mut container, grant, &BTreeSet::new()).unwrap();
    assert_eq!(container, once, "done twice, it changes nothing more");
    container
}

fn binding(container: &str, address: Option<&str>, port: Option<&str>) -> PortBinding {
    PortBinding {
        container: container.parse().unwrap(),
        address: address.map(|address| address.parse::<IpAddr>().unwrap()),
        port: port.map(|port| port.parse().unwrap()),
    }
}

#[test]
fn limits_that_were_not_said_are_the_grants() {
    let limits = |resources: Resources| {
        let r = completed(|c| c.resources = resources, &grant("alice")).resources;
        (r.memory.unwrap() >> 20, r.memory_swap.unwrap() >> 20, r.nano_cpus.unwrap(), r.pids.unwrap())
    };
    let none = Resources::default;
    assert_eq!(limits(none()), (512, 512, 1_000_000_000, 256));
    let zeros =
        Resources { memory: Some(0), memory_swap: Some(0), nano_cpus: Some(0), pids: Some(0), ..none() };
    assert_eq!(limits(zeros), (512, 512, 1_000_000_000, 256), "the engine's `no limit`");
    let said = Resources { memory: Some(1 << 30), nano_cpus: Some(5), pids: Some(9), ..none() };
    assert_eq!(limits(said), (1024, 1024, 5, 9));
    assert_eq!(limits(Resources { memory_swap: Some(256 << 20), ..none() }), (256, 256, 1_000_000_000, 256));
    assert_eq!(
        limits(Resources { memory_reservation: Some(1 << 30), ..none() }),
        (1024, 1024, 1_000_000_000, 256)
    );
}

#[test]
fn capabilities_that_are_not_granted_are_dropped() {
    let caps = |add: &[&str], drop: &[&str], granted: &[&str]| {
        let mut grant = grant("alice");
        grant.capabilities = granted.iter().map(ToString::to_string).collect();
        let host = completed(
            |c| {
                c.host.cap_add = add.iter().map(ToString::to_string).collect();
                c.host.cap_drop = drop.iter().map(ToString::to_string).collect();
            },
            &grant,
        )
        .host;
        let text = |set: BTreeSet<String>| set.into_iter().collect::<Vec<_>>().join(" ");
        (text(host.cap_add), text(host.cap_drop))
    };
    let expected = |add: &str, drop: &str| (add.to_owned(), drop.to_owned());
    assert_eq!(caps(&[], &[], &[]), expected("", "MKNOD NET_RAW"));
    assert_eq!(caps(&[], &["ALL"], &[]), expected("", "ALL MKNOD NET_RAW"));
    assert_eq!(caps(&[], &[], &["NET_RAW"]), expected("", "MKNOD"));
    let base = "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT";
    assert_eq!(caps(&["ALL"], &[], &[]), expected(base, "MKNOD NET_RAW"));
    let less = base.replace("CHOWN DAC", "DAC").replace("KILL ", "KILL NET_ADMIN ");
    assert_eq!(caps(&["ALL"], &["CHOWN"], &["NET_ADMIN"]), expected(&less, "CHOWN MKNOD NET_RAW"));
    assert_eq!(
        caps(&["SYS_ADMIN"], &[], &[]),
        expected("SYS_ADMIN", "MKNOD NET_RAW"),
        "left for the rules to refuse"
    );
}

#[test]
fn logs_and_memory_file_systems_have_sizes() {
    let log = |log: LogSettings| completed(|c| c.host.log = log, &grant("alice")).host.log;
    let sizes = |log: LogSettings| (log.max_size, log.max_file);
    assert_eq!(sizes(log(LogSettings::default())), (Some(10 << 20), Some(3)));
    let said = LogSettings { max_size: Some(1), max_file: Some(1), driver: LogDriver::Local };
    assert_eq!(log(said.clone()), said);
    let none = LogSettings { driver: LogDriver::None, ..LogSettings::default() };
    assert_eq!(sizes(log(none)), (None, None));
    let tmpfs = |asked: Option<u64>, memory: Option<u64>| {
        let container = completed(
            |c| {
                c.mounts = vec![mount(MountKind::Tmpfs { size: asked, mode: None, exec: false })];
                c.resources.memory = memory;
            },
            &grant("alice"),
        );
        match &container.mounts[0].kind {
            MountKind::Tmpfs { size, .. } => *size,
            _ => None,
        }
    };
    assert_eq!(tmpfs(None, None), Some(64 << 20));
    assert_eq!(tmpfs(None, Some(32 << 20)), Some(32 << 20));
    assert_eq!(tmpfs(Some(7), None), Some(7));
}

fn published(bindings: Vec<PortBinding>, grant: &TenantGrant, taken: &[u16]) -> Result<Vec<String>, Denial> {
    let mut container = bare();
    container.host.published = bindings;
    let taken = taken.iter().map(|port| (Protocol::Tcp, *port)).collect();
    complete(&mut container, grant, &taken)?;
    let shown = |b: PortBinding| {
        let address = b.address.map_or("*".to_owned(), |address| address.to_string());
        format!("{address}:{}->{}", b.port.unwrap(), b.container)
    };
    Ok(container.host.published.into_iter().map(shown).collect())
}

#[test]
fn ports_that_were_not_said_are_the_lowest_free_ones_granted() {
    let grant = grant("alice");
    let any = |container: &str| binding(container, None, None);
    assert_eq!(published(vec![any("80")], &grant, &[]).unwrap(), ["127.0.0.1:20000->80/tcp"]);
    assert_eq!(published(vec![any("80")], &grant, &[20000, 20001]).unwrap(), ["127.0.0.1:20002->80/tcp"]);
    let mixed = vec![any("80"), binding("81", None, Some("20000")), any("53/udp"), any("82")];
    assert_eq!(
        published(mixed, &grant, &[]).unwrap(),
        [
            "127.0.0.1:20001->80/tcp",
            "127.0.0.1:20000->81/tcp",
            "127.0.0.1:20000->53/udp",
            "127.0.0.1:20002->82/tcp"
        ]
    );
    assert_eq!(
        published(vec![any("80")], &grant, &[20000, 20001, 20002, 20003]).unwrap(),
        ["*:8443->80/tcp"],
        "granted at every address"
    );
    let at = |address: &str, port: Option<&str>| vec![binding("80", Some(address), port)];
    assert_eq!(published(at("10.0.0.1", None), &grant, &[]).unwrap(), ["10.0.0.1:8443->80/tcp"]);
    assert_eq!(published(at("0.0.0.0", Some("20000")), &grant, &[]).unwrap(), ["0.0.0.0:20000->80/tcp"]);
    assert_eq!(published(vec![binding("80", None, Some("8443"))], &grant, &[]).unwrap(), ["*:8443->80/tcp"]);
    assert_eq!(published(vec![binding("80", None, Some("22"))], &grant, &[]).unwrap(), ["*:22->80/tcp"]);
}

#[test]
fn ports_run_out_and_privileged_ones_are_never_chosen() {
    let refused = |reason: &str| {
        Err(Denial {
            rule: Rule::Ports,
            reason: reason.into(),
            hint: Some("publish less, or ask the administrator (`tenants.alice.ports`)".into()),
        })
    };
    let mut grant = grant("alice");
    let any = || vec![binding("80", None, None)];
    let all = [20000, 20001, 20002, 20003, 8443];
    assert_eq!(published(any(), &grant, &all), refused("no granted port of the host is left for 80/tcp"));
    grant.ports = vec!["1-1024".parse().unwrap()];
    assert_eq!(published(any(), &grant, &[]).unwrap(), ["*:1024->80/tcp"]);
    grant.ports = vec!["443".parse().unwrap()];
    assert_eq!(published(any(), &grant, &[]), refused("no granted port of the host is left for 80/tcp"));
    grant.ports.clear();
    assert_eq!(published(any(), &grant, &[]), refused("no port of the host is granted"));
}

#[test]
fn all_exposed_ports_are_published_by_name() {
    let exposed = completed(
        |c| {
            c.host.publish_all = true;
            c.process.exposed_ports =
                vec!["80".parse().unwrap(), "443".parse().unwrap(), "80".parse().unwrap()];
            c.host.published = vec![binding("80", None, Some("8443"))];
        },
        &grant("alice"),
    );
    assert!(!exposed.host.publish_all);
    let ports: Vec<String> = exposed.host.published.iter().map(|b| b.port.unwrap().to_string()).collect();
    assert_eq!(ports, ["8443", "20000"]);
}

#[test]
fn ports_of_other_containers_are_taken() {
    let facts = TenantFacts {
        published: vec![
            binding("80", None, Some("20000")),
            binding("53/udp", None, Some("20001")),
            binding("1", None, None),
        ],
        ..TenantFacts::default()
    };
    let expected = [(Protocol::Tcp, 20000), (Protocol::Udp, 20001)];
    assert_eq!(facts.taken_ports(), expected.into());
}

#[test]
fn a_completed_wish_for_everything_that_may_be_had_is_permitted() {
    let granted = |g: &mut TenantGrant| g.capabilities = ["NET_RAW".into(), "NET_ADMIN".into()].into();
    let grants = granting(granted);
    let mut grant = grant("alice");
    granted(&mut grant);
    let container = completed(
        |c| {
            c.host.cap_add.insert("ALL".into());
            c.host.publish_all = true;
            c.process.exposed_ports = vec!["80".parse().unwrap(), "53/udp".parse().unwrap()];
            c.mounts = vec![
                mount(MountKind::Tmpfs { size: None, mode: Some(0o1777), exec: true }),
                mount(MountKind::AnonymousVolume { no_copy: false }),
            ];
        },
        &grant,
    );
    let call = TenantCall::CreateContainer { container: Box::new(container), platform: None };
    assert_eq!(decide(&as_alice(), Call::Tenant(call), &facts(), &grants).map(drop), Ok(()));
}
