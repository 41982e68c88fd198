//! No bytes make the reader of sealed files panic; what it takes prints and reads back as the same, and opens for nobody
//! whose key was not asked.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wharf_vault::{Expected, SealedFile};

fuzz_target!(|bytes: &[u8]| {
    match SealedFile::parse_bytes(bytes) {
        Ok(file) => {
            let again = SealedFile::parse_bytes(file.print().as_bytes());
            assert_eq!(again.as_ref(), Ok(&file), "{}", file.print());
            let expected = Expected { owner: file.owner(), pod: file.pod() };
            if file.names().next().is_some() {
                assert!(file.open_all(&expected, &[]).is_err());
            }
            let _unsigned = file.check_signature(&[]).unwrap_err();
        }
        Err(errors) => {
            assert!(!errors.is_empty());
            for error in errors {
                assert!(error.span.start <= error.span.end && error.span.end <= bytes.len(), "{error:?}");
            }
        }
    }
});
