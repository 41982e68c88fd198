//! A fixed port of the host is the pod's that `port_whitelist` names; ephemeral ones are everyone's.

use crate::{on_new, on_old};

#[test]
fn fixed_ports_that_are_not_this_pods_are_denied() {
    let Some(host) = on_old() else { return };
    host.host_config("port_whitelist: {18941: $pod, 18942: $pod, 18944: $pod-other, 18945: other}");
    for (publish, port) in [
        ("'18940:80'", 18940),
        ("'18941-18943:80-82'", 18943),
        ("'18944:80'", 18944),
        ("'18945:80'", 18945),
        ("'18940:80/udp'", 18940),
        ("'127.0.0.1:18940:80'", 18940),
        ("'[::1]:18940:80'", 18940),
        ("'0.0.0.0:18940:80/tcp'", 18940),
        ("'18941:80', '18940:81'", 18940),
        ("'22:22'", 22),
    ] {
        host.says(&format!("publish: [{publish}]\ncontainers: {{web: {{$idle}}}}\n"));
        host.up()
            .exits(3)
            .says(&format!("denied by rule `ports`: host port {port} is not this pod's to publish"));
        host.has_nothing();
    }
    assert_eq!(host.denials(), ["ports $pod"; 10]);
}

#[test]
fn a_running_pod_keeps_running_when_a_port_is_denied() {
    let Some(host) = on_new() else { return };
    host.says("containers: {web: {$idle}}\n");
    host.up().succeeds();
    let (root, web) = (host.root().id(), host.member("web").id());
    host.says("publish: ['18940:80']\ncontainers: {web: {$idle, environment: {A: b}}}\n");
    host.up().exits(3).says("denied by rule `ports`");
    assert_eq!((host.root().id(), host.member("web").id()), (root, web));
    assert!(host.member("web").is_running());
}

#[test]
fn whitelisted_and_ephemeral_ports_are_published() {
    let Some(host) = on_new() else { return };
    host.host_config("port_whitelist: {18951: $pod, 18952: $pod}");
    host.says(
        "publish: ['127.0.0.1:18951-18952:80-81', '18951:80/udp', ':82']\ncontainers: {web: {$idle}}\n",
    );
    host.up().succeeds();
    let ports = host.root().at("/HostConfig/PortBindings").clone();
    assert_eq!(ports["80/tcp"][0]["HostPort"], "18951");
    assert_eq!(ports["80/tcp"][0]["HostIp"], "127.0.0.1");
    assert_eq!(ports["81/tcp"][0]["HostPort"], "18952");
    assert_eq!(ports["80/udp"][0]["HostPort"], "18951");
    assert!(
        host.root().at("/NetworkSettings/Ports/82~1tcp/0/HostPort").is_string(),
        "{}",
        host.root().at("/NetworkSettings/Ports")
    );
}
