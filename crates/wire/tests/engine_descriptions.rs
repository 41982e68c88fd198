//! Nothing that the engines describe is unclassified: each route, query parameter, header and body field of their own
//! published descriptions stands somehow in the reader's vocabulary.

use wharf_wire::ask::{Forbidden, Part, Standing, field_standing, route, route_standing, vocabulary};

const ROUTES: &str = include_str!("engine-routes.txt");
const FIELDS: &str = include_str!("engine-fields.txt");

/// Versions, method, template, and what follows.
fn rows(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str, Vec<&'static str>)> {
    text.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let words: Vec<&str> = line.split(' ').collect();
        (words[1], words[2], words[3..].to_vec())
    })
}

fn same(ours: &str, theirs: &str) -> bool {
    let plain = |text: &str| text.replace("...}", "}").split('/').map(braces).collect::<Vec<_>>();
    plain(ours) == plain(theirs)
}

fn braces(part: &str) -> String {
    if part.starts_with('{') { "{}".to_owned() } else { part.to_owned() }
}

#[test]
fn every_route_of_the_engines_is_answered_or_denied() {
    let unknown: Vec<_> = rows(ROUTES).filter(|(m, t, _)| route_standing(m, t).is_none()).collect();
    assert_eq!(unknown, []);
    assert!(rows(ROUTES).count() > 250, "the table is there");
}

#[test]
fn every_route_that_no_description_names_is_denied_too() {
    // ENGINE-API section 2: the engine routes these, and describes none of them.
    for (method, path) in [
        ("POST", "/grpc"),
        ("POST", "/session"),
        ("POST", "/build/cancel"),
        ("GET", "/containers/a/checkpoints"),
        ("POST", "/containers/a/checkpoints"),
        ("DELETE", "/containers/a/checkpoints/b"),
        ("GET", "/containers/a/attach/ws"),
        ("GET", "/images/a/b/attestations"),
        ("GET", "/debug/vars"),
        ("GET", "/v1.41/debug/pprof/heap"),
        ("POST", "/debug/pprof/symbol"),
        ("POST", "/moby.buildkit.v1.Control/Solve"),
        ("PUT", "/volumes/a"),
    ] {
        let refused = route(method, path).unwrap_err();
        assert!(
            matches!(refused, wharf_wire::ask::Refusal::Forbidden { .. }),
            "{method} {path}: {refused:?}"
        );
    }
}

#[test]
fn every_query_parameter_and_header_of_the_engines_is_known() {
    let known = vocabulary();
    let denied = |m: &str, t: &str| matches!(route_standing(m, t), Some(Standing::Denied(_)));
    let mut unknown = Vec::new();
    for (method, template, rest) in rows(ROUTES) {
        let [kind, name] = rest[..] else { continue };
        if denied(method, template) {
            continue;
        }
        let found = known.iter().any(|row| {
            row.method == method
                && same(row.template, template)
                && match (&row.part, kind) {
                    (Part::Query(had), "query") | (Part::Header(had), "header") => *had == name,
                    (Part::Archive, "body") => name == "archive",
                    _ => false,
                }
        });
        // The body of an import; importing is denied by its parameters.
        let import = (method, template, kind) == ("POST", "/images/create", "body");
        if !found && !import {
            unknown.push((method, template, kind, name));
        }
    }
    assert_eq!(unknown, []);
}

#[test]
fn every_field_of_the_engines_bodies_is_known() {
    let unknown: Vec<_> =
        rows(FIELDS).filter(|(m, t, rest)| field_standing(m, t, rest[0]).is_none()).collect();
    assert_eq!(unknown, []);
    assert!(rows(FIELDS).count() > 300, "the table is there");
}

#[test]
fn what_gives_away_the_host_is_denied_by_its_own_rule() {
    let rule = |path: &str| match field_standing("POST", "/containers/create", path) {
        Some(Standing::Denied(why) | Standing::DeniedUnlessNull(why)) => Some(why.rule),
        _ => None,
    };
    for (path, expected) in [
        ("HostConfig.Privileged", Forbidden::Privileged),
        ("HostConfig.Devices.[].PathOnHost", Forbidden::Devices),
        ("HostConfig.DeviceCgroupRules", Forbidden::Devices),
        ("HostConfig.DeviceRequests", Forbidden::Devices),
        ("HostConfig.Annotations", Forbidden::Annotations),
        ("HostConfig.MaskedPaths", Forbidden::Confinement),
        ("HostConfig.ReadonlyPaths", Forbidden::Confinement),
        ("HostConfig.CgroupParent", Forbidden::Limits),
        ("HostConfig.Cgroup", Forbidden::HostNamespace),
        ("HostConfig.StorageOpt", Forbidden::Limits),
        ("HostConfig.Mounts.[].VolumeOptions.DriverConfig.Options", Forbidden::Driver),
        ("HostConfig.Links", Forbidden::Links),
        ("HostConfig.OomKillDisable", Forbidden::Limits),
        ("NetworkingConfig.EndpointsConfig.*.Links", Forbidden::Links),
        ("NetworkingConfig.EndpointsConfig.*.DriverOpts", Forbidden::Driver),
    ] {
        assert_eq!(rule(path), Some(expected), "{path}");
    }
}

#[test]
fn every_denial_says_what_to_do_next() {
    for row in vocabulary() {
        if let Standing::Denied(why) | Standing::DeniedUnlessNull(why) = row.standing {
            assert!(!why.reason.is_empty() && !why.hint.is_empty(), "{row:?}");
            for text in [why.reason, why.hint] {
                assert!(!text.ends_with('.') && !text.starts_with(char::is_uppercase), "{text}");
            }
        }
    }
}
