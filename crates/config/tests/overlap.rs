//! What tenants cannot both have: found as the definition says, compared pair by pair, and in time for a large file.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::{Duration, Instant};
use wharf_config::parse;
use wharf_model::{MountGrant, MountGrantPath, PortGrant};

/// One tenant after another, each grant on a line of its own; with the line of each grant.
fn file(key: &str, tenants: &[Vec<String>]) -> (String, Vec<(usize, usize)>) {
    let mut text = "tenants:\n".to_owned();
    let mut lines = Vec::new();
    for (number, grants) in tenants.iter().enumerate() {
        write!(text, "  t{number}:\n    users: [u{number}]\n").unwrap();
        if !grants.is_empty() {
            writeln!(text, "    {key}:").unwrap();
        }
        for grant in grants {
            writeln!(text, "      - {grant}").unwrap();
            lines.push((number, text.lines().count()));
        }
    }
    (text, lines)
}

/// Lines of grants that clash, pair by pair.
fn clashes<T>(grants: &[(usize, usize, T)], clash: impl Fn(&T, &T) -> bool) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for (at, (tenant, line, grant)) in grants.iter().enumerate() {
        for (other_tenant, other_line, other) in &grants[at + 1..] {
            if tenant != other_tenant && clash(grant, other) {
                pairs.push((*line, *other_line));
            }
        }
    }
    pairs
}

/// Every pair has an error at one place at least, and no other place has any.
fn agree(text: &str, pairs: &[(usize, usize)]) -> Result<(), TestCaseError> {
    let told: BTreeSet<usize> =
        parse(text).err().into_iter().flatten().map(|error| error.span.line).collect();
    for (one, other) in pairs {
        prop_assert!(told.contains(one) || told.contains(other), "lines {} and {} of\n{}", one, other, text);
    }
    let involved: BTreeSet<usize> = pairs.iter().flat_map(|(one, other)| [*one, *other]).collect();
    prop_assert!(told.is_subset(&involved), "{:?} of {:?} in\n{}", told, involved, text);
    Ok(())
}

fn ports() -> impl Strategy<Value = (String, bool)> {
    let addresses = ["", "", "127.0.0.1:", "127.0.0.2:", "0.0.0.0:", "[::]:", "[::1]:"];
    (select(addresses.to_vec()), 1..40u16, 0..6u16, any::<bool>())
        .prop_map(|(address, first, more, shared)| (format!("{address}{first}-{}", first + more), shared))
}

fn directory() -> impl Strategy<Value = (String, bool)> {
    let path = vec(select(vec!["a", "b", "a-b", "a.b", "aa"]), 1..4);
    (path, any::<bool>()).prop_map(|(path, shared)| (format!("/{}", path.join("/")), shared))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn ports_of_two_tenants_clash_where_one_port_at_one_address_is_in_both(
        tenants in vec(vec(ports(), 0..4), 1..5)
    ) {
        let written: Vec<Vec<String>> = tenants.iter().map(|grants| {
            grants.iter().map(|(range, shared)| format!("{{range: \"{range}\", shared: {shared}}}")).collect()
        }).collect();
        let (text, lines) = file("ports", &written);
        let grants: Vec<(usize, usize, (PortGrant, bool))> = lines.iter().zip(tenants.concat())
            .map(|((tenant, line), (range, shared))| (*tenant, *line, (range.parse().unwrap(), shared)))
            .collect();
        let pairs = clashes(&grants, |(a, a_shared), (b, b_shared)| {
            a.overlaps(b) && !(*a_shared && *b_shared)
        });
        agree(&text, &pairs)?;
    }

    #[test]
    fn directories_of_two_tenants_clash_where_one_is_in_the_other(
        tenants in vec(vec(directory(), 0..4), 1..5)
    ) {
        let written: Vec<Vec<String>> = tenants.iter().map(|grants| {
            grants.iter().map(|(path, shared)| format!("{{path: {path}, shared: {shared}}}")).collect()
        }).collect();
        let (text, lines) = file("mounts", &written);
        let grants: Vec<(usize, usize, (MountGrant, bool))> = lines.iter().zip(tenants.concat())
            .map(|((tenant, line), (path, shared))| (*tenant, *line, (path.parse().unwrap(), shared)))
            .collect();
        let inside = |a: &MountGrant, b: &MountGrant| match (a.path(), b.path()) {
            (MountGrantPath::Directory(a), MountGrantPath::Directory(b)) => format!("{a}/").starts_with(&format!("{b}/")),
            _ => false,
        };
        let pairs = clashes(&grants, |(a, a_shared), (b, b_shared)| {
            (inside(a, b) || inside(b, a)) && !(*a_shared && *b_shared)
        });
        agree(&text, &pairs)?;
    }
}

#[test]
fn the_first_place_is_told_too() {
    let errors =
        parse("tenants:\n  a: {users: [a], ports: [80-90]}\n  b: {users: [b], ports: [85]}").unwrap_err();
    let places: Vec<(usize, &str)> = errors.iter().map(|e| (e.span.line, e.path.as_str())).collect();
    assert_eq!(places, [(2, "tenants.a.ports[0]"), (3, "tenants.b.ports[0]")]);
}

/// How long one reading takes, and how many errors it finds.
fn timed(text: &str) -> (Duration, usize) {
    let before = Instant::now();
    let errors = parse(text).map_or_else(|errors| errors.len(), |_| 0);
    (before.elapsed(), errors)
}

/// Four times the text takes about four times as long; what compares all with all takes sixteen times. The best of
/// several attempts counts, since the machine may be busy.
fn grows_with_the_text(text: impl Fn(usize) -> String, most: usize, errors: usize) {
    let (small, large) = (text(most / 4), text(most));
    let mut best = (Duration::MAX, Duration::MAX);
    for _ in 0..8 {
        let (taken, found) = timed(&large);
        assert_eq!(found, errors);
        best = (best.0.min(timed(&small).0), best.1.min(taken));
        if best.1 < best.0 * 8 {
            return;
        }
    }
    panic!("{:?} for {} bytes, {:?} for {}", best.0, small.len(), best.1, large.len());
}

fn joined(range: std::ops::Range<usize>, separator: &str, item: impl Fn(usize) -> String) -> String {
    range.map(item).collect::<Vec<_>>().join(separator)
}

/// Two tenants with half of the grants each.
fn halves(key: &str, grant: impl Fn(usize) -> String) -> impl Fn(usize) -> String {
    let key = key.to_owned();
    move |count| {
        let (first, second) = (joined(0..count / 2, ", ", &grant), joined(count / 2..count, ", ", &grant));
        format!("tenants:\n  a: {{users: [a], {key}: [{first}]}}\n  b: {{users: [b], {key}: [{second}]}}\n")
    }
}

/// More errors than are shown.
const MANY: usize = wharf_document::MAX_DIAGNOSTICS + 1;

#[test]
fn ten_thousand_tenants_take_no_quadratic_time() {
    let tenants = |user: fn(usize) -> String| {
        move |count| {
            let line = |n: usize| format!("  t{n}: {{users: [{}]}}", user(n));
            format!("tenants:\n{}", joined(0..count, "\n", line))
        }
    };
    grows_with_the_text(tenants(|n| format!("u{n}")), 10_000, 0);
    grows_with_the_text(tenants(|_| "u".to_owned()), 10_000, MANY);
}

#[test]
fn ten_thousand_ports_take_no_quadratic_time() {
    grows_with_the_text(halves("ports", |n| (n + 1).to_string()), 10_000, 0);
    grows_with_the_text(halves("ports", |n| format!("1-{}", n + 1)), 10_000, MANY);
    grows_with_the_text(halves("ports", |_| "1-65535".into()), 10_000, MANY);
    grows_with_the_text(halves("ports", |_| "{range: 1-65535, shared: true}".into()), 10_000, 0);
}

#[test]
fn ten_thousand_mounts_take_no_quadratic_time() {
    grows_with_the_text(halves("mounts", |n| format!("/srv/{n}")), 10_000, 0);
    grows_with_the_text(halves("mounts", |_| "/srv/x".into()), 10_000, MANY);
    grows_with_the_text(halves("mounts", |_| "{path: /srv/x, shared: true}".into()), 10_000, 0);
    let deep = |n: usize| format!("{{path: {}, shared: true}}", "/a".repeat(1 + n % 30));
    grows_with_the_text(halves("mounts", deep), 10_000, 0);
}

#[test]
fn a_long_whitelist_beside_ten_thousand_ranges_takes_no_quadratic_time() {
    let text = |from: usize| {
        move |count: usize| {
            let whitelist = joined(1..count + 1, "\n", |port| format!("  {port}: web"));
            let ranges = joined(from..from + count, ", ", |port| format!("{port}-65535"));
            format!("port_whitelist:\n{whitelist}\ntenants:\n  a: {{users: [a], ports: [{ranges}]}}\n")
        }
    };
    grows_with_the_text(text(20_000), 10_000, 0);
    grows_with_the_text(text(1), 10_000, MANY);
}
