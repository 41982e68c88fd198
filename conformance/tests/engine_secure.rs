//! `wharf engine secure`: real engines that listen at the network for who has a certificate, and go back to what they were.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use wharf_conformance::{Host, Run};
use wharf_testkit::{Engine, EngineKind, EngineOptions, ListensBy, TestDir, docker_program, or_skip};

const ADDRESS: &str = "tcp://127.0.0.1:2376";

/// What an engine's own configuration is, whose `daemon.json` says where it listens.
fn engine(kind: EngineKind) -> Option<Engine> {
    or_skip(Engine::start(kind, &EngineOptions { listens_by: ListensBy::File, ..EngineOptions::default() }))
}

/// A docker CLI at the network, with the certificates in this folder.
fn docker(engine: &Engine, cli: EngineKind, folder: &Path) -> Run {
    let mut command = engine.in_netns(docker_program(cli).unwrap());
    command.env("DOCKER_HOST", ADDRESS).env("DOCKER_TLS_VERIFY", "1").env("DOCKER_CERT_PATH", folder);
    Run::of(command.args(["version", "--format", "{{.Server.Version}}"]), b"")
}

fn at_the_network(engine: &Engine, words: &[&str]) -> Run {
    let mut command = engine.in_netns("curl");
    Run::of(command.args(["-sS", "--max-time", "20"]).args(words), b"")
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

/// A certificate of the authority by which tenants come in.
fn tenants_certificate(host: &Host<'_>, folder: &Path, authority_of_the_engine: &Path) {
    host.wharf(["ca", "init", "--names", "127.0.0.1"]).succeeds();
    let script = r#"
mkdir "$1"; cd "$1"
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out request.pem -subj /CN=alice 2>/dev/null
printf 'extendedKeyUsage=clientAuth\nsubjectAltName=URI:wharf:tenant/alice/1/laptop\n' >ext
openssl x509 -req -in request.pem -CA "$2" -CAkey "$2" -days 1 -extfile ext -out cert.pem 2>/dev/null
cp "$3" ca.pem"#;
    let mut command = Command::new("sh");
    command.args(["-euc", script, "openssl"]).arg(folder).arg(host.path("state/identity/authority.pem"));
    Run::of(command.arg(authority_of_the_engine), b"").succeeds();
}

fn story(kind: EngineKind) {
    let Some(engine) = engine(kind) else { return };
    let (host, root) = (Host::on(&engine), TestDir::new().unwrap());
    let file = engine.directory().join("daemon.json");
    let before = std::fs::read(&file).unwrap();
    let (json, none) = (file.display().to_string(), root.path().display().to_string());
    let secure = |more: &[&str]| {
        let words = ["engine", "secure", "--daemon-json", &json, "--root", &none];
        host.wharf(words.iter().chain(more))
    };
    let asked = ["--listen", ADDRESS, "--names", "127.0.0.1,localhost"];

    // Shown, and not done.
    let shown =
        secure(&asked).succeeds().prints("+ \"tlsverify\": true").prints(ADDRESS).says("nothing was changed");
    assert_eq!(std::fs::read(&file).unwrap(), before, "{shown}");
    secure(&["--undo"]).exits(2);

    secure(&[&asked[..], &["--apply"]].concat()).succeeds().says("is root on this machine");
    let own = host.path("state/engine");
    assert_eq!(mode(&own), 0o700);
    for name in ["authority.pem", "server.pem", "undo.json"] {
        assert_eq!(mode(&own.join(name)), 0o600, "{name}");
    }
    engine.restart().unwrap();

    let folder = root.join("me");
    host.wharf(["engine", "cert", "me", "--to", &folder.display().to_string()]).succeeds().says("root");
    for cli in EngineKind::ALL {
        docker(&engine, cli, &folder).succeeds().prints(&kind.name()[..2]);
    }
    // Nobody without a certificate, or with one by which a tenant comes to the gateway.
    let ca = folder.join("ca.pem").display().to_string();
    let refused = at_the_network(&engine, &["--cacert", &ca, "https://127.0.0.1:2376/_ping"]);
    assert_ne!((refused.status(), refused.stdout().as_str()), (0, "OK"));
    at_the_network(&engine, &["http://127.0.0.1:2376/info"]).prints("HTTP request to an HTTPS server");
    let tenants = root.join("tenant");
    tenants_certificate(&host, &tenants, &folder.join("ca.pem"));
    let refused = docker(&engine, EngineKind::Docker28, &tenants);
    assert_ne!(refused.status(), 0, "{refused}");

    // A second time it has nothing to do; what somebody has changed meanwhile is his.
    secure(&[]).succeeds().says("secured already");
    let after = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, after.replace("true", "false")).unwrap();
    // The certificate is made anew all the same: a stolen one is to be got rid of.
    let pair = std::fs::read(own.join("server.pem")).unwrap();
    std::fs::rename(own.join("authority.pem"), own.join("stolen.pem")).unwrap();
    secure(&["--apply"]).succeeds().says("was changed by somebody since").says("127.0.0.1, localhost");
    assert_ne!(std::fs::read(own.join("server.pem")).unwrap(), pair);
    secure(&["--undo"]).exits(2).says("was changed by somebody since");
    std::fs::write(&file, after).unwrap();

    secure(&["--undo"]).succeeds();
    assert_eq!(std::fs::read(&file).unwrap(), before);
    engine.restart().unwrap();
    assert_eq!(
        at_the_network(&engine, &["-k", "https://127.0.0.1:2376/_ping"]).status(),
        7,
        "nobody listens"
    );
}

#[test]
fn docker20_listens_for_who_has_a_certificate_and_goes_back() {
    story(EngineKind::Docker20);
}

#[test]
fn docker28_listens_for_who_has_a_certificate_and_goes_back() {
    story(EngineKind::Docker28);
}

/// As Debian has it: the unit says where the engine listens.
#[test]
fn a_unit_that_says_where_the_engine_listens_gets_a_drop_in_and_loses_it() {
    let Some(engine) = engine(EngineKind::Docker28) else { return };
    let (host, root) = (Host::on(&engine), TestDir::new().unwrap());
    let units = root.join("lib/systemd/system");
    std::fs::create_dir_all(&units).unwrap();
    let start =
        "ExecStart=/usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock $DOCKER_OPTS";
    std::fs::write(units.join("docker.service"), format!("[Service]\n{start}\n")).unwrap();
    let at = root.path().display().to_string();
    let secure = |more: &[&str]| host.wharf(["engine", "secure", "--root", &at].iter().chain(more));
    secure(&["--names", "127.0.0.1", "--apply"]).succeeds().says("systemctl daemon-reload");
    let drop_in = root.join("etc/systemd/system/docker.service.d/zz-wharf-tls.conf");
    let text = std::fs::read_to_string(&drop_in).unwrap();
    let ours = "\nExecStart=\nExecStart=/usr/sbin/dockerd --containerd=/run/containerd/containerd.sock $DOCKER_OPTS\n";
    assert!(text.ends_with(ours), "{text}");
    let json = std::fs::read_to_string(root.join("etc/docker/daemon.json")).unwrap();
    assert!(json.contains(r#""hosts": ["fd://","tcp://0.0.0.0:2376"]"#), "{json}");
    secure(&["--undo"]).succeeds();
    assert!(!drop_in.exists() && !root.join("etc/docker/daemon.json").exists());
}
