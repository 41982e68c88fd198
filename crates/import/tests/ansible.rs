//! Ansible Vault: whole files, values in YAML, and that nothing is deciphered that was changed.

use wharf_import::{Format, ImportError, Imported, Keys, VaultPassword, WhyLeftOut, read};

const PASSWORD: &str = "correct horse";
const FILE: &str = include_str!("fixtures/vault-1.1.yml");
const WITH_ID: &str = include_str!("fixtures/vault-1.2.yml");
const BLOB: &str = include_str!("fixtures/blob.vault");
const INLINE: &str = include_str!("fixtures/vault-inline.yml");

fn password(id: Option<&str>, text: &str) -> VaultPassword {
    VaultPassword::new(id.map(str::to_owned), text.as_bytes()).unwrap()
}

fn opened(text: &str, format: Format, passwords: &[VaultPassword]) -> Result<Imported, ImportError> {
    read(text.as_bytes(), format, "stem", &Keys { open_age: &|_| None, vault_passwords: passwords })
}

fn pairs(imported: &Imported) -> Vec<(String, Vec<u8>)> {
    imported.secrets.iter().map(|found| (found.path.join("."), found.value.bytes().to_vec())).collect()
}

#[test]
fn a_whole_file_of_yaml_becomes_its_names_and_values() {
    for text in [FILE, WITH_ID] {
        let imported = opened(text, Format::AnsibleFile, &[password(None, PASSWORD)]).unwrap();
        let all: [(&str, &[u8]); 5] = [
            ("db.password", b"hunter2"),
            ("db.port", b"5432"),
            ("tokens.0", b"one"),
            ("tokens.1", b"two # x"),
            ("flag", b"yes"),
        ];
        assert_eq!(pairs(&imported), all.map(|(path, value)| (path.to_owned(), value.to_vec())));
        assert_eq!(imported.left_out.len(), 1);
    }
}

#[test]
fn another_file_is_one_value_byte_by_byte() {
    let imported = opened(BLOB, Format::AnsibleFile, &[password(None, PASSWORD)]).unwrap();
    assert_eq!(pairs(&imported), [("stem".to_owned(), b"a\nb\0\xff".to_vec())]);
}

#[test]
fn values_within_yaml_are_taken_and_clear_ones_left() {
    let imported = opened(INLINE, Format::AnsibleInline, &[password(None, PASSWORD)]).unwrap();
    assert_eq!(
        pairs(&imported),
        [("db_password".to_owned(), b"hunter2".to_vec()), ("key".to_owned(), b"line 1\nline 2".to_vec())]
    );
    assert_eq!(imported.left_out.iter().map(|one| one.why).collect::<Vec<_>>(), [WhyLeftOut::InClear]);
}

#[test]
fn passwords_are_trimmed_and_tried_in_turn_whatever_their_id() {
    let wrong = password(Some("prod"), "wrong");
    let right = password(Some("dev"), " correct horse\r\n");
    assert!(opened(WITH_ID, Format::AnsibleFile, &[wrong, right]).is_ok());
    assert!(VaultPassword::new(None, b" \n").is_none());
}

#[test]
fn without_the_password_nothing_is_opened_and_the_id_is_told() {
    let refused = |text: &str, passwords: &[VaultPassword]| {
        opened(text, Format::AnsibleFile, passwords).map(drop).unwrap_err().to_string()
    };
    assert_eq!(refused(FILE, &[]), "the file is encrypted by Ansible Vault, and no password was given");
    assert_eq!(
        refused(WITH_ID, &[password(None, "wrong")]),
        "the file: no vault password that was given opens it (its vault id is `prod`), or it was changed"
    );
    let inline = opened(INLINE, Format::AnsibleInline, &[password(None, "wrong")]).map(drop).unwrap_err();
    assert_eq!(
        inline.to_string(),
        "`db_password` (line 2): no vault password that was given opens it, or it was changed"
    );
}

#[test]
fn each_changed_digit_is_noticed() {
    let body = FILE.find('\n').unwrap() + 1;
    for at in (body..FILE.len()).step_by(37) {
        let mut changed = FILE.as_bytes().to_vec();
        changed[at] = match changed[at] {
            b'\n' => continue,
            b'0' => b'1',
            _ => b'0',
        };
        if changed == FILE.as_bytes() {
            continue;
        }
        let text = String::from_utf8(changed).unwrap();
        assert!(opened(&text, Format::AnsibleFile, &[password(None, PASSWORD)]).is_err(), "{at}");
    }
}

#[test]
fn other_formats_and_damage_are_told_apart() {
    let refused = |text: &str| {
        let error = opened(text, Format::AnsibleFile, &[password(None, PASSWORD)]).map(drop);
        error.unwrap_err().to_string()
    };
    assert_eq!(
        refused(&FILE.replace("1.1;AES256", "1.0;AES")),
        "the file: format 1.0 of Ansible Vault: `ansible-vault rekey` makes the present one"
    );
    assert_eq!(
        refused(&FILE.replace("AES256", "AES512")),
        "the file: a cipher of Ansible Vault other than AES256"
    );
    assert_eq!(
        refused(&FILE.replace(";1.1;", ";9;")),
        "the file: a format of Ansible Vault other than 1.1 and 1.2"
    );
    assert_eq!(refused("$ANSIBLE_VAULT;1.1;AES256"), "the file: Ansible Vault's header stands alone");
    for cut in [FILE.len() - 2, FILE.len() / 2, 40] {
        assert!(refused(&FILE[..cut]).starts_with("the file: "), "{cut}");
    }
}
