//! Killed at any moment: the file from before or the new one, never neither.

use super::desk::Desk;
use std::process::Stdio;
use std::time::Duration;

/// Kills `words` after ever longer times, until it ends by itself before that.
fn kill_at_every_moment(desk: &Desk, words: &[&str], is_whole: impl Fn()) {
    let (mut killed, mut finished) = (0, 0);
    for step in 0..60_u64 {
        let mut child =
            desk.root_command().args(words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(step));
        let ended = child.try_wait().unwrap();
        if ended.is_some() {
            finished += 1;
        } else {
            killed += 1;
            child.kill().unwrap();
            child.wait().unwrap();
        }
        is_whole();
        if finished > 5 {
            break;
        }
    }
    assert!(killed > 0, "it was never killed");
}

#[test]
fn a_killed_run_leaves_the_old_file_or_the_new_one() {
    let Some((desk, _)) = Desk::with_keys() else { return };
    desk.root_with(&["secret", "set", "blog", "db"], b"first").succeeds();
    let whole = || {
        let shown = desk.root(&["secret", "show", "blog", "db"]).succeeds().stdout();
        assert!(shown == "first" || shown.len() == 32, "{shown}");
    };
    kill_at_every_moment(&desk, &["secret", "rotate", "blog", "db"], whole);
    kill_at_every_moment(&desk, &["secret", "rekey", "blog"], whole);
    desk.root_with(&["secret", "set", "blog", "db"], b"first").succeeds();
    whole();
    let left: Vec<_> = std::fs::read_dir(desk.repository.join("secrets")).unwrap().collect();
    assert_eq!(left.len(), 1, "what a killed run left is tidied up by the next: {left:?}");
}

#[test]
fn a_write_that_fails_half_way_leaves_the_old_file() {
    let Some((desk, _)) = Desk::with_keys() else { return };
    desk.root_with(&["secret", "set", "blog", "db"], b"first").succeeds();
    let before = desk.text();
    for call in ["fsync", "renameat", "renameat2", "fchmod", "fchown"] {
        // The real program, whose n-th call of this kind is answered with an error.
        for nth in 1..6 {
            let mut strace = desk.sandbox.command("strace");
            strace.args([
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                &format!("inject={call}:error=EIO:when={nth}"),
            ]);
            strace
                .args(["env", "-C"])
                .arg(&desk.repository)
                .args(["wharf", "secret", "rotate", "blog", "db"]);
            let run = wharf_conformance::Run::of(&mut strace, b"");
            let shown = desk.root(&["secret", "show", "blog", "db"]).succeeds().stdout();
            // The folder's own fsync is after the rename: the new file is there then, and the failure is told all the same.
            assert!(run.status() != 0 || shown.len() == 32, "{call} {nth}: {shown}");
            if shown == "first" {
                assert_eq!(desk.text(), before);
            }
            desk.root_with(&["secret", "set", "blog", "db"], b"first").succeeds();
            std::fs::write(desk.sealed(), &before).unwrap();
        }
    }
}
