//! No bytes make the readers of Ansible Vault panic, and nothing is deciphered whose code does not fit.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wharf_import::{Format, Keys, VaultPassword, read};

fuzz_target!(|bytes: &[u8]| {
    let passwords: Vec<VaultPassword> = VaultPassword::new(None, b"correct horse").into_iter().collect();
    let keys = Keys { open_age: &|_| None, vault_passwords: &passwords };
    for format in [Format::AnsibleFile, Format::AnsibleInline] {
        match read(bytes, format, "stem", &keys) {
            Ok(imported) => assert!(imported.secrets.iter().all(|found| !found.value.bytes().is_empty())),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
});
