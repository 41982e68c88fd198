//! Which crate may use which: the rings of ARCHITECTURE.md as a table.

use super::Finding;
use super::tree::{Member, short};

/// A crate, and those of ours it may use. `testkit` may be a dev-dependency of any.
const RINGS: &[(&str, &[&str])] = &[
    // pure
    ("model", &[]),
    ("document", &[]),
    ("wire", &["model"]),
    ("policy", &["wire", "model"]),
    ("archive", &["wire", "model"]),
    ("pod", &["wire", "model", "document"]),
    ("config", &["model", "document"]),
    ("vault", &["model", "document"]),
    ("import", &["model", "document"]),
    ("scan", &["document"]),
    // edge
    ("docker", &["policy", "wire", "model"]),
    ("host", &["model"]),
    ("store", &["model"]),
    ("pin", &["model"]),
    ("pki", &["model"]),
    ("repository", &[]),
    // service
    (
        "reconcile",
        &["model", "document", "wire", "policy", "pod", "config", "vault", "docker", "host", "store"],
    ),
    ("gateway", &["model", "wire", "policy", "archive", "vault", "docker", "host", "store", "pin", "pki"]),
    ("workstation", &["model", "document", "wire", "policy", "docker", "session"]),
    // inside a workstation's container
    ("session", &[]),
    // shell
    (
        "wharf",
        &[
            "model",
            "document",
            "wire",
            "policy",
            "pod",
            "config",
            "docker",
            "host",
            "store",
            "pin",
            "pki",
            "reconcile",
            "gateway",
            "workstation",
            "session",
            "vault",
            "import",
            "scan",
            "repository",
        ],
    ),
    // around the program
    ("testkit", &[]),
    ("conformance", &["testkit"]),
    ("xtask", &["testkit"]),
    ("bench", &["testkit", "model", "wire", "pod", "pki", "vault"]),
];

/// The crates of the pure ring.
pub(super) const PURE: &[&str] =
    &["model", "document", "wire", "policy", "archive", "pod", "config", "vault", "import", "scan"];

/// Every arrow that is not drawn.
pub(super) fn check(members: &[Member]) -> Vec<Finding> {
    members.iter().flat_map(check_member).collect()
}

fn check_member(member: &Member) -> Vec<Finding> {
    let Some((_, allowed)) = RINGS.iter().find(|(name, _)| *name == member.name) else {
        let rule = format!(
            "`{}` stands in no ring: add it to xtask/src/tidy/rings.rs and ARCHITECTURE.md",
            member.name
        );
        return vec![Finding::new(&member.manifest, 1, rule)];
    };
    let ours = |name: &str| RINGS.iter().any(|(known, _)| *known == name);
    let mut findings = Vec::new();
    for dependency in &member.dependencies {
        let name = short(&dependency.package);
        let is_ours = dependency.package.starts_with("wharf") && ours(name);
        let is_test_help = dependency.is_dev && (name == "testkit" || member.name == "conformance");
        if is_ours && !allowed.contains(&name) && !is_test_help {
            let may = if allowed.is_empty() { "none of ours".to_owned() } else { allowed.join(", ") };
            let rule = format!("`{}` may not use `{name}` (it may use {may})", member.name);
            findings.push(Finding::new(&member.manifest, member.line_of(&dependency.package), rule));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::tree::{Dependency, Member};
    use super::check;

    fn member(name: &str, dependencies: &[(&str, bool)]) -> Member {
        let dependencies: Vec<Dependency> = dependencies
            .iter()
            .map(|(package, is_dev)| Dependency { package: (*package).to_owned(), is_dev: *is_dev })
            .collect();
        Member {
            name: name.into(),
            manifest: format!("crates/{name}/Cargo.toml"),
            text: "[package]\n[dependencies]\nwharf-model.workspace = true\nwharf-policy.workspace = true\n"
                .into(),
            library: None,
            dependencies,
        }
    }

    fn findings(member: Member) -> Vec<String> {
        check(&[member]).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_arrow_that_is_not_drawn_is_named_with_its_line() {
        assert_eq!(
            findings(member("wire", &[("wharf-model", false), ("wharf-policy", false), ("serde", false)])),
            ["crates/wire/Cargo.toml:4: `wire` may not use `policy` (it may use model)"]
        );
        assert_eq!(findings(member("host", &[("wharf-model", false)])), [""; 0]);
    }

    #[test]
    fn the_testkit_is_for_tests() {
        assert_eq!(findings(member("docker", &[("wharf-testkit", true)])), [""; 0]);
        assert_eq!(findings(member("docker", &[("wharf-testkit", false)])).len(), 1);
    }

    #[test]
    fn a_crate_in_no_ring_is_refused() {
        assert_eq!(findings(member("utils", &[])).len(), 1);
    }
}
