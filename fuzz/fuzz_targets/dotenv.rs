//! No bytes make the reader of dotenv panic; what it finds stands in the text, and an error points into it and shows no value.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wharf_import::{Format, ImportError, Keys, read};

fuzz_target!(|bytes: &[u8]| {
    let keys = Keys { open_age: &|_| None, vault_passwords: &[] };
    let lines = 1 + bytes.iter().filter(|byte| **byte == b'\n').count();
    match read(bytes, Format::Dotenv, "stem", &keys) {
        Ok(imported) => {
            for found in imported.secrets {
                assert!((1..=lines).contains(&found.line));
                let [name] = found.path.as_slice() else { panic!("{:?}", found.path) };
                assert!(bytes.windows(name.len()).any(|part| part == name.as_bytes()));
                // Escapes only shorten.
                assert!(found.value.bytes().len() <= bytes.len());
            }
        }
        Err(ImportError::NotDotenv { place, .. }) => assert!((1..=lines).contains(&place.line)),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
