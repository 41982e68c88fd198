//! `unsafe` stands in one file.

use super::Finding;
use super::scan::Source;

/// System calls that no crate wraps.
const ALLOWED: &str = "crates/pin/src/sys.rs";

/// `unsafe` anywhere but in the pins' system calls. Fuzz targets are not shipped and their runtime needs it; the programs that tests put
/// into containers have no crate to call the system for them.
pub(super) fn check(source: &Source) -> Vec<Finding> {
    let may = source.path == ALLOWED || source.member() == "fuzz";
    if may || source.path.starts_with("conformance/programs/") {
        return Vec::new();
    }
    let rule = format!("`unsafe` is allowed only in {ALLOWED}");
    source
        .lines_with("unsafe")
        .into_iter()
        .map(|line| Finding::new(&source.path, line, rule.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Source, check};

    #[test]
    fn unsafe_stands_in_one_file() {
        let code = "#![deny(unsafe_code)]\nfn f() { unsafe { g() } }\n";
        assert_eq!(check(&Source::new("crates/docker/src/a.rs", code)).len(), 1);
        assert_eq!(check(&Source::new("crates/pin/src/pins.rs", code)).len(), 1);
        assert_eq!(check(&Source::new("crates/pin/src/sys.rs", code)), []);
    }
}
