//! A `Permit` is made in one place: `decide`, in `policy`. The compiler holds that for other crates as long as its
//! fields are private and nothing makes one out of text or nothing; that is checked here.

use super::Finding;
use super::scan::{Source, words};

const DECLARED_IN: &str = "crates/policy/src/permit.rs";
const MADE_IN: &str = "crates/policy/src/decide.rs";

/// Ways to a `Permit` other than `decide`.
pub(super) fn check(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    if source.path == DECLARED_IN {
        findings.extend(open_declaration(source));
    } else if source.path != MADE_IN && !source.is_test {
        for offset in words(&source.code, "Permit").filter(|at| is_making(&source.code, *at)) {
            let rule = format!("a `Permit` is made only in {MADE_IN}");
            findings.push(Finding::new(&source.path, source.line_at(offset), rule));
        }
    }
    findings
}

/// `Permit::new(`, or `Permit {` where it is a value and not a type or a declaration.
fn is_making(code: &str, at: usize) -> bool {
    let after = code.get(at + "Permit".len()..).unwrap_or_default();
    if after.starts_with("::new") {
        return true;
    }
    let before = code.get(..at).unwrap_or_default().trim_end();
    let is_type =
        ["->", "for", "impl", "struct", "enum", "&", "mut", "dyn"].iter().any(|end| before.ends_with(end));
    after.trim_start().starts_with('{') && !is_type
}

fn open_declaration(source: &Source) -> Option<Finding> {
    let at = source.code.find("pub struct Permit")?;
    let fields = source
        .code
        .get(at..)
        .and_then(|rest| rest.split_once('{')?.1.split_once('}'))
        .map(|(inside, _)| inside);
    let attributes =
        source.code.get(..at).and_then(|before| before.rsplit_once("#[derive(")).map(|(_, derived)| derived);
    let open = words(fields.unwrap_or_default(), "pub").next().is_some();
    let derived = ["Default", "Deserialize"]
        .iter()
        .any(|name| words(attributes.unwrap_or_default(), name).next().is_some());
    let rule =
        "a `Permit` has private fields, and neither `Default` nor `Deserialize`: `decide` alone makes one";
    (open || derived).then(|| Finding::new(&source.path, source.line_at(at), rule))
}

#[cfg(test)]
mod tests {
    use super::{DECLARED_IN, MADE_IN, Source, check};

    #[test]
    fn a_permit_is_made_only_by_decide() {
        let code =
            "fn f(p: &Permit) -> Permit { Permit { call } }\nimpl Permit {\n}\nlet p = Permit::new(call);\n";
        let lines: Vec<usize> = check(&Source::new("crates/reconcile/src/a.rs", code))
            .iter()
            .map(|finding| finding.line)
            .collect();
        assert_eq!(lines, [1, 4]);
        assert_eq!(check(&Source::new(MADE_IN, code)), []);
    }

    #[test]
    fn a_permit_cannot_be_made_from_nothing() {
        let closed = "#[derive(Debug)]\npub struct Permit {\n call: Call,\n}\n";
        assert_eq!(check(&Source::new(DECLARED_IN, closed)), []);
        assert_eq!(check(&Source::new(DECLARED_IN, &closed.replace("Debug", "Debug, Default"))).len(), 1);
        assert_eq!(check(&Source::new(DECLARED_IN, &closed.replace("call:", "pub call:"))).len(), 1);
    }
}
