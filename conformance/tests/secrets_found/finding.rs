//! What is found, where, and what is said of it.

use super::desk::{Desk, token};
use std::process::Command;
use wharf_conformance::Run;
use wharf_testkit::wharf_program;

#[test]
fn a_find_is_told_with_its_place_and_never_with_its_value() {
    let Some(desk) = Desk::new() else { return };
    let secret = token('a');
    desk.write(
        "pods/blog.yml",
        format!("containers:\n  web:\n    environment:\n      GITHUB_TOKEN: {secret}\n"),
    );
    desk.write("src/clean.rs", "fn main() {}\n");
    let run = desk.scan(&[]).exits(3).never_says(&secret).never_says(&secret[8..]);
    assert_eq!(run.stdout(), "pods/blog.yml\n  4:21      github-pat               GITHUB_TOKEN = ********\n");
    let run = run.says("1 found in 1 of 2").says("wharf secret set");
    drop(run);
    let json = desk.scan(&["--json"]).exits(3).never_says(&secret).json();
    assert_eq!(json["finds"][0]["path"], "pods/blog.yml");
    assert_eq!((json["finds"][0]["line"].as_u64(), json["finds"][0]["column"].as_u64()), (Some(4), Some(21)));
}

#[test]
fn nothing_found_is_exit_code_0() {
    let Some(desk) = Desk::new() else { return };
    desk.write("pods/blog.yml", "containers:\n  web:\n    image: nginx\n    secrets: [db-password]\n");
    desk.scan(&[]).succeeds().says("nothing found: 1 looked at");
    desk.scan(&["--staged"]).succeeds();
    desk.commit("one");
    desk.scan(&["--history"]).succeeds();
}

#[test]
fn what_git_ignores_is_left_out_unless_it_is_kept_all_the_same() {
    let Some(desk) = Desk::new() else { return };
    desk.write(".gitignore", "*.local\n/build/\n");
    desk.write("a.local", format!("TOKEN={}\n", token('b')));
    desk.write("build/deep/x.env", format!("TOKEN={}\n", token('c')));
    desk.scan(&[]).succeeds();
    desk.git(&["add", "-f", "a.local"]).succeeds();
    desk.scan(&[]).exits(3).prints("a.local");
}

#[test]
fn what_is_staged_is_looked_at_and_not_what_lies_beside_it() {
    let Some(desk) = Desk::new() else { return };
    desk.write("kept.env", format!("TOKEN={}\n", token('d')));
    desk.commit("the past is the history's affair");
    desk.write("new.env", format!("TOKEN={}\n", token('e')));
    desk.git(&["add", "new.env"]).succeeds();
    // Cleaned in the work tree, and staged all the same.
    desk.write("new.env", "TOKEN=\n");
    desk.write("unstaged.env", format!("TOKEN={}\n", token('f')));
    let run = desk.scan(&["--staged"]).exits(3);
    assert_eq!(run.stdout().lines().next(), Some("new.env"));
    assert_eq!(run.stdout().lines().count(), 2, "{}", run.stdout());
}

#[test]
fn indexes_of_every_version_are_read() {
    let Some(desk) = Desk::new() else { return };
    for at in 0..40 {
        desk.write(&format!("deep/folder/file-{at}.txt"), "nothing\n");
    }
    desk.commit("one");
    desk.write("deep/folder/new.env", format!("TOKEN={}\n", token('g')));
    for version in ["2", "3", "4"] {
        desk.git(&["add", "-N", "deep/folder/new.env"]).succeeds();
        desk.git(&["add", "deep/folder/new.env"]).succeeds();
        desk.git(&["update-index", "--index-version", version]).succeeds();
        desk.scan(&["--staged"]).exits(3).prints("deep/folder/new.env");
    }
    desk.git(&["update-index", "--split-index"]).succeeds();
    desk.scan(&["--staged"]).exits(1).says("--no-split-index");
}

#[test]
fn the_history_is_told_with_the_commit_that_brought_it() {
    let Some(desk) = Desk::new() else { return };
    desk.write("a.env", "A=1\n");
    desk.commit("one");
    desk.write("a.env", format!("TOKEN={}\n", token('h')));
    desk.commit("two");
    let brought = desk.git(&["rev-parse", "HEAD"]).succeeds().stdout();
    desk.write("a.env", "A=1\n");
    desk.commit("three");
    desk.git(&["checkout", "-q", "-b", "side"]).succeeds();
    desk.write("b.env", format!("TOKEN={}\n", token('i')));
    desk.commit("on a branch");
    desk.git(&["tag", "-a", "-m", "tagged", "v1"]).succeeds();
    desk.git(&["checkout", "-q", "main"]).succeeds();
    desk.git(&["branch", "-q", "-D", "side"]).succeeds();
    desk.scan(&[]).succeeds();
    for round in ["loose", "packed"] {
        let run = desk.scan(&["--history"]).exits(3).prints("b.env").says("rewrites the history");
        assert!(
            run.stdout().contains(&format!("a.env  (commit {})", &brought[..12])),
            "{round}: {}",
            run.stdout()
        );
        drop(run);
        desk.git(&["gc", "-q", "--aggressive"]).succeeds();
        desk.git(&["pack-refs", "--all"]).succeeds();
    }
}

#[test]
fn a_repository_with_ids_of_sha256_is_read() {
    let Some(desk) = Desk::new() else { return };
    std::fs::remove_dir_all(desk.path(".git")).unwrap();
    desk.git(&["init", "-q", "--object-format=sha256", "."]).succeeds();
    desk.git(&["config", "user.email", "x@example.org"]).succeeds();
    desk.git(&["config", "user.name", "x"]).succeeds();
    desk.write("a.env", format!("TOKEN={}\n", token('j')));
    desk.git(&["add", "a.env"]).succeeds();
    desk.scan(&["--staged"]).exits(3).prints("a.env");
    desk.commit("one");
    desk.git(&["gc", "-q"]).succeeds();
    desk.scan(&["--history"]).exits(3).prints("a.env");
}

#[test]
fn work_trees_submodules_and_shallow_clones_are_what_they_are() {
    let Some(desk) = Desk::new() else { return };
    desk.write("a.env", format!("TOKEN={}\n", token('k')));
    desk.commit("one");
    desk.write("a.env", "A=1\n");
    desk.commit("two");
    desk.git(&["worktree", "add", "-q", "../beside"]).succeeds();
    desk.wharf_in("beside", &["secret", "scan", "--history"]).exits(3);
    desk.git(&["clone", "-q", "--depth", "1", &format!("file://{}", desk.path("").display()), "../shallow"])
        .succeeds();
    desk.wharf_in("shallow", &["secret", "scan", "--history"]).succeeds().says("the clone is shallow");
    desk.git(&["clone", "-q", ".", "inner"]).succeeds();
    desk.scan(&[]).succeeds().says("a repository of its own: inner");
}

#[test]
fn a_find_is_allowed_by_a_remark_or_by_the_committed_file() {
    let Some(desk) = Desk::new() else { return };
    let secret = token('l');
    desk.write("a.env", format!("TOKEN={secret} # wharf:allow, of the documentation\n"));
    desk.scan(&[]).succeeds();
    desk.write("a.env", format!("TOKEN={secret}\n"));
    desk.scan(&["--baseline-add"]).exits(2).says("--yes");
    desk.scan(&["--baseline-add", "--yes"]).succeeds();
    let kept = std::fs::read_to_string(desk.path(".wharf-secrets-allowed")).unwrap();
    assert!(kept.contains(" github-pat a.env") && !kept.contains(&secret[4..12]), "{kept}");
    desk.scan(&[]).succeeds().says("1 allowed");
    desk.git(&["add", "-A"]).succeeds();
    desk.scan(&["--staged"]).succeeds();
    desk.write("a.env", format!("TOKEN={}\n", token('m')));
    desk.scan(&[]).exits(3);
    desk.scan(&["--update-baseline", "--yes"]).succeeds().says("allows 1 finds");
    desk.scan(&[]).succeeds();
}

#[test]
fn a_folder_that_is_no_repository_is_looked_at_whole() {
    let Some(desk) = Desk::new() else { return };
    std::fs::remove_dir_all(desk.path(".git")).unwrap();
    desk.write(".gitignore", ".env\n");
    desk.write(".env", format!("TOKEN={}\n", token('n')));
    desk.scan(&[]).exits(3).prints(".env");
    desk.scan(&[".env"]).exits(3).prints(".env");
    desk.scan(&["--history"]).exits(2).says("lies in no git repository");
}

#[test]
fn root_is_refused_also_through_sudo() {
    let root = || Command::new(wharf_program().unwrap());
    Run::of(root().args(["secret", "scan", "/"]), b"").exits(2).says("does not run as root");
    Run::of(root().args(["init", "/tmp"]), b"").exits(2).says("does not run as root");
    let through_sudo = &mut root();
    through_sudo.env("SUDO_UID", "65534").env("SUDO_GID", "65534").env("SUDO_USER", "nobody");
    Run::of(through_sudo.args(["secret", "scan", "/"]), b"").exits(3).says("run it without sudo");
}
