//! Authorities and certificates that somebody else's programs made: mkcert's, and a public authority's, as openssl plays it.

use crate::forge::key_of;
use crate::peer::{curl, is_let_in, url};
use std::path::{Path, PathBuf};
use std::process::Command;
use wharf_conformance::gateway::{Gateway, ORDINARY, through_the_gateway};
use wharf_conformance::{Run, eventually};
use wharf_testkit::{EngineKind, TestDir, mkcert_program, or_skip};

/// Runs mkcert, whose authority lies in this directory.
fn mkcert(program: &Path, directory: &TestDir, words: &[&str]) {
    let mut command = Command::new(program);
    command.env("CAROOT", directory.path()).env("TRUST_STORES", "none").current_dir(directory.path());
    Run::of(command.args(words), b"").succeeds();
}

/// A folder as DOCKER_CERT_PATH wants it, of mkcert's files.
fn client(program: &Path, directory: &TestDir, name: &str) -> PathBuf {
    let folder = directory.join(name);
    std::fs::create_dir(&folder).unwrap();
    let at = |file: &str| folder.join(file).display().to_string();
    let words = ["-client", "-ecdsa", "-cert-file", &at("cert.pem"), "-key-file", &at("key.pem"), name];
    mkcert(program, directory, &words);
    std::fs::copy(directory.join("rootCA.pem"), folder.join("ca.pem")).unwrap();
    folder
}

#[test]
fn what_mkcert_made_is_let_in_where_its_key_is_listed_and_nowhere_else() {
    let Some(program) = or_skip(mkcert_program()) else { return };
    through_the_gateway(|engine| {
        let directory = TestDir::new().unwrap();
        mkcert(&program, &directory, &["somebody.example"]);
        let (nas, stranger) = (client(&program, &directory, "nas"), client(&program, &directory, "stranger"));
        let at = |file: &str| directory.join(file).display().to_string();
        let authority =
            ["--import", &at("rootCA.pem"), "--import", &at("rootCA-key.pem"), "--names", "127.0.0.1"];
        let listed = format!("{ORDINARY}\ncertificates: {{nas: '{}'}}", key_of(&nas));
        let plans = Gateway::on(engine).tenant("alice", &listed).tenant("bob", ORDINARY);
        let gateway = plans.at_the_network_with(&authority).start();

        for cli in EngineKind::ALL {
            gateway.as_bearer(&nas, cli).sh("docker run --rm busybox echo hello").succeeds().prints("hello");
        }
        let told = curl(&gateway, &nas, &[&url("/wharf/whoami")]).succeeds().json();
        assert_eq!(told["user"].as_str(), Some("nas"));
        assert!(!is_let_in(&gateway, &stranger), "the authority signs for everybody");
        // Nobody can be invited: what would be issued, others could issue, too.
        let refused = gateway.wharf(&["invite", gateway.tenant_name("bob")]);
        assert_ne!(refused.status(), 0);
        refused.says("import");
    });
}

#[test]
fn a_servers_certificate_from_elsewhere_is_shown_and_followed() {
    through_the_gateway(|engine| {
        if engine.kind() != EngineKind::Docker28 {
            return;
        }
        let directory = TestDir::new().unwrap();
        let make = |serial: &str| {
            let script = r#"
cd "$1"
[ -f root.pem ] || openssl req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -days 9 -subj /CN=Public \
    -addext keyUsage=critical,keyCertSign 2>/dev/null
openssl req -newkey rsa:2048 -nodes -keyout new.key -out request.pem -subj /CN=quay.example 2>/dev/null
printf 'subjectAltName=DNS:quay.example,IP:127.0.0.1\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:false\n' >ext
openssl x509 -req -in request.pem -CA root.pem -CAkey root.key -days 5 -set_serial "$2" -extfile ext -out leaf.pem 2>/dev/null
cat leaf.pem root.pem >new.pem
mv new.key server.key; mv new.pem server.pem"#;
            let place = directory.path().display().to_string();
            Run::of(Command::new("sh").args(["-euc", script, "make", &place, serial]), b"").succeeds();
        };
        make("1001");
        let at = |file: &str| directory.join(file).display().to_string();
        let line = format!("server_certificate: {{cert: {}, key: {}}}", at("server.pem"), at("server.key"));
        let plans = Gateway::on(engine).tenant("alice", ORDINARY).config(&line);
        let gateway = plans.at_the_network().start();
        let folder = gateway.export("alice", "laptop");
        let shown = || {
            let words = ["s_client", "-connect", "127.0.0.1:2376", "-servername", "quay.example"];
            let script = r#"openssl "$@" </dev/null 2>/dev/null | openssl x509 -noout -serial"#;
            let mut command = gateway.engine().in_netns("sh");
            let run = Run::of(command.args(["-c", script, "sh"]).args(words), b"");
            run.stdout().trim().to_owned()
        };
        assert_eq!(shown(), "serial=03E9");
        // Who was given a certificate was given that authority, too.
        assert!(is_let_in(&gateway, &folder));
        let client = gateway.as_bearer(&folder, EngineKind::Docker28);
        let mut events = client.start("docker events");
        make("1002");
        eventually("the new one is shown", || (shown() == "serial=03EA").then_some(()));
        assert!(is_let_in(&gateway, &folder));
        // Whoever was in stays in.
        client.sh("docker volume create afterwards").succeeds();
        events.says("afterwards");
    });
}
