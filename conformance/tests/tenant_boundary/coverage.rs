//! Requests that name something of somebody's, and that none is missing: every route that is answered has one here, or
//! says why not, and so has every kind of call.

use std::collections::BTreeSet;

/// A request in which `REF` is to be something of bob's, and `OWN` is a container of whoever asks.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) method: &'static str,
    pub(crate) target: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) body: &'static str,
    /// The kinds of calls that it is an attack on, as the audit trail names them.
    pub(crate) calls: &'static [&'static str],
    /// With what bob may be answered, beside success.
    pub(crate) bob: &'static [u16],
}

const JSON: &str = "application/json";

const fn case(
    method: &'static str,
    target: &'static str,
    body: &'static str,
    calls: &'static [&'static str],
) -> Case {
    let kind = if body.is_empty() { "" } else { JSON };
    Case { method, target, kind, body, calls, bob: &[] }
}

/// Something that bob, too, is told to be wrong in his case: the status says that it was found.
const fn but(mut case: Case, bob: &'static [u16]) -> Case {
    case.bob = bob;
    case
}

const fn tar(method: &'static str, target: &'static str, calls: &'static [&'static str]) -> Case {
    Case { kind: "application/x-tar", body: "\0", ..case(method, target, "", calls) }
}

/// In this order: what ends bob's container stands last.
pub(crate) const CONTAINERS: &[Case] = &[
    case("GET", "/containers/REF/json", "", &["inspect container"]),
    case("GET", "/containers/REF/json?size=1", "", &["inspect container"]),
    case("GET", "/containers/REF/top", "", &["list processes"]),
    case("GET", "/containers/REF/logs?stdout=1&stderr=1", "", &["read logs"]),
    case("GET", "/containers/REF/changes", "", &["list changes"]),
    case("GET", "/containers/REF/export", "", &["export container"]),
    case("GET", "/containers/REF/stats?stream=0&one-shot=1", "", &["read statistics"]),
    case("HEAD", "/containers/REF/archive?path=/etc/secret", "", &["stat path"]),
    case("GET", "/containers/REF/archive?path=/etc/secret", "", &["copy from container"]),
    but(tar("PUT", "/containers/REF/archive?path=/tmp", &["copy to container"]), &[400, 500]),
    but(case("POST", "/containers/REF/attach?logs=1&stdout=1", "", &["attach container"]), &[0]),
    case("POST", "/containers/REF/resize?h=24&w=80", "", &["resize container"]),
    case("POST", "/containers/REF/exec", r#"{"Cmd":["cat","/etc/secret"]}"#, &["create exec"]),
    case("POST", "/containers/REF/update", r#"{"CpuShares":2}"#, &["update container"]),
    case("POST", "/commit?container=REF&repo=stolen", "", &["commit container"]),
    case("POST", "/networks/own/connect", r#"{"Container":"REF"}"#, &["connect network"]),
    case("POST", "/networks/own/disconnect", r#"{"Container":"REF","Force":true}"#, &["disconnect network"]),
    case(
        "POST",
        "/containers/create",
        r#"{"Image":"busybox","HostConfig":{"VolumesFrom":["REF:rw"]}}"#,
        &["create container"],
    ),
    case(
        "POST",
        "/containers/create",
        r#"{"Image":"busybox","HostConfig":{"NetworkMode":"container:REF"}}"#,
        &["create container"],
    ),
    case(
        "POST",
        "/containers/create",
        r#"{"Image":"busybox","HostConfig":{"PidMode":"container:REF"}}"#,
        &["create container"],
    ),
    but(
        case(
            "POST",
            "/containers/create",
            r#"{"Image":"busybox","HostConfig":{"IpcMode":"container:REF"}}"#,
            &["create container"],
        ),
        &[409],
    ),
    case("GET", r#"/containers/json?all=1&filters={"before":["REF"]}"#, "", &["list containers"]),
    case("GET", r#"/containers/json?all=1&filters={"since":["REF"]}"#, "", &["list containers"]),
    case("POST", "/containers/REF/pause", "", &["pause container"]),
    case("POST", "/containers/REF/unpause", "", &["unpause container"]),
    // It has that name.
    but(case("POST", "/containers/REF/rename?name=web", "", &["rename container"]), &[400, 409]),
    case("POST", "/containers/REF/restart?t=0", "", &["restart container"]),
    case("POST", "/containers/REF/kill", "", &["kill container"]),
    case("POST", "/containers/REF/wait", "", &["wait for container"]),
    case("POST", "/containers/REF/start", "", &["start container"]),
    case("POST", "/containers/REF/stop?t=0", "", &["stop container"]),
    case("DELETE", "/containers/REF?force=1&v=1", "", &["remove container"]),
];

pub(crate) const EXECS: &[Case] = &[
    case("GET", "/exec/REF/json", "", &["inspect exec"]),
    case("POST", "/exec/REF/start", r#"{"Detach":true}"#, &["start exec"]),
    case("POST", "/exec/REF/resize?h=24&w=80", "", &["resize exec"]),
];

pub(crate) const NETWORKS: &[Case] = &[
    case("GET", "/networks/REF", "", &["inspect network"]),
    case("POST", "/networks/REF/connect", r#"{"Container":"OWN"}"#, &["connect network"]),
    case("POST", "/networks/REF/disconnect", r#"{"Container":"OWN","Force":true}"#, &["disconnect network"]),
    case(
        "POST",
        "/containers/create",
        r#"{"Image":"busybox","HostConfig":{"NetworkMode":"REF"}}"#,
        &["create container"],
    ),
    case(
        "POST",
        "/containers/create",
        r#"{"Image":"busybox","HostConfig":{"NetworkMode":"REF"},"NetworkingConfig":{"EndpointsConfig":{"REF":{}}}}"#,
        &["create container"],
    ),
    case("DELETE", "/networks/REF", "", &["remove network"]),
];

pub(crate) const VOLUMES: &[Case] = &[
    case("GET", "/volumes/REF", "", &["inspect volume"]),
    case("DELETE", "/volumes/REF", "", &["remove volume"]),
];

pub(crate) const IMAGES: &[Case] = &[
    case("GET", "/images/REF/json", "", &["inspect image"]),
    case("GET", "/images/REF/history", "", &["read image history"]),
    case("GET", "/images/REF/get", "", &["save images"]),
    case("GET", "/images/get?names=busybox&names=REF", "", &["save images"]),
    case("POST", "/images/REF/tag?repo=stolen", "", &["tag image"]),
    case("POST", "/containers/create", r#"{"Image":"REF"}"#, &["create container"]),
    case("GET", r#"/images/json?filters={"before":["REF"]}"#, "", &["list images"]),
    case("GET", r#"/images/json?filters={"since":["REF"]}"#, "", &["list images"]),
    case("DELETE", "/images/REF?force=1", "", &["remove image"]),
];

/// Answered routes about which no other tenant's things can be asked by name, and where they are attacked instead.
const NAMELESS: &[(&str, &str)] = &[
    ("GET /_ping", "says nothing of anybody"),
    ("HEAD /_ping", "says nothing of anybody"),
    ("GET /version", "says nothing of anybody"),
    ("GET /info", "oracles::lists_and_sums_have_nothing_of_bobs"),
    ("GET /system/df", "oracles::lists_and_sums_have_nothing_of_bobs"),
    ("GET /events", "oracles::lists_and_sums_have_nothing_of_bobs"),
    ("POST /auth", "images::registries_beyond_the_grant_are_never_called"),
    ("POST /build/prune", "a tenant has no build cache, and the engine is not asked"),
    ("GET /plugins/{name...}/json", "a tenant has no plugins, and the engine is not asked"),
    ("POST /containers/prune", "oracles::prunes_take_nothing_of_bobs"),
    ("POST /images/prune", "oracles::prunes_take_nothing_of_bobs"),
    ("POST /volumes/prune", "oracles::prunes_take_nothing_of_bobs"),
    ("POST /networks/prune", "oracles::prunes_take_nothing_of_bobs"),
    ("GET /volumes", "oracles::filters_tell_nothing_of_bobs_things"),
    ("GET /networks", "oracles::filters_tell_nothing_of_bobs_things"),
    ("POST /volumes/create", "names::an_engines_name_is_one_of_mallorys_own"),
    ("POST /networks/create", "names::an_engines_name_is_one_of_mallorys_own"),
    ("POST /images/create", "images::registries_beyond_the_grant_are_never_called"),
    ("POST /images/load", "images::loaded_names_and_labels_are_mallorys_own"),
    ("POST /images/{name...}/push", "images::registries_beyond_the_grant_are_never_called"),
    ("GET /distribution/{name...}/json", "images::registries_beyond_the_grant_are_never_called"),
];

/// Kinds of calls that name nothing of anybody's, and where they are attacked.
const CALLS: &[(&str, &str)] = &[
    ("inspect distribution", "images::registries_beyond_the_grant_are_never_called"),
    ("pull image", "images::registries_beyond_the_grant_are_never_called"),
    ("push image", "images::registries_beyond_the_grant_are_never_called"),
    ("check credentials", "images::registries_beyond_the_grant_are_never_called"),
    ("load images", "images::loaded_names_and_labels_are_mallorys_own"),
    // Steps of a push and of a removal, which no request asks for by itself.
    ("tag image for push", "images::registries_beyond_the_grant_are_never_called"),
    ("untag image after push", "images::registries_beyond_the_grant_are_never_called"),
    ("restore tag after push", "images::registries_beyond_the_grant_are_never_called"),
    ("remove image digest", "images::an_image_that_both_have_goes_from_one_alone"),
    ("list volumes", "oracles::filters_tell_nothing_of_bobs_things"),
    ("list networks", "oracles::filters_tell_nothing_of_bobs_things"),
    ("create volume", "names::an_engines_name_is_one_of_mallorys_own"),
    ("create network", "names::an_engines_name_is_one_of_mallorys_own"),
];

const ROUTES: &str = include_str!("../../../crates/wire/src/ask/table.rs");
const KINDS: &str = include_str!("../../../crates/policy/tests/policy/tenant_calls.rs");

fn cases() -> impl Iterator<Item = &'static Case> {
    [CONTAINERS, EXECS, NETWORKS, VOLUMES, IMAGES].into_iter().flatten()
}

/// The routes of the table that are answered: `GET /containers/{id}/json`.
fn answered() -> BTreeSet<String> {
    let mut routes = BTreeSet::new();
    for method in ["get", "head", "delete", "post", "put"] {
        for after in ROUTES.split(&format!("    {method}(")).skip(1) {
            let Some(template) = after.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next())
            else {
                continue;
            };
            routes.insert(format!("{} {template}", method.to_ascii_uppercase()));
        }
    }
    routes
}

/// Whether a case's path is one of this route.
fn is_of(route: &str, case: &Case) -> bool {
    let Some((method, template)) = route.split_once(' ') else { return false };
    let path = case.target.split('?').next().unwrap_or_default();
    let (path, template): (Vec<_>, Vec<_>) = (path.split('/').collect(), template.split('/').collect());
    let fits = |(part, wanted): (&&str, &&str)| wanted.starts_with('{') || part == wanted;
    method == case.method && path.len() == template.len() && path.iter().zip(&template).all(fits)
}

#[test]
fn every_answered_route_and_every_kind_of_call_is_attacked() {
    let routes = answered();
    assert!(routes.len() > 60, "the table of routes is read: {routes:?}");
    let unattacked = |route: &&String| {
        !cases().any(|case| is_of(route, case)) && !NAMELESS.iter().any(|(nameless, _)| nameless == route)
    };
    assert_eq!(routes.iter().filter(unattacked).collect::<Vec<_>>(), [""; 0]);
    assert!(NAMELESS.iter().all(|(route, _)| routes.contains(*route)), "routes that are no more");

    let kinds: BTreeSet<&str> = KINDS
        .lines()
        .filter_map(|line| line.trim().strip_prefix("T::")?.split("=> \"").nth(1)?.strip_suffix("\","))
        .collect();
    assert!(kinds.len() > 50, "the kinds of calls are read: {kinds:?}");
    let attacked: BTreeSet<&str> =
        cases().flat_map(|case| case.calls).copied().chain(CALLS.iter().map(|(kind, _)| *kind)).collect();
    assert_eq!(kinds, attacked);
}

#[test]
fn what_is_attacked_elsewhere_is_a_test() {
    let tests = crate::table::tests();
    let elsewhere = NAMELESS.iter().chain(CALLS).map(|(_, test)| *test).filter(|test| test.contains("::"));
    let missing: Vec<_> = elsewhere.filter(|test| !tests.contains(*test)).collect();
    assert_eq!(missing, [""; 0]);
}
