//! Packages that deny.toml bans are not in Cargo.lock. `cargo deny` checks more, where it is installed.

use super::Finding;

/// Banned packages that are there, with the reason of the ban.
pub(super) fn check(deny: &str, lock: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, reason) in banned(deny) {
        let line = lock.lines().position(|line| line == format!("name = \"{name}\""));
        if let Some(at) = line {
            findings.push(Finding::new("Cargo.lock", at + 1, format!("`{name}` is banned: {reason}")));
        }
    }
    findings
}

/// The entries `{ crate = "name", reason = "why" }`, one to a line.
fn banned(deny: &str) -> Vec<(&str, &str)> {
    let entries = deny.lines().filter(|line| !line.trim_start().starts_with('#'));
    entries
        .filter_map(|line| Some((value(line, "crate")?, value(line, "reason").unwrap_or("see deny.toml"))))
        .collect()
}

fn value<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let (_, rest) = line.split_once(&format!("{key} = \""))?;
    rest.split_once('"').map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn a_banned_package_is_named_with_the_reason() {
        let deny = "[bans]\ndeny = [\n  { crate = \"bollard\", reason = \"one door\" },\n]\n";
        let lock = "[[package]]\nname = \"serde\"\n\n[[package]]\nname = \"bollard\"\n";
        let found: Vec<String> = check(deny, lock).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["Cargo.lock:5: `bollard` is banned: one door"]);
        assert_eq!(check(deny, "name = \"serde\""), []);
    }
}
