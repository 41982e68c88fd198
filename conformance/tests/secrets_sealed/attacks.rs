//! Whoever wants a value, or wants another one used, or wants root to write elsewhere.

use super::desk::{Desk, owner, random_value};
use std::os::unix::fs::symlink;
use std::process::Stdio;
use wharf_conformance::Run;

#[test]
fn a_value_is_in_no_file_no_argument_and_no_record() {
    let Some((desk, _)) = Desk::with_keys() else { return };
    desk.ssh_key("ed25519", "");
    let value = random_value();
    let mut strace =
        desk.ada_command(&["strace", "-f", "-s", "4096", "-o", "trace", "-e", "trace=execve", "wharf"]);
    Run::of(strace.args(["secret", "set", "blog", "db"]), value.as_bytes()).succeeds();
    desk.root(&["secret", "set", "shop", "db", "--from-file", "/dev/null"]).exits(2);
    assert_eq!(desk.ada(&["secret", "show", "blog", "db"]).succeeds().stdout(), value);
    desk.root(&["secret", "rekey", "blog", "--yes"]).succeeds().never_says(&value);
    desk.ada(&["secret", "ls"]).succeeds().never_says(&value);
    let places = format!("{} /etc /var/lib/wharf /run /dev/shm", desk.home.display());
    // The hunt finds what is there: the same line for a file that has the value.
    let hunt = format!("grep -rlIF -e {value} --binary-files=text -s {places}; true");
    assert_eq!(desk.sh(&hunt).stdout(), "");
    std::fs::write(desk.home.join("planted"), &value).unwrap();
    assert!(desk.sh(&hunt).stdout().ends_with("planted\n"));
    let trail = desk.sh("cat /var/lib/wharf/audit.jsonl").stdout();
    assert!(trail.contains("rekey secret") && trail.contains("blog/db") && !trail.contains(&value));
}

#[test]
fn nobody_of_the_same_account_looks_into_a_wharf_that_holds_a_value_and_it_leaves_no_core() {
    let Some((desk, _)) = Desk::with_keys() else { return };
    desk.ssh_key("ed25519", "");
    desk.ada_with(&["secret", "set", "blog", "db"], b"hunter2").succeeds();
    let editor = desk.repository.join("editor");
    let script = "#!/bin/sh\n( cat /proc/$PPID/maps || echo refused ) > looked 2>&1\nulimit -c > cores\nkill -ABRT $PPID\nsleep 1\n";
    desk.sandbox.write_as("ada", &editor, script).unwrap();
    let line = "ulimit -c unlimited 2>/dev/null; EDITOR='sh ./editor' wharf secret edit blog db";
    let run = Run::of(&mut desk.ada_command(&["sh", "-c", line]), b"");
    assert_ne!(run.status(), 0);
    let said = |name: &str| std::fs::read_to_string(desk.repository.join(name)).unwrap();
    assert!(said("looked").contains("refused") && !said("looked").contains("r-xp"), "{}", said("looked"));
    assert_eq!(said("cores").trim(), "0");
    let cores = desk.sh(&format!("find {} -name 'core*'", desk.repository.display())).stdout();
    assert_eq!(cores.lines().filter(|line| !line.ends_with("/cores")).count(), 0, "{cores}");
}

#[test]
fn a_sealed_file_that_was_tampered_with_is_refused_with_what_is_wrong() {
    let Some((desk, _)) = Desk::with_keys() else { return };
    desk.ada_with(&["secret", "set", "blog", "db"], b"hunter2").succeeds();
    let text = desk.text();
    let line = text.lines().nth(14).unwrap();
    let flipped: String = line
        .char_indices()
        .map(|(at, c)| if at == 20 { if c == 'A' { 'B' } else { 'A' } } else { c })
        .collect();
    let recovery = text.lines().find(|line| line.contains("name: recovery")).unwrap();
    let tampered = [
        (text.replace(line, &flipped), "is damaged"),
        (text.replace(&format!("{recovery}\n"), ""), "was sealed for other readers than the file lists"),
        (text.replace("\n  db:", "\n  api:").replace("db:", "api:"), "there is no secret `db`"),
        (text.replace("pod: blog", "pod: shop"), "sealed file is that of pod `shop`"),
        (text.replace("owner: machine", "owner: \"tenant ada\""), "somebody moved it"),
    ];
    for (tampered, reason) in tampered {
        assert_ne!(tampered, text, "{reason}");
        std::fs::write(desk.sealed(), tampered).unwrap();
        let run = desk.root(&["secret", "show", "blog", "db"]).exits(1).says(reason);
        assert_eq!(run.stdout(), "");
    }
    std::fs::write(desk.sealed(), text).unwrap();
    desk.root(&["secret", "show", "blog", "db"]).succeeds().prints("hunter2");
}

#[test]
fn sudo_opens_nothing_on_somebodys_behalf_and_an_admins_files_stay_theirs() {
    let Some((desk, _)) = Desk::with_keys() else { return };
    desk.sandbox.sudoers("ada ALL=(root) NOPASSWD: /usr/local/bin/wharf *").unwrap();
    desk.root_with(&["secret", "set", "blog", "db"], b"hunter2").succeeds();
    let sudo = |words: &[&str], input: &[u8]| {
        Run::of(desk.ada_command(&["sudo", "-n", "/usr/local/bin/wharf"]).args(words), input)
    };
    for words in [
        ["secret", "show", "blog", "db"],
        ["secret", "edit", "blog", "db"],
        ["secret", "accept", "blog", "db"],
    ] {
        sudo(&words, b"").exits(3).says("run it without sudo").never_says("hunter2");
    }
    sudo(&["host", "init"], b"").exits(3).says("list yourself under `admins`");
    desk.sandbox.write("/etc/wharf/host.yml", "mount_root: /srv\nadmins: [ada]\n", 0o644).unwrap();
    // An admin of the host may be less than root: no program of theirs runs as root.
    let marks = ["secret", "rotate", "blog", "db", "--", "sh", "-c", "id -u > as; id -u"];
    sudo(&marks, b"").exits(3).says("run it without sudo, with a key of your own");
    let editor = ["--trust-environment", "secret", "edit", "blog", "db"];
    let mut edit = desk.ada_command(&["sudo", "-n", "EDITOR=sh -c id>as", "/usr/local/bin/wharf"]);
    assert_ne!(Run::of(edit.args(editor), b"").status(), 0);
    sudo(&editor[1..], b"").exits(3).says("run it without sudo, with a key of your own");
    assert!(!desk.repository.join("as").exists());
    assert_eq!(sudo(&["secret", "show", "blog", "db"], b"").succeeds().stdout(), "hunter2");
    sudo(&["secret", "set", "shop", "db"], b"x").succeeds();
    let ada = owner(&desk.home).0;
    assert_eq!(owner(&desk.repository.join("secrets/shop.yml")).0, ada);
    assert_eq!(owner(&desk.sealed()).0, ada, "what root made in her folder is hers");
}

#[test]
fn links_in_somebodys_folder_lead_root_nowhere() {
    let Some((desk, _)) = Desk::with_keys() else { return };
    let target = desk.sandbox.outside("/etc/target.yml");
    std::fs::write(&target, "root's").unwrap();
    symlink("/etc", desk.repository.join("secrets")).unwrap();
    desk.root_with(&["secret", "set", "fresh", "db"], b"x").exits(1).says("is not a directory");
    assert!(!desk.sandbox.outside("/etc/fresh.yml").exists());
    std::fs::remove_file(desk.repository.join("secrets")).unwrap();
    std::fs::create_dir(desk.repository.join("secrets")).unwrap();
    symlink("/etc/target.yml", desk.repository.join("secrets/blog.yml")).unwrap();
    assert_ne!(desk.root_with(&["secret", "set", "blog", "db"], b"x").status(), 0);
    symlink("/etc/target.yml", desk.repository.join("secrets/.shop.yml.wharf-new")).unwrap();
    desk.root_with(&["secret", "set", "shop", "db"], b"x").succeeds();
    assert_eq!(std::fs::read_to_string(target).unwrap(), "root's");
}

#[test]
fn links_in_somebodys_folder_do_not_tell_what_root_has() {
    let Some((desk, _)) = Desk::with_keys() else { return };
    desk.sandbox.sudoers("ada ALL=(root) NOPASSWD: /usr/local/bin/wharf *").unwrap();
    desk.sandbox.write("/etc/wharf/host.yml", "mount_root: /srv\nadmins: [ada]\n", 0o644).unwrap();
    desk.sh("mkdir -m 700 /etc/private && echo x > /etc/private/blog.yml").succeeds();
    let (pods, secrets) = (desk.repository.join("pods"), desk.repository.join("secrets"));
    assert!(desk.ada_command(&["mkdir", "-p"]).arg(pods.join("secrets")).status().unwrap().success());
    symlink("/etc/private", &secrets).unwrap();
    let answer = |pod: &str| {
        let words = ["sudo", "-n", "/usr/local/bin/wharf", "secret", "show"];
        let file = format!("pods/{pod}.yml");
        let run = Run::of(desk.ada_command(&words).args([&file, "db"]), b"");
        (run.status(), run.stderr().replace(pod, "POD"))
    };
    assert_eq!(answer("blog"), answer("gone"), "there and not there look the same");
}

#[test]
fn a_readable_host_key_is_refused_and_ada_has_no_way_to_it() {
    let Some((desk, _)) = Desk::with_keys() else { return };
    desk.ada_with(&["secret", "set", "blog", "db"], b"x").succeeds();
    let mut looks = desk.ada_command(&["cat", "/var/lib/wharf/secrets/host.key"]);
    assert_ne!(looks.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().code(), Some(0));
    desk.ada(&["secret", "show", "blog", "db", "--identity", "/var/lib/wharf/secrets/host.key"]).exits(2);
    desk.sh("chmod 644 /var/lib/wharf/secrets/host.key").succeeds();
    desk.root(&["secret", "show", "blog", "db"]).exits(1).says("can be read by others");
}

/// Signed by Ada, whom the host lists; `db` then sealed anew by Mallory, who needs public keys alone for that.
fn changed_after_it_was_signed() -> Option<(Desk, String)> {
    let (desk, _) = Desk::with_keys()?;
    let public = desk.ssh_key("ed25519", "").with_extension("pub");
    let key = std::fs::read_to_string(public).unwrap();
    let config = format!("mount_root: /srv\nsecret_signers: [\"{}\"]\n", key.trim());
    desk.sandbox.write("/etc/wharf/host.yml", &config, 0o644).unwrap();
    desk.ada_with(&["secret", "set", "blog", "db"], b"hers").succeeds();
    desk.ada(&["secret", "sign", "blog"]).succeeds();
    let signed = desk.text();
    let (_, signature) = signed.split_once("signature: |\n").unwrap();
    desk.root_with(&["secret", "set", "blog", "db", "--yes"], b"foreign").succeeds();
    let forged = desk.text().split_once("signature: |\n").map_or(desk.text(), |(text, _)| text.to_owned());
    std::fs::write(desk.sealed(), format!("{forged}signature: |\n{signature}")).unwrap();
    let text = desk.text();
    assert_ne!(text, signed);
    Some((desk, text))
}

#[test]
fn what_was_changed_after_it_was_signed_is_not_signed_again_unseen() {
    let Some((desk, text)) = changed_after_it_was_signed() else { return };
    let refused = |run: Run| {
        run.exits(1).says("was changed after").says("git diff").says("wharf secret sign");
        assert_eq!(desk.text(), text);
    };
    refused(desk.ada_with(&["secret", "set", "blog", "other"], b"x"));
    refused(desk.ada(&["secret", "rotate", "blog", "db"]));
    refused(desk.ada(&["secret", "rm", "blog", "db", "--yes"]));
    refused(desk.ada(&["secret", "rekey", "blog", "--yes"]));
    desk.sandbox.write_as("ada", desk.repository.join(".env"), "TOKEN=abc\n").unwrap();
    refused(desk.ada(&["secret", "import", "blog", ".env", "--yes"]));
    // Whoever looked at it signs it, and goes on.
    desk.ada(&["secret", "sign", "blog"]).succeeds();
    desk.ada_with(&["secret", "set", "blog", "other"], b"x").succeeds();
}

#[test]
fn what_a_stranger_signed_is_not_signed_again_unseen() {
    let Some((desk, _)) = Desk::with_keys() else { return };
    let key = desk.ssh_key("ed25519", "");
    desk.ada_with(&["secret", "set", "blog", "db"], b"hers").succeeds();
    let mut keygen =
        desk.ada_command(&["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "mallory", "-f"]);
    Run::of(keygen.arg("mallory"), b"").succeeds();
    desk.root(&["secret", "rekey", "blog", "--add", "mallory.pub", "--yes"]).succeeds();
    desk.root(&["secret", "sign", "blog", "--identity", "mallory"]).succeeds();
    let text = desk.text();
    desk.ada_with(&["secret", "set", "blog", "other", "--yes"], b"x")
        .exits(1)
        .says("neither yours nor listed")
        .says("wharf secret sign");
    assert_eq!(desk.text(), text);
    desk.ada(&["secret", "sign", "blog", "--identity", key.to_str().unwrap()]).succeeds();
    desk.ada_with(&["secret", "set", "blog", "other", "--yes"], b"x").succeeds();
}

#[test]
fn a_reader_who_was_removed_does_not_come_back_where_a_key_is_at_hand() {
    let Some((desk, _)) = Desk::with_keys() else { return };
    desk.ssh_key("ed25519", "");
    desk.ada_with(&["secret", "set", "blog", "db"], b"x").succeeds();
    let mut keygen = desk.ada_command(&["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "bob", "-f"]);
    Run::of(keygen.arg("bob"), b"").succeeds();
    desk.ada(&["secret", "rekey", "blog", "--add", "bob.pub"]).succeeds();
    let line = desk.text().lines().find(|line| line.contains("name: bob")).unwrap().to_owned();
    // Removed by somebody else: Ada's own book still has him.
    desk.root(&["secret", "rekey", "blog", "--remove", "bob", "--yes"]).succeeds();
    let text = desk.text();
    let forged = text.replace("readers:\n", &format!("readers:\n{line}\n"));
    assert_ne!(text, forged);
    std::fs::write(desk.sealed(), &forged).unwrap();
    let refused = |run: Run| run.exits(1).says("was sealed for other readers than the file lists");
    refused(desk.ada_with(&["secret", "set", "blog", "other"], b"y"));
    refused(desk.root_with(&["secret", "set", "blog", "other", "--yes"], b"y"));
    assert_eq!(desk.text(), forged);
    // A value that is replaced says nothing about the list, and is how such a file is mended.
    desk.ada_with(&["secret", "set", "blog", "db"], b"y").succeeds();
}

#[test]
fn what_a_file_says_of_itself_decides_not_for_whom_a_value_is_sealed() {
    let Some((desk, _)) = Desk::with_keys() else { return };
    desk.ada_with(&["secret", "set", "blog", "db"], b"hunter2").succeeds();
    let text = desk.text();
    let value = random_value();
    std::fs::write(desk.repository.join("clear.env"), format!("DB={value}\n")).unwrap();
    let heads = [
        (text.replace("pod: blog", "pod: shop"), "that of pod `shop`"),
        (text.replace("owner: machine", "owner: tenant bob"), "that of tenant bob"),
    ];
    for (head, said) in heads {
        assert_ne!(head, text);
        std::fs::write(desk.repository.join("secrets/blog.yml"), &head).unwrap();
        for words in [
            &["secret", "set", "blog", "db"][..],
            &["secret", "set", "blog", "new"],
            &["secret", "rotate", "blog", "db"],
            &["secret", "import", "blog", "clear.env", "--yes"],
        ] {
            let run = desk.ada_with(words, value.as_bytes());
            assert_ne!(run.status(), 0, "{words:?}");
            run.says(said);
            assert_eq!(desk.text(), head, "{words:?} changed the file");
        }
    }
}
