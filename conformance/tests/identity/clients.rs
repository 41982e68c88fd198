//! What people come with: each does what it does at a socket of this machine.

use crate::peer::{anonymous_curl, curl, s_client, shown, url};
use crate::{at_the_network, at_the_network_of_each};
use wharf_conformance::gateway::NETWORK;
use wharf_testkit::{EngineKind, or_skip, python_with_docker};

const CLIS: [EngineKind; 2] = [EngineKind::Docker20, EngineKind::Docker28];

#[test]
fn the_docker_cli_comes_in_by_variables_by_options_and_by_a_context() {
    at_the_network_of_each(|gateway| {
        let folder = gateway.export("alice", "laptop");
        for cli in CLIS {
            let alice = gateway.as_bearer(&folder, cli);
            alice.answers("docker run --rm busybox echo hello", "hello");
            alice.sh("docker run -d --init --name box -v data:/data busybox sleep 1000").succeeds();
            alice.answers("docker ps --format '{{.Names}}'", "box");
            alice.answers("echo typed | docker exec -i box sh -c 'cat >/data/file; cat /data/file'", "typed");
            alice.sh("docker cp box:/data/file . && grep typed file").succeeds();
            let at = folder.display();
            let files = |equals: &str, name: &str| format!("{equals}{at}/{name}.pem");
            let options = ["ca", "cert", "key"].map(|name| {
                format!("--tls{}", files(&format!("{}=", if name == "ca" { "cacert" } else { name }), name))
            });
            let by_options = format!(
                "unset DOCKER_HOST DOCKER_TLS_VERIFY DOCKER_CERT_PATH; \
                 docker -H tcp://{NETWORK} --tlsverify {} ps --format '{{{{.Names}}}}'",
                options.join(" "),
            );
            alice.answers(&by_options, "box");
            let keys = ["ca", "cert", "key"].map(|name| files(&format!("{name}="), name)).join(",");
            let by_context = format!(
                "unset DOCKER_HOST DOCKER_TLS_VERIFY DOCKER_CERT_PATH; \
                 docker context create quay-{0} --docker 'host=tcp://{NETWORK},{keys}' >context && \
                 docker --context quay-{0} ps --format '{{{{.Names}}}}'",
                cli.name(),
            );
            alice.answers(&by_context, "box");
            alice.sh("docker rm -fv box && docker volume rm data").succeeds();
        }
    });
}

#[test]
fn who_comes_by_certificate_and_who_comes_by_account_are_one_tenant_and_the_other_is_another() {
    at_the_network(|gateway| {
        let (alice, bob) = (gateway.export("alice", "laptop"), gateway.export("bob", "laptop"));
        let cli = EngineKind::Docker28;
        gateway.as_tenant("alice", cli).sh("docker create --name box busybox true").succeeds();
        gateway.as_bearer(&alice, cli).answers("docker ps -a --format '{{.Names}}'", "box");
        gateway.as_bearer(&bob, cli).answers("docker ps -a --format '{{.Names}}'", "");
        // No account of this machine: no home of anybody's, whatever the certificate's name.
        let run = gateway.as_bearer(&alice, cli).sh("docker run --rm -v /root:/root busybox true");
        run.exits(125).says("denied by rule");
    });
}

#[test]
fn whoami_tells_the_certificates_number_and_its_end() {
    at_the_network(|gateway| {
        let folder = gateway.export("alice", "laptop");
        let told = curl(gateway, &folder, &[&url("/wharf/whoami")]).succeeds().json();
        assert_eq!(told["tenant"], gateway.tenant_name("alice"));
        assert_eq!(told["user"], "laptop");
        let mut openssl = std::process::Command::new("openssl");
        openssl.args(["x509", "-noout", "-serial", "-in"]).arg(folder.join("cert.pem"));
        let serial = wharf_conformance::Run::of(&mut openssl, b"").succeeds().stdout().to_lowercase();
        let told_serial = told["certificate"]["serial"].as_str().unwrap().trim_start_matches("00");
        assert_eq!(serial.trim(), format!("serial={told_serial}"));
        let expires = told["certificate"]["expires"].as_str().unwrap();
        assert!(expires.starts_with("20") && expires.ends_with('Z'), "{expires}");
        assert_eq!(told["certificate"]["key"], crate::forge::key_of(&folder));
        // Who comes by a socket has none.
        let answer = gateway
            .as_tenant("alice", EngineKind::Docker28)
            .http(b"GET /wharf/whoami HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n");
        assert!(answer.contains("\"user\"") && !answer.contains("\"certificate\""), "{answer}");
    });
}

#[test]
fn what_is_done_by_certificate_is_recorded_with_its_user() {
    at_the_network(|gateway| {
        let folder = gateway.export("alice", "laptop");
        let alice = gateway.as_bearer(&folder, EngineKind::Docker28);
        alice.sh("docker volume create kept && docker volume rm kept").succeeds();
        let trail = std::fs::read_to_string(gateway.path("state/audit.jsonl")).unwrap();
        let of_laptop = trail.lines().filter(|line| line.contains("\"user\":\"laptop\"")).count();
        assert!(of_laptop >= 4, "{trail}");
    });
}

#[test]
fn compose_brings_a_project_up_and_down() {
    at_the_network_of_each(|gateway| {
        let folder = gateway.export("alice", "laptop");
        let alice = gateway.as_bearer(&folder, gateway.engine().kind());
        alice.write(
            "compose.yml",
            "name: shop\nservices:\n  db:\n    image: busybox\n    init: true\n    command: sleep 1000\n  \
             web:\n    image: busybox\n    init: true\n    command: sh -c 'echo ready; exec sleep 1000'\n    \
             depends_on: [db]\n    volumes: ['stock:/stock']\nvolumes: {stock: {}}\n",
        );
        alice.sh("docker compose up -d").succeeds();
        assert_eq!(alice.lines("docker compose ps --format '{{.Service}}'"), ["db", "web"]);
        alice.start("docker compose logs -f web").says("ready");
        alice.answers(
            "docker compose exec -T web sh -c 'echo there >/stock/file && cat /stock/file'",
            "there",
        );
        alice.sh("docker compose down -v -t 0").succeeds();
        alice.answers("docker ps -aq && docker volume ls -q", "");
    });
}

#[test]
fn pythons_sdk_comes_in_and_streams() {
    at_the_network_of_each(|gateway| {
        if or_skip(python_with_docker()).is_none() {
            return;
        }
        let folder = gateway.export("alice", "laptop");
        let alice = gateway.as_bearer(&folder, gateway.engine().kind());
        let story = r#"
import docker, threading
client = docker.from_env(version="1.41")
assert client.ping()
assert client.containers.run("busybox", "echo hello", remove=True) == b"hello\n"
box = client.containers.run("busybox", "cat", name="box", detach=True, stdin_open=True)
_, sock = box.exec_run("cat", stdin=True, socket=True)
raw = getattr(sock, "_sock", sock)
raw.sendall(b"typed\n")
assert b"typed" in sock.read(64)
sock.close()
said = []
def ask():
    said.append(docker.from_env(version="1.41").containers.get("box").status)
threads = [threading.Thread(target=ask) for _ in range(40)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert said == ["running"] * 40, said
box.remove(force=True)
print("told")
"#;
        alice.python(story).succeeds().prints("told");
    });
}

#[test]
fn curl_and_openssl_speak_both_versions_of_tls() {
    at_the_network(|gateway| {
        let folder = gateway.export("alice", "laptop");
        let at = |name: &str| folder.join(name).display().to_string();
        let (ca, cert, key) = (at("ca.pem"), at("cert.pem"), at("key.pem"));
        for version in ["1.2", "1.3"] {
            let curl_words = [&format!("--tlsv{version}"), "--tls-max", version, &url("/_ping")];
            let run = curl(gateway, &folder, &curl_words).succeeds();
            assert_eq!(run.stdout(), "OK");
            let flag = format!("-tls{}", version.replace('.', "_"));
            let words =
                [shown(&ca, &cert, &key), vec![&flag, "-verify_return_error", "-verify_ip", "127.0.0.1"]];
            let run = s_client(gateway, &words.concat())
                .prints("HTTP/1.1 200 OK")
                .prints("Verify return code: 0 (ok)");
            assert!(run.stdout().contains(&format!("TLSv{version}")), "{run}");
        }
        // Kept alive, and HTTP/1.1 whatever else is offered.
        let twice = curl(gateway, &folder, &["--http2", "-v", &url("/_ping"), &url("/_ping")]).succeeds();
        assert_eq!(twice.stdout(), "OKOK");
        twice.says("server accepted http/1.1").says("Re-using existing connection");
    });
}

#[test]
fn who_mistakes_the_port_is_told_what_it_is() {
    at_the_network(|gateway| {
        let plain = anonymous_curl(gateway, &[&format!("http://{NETWORK}/_ping")]).succeeds();
        plain.prints("wharf: this port speaks TLS, and asks for a certificate");
        for cli in CLIS {
            let nobody = gateway.as_bearer(&gateway.path("nowhere"), cli);
            let script = format!("unset DOCKER_TLS_VERIFY DOCKER_CERT_PATH; docker -H tcp://{NETWORK} ps");
            nobody.sh(&script).exits(1).says("this port speaks TLS");
        }
    });
}
