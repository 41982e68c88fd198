//! No method and target make the reader of requests panic, and no refusal is long. The first line is the method.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wharf_wire::ask::{Head, route};

fuzz_target!(|text: &str| {
    let (method, target) = text.split_once('\n').unwrap_or(("GET", text));
    match route(method, target) {
        Ok(route) => {
            let path = target.split('?').next().unwrap_or_default();
            assert!(path.starts_with('/') && target.is_ascii() && !path.contains("//"), "{target}");
            if let Err(refused) = route.read(&Head::default(), b"") {
                assert!(refused.to_string().len() < 4096);
            }
        }
        Err(refused) => assert!(refused.to_string().len() < 4096),
    }
});
