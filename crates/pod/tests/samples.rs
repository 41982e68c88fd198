//! Every pod file in `samples/`: what `samples/checks.rs` says, and printing them gives the same pods.

#[path = "../../../samples/checks.rs"]
mod checks;

use checks::Samples;
use std::fs;
use wharf_pod::{parse, parse_bytes, print, schema};

const PODS: Samples = Samples {
    folder: "samples",
    check: |bytes| parse_bytes(bytes).map(drop),
    schema,
    beyond_the_schema: BEYOND_THE_SCHEMA,
};

/// Invalid samples that the schema lets pass, with the reason.
const BEYOND_THE_SCHEMA: &[(&str, &str)] = &[
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
    ("secret-core-dumps", "refers to another place"),
    ("secret-file-twice", "refers to another place"),
    ("secret-mode-unquoted", "a number with a zero before it is a text in JSON"),
    ("secret-on-change", "the names of signals are not listed"),
    ("secret-under-a-mount", "refers to another place"),
    ("secret-under-memory", "refers to another place"),
    ("secret-variable-twice", "refers to another place"),
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

#[test]
fn valid_samples_pass_the_parser_and_the_schema() {
    PODS.valid_ones_pass();
}

#[test]
fn valid_samples_that_are_printed_read_back_the_same() {
    for (name, path) in PODS.list("valid") {
        let pod = parse(&fs::read_to_string(path).unwrap()).unwrap();
        let printed = print(&pod);
        assert_eq!(parse(&printed).as_ref(), Ok(&pod), "{name} printed as:\n{printed}");
        PODS.schema_allows(&name, &printed);
    }
}

#[test]
fn invalid_samples_get_exactly_the_expected_diagnostics() {
    PODS.invalid_ones_are_refused_as_expected();
}

#[test]
fn the_schema_refuses_what_a_schema_can_refuse() {
    PODS.schema_refuses_what_a_schema_can();
}

#[test]
fn an_error_without_content_quotes_nothing() {
    for (name, path) in PODS.list("invalid") {
        let text = fs::read_to_string(&path).unwrap();
        for error in parse(&text).unwrap_err() {
            let bare = error.without_content();
            let place = format!("line {}, column {}", error.span.line, error.span.column);
            assert_eq!(bare, format!("{place}: something is not allowed here"), "{name}");
        }
    }
}
