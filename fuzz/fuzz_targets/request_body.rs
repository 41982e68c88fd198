//! No body makes the reader of requests panic, and what it accepts is a whole JSON document. The first byte chooses the
//! route.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wharf_wire::ask::{BodyKind, Head, route};

const TARGETS: [&str; 12] = [
    "/containers/create",
    "/containers/a/exec",
    "/containers/a/update",
    "/containers/a/start",
    "/networks/create",
    "/networks/a/connect",
    "/networks/a/disconnect",
    "/volumes/create",
    "/auth",
    "/commit?container=a",
    "/exec/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef/start",
    "/containers/json",
];

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, body)) = bytes.split_first() else { return };
    let Some(target) = TARGETS.get(usize::from(choice.wrapping_sub(b'0'))) else { return };
    // The last is a list, whose filters are a document, too.
    if *target == "/containers/json" {
        let encoded: String = body.iter().map(|byte| format!("%{byte:02X}")).collect();
        let _ = route("GET", &format!("{target}?filters={encoded}"))
            .map(|route| route.read(&Head::default(), b""));
        return;
    }
    let route = route("POST", target).expect("a route of the table");
    assert!(matches!(route.body(), BodyKind::Json { .. }));
    let head = Head { content_type: Some("application/json"), ..Head::default() };
    match route.read(&head, body) {
        Ok(_) if body.is_empty() => {}
        Ok(_) => assert!(serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok()),
        Err(refused) => assert!(refused.to_string().len() < 4096),
    }
});
