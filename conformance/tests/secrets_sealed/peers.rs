//! What others read: the real `age` opens what wharf seals, and the real `ssh-keygen` checks what wharf signs.

use super::desk::{Desk, first_block, random_value};
use wharf_conformance::Run;

#[test]
fn a_blank_machine_with_the_repository_and_the_recovery_key_opens_everything() {
    let Some((desk, recovery)) = Desk::with_keys() else { return };
    let value = random_value();
    desk.ada_with(&["secret", "set", "blog", "db"], value.as_bytes()).succeeds();
    desk.ada_with(&["secret", "set", "shop", "db"], value.as_bytes()).succeeds();
    // The same folder, on a machine that has nothing else.
    let Some(blank) = Desk::new() else { return };
    for pod in ["blog", "shop"] {
        let text = std::fs::read(desk.repository.join(format!("secrets/{pod}.yml"))).unwrap();
        std::fs::create_dir_all(blank.repository.join("secrets")).unwrap();
        std::fs::write(blank.repository.join(format!("secrets/{pod}.yml")), text).unwrap();
    }
    std::fs::write(blank.repository.join("recovery.key"), &recovery).unwrap();
    for pod in ["blog", "shop"] {
        let shown = blank.ada(&["secret", "show", pod, "db", "--identity", "recovery.key"]).succeeds();
        assert_eq!(shown.stdout(), value);
    }
    blank.root(&["host", "init"]).succeeds();
    blank
        .root(&["secret", "rekey", "--all", "--add", "host", "--identity", "recovery.key", "--yes"])
        .succeeds();
    assert_eq!(blank.root(&["secret", "show", "blog", "db"]).succeeds().stdout(), value);
}

#[test]
fn age_itself_opens_a_value_with_every_kind_of_key() {
    let Some((desk, recovery)) = Desk::with_keys() else { return };
    let value = random_value();
    let (ed25519, rsa) = (desk.ssh_key("ed25519", ""), desk.ssh_key("rsa", ""));
    desk.ada_with(&["secret", "set", "blog", "db"], value.as_bytes()).succeeds();
    std::fs::write(desk.home.join("recovery.key"), recovery).unwrap();
    std::fs::write(desk.home.join("block"), first_block(&desk.text())).unwrap();
    for key in [ed25519, rsa, desk.home.join("recovery.key")] {
        let mut age = desk.sandbox.command("age");
        let run = Run::of(age.arg("-d").arg("-i").arg(&key).arg(desk.home.join("block")), b"").succeeds();
        let inside = run.stdout();
        let (label, clear) = inside.split_once("\n\n").unwrap();
        assert_eq!(clear, value, "{}", key.display());
        assert!(label.starts_with("wharf-secret 1\nowner: machine\npod: blog\nname: db\n"), "{label}");
    }
}

#[test]
fn locked_keys_and_keys_of_age_keygen_open() {
    let Some((desk, _)) = Desk::with_keys() else { return };
    desk.root_with(&["secret", "set", "blog", "db"], b"hunter2").succeeds();
    let key = desk.home.join("age.key");
    let made = Run::of(desk.ada_command(&["age-keygen", "-o"]).arg(&key), b"").succeeds();
    let public = made.stderr().trim().trim_start_matches("Public key: ").to_owned();
    desk.root(&["secret", "rekey", "blog", "--add", &format!("ada={public}")]).succeeds();
    let words = ["secret", "show", "blog", "db", "--identity", key.to_str().unwrap()];
    assert_eq!(desk.ada(&words).succeeds().stdout(), "hunter2");
    desk.ssh_key("rsa", "a passphrase");
    let public = desk.home.join(".ssh/id_rsa.pub");
    desk.root(&["secret", "rekey", "blog", "--add", public.to_str().unwrap()]).succeeds();
    desk.ada(&["secret", "show", "blog", "db"]).exits(2).says("locked with a passphrase");
}

#[test]
fn ssh_keygen_checks_what_wharf_signs_and_wharf_what_nobody_changed() {
    let Some((desk, _)) = Desk::with_keys() else { return };
    for kind in ["ed25519", "rsa"] {
        let key = desk.ssh_key(kind, "");
        desk.ada_with(&["secret", "set", kind, "db"], b"x").succeeds();
        desk.ada(&["secret", "sign", kind, "--identity", key.to_str().unwrap()]).succeeds().says("SHA256:");
        let text = std::fs::read_to_string(desk.repository.join(format!("secrets/{kind}.yml"))).unwrap();
        let (signed, signature) = text.split_once("signature: |\n").unwrap();
        let signature: String = signature.lines().flat_map(|line| [line.trim(), "\n"]).collect();
        std::fs::write(desk.home.join("signature"), signature).unwrap();
        let public = std::fs::read_to_string(key.with_extension("pub")).unwrap();
        std::fs::write(desk.home.join("allowed"), format!("ada@laptop {public}")).unwrap();
        let check = |text: &str| {
            let mut keygen =
                desk.ada_command(&["ssh-keygen", "-Y", "verify", "-n", "wharf-secrets", "-I", "ada@laptop"]);
            keygen.arg("-f").arg(desk.home.join("allowed")).arg("-s").arg(desk.home.join("signature"));
            Run::of(&mut keygen, text.as_bytes())
        };
        check(signed).succeeds().prints("Good \"wharf-secrets\" signature");
        assert_ne!(check(&signed.replace("pod: ", "pod:  ")).status(), 0);
        // And wharf reads what it wrote as ssh-keygen does; of a changed file it says who signed it.
        desk.sandbox
            .write(
                "/etc/wharf/host.yml",
                format!("mount_root: /srv\nsecret_signers: [\"{}\"]\n", public.trim()),
                0o644,
            )
            .unwrap();
        let doctor = desk.root(&["secret", "doctor"]);
        assert!(!doctor.stdout().contains(&format!("{kind}.yml`: this file")), "{}", doctor.stdout());
        let path = desk.repository.join(format!("secrets/{kind}.yml"));
        std::fs::write(&path, text.replace("name: recovery", "name: rescue")).unwrap();
        desk.root(&["secret", "doctor"]).exits(1).prints("was changed after ada@laptop signed it");
        std::fs::write(&path, &text).unwrap();
    }
}
