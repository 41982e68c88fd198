//! Capabilities, ports and mounts of a container.

use super::{changed, denial, judge, judged};
use crate::tenant_world::{ALICES, as_alice, facts, granting, grants, mount};
use std::net::IpAddr;
use wharf_model::{ContainerRoot, TenantId, VolumeName};
use wharf_policy::{Effect, Facts, Grants, Rule, TenantFacts, decide};
use wharf_wire::Call;
use wharf_wire::tenant::{MountKind, PodDirectory, PortBinding, TenantCall};

#[test]
fn capabilities_refuse_what_is_not_granted() {
    let add = |name: &str, grants: &Grants| {
        judge(
            changed(|c| {
                c.host.cap_add.insert(name.into());
            }),
            &facts(),
            grants,
        )
    };
    let refused = |name: &str| {
        denial(
            Rule::Capabilities,
            &format!("capability `{name}` is not granted"),
            "ask the administrator (`tenants.alice.capabilities`)",
        )
    };
    for name in [
        "SYS_ADMIN",
        "SYS_PTRACE",
        "SYS_MODULE",
        "DAC_READ_SEARCH",
        "NET_ADMIN",
        "SYS_RAWIO",
        "BPF",
        "PERFMON",
        "ALL",
        "NET_RAW",
        "MKNOD",
        "CAP_CHOWN",
        "chown",
        "",
    ] {
        assert_eq!(add(name, &grants()), refused(name));
    }
    assert_eq!(add("CHOWN", &grants()), Ok(()));
    assert_eq!(add("NET_ADMIN", &granting(|g| _ = g.capabilities.insert("NET_ADMIN".into()))), Ok(()));
    assert_eq!(
        add("SYS_ADMIN", &granting(|g| _ = g.capabilities.insert("NET_ADMIN".into()))),
        refused("SYS_ADMIN")
    );
}

#[test]
fn capabilities_refuse_to_keep_what_the_engine_gives_and_the_grant_does_not() {
    let drops = |names: &[&str], grants: &Grants| {
        judge(
            changed(|c| c.host.cap_drop = names.iter().map(ToString::to_string).collect()),
            &facts(),
            grants,
        )
    };
    let keeps = |name: &str| {
        denial(
            Rule::Capabilities,
            &format!("the container would keep `{name}`, which is not granted"),
            "ask the administrator (`tenants.alice.capabilities`)",
        )
    };
    assert_eq!(drops(&["NET_RAW"], &grants()), keeps("MKNOD"));
    assert_eq!(drops(&["MKNOD"], &grants()), keeps("NET_RAW"));
    assert_eq!(drops(&["ALL"], &grants()), Ok(()));
    assert_eq!(drops(&["MKNOD"], &granting(|g| _ = g.capabilities.insert("NET_RAW".into()))), Ok(()));
}

fn publishing(port: Option<&str>, address: Option<&str>) -> TenantCall {
    let binding = PortBinding {
        container: "80".parse().unwrap(),
        address: address.map(|address| address.parse::<IpAddr>().unwrap()),
        port: port.map(|port| port.parse().unwrap()),
    };
    changed(|c| c.host.published = vec![binding])
}

#[test]
fn ports_of_a_tenant_are_those_it_is_granted_at_their_addresses() {
    let refused = |what: &str| {
        denial(
            Rule::Ports,
            &format!("{what} of the host is not granted"),
            "publish on 127.0.0.1:20000-20003, 8443, or ask the administrator (`tenants.alice.ports`)",
        )
    };
    assert_eq!(judged(publishing(Some("22"), None)), refused("port 22 at every address"));
    assert_eq!(judged(publishing(Some("20000"), None)), refused("port 20000 at every address"));
    assert_eq!(judged(publishing(Some("20000"), Some("0.0.0.0"))), refused("port 20000 at 0.0.0.0"));
    assert_eq!(judged(publishing(Some("20000"), Some("::1"))), refused("port 20000 at ::1"));
    assert_eq!(judged(publishing(Some("20004"), Some("127.0.0.1"))), refused("port 20004 at 127.0.0.1"));
    assert_eq!(judged(publishing(Some("20003"), Some("127.0.0.1"))), Ok(()));
    assert_eq!(judged(publishing(Some("8443"), None)), Ok(()));
    assert_eq!(judged(publishing(Some("8443"), Some("10.0.0.1"))), Ok(()));
    let chosen = || {
        denial(
            Rule::Ports,
            "a port of the host would be the engine's to choose",
            "name one, or ask the administrator (`tenants.alice.ports`)",
        )
    };
    assert_eq!(judged(publishing(None, Some("127.0.0.1"))), chosen());
    assert_eq!(judged(changed(|c| c.host.publish_all = true)), chosen());
    let none = granting(|g| g.ports.clear());
    let hint = "ask the administrator (`tenants.alice.ports`)";
    let reason = "port 8443 at every address of the host is not granted";
    assert_eq!(judge(publishing(Some("8443"), None), &facts(), &none), denial(Rule::Ports, reason, hint));
}

#[test]
fn mounts_refuse_the_host_and_what_was_not_prepared() {
    let mounted = |kind: MountKind<VolumeName>| judged(changed(|c| c.mounts = vec![mount(kind)]));
    let hosts = denial(
        Rule::Mounts,
        "`/` of the host is not mounted as it is",
        "use a named volume, or ask the administrator (`tenants.alice.mounts`)",
    );
    assert_eq!(mounted(MountKind::Host { path: "/".into(), make: true }), hosts);
    let unprepared = |path: &str| {
        denial(
            Rule::Mounts,
            &format!("`{path}` was not prepared for this container"),
            "try again; a directory is prepared anew for each container",
        )
    };
    let pinned = |place: &str| mounted(MountKind::Pinned { place: place.into() });
    for place in ["/", "/var/lib/wharf/pins/2", "/var/lib/wharf/pins/1/..", "/var/lib/wharf/pins/1/x"] {
        assert_eq!(pinned(place), unprepared(place));
    }
    assert_eq!(pinned("/var/lib/wharf/pins/1"), Ok(()));
    let socket = |path: &str| mounted(MountKind::GatewaySocket { path: path.into() });
    for path in ["/var/run/docker.sock", "/run/wharf/tenants/bob/docker.sock", ""] {
        assert_eq!(socket(path), unprepared(path));
    }
    assert_eq!(socket("/run/wharf/tenants/alice/docker.sock"), Ok(()));
    let unknown = Facts {
        tenant: TenantFacts { gateway_socket: None, places: Vec::new(), ..facts().tenant },
        ..facts()
    };
    for kind in [MountKind::GatewaySocket { path: String::new() }, MountKind::Pinned { place: String::new() }]
    {
        let call = changed(|c| c.mounts = vec![mount(kind)]);
        assert_eq!(judge(call, &unknown, &grants()), unprepared(""));
    }
}

#[test]
fn directories_of_pods_are_the_tenants_own_of_pods_that_it_manages_and_not_inside_one_another() {
    let grants = Grants { mount_root: Some("/srv/pods".into()), ..grants() };
    let judged = |paths: &[&str], mounted: &[&str]| {
        let directory = |path: &&str| PodDirectory::from_path("/srv/pods", path).unwrap();
        let mounts = paths.iter().map(|path| mount(MountKind::PodDirectory(directory(path)))).collect();
        let mounted_paths = mounted.iter().map(ToString::to_string).collect();
        let facts = Facts {
            container_root: Some(ContainerRoot { uid: 7, gid: 8 }),
            tenant: TenantFacts { mounted_paths, ..facts().tenant },
            ..facts()
        };
        let call = Call::Tenant(changed(|c| c.mounts = mounts));
        decide(&as_alice(), call, &facts, &grants).map(|permit| permit.effects().to_vec())
    };
    let effect = |tenant: &str, source: &str| Effect::MountSource {
        tenant: TenantId::from_engine(tenant),
        pod: "blog".parse().unwrap(),
        source: source.parse().unwrap(),
        owner: Some(ContainerRoot { uid: 7, gid: 8 }),
    };
    assert_eq!(judged(&["/srv/pods/alice_2/blog/data"], &[]), Ok(vec![effect("alice_2", "data")]));
    assert_eq!(judged(&["/srv/pods/alice/blog/a/b"], &[]), Ok(vec![effect("alice", "a/b")]), "adopted");
    for others in ["/srv/pods/bob/blog/data", "/srv/pods/alice_3/blog/data", "/srv/pods/carol/blog/data"] {
        let reason = format!("`{others}` is not a directory of your pods");
        let hint = "`wharf whoami` says where those are; or use a named volume";
        assert_eq!(judged(&[others], &[]).map(drop), denial(Rule::Mounts, &reason, hint));
    }
    let ungranted = denial(
        Rule::PodScope,
        "pod `mail` is not yours to manage",
        "ask the administrator (`tenants.alice.pods`)",
    );
    assert_eq!(judged(&["/srv/pods/alice_2/mail/data"], &[]).map(drop), ungranted);
    for (wished, mounted) in [
        (vec!["/srv/pods/alice_2/blog/data/sub"], vec!["/srv/pods/alice_2/blog/data"]),
        (vec!["/srv/pods/alice_2/blog/data"], vec!["/srv/pods/alice_2/blog/data/sub"]),
        (vec!["/srv/pods/alice_2/blog/data", "/srv/pods/alice_2/blog/data/sub"], vec![]),
    ] {
        let refused = judged(&wished, &mounted).unwrap_err();
        assert_eq!(refused.reason, "source `data/sub` lies inside source `data` of the same pod");
    }
    let side_by_side = ["/srv/pods/alice_2/blog/data", "/srv/pods/alice_2/shop-1/data/sub"];
    assert!(
        judged(&side_by_side, &["/srv/pods/alice_2/blog/database", "/srv/pods/alice/blog/data/sub"]).is_ok()
    );
    // Of another mount root, which was the administrator's yesterday.
    let call = changed(|c| {
        let directory = PodDirectory::from_path("/etc", "/etc/alice_2/blog/data").unwrap();
        c.mounts = vec![mount(MountKind::PodDirectory(directory))];
    });
    assert_eq!(judge(call, &facts(), &grants).unwrap_err().rule, Rule::Mounts);
}

#[test]
fn mounts_of_tenants_leave_the_kernels_directories_and_stay_in_their_volume() {
    let at = |target: &str| {
        judged(changed(|c| {
            let mut spec = mount(MountKind::AnonymousVolume { no_copy: false });
            spec.target = target.parse().unwrap();
            c.mounts = vec![spec];
        }))
    };
    let reason = "target `/proc/sys` lies in a directory of the kernel's";
    let hint = "nothing is mounted over /proc or /sys; choose another target";
    assert_eq!(at("/proc/sys"), denial(Rule::Mounts, reason, hint));
    assert_eq!(at("/data"), Ok(()));
    let below = |path: &str| {
        let subpath = Some(path.to_owned());
        let volume = ALICES.volume();
        judged(changed(|c| c.mounts = vec![mount(MountKind::Volume { volume, no_copy: false, subpath })]))
    };
    for path in ["../x", "a/../../x", "/etc", "a\0"] {
        let reason = format!("`{path}` is not a path below the volume's root");
        let hint = "name a directory in the volume, without `..`";
        assert_eq!(below(path), denial(Rule::Mounts, &reason, hint));
    }
    assert_eq!(below("a/b"), Ok(()));
}
