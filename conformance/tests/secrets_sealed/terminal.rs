//! At a terminal, as people use it.

use super::desk::Desk;
use wharf_testkit::Tmux;

fn does_not_show(terminal: &Tmux, value: &str) {
    let screen = terminal.history().unwrap();
    assert!(!screen.contains(value), "{screen}");
}

#[test]
fn a_value_is_typed_twice_without_being_shown() {
    let Some((desk, _)) = Desk::with_keys() else { return };
    let terminal = desk.terminal();
    terminal.says("wharf secret set blog db").unwrap();
    terminal.shows("value of `db`:").unwrap();
    terminal.says("correct horse").unwrap();
    terminal.shows("the same again:").unwrap();
    terminal.says("correct house").unwrap();
    terminal.shows("these are two values").unwrap();
    assert!(!desk.sealed().exists());
    // Another terminal: on this one, what is waited for stands already.
    let terminal = desk.terminal();
    terminal.says("wharf secret set blog db").unwrap();
    terminal.shows("value of `db`:").unwrap();
    terminal.says("correct horse").unwrap();
    terminal.shows("the same again:").unwrap();
    terminal.says("correct horse").unwrap();
    terminal.shows("sealed `db`").unwrap();
    does_not_show(&terminal, "correct");
    assert_eq!(desk.root(&["secret", "show", "blog", "db"]).succeeds().stdout(), "correct horse");
}

#[test]
fn show_asks_first_and_unlocks_an_ssh_key() {
    let Some((desk, _)) = Desk::with_keys() else { return };
    desk.ssh_key("ed25519", "open sesame");
    desk.ada_with(&["secret", "set", "blog", "db"], b"hunter2").succeeds();
    let terminal = desk.terminal();
    terminal.says("wharf secret show blog db").unwrap();
    terminal.shows("show `db` on this terminal?").unwrap();
    terminal.says("").unwrap();
    terminal.shows("nothing was changed").unwrap();
    // Another terminal: on this one, what is waited for stands already.
    let terminal = desk.terminal();
    terminal.says("wharf secret show blog db").unwrap();
    terminal.shows("show `db` on this terminal?").unwrap();
    terminal.says("y").unwrap();
    terminal.shows("passphrase of").unwrap();
    does_not_show(&terminal, "hunter2");
    terminal.says("open sesame").unwrap();
    terminal.shows("hunter2").unwrap();
    does_not_show(&terminal, "sesame");
}

#[test]
fn a_reader_that_nobody_saw_before_is_shown_and_asked_about() {
    let Some((desk, _)) = Desk::with_keys() else { return };
    desk.ada_with(&["secret", "set", "blog", "db"], b"x").succeeds();
    let mallory = "age1pnm2vstkjvtsk9ax7njrpkrpsuezxvzphq7qtd8x9vr6sp83qddsqqnaq6";
    let text =
        desk.text().replace("readers:\n", &format!("readers:\n  - {{name: backup, key: {mallory}}}\n"));
    std::fs::write(desk.sealed(), &text).unwrap();
    desk.ada_with(&["secret", "set", "blog", "other"], b"y").exits(2).says(mallory).says("--yes");
    let terminal = desk.terminal();
    terminal.says("wharf secret set blog other").unwrap();
    terminal.shows("may this reader read what is sealed from now on?").unwrap();
    terminal.says("n").unwrap();
    terminal.shows("nothing was changed").unwrap();
    assert_eq!(desk.text(), text);
}

#[test]
fn an_editor_works_in_memory_and_leaves_nothing() {
    let Some((desk, _)) = Desk::with_keys() else { return };
    desk.ssh_key("ed25519", "");
    desk.ada_with(&["secret", "set", "blog", "db"], b"old").succeeds();
    let editor = desk.repository.join("editor");
    let script = "#!/bin/sh\nstat -f -c %T \"$1\" > kind; stat -c %a \"$1\" > mode; echo \"$1\" > place; printf new > \"$1\"\n";
    desk.sandbox.write_as("ada", &editor, script).unwrap();
    let mut command =
        desk.ada_command(&["env", "EDITOR=sh ./editor", "wharf", "secret", "edit", "blog", "db"]);
    wharf_conformance::Run::of(&mut command, b"").succeeds().says("sealed `db`");
    let said = |name: &str| std::fs::read_to_string(desk.repository.join(name)).unwrap().trim().to_owned();
    assert!(matches!(said("kind").as_str(), "tmpfs" | "ramfs"), "{}", said("kind"));
    assert_eq!(said("mode"), "600");
    desk.sh(&format!("test ! -e {}", said("place"))).succeeds();
    assert_eq!(desk.ada(&["secret", "show", "blog", "db"]).succeeds().stdout(), "new");
}

#[test]
fn vim_keeps_nothing_of_a_value_whatever_the_vimrc_says() {
    let Some((desk, _)) = Desk::with_keys() else { return };
    if desk.sh("vi --version | grep -q 'Vi IMproved'").status() != 0 {
        wharf_testkit::skip!("`vi` is not vim here");
    }
    desk.ssh_key("ed25519", "");
    let value = super::desk::random_value();
    desk.ada_with(&["secret", "set", "blog", "db"], format!("{value}\nline\n").as_bytes()).succeeds();
    let kept = desk.home.join("kept");
    let vimrc = "set nocompatible undofile undodir=~/kept backup backupdir=~/kept directory=~/kept\n\
                 set viminfo='100,<50,s10,h\nautocmd BufWritePost * silent! w! ~/kept/copy\n";
    assert!(desk.ada_command(&["mkdir"]).arg(&kept).status().unwrap().success());
    desk.sandbox.write_as("ada", desk.home.join(".vimrc"), vimrc).unwrap();
    let terminal = desk.terminal();
    terminal.says("unset EDITOR VISUAL; wharf secret edit blog db").unwrap();
    terminal.shows(&value).unwrap();
    terminal.says("dd").unwrap();
    terminal.says(":s/line/done/").unwrap();
    terminal.says(":wq").unwrap();
    terminal.shows("sealed `db`").unwrap();
    assert_eq!(desk.ada(&["secret", "show", "blog", "db"]).succeeds().stdout(), "done\n");
    let hunt =
        desk.sh(&format!("grep -rl --binary-files=text -e {value} -e done {}; true", desk.home.display()));
    assert_eq!(hunt.stdout(), "");
}

#[test]
fn what_an_edit_that_was_killed_left_is_gone_with_the_next() {
    let Some((desk, _)) = Desk::with_keys() else { return };
    desk.ssh_key("ed25519", "");
    let value = super::desk::random_value();
    desk.ada_with(&["secret", "set", "blog", "db"], value.as_bytes()).succeeds();
    let editor = desk.repository.join("editor");
    desk.sandbox.write_as("ada", &editor, "#!/bin/sh\necho \"$1\" > place; kill -9 $PPID\n").unwrap();
    let edit = |script: &str| {
        let editor = format!("EDITOR=sh {script}");
        let mut command = desk.ada_command(&["env", &editor, "wharf", "secret", "edit", "blog", "db"]);
        wharf_conformance::Run::of(&mut command, b"")
    };
    assert_ne!(edit("./editor").status(), 0);
    let place = std::fs::read_to_string(desk.repository.join("place")).unwrap().trim().to_owned();
    assert!(desk.sh(&format!("cat {place}")).stdout().contains(&value), "the kill came too late");
    desk.sandbox.write_as("ada", desk.repository.join("looks"), "#!/bin/sh\ntrue\n").unwrap();
    edit("./looks").succeeds().says("nothing was changed");
    desk.sh(&format!("test ! -e $(dirname {place})")).succeeds();
}
