//! A file comes from elsewhere, and whoever wrote to it wants a value of his own in a container, a value of somebody else's on
//! a screen, or a command run.

use crate::desk::{Desk, PASSWORD};

#[test]
fn a_sops_file_that_was_changed_gives_nothing() {
    let desk = Desk::new();
    desk.write("clear.yaml", "password: hunter2\nother: swordfish\nport_unencrypted: 80\n");
    let Some(()) = desk.sops("yaml", "clear.yaml", "s.yaml", &[]) else { return };
    let good = desk.read("s.yaml");
    let line = |name: &str| good.lines().find(|line| line.starts_with(name)).unwrap().to_owned();
    let value = |name: &str| line(name).split_once(": ").unwrap().1.to_owned();
    for (what, text, said) in [
        ("a clear value", good.replace("port_unencrypted: 80", "port_unencrypted: 81"), "its MAC is wrong"),
        ("a value added", format!("added: x\n{good}"), "its MAC is wrong"),
        ("a value removed", good.replace(&format!("{}\n", line("other")), ""), "its MAC is wrong"),
        ("a value in clear", good.replace(&value("password"), "evil"), "its MAC is wrong"),
        ("a value moved", good.replace(&value("other"), &value("password")), "changed or moved"),
        ("no MAC", good.replace("  mac: ", "  cam: "), "has no `mac`"),
    ] {
        assert_ne!(text, good, "{what}");
        desk.write("changed.yaml", text);
        let run = desk.import(&["changed.yaml"]).exits(1).says(said);
        run.never_says("hunter2").never_says("swordfish");
        assert!(!desk.path("secrets/blog.yml").exists(), "{what}");
    }
    desk.import(&["s.yaml"]).succeeds();
}

#[test]
fn a_vault_that_was_changed_or_has_another_password_gives_nothing() {
    let desk = Desk::new();
    desk.write("vars.yml", "password: hunter2\n");
    let Some(_) = desk.vault(&["encrypt", "--vault-password-file", "pw", "vars.yml"]) else { return };
    let good = desk.read("vars.yml");
    // Hexadecimal of hexadecimal digits: the last that is a decimal one is another afterwards.
    let last = good.trim_end().rfind('\n').unwrap() + 1;
    let digits = (last..good.trim_end().len()).step_by(2);
    let at = digits.rev().find(|at| good.as_bytes()[*at] == b'3').unwrap() + 1;
    let turned = if good.as_bytes()[at] == b'0' { "1" } else { "0" };
    desk.write("changed.yml", format!("{}{turned}{}", &good[..at], &good[at + 1..]));
    desk.write("wrong", "another password");
    for words in [
        &["changed.yml", "--vault-password-file", "pw"][..],
        &["vars.yml", "--vault-password-file", "wrong"],
        &["vars.yml"],
    ] {
        let run = desk.import(words).exits(1).says("--vault-password-file");
        run.never_says("hunter2").never_says(PASSWORD);
        assert!(!desk.path("secrets/blog.yml").exists(), "{words:?}");
    }
}

#[test]
fn a_password_file_that_is_a_program_is_not_run() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    desk.write("vars.yml", include_bytes!("../../../crates/import/tests/fixtures/vault-1.1.yml"));
    let script =
        desk.write("pw.sh", format!("#!/bin/sh\ntouch {}\necho {PASSWORD}\n", desk.path("ran").display()));
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    desk.import(&["vars.yml", "--vault-password-file", "pw.sh"]).exits(2).says("is a program");
    assert!(!desk.path("ran").exists() && !desk.path("secrets/blog.yml").exists());
    // What it prints may be piped in.
    let reader = format!("me={}", desk.recipient());
    let words =
        ["secret", "import", "blog", "vars.yml", "--vault-password-file", "-", "--yes", "--reader", &reader];
    let piped = wharf_conformance::Run::of(&mut desk.command(&words), PASSWORD.as_bytes());
    piped.succeeds().says("sealed 5 secrets");
}

#[test]
fn no_value_is_in_a_message_a_record_or_a_file_in_clear() {
    let desk = Desk::new();
    let value = "c0rrect-h0rse-b4ttery";
    for (what, text) in [
        ("a line without a name", format!("A=x\n{value}\n")),
        ("an open quote", format!("A='{value}\n")),
        ("words after a quote", format!("A='x'{value}\n")),
        ("the same twice", format!("A={value}\nA={value}\n")),
    ] {
        desk.write(".env", text);
        let run = desk.import(&[".env"]).exits(1).says("line ");
        assert!(!format!("{}{}", run.stdout(), run.stderr()).contains(value), "{what}: {run}");
    }
    desk.write(".env", format!("A={value}\n"));
    desk.import(&[".env"]).succeeds().never_says(value);
    assert_eq!(desk.found_in(value), [".env"]);
    assert_eq!(desk.shown("A"), value);
    let trail = desk.read("state/audit.jsonl");
    assert!(trail.contains("seal secret") && trail.contains("blog/A"), "{trail}");
}

#[test]
fn names_of_another_file_replace_nothing_unasked_and_lead_nowhere() {
    let desk = Desk::new();
    desk.write(".env", "TOKEN=first\n");
    desk.import(&[".env"]).succeeds();
    desk.write(".env", "TOKEN=second\n");
    // Without `--yes`, and with nobody to ask.
    desk.wharf(&["secret", "import", "blog", ".env", "--identity", "key.txt"])
        .exits(2)
        .prints("replaced")
        .says("1 of them in the place of others");
    assert_eq!(desk.shown("TOKEN"), "first");
    desk.write("vars.json", "{\"../../etc/cron.d/x\": 1}");
    desk.write("clear.json", r#"{"../../etc/cron.d/x": "evil", "a": {"b": "1"}, "a-b": "2"}"#);
    let Some(()) = desk.sops("json", "clear.json", "s.json", &[]) else { return };
    desk.import(&["s.json"]).exits(2).says("`a.b` and `a-b` would both be called `a-b`");
    desk.import(&["s.json", "--rename", "a.b=c"]).succeeds().prints("etc-cron.d-x");
    assert_eq!(desk.shown("etc-cron.d-x"), "evil");
}
