//! Repositories that would have something run, or read what lies elsewhere.

use super::desk::{Desk, token};
use std::fs;
use std::os::unix::fs::symlink;

#[test]
fn no_program_that_the_configuration_names_is_run() {
    let Some(desk) = Desk::new() else { return };
    desk.write("a.env", format!("TOKEN={}\n", token('a')));
    desk.write(".gitattributes", "*.env filter=evil diff=evil merge=evil\n");
    desk.commit("one");
    desk.write("b.env", format!("TOKEN={}\n", token('b')));
    desk.git(&["add", "-A"]).succeeds();
    let canary = desk.path("canary");
    let evil = desk.write("evil.sh", format!("#!/bin/sh\ntouch {}\ncat\n", canary.display()));
    fs::set_permissions(&evil, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let evil = evil.to_str().unwrap().to_owned();
    let included = desk.write("included", format!("[core]\n\tfsmonitor = {evil}\n"));
    for (key, value) in [
        ("core.fsmonitor", evil.as_str()),
        ("core.pager", &evil),
        ("core.sshCommand", &evil),
        ("core.hooksPath", desk.path("").to_str().unwrap()),
        ("core.editor", &evil),
        ("core.askPass", &evil),
        ("filter.evil.clean", &evil),
        ("filter.evil.smudge", &evil),
        ("filter.evil.process", &evil),
        ("diff.external", &evil),
        ("diff.evil.textconv", &evil),
        ("diff.evil.command", &evil),
        ("merge.evil.driver", &evil),
        ("credential.helper", &evil),
        ("gpg.program", &evil),
        ("uploadpack.packObjectsHook", &evil),
        ("core.alternateRefsCommand", &evil),
        ("alias.secret", &format!("!{evil}")),
        ("include.path", included.to_str().unwrap()),
    ] {
        let config = fs::read_to_string(desk.path(".git/config")).unwrap();
        let (section, name) = key.rsplit_once('.').unwrap();
        let section =
            section.split_once('.').map_or(section.to_owned(), |(one, two)| format!("{one} \"{two}\""));
        desk.write(".git/config", format!("{config}\n[{section}]\n\t{name} = \"{value}\"\n"));
    }
    // The trap is one: git itself steps into it.
    desk.git(&["status"]);
    assert!(canary.exists(), "the canary proves nothing");
    fs::remove_file(&canary).unwrap();
    desk.scan(&[]).exits(3).prints("a.env");
    desk.scan(&["--staged"]).exits(3).prints("b.env");
    desk.scan(&["--history"]).exits(3).prints("a.env");
    desk.wharf(&["init"]).succeeds();
    assert!(!canary.exists(), "something that the repository names was run");
}

#[test]
fn links_are_not_followed_and_nothing_outside_is_read() {
    let Some(desk) = Desk::new() else { return };
    let outside = desk.path("../outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("x.env"), format!("TOKEN={}\n", token('c'))).unwrap();
    symlink(&outside, desk.path("folder")).unwrap();
    symlink(outside.join("x.env"), desk.path("file.env")).unwrap();
    symlink("/dev/zero", desk.path(".gitignore")).unwrap();
    desk.write("plain.txt", "nothing\n");
    desk.scan(&[]).succeeds();
    symlink(outside.join("x.env"), desk.path(".wharf-secrets-allowed")).unwrap();
    desk.scan(&[]).exits(2).says("link");
}

#[test]
fn objects_borrowed_from_elsewhere_are_not_read() {
    let Some(desk) = Desk::new() else { return };
    desk.write("a.env", format!("TOKEN={}\n", token('d')));
    desk.commit("one");
    desk.git(&["clone", "-q", "--shared", ".", "../borrower"]).succeeds();
    desk.wharf_in("borrower", &["secret", "scan", "--history"])
        .exits(1)
        .says("missing or damaged")
        .never_says("a.env  (");
}

#[test]
fn pipes_in_place_of_files_are_not_waited_for() {
    let Some(desk) = Desk::new() else { return };
    desk.write("a.txt", "nothing\n");
    desk.commit("one");
    for name in ["pipe.env", ".gitignore", ".git/packed-refs", ".git/refs/heads/pipe"] {
        let made =
            std::process::Command::new("mkfifo").args(["-m", "666"]).arg(desk.path(name)).status().unwrap();
        assert!(made.success());
    }
    desk.scan(&[]).succeeds();
    desk.scan(&["--history"]).exits(1).says("not a regular file");
}

#[test]
fn damaged_repositories_are_errors() {
    let Some(desk) = Desk::new() else { return };
    for at in 0..30 {
        desk.write(&format!("file-{at}.txt"), "line\n".repeat(200 + at));
    }
    desk.commit("one");
    desk.git(&["gc", "-q"]).succeeds();
    let packs = desk.path(".git/objects/pack");
    let named = |end: &str| {
        let found = fs::read_dir(&packs).unwrap().map(|entry| entry.unwrap().path());
        found.filter(|path| path.extension().is_some_and(|extension| extension == end)).last().unwrap()
    };
    for end in ["pack", "idx"] {
        let path = named(end);
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
        let whole = fs::read(&path).unwrap();
        for at in (8..whole.len()).step_by(whole.len() / 40 + 1) {
            let mut damaged = whole.clone();
            damaged[at] ^= 0xff;
            fs::write(&path, damaged).unwrap();
            let run = desk.scan(&["--history"]);
            // A flipped bit of a checksum or of a file's text changes nothing that is looked at.
            assert!([0, 1].contains(&run.status()), "{end} at {at}: {} {}", run.status(), run.stderr());
            assert!(!run.stderr().contains("panicked"), "{end} at {at}: {}", run.stderr());
            drop(run.never_says("panicked"));
        }
        for length in [0, 4, 40, whole.len() / 2] {
            fs::write(&path, &whole[..length]).unwrap();
            desk.scan(&["--history"]).exits(1);
        }
        fs::write(&path, whole).unwrap();
    }
    fs::write(desk.path(".git/index"), b"DIRC\0\0\0\x02\xff\xff\xff\xff").unwrap();
    desk.scan(&["--staged"]).exits(1).says("no index of git");
    desk.write(".git/HEAD", "ref: ../../../etc/passwd\n");
    desk.scan(&["--history"]).exits(1).says("names no ref");
}

#[test]
fn a_name_cannot_forge_a_line_of_the_report() {
    let Some(desk) = Desk::new() else { return };
    desk.write("x\n\u{1b}[2Jforged.env", format!("TOKEN={}\n", token('e')));
    let run = desk.scan(&[]).exits(3);
    assert_eq!(run.stdout().lines().count(), 2, "{}", run.stdout());
    drop(run.never_says("\u{1b}"));
}
