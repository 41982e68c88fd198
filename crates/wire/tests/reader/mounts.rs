//! Binds, mounts, memory and volumes without a name.

use crate::help::{create, host, malformed, not_found, rule};
use wharf_wire::ask::{Forbidden, Refusal};
use wharf_wire::tenant::{MountKind, MountSpec};

type Mount = MountSpec<String>;

fn mounts(fields: &str) -> Result<Vec<Mount>, Refusal> {
    host(fields).map(|wish| wish.mounts)
}

fn bind(text: &str) -> Result<Mount, Refusal> {
    mounts(&format!("\"Binds\":[\"{text}\"]")).map(|mut mounts| mounts.remove(0))
}

fn mount(fields: &str) -> Result<Mount, Refusal> {
    mounts(&format!("\"Mounts\":[{{{fields}}}]")).map(|mut mounts| mounts.remove(0))
}

fn spec(target: &str, readonly: bool, kind: MountKind<String>) -> Mount {
    MountSpec { target: target.parse().unwrap(), readonly, kind }
}

fn volume(name: &str, no_copy: bool) -> MountKind<String> {
    MountKind::Volume { volume: name.into(), no_copy, subpath: None }
}

fn path(text: &str) -> MountKind<String> {
    MountKind::Host { path: text.into(), make: true }
}

const ANONYMOUS: MountKind<String> = MountKind::AnonymousVolume { no_copy: false };
const SOCKET: MountKind<String> = MountKind::GatewaySocket { path: String::new() };

#[test]
fn a_bind_names_a_volume_or_a_path() {
    assert_eq!(bind("data:/d"), Ok(spec("/d", false, volume("data", false))));
    assert_eq!(bind("data:/d:ro,nocopy"), Ok(spec("/d", true, volume("data", true))));
    assert_eq!(bind("data:/d:z"), Ok(spec("/d", false, volume("data", false))));
    assert_eq!(bind("/srv/x:/d:ro,rprivate"), Ok(spec("/d", true, path("/srv/x"))));
    assert_eq!(bind("/srv//x/.:/d/"), Ok(spec("/d", false, path("/srv//x/."))));
    assert_eq!(bind("/:/h"), Ok(spec("/h", false, path("/"))), "the policy judges it");
    assert_eq!(bind("/anon"), Ok(spec("/anon", false, ANONYMOUS)));
}

#[test]
fn the_engines_socket_is_the_gateways() {
    for socket in ["/var/run/docker.sock", "/run/docker.sock"] {
        assert_eq!(
            bind(&format!("{socket}:/var/run/docker.sock")),
            Ok(spec("/var/run/docker.sock", false, SOCKET))
        );
        let fields = format!("\"Type\":\"bind\",\"Source\":\"{socket}\",\"Target\":\"/s\",\"ReadOnly\":true");
        assert_eq!(mount(&fields), Ok(spec("/s", true, SOCKET)));
    }
    // Any other spelling is a path, which no grant has.
    assert_eq!(bind("/var/run/../run/docker.sock:/s").map(|_| ()).map_err(|_| ()), Err(()));
    assert_eq!(bind("//var/run/docker.sock:/s"), Ok(spec("/s", false, path("//var/run/docker.sock"))));
}

#[test]
fn binds_that_cannot_be_are_refused_v15() {
    for wrong in [
        "",
        ":",
        ":/d",
        "a:",
        "a:b",
        "/srv/x:d",
        "/srv/x:/",
        "/srv/x:/d:ro:rw",
        "/srv/x:/d:foo",
        "/srv/x:/d:",
        "/srv/x:/d:nocopy",
        "/allowed/../../..:/d",
        "/srv/..:/d",
        "../x:/d",
        "./x:/d",
        "~/x:/d",
        "a/b:/d",
        "/srv/x:/d/../../etc",
        "/srv/x\\n:/d",
        "data:/d:RO",
    ] {
        malformed(bind(wrong));
    }
    for (text, expected) in [
        ("/srv/x:/d:rshared", Forbidden::MountKind),
        ("/srv/x:/d:slave", Forbidden::MountKind),
        ("/srv/x:/d:z", Forbidden::Confinement),
        ("/srv/x:/d:ro,Z", Forbidden::Confinement),
    ] {
        assert_eq!(rule(bind(text)), expected, "{text}");
    }
}

#[test]
fn a_mount_is_a_path_a_volume_or_memory() {
    assert_eq!(
        mount(
            "\"Type\":\"bind\",\"Source\":\"/srv\",\"Target\":\"/d\",\"BindOptions\":{\"Propagation\":\"rprivate\",\"CreateMountpoint\":true}"
        ),
        Ok(spec("/d", false, path("/srv")))
    );
    // What engines make for `-v`, they make for `--mount` only when it is asked for.
    for options in ["", ",\"BindOptions\":{\"CreateMountpoint\":false}"] {
        let fields = format!("\"Type\":\"bind\",\"Source\":\"/srv\",\"Target\":\"/d\"{options}");
        let kind = MountKind::Host { path: "/srv".into(), make: false };
        assert_eq!(mount(&fields), Ok(spec("/d", false, kind)));
    }
    assert_eq!(
        mount(
            "\"Type\":\"volume\",\"Source\":\"v\",\"Target\":\"/d\",\"VolumeOptions\":{\"NoCopy\":true,\"Subpath\":\"a/b\",\"DriverConfig\":{\"Name\":\"local\",\"Options\":{}}}"
        ),
        Ok(spec(
            "/d",
            false,
            MountKind::Volume { volume: "v".into(), no_copy: true, subpath: Some("a/b".into()) }
        ))
    );
    assert_eq!(
        mount("\"Type\":\"volume\",\"Target\":\"/d\",\"VolumeOptions\":{}"),
        Ok(spec("/d", false, ANONYMOUS))
    );
    assert_eq!(
        mount(
            "\"Type\":\"tmpfs\",\"Target\":\"/d\",\"TmpfsOptions\":{\"SizeBytes\":10,\"Mode\":511,\"Options\":[[\"exec\"]]}"
        ),
        Ok(spec("/d", false, MountKind::Tmpfs { size: Some(10), mode: Some(0o777), exec: true }))
    );
}

#[test]
fn mounts_that_reach_further_are_refused_v14() {
    for (fields, expected) in [
        (
            "\"Type\":\"volume\",\"Target\":\"/d\",\"VolumeOptions\":{\"DriverConfig\":{\"Name\":\"local\",\"Options\":{\"type\":\"proc\",\"device\":\"proc\"}}}",
            Forbidden::Driver,
        ),
        (
            "\"Type\":\"volume\",\"Target\":\"/d\",\"VolumeOptions\":{\"DriverConfig\":{\"Name\":\"nfs\"}}",
            Forbidden::Driver,
        ),
        (
            "\"Type\":\"bind\",\"Source\":\"/x\",\"Target\":\"/d\",\"BindOptions\":{\"Propagation\":\"rshared\"}",
            Forbidden::MountKind,
        ),
        (
            "\"Type\":\"bind\",\"Source\":\"/x\",\"Target\":\"/d\",\"BindOptions\":{\"NonRecursive\":true}",
            Forbidden::MountKind,
        ),
        ("\"Type\":\"image\",\"Source\":\"bob/secret\",\"Target\":\"/d\"", Forbidden::MountKind),
        ("\"Type\":\"npipe\",\"Source\":\"a\",\"Target\":\"/d\"", Forbidden::MountKind),
        ("\"Type\":\"cluster\",\"Source\":\"a\",\"Target\":\"/d\"", Forbidden::MountKind),
        (
            "\"Type\":\"volume\",\"Target\":\"/d\",\"VolumeOptions\":{\"Labels\":{\"a\":\"b\"}}",
            Forbidden::UnknownField,
        ),
    ] {
        assert_eq!(rule(mount(fields)), expected, "{fields}");
    }
    for wrong in [
        "",
        "\"Type\":\"bind\"",
        "\"Type\":\"bind\",\"Target\":\"/d\"",
        "\"Type\":\"BIND\",\"Source\":\"/x\",\"Target\":\"/d\"",
        "\"Type\":\"bind\",\"Source\":\"x\",\"Target\":\"/d\"",
        "\"Type\":\"bind\",\"Source\":\"/x/../y\",\"Target\":\"/d\"",
        "\"Source\":\"/x\",\"Target\":\"/d\"",
        "\"Type\":\"volume\",\"Source\":\"/x\",\"Target\":\"/d\"",
        "\"Type\":\"volume\",\"Source\":\"v\",\"Target\":\"/d\",\"BindOptions\":{\"Propagation\":\"rprivate\"}",
        "\"Type\":\"volume\",\"Source\":\"v\",\"Target\":\"/d\",\"VolumeOptions\":{\"Subpath\":\"../x\"}",
        "\"Type\":\"volume\",\"Source\":\"v\",\"Target\":\"/d\",\"VolumeOptions\":{\"Subpath\":\"/x\"}",
        "\"Type\":\"volume\",\"Target\":\"/d\",\"VolumeOptions\":{\"Subpath\":\"x\"}",
        "\"Type\":\"tmpfs\",\"Source\":\"x\",\"Target\":\"/d\"",
        "\"Type\":\"tmpfs\",\"Target\":\"/d\",\"TmpfsOptions\":{\"SizeBytes\":-1}",
        "\"Type\":\"tmpfs\",\"Target\":\"/d\",\"TmpfsOptions\":{\"Mode\":65535}",
    ] {
        malformed(mount(wrong));
    }
}

#[test]
fn memory_is_always_without_devices_and_has_a_size_in_bytes() {
    let tmpfs = |options: &str| {
        mounts(&format!("\"Tmpfs\":{{\"/t\":\"{options}\"}}")).map(|mut mounts| mounts.remove(0))
    };
    let memory = |size, mode, exec| MountKind::Tmpfs { size, mode, exec };
    assert_eq!(tmpfs(""), Ok(spec("/t", false, memory(None, None, false))));
    assert_eq!(
        tmpfs("rw,nosuid,nodev,noexec,size=64m"),
        Ok(spec("/t", false, memory(Some(64 << 20), None, false)))
    );
    assert_eq!(
        tmpfs("ro,exec,mode=1777,size=100"),
        Ok(spec("/t", true, memory(Some(100), Some(0o1777), true)))
    );
    for option in ["suid", "dev", "uid=0", "nr_inodes=0", "mpol=bind:0", "remount", "exec=1"] {
        assert_eq!(rule(tmpfs(option)), Forbidden::MountKind, "{option}");
    }
    for option in
        ["size=50%", "size=100%", "size=", "size=0", "size=-1", "size=99999999999g", "mode=9", "mode=17777"]
    {
        malformed(tmpfs(option));
    }
}

#[test]
fn one_place_has_one_mount_but_volumes_without_a_name_give_way() {
    assert_eq!(
        malformed(mounts("\"Binds\":[\"a:/d\"],\"Mounts\":[{\"Type\":\"volume\",\"Target\":\"/d/\"}]")),
        "Duplicate mount point: /d"
    );
    malformed(mounts("\"Binds\":[\"a:/d\",\"b:/d\"]"));
    malformed(mounts("\"Binds\":[\"a:/d\"],\"Tmpfs\":{\"/./d\":\"\"}"));
    let wish = create("\"Volumes\":{\"/d\":{},\"/e\":{}},\"HostConfig\":{\"Binds\":[\"a:/d\"]}").unwrap();
    assert_eq!(wish.mounts, [spec("/d", false, volume("a", false)), spec("/e", false, ANONYMOUS)]);
    malformed(create("\"Volumes\":{\"e\":{}}"));
    malformed(create("\"Volumes\":{\"/e\":{\"a\":1}}"));
}

#[test]
fn volumes_come_from_containers_as_they_are_or_read_only() {
    let from = |text: &str| {
        host(&format!("\"VolumesFrom\":[\"{text}\"]")).map(|wish| {
            wish.volumes_from.into_iter().map(|from| (from.container, from.readonly)).collect::<Vec<_>>()
        })
    };
    assert_eq!(from("db"), Ok(vec![("db".into(), false)]));
    assert_eq!(from("db:ro"), Ok(vec![("db".into(), true)]));
    malformed(from("db:z"));
    malformed(from("db:ro:ro"));
    not_found(from("a/b"));
    not_found(from(""));
}
