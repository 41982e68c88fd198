//! No bytes make the host configuration's reader panic, and every error points into the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wharf_config::parse_bytes;

fuzz_target!(|bytes: &[u8]| {
    match parse_bytes(bytes) {
        Ok(config) => {
            assert!(config.mount_root.is_none_or(|root| root.starts_with('/') && !root.ends_with('/')))
        }
        Err(errors) => {
            assert!(!errors.is_empty());
            for error in errors {
                assert!(error.span.start <= error.span.end && error.span.end <= bytes.len(), "{error:?}");
            }
        }
    }
});
