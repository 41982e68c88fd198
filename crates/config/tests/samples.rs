//! Every host configuration in `samples/host/`: what `samples/checks.rs` says, and what is in them is read.

#[path = "../../../samples/checks.rs"]
mod checks;

use checks::Samples;
use wharf_config::{HostConfig, parse, parse_bytes, schema};

const HOSTS: Samples = Samples {
    folder: "samples/host",
    check: |bytes| parse_bytes(bytes).map(drop),
    schema,
    beyond_the_schema: &[("empty", "the text is no YAML tree"), ("port-twice", "the text is no YAML tree")],
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
    };
    assert_eq!(parse(&text), Ok(expected));
}

#[test]
fn what_is_left_out_has_the_default() {
    let expected = HostConfig { mount_root: Some("/srv".into()), ..HostConfig::default() };
    assert_eq!(parse("mount_root: /srv").as_ref(), Ok(&expected));
    assert_eq!(parse("mount_root: /srv/"), Ok(expected));
}
