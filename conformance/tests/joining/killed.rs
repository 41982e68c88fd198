//! The host's verbs, killed at any step: what is there is an authority that works, or none.

use std::path::Path;
use std::process::Command;

use wharf_conformance::Run;
use wharf_testkit::{TestDir, run, wharf_program};

use crate::strike::{self, HOST};

/// `wharf` as the administrator of this state directory, with words before it.
fn wharf(before: &[&str], state: &Path, words: &[&str]) -> Run {
    let mut line = before.iter().map(std::ffi::OsString::from).collect::<Vec<_>>();
    line.push(wharf_program().expect("the wharf under test").into());
    let mut command = Command::new(&line[0]);
    command
        .args(&line[1..])
        .arg("--config")
        .arg(state.with_file_name("host.yml"))
        .arg("--state-dir")
        .arg(state);
    command.args(words).env_remove("SUDO_UID").env_remove("SUDO_GID");
    Run::of(&mut command, b"")
}

fn host() -> (TestDir, std::path::PathBuf) {
    let directory = TestDir::new().expect("a directory");
    directory
        .write("host.yml", "listen: ['tcp://127.0.0.1:2376']\ntenants: {alice: {users: [nobody]}}\n")
        .expect("a configuration");
    let state = directory.join("state");
    std::fs::create_dir(&state).expect("a state directory");
    directory
        .write("state/tenants.json", r#"{"alice": {"generation": 1, "present": true, "number": 1}}"#)
        .expect("a book");
    Command::new("chmod").arg("-R").arg("go=").arg(&state).status().expect("a mode");
    (directory, state)
}

fn again(from: &Path, state: &Path) {
    run(Command::new("rm").arg("-rf").arg(state)).expect("a removal");
    run(Command::new("cp").arg("-a").arg(from).arg(state)).expect("a copy");
}

/// The server's certificate is of an authority that is trusted, everything is root's alone, and certificates can be issued.
fn is_usable(state: &Path) {
    let identity = state.join("identity");
    let shown = wharf(&[], state, &["--json", "ca", "show"]).succeeds().json();
    let trusted = [&shown["fingerprint"], &shown["former"]];
    assert!(trusted.contains(&&shown["server_authority"]), "{shown}");
    for entry in std::fs::read_dir(&identity).unwrap().flatten() {
        use std::os::unix::fs::PermissionsExt;
        let mode = entry.metadata().unwrap().permissions().mode() & 0o7777;
        assert_eq!(mode, 0o600, "{}", entry.path().display());
    }
    let to = state.with_file_name("exported");
    let _none = std::fs::remove_dir_all(&to);
    wharf(&[], state, &["cert", "export", "alice", "--user", "try", "--to", to.to_str().unwrap()]).succeeds();
    let verified = |usage: &str, certificate: &Path| {
        let mut openssl = Command::new("openssl");
        openssl.args(["verify", "-purpose", usage, "-CAfile"]).arg(to.join("ca.pem")).arg(certificate);
        let _verified = Run::of(&mut openssl, b"").succeeds();
    };
    verified("sslclient", &to.join("cert.pem"));
    verified("sslserver", &identity.join("server.pem"));
}

#[test]
fn killed_at_any_step_of_ca_init_there_is_no_authority_or_a_whole_one() {
    let (_directory, state) = host();
    let blank = state.with_file_name("blank");
    again(&state, &blank);
    let mut made = 0;
    let init = ["ca", "init", "--names", "127.0.0.1,quay"];
    let strikes = strike::each(HOST, |tracer| {
        again(&blank, &state);
        let run = wharf(tracer, &state, &init);
        // Whoever starts anew has one either way.
        let next = wharf(&[], &state, &init);
        if next.status() == 0 {
            is_usable(&state);
        } else {
            made += 1;
            next.exits(2).says("this host has an authority already");
            is_usable(&state);
        }
        run
    });
    assert!(strikes > 30, "{strikes} strikes");
    assert!(made > 0 && made < strikes, "{made} of {strikes} were whole");
}

#[test]
fn killed_at_any_step_of_a_rotation_there_is_an_authority_that_is_trusted() {
    let (_directory, state) = host();
    wharf(&[], &state, &["ca", "init", "--names", "127.0.0.1,quay"]).succeeds();
    let before = state.with_file_name("before");
    again(&state, &before);
    let strikes = strike::each(HOST, |tracer| {
        again(&before, &state);
        let run = wharf(tracer, &state, &["ca", "rotate"]);
        is_usable(&state);
        // It goes on from there: begun again when it was not, refused when it was.
        let next = wharf(&[], &state, &["ca", "rotate"]);
        if next.status() != 0 {
            next.exits(2).says("a rotation is not finished yet");
        }
        is_usable(&state);
        wharf(&[], &state, &["ca", "rotate", "--finish", "--force"]).succeeds();
        is_usable(&state);
        assert!(!state.join("identity/former.pem").exists());
        run
    });
    assert!(strikes > 40, "{strikes} strikes");
}

#[test]
fn killed_at_any_step_of_its_end_a_rotation_can_be_finished() {
    let (_directory, state) = host();
    wharf(&[], &state, &["ca", "init", "--names", "127.0.0.1,quay"]).succeeds();
    wharf(&[], &state, &["ca", "rotate"]).succeeds();
    let before = state.with_file_name("before");
    for words in [&["ca", "rotate", "--finish"][..], &["ca", "rotate", "--now"]] {
        again(&state, &before);
        let strikes = strike::each(HOST, |tracer| {
            again(&before, &state);
            let run = wharf(tracer, &state, words);
            // In the middle of `--now` nobody is given anything of the authority that may be a thief's.
            let to = state.with_file_name("too-early");
            let _none = std::fs::remove_dir_all(&to);
            let words = ["cert", "export", "alice", "--user", "try", "--to", to.to_str().unwrap()];
            let exported = wharf(&[], &state, &words);
            if exported.status() == 0 {
                is_usable(&state);
            } else {
                exported.exits(1).says("`wharf ca rotate --finish`");
                wharf(&[], &state, &["ca", "names", "--add", "quay.example"]).exits(1).says("--finish");
            }
            let next = wharf(&[], &state, &["ca", "rotate", "--finish", "--force"]);
            if next.status() != 0 {
                next.exits(2).says("no rotation is under way");
            }
            is_usable(&state);
            assert!(!state.join("identity/former.pem").exists());
            run
        });
        assert!(strikes > 40, "{strikes} strikes");
        again(&before, &state);
    }
}
