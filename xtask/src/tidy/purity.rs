//! The pure ring touches no file, socket, process, environment or clock, and denies what may panic.

use super::Finding;
use super::rings::PURE;
use super::scan::{Source, words};
use super::tree::Member;

/// Lints that each pure crate must deny.
const LINTS: &[&str] =
    &["clippy::unwrap_used", "clippy::expect_used", "clippy::panic", "clippy::indexing_slicing"];

/// Packages that reach outside.
const IMPURE: &[&str] =
    &["tokio", "hyper", "hyper-util", "rustix", "nix", "libc", "mio", "socket2", "async-std", "smol"];

/// Addresses are values; the rest of `std::net` is the network.
const NET_VALUES: &[&str] =
    &["IpAddr", "Ipv4Addr", "Ipv6Addr", "AddrParseError", "SocketAddr", "SocketAddrV4", "SocketAddrV6"];

/// What a pure crate's manifest and `lib.rs` must and must not say.
pub(super) fn check_member(member: &Member) -> Vec<Finding> {
    if !PURE.contains(&member.name.as_str()) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for dependency in member.dependencies.iter().filter(|dependency| !dependency.is_dev) {
        if IMPURE.contains(&dependency.package.as_str()) {
            let rule = format!("`{}` is pure and may not use `{}`", member.name, dependency.package);
            findings.push(Finding::new(&member.manifest, member.line_of(&dependency.package), rule));
        }
    }
    let denied = denied_lints(member.library.as_deref().unwrap_or_default());
    let missing: Vec<&str> = LINTS.iter().filter(|lint| !denied.contains(**lint)).copied().collect();
    if !missing.is_empty() {
        let path = member.manifest.replace("Cargo.toml", "src/lib.rs");
        let rule = format!("`{}` is pure and must deny {}", member.name, missing.join(", "));
        findings.push(Finding::new(&path, 1, rule));
    }
    findings
}

/// What the crate's `#![deny(...)]` or `#![forbid(...)]` names, with or without a condition around it.
fn denied_lints(library: &str) -> String {
    let attributes =
        library.split("#![").skip(1).filter_map(|rest| rest.split_once(")]")).map(|(inside, _)| inside);
    attributes.filter(|inside| inside.contains("deny(") || inside.contains("forbid(")).collect()
}

/// What a pure crate's code must not name.
pub(super) fn check_source(source: &Source) -> Vec<Finding> {
    if source.is_test || !PURE.contains(&source.member()) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (offset, path) in std_paths(&source.code) {
        if reaches_outside(&path) {
            let rule = format!("`{}` is pure and may not use `std::{path}`", source.member());
            findings.push(Finding::new(&source.path, source.line_at(offset), rule));
        }
    }
    for word in ["tokio", "Instant", "SystemTime"] {
        for line in source.lines_with(word) {
            let rule = format!("`{}` is pure and may not use `{word}`", source.member());
            findings.push(Finding::new(&source.path, line, rule));
        }
    }
    findings
}

fn reaches_outside(path: &str) -> bool {
    let mut parts = path.split("::");
    match (parts.next(), parts.next()) {
        (Some("fs" | "process" | "env"), _) => true,
        (Some("net"), part) => !part.is_some_and(|part| NET_VALUES.contains(&part)),
        _ => false,
    }
}

/// Every path below `std::`, with groups such as `std::{fs, net::{IpAddr}}` written out.
fn std_paths(code: &str) -> Vec<(usize, String)> {
    let mut paths = Vec::new();
    for at in words(code, "std") {
        let start = at + "std".len();
        if let Some(rest) = code.get(start..).and_then(|rest| rest.strip_prefix("::")) {
            expand(rest, "", &mut |path| paths.push((at, path)));
        }
    }
    paths
}

/// Reads one path or group from the start of `rest`; gives how many bytes it took.
fn expand(rest: &str, prefix: &str, found: &mut impl FnMut(String)) -> usize {
    let mut at = rest.len() - rest.trim_start().len();
    if rest.get(at..).is_some_and(|rest| rest.starts_with('{')) {
        at += 1;
        while let Some(inside) = rest.get(at..).filter(|inside| !inside.is_empty()) {
            if inside.starts_with('}') {
                return at + 1;
            }
            let blank = inside.starts_with(|c: char| c == ',' || c.is_whitespace());
            at += if blank { 1 } else { expand(inside, prefix, found).max(1) };
        }
        return at;
    }
    let word: String =
        rest.get(at..).unwrap_or_default().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    at += word.len();
    let path = if prefix.is_empty() { word } else { format!("{prefix}::{word}") };
    if let Some(deeper) = rest.get(at..).and_then(|rest| rest.strip_prefix("::")) {
        return at + 2 + expand(deeper, &path, found);
    }
    found(path);
    at
}

#[cfg(test)]
mod tests {
    use super::{Source, check_source, denied_lints};

    fn findings(path: &str, code: &str) -> Vec<String> {
        check_source(&Source::new(path, code)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_pure_crate_reaches_nothing_outside() {
        let code = "//! x\nuse std::{fmt, net::{IpAddr, TcpStream}, fs::File};\nfn f() { std::env::var(\"x\"); }\nuse std::time::Duration;\n";
        assert_eq!(
            findings("crates/pod/src/plan.rs", code),
            [
                "crates/pod/src/plan.rs:2: `pod` is pure and may not use `std::net::TcpStream`",
                "crates/pod/src/plan.rs:2: `pod` is pure and may not use `std::fs::File`",
                "crates/pod/src/plan.rs:3: `pod` is pure and may not use `std::env::var`",
            ]
        );
        assert_eq!(findings("crates/wire/src/call.rs", "use std::time::Instant;").len(), 1);
        assert_eq!(findings("crates/wire/src/call.rs", "use std::net;").len(), 1);
        assert_eq!(findings("crates/host/src/alone.rs", code), [""; 0]);
    }

    #[test]
    fn finds_denied_lints_with_or_without_a_condition() {
        let library = "//! x\n#![cfg_attr(not(test), deny(clippy::panic))]\n#![deny(\n  clippy::unwrap_used,\n)]\n#![allow(clippy::expect_used)]";
        let denied = denied_lints(library);
        assert!(denied.contains("clippy::panic") && denied.contains("clippy::unwrap_used"));
        assert!(!denied.contains("expect_used"));
    }
}
