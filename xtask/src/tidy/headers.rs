//! Every Rust file says in its first line what it is for.

use super::Finding;
use super::scan::Source;

/// A file that does not begin with `//!`.
pub(super) fn check(source: &Source) -> Option<Finding> {
    let first = source.text.lines().next().unwrap_or_default();
    let says = first.strip_prefix("//!").is_some_and(|text| !text.trim().is_empty());
    (!says)
        .then(|| Finding::new(&source.path, 1, "the first line must be `//!` and say what the file is for"))
}

#[cfg(test)]
mod tests {
    use super::{Source, check};

    #[test]
    fn a_file_says_what_it_is_for() {
        assert_eq!(check(&Source::new("a.rs", "//! For tests.\nuse x;\n")), None);
        assert!(check(&Source::new("a.rs", "// For tests.\n")).is_some());
        assert!(check(&Source::new("a.rs", "//!\nuse x;\n")).is_some());
    }
}
