//! Each manifest takes the workspace's lints, and gives a reason for everything it depends on.

use super::Finding;
use super::tree::Member;

/// Missing lints, and dependencies without a reason.
pub(super) fn check(member: &Member) -> Vec<Finding> {
    let mut findings = dependencies_without_reason(&member.manifest, &member.text);
    if !member.text.replace(' ', "").contains("[lints]\nworkspace=true") {
        let rule = "the workspace's lints are not taken: add `[lints]` with `workspace = true`";
        findings.push(Finding::new(&member.manifest, 1, rule));
    }
    findings
}

fn dependencies_without_reason(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut names_dependencies = false;
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        let mut dependency = None;
        if let Some(table) = line.strip_prefix('[') {
            let name = table.split(']').next().unwrap_or_default();
            names_dependencies = name.ends_with("dependencies");
            // `[dependencies.name]` is a dependency by itself.
            dependency = name.split_once("dependencies.").map(|(_, name)| name);
        } else if names_dependencies && !line.is_empty() && !line.starts_with('#') {
            dependency = line.split(['=', '.', ' ']).next();
        }
        if let Some(name) = dependency.filter(|name| !name.starts_with("wharf-") && !has_reason(line)) {
            findings.push(Finding::new(
                path,
                at + 1,
                format!("`{name}` has no reason: say why in a comment behind it"),
            ));
        }
    }
    findings
}

fn has_reason(line: &str) -> bool {
    line.rsplit_once('#').is_some_and(|(_, reason)| !reason.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::dependencies_without_reason;

    #[test]
    fn a_dependency_without_a_reason_is_named_with_its_line() {
        let text = "[package]\nname = \"x\"\n[dependencies]\nwharf-model.workspace = true\nserde = \"1\"   # because\n\
                    sha2 = \"0.10\"\n[dev-dependencies]\nproptest = \"1\" #\n[dependencies.rustix]\nversion = \"1\"\n";
        let found = dependencies_without_reason("Cargo.toml", text);
        let lines: Vec<usize> = found.iter().map(|finding| finding.line).collect();
        assert_eq!(lines, [6, 8, 9]);
    }
}
