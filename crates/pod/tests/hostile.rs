//! Pod files meant to harm the reader: each is an error, in bounded memory and without a deep stack. Every one of them
//! runs on a thread with a stack of 256 KiB, so recursion by the depth of the file would end the test.

use std::ops::Range;
use wharf_document::{Diagnostic, MAX_DIAGNOSTICS};
use wharf_pod::{MAX_BYTES, Pod, parse, parse_bytes};

const TINY_STACK: usize = 256 << 10;

/// Reads on a small stack.
fn read(bytes: impl Into<Vec<u8>>) -> Result<Pod, Vec<Diagnostic>> {
    let bytes = bytes.into();
    std::thread::Builder::new()
        .stack_size(TINY_STACK)
        .spawn(move || parse_bytes(&bytes))
        .unwrap()
        .join()
        .unwrap()
}

/// The errors of a file; there must be some, and not too many, each within the text and short.
fn refused(bytes: impl Into<Vec<u8>>) -> Vec<Diagnostic> {
    let bytes = bytes.into();
    let length = bytes.len();
    let errors = read(bytes).expect_err("a hostile file is refused");
    assert!((1..=MAX_DIAGNOSTICS + 1).contains(&errors.len()), "{} errors", errors.len());
    for error in &errors {
        assert!(error.span.start <= error.span.end && error.span.end <= length, "{error:?}");
        assert!(error.message.len() < 10_000, "{} bytes of message", error.message.len());
        assert!(error.help.as_ref().is_none_or(|help| help.len() < 10_000), "{error:?}");
        assert!(error.path.len() < 10_000, "{} bytes of path", error.path.len());
        let shown = format!("{}{}{}", error.message, error.help.as_deref().unwrap_or_default(), error.path);
        assert!(!shown.chars().any(char::is_control), "{error:?}");
    }
    errors
}

fn message(bytes: impl Into<Vec<u8>>) -> String {
    refused(bytes).swap_remove(0).message
}

/// A line for each number.
fn each(numbers: Range<usize>, line: impl Fn(usize) -> String) -> String {
    numbers.map(line).collect::<Vec<_>>().concat()
}

/// A pod with one container that has these lines.
fn web(lines: &str) -> String {
    format!("containers:\n  web:\n    image: nginx\n{lines}")
}

#[test]
fn ten_megabytes_are_refused_unread() {
    let expected = "the file has 10485760 bytes, and at most 1048576 are read";
    assert_eq!(message(vec![b' '; 10 << 20]), expected);
    assert_eq!(message(vec![0xff; 10 << 20]), expected);
    assert_eq!(parse(&" ".repeat(10 << 20)).unwrap_err()[0].message, expected);
}

#[test]
fn ten_thousand_levels_are_refused_in_every_notation() {
    let deep = "nested deeper than 64 levels";
    assert_eq!(message("[".repeat(10_000)), deep);
    assert_eq!(message("{a: ".repeat(10_000)), deep);
    assert_eq!(message("- ".repeat(10_000)), deep);
    assert_eq!(message("- ".repeat(MAX_BYTES / 2)), deep);
    assert_eq!(message(format!("{}x{}", "[".repeat(10_000), "]".repeat(10_000))), deep);
    assert_eq!(message(web(&format!("    command: {}{}", "[".repeat(200), "]".repeat(200)))), deep);
    let indented = each(0..1400, |level| format!("{}a:\n", " ".repeat(level)));
    assert_eq!(message(indented), deep);
    refused("? ".repeat(10_000));
    refused("- ? ".repeat(10_000));
    refused(": ".repeat(10_000));
}

#[test]
fn aliases_cannot_make_a_small_file_large() {
    let doubled = each(1..60, |level| format!("a{level}: &a{level} [*a{0}, *a{0}]\n", level - 1));
    let laughs = format!("a0: &a0 [lol]\n{doubled}");
    assert_eq!(message(laughs.clone()), "more than 65536 values in this document, aliases counted each time");
    assert_eq!(refused(laughs)[0].path, "a13[1]");

    let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(500_000), "*a, ".repeat(1000));
    assert_eq!(
        message(long),
        "more than 4194304 bytes of values in this document, aliases counted each time"
    );

    let deep = each(1..100, |level| format!("a{level}: &a{level} [*a{}]\n", level - 1));
    assert_eq!(message(format!("a0: &a0 [x]\n{deep}")), "nested deeper than 64 levels");

    let merges = each(1..60, |n| format!("a{n}: &a{n} {{<<: [*a{0}, *a{0}], k{n}: v}}\n", n - 1));
    refused(format!("a0: &a0 {{k: v}}\n{merges}"));

    let nested_anchors = format!("{}{}", "&a [".repeat(60), "]".repeat(60));
    refused(format!("a: {nested_anchors}\nb: {}", "x".repeat(900_000)));
}

#[test]
fn an_alias_cannot_contain_itself() {
    let itself = "this alias refers to the value that it is part of";
    assert_eq!(message("containers: &a {web: *a}"), itself);
    assert_eq!(message("containers: &a\n  web:\n    <<: *a\n"), itself);
    assert_eq!(message("&a [*a]"), itself);
}

#[test]
fn a_hundred_thousand_keys_are_refused() {
    let many = |prefix: &str, suffix: &str, count: usize| -> String {
        each(0..count, |n| format!("{prefix}k{n:x}{suffix}\n"))
    };
    assert_eq!(
        message(many("", ":", 100_000)),
        "more than 65536 values in this document, aliases counted each time"
    );
    let unknown = refused(many("", ": v", 30_000));
    assert_eq!(unknown.len(), MAX_DIAGNOSTICS + 1);
    // One error more than keys: `containers` is missing.
    assert_eq!(unknown[MAX_DIAGNOSTICS].message, "29901 more errors are not shown");
    let twice = format!("{}{}", "a: b\n", "a: b\n".repeat(30_000));
    assert_eq!(refused(twice).len(), MAX_DIAGNOSTICS + 1);
    assert_eq!(
        refused(web(&format!("    environment:\n{}", many("      ", ": 1", 30_000)))).len(),
        MAX_DIAGNOSTICS + 1
    );
}

#[test]
fn thousands_of_containers_in_circles_are_refused_with_a_few_errors() {
    let ring = each(0..5000, |n| format!("  c{n}: {{image: a, depends_on: [c{}]}}\n", (n + 1) % 5000));
    let errors = refused(format!("containers:\n{ring}"));
    assert_eq!(errors.len(), 1);
    assert_eq!(
        errors[0].message,
        "containers wait for one another in a circle: `c0 -> c1 -> c2 -> c3 -> c4 -> c5 -> c6 -> c7 -> \u{2026} -> c0`"
    );
    let gated = each(0..5000, |n| {
        format!("  c{n}: {{image: a, depends_on: [c4999], startup_health_check: {{command: ok}}}}\n")
    });
    assert_eq!(refused(format!("containers:\n{gated}")).len(), 10);
}

#[test]
fn a_long_chain_of_containers_is_no_deep_stack() {
    let chain = each(1..5000, |n| format!("  c{n}: {{image: a, depends_on: [c{}]}}\n", n - 1));
    let text = format!("containers:\n  c0: {{image: a}}\n{chain}");
    assert_eq!(read(text).map(|pod| pod.containers.len()), Ok(5000));
}

#[test]
fn long_lines_and_long_words_are_cut_in_messages() {
    let long = "x".repeat(900_000);
    refused(long.clone());
    refused(format!("{long}: y"));
    refused(format!("containers: {{\"{long}\": {{image: nginx}}}}"));
    refused(format!("containers: {{web: {{image: \"{long}\"}}}}"));
    refused(format!("? {long}\n: y\n"));
    refused(web(&format!("    restart: {long}\n")));
    refused(web(&format!("    depends_on: [{long}]\n")));
    refused(web(&format!("    cap_drop: [{long}]\n")));
    refused(web(&format!("    environment: {{A: {}}}\n", "1".repeat(900_000))));
    refused(web(&format!(
        "    mounts: [{{source: data, target: /a}}, {{source: data/{}, target: /b}}]\n",
        "y/".repeat(2000)
    )));
    refused(web(&format!("publish: [\"{long}\"]\n")));
    refused(web(&format!("dns: [\"{long}\"]\n")));
    refused(web(&format!("    command: \"{}\"\n", "'".repeat(90_001))));
}

#[test]
fn terminal_escapes_never_reach_a_message() {
    refused("containers: {\"\\x1b[31m\": {image: nginx}}");
    refused(web("    \"\\e]0;title\\a\": 1\n"));
    refused(web("    restart: \"\\x1b[2J\"\n"));
    refused(web("    image: \"\\x1b[2J\"\n"));
    refused(web("    image: x\n    mounts: [{source: \"/\\x1b[2J\", target: \"\\r\"}]\n"));
    refused(web("publish: [\"\\x1b[2J:1:1\"]\n"));
    refused(web("    image: !<\\x1b> x\n"));
    refused(web("    environment: {\"A\\x1b\": \"x\", B: 1}\n    environment_files: {\"A\\x1b\": y}\n"));
    refused("containers: {a: {image: \"x:\\x1b[1m\"}, b: {image: \"\\x9bx/y\"}}");
}

#[test]
fn what_is_not_text_is_refused() {
    assert_eq!(message(b"containers: \xff".to_vec()), "the file is not UTF-8 text");
    assert_eq!(message(b"\xff\xfec\0o\0".to_vec()), "the file is not UTF-8 text");
    assert_eq!(message(b"containers: \xc0\x80".to_vec()), "the file is not UTF-8 text");
    assert_eq!(message(b"containers:\0".to_vec()), "the character U+0000 is not allowed in a text file");
    assert_eq!(message("containers:\u{85}"), "the character U+0085 is not allowed in a text file");
    assert_eq!(
        message(b"\x7fELF\x02\x01\x01".to_vec()),
        "the character U+007F is not allowed in a text file"
    );
    assert_eq!(message(Vec::new()), "the document is empty");
    refused(web("    environment: {A: \"\\0\"}\n"));
    refused(web("    command: [\"a\\0b\"]\n"));
    refused(web("    environment: {\"A\\0\": b}\n"));
    refused(web("    labels: {\"a\\0\": b}\n"));
    refused(web("    working_dir: \"/a\\0\"\n"));
    refused(web("    mounts: [{source: \"a\\0\", target: /a}]\n"));
}

#[test]
fn numbers_without_end_are_refused() {
    let nines = "9".repeat(400);
    for key in ["stop_timeout", "user", "restart", "stop_signal"] {
        refused(web(&format!("    {key}: {nines}\n")));
    }
    for key in ["cpus", "cpu-shares", "memory", "pids", "oom-score-adj", "ulimit-core", "shm-size"] {
        refused(web(&format!("    limits: {{{key}: {nines}}}\n")));
        refused(web(&format!("    limits: {{{key}: -{nines}}}\n")));
        refused(web(&format!("    limits: {{{key}: .inf}}\n")));
        refused(web(&format!("    limits: {{{key}: .nan}}\n")));
    }
    refused(web(&format!("    startup_health_check: {{command: ok, interval: {nines}}}\n")));
    refused(web(&format!("    healthcheck: {{test: ok, interval: {nines}h}}\n")));
    refused(web("publish: [\":1-65535\"]\n"));
    refused(web(&format!("publish: [{}]\n", "\":1-1024\", ".repeat(5000))));
    refused(web(&format!("expose: [{nines}]\n")));
}

#[test]
fn what_yaml_parsers_stumble_over_is_an_error_at_worst() {
    for piece in [
        "&a ",
        "*a ",
        "!!str ",
        "!<",
        "%TAG ! x\n",
        "--- ",
        "... ",
        "| ",
        "> ",
        "- - ",
        "? - ",
        "{[",
        ", ",
        "\"\\",
        "'",
    ] {
        for count in [1, 7, 1000, 100_000] {
            let _: Result<Pod, _> = read(piece.repeat(count));
            let _: Result<Pod, _> = read(web(&format!("    command: {}", piece.repeat(count))));
        }
    }
}
