//! No bytes make the scanner panic; what it tells lies in the text, and nothing of a value is in what may be shown.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;
use wharf_scan::{Baseline, Scanner};

const PATHS: [&str; 6] = [".env", "pods/blog.yml", "main.rs", "README.md", "Cargo.lock", "x.json"];

fuzz_target!(|bytes: &[u8]| {
    static SCANNER: OnceLock<Scanner> = OnceLock::new();
    let scanner = SCANNER.get_or_init(Scanner::new);
    let (path, text) = bytes.split_first().map_or((0, bytes), |(first, rest)| (usize::from(*first) % PATHS.len(), rest));
    let lines = text.iter().filter(|byte| **byte == b'\n').count() + 1;
    for finding in scanner.scan(PATHS[path], text) {
        assert!(finding.line >= 1 && (finding.line <= lines || text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff")));
        assert!(finding.column >= 1 && finding.excerpt().len() < 100);
    }
    if let Ok(baseline) = Baseline::parse_bytes(bytes) {
        assert_eq!(Baseline::parse_bytes(baseline.print().as_bytes()), Ok(baseline));
    }
});
