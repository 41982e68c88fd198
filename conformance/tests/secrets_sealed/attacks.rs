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
    sudo(&["host", "init"], b"").exits(2);
    desk.sandbox.write("/etc/wharf/host.yml", "mount_root: /srv\nadmins: [ada]\n", 0o644).unwrap();
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
fn a_readable_host_key_is_refused_and_ada_has_no_way_to_it() {
    let Some((desk, _)) = Desk::with_keys() else { return };
    desk.ada_with(&["secret", "set", "blog", "db"], b"x").succeeds();
    let mut looks = desk.ada_command(&["cat", "/var/lib/wharf/secrets/host.key"]);
    assert_ne!(looks.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().code(), Some(0));
    desk.ada(&["secret", "show", "blog", "db", "--identity", "/var/lib/wharf/secrets/host.key"]).exits(2);
    desk.sh("chmod 644 /var/lib/wharf/secrets/host.key").succeeds();
    desk.root(&["secret", "show", "blog", "db"]).exits(1).says("can be read by others");
}
