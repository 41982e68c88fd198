//! No bytes make the pod file's reader panic; what it reads prints and reads back as the same pod; every error points
//! into the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wharf_pod::{MAX_BYTES, parse, parse_bytes, print};

fuzz_target!(|bytes: &[u8]| {
    match parse_bytes(bytes) {
        Ok(pod) => {
            let printed = print(&pod);
            // Aliases make a small file large; then what is printed may be more than is read.
            if printed.len() <= MAX_BYTES {
                assert_eq!(parse(&printed).as_ref(), Ok(&pod), "printed as:\n{printed}");
            }
        }
        Err(errors) => {
            assert!(!errors.is_empty());
            for error in errors {
                let span = error.span;
                assert!(span.start <= span.end && span.end <= bytes.len(), "{error:?}");
                assert!(span.line >= 1 && span.column >= 1, "{error:?}");
                if let Ok(text) = std::str::from_utf8(bytes) {
                    assert!(text.get(span.start..span.end).is_some(), "{error:?}");
                }
            }
        }
    }
});
