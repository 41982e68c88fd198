//! An authority whose key is sealed with a passphrase.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command};

use wharf_conformance::Run;
use wharf_conformance::gateway::{Gateway, Live, through_the_gateway};
use wharf_testkit::{EngineKind, Terminal, TestDir, wharf_program};

use crate::{Laptop, gateway, invited};

const PASSPHRASE: &str = "correct horse battery";

/// A file with this in it, for its owner alone.
fn file(directory: &TestDir, name: &str, text: &str) -> PathBuf {
    let path = directory.write(name, text).expect("a file");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("a mode");
    path
}

fn wharf(state: &TestDir) -> Command {
    let mut command = Command::new(wharf_program().expect("the wharf under test"));
    command
        .arg("--state-dir")
        .arg(state.join("state"))
        .env_remove("SUDO_UID")
        .env_remove("WHARF_CA_PASSPHRASE_FILE");
    command
}

fn say(state: &TestDir, words: &[&str]) -> Run {
    Run::of(wharf(state).args(words), b"")
}

#[test]
fn a_sealed_key_is_one_that_openssl_opens_and_nobody_else_without_the_passphrase() {
    let directory = TestDir::new().unwrap();
    let right = file(&directory, "right", &format!("{PASSPHRASE}\n")).display().to_string();
    let wrong = file(&directory, "wrong", "incorrect\n").display().to_string();
    let init = ["ca", "init", "--names", "127.0.0.1"];
    let said = say(&directory, &[&init[..], &["--passphrase-file", &right]].concat()).succeeds();
    said.says("its key is sealed").never_says(PASSPHRASE);
    let pem = directory.join("state/identity/authority.pem");
    let text = std::fs::read_to_string(&pem).unwrap();
    assert!(text.contains("BEGIN ENCRYPTED PRIVATE KEY") && !text.contains("BEGIN PRIVATE KEY"), "{text}");
    let opens = |passphrase: &str| {
        let mut openssl = Command::new("openssl");
        Run::of(
            openssl.args(["pkey", "-noout", "-passin", &format!("pass:{passphrase}"), "-in"]).arg(&pem),
            b"",
        )
        .status()
            == 0
    };
    assert!(opens(PASSPHRASE) && !opens("incorrect"));

    say(&directory, &["ca", "show"]).succeeds().prints("sealed with a passphrase");
    say(&directory, &["ca", "names", "--add", "quay"])
        .exits(2)
        .says("sealed with a passphrase")
        .says("--passphrase-file");
    say(&directory, &["ca", "names", "--add", "quay", "--passphrase-file", &wrong])
        .exits(1)
        .says("does not open");
    say(&directory, &["ca", "names", "--add", "quay", "--passphrase-file", &right]).succeeds();
    let mut by_variable = wharf(&directory);
    by_variable.args(["ca", "names", "--add", "pier"]).env("WHARF_CA_PASSPHRASE_FILE", &right);
    let _named = Run::of(&mut by_variable, b"").succeeds();
    std::fs::set_permissions(&right, std::fs::Permissions::from_mode(0o644)).unwrap();
    say(&directory, &["ca", "names", "--add", "mole", "--passphrase-file", &right])
        .exits(2)
        .says("can be read by everybody");
    std::fs::set_permissions(&right, std::fs::Permissions::from_mode(0o600)).unwrap();

    say(&directory, &["ca", "rotate", "--passphrase-file", &right]).succeeds();
    for name in ["authority.pem", "former.pem"] {
        let text = std::fs::read_to_string(directory.join("state/identity").join(name)).unwrap();
        assert!(
            text.contains("BEGIN ENCRYPTED PRIVATE KEY") && !text.contains("BEGIN PRIVATE KEY"),
            "{name}"
        );
    }
    assert!(opens(PASSPHRASE));
    say(&directory, &["ca", "rotate", "--finish"]).exits(2).says("--passphrase-file");
    say(&directory, &["ca", "rotate", "--finish", "--passphrase-file", &right]).succeeds();
    let trail = std::fs::read_to_string(directory.join("state/audit.jsonl")).unwrap();
    assert!(!trail.contains(PASSPHRASE), "{trail}");
}

/// `wharf` at a terminal.
fn at_a_terminal(directory: &TestDir, words: &[&str]) -> Live {
    let terminal = Terminal::open(24, 120).unwrap();
    let mut command = terminal.command().unwrap();
    let line = wharf(directory);
    command.arg(line.get_program()).args(line.get_args()).args(words).env_remove("SUDO_UID");
    Live::on(terminal, command)
}

#[test]
fn at_a_terminal_the_passphrase_is_asked_for_twice_and_never_shown() {
    let directory = TestDir::new().unwrap();
    let init = ["ca", "init", "--names", "127.0.0.1", "--seal"];
    let mut differing = at_a_terminal(&directory, &init);
    differing.says("passphrase to seal the authority's key with: ");
    differing.types("one\n");
    differing.says("the same again: ");
    differing.types("other\n");
    let (status, said) = differing.ends();
    assert!(status == 2 && said.contains("these are two passphrases"), "{said}");
    assert!(!directory.join("state/identity/authority.pem").exists());

    let mut interrupted = at_a_terminal(&directory, &init);
    interrupted.says("key with: ");
    interrupted.types("\u{3}");
    assert_eq!(interrupted.ends().0, 130);

    let mut sealing = at_a_terminal(&directory, &init);
    sealing.says("key with: ");
    // Rubbed out, and the whole line thrown away: as at any other prompt.
    sealing.types(&format!("nonsense\u{15}{PASSPHRASE}x\u{7f}\n"));
    sealing.says("the same again: ");
    sealing.types(&format!("{PASSPHRASE}\n"));
    let (status, said) = sealing.ends();
    assert!(status == 0 && !said.contains("correct") && !said.contains("nonsense"), "{said}");

    let mut opening = at_a_terminal(&directory, &["ca", "names", "--add", "quay"]);
    opening.says("passphrase of the authority's key: ");
    opening.types(&format!("{PASSPHRASE}\n"));
    let (status, said) = opening.ends();
    assert!(status == 0 && said.contains("quay") && !said.contains("correct"), "{said}");
}

#[test]
fn at_a_terminal_the_names_are_shown_and_can_be_changed() {
    let directory = TestDir::new().unwrap();
    let mut asking = at_a_terminal(&directory, &["ca", "init"]);
    asking.says("localhost");
    asking.says("with commas between:");
    asking.types("Quay.example.org, 192.0.2.7\n");
    let (status, said) = asking.ends();
    assert!(status == 0 && said.contains("quay.example.org, 192.0.2.7"), "{said}");
    let shown = say(&directory, &["--json", "ca", "show"]).succeeds().json();
    assert_eq!(shown["names"], serde_json::json!(["quay.example.org", "192.0.2.7"]));
}

#[test]
fn people_join_and_renew_only_while_the_gateway_has_the_passphrase() {
    through_the_gateway(|engine| {
        if engine.kind() != EngineKind::Docker28 {
            return;
        }
        let gateway = &mut gateway(engine);
        let laptop = Laptop::beside(gateway);
        laptop.joins(gateway, "alice", &[]);
        let directory = TestDir::new().unwrap();
        let right = file(&directory, "right", PASSPHRASE).display().to_string();
        // The same authority, sealed as openssl seals.
        let pem = gateway.path("state/identity/authority.pem");
        let script = format!(
            "set -e; umask 077; cd {}; openssl x509 -in {p} > sealed; openssl pkcs8 -topk8 -in {p} -passout file:{right} >> sealed; cat sealed > {p}",
            directory.path().display(),
            p = pem.display()
        );
        let _sealed = Run::of(Command::new("sh").args(["-c", &script]), b"").succeeds();
        assert!(laptop.is_let_in(), "nothing has changed for who is in");
        laptop.wharf(["cert", "renew", "--force"]).exits(1).says("sealed");
        let words = invited(gateway, &laptop, "bob", &[]);
        laptop.wharf(&words).exits(1).says("sealed");
        gateway
            .wharf(&[
                "cert",
                "export",
                gateway.tenant_name("bob"),
                "--user",
                "x",
                "--to",
                &directory.join("x").display().to_string(),
                "--passphrase-file",
                &right,
            ])
            .succeeds();
        gateway.stop();
        let _serve = Second::start(gateway, &right);
        laptop.wharf(["cert", "renew", "--force"]).succeeds();
        laptop.wharf(&words).succeeds().prints(gateway.tenant_name("bob"));
    });
}

/// The same gateway, started with a passphrase.
struct Second(Child);

impl Second {
    fn start(gateway: &Gateway<'_>, file: &str) -> Self {
        let mut serve = gateway.engine().in_netns(wharf_program().unwrap());
        serve.args(["serve", "--ca-passphrase-file", file, "--config"]).arg(gateway.path("host.yml"));
        let (path, out) =
            (gateway.path("second-log"), std::fs::File::create(gateway.path("second-log")).unwrap());
        serve.env_remove("DOCKER_HOST").stdout(out.try_clone().unwrap()).stderr(out);
        let second = Self(serve.spawn().unwrap());
        wharf_conformance::eventually("the second gateway", || {
            std::fs::read_to_string(&path).unwrap().contains("tcp://").then_some(())
        });
        second
    }
}

impl Drop for Second {
    fn drop(&mut self) {
        self.0.kill().and_then(|()| self.0.wait()).unwrap();
    }
}
