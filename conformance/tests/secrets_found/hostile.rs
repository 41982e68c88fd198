//! Small repositories that are large when they are walked. Each is read under a limit of memory and of time.

use super::desk::{Desk, token};
use wharf_conformance::Run;

/// What the program may map; more than it needs for any repository, and less than each of these asks for.
const ADDRESS_SPACE: &str = "--as=2147483648";
const SECONDS: &str = "120";
/// A tree of so many entries has less than the 32 MiB that one object may have.
const MANY: usize = 800_000;

/// `wharf secret scan`, where memory and time are short.
fn scan(desk: &Desk, words: &[&str]) -> Run {
    let program = wharf_testkit::wharf_program().unwrap();
    let limits = ["-s", "KILL", SECONDS, "prlimit", ADDRESS_SPACE, program.to_str().unwrap()];
    let words: Vec<&str> = limits.iter().chain(&["secret", "scan"]).chain(words).copied().collect();
    Run::of(&mut desk.command("timeout", &words), b"")
}

/// Keeps a tree whatever git thinks of it.
fn tree(desk: &Desk, bytes: &[u8]) -> String {
    let words = ["hash-object", "-t", "tree", "-w", "--literally", "--stdin"];
    Run::of(&mut desk.command("git", &words), bytes).succeeds().stdout().trim().to_owned()
}

fn entry(mode: &str, name: &str, id: &str) -> Vec<u8> {
    let id = (0..id.len()).step_by(2).map(|at| u8::from_str_radix(&id[at..at + 2], 16).unwrap());
    format!("{mode} {name}\0").into_bytes().into_iter().chain(id).collect()
}

/// A tree far below: the way to it is 8,000 bytes.
fn far_below(desk: &Desk, id: &str) -> String {
    (0..32).fold(id.to_owned(), |id, _| tree(desk, &entry("40000", &"f".repeat(250), &id)))
}

/// Makes a tree the newest commit, and leaves index and work tree alone.
fn commit(desk: &Desk, tree: &str) {
    let commit = desk.git(&["commit-tree", "-m", "hostile", tree]).succeeds().stdout().trim().to_owned();
    desk.git(&["update-ref", "refs/heads/main", &commit]).succeeds();
}

/// A folder that holds itself ten times, ten deep: 10,000,000,000 folders, in ten objects.
fn bomb(desk: &Desk) -> String {
    let file = desk.write("a.txt", "nothing\n");
    let blob = desk.git(&["hash-object", "-w", file.to_str().unwrap()]).succeeds().stdout();
    let innermost = tree(desk, &entry("100644", "a.txt", blob.trim()));
    (0..10).fold(innermost, |id, _| {
        let entries: Vec<u8> = (0..10).flat_map(|at| entry("40000", &format!("d{at}"), &id)).collect();
        tree(desk, &entries)
    })
}

#[test]
fn a_folder_named_very_often_far_below_is_one() {
    let Some(desk) = Desk::new() else { return };
    let file = desk.write("x.env", format!("TOKEN={}\n", token('a')));
    let blob = desk.git(&["hash-object", "-w", file.to_str().unwrap()]).succeeds().stdout();
    let inner = tree(&desk, &entry("100644", "x.env", blob.trim()));
    let wide: Vec<u8> = (0..MANY).flat_map(|at| entry("40000", &format!("{at:06}"), &inner)).collect();
    commit(&desk, &far_below(&desk, &tree(&desk, &wide)));
    scan(&desk, &["--history"]).exits(3).prints("x.env");
}

#[test]
fn files_far_below_are_as_many_as_memory_allows() {
    let Some(desk) = Desk::new() else { return };
    let wide: Vec<u8> =
        (0..MANY).flat_map(|at| entry("100644", &format!("{at:06}"), &format!("{at:040x}"))).collect();
    commit(&desk, &far_below(&desk, &tree(&desk, &wide)));
    scan(&desk, &["--history"]).exits(1).says("longer than").never_says("panicked");
}

#[test]
fn a_folder_of_folders_of_folders_is_walked_where_the_index_goes() {
    let Some(desk) = Desk::new() else { return };
    commit(&desk, &bomb(&desk));
    desk.write("d1/d2/new.env", format!("TOKEN={}\n", token('b')));
    desk.git(&["add", "d1"]).succeeds();
    let run = scan(&desk, &["--staged"]).exits(3).prints("d1/d2/new.env");
    drop(run);
    // In the history each folder is one.
    scan(&desk, &["--history"]).succeeds();
    // A tree in which a folder's name stands many times is no way to more.
    let inner = bomb(&desk);
    let twice: Vec<u8> = (0..1000).flat_map(|_| entry("40000", "d1", &inner)).collect();
    commit(&desk, &tree(&desk, &twice));
    scan(&desk, &["--staged"]).exits(3).prints("d1/d2/new.env");
}

#[test]
fn paths_of_the_index_that_grow_from_one_another_are_limited() {
    let Some(desk) = Desk::new() else { return };
    desk.write("a.txt", "nothing\n");
    let mut index = [b"DIRC".as_slice(), &4_u32.to_be_bytes(), &20_000_u32.to_be_bytes()].concat();
    for at in 0..20_000 {
        let path = if at == 0 { "p".repeat(1 << 20) } else { "q".to_owned() };
        index.extend([0; 24]);
        index.extend(0o100_644_u32.to_be_bytes());
        index.extend([0; 12 + 20 + 2]);
        // Version 4: nothing is dropped from the path before, and this is added.
        index.extend([&[0], path.as_bytes(), &[0]].concat());
    }
    index.extend([0; 20]);
    desk.write(".git/index", index);
    scan(&desk, &["--staged"]).exits(1).says("index");
    scan(&desk, &[]).exits(1).says("index");
}

#[test]
fn a_long_gitignore_is_kept_once_for_all_folders_below() {
    let Some(desk) = Desk::new() else { return };
    let long = "x\n".repeat(500_000);
    desk.write(".gitignore", &long);
    for at in 0..48 {
        desk.write(&format!("folder-{at}/x"), format!("TOKEN={}\n", token('c')));
    }
    scan(&desk, &[]).succeeds();
    desk.write("folder-7/found.env", format!("TOKEN={}\n", token('c')));
    scan(&desk, &[]).exits(3).prints("folder-7/found.env");
}

#[test]
fn long_gitignores_within_one_another_are_limited_together() {
    let Some(desk) = Desk::new() else { return };
    let long = "x\n".repeat(500_000);
    let mut folder = String::new();
    for _ in 0..32 {
        desk.write(&format!("{folder}.gitignore"), &long);
        folder.push_str("f/");
    }
    desk.write(&format!("{folder}a.txt"), "nothing\n");
    scan(&desk, &[]).succeeds().says("not heeded, since it is too long: f/.gitignore");
}
