//! What must hold for every sample of a kind of file, shared by the tests of the crates that read them: parser and schema
//! agree on the valid ones, and each invalid one gets exactly the diagnostics in the `.expect` file beside it.
//! `WHARF_REGENERATE=1` writes those files anew.

use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use wharf_document::{Diagnostic, Errors, Limits};

/// The samples of one kind of file.
pub(crate) struct Samples {
    /// Below the workspace, with `valid/` and `invalid/` in it.
    pub(crate) folder: &'static str,
    /// The reader.
    pub(crate) check: fn(&[u8]) -> Result<(), Vec<Diagnostic>>,
    /// What editors are told.
    pub(crate) schema: fn() -> Value,
    /// Invalid samples that the schema lets pass, with the reason.
    pub(crate) beyond_the_schema: &'static [(&'static str, &'static str)],
}

impl Samples {
    /// Names and paths of all in `valid` or `invalid`.
    pub(crate) fn list(&self, kind: &str) -> Vec<(String, PathBuf)> {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let folder = workspace.join(self.folder).join(kind);
        let mut files: Vec<(String, PathBuf)> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "yml"))
            .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), path))
            .collect();
        files.sort();
        assert!(files.len() > 2, "{} has few samples", folder.display());
        files
    }

    /// The valid ones pass parser and schema.
    pub(crate) fn valid_ones_pass(&self) {
        for (name, path) in self.list("valid") {
            let text = fs::read_to_string(path).unwrap();
            if let Err(errors) = (self.check)(text.as_bytes()) {
                panic!("{name}:\n{}", shown(&text, &errors));
            }
            self.schema_allows(&name, &text);
        }
    }

    /// The schema has nothing against this text.
    pub(crate) fn schema_allows(&self, name: &str, text: &str) {
        let schema = jsonschema::validator_for(&(self.schema)()).unwrap();
        if let Err(error) = schema.validate(&as_json(text).unwrap()) {
            panic!("{name}: the schema says at {}: {error}", error.instance_path());
        }
    }

    /// The invalid ones get exactly the expected diagnostics.
    pub(crate) fn invalid_ones_are_refused_as_expected(&self) {
        let regenerate = std::env::var_os("WHARF_REGENERATE").is_some();
        let mut wrong = Vec::new();
        for (name, path) in self.list("invalid") {
            let text = fs::read_to_string(&path).unwrap();
            let Err(errors) = (self.check)(text.as_bytes()) else {
                wrong.push(format!("{name} is accepted"));
                continue;
            };
            let found = shown(&text, &errors);
            let expect = path.with_extension("expect");
            if regenerate {
                fs::write(&expect, &found).unwrap();
            }
            let expected = fs::read_to_string(&expect).unwrap_or_default();
            if found != expected {
                wrong.push(format!("{name}: expected\n{expected}found\n{found}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    /// The schema refuses the invalid ones, but for those that no schema can.
    pub(crate) fn schema_refuses_what_a_schema_can(&self) {
        jsonschema::meta::validate(&(self.schema)()).unwrap();
        let schema = jsonschema::validator_for(&(self.schema)()).unwrap();
        let passes = |path: &Path| {
            let text = fs::read_to_string(path).unwrap();
            as_json(&text).is_none_or(|json| schema.is_valid(&json))
        };
        let invalid = self.list("invalid").into_iter();
        let passing: BTreeSet<String> =
            invalid.filter(|(_, path)| passes(path)).map(|(name, _)| name).collect();
        let expected: BTreeSet<String> =
            self.beyond_the_schema.iter().map(|(name, _)| (*name).to_owned()).collect();
        let missed: Vec<_> = passing.difference(&expected).collect();
        let caught: Vec<_> = expected.difference(&passing).collect();
        assert!(
            missed.is_empty() && caught.is_empty(),
            "passes the schema: {missed:?}; no longer passes: {caught:?}"
        );
    }
}

/// The diagnostics as the `.expect` files have them: place, path, offending text; message; help.
fn shown(text: &str, errors: &[Diagnostic]) -> String {
    let mut shown = String::new();
    for error in errors {
        let span = error.span;
        let marked = text.get(span.start..span.end).expect("a span lies within the text");
        let marked: String = marked.escape_debug().take(60).collect();
        let marked = if marked.is_empty() { "(nothing)" } else { &marked };
        let path = if error.path.is_empty() { "(the file)" } else { &error.path };
        writeln!(shown, "{}:{} {path}\n  text: {marked}\n  {}", span.line, span.column, error.message)
            .unwrap();
        if let Some(help) = &error.help {
            writeln!(shown, "  help: {help}").unwrap();
        }
    }
    shown
}

/// The document as a schema validator sees it, when it is one document at all.
fn as_json(text: &str) -> Option<Value> {
    let mut errors = Errors::new();
    let tree = wharf_document::parse(text, &Limits::FILE, &mut errors)?;
    errors.finish(Some(tree.to_json())).ok()
}
