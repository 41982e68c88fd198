//! Trees of small documents: what aliases, merge keys and tags come to, and where everything stands.

use serde_json::json;
use wharf_document::{Diagnostic, Errors, Limits, Node, Span, Value, parse};

fn tree(text: &str) -> Result<Node, Vec<Diagnostic>> {
    let mut errors = Errors::new();
    let root = parse(text, &Limits::FILE, &mut errors);
    errors.finish(root)
}

fn json_of(text: &str) -> serde_json::Value {
    tree(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}")).to_json()
}

/// Each error as `line:column path: message`.
fn errors_of(text: &str) -> Vec<String> {
    let errors = tree(text).expect_err(text);
    let shown = |error: &Diagnostic| {
        format!("{}:{} {}: {}", error.span.line, error.span.column, error.path, error.message)
    };
    errors.iter().map(shown).collect()
}

#[test]
fn aliases_stand_for_their_values() {
    assert_eq!(
        json_of("a: &x [1, {b: c}]\nd: *x\n"),
        json!({ "a": [1, { "b": "c" }], "d": [1, { "b": "c" }] })
    );
    assert_eq!(json_of("- &x one\n- *x\n- &x two\n- *x\n"), json!(["one", "one", "two", "two"]));
    assert_eq!(json_of("&k key: 1\nother: *k\n"), json!({ "key": 1, "other": "key" }));
    assert_eq!(json_of("- &k key\n- {*k : 1}\n"), json!(["key", { "key": 1 }]));
}

#[test]
fn what_is_written_out_wins_over_what_is_merged_and_earlier_merges_over_later_ones() {
    let text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  z: 3\n  <<: [*a, *b]\n  w: 3\n";
    assert_eq!(json_of(text)["c"], json!({ "z": 3, "x": 1, "y": 1, "w": 3 }));
    assert_eq!(json_of("a: &a {x: 1}\nb: {<<: *a, x: 2}\n")["b"], json!({ "x": 2 }));
    assert_eq!(json_of("a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: *b}\n")["c"], json!({ "x": 1, "y": 2 }));
    assert_eq!(json_of("\"<<\": text"), json!({ "<<": "text" }));
}

#[test]
fn merged_entries_keep_the_order_of_the_text() {
    let root = tree("a: &a {x: 1, y: 1}\nb:\n  first: 0\n  <<: *a\n  last: 0\n").unwrap();
    let Value::Map(entries) = &root.value else { panic!("a mapping") };
    let Value::Map(merged) = &entries[1].value.value else { panic!("a mapping") };
    let keys: Vec<&str> = merged.iter().map(|entry| entry.key.text.as_str()).collect();
    assert_eq!(keys, ["first", "x", "y", "last"]);
}

#[test]
fn all_structural_errors_are_told_at_once() {
    assert_eq!(
        errors_of("a: 1\na: 2\nb:\n  c: !local x\n  <<: 1\n  c: 3\n"),
        [
            "2:1 a: the key `a` is given twice",
            "4:6 b.c: the tag `!local` means nothing here",
            "5:3 b: `<<` takes a mapping, or a list of mappings",
            "6:3 b.c: the key `c` is given twice",
        ]
    );
    assert_eq!(
        errors_of("a: {<<: &x {}, <<: *x}"),
        ["1:16 a.<<: the key `<<` is given twice".replace("<<:", "\"<<\":")]
    );
}

#[test]
fn tags_of_the_core_schema_are_honoured() {
    let text = "[!!str 1, !!int '1', !!float 1, !!bool 'yes', !!null '', !!seq [], !!map {}, !<tag:yaml.org,2002:str> 2]";
    assert_eq!(json_of(text), json!(["1", 1, 1, true, null, [], {}, "2"]));
    for wrong in
        ["!!int x", "!!float x", "!!bool 2", "!!null x", "!!seq x", "!!map []", "!!str []", "!!seq {}"]
    {
        assert!(errors_of(wrong)[0].contains("this is not what its tag"), "{wrong}");
    }
    for wrong in ["!!binary x", "!!set {a, b}", "!!omap []", "! x", "!foo [a]", "!<x> {}"] {
        assert!(errors_of(wrong)[0].contains("means nothing here"), "{wrong}");
    }
}

#[test]
fn keys_are_texts_whatever_they_look_like() {
    assert_eq!(
        json_of("80: a\nyes: b\n~: c\n1.5: d\n"),
        json!({ "80": "a", "yes": "b", "~": "c", "1.5": "d" })
    );
    assert_eq!(errors_of("{[a]: b}"), ["1:2 : a key is a text, not a list or a mapping"]);
    assert_eq!(errors_of("? {a: b}\n: c\n"), ["1:3 : a key is a text, not a list or a mapping"]);
    assert_eq!(errors_of("x: &x [1]\n*x : c\n"), ["2:1 : a key is a text, not a list or a mapping"]);
}

#[test]
fn one_file_is_one_document() {
    assert_eq!(errors_of(""), ["1:1 : the document is empty"]);
    assert_eq!(errors_of("# nothing\n---\n"), ["1:1 : the document is empty"]);
    assert_eq!(errors_of("---\n~\n"), ["1:1 : the document is empty"]);
    assert_eq!(errors_of("a: b\n---\nc: d\n"), ["2:1 : a second document begins here"]);
    assert_eq!(json_of("%YAML 1.1\n---\na: b\n...\n"), json!({ "a": "b" }));
    assert_eq!(json_of("\u{feff}a: b"), json!({ "a": "b" }));
}

#[test]
fn every_value_knows_its_bytes_line_and_column() {
    let text =
        "caf\u{e9}: {x: \u{65e5}\u{672c} , y: 'z'}\r\nlist:\r\n  - a b   # note\r\n  - |\r\n    text\r\n";
    let root = tree(text).unwrap();
    let Value::Map(entries) = &root.value else { panic!("a mapping") };
    let Value::Map(inner) = &entries[0].value.value else { panic!("a mapping") };
    let Value::List(items) = &entries[1].value.value else { panic!("a list") };
    let at = |span: Span| (&text[span.start..span.end], span.line, span.column);
    assert_eq!(at(entries[0].key.span), ("caf\u{e9}", 1, 1));
    assert_eq!(at(inner[0].value.span), ("\u{65e5}\u{672c}", 1, 11));
    assert_eq!(at(inner[1].value.span), ("'z'", 1, 19));
    assert_eq!(at(entries[1].key.span), ("list", 2, 1));
    assert_eq!(at(items[0].span), ("a b", 3, 5));
    assert_eq!(at(items[1].span), ("text", 5, 5));
}

#[test]
fn an_aliased_value_stands_where_the_alias_is() {
    let text = "a: &x {k: v}\nb: *x\n";
    let root = tree(text).unwrap();
    let Value::Map(entries) = &root.value else { panic!("a mapping") };
    let span = entries[1].value.span;
    assert_eq!((&text[span.start..span.end], span.line, span.column), ("*x", 2, 4));
}

#[test]
fn the_bounds_are_exact() {
    let limits = Limits { bytes: 100, depth: 3, nodes: 6, scalar_bytes: 10 };
    let fits = |text: &str| parse(text, &limits, &mut Errors::new()).is_some();
    assert!(fits("[[[]]]"));
    assert!(!fits("[[[[]]]]"));
    assert!(fits("[1, 2, 3, 4, 5]"));
    assert!(!fits("[1, 2, 3, 4, 5, 6]"));
    assert!(fits("[12345, 67890]"));
    assert!(!fits("[12345, 678901]"));
    // The list, the value, the value kept for its aliases, and each alias.
    assert!(fits("[&a x, *a, *a, *a]"));
    assert!(!fits("[&a x, *a, *a, *a, *a]"));
    assert!(!fits("[[&a [x]], [[*a]]]"));
}
