//! Key and certificate made on the host, for people who do it by hand.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use wharf_conformance::Run;
use wharf_testkit::{EngineKind, TestDir, docker_program, run};

use crate::{Laptop, with_a_gateway};

#[test]
fn the_three_files_are_what_docker_cert_path_wants() {
    with_a_gateway(|gateway| {
        let laptop = Laptop::beside(gateway);
        let name = gateway.tenant_name("alice");
        let to = laptop.path("nas");
        let words = ["cert", "export", name, "--user", "nas", "--to", to.to_str().unwrap(), "--for", "8h"];
        gateway.wharf(&words).succeeds().says("may come in by the key");
        for file in ["ca.pem", "cert.pem", "key.pem"] {
            assert_eq!(
                std::fs::metadata(to.join(file)).unwrap().permissions().mode() & 0o7777,
                0o600,
                "{file}"
            );
        }
        gateway.wharf(&words).exits(2).says("is there already");
        run(Command::new("chown").arg("-R").arg("--reference").arg(laptop.path("")).arg(&to)).unwrap();
        let mut docker = laptop.command("/usr/bin/env");
        docker.arg(format!("DOCKER_CERT_PATH={}", to.display())).arg("DOCKER_TLS_VERIFY=1");
        docker.arg(format!("DOCKER_HOST=tcp://{}", laptop.gateway_address())).args(["docker", "ps"]);
        let _listed = Run::of(&mut docker, b"").succeeds();
        let listed = gateway.wharf(&["--json", "cert", "ls"]).succeeds().json();
        assert_eq!(listed["certificates"][0]["life_seconds"], 8 * 3600);
        gateway.wharf(&["cert", "revoke", listed["certificates"][0]["serial"].as_str().unwrap()]).succeeds();
        assert_ne!(Run::of(&mut docker, b"").status(), 0);
    });
}

#[test]
fn each_docker_cli_imports_the_context() {
    with_a_gateway(|gateway| {
        let laptop = Laptop::beside(gateway);
        let name = gateway.tenant_name("alice");
        for kind in [EngineKind::Docker20, EngineKind::Docker28] {
            let directory = TestDir::new().unwrap();
            let bundle = directory.join("bundle.tar").display().to_string();
            let to = directory.join("files").display().to_string();
            let words = [
                "cert",
                "export",
                name,
                "--user",
                "nas",
                "--to",
                &to,
                "--context-bundle",
                &bundle,
                "--address",
                &laptop.gateway_address(),
            ];
            gateway.wharf(&words).succeeds();
            let _read = Run::of(Command::new("tar").args(["tvf", &bundle]), b"")
                .succeeds()
                .prints("tls/docker/key.pem");
            let docker = |words: &[&str]| {
                let mut docker = laptop.root_command("timeout");
                docker
                    .arg("60")
                    .arg(docker_program(kind).unwrap())
                    .arg("--config")
                    .arg(directory.path())
                    .args(words);
                for variable in ["DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"] {
                    docker.env_remove(variable);
                }
                Run::of(&mut docker, b"")
            };
            docker(&["context", "import", "quay", &bundle]).succeeds();
            docker(&["--context", "quay", "ps"]).succeeds();
            docker(&["context", "inspect", "quay"]).succeeds().prints("through wharf");
            // And what joining makes, both understand, too.
            docker(&["context", "rm", "quay"]).succeeds();
        }
    });
}

#[test]
fn each_docker_cli_understands_the_context_that_joining_makes() {
    with_a_gateway(|gateway| {
        let laptop = Laptop::beside(gateway);
        laptop.joins(gateway, "alice", &[]);
        for kind in [EngineKind::Docker20, EngineKind::Docker28] {
            let docker = |words: &[&str]| {
                let mut docker = laptop.command(docker_program(kind).unwrap().to_str().unwrap());
                Run::of(docker.args(words), b"")
            };
            docker(&["context", "ls"]).succeeds().prints("through wharf").prints(&laptop.gateway_address());
            docker(&["--context", "wharf", "ps"]).succeeds();
            // Its own keys in the context's metadata survive what docker does to them.
            docker(&["context", "update", "wharf", "--description", "through wharf, mine"]).succeeds();
            laptop.wharf(["cert", "renew", "--force"]).succeeds();
        }
        laptop.docker(&["context", "rm", "wharf"]).succeeds();
        assert!(!laptop.certificates().exists(), "docker removes what wharf has made");
    });
}

#[test]
fn where_there_is_no_door_to_the_network_or_no_authority_it_says_what_to_do() {
    let directory = TestDir::new().unwrap();
    let config = directory
        .write("host.yml", "listen: ['unix:///run/wharf/x.sock']\ntenants: {alice: {users: [nobody]}}\n")
        .unwrap();
    let state = directory.join("state");
    let wharf = |words: &[&str]| {
        let mut command = Command::new(wharf_testkit::wharf_program().unwrap());
        command
            .arg("--config")
            .arg(&config)
            .arg("--state-dir")
            .arg(&state)
            .args(words)
            .env_remove("SUDO_UID");
        Run::of(&mut command, b"")
    };
    wharf(&["invite", "alice"]).exits(2).says("the gateway has not taken it up").says("wharf serve");
    directory
        .write("state/tenants.json", r#"{"alice": {"generation": 3, "present": true, "number": 1}}"#)
        .unwrap();
    wharf(&["invite", "alice"]).exits(2).says("no authority yet").says("wharf ca init");
    wharf(&["cert", "ls"]).exits(2).says("wharf ca init");
    wharf(&["ca", "show"]).exits(2).says("wharf ca init");
    wharf(&["ca", "rotate"]).exits(2).says("wharf ca init");
    wharf(&["ca", "init", "--names", "127.0.0.1"]).succeeds();
    wharf(&["invite", "alice"]).exits(2).says("does not listen on the network").says("tcp://0.0.0.0:2376");
    // A file needs no address.
    let to = directory.join("x").display().to_string();
    wharf(&["cert", "export", "alice", "--user", "x", "--to", &to]).succeeds();
    let mut openssl = Command::new("openssl");
    openssl.args(["x509", "-noout", "-ext", "subjectAltName", "-in", &format!("{to}/cert.pem")]);
    let _generation = Run::of(&mut openssl, b"").succeeds().prints("URI:wharf:tenant/alice/3/x");
}
