//! `wharf init`, and its hook in real commits.

use super::desk::{Desk, token};
use std::fs;
use std::os::unix::fs::PermissionsExt;

#[test]
fn a_control_repository_is_made_once() {
    let Some(desk) = Desk::new() else { return };
    desk.wharf(&["init"]).succeeds().says("made .gitignore").says("made the hook");
    for name in [".gitignore", "README.md", "host.yml", "pods", "secrets", ".git/hooks/pre-commit"] {
        assert!(desk.path(name).exists(), "{name}");
    }
    desk.wharf(&["init"]).succeeds().says("nothing to do");
    desk.wharf(&["secret", "scan"]).succeeds();
    // What it leaves out, and what it does not, as git understands it.
    for name in [
        ".env",
        "pods/.env.prod",
        "deep/tls.key",
        "cert.pem",
        ".vault_pass",
        "id_ed25519",
        "terraform.tfstate",
    ] {
        desk.git(&["check-ignore", "-q", name]).succeeds();
    }
    for name in ["secrets/blog.yml", "pods/blog.yml", "host.yml", ".env.example", ".wharf-secrets-allowed"] {
        desk.git(&["check-ignore", "-q", name]).exits(1);
    }
}

#[test]
fn nothing_that_is_there_is_changed() {
    let Some(desk) = Desk::new() else { return };
    desk.write(".gitignore", "mine\n");
    desk.write("pods/own.yml", "containers: {}\n");
    desk.write(".git/hooks/pre-commit", "#!/bin/sh\nexit 0\n");
    std::os::unix::fs::symlink(desk.path("elsewhere"), desk.path("host.yml")).unwrap();
    desk.wharf(&["init"])
        .succeeds()
        .says("does not say `.env`")
        .says("put `wharf secret scan --staged` into it");
    assert_eq!(fs::read_to_string(desk.path(".gitignore")).unwrap(), "mine\n");
    assert_eq!(fs::read_to_string(desk.path(".git/hooks/pre-commit")).unwrap(), "#!/bin/sh\nexit 0\n");
    assert!(!desk.path("elsewhere").exists() && !desk.path("pods/.gitkeep").exists());
}

#[test]
fn the_hook_stops_a_real_commit() {
    let Some(desk) = Desk::new() else { return };
    desk.wharf(&["init"]).succeeds();
    let mode = fs::metadata(desk.path(".git/hooks/pre-commit")).unwrap().permissions().mode();
    assert_eq!(mode & 0o111, 0o111);
    desk.git(&["add", "-A"]).succeeds();
    desk.git(&["commit", "-q", "-m", "begun"]).succeeds();
    let secret = token('z');
    desk.write("pods/blog.yml", format!("containers:\n  web: {{environment: {{API_TOKEN: {secret}}}}}\n"));
    desk.git(&["add", "-A"]).succeeds();
    desk.git(&["commit", "-q", "-m", "leaks"]).exits(1).says("1 found").never_says(&secret);
    desk.git(&["log", "--oneline"]).succeeds().never_says("leaks");
    // A part of what is changed, which git keeps in an index of its own while the hook runs.
    desk.write("README.md", "other\n");
    desk.git(&["commit", "-q", "-m", "only this", "README.md"]).succeeds();
    desk.git(&["commit", "-q", "-m", "leaks", "pods/blog.yml"]).exits(1).says("1 found");
    desk.git(&["commit", "-q", "-a", "-m", "leaks"]).exits(1).says("1 found");
    desk.write("pods/blog.yml", "containers:\n  web: {secrets: [api-token]}\n");
    desk.git(&["commit", "-q", "-a", "-m", "sealed"]).succeeds();
}

#[test]
fn without_a_repository_it_says_what_is_missing() {
    let Some(desk) = Desk::new() else { return };
    fs::remove_dir_all(desk.path(".git")).unwrap();
    desk.wharf(&["init", "new/deep"]).succeeds().says("after `git init`");
    assert!(desk.path("new/deep/secrets/.gitkeep").exists() && !desk.path("new/deep/.git").exists());
}

#[test]
fn no_hook_is_made_where_git_would_not_run_it() {
    let Some(desk) = Desk::new() else { return };
    desk.git(&["config", "core.hooksPath", ".husky"]).succeeds();
    for _ in 0..2 {
        desk.wharf(&["init"])
            .succeeds()
            .says("`core.hooksPath` of this repository is `.husky`")
            .never_says("made the hook")
            .never_says("nothing to do");
        assert!(!desk.path(".git/hooks/pre-commit").exists() && !desk.path(".husky").exists());
    }
    // The usual place by another name, and what is shown cannot steer a terminal.
    desk.git(&["config", "core.hooksPath", "\u{1b}[2Jx"]).succeeds();
    desk.wharf(&["init"]).succeeds().says("[2Jx").never_says("\u{1b}");
    desk.git(&["config", "core.hooksPath", ".git/hooks"]).succeeds();
    desk.wharf(&["init"]).succeeds().says("made the hook");
    desk.git(&["config", "--unset", "core.hooksPath"]).succeeds();
    desk.wharf(&["init"]).succeeds().says("nothing to do");
}
