//! The rules of this project that neither the compiler nor clippy knows. Every broken one is named with its place.

mod bans;
mod headers;
mod manifest;
mod permit;
mod printing;
mod promises;
mod purity;
mod rings;
mod scan;
mod tree;
mod unsafety;

use std::fmt;

use crate::chore::{Failure, failed};
use tree::Tree;

/// A broken rule, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    path: String,
    line: usize,
    rule: String,
}

impl Finding {
    fn new(path: &str, line: usize, rule: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, rule: rule.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}", self.path, self.line, self.rule)
    }
}

/// Checks everything; fails naming all that is broken.
pub(crate) fn tidy() -> Result<(), Failure> {
    let tree = Tree::read()?;
    let mut findings = rings::check(&tree.members);
    for member in &tree.members {
        findings.extend(manifest::check(member));
        findings.extend(purity::check_member(member));
    }
    for source in &tree.sources {
        findings.extend(headers::check(source));
        findings.extend(purity::check_source(source));
        findings.extend(printing::check(source));
        findings.extend(unsafety::check(source));
        findings.extend(permit::check(source));
    }
    findings.extend(bans::check(&tree.deny, &tree.lock));
    findings.extend(promises::check(&tree.specification, &tree.sources));
    findings.sort();
    findings.dedup();
    if findings.is_empty() {
        return Ok(());
    }
    for finding in &findings {
        println!("{finding}");
    }
    failed(format!("{} of the project's rules are broken, see above", findings.len()))
}
