//! Somebody new, on a machine with the docker CLI and wharf and nothing else.

use std::os::unix::fs::{MetadataExt, PermissionsExt};

use serde_json::Value;

use crate::{Laptop, ca, invited, with_a_gateway, with_each_gateway};

#[test]
fn somebody_pastes_one_line_and_has_a_docker() {
    with_each_gateway(|gateway| {
        let laptop = Laptop::beside(gateway);
        let name = gateway.tenant_name("alice").to_owned();
        let words = invited(gateway, &laptop, "alice", &["--user", "laptop"]);
        let joined = laptop.wharf(words).succeeds();
        let first = joined.stdout().lines().next().unwrap_or_default().to_owned();
        assert!(
            first.starts_with(&format!("laptop of tenant {name} at {}", laptop.gateway_address())),
            "{joined}"
        );

        laptop
            .docker(&["--context", "wharf", "run", "-d", "--name", "web", "busybox", "sleep", "1000"])
            .succeeds();
        laptop.docker(&["--context", "wharf", "ps", "--format", "{{.Names}}"]).succeeds().prints("web");
        assert_eq!(
            gateway
                .engine()
                .docker(["ps", "-q", "--filter", &format!("name={name}--web")])
                .unwrap()
                .lines()
                .count(),
            1
        );
        let told =
            laptop.wharf(["--json", "whoami", "--host", &format!("tcp://{}", laptop.gateway_address())]);
        assert_ne!(told.status(), 0, "without the context there is no certificate to show: {told}");

        let listed = gateway.wharf(&["--json", "cert", "ls"]).succeeds().json();
        let entry = &listed["certificates"][0];
        assert_eq!((entry["tenant"].as_str(), entry["user"].as_str()), (Some(name.as_str()), Some("laptop")));
        assert_eq!(entry["life_seconds"], 90 * 24 * 3600);
        assert_eq!(listed["invitations"], Value::Array(vec![]), "it was used");
        let seen = wharf_conformance::eventually("that it was seen is written down", || {
            let listed = gateway.wharf(&["--json", "cert", "ls"]).json();
            listed["certificates"][0]["last_from"].as_str().map(String::from)
        });
        assert_eq!(seen, laptop.own_ip());
        laptop.docker(&["--context", "wharf", "rm", "-f", "web"]).succeeds();
    });
}

#[test]
fn use_makes_it_what_docker_speaks_to_and_the_folder_serves_other_programs() {
    with_a_gateway(|gateway| {
        let laptop = Laptop::beside(gateway);
        std::fs::create_dir(laptop.path(".docker")).unwrap();
        std::fs::write(laptop.path(".docker/config.json"), r#"{"auths": {}, "mine": 1}"#).unwrap();
        let chown = std::process::Command::new("chown")
            .args(["-R", "--reference"])
            .arg(laptop.path(""))
            .arg(laptop.path(".docker"))
            .status();
        assert!(chown.unwrap().success());
        let mut words = invited(gateway, &laptop, "alice", &[]);
        words.push("--use".to_owned());
        laptop.wharf(&words).succeeds().says("DOCKER_CERT_PATH=").says("crontab");
        laptop.docker(&["ps"]).succeeds();
        let config: Value =
            serde_json::from_slice(&std::fs::read(laptop.path(".docker/config.json")).unwrap()).unwrap();
        assert_eq!((config["mine"].as_i64(), config["currentContext"].as_str()), (Some(1), Some("wharf")));
        let address = format!("tcp://{}", laptop.gateway_address());
        let mut by_path = laptop.command("/usr/bin/env");
        by_path.arg(format!("DOCKER_CERT_PATH={}", laptop.certificates().display()));
        by_path.args([
            "DOCKER_CONFIG=/nowhere",
            "DOCKER_TLS_VERIFY=1",
            &format!("DOCKER_HOST={address}"),
            "docker",
            "ps",
        ]);
        let _listed = wharf_conformance::Run::of(&mut by_path, b"").succeeds();
        laptop.wharf(["whoami"]).succeeds().prints(gateway.tenant_name("alice"));
    });
}

#[test]
fn what_it_leaves_is_for_its_owner_alone_and_the_key_is_nowhere_else() {
    with_a_gateway(|gateway| {
        let laptop = Laptop::beside(gateway);
        let words = invited(gateway, &laptop, "alice", &["--user", "laptop"]);
        let token = words.last().unwrap().clone();
        laptop.wharf(&words).succeeds().never_says(&token);
        let folder = laptop.certificates();
        let owner = std::fs::metadata(laptop.path("")).unwrap().uid();
        for (path, mode) in
            [(folder.clone(), 0o700), (folder.join("key.pem"), 0o600), (folder.join("cert.pem"), 0o600)]
        {
            let facts = std::fs::metadata(&path).unwrap();
            assert_eq!(
                (facts.permissions().mode() & 0o7777, facts.uid()),
                (mode, owner),
                "{}",
                path.display()
            );
        }
        let key = std::fs::read_to_string(folder.join("key.pem")).unwrap();
        let secret = key.lines().nth(1).unwrap();
        for said in [everything_in(&gateway.path("state")), gateway.log()] {
            assert!(!said.contains(secret), "the key stays on its machine");
            assert!(
                !said.contains(&token) && !said.contains(&token[20..40]),
                "the token's secret is written nowhere"
            );
        }
        let trail = std::fs::read_to_string(gateway.path("state/audit.jsonl")).unwrap();
        for action in ["\"invite\"", "\"join\""] {
            assert!(trail.contains(action), "{action}: {trail}");
        }
    });
}

/// Every file in a directory, one behind the other.
fn everything_in(directory: &std::path::Path) -> String {
    let mut said = String::new();
    for entry in std::fs::read_dir(directory).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            said.push_str(&everything_in(&path));
        } else if path.is_file() {
            said.push_str(&String::from_utf8_lossy(&std::fs::read(path).unwrap()));
        }
    }
    said
}

#[test]
fn a_context_of_somebodys_own_is_not_overwritten() {
    with_a_gateway(|gateway| {
        let laptop = Laptop::beside(gateway);
        laptop.docker(&["context", "create", "wharf", "--docker", "host=unix:///mine.sock"]).succeeds();
        let mut words = invited(gateway, &laptop, "alice", &[]);
        laptop
            .wharf(&words)
            .exits(2)
            .says("there is a docker context `wharf` already")
            .says("--context NAME");
        laptop.docker(&["context", "inspect", "wharf"]).succeeds().prints("unix:///mine.sock");
        words.extend(["--context", "quay"].map(String::from));
        laptop.wharf(&words).succeeds();
        laptop.docker(&["--context", "quay", "ps"]).succeeds();
        // Joining anew under that name is another matter.
        let mut again = invited(gateway, &laptop, "bob", &[]);
        again.extend(["--context", "quay"].map(String::from));
        laptop.wharf(&again).succeeds().prints(gateway.tenant_name("bob"));
        laptop.docker(&["context", "rm", "quay"]).succeeds();
    });
}

#[test]
fn the_token_may_come_by_standard_input() {
    with_a_gateway(|gateway| {
        let laptop = Laptop::beside(gateway);
        let words = invited(gateway, &laptop, "alice", &[]);
        let mut join = laptop.command("wharf");
        join.args([&words[0], &words[1], "-"]);
        let _joined = wharf_conformance::Run::of(&mut join, format!("{}\n", words[2]).as_bytes()).succeeds();
        assert!(laptop.is_let_in());
    });
}

/// The lines of the README's section about this, in its block of that number.
fn lines(block: usize) -> Vec<&'static str> {
    let readme = include_str!("../../../README.md");
    let (_, rest) = readme.split_once("\n## Let someone in from another machine\n").expect("the section");
    let text = rest.split("\n## ").next().unwrap_or_default();
    text.split("```sh\n")
        .nth(block)
        .expect("the block")
        .split("```")
        .next()
        .unwrap_or_default()
        .lines()
        .collect()
}

#[test]
fn the_readmes_lines_do_what_it_says() {
    let host = lines(1);
    let [init, listen, restart, invite] = host.as_slice() else { panic!("{host:?}") };
    assert!(
        init.starts_with("sudo wharf ca init ") && listen.starts_with('#') && restart.contains("systemctl")
    );
    let guest = lines(2);
    let [join, docker] = guest.as_slice() else { panic!("{guest:?}") };
    with_a_gateway(|gateway| {
        let laptop = Laptop::beside(gateway);
        // It has an authority already, and is configured and started: by the same words, as the other tests' is.
        let words = |line: &str| -> Vec<String> {
            let said =
                line.split('#').next().unwrap_or_default().replace("alice", gateway.tenant_name("alice"));
            said.split_whitespace().map(String::from).collect()
        };
        let invite = words(invite);
        let (program, rest) =
            (invite[..2].join(" "), invite[2..].iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(program, "sudo wharf");
        ca(gateway, &["ca", "names", "--set", &format!("{},127.0.0.1", laptop.gateway_ip())]).succeeds();
        let pasted = gateway.wharf(&rest).succeeds().stdout();
        let pasted: Vec<&str> = pasted.split_whitespace().collect();
        let join = words(join);
        assert_eq!(
            (&join[..2], join[3].as_str()),
            (&["wharf".to_owned(), "join".to_owned()][..], "wharf1-...")
        );
        laptop.wharf([&pasted[1..], &[join[4].as_str()]].concat()).succeeds();
        let docker = words(docker);
        laptop.docker(&docker[1..].iter().map(String::as_str).collect::<Vec<_>>()).succeeds().prints("NAMES");
        gateway.wharf(&["cert", "revoke", &format!("{}/laptop", gateway.tenant_name("alice"))]).succeeds();
        assert!(!laptop.is_let_in());
    });
}
