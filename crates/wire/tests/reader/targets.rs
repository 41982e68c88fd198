//! Methods and targets.

use crate::help::{ask, get, malformed, not_found, rule};
use wharf_wire::ask::{Ask, BodyKind, Forbidden, Refusal, route};
use wharf_wire::tenant::{ContainerAct, ImageAct, NetworkAct, VolumeAct};

#[test]
fn a_path_has_one_spelling_v21() {
    for target in [
        "",
        "*",
        "info",
        "http://localhost/info",
        "//info",
        "/info/",
        "/networks/",
        "/containers//json",
        "/containers/../info",
        "/containers/./json",
        "/containers/%2e%2e/json",
        "/containers/%2E/json",
        "/containers/a%2fb/json",
        "/containers/a%2Fb/json",
        "/containers/a%5cb/json",
        "/containers/a\\b/json",
        "/containers/a%00/json",
        "/containers/a%/json",
        "/containers/a%4/json",
        "/containers/a%zz/json",
        "/containers/a%+1/json",
        "/containers/%C3%A9/json",
        "/containers/\u{e9}/json",
        "/containers/a b/json",
        "/containers/a%20b/json",
        "/containers/a;b/json",
        "/containers/a#b/json",
        "/containers/json#a",
        "/info?a=b;c=d",
        "/info\u{0}",
        "/info\n",
        "/containers/a|b/json",
        "/containers/a\"b/json",
    ] {
        malformed(get(target));
    }
}

#[test]
fn a_name_is_decoded_once_and_fixed_words_are_not() {
    let named = |target: &str| match get(target) {
        Ok(Ask::Container { container, act: ContainerAct::Inspect { .. } }) => container,
        other => panic!("{other:?}"),
    };
    assert_eq!(named("/containers/%77eb/json"), "web");
    assert_eq!(not_found(get("/%76olumes")), "page not found");
    assert_eq!(not_found(get("/containers/%2577eb/json")), "No such container: %77eb");
}

#[test]
fn a_version_has_one_spelling_and_a_range_v13_v21() {
    assert_eq!(get("/v1.41/info"), Ok(Ask::Info));
    assert_eq!(get("/v1.51/info"), Ok(Ask::Info));
    assert_eq!(get("/info"), Ok(Ask::Info));
    assert_eq!(route("GET", "/v1.45/info").unwrap().version.unwrap().to_string(), "1.45");
    assert_eq!(route("GET", "/info").unwrap().version, None);
    for version in
        ["v01.41", "v1.041", "v1.41.0", "v1", "v1.", "v1.+41", "v1.41x", "v1.4e1", "v99999.1", "vv1.41"]
    {
        let refused = get(&format!("/{version}/info"));
        assert!(
            matches!(refused, Err(Refusal::Malformed(_) | Refusal::NotFound(_))),
            "{version}: {refused:?}"
        );
    }
    assert_eq!(not_found(get("/V1.41/info")), "page not found");
    assert_eq!(not_found(get("/v1.41/v1.41/info")), "page not found");
    assert_eq!(not_found(get("/v1.41")), "page not found");
    assert_eq!(
        malformed(get("/v1.40/info")),
        "client version 1.40 is too old. Minimum supported API version is 1.41, please upgrade your client to a \
         newer version"
    );
    assert_eq!(
        malformed(ask("POST", "/v1.23/containers/a/start", "{\"Binds\":[\"/:/h\"]}")),
        "client version 1.23 is too old. Minimum supported API version is 1.41, please upgrade your client to a \
         newer version"
    );
    assert_eq!(
        malformed(get("/v1.99/info")),
        "client version 1.99 is too new. Maximum supported API version is 1.51"
    );
    assert!(malformed(get("/v2.0/info")).contains("too new"));
}

#[test]
fn objects_may_be_called_like_routes_v20() {
    let inspect = ContainerAct::Inspect { size: false };
    assert_eq!(get("/containers/json/json"), Ok(Ask::Container { container: "json".into(), act: inspect }));
    let remove = ContainerAct::Remove { volumes: false, force: false };
    assert_eq!(
        ask("DELETE", "/containers/prune", ""),
        Ok(Ask::Container { container: "prune".into(), act: remove })
    );
    assert_eq!(get("/volumes/create"), Ok(Ask::Volume { volume: "create".into(), act: VolumeAct::Inspect }));
    assert_eq!(
        get("/networks/prune"),
        Ok(Ask::Network { network: "prune".into(), act: NetworkAct::Inspect })
    );
    assert_eq!(get("/images/json/json"), Ok(Ask::Image { image: "json".into(), act: ImageAct::Inspect }));
    assert!(matches!(get("/containers/json"), Ok(Ask::ListContainers(_))));
}

#[test]
fn only_images_have_names_of_several_segments_v10() {
    assert_eq!(
        get("/images/registry.example:5000/a/b:1/json"),
        Ok(Ask::Image { image: "registry.example:5000/a/b:1".into(), act: ImageAct::Inspect })
    );
    assert_eq!(
        get("/images/a/history/history"),
        Ok(Ask::Image { image: "a/history".into(), act: ImageAct::History })
    );
    for target in
        ["/containers/a1/db/json", "/containers/a1/db/logs?stdout=1", "/volumes/a/b", "/networks/a/b"]
    {
        assert_eq!(not_found(get(target)), "page not found", "{target}");
    }
}

#[test]
fn what_is_routed_by_no_engine_is_not_found() {
    for (method, target) in [
        ("GET", "/"),
        ("GET", "/containers"),
        ("GET", "/images"),
        ("GET", "/exec"),
        ("OPTIONS", "/containers/json"),
        ("OPTIONS", "/v1.41/info"),
        ("PRI", "/nothing"),
        ("GET", "/debug"),
    ] {
        assert_eq!(not_found(ask(method, target, "")), "page not found", "{method} {target}");
    }
}

#[test]
fn another_method_is_said_to_be_another_method() {
    for (method, target) in [
        ("GET", "/containers/create"),
        ("POST", "/containers/json"),
        ("HEAD", "/info"),
        ("get", "/info"),
        ("CONNECT", "/info"),
        ("TRACE", "/info"),
        ("PATCH", "/containers/a"),
        ("PUT", "/containers/a/json"),
        ("POST", "/_ping"),
    ] {
        assert_eq!(ask(method, target, ""), Err(Refusal::WrongMethod), "{method} {target}");
    }
}

#[test]
fn routes_that_are_not_for_tenants_are_denied_by_rule() {
    for (method, target, expected) in [
        ("POST", "/build?t=a", Forbidden::Build),
        ("POST", "/session", Forbidden::Build),
        ("POST", "/grpc", Forbidden::Build),
        ("POST", "/swarm/join", Forbidden::Swarm),
        ("GET", "/swarm", Forbidden::Swarm),
        ("POST", "/plugins/pull?remote=a", Forbidden::Swarm),
        ("POST", "/plugins/a/b/enable", Forbidden::Swarm),
        ("GET", "/secrets/a", Forbidden::Swarm),
        ("POST", "/services/create", Forbidden::Swarm),
        ("PUT", "/volumes/a", Forbidden::Swarm),
        ("GET", "/images/search?term=127.0.0.1/x", Forbidden::Route),
        ("GET", "/debug/pprof/heap", Forbidden::Route),
        ("GET", "/v1.51/debug/vars", Forbidden::Route),
        ("GET", "/containers/a/attach/ws", Forbidden::Route),
        ("POST", "/containers/a/checkpoints", Forbidden::Checkpoint),
        ("POST", "/containers/a/start?checkpoint=c", Forbidden::Checkpoint),
        ("POST", "/containers/a/start?checkpoint-dir=/etc", Forbidden::Checkpoint),
        ("DELETE", "/containers/a?link=1", Forbidden::Links),
    ] {
        assert_eq!(rule(ask(method, target, "")), expected, "{method} {target}");
    }
}

#[test]
fn a_route_says_its_name_and_what_body_it_has() {
    let kind = |method: &str, target: &str| {
        let route = route(method, target).unwrap();
        (route.name(), route.body())
    };
    assert_eq!(kind("GET", "/info"), ("info", BodyKind::None));
    assert_eq!(kind("POST", "/containers/a/start"), ("container-start", BodyKind::Json { most: 4096 }));
    assert_eq!(
        kind("POST", "/containers/create"),
        ("container-create", BodyKind::Json { most: 1024 * 1024 })
    );
    assert_eq!(kind("PUT", "/containers/a/archive?path=/"), ("container-write-path", BodyKind::Archive));
    assert_eq!(kind("POST", "/images/load"), ("image-load", BodyKind::Archive));
}
