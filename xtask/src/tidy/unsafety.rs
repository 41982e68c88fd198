//! `unsafe` stands in one crate.

use super::Finding;
use super::scan::Source;

/// `unsafe` anywhere but in `host`. Fuzz targets are not shipped and their runtime needs it; the programs that tests put
/// into containers have no crate to call the system for them.
pub(super) fn check(source: &Source) -> Vec<Finding> {
    if matches!(source.member(), "host" | "fuzz") || source.path.starts_with("conformance/programs/") {
        return Vec::new();
    }
    let rule = "`unsafe` is allowed only in crates/host";
    source.lines_with("unsafe").into_iter().map(|line| Finding::new(&source.path, line, rule)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Source, check};

    #[test]
    fn unsafe_stands_only_in_host() {
        let code = "#![deny(unsafe_code)]\nfn f() { unsafe { g() } }\n";
        assert_eq!(check(&Source::new("crates/docker/src/a.rs", code)).len(), 1);
        assert_eq!(check(&Source::new("crates/host/src/a.rs", code)), []);
    }
}
