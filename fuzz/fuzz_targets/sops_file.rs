//! No bytes make the reader of SOPS files panic, and what it takes has names and is within bounds.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wharf_import::{Format, Keys, MAX_SECRETS, MAX_VALUE_BYTES, read};

fuzz_target!(|bytes: &[u8]| {
    // Whoever is said to be able to read the file has the key of the seeds.
    let open = |_: &str| Some(zeroize::Zeroizing::new((0..32).collect::<Vec<u8>>()));
    let keys = Keys { open_age: &open, vault_passwords: &[] };
    for format in [Format::SopsYaml, Format::SopsJson, Format::SopsDotenv] {
        match read(bytes, format, "stem", &keys) {
            Ok(imported) => {
                assert!(imported.secrets.len() <= MAX_SECRETS);
                for found in imported.secrets {
                    assert!(!found.path.is_empty() && (1..=MAX_VALUE_BYTES).contains(&found.value.bytes().len()));
                    let _name = wharf_import::named(&found.path);
                }
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
    let _format = Format::recognise(bytes, "x");
});
