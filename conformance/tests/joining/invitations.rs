//! Invitations, and those who have none.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wharf_conformance::{Run, eventually};
use wharf_testkit::TestDir;

use crate::{Laptop, ca, invited, with_a_gateway};

const NOT_OPEN: &str = "this invitation is not open";

/// How many certificates there are in the book.
fn certificates(gateway: &wharf_conformance::gateway::Gateway<'_>) -> usize {
    let listed = gateway.wharf(&["--json", "cert", "ls", "--all"]).succeeds().json();
    listed["certificates"].as_array().map_or(0, Vec::len)
}

#[test]
fn a_token_is_good_once() {
    with_a_gateway(|gateway| {
        let (first, second) = (Laptop::beside(gateway), Laptop::beside(gateway));
        let words = invited(gateway, &first, "alice", &[]);
        // So that joining is answered at all.
        let _open = invited(gateway, &first, "bob", &[]);
        first.wharf(&words).succeeds();
        let again: Vec<String> = [words[0].clone(), second.gateway_address(), words[2].clone()].into();
        second.wharf(&again).exits(3).says(NOT_OPEN);
        first.wharf(&words).exits(3).says(NOT_OPEN);
        assert!(first.is_let_in(), "what was there is not touched by a join that fails");
        assert!(!second.path(".docker/contexts/meta").exists());
        assert_eq!(certificates(gateway), 1);
    });
}

#[test]
fn a_token_expires() {
    with_a_gateway(|gateway| {
        let laptop = Laptop::beside(gateway);
        let words = invited(gateway, &laptop, "alice", &["--valid", "1s"]);
        std::thread::sleep(Duration::from_millis(1100));
        laptop.wharf(&words).exits(3).says("nobody is invited");
        let _open = invited(gateway, &laptop, "bob", &[]);
        laptop.wharf(&words).exits(3).says(NOT_OPEN);
        assert_eq!(certificates(gateway), 0);
    });
}

#[test]
fn a_token_that_was_mistyped_is_refused_and_harms_the_right_one_nothing() {
    with_a_gateway(|gateway| {
        let laptop = Laptop::beside(gateway);
        let words = invited(gateway, &laptop, "alice", &[]);
        let token = &words[2];
        let with = |at: usize| {
            let other = if token.as_bytes()[at] == b'A' { "B" } else { "A" };
            format!("{}{other}{}", &token[..at], &token[at + 1..])
        };
        let said = |token: &str| laptop.wharf([&words[0], &words[1], token]);
        // `wharf1-`, then 8 bytes of number, 16 of secret, 32 of fingerprint.
        said(&with(8)).exits(3).says(NOT_OPEN);
        said(&with(25)).exits(3).says(NOT_OPEN);
        said(&with(50)).exits(3).says("its authority has another fingerprint");
        for broken in [&token[..token.len() - 1], "wharf1-", "wharf2-abc", "", &format!("{token}x")] {
            said(broken).exits(2).says("this is no token").never_says(&token[10..30]);
        }
        said(token).succeeds();
    });
}

#[test]
fn of_two_who_use_one_token_at_once_one_joins() {
    with_a_gateway(|gateway| {
        let laptops = [Laptop::beside(gateway), Laptop::beside(gateway)];
        for round in 1..=5 {
            let words = invited(gateway, &laptops[0], "alice", &[]);
            let _open = invited(gateway, &laptops[0], "bob", &[]);
            let start = |laptop: &Laptop| {
                let mut command = laptop.command("wharf");
                command.args([&words[0], &laptop.gateway_address(), &words[2]]);
                command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
                command.spawn().unwrap()
            };
            let runs = laptops.each_ref().map(start);
            let mut ends: Vec<_> = runs.into_iter().map(|mut run| run.wait().unwrap().code()).collect();
            ends.sort_unstable();
            assert_eq!(ends, [Some(0), Some(3)], "round {round}");
            assert_eq!(certificates(gateway), round);
        }
    });
}

#[test]
fn where_nobody_is_invited_nothing_is_answered() {
    with_a_gateway(|gateway| {
        let laptop = Laptop::beside(gateway);
        let words = invited(gateway, &laptop, "alice", &[]);
        gateway
            .wharf(&["cert", "revoke", "--tenant", gateway.tenant_name("alice")])
            .succeeds()
            .says("1 open invitation");
        laptop.wharf(&words).exits(3).says("nobody is invited by the gateway");
        // Not even a handshake.
        let mut openssl = laptop.command("/usr/bin/openssl");
        openssl.args(["s_client", "-connect", &laptop.gateway_address(), "-alpn", "wharf-join/1"]);
        let shaken = Run::of(&mut openssl, b"");
        assert!(shaken.stderr().contains("no application protocol"), "{shaken}");
    });
}

#[test]
fn another_server_at_that_address_is_told_nothing() {
    with_a_gateway(|gateway| {
        let laptop = Laptop::beside(gateway);
        let words = invited(gateway, &laptop, "alice", &[]);
        // Everything right but the authority: a certificate for the address, and the protocol.
        let directory = TestDir::new().unwrap();
        let other = directory.join("state");
        let init = Run::of(
            Command::new(wharf_testkit::wharf_program().unwrap())
                .arg("--state-dir")
                .arg(&other)
                .args(["ca", "init", "--names", "127.0.0.1"])
                .env_remove("SUDO_UID"),
            b"",
        );
        let _made = init.succeeds();
        let pem = other.join("identity/server.pem");
        let log = directory.join("server.log");
        let mut server = laptop.root_command("openssl");
        server.args(["s_server", "-accept", "127.0.0.1:2376", "-alpn", "wharf-join/1"]);
        server.arg("-cert").arg(&pem).arg("-key").arg(&pem).arg("-cert_chain").arg(&pem);
        let file = std::fs::File::create(&log).unwrap();
        // It ends with its input.
        server.stdin(Stdio::piped()).stdout(file.try_clone().unwrap()).stderr(file);
        let mut server = server.spawn().unwrap();
        let refused = eventually("the other server", || {
            let run = laptop.wharf([&words[0], "127.0.0.1:2376", &words[2]]);
            (run.status() != 4).then_some(run)
        });
        server.kill().and_then(|()| server.wait()).unwrap();
        refused
            .exits(3)
            .says("its authority has another fingerprint")
            .says("the invitation can still be used");
        let heard = std::fs::read_to_string(log).unwrap();
        assert!(heard.contains("ACCEPT") && !heard.contains("POST") && !heard.contains("wharf1"), "{heard}");
        assert!(!laptop.path(".docker/contexts/meta").exists());
        laptop.wharf(&words).succeeds();
    });
}

#[test]
fn a_certificate_for_another_name_is_said_to_be_that() {
    with_a_gateway(|gateway| {
        let laptop = Laptop::unnamed(gateway);
        let name = gateway.tenant_name("alice");
        gateway
            .wharf(&["invite", name, "--address", &laptop.gateway_address()])
            .exits(2)
            .says("ca names --add");
        let line = gateway.wharf(&["invite", name]).succeeds().stdout();
        let token = line.split_whitespace().last().unwrap();
        laptop
            .wharf(["join", &laptop.gateway_address(), token])
            .exits(1)
            .says("the gateway's certificate is not for");
        ca(gateway, &["ca", "names", "--add", &laptop.gateway_ip()]).succeeds();
        laptop.wharf(["join", &laptop.gateway_address(), token]).succeeds();
    });
}

#[test]
fn who_guesses_is_slowed_and_others_are_not() {
    with_a_gateway(|gateway| {
        let (guesser, neighbour) = (Laptop::beside(gateway), Laptop::beside(gateway));
        let words = invited(gateway, &guesser, "alice", &[]);
        let mut guess = words[2].clone().into_bytes();
        guess[25] ^= 1;
        let guess = String::from_utf8(guess).unwrap();
        let theirs = invited(gateway, &neighbour, "bob", &[]);
        for _ in 0..14 {
            guesser.wharf([&words[0], &words[1], &guess]).exits(3);
        }
        // Four seconds after the last of them it is its turn again. Nobody else waits for that.
        let begun = Instant::now();
        std::thread::scope(|scope| {
            let one_more = scope.spawn(|| {
                guesser.wharf([&words[0], &words[1], &guess]).exits(3);
                begun.elapsed()
            });
            neighbour.wharf(&theirs).succeeds();
            assert!(!one_more.is_finished(), "a neighbour waited longer than who guesses");
            let waited = one_more.join().expect("a guess");
            assert!(waited > Duration::from_secs(2), "the last of many took {waited:?}");
        });
    });
}

#[test]
fn what_cannot_be_written_down_does_not_use_the_invitation_up() {
    with_a_gateway(|gateway| {
        let laptop = Laptop::beside(gateway);
        let words = invited(gateway, &laptop, "alice", &[]);
        std::fs::write(laptop.path(".docker"), "").unwrap();
        laptop.wharf(&words).exits(1).says("cannot write");
        std::fs::remove_file(laptop.path(".docker")).unwrap();
        laptop.wharf(&words).succeeds();
    });
}

#[test]
fn an_invitation_is_for_a_tenant_that_is_there() {
    with_a_gateway(|gateway| {
        gateway
            .wharf(&["invite", "nobody-of-that-name"])
            .exits(2)
            .says("has no tenant `nobody-of-that-name`");
        gateway.wharf(&["invite", "No Name"]).exits(2).says("is no tenant");
        let name = gateway.tenant_name("alice");
        gateway.wharf(&["invite", name, "--user", "../x"]).exits(2).says("cannot be a user's name");
        gateway.wharf(&["invite", name, "--for", "10y"]).exits(2).says("is too long");
        gateway.wharf(&["invite", name, "--valid", "0s"]).exits(2).says("is too short");
        gateway.wharf(&["cert", "lease", "--for", "1h", "--to", name]).exits(2).says("TENANT/USER");
        let leased =
            gateway.wharf(&["--json", "cert", "lease", "--for", "1h", "--to", &format!("{name}/ci")]);
        assert_eq!(leased.succeeds().json()["life_seconds"], 3600);
    });
}
