//! The verbs, in pipes.

use super::desk::{Desk, owner};

#[test]
fn the_first_use_says_what_to_do_and_each_step_says_the_next() {
    let Some(desk) = Desk::new() else { return };
    desk.ada_with(&["secret", "set", "blog", "db"], b"x")
        .exits(2)
        .says("sudo wharf host init")
        .says("--reader");
    let made = desk.root(&["host", "init"]).succeeds().says("next: `wharf secret recovery`");
    let again = desk.root(&["host", "init"]).succeeds().says("has its key already");
    assert_eq!(made.stdout(), again.stdout());
    let key = desk.sandbox.outside("/var/lib/wharf/secrets/host.key");
    assert_eq!(owner(&key), (0, 0o600));
    assert_eq!(owner(&desk.sandbox.outside("/etc/wharf/secrets.pub")), (0, 0o644));
    desk.root(&["secret", "recovery", "--yes"]).succeeds().prints("AGE-SECRET-KEY-1");
    desk.root(&["secret", "recovery", "--yes"]).exits(2).says("--replace");
    desk.ada_with(&["secret", "set", "blog", "db"], b"x").succeeds().says("sealed `db`");
    desk.ada(&["secret", "show", "blog", "db"]).exits(1).says("none of the keys at hand").says("rekey");
    assert_eq!(desk.root(&["secret", "show", "blog", "db"]).succeeds().stdout(), "x");
}

#[test]
fn a_value_comes_from_a_pipe_a_file_or_a_command_and_is_kept_to_the_byte() {
    let Some((desk, _)) = Desk::with_keys() else { return };
    let shown = |name: &str| desk.root(&["secret", "show", "blog", name]).succeeds().stdout();
    desk.ada_with(&["secret", "set", "blog", "piped"], b"two\nlines\n\n").succeeds();
    assert_eq!(shown("piped"), "two\nlines\n", "one line end is taken off");
    desk.ada_with(&["secret", "set", "blog", "whole", "--from-file", "-"], b"line\n").succeeds();
    assert_eq!(shown("whole"), "line\n");
    let path = desk.repository.join("clear");
    desk.sandbox.write_as("ada", &path, b"\x00\xff\n").unwrap();
    desk.ada(&["secret", "set", "blog", "file", "--from-file", "clear"]).succeeds();
    let json = desk.root(&["--json", "secret", "show", "blog", "file"]).succeeds().json();
    assert_eq!(json["base64"], "AP8K");
    desk.ada(&["secret", "rotate", "blog", "piped", "--", "printf", "made\\n"]).succeeds();
    assert_eq!(shown("piped"), "made");
    desk.ada(&["secret", "rotate", "blog", "piped", "--", "false"]).exits(1).says("nothing was changed");
    desk.ada_with(&["secret", "set", "blog", "empty"], b"").exits(2).says("the value is empty");
    desk.ada(&["secret", "set", "blog", "db", "hunter2"]).exits(2);
    assert_eq!(shown("piped"), "made");
}

#[test]
fn secrets_are_listed_rotated_removed_and_kept_for_a_while() {
    let Some((desk, _)) = Desk::with_keys() else { return };
    desk.ada_with(&["secret", "set", "blog", "db"], b"old").succeeds();
    desk.ada(&["secret", "rotate", "blog", "db", "--generate", "40", "--grace", "1h"]).succeeds();
    let new = desk.root(&["secret", "show", "blog", "db"]).succeeds().stdout();
    assert_eq!(new.len(), 40);
    assert_eq!(desk.root(&["secret", "show", "blog", "db", "--previous"]).succeeds().stdout(), "old");
    let listed = desk.root(&["--json", "secret", "ls", "--usage"]).succeeds().json();
    assert_eq!(
        (&listed[0]["pod"], &listed[0]["name"], &listed[0]["owner"]),
        (&"blog".into(), &"db".into(), &"machine".into())
    );
    assert_eq!(listed[0]["last_used"]["action"], "open secret");
    desk.ada(&["secret", "ls"]).succeeds().prints("POD").prints("db").never_says(&new);
    desk.ada(&["secret", "ls", "--older-than", "90d"]).succeeds().says("no such secrets");
    desk.ada(&["secret", "rm", "blog", "db"]).exits(2).says("nobody to ask");
    desk.ada(&["secret", "rm", "blog", "db", "--yes"]).succeeds();
    desk.ada(&["secret", "show", "blog", "db"]).exits(1).says("there is no secret `db`");
}

#[test]
fn many_who_seal_at_once_all_keep_their_values() {
    let Some((desk, _)) = Desk::with_keys() else { return };
    std::thread::scope(|scope| {
        for at in 0..8 {
            let desk = &desk;
            scope.spawn(move || {
                let name = format!("s{at}");
                desk.ada_with(&["secret", "set", "blog", &name], name.as_bytes()).succeeds();
            });
        }
    });
    for at in 0..8 {
        let name = format!("s{at}");
        assert_eq!(desk.root(&["secret", "show", "blog", &name]).succeeds().stdout(), name);
    }
}

#[test]
fn a_reader_is_added_and_removed_without_typing_a_value_again() {
    let Some((desk, _)) = Desk::with_keys() else { return };
    desk.root_with(&["secret", "set", "blog", "db"], b"hunter2").succeeds();
    desk.ada(&["secret", "show", "blog", "db"]).exits(1);
    let key = desk.ssh_key("ed25519", "");
    let public = key.with_extension("pub");
    desk.root(&["secret", "rekey", "blog", "--add", public.to_str().unwrap()]).succeeds();
    assert_eq!(desk.ada(&["secret", "show", "blog", "db"]).succeeds().stdout(), "hunter2");
    desk.root(&["secret", "rekey", "blog", "--remove", "nobody"]).exits(2).says("ada@laptop");
    desk.root(&["secret", "rekey", "--all", "--remove", "ada@laptop"]).succeeds().says("still knows");
    desk.ada(&["secret", "show", "blog", "db"]).exits(1);
    assert_eq!(desk.root(&["secret", "show", "blog", "db"]).succeeds().stdout(), "hunter2");
}

#[test]
fn doctor_tells_of_missing_keys_and_of_readers_that_nobody_knows() {
    let Some((desk, _)) = Desk::with_keys() else { return };
    desk.ada_with(&["secret", "set", "blog", "db"], b"x").succeeds();
    desk.root(&["secret", "doctor"]).succeeds().says("nothing found");
    desk.ssh_key("ed25519", "");
    desk.ada(&["secret", "set", "shop", "db", "--from-file", "/etc/hostname"]).succeeds();
    desk.root(&["secret", "doctor"]).succeeds().prints("reader-unknown").prints("SHA256:");
    desk.sh("rm /var/lib/wharf/secrets/host.key").succeeds();
    desk.root(&["secret", "doctor"]).exits(1).prints("host-key-missing");
}

#[test]
fn a_lost_host_key_is_not_replaced_unasked_while_others_seal_to_it() {
    let Some((desk, _)) = Desk::with_keys() else { return };
    let public = desk.sandbox.outside("/etc/wharf/secrets.pub");
    let before = std::fs::read_to_string(&public).unwrap();
    desk.sh("mv /var/lib/wharf/secrets/host.key /etc/wharf/host.key").succeeds();
    desk.root(&["host", "init"]).exits(1).says("age1").says("--replace");
    assert_eq!(std::fs::read_to_string(&public).unwrap(), before);
    desk.sh("test ! -e /var/lib/wharf/secrets/host.key").succeeds();
    desk.root(&["host", "init", "--replace"]).succeeds().says("age1");
    assert_ne!(std::fs::read_to_string(&public).unwrap(), before);
    // The key that is there is what counts, and never goes.
    desk.sh("mv /etc/wharf/host.key /var/lib/wharf/secrets/host.key").succeeds();
    desk.root(&["host", "init", "--replace"]).succeeds().says("another key before");
    assert_eq!(std::fs::read_to_string(&public).unwrap(), before);
}

#[test]
fn a_recovery_key_half_made_is_finished_and_one_replaced_is_taken_out() {
    let Some((desk, _)) = Desk::with_keys() else { return };
    let public = desk.sandbox.outside("/etc/wharf/recovery.pub");
    let before = std::fs::read_to_string(&public).unwrap();
    std::fs::remove_file(&public).unwrap();
    desk.root(&["secret", "recovery"]).succeeds().says("recovery.pub").never_says("AGE-SECRET");
    assert_eq!(std::fs::read_to_string(&public).unwrap(), before);
    desk.root_with(&["secret", "set", "blog", "db"], b"x").succeeds();
    let words = "wharf secret rekey --all --remove recovery --add recovery";
    desk.root(&["secret", "recovery", "--replace", "--yes"]).succeeds().says(words);
    let words: Vec<&str> = words.split(' ').skip(1).collect();
    desk.root(&words).succeeds();
    let key = std::fs::read_to_string(&public).unwrap();
    assert!(desk.text().contains(key.lines().nth(1).unwrap()) && !desk.text().contains("recovery-2"));
    assert!(!desk.text().contains(before.lines().nth(1).unwrap()));
    let trail = desk.sh("cat /var/lib/wharf/audit.jsonl").stdout();
    assert_eq!(trail.matches("make recovery key").count(), 2, "{trail}");
}

#[test]
fn public_keys_are_for_everybody_whatever_the_umask() {
    let Some(desk) = Desk::new() else { return };
    let line = "umask 077; wharf host init && wharf secret recovery --yes";
    desk.sh(line).succeeds();
    let mode = |path: &str| owner(&desk.sandbox.outside(path)).1;
    assert_eq!((mode("/etc/wharf/secrets.pub"), mode("/etc/wharf/recovery.pub")), (0o644, 0o644));
    desk.ada_with(&["secret", "set", "blog", "db"], b"x").succeeds();
    // What an earlier run left closed is opened by the next.
    desk.sh("chmod 600 /etc/wharf/secrets.pub; wharf host init").succeeds();
    assert_eq!(mode("/etc/wharf/secrets.pub"), 0o644);
}

#[test]
fn conflict_markers_are_called_what_they_are() {
    let Some((desk, _)) = Desk::with_keys() else { return };
    desk.root_with(&["secret", "set", "blog", "db"], b"x").succeeds();
    let text = desk.text();
    let merged = format!("<<<<<<< HEAD\n{text}=======\n{text}>>>>>>> other\n");
    std::fs::write(desk.sealed(), merged).unwrap();
    desk.root_with(&["secret", "set", "blog", "db"], b"x").exits(2).says("git left both versions here");
}

#[test]
fn files_beside_the_pod_files_of_a_control_repository_are_among_all() {
    let Some((desk, _)) = Desk::with_keys() else { return };
    desk.sh(&format!("mkdir -p {}/pods/secrets", desk.repository.display())).succeeds();
    desk.root_with(&["secret", "set", "pods/blog.yml", "db"], b"x").succeeds();
    assert!(desk.repository.join("pods/secrets/blog.yml").exists());
    assert_eq!(desk.root(&["--json", "secret", "ls"]).succeeds().json()[0]["name"], "db");
}

#[test]
fn two_runs_at_once_lose_no_reader_that_was_confirmed_and_a_damaged_book_is_not_replaced() {
    let Some((desk, _)) = Desk::with_keys() else { return };
    desk.ssh_key("ed25519", "");
    std::thread::scope(|scope| {
        for at in 0..6 {
            let desk = &desk;
            scope.spawn(move || {
                let name = format!("reader-{at}");
                let mut keygen =
                    desk.ada_command(&["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", &name, "-f"]);
                wharf_conformance::Run::of(keygen.arg(&name), b"").succeeds();
                let public = format!("{name}.pub");
                let pod = format!("pod{at}");
                desk.ada_with(&["secret", "set", &pod, "db", "--reader", &public], b"x").succeeds();
            });
        }
    });
    let book = desk.home.join(".config/wharf/readers");
    let text = std::fs::read_to_string(&book).unwrap();
    assert!((0..6).all(|at| text.contains(&format!("reader-{at}"))), "{text}");
    std::fs::remove_file(&book).unwrap();
    std::fs::create_dir(&book).unwrap();
    assert_ne!(desk.ada_with(&["secret", "set", "pod1", "db", "--yes"], b"x").status(), 0);
}
