//! Every pod file in `samples/`: parser, printer and schema agree on the valid ones, and each invalid one gets exactly
//! the diagnostics in the `.expect` file beside it. `WHARF_REGENERATE=1` writes those files anew.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use wharf_document::{Diagnostic, Errors, Limits};
use wharf_pod::{parse, parse_bytes, print, schema};

/// Invalid samples that the schema lets pass, with the reason.
const BEYOND_THE_SCHEMA: [(&str, &str); 38] = [
    ("alias-to-itself", "the text is no YAML tree"),
    ("colon-in-plain-text", "the text is no YAML tree"),
    ("command-quote", "a pattern cannot balance quotes"),
    ("control-character", "the text is no YAML tree"),
    ("deep", "the text is no YAML tree"),
    ("depends-against-a-gate", "refers to another place"),
    ("depends-in-a-circle", "refers to another place"),
    ("depends-on-health-switched-off", "refers to another place"),
    ("depends-on-itself", "refers to another place"),
    ("depends-on-nobody", "refers to another place"),
    ("depends-twice", "uniqueItems compares values, and one name may be a number and a text"),
    ("duplicate-container", "the text is no YAML tree"),
    ("duplicate-key", "the text is no YAML tree"),
    ("empty", "the text is no YAML tree"),
    ("environment-clock", "JSON has no such number, so to a schema it is a text"),
    ("environment-nul", "patterns with NUL are not portable"),
    ("environment-twice", "refers to another place"),
    ("healthcheck-too-fast", "a pattern cannot compare"),
    ("key-that-is-a-list", "the text is no YAML tree"),
    ("laughs", "the text is no YAML tree"),
    ("local-tag", "the text is no YAML tree"),
    ("merge-of-a-text", "the text is no YAML tree"),
    ("mount-nested", "refers to another place"),
    ("mount-nested-in-common", "refers to another place"),
    ("mount-target-twice", "refers to another place"),
    ("publish-backwards", "a pattern cannot compare"),
    ("publish-lengths", "a pattern cannot compare"),
    ("publish-too-many", "a pattern cannot count"),
    ("publish-twice", "refers to another place"),
    ("stop-signal", "the names are not listed"),
    ("tab-indentation", "the text is no YAML tree"),
    ("tag-that-does-not-fit", "the text is no YAML tree"),
    ("tmpfs-over-mount", "refers to another place"),
    ("two-documents", "the text is no YAML tree"),
    ("ulimit-backwards", "a pattern cannot compare"),
    ("unclosed-brace", "the text is no YAML tree"),
    ("unclosed-quote", "the text is no YAML tree"),
    ("unknown-alias", "the text is no YAML tree"),
];

fn samples(folder: &str) -> Vec<(String, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples").join(folder);
    let mut files: Vec<(String, PathBuf)> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yml"))
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), path))
        .collect();
    files.sort();
    assert!(files.len() > 10, "{} has few samples", folder.display());
    files
}

/// The diagnostics as the `.expect` files have them: place, path, offending text; message; help.
fn shown(text: &str, errors: &[Diagnostic]) -> String {
    let mut shown = String::new();
    for error in errors {
        let span = error.span;
        let marked = text.get(span.start..span.end).expect("a span lies within the text");
        let mut marked: String = marked.escape_debug().take(60).collect();
        if marked.is_empty() {
            marked.push_str("(nothing)");
        }
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
fn as_json(text: &str) -> Option<serde_json::Value> {
    let mut errors = Errors::new();
    let tree = wharf_document::parse(text, &Limits::FILE, &mut errors)?;
    errors.finish(Some(tree.to_json())).ok()
}

#[test]
fn valid_samples_pass_the_parser_and_the_schema() {
    let schema = jsonschema::validator_for(&schema()).unwrap();
    for (name, path) in samples("valid") {
        let text = fs::read_to_string(path).unwrap();
        let pod = parse(&text).unwrap_or_else(|errors| panic!("{name}:\n{}", shown(&text, &errors)));
        if let Err(error) = schema.validate(&as_json(&text).unwrap()) {
            panic!("{name}: the schema says at {}: {error}", error.instance_path());
        }
        let printed = print(&pod);
        assert_eq!(parse(&printed).as_ref(), Ok(&pod), "{name} printed as:\n{printed}");
        if let Err(error) = schema.validate(&as_json(&printed).unwrap()) {
            panic!("{name} printed: the schema says at {}: {error}\n{printed}", error.instance_path());
        }
    }
}

#[test]
fn invalid_samples_get_exactly_the_expected_diagnostics() {
    let regenerate = std::env::var_os("WHARF_REGENERATE").is_some();
    let mut wrong = Vec::new();
    for (name, path) in samples("invalid") {
        let text = fs::read_to_string(&path).unwrap();
        let Err(errors) = parse_bytes(text.as_bytes()) else {
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

#[test]
fn the_schema_refuses_what_a_schema_can_refuse() {
    let schema = jsonschema::validator_for(&schema()).unwrap();
    let passing: BTreeSet<String> = samples("invalid")
        .into_iter()
        .filter(|(_, path)| {
            let text = fs::read_to_string(path).unwrap();
            as_json(&text).is_none_or(|json| schema.is_valid(&json))
        })
        .map(|(name, _)| name)
        .collect();
    let expected: BTreeSet<String> = BEYOND_THE_SCHEMA.iter().map(|(name, _)| (*name).to_owned()).collect();
    let missed: Vec<_> = passing.difference(&expected).collect();
    let caught: Vec<_> = expected.difference(&passing).collect();
    assert!(
        missed.is_empty() && caught.is_empty(),
        "passes the schema: {missed:?}; no longer passes: {caught:?}"
    );
}

#[test]
fn an_error_without_content_quotes_nothing() {
    for (name, path) in samples("invalid") {
        let text = fs::read_to_string(&path).unwrap();
        for error in parse(&text).unwrap_err() {
            let bare = error.without_content();
            let place = format!("line {}, column {}", error.span.line, error.span.column);
            assert_eq!(bare, format!("{place}: something is not allowed here"), "{name}");
        }
    }
}

#[test]
fn the_schema_is_itself_valid() {
    jsonschema::meta::validate(&schema()).unwrap();
}
