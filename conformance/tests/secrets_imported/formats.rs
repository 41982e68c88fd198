//! Each format, as the programs write it.

use crate::desk::{Desk, PASSWORD};
use wharf_conformance::gateway::Live;
use wharf_testkit::Terminal;

const YAML: &str = "# mine\ndb:\n  password: hunter2\n  port: 5432\n  tls: true\ntokens: [one, two]\nkey: |\n  line 1\n  \
                    line 2\nempty: ''\nhost_unencrypted: db.example\nratio_unencrypted: 1.50\n";
const JSON: &str =
    r#"{"z": "last", "db": {"password": "hunter2", "port": 5432}, "port_unencrypted": 80, "n": null}"#;
const DOTENV: &str = "# mine\nDB_PASSWORD=hunter2\nTLS_KEY=line 1\\nline 2\nHOST_unencrypted=db.example\n";

#[test]
fn yaml_whose_values_are_by_the_first_sops() {
    let desk = Desk::new();
    desk.write("clear.yaml", YAML);
    let Some(()) = desk.sops("yaml", "clear.yaml", "s.enc.yaml", &[]) else { return };
    let run = desk.import(&["s.enc.yaml"]).succeeds();
    run.says("not encrypted, and so left out: host_unencrypted, ratio_unencrypted")
        .says("empty, and so left out: empty")
        .says("sealed 6 secrets")
        .never_says("hunter2");
    for (name, value) in [
        ("db-password", "hunter2"),
        ("db-port", "5432"),
        ("db-tls", "true"),
        ("tokens-1", "two"),
        ("key", "line 1\nline 2\n"),
    ] {
        assert_eq!(desk.shown(name), value, "{name}");
    }
    let again = desk.import(&["s.enc.yaml", "--only", "db.password"]).succeeds();
    assert_eq!(again.stdout(), "SECRET       CHANGE    FROM\ndb-password  replaced  db.password\n");
}

#[test]
fn json_whose_values_are_by_the_first_sops() {
    let desk = Desk::new();
    desk.write("clear.json", JSON);
    let Some(()) = desk.sops("json", "clear.json", "s.json", &[]) else { return };
    desk.import(&["s.json", "--rename", "db.password=pass", "--only", "pass", "--only", "z"]).succeeds();
    assert_eq!((desk.shown("pass"), desk.shown("z")), ("hunter2".to_owned(), "last".to_owned()));
    let _none = desk.wharf(&["secret", "show", "blog", "db-port", "--identity", "key.txt"]).exits(1);
}

#[test]
fn what_only_the_sops_of_today_writes_made_from_its_published_format() {
    let desk = Desk::new();
    desk.write("clear.json", JSON);
    desk.write("clear.env", DOTENV);
    let Some(()) = desk.sops("dotenv", "clear.env", "s.env", &[]) else { return };
    desk.import(&["s.env"]).succeeds().says("sealed 2 secrets");
    assert_eq!(desk.shown("TLS_KEY"), "line 1\nline 2");
    desk.sops("json", "clear.json", "only.json", &["--mac-only-encrypted"]).unwrap();
    let changed = desk.read("only.json").replace("\"port_unencrypted\": 80", "\"port_unencrypted\": 81");
    desk.write("only.json", changed);
    desk.import(&["only.json"]).succeeds().says("left out: port_unencrypted");
    assert_eq!(desk.shown("db-password"), "hunter2");
}

#[test]
fn the_keys_that_sops_uses_are_used_without_being_named() {
    let desk = Desk::new();
    desk.write("clear.yaml", YAML);
    let Some(()) = desk.sops("yaml", "clear.yaml", "s.yaml", &[]) else { return };
    // Several keys in one file, as SOPS allows.
    let other =
        wharf_conformance::Run::of(&mut std::process::Command::new("age-keygen"), b"").succeeds().stdout();
    desk.write(".config/sops/age/keys.txt", format!("{other}{}", desk.read("key.txt")));
    let listed = desk.wharf(&["secret", "import", "blog", "s.yaml", "--dry-run"]).succeeds();
    listed.prints("db-password").never_says("hunter2");
    std::fs::remove_file(desk.path(".config/sops/age/keys.txt")).unwrap();
    desk.wharf(&["secret", "import", "blog", "s.yaml", "--dry-run"])
        .exits(1)
        .says("none of your keys opens the file: it is encrypted to age1")
        .says("--identity");
    let mut by_variable = desk.command(&["secret", "import", "blog", "s.yaml", "--dry-run"]);
    let run = wharf_conformance::Run::of(by_variable.env("SOPS_AGE_KEY_FILE", desk.path("key.txt")), b"");
    run.succeeds().prints("db-password");
    assert!(!desk.path("secrets").exists(), "a dry run made something");
}

#[test]
fn files_and_values_of_the_real_ansible_vault() {
    let desk = Desk::new();
    desk.write("vars.yml", "db:\n  password: hunter2\nport: 5432\n");
    let Some(_) = desk.vault(&["encrypt", "--vault-password-file", "pw", "vars.yml"]) else { return };
    desk.import(&["vars.yml", "--vault-password-file", "pw"]).succeeds().says("sealed 2 secrets");
    assert_eq!((desk.shown("db-password"), desk.shown("port")), ("hunter2".into(), "5432".into()));

    // Bytes of any kind, with a vault id; the whole is one value, called after the file.
    desk.write("site.key", b"-----BEGIN KEY-----\n\xc3\xa4\n");
    desk.vault(&["encrypt", "--vault-id", "prod@pw", "site.key"]).unwrap();
    desk.write("other", "another password");
    desk.import(&["site.key", "--vault-password-file", "dev@other", "--vault-password-file", "prod@pw"])
        .succeeds();
    assert_eq!(desk.shown("site"), "-----BEGIN KEY-----\n\u{e4}\n");

    let inline = |name: &str, value: &str, with: &[&str]| {
        desk.vault(&[&["encrypt_string", value, "--name", name], with].concat()).unwrap().stdout()
    };
    let one = inline("api_token", "t0ken # x", &["--vault-password-file", "pw"]);
    let two = inline("nested", "line 1\nline 2\n", &["--vault-id", "prod@pw"]);
    let two = two.lines().fold(String::new(), |all, line| all + "  " + line + "\n");
    desk.write("group.yml", format!("user: ada\n{one}\ninner:\n{two}"));
    let run = desk.import(&["group.yml", "--vault-password-file", "pw"]).succeeds();
    run.says("not encrypted, and so left out: user");
    assert_eq!(desk.shown("api_token"), "t0ken # x");
    assert_eq!(desk.shown("inner-nested"), "line 1\nline 2\n");
}

#[test]
fn dotenv_and_a_directory_like_dockers_say_that_they_stay_in_clear() {
    let desk = Desk::new();
    desk.write(".env", "export A='it is'\nB=\"x\\ny\" # z\nC=${A}\nD=\n");
    desk.import(&[".env"])
        .succeeds()
        .says("note: `C` has a `$VARIABLE`, which stays as it is written")
        .says("empty, and so left out: D")
        .says("`.env` still has these values in clear: remove it")
        .says("rotate");
    assert_eq!([desk.shown("A"), desk.shown("B"), desk.shown("C")], ["it is", "x\ny", "${A}"]);
    desk.write("dir/db_password", "hunter2\n");
    desk.write("dir/.hidden", "x");
    desk.write("dir/sub/x", "x");
    std::os::unix::fs::symlink("/etc/shadow", desk.path("dir/link")).unwrap();
    desk.import(&["dir"])
        .succeeds()
        .says("no plain file, and so left out: .hidden, link, sub")
        .says("in clear: remove it");
    assert_eq!(desk.shown("db_password"), "hunter2\n");
}

#[test]
fn at_a_terminal_the_vault_password_is_typed_and_names_are_confirmed() {
    let desk = Desk::new();
    desk.write("vars.yml", include_bytes!("../../../crates/import/tests/fixtures/vault-1.2.yml"));
    let reader = format!("me={}", desk.recipient());
    let words = ["secret", "import", "blog", "vars.yml", "--identity", "key.txt", "--reader", &reader];
    for (answer, status) in [("n", 1), ("y", 0)] {
        let terminal = Terminal::open(40, 120).unwrap();
        let line = desk.command(&words);
        let mut command = terminal.command().unwrap();
        command.arg(line.get_program()).args(line.get_args()).current_dir(desk.path(""));
        command.env_clear().env("HOME", desk.path("")).env("PATH", "/usr/bin:/bin");
        let mut live = Live::on(terminal, command);
        live.says("vault password of `vars.yml`: ");
        live.types(&format!("{PASSWORD}\n"));
        live.says("db-password  new");
        live.says("seal 5 in `secrets/blog.yml`? [y/N]: ");
        live.types(&format!("{answer}\n"));
        let (ended, said) = live.ends();
        assert_eq!(ended, status, "{said}");
        assert!(!said.contains(PASSWORD) && !said.contains("hunter2"), "{said}");
        assert_eq!(desk.path("secrets/blog.yml").exists(), answer == "y");
    }
    assert_eq!(desk.shown("db-password"), "hunter2");
}
