//! The pod's place on the network: names, ports, name servers, and what the namespaces share.

use serde_json::json;
use wharf_conformance::{Host, Pod, eventually, on_each_engine};

#[test]
fn the_host_name_is_the_pods_and_the_hosts_unless_the_file_says_otherwise() {
    on_each_engine(|engine| {
        let host = Host::on(engine).config("host_hostname: quay");
        let pod = host.pod("under_score", "containers: {a: {$idle}}");
        pod.up().succeeds();
        assert_eq!(pod.sh("a", "hostname"), format!("{}-under-score-quay", host.prefix()));
        let own = Host::on(engine);
        let pod = own.pod("own", "containers: {a: {$idle}}");
        pod.up().succeeds();
        let engines = engine.docker(["info", "-f", "{{.Name}}"]).unwrap();
        assert_eq!(pod.sh("a", "hostname"), format!("{}-own-{}", own.prefix(), engines.trim()));
        pod.says("containers: {a: {$idle}}\nhostname: bobtown");
        pod.up().succeeds();
        assert_eq!(pod.sh("a", "hostname"), "bobtown");
        assert!(pod.sh("a", "cat /etc/hosts").lines().any(|line| line.ends_with("\tbobtown")));
    });
}

#[test]
fn the_mac_address_is_derived_on_the_default_bridge_too() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host.pod("mac", "containers: {a: {$idle}}");
        pod.up().succeeds();
        let mac = pod.sh("a", "cat /sys/class/net/eth0/address");
        assert_eq!(mac, pod.root().text("/NetworkSettings/Networks/bridge/MacAddress"));
        pod.down().succeeds();
        pod.up().succeeds();
        assert_eq!(pod.sh("a", "cat /sys/class/net/eth0/address"), mac, "a pod keeps its address");
        assert!(mac.starts_with("02:") && !mac.starts_with("02:42:ac:11"), "{mac}");
    });
}

#[test]
fn name_servers_and_extra_hosts_are_seen_by_every_member() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host.pod(
            "names",
            "
dns: [192.0.2.53, '2001:db8::53']
extra_hosts: ['db.example:192.0.2.7', 'six.example=2001:db8::7']
containers: {a: {$idle}, b: {$idle}}
",
        );
        pod.up().succeeds();
        for member in ["a", "b"] {
            let servers = pod.sh(member, "grep ^nameserver /etc/resolv.conf");
            assert_eq!(servers, "nameserver 192.0.2.53\nnameserver 2001:db8::53");
            let hosts = pod.sh(member, "cat /etc/hosts");
            assert!(
                hosts.contains("192.0.2.7\tdb.example\n") && hosts.contains("2001:db8::7\tsix.example"),
                "{hosts}"
            );
        }
        pod.is_as_its_file_says();
    });
}

#[test]
fn the_hosts_own_resolv_conf_is_seen_where_the_host_configuration_says_so() {
    on_each_engine(|engine| {
        let host = Host::on(engine).config("use_host_resolv_conf: true");
        let pod = host.pod("resolv", "containers: {a: {$idle}}");
        pod.up().succeeds();
        let own = std::fs::read_to_string("/etc/resolv.conf").unwrap();
        assert_eq!(pod.sh("a", "cat /etc/resolv.conf"), own.trim_end());
        let refused = engine.docker(["exec", &pod.name_of("a"), "sh", "-c", "echo >>/etc/resolv.conf"]);
        assert!(refused.is_err_and(|error| error.to_string().contains("Read-only file system")));
        pod.is_as_its_file_says();
    });
}

#[test]
fn processes_are_shared_unless_the_file_says_otherwise() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let text = "containers: {a: {$box, command: sleep 1001}, b: {$box, command: sleep 1002}}";
        let pod = host.pod("pid", text);
        pod.up().succeeds();
        assert!(pod.sh("a", "ps").contains("sleep 1002"));
        pod.says(&format!("{text}\nshare_pid: false"));
        pod.up().succeeds().says("2 of 3 containers changed");
        let seen = pod.sh("a", "ps");
        assert!(seen.contains("    1 root     sleep 1001") && !seen.contains("sleep 1002"), "{seen}");
        assert_eq!(*pod.member("a").at("/HostConfig/PidMode"), "");
        pod.is_as_its_file_says();
    });
}

#[test]
fn members_find_each_other_on_localhost() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let serve = "command: sh -c 'echo ashore >/www/index.html; exec httpd -f -h /www -p 127.0.0.1:8000'";
        let pod = host.pod("local", &format!("containers: {{web: {{$box, {serve}}}, b: {{$idle}}}}"));
        pod.up().succeeds();
        let page = eventually("the page is there", || {
            let said =
                engine.docker(["exec", &pod.name_of("b"), "wget", "-q", "-O", "-", "http://127.0.0.1:8000/"]);
            said.ok()
        });
        assert_eq!(page, "ashore\n");
    });
}

/// A member for each port, whose page is the port.
fn servers(ports: &[u16]) -> String {
    let one = |port: &u16| {
        let serve = format!("mkdir /w; echo {port} >/w/index.html; exec httpd -f -h /w -p {port}");
        format!("  on{port}: {{$box, command: sh -c '{serve}'}}\n")
    };
    ports.iter().map(one).collect()
}

/// The host's IPv4 port for one of the pod's, as the engine says. 20.10 may choose another for IPv6, and lists either
/// first.
fn host_port(pod: &Pod<'_>, port: u16) -> u16 {
    let seen = pod.root();
    let bound =
        seen.at(&format!("/NetworkSettings/Ports/{port}~1tcp")).as_array().cloned().unwrap_or_default();
    let bound = bound.iter().find(|binding| binding["HostIp"] != "::");
    let port = bound.unwrap_or_else(|| panic!("{port} is not published"))["HostPort"].as_str();
    port.expect("a port").parse().expect("a number")
}

/// Patient: a pod's MAC address is its own, so where it gets an address that another pod has just had, the host's
/// neighbour table may be out of date for a while (a page was late on 20.10 alone; the cause is likely, not proved).
fn page(pod: &Pod<'_>, port: u16) -> String {
    let page = eventually("a page", || pod.host().engine().http_get(port, "/").ok());
    page.trim().to_owned()
}

#[test]
fn published_ports_answer_single_and_in_ranges() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let whitelist: Vec<String> = (18_100..18_104).map(|port| format!("{port}: $pod-ports")).collect();
        let host = host.config(&format!("port_whitelist: {{{}}}", whitelist.join(", ")));
        let text = format!(
            "publish: [':80', '127.0.0.1::81', '18100:82', '127.0.0.1:18101-18102:83-84', ':85-86', '18103:87/udp']
containers:\n{}",
            servers(&[80, 81, 82, 83, 84, 85, 86])
        );
        let pod = host.pod("ports", &text);
        pod.up().succeeds();
        assert_eq!([82, 83, 84].map(|port| host_port(&pod, port)), [18_100, 18_101, 18_102]);
        for port in 80..=86 {
            assert_eq!(page(&pod, host_port(&pod, port)), port.to_string());
        }
        let seen = pod.root();
        assert_eq!(*seen.at("/NetworkSettings/Ports/81~1tcp/0/HostIp"), "127.0.0.1");
        assert_eq!(*seen.at("/NetworkSettings/Ports/87~1udp/0/HostPort"), "18103");
        let listed = host.wharf(["ps", pod.name()]).succeeds();
        listed.prints("127.0.0.1:18101->83/tcp").prints("0.0.0.0:18103->87/udp");
        pod.is_as_its_file_says();
    });
}

#[test]
fn exposed_ports_are_listed_and_published_only_when_the_file_says_so() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let text = format!("expose: [80, 443/tcp, 53/udp]\ncontainers:\n{}", servers(&[80]));
        let pod = host.pod("expose", &text);
        pod.up().succeeds();
        let exposed = json!({"80/tcp": {}, "443/tcp": {}, "53/udp": {}});
        assert_eq!(*pod.root().at("/Config/ExposedPorts"), exposed);
        assert_eq!(*pod.root().at("/HostConfig/PublishAllPorts"), false);
        assert!(pod.root().at("/NetworkSettings/Ports/80~1tcp").is_null());
        pod.says(&format!("publish_all: true\n{text}"));
        pod.up().succeeds();
        assert_eq!(page(&pod, host_port(&pod, 80)), "80");
        assert!(pod.root().at("/NetworkSettings/Ports/53~1udp/0/HostPort").is_string());
        pod.is_as_its_file_says();
    });
}

#[test]
fn a_range_needs_every_one_of_its_ports_in_the_whitelist() {
    on_each_engine(|engine| {
        let host =
            Host::on(engine).config("port_whitelist: {18200: $pod-range, 18201: other, 18202: $pod-range}");
        let pod = host.pod("range", "publish: ['18200-18202:80-82']\ncontainers: {a: {$idle}}");
        pod.up().exits(3).says("denied by rule `ports`: host port 18201 is not this pod's to publish");
        assert_eq!(pod.members(), [""; 0]);
    });
}
