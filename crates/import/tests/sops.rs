//! SOPS files: what is in them, and that nothing is taken of one that was changed.

use wharf_import::{Format, ImportError, Imported, Keys, WhyLeftOut, read};
use zeroize::Zeroizing;

const YAML: &str = include_str!("fixtures/sops.yaml");
const JSON: &str = include_str!("fixtures/sops.json");
const DOTENV: &str = include_str!("fixtures/sops.env");
const ONLY: &str = include_str!("fixtures/sops-mac-only-encrypted.json");

fn opened(text: &str, format: Format) -> Result<Imported, ImportError> {
    let key = |sealed: &str| (sealed == "sealed to nobody\n").then(|| Zeroizing::new((0..32).collect()));
    read(text.as_bytes(), format, "stem", &Keys { open_age: &key, vault_passwords: &[] })
}

fn values(text: &str, format: Format) -> Vec<(String, String)> {
    let imported = opened(text, format).unwrap();
    let pair = |found: &wharf_import::Found| {
        (found.path.join("."), String::from_utf8(found.value.bytes().to_vec()).unwrap())
    };
    imported.secrets.iter().map(pair).collect()
}

fn expected(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(path, value)| ((*path).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn every_kind_of_value_is_opened_in_yaml() {
    let all = [
        ("db.password", "hunter2"),
        ("db.port", "5432"),
        ("db.ratio", "1.5"),
        ("db.tls", "true"),
        ("tokens.0", "one"),
        ("tokens.1", "two"),
        ("tokens.2.name", "ci"),
        ("tokens.2.value", "three"),
        ("key", "line 1\nline 2\n"),
    ];
    assert_eq!(values(YAML, Format::SopsYaml), expected(&all));
    let left: Vec<(String, WhyLeftOut)> = opened(YAML, Format::SopsYaml)
        .unwrap()
        .left_out
        .into_iter()
        .map(|one| (one.path.join("."), one.why))
        .collect();
    let (empty, clear) = (WhyLeftOut::Empty, WhyLeftOut::InClear);
    let all = [
        ("empty", empty),
        ("nothing", empty),
        ("host_unencrypted", clear),
        ("retries_unencrypted", clear),
        ("on_unencrypted", clear),
    ];
    assert_eq!(left, all.map(|(path, why)| (path.to_owned(), why)));
}

#[test]
fn every_kind_of_value_is_opened_in_json_in_the_order_of_the_file() {
    let all = [
        ("z", "last first"),
        ("db.password", "hunter2"),
        ("db.port", "5432"),
        ("db.tls", "false"),
        ("tokens.0", "one"),
        ("tokens.1.0", "two"),
        ("unicode", "é/€"),
    ];
    assert_eq!(values(JSON, Format::SopsJson), expected(&all));
    // JSON is YAML, and so it is when somebody says so.
    assert_eq!(values(JSON, Format::SopsYaml), expected(&all));
}

#[test]
fn dotenv_has_lines_and_flat_metadata() {
    let all = [("DB_PASSWORD", "hunter2"), ("TLS_KEY", "line 1\nline 2")];
    assert_eq!(values(DOTENV, Format::SopsDotenv), expected(&all));
}

#[test]
fn a_mac_over_encrypted_values_alone_leaves_the_clear_ones_free_and_out() {
    let changed =
        ONLY.replace("\"port_unencrypted\": 80", "\"port_unencrypted\": 81, \"added\": \"by somebody\"");
    assert_ne!(changed, ONLY);
    assert_eq!(values(&changed, Format::SopsJson), values(ONLY, Format::SopsJson));
    assert_eq!(values(&changed, Format::SopsJson).len(), 7);
}

/// The text without the entry of one key, which is a line.
fn without(text: &str, key: &str) -> String {
    text.lines().filter(|line| !line.contains(key)).fold(String::new(), |all, line| all + line + "\n")
}

#[test]
fn a_file_that_was_changed_is_refused_whole() {
    let swap = |text: &str, one: &str, other: &str| {
        let line = |name: &str| text.lines().find(|line| line.contains(name)).unwrap().to_owned();
        let value = |line: &str| line.split_once(": ").unwrap().1.to_owned();
        let (one, other) = (value(&line(one)), value(&line(other)));
        text.replace(&one, "\0").replace(&other, &one).replace('\0', &other)
    };
    let mac = Err(ImportError::SopsMac);
    for (what, text, refused) in [
        ("a clear value", YAML.replace("db.example", "db.evil"), &mac),
        ("a clear number", YAML.replace("unencrypted: 3", "unencrypted: 4"), &mac),
        ("a clear truth value", YAML.replace("on_unencrypted: true", "on_unencrypted: false"), &mac),
        ("a value taken out", without(YAML, "  port:"), &mac),
        ("a value put in", YAML.replace("empty: ''", "empty: 'x'"), &mac),
        ("the time", YAML.replace("lastmodified: '20", "lastmodified: '21"), &mac),
        ("an encrypted value made clear", format!("{}password: x\n", without(YAML, "  password:")), &mac),
    ] {
        assert_eq!(opened(&text, Format::SopsYaml).map(drop), refused.clone().map(|(): ()| ()), "{what}");
    }
    for (what, text) in [
        ("two values swapped", swap(YAML, "  password:", "  port:")),
        ("a key renamed", YAML.replace("  password:", "  passwort:")),
        ("a type changed", YAML.replacen("type:str", "type:float", 1)),
        ("a bit turned", YAML.replacen("data:G", "data:H", 1)),
    ] {
        let error = opened(&text, Format::SopsYaml).map(drop);
        let is_refused = match what {
            // The type is not authenticated by itself; of a text it changes nothing that is taken.
            "a type changed" => error.is_ok(),
            _ => matches!(error, Err(ImportError::SopsTampered(_))),
        };
        assert!(is_refused, "{what}: {error:?}");
    }
}

#[test]
fn lines_in_another_order_are_noticed() {
    let mut lines: Vec<&str> = DOTENV.lines().collect();
    lines.swap(1, 2);
    assert_eq!(opened(&lines.join("\n"), Format::SopsDotenv).map(drop), Err(ImportError::SopsMac));
}

#[test]
fn metadata_that_lacks_something_is_named() {
    for (what, text, message) in [
        ("no metadata", YAML.split("sops:").next().unwrap().to_owned(), "the file's `sops` part is missing"),
        (
            "no mac",
            without(YAML, "  mac:"),
            "the file's `sops` part has no `mac`: what was changed could not be noticed",
        ),
        (
            "another recipient",
            YAML.replace("recipient: '-'", "recipient: age1other").replace("to nobody", "to another"),
            "none of your keys opens the file: it is encrypted to age1other",
        ),
        (
            "other keys",
            YAML.replace("  age:\n  - recipient: '-'\n    enc:", "  pgp:\n  - fp: ABC\n    enc:"),
            "the file is encrypted to no age recipient (only to pgp)",
        ),
        (
            "shared out",
            YAML.replace("  version:", "  key_groups: [{}, {}]\n  version:"),
            "the file's key is shared out among several key groups, which cannot be read here",
        ),
    ] {
        assert_eq!(opened(&text, Format::SopsYaml).map(drop).unwrap_err().to_string(), message, "{what}");
    }
}

#[test]
fn values_in_another_form_are_refused_with_their_place() {
    let at = |text: &str| opened(text, Format::SopsYaml).map(drop).unwrap_err().to_string();
    assert_eq!(
        at(&YAML.replacen("ENC[AES256_GCM,data", "ENC[AES256_GCM,date", 1)),
        "`db.password` (line 3): not in the form in which SOPS writes a value"
    );
    assert_eq!(
        at(&YAML.replacen("data:Gen4SCHBeg==", "data:!", 1)),
        "`db.password` (line 3): its base64 is damaged"
    );
    assert_eq!(
        at(&YAML.replacen("type:str", "type:secret", 1)),
        "`db.password` (line 3): of a type that is not known here"
    );
    assert_eq!(
        at(&YAML.replace("host_unencrypted: db.example", "host_unencrypted: 2026-01-02")),
        "`host_unencrypted` (line 15): a date in clear, of which the file's MAC cannot be checked here"
    );
}

#[test]
fn keys_above_a_value_cannot_cost_without_end() {
    let long = |bytes: usize| {
        opened(&JSON.replace("\"db\":", &format!("\"{}\":", "k".repeat(bytes))), Format::SopsJson).map(drop)
    };
    assert!(matches!(long(1000), Err(ImportError::SopsTampered(_))));
    assert!(matches!(long(5000), Err(ImportError::SopsValue { .. })));
}
