//! What is read of small repositories that the real git made.

use std::path::Path;
use std::process::Command;
use tempfile::TempDir;
use wharf_repository::{Repository, WorkTree};

fn git(top: &Path, words: &[&str]) {
    let mut command = Command::new("git");
    // Nobody's configuration but the repository's.
    command
        .args(words)
        .current_dir(top)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null");
    for who in ["GIT_AUTHOR", "GIT_COMMITTER"] {
        command.env(format!("{who}_NAME"), "x").env(format!("{who}_EMAIL"), "x@example.org");
    }
    assert!(command.status().unwrap().success(), "git {words:?}");
}

fn repository(files: &[(&str, &str)]) -> (TempDir, Repository) {
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "-q"]);
    write(folder.path(), files);
    git(folder.path(), &["add", "-A"]);
    git(folder.path(), &["commit", "-q", "-m", "one"]);
    let repository = Repository::discover(folder.path()).unwrap().unwrap();
    (folder, repository)
}

fn write(top: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let path = top.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

#[test]
fn what_is_staged_is_what_the_commit_has_not_at_that_path() {
    let before = [
        ("a", "1"),
        ("deep/er/b", "2"),
        ("deep-er/b", "3"),
        ("deep/er.b", "4"),
        ("gone/c", "5"),
        ("kind/d", "6"),
    ];
    let (folder, repository) = repository(&before);
    assert_eq!(repository.staged(None).unwrap(), []);
    std::fs::remove_dir_all(folder.path().join("gone")).unwrap();
    std::fs::remove_dir_all(folder.path().join("kind")).unwrap();
    // What was a folder is a file; content that is there already, at another path; content that is new.
    write(folder.path(), &[("kind", "7"), ("deep/er/c", "2"), ("deep-er/b", "8")]);
    git(folder.path(), &["add", "-A"]);
    let paths: Vec<String> = repository.staged(None).unwrap().into_iter().map(|blob| blob.path).collect();
    assert_eq!(paths, ["deep-er/b", "deep/er/c", "kind"]);
}

#[test]
fn the_history_has_each_content_once() {
    let (folder, repository) = repository(&[("a", "1"), ("b/c", "1"), ("d/e", "2"), ("f/e", "2")]);
    write(folder.path(), &[("d/e", "3")]);
    git(folder.path(), &["commit", "-q", "-a", "-m", "two"]);
    let history = repository.history(&mut |_| {}).unwrap();
    // Both commits are of one second, so that either may be the older.
    let mut names: Vec<&str> =
        history.blobs.iter().map(|blob| blob.path.rsplit('/').next().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["a", "e", "e"]);
    assert_eq!(history.unreadable, 0);
}

#[test]
fn files_are_listed_as_git_would_keep_them() {
    let files = [("a", ""), ("kept.log", ""), ("pods/.gitignore", "!open.log\n"), ("pods/open.log", "")];
    let (folder, repository) = repository(&files);
    write(
        folder.path(),
        &[(".gitignore", "*.log\nbuild\n"), ("b.log", ""), ("build/x", ""), ("pods/c.log", "")],
    );
    let tree = WorkTree::open(folder.path()).unwrap();
    let listing = tree.list(Some(&repository), "").unwrap();
    assert_eq!(listing.files, [".gitignore", "a", "kept.log", "pods/.gitignore", "pods/open.log"]);
    assert_eq!(tree.list(Some(&repository), "pods").unwrap().files, ["pods/.gitignore", "pods/open.log"]);
    assert!(listing.unheeded.is_empty() && listing.unreadable.is_empty());
}

#[test]
fn a_gitignore_without_room_is_told() {
    let (folder, repository) = repository(&[("a", "")]);
    let long = "x\n".repeat(300 << 10);
    write(folder.path(), &[(".gitignore", &long), ("deep/.gitignore", &long), ("deep/x", "")]);
    let listing = WorkTree::open(folder.path()).unwrap().list(Some(&repository), "").unwrap();
    assert_eq!(listing.unheeded, ["deep/.gitignore"]);
    assert_eq!(listing.files, [".gitignore", "a", "deep/.gitignore"]);
}

#[test]
fn hooks_elsewhere_are_told() {
    let (folder, repository) = repository(&[("a", "")]);
    let told = |path: &str| {
        git(folder.path(), &["config", "core.hooksPath", path]);
        repository.hooks_elsewhere().unwrap()
    };
    assert_eq!(repository.hooks_elsewhere().unwrap(), None);
    assert_eq!(told(".husky").as_deref(), Some(".husky"));
    assert_eq!(told("/etc/hooks").as_deref(), Some("/etc/hooks"));
    assert_eq!(told(".git/hooks/"), None);
    git(folder.path(), &["config", "extensions.worktreeConfig", "true"]);
    git(folder.path(), &["config", "--worktree", "core.hooksPath", "own"]);
    assert_eq!(repository.hooks_elsewhere().unwrap().as_deref(), Some("own"));
}
