//! `wharf context ls`: how each context is secured, until when, and what rights it gives.

use crate::certificates::Authority;
use crate::people::Person;
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::{Duration, Instant};
use wharf_conformance::gateway::{Gateway, ORDINARY, through_the_gateway};
use wharf_conformance::on_each_engine;
use wharf_testkit::{Engine, EngineKind, EngineOptions, Sshd, docker_program, or_skip, wharf_program};

fn create(ana: &Person<'_>, cli: EngineKind, name: &str, docker: &str) {
    ana.with("DOCKER_TLS", "").docker(cli, &["context", "create", name, "--docker", docker]).succeeds();
}

fn of<'v>(listed: &'v Value, name: &str) -> &'v Value {
    let found = listed.as_array().into_iter().flatten().find(|one| one["name"] == name);
    found.unwrap_or_else(|| panic!("no `{name}` in {listed:#}"))
}

#[test]
fn each_context_is_shown_with_how_it_is_secured_and_what_it_gives() {
    let authority = Authority::new();
    let (server, client) = (authority.server("server", "IP:127.0.0.1", 10), authority.client("client", 10));
    let expired = authority.client("expired", -1);
    let at = |folder: &Path, name: &str| folder.join(name).display().to_string();
    for kind in EngineKind::ALL {
        let arguments = vec![
            "--host=tcp://127.0.0.1:2376".to_owned(),
            "--tlsverify".to_owned(),
            format!("--tlscacert={}", at(&server, "ca.pem")),
            format!("--tlscert={}", at(&server, "cert.pem")),
            format!("--tlskey={}", at(&server, "key.pem")),
        ];
        let options = EngineOptions { arguments, ..EngineOptions::default() };
        let Some(engine) = or_skip(Engine::start(kind, &options)) else { return };
        engine.import_busybox().unwrap();
        let programs = docker_program(kind).unwrap();
        let found =
            format!("SetEnv DOCKER_HOST={} PATH={}", engine.host(), programs.parent().unwrap().display());
        let sshd = Sshd::start(engine.netns(), &found).unwrap();
        let ana = Person::new(&engine);
        sshd.admit(&ana.account, "root", "").unwrap();
        let tls = |folder: &Path| {
            let [ca, cert, key] = ["ca.pem", "cert.pem", "key.pem"].map(|name| {
                let text = std::fs::read_to_string(folder.join(name)).unwrap();
                ana.write(&format!("{}/{name}", folder.file_name().unwrap().display()), &text)
            });
            format!("ca={},cert={},key={}", ca.display(), cert.display(), key.display())
        };
        let far = "host=tcp://127.0.0.1:2376";
        create(&ana, kind, "tls", &format!("{far},{}", tls(&client)));
        create(&ana, kind, "over", &format!("{far},{}", tls(&expired)));
        create(&ana, kind, "blind", &format!("{far},{},skip-tls-verify=true", tls(&client)));
        create(&ana, kind, "plain", far);
        create(&ana, kind, "ssh", &format!("host=ssh://root@127.0.0.1:{}", sshd.port()));
        create(&ana, kind, "mine", &format!("host={}", engine.host()));
        // Nobody ever answers there.
        let silent: Vec<_> = (0..5)
            .map(|n| {
                let path = ana.path(&format!("silent{n}"));
                let listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
                std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o777)).unwrap();
                create(&ana, kind, &format!("silent{n}"), &format!("host=unix://{}", path.display()));
                listener
            })
            .collect();
        ana.with("X", "x").docker(kind, &["context", "use", "tls"]).succeeds();
        let begun = Instant::now();
        let listed = ana.with("X", "x").wharf(&["context", "ls", "--json"]).succeeds().json();
        assert!(begun.elapsed() < Duration::from_secs(12), "they are asked at once: {:?}", begun.elapsed());
        let shape = |name: &str| {
            let one = of(&listed, name);
            (
                one["secured"].as_str().unwrap(),
                one["rights"]["kind"].as_str().unwrap(),
                one["expired"].clone(),
            )
        };
        assert_eq!(shape("tls"), ("tls", "root", json!(false)));
        assert_eq!(shape("over"), ("tls", "unknown", json!(true)));
        assert_eq!(shape("blind"), ("tls-unverified", "unknown", json!(false)));
        assert_eq!(shape("plain"), ("plain", "unknown", json!(false)));
        assert_eq!(shape("ssh"), ("ssh", "root", json!(false)));
        assert_eq!(shape("mine"), ("unix", "unknown", json!(false)));
        assert_eq!(shape("silent4"), ("unix", "unknown", json!(false)));
        drop(silent);
        let why = |name: &str| of(&listed, name)["rights"]["why"].as_str().unwrap().to_owned();
        assert_eq!(why("silent0"), "no answer within 4 s");
        assert!(why("over").contains("it refuses our certificate"), "{}", why("over"));
        assert!(why("blind").contains("it does not verify who answers"), "{}", why("blind"));
        assert!(why("plain").contains("it speaks TLS"), "{}", why("plain"));
        assert!(why("mine").contains("ermission denied"), "{}", why("mine"));
        assert!(of(&listed, "tls")["expires"].as_str().unwrap().starts_with("20"));
        assert_eq!(
            (&of(&listed, "tls")["current"], &of(&listed, "ssh")["current"]),
            (&json!(true), &json!(false))
        );
        let table = ana.with("X", "x").wharf(&["context", "ls", "--offline"]).succeeds();
        table
            .prints("tls*")
            .prints("TLS, NOT verified")
            .prints("NOTHING (plain TCP)")
            .prints("not asked")
            .prints("EXPIRED");
    }
}

#[test]
fn a_gateways_context_gives_a_tenants_rights() {
    through_the_gateway(|engine| {
        let gateway = Gateway::on(engine).tenant("alice", ORDINARY).start();
        let alice = gateway.account("alice").name();
        let sshd = Sshd::start(engine.netns(), "").unwrap();
        let ana = Person::new(engine);
        let dial = format!(
            "restrict,command=\"{} --host unix://{} dial-stdio\"",
            wharf_program().unwrap().display(),
            gateway.socket().display()
        );
        sshd.admit(&ana.account, alice, &dial).unwrap();
        create(&ana, engine.kind(), "quay", &format!("host=ssh://{alice}@127.0.0.1:{}", sshd.port()));
        let listed = ana.with("X", "x").wharf(&["context", "ls", "--json"]).succeeds().json();
        assert_eq!(of(&listed, "quay")["rights"], json!({"kind": "tenant", "tenant": alice, "user": alice}));
    });
}

#[test]
fn contexts_are_made_as_before_and_words_of_dockers_are_no_names() {
    on_each_engine(|engine| {
        let ana = Person::new(engine);
        let wharf = |words: &[&str]| ana.with("DOCKER_HOST", "unix:///run/wharf/docker.sock").wharf(words);
        wharf(&["context"])
            .succeeds()
            .says("made the docker context `wharf` for unix:///run/wharf/docker.sock");
        wharf(&["context", "quay", "--use"]).succeeds().says("made the docker context `quay`");
        wharf(&["context", "make", "list"]).succeeds().says("made the docker context `list`");
        for word in ["list", "rm", "inspect", "use"] {
            wharf(&["context", word])
                .exits(2)
                .says(&format!("`{word}` is no context's name without `make` before it"));
        }
        wharf(&["context", "--use", "ls"]).exits(2);
        let listed = wharf(&["--json", "context", "ls", "--offline"]).succeeds().json();
        let names: Vec<&str> =
            listed.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["default", "list", "quay", "wharf"]);
        assert_eq!(of(&listed, "quay")["current"], json!(true));
        // One that somebody made for another place leads there still.
        let made = "docker context create theirs --docker host=tcp://192.0.2.9:2376";
        ana.with("LC_ALL", "C").sh(engine.kind(), made).succeeds();
        wharf(&["context", "theirs"]).exits(2).says("which leads elsewhere");
        let listed = wharf(&["--json", "context", "ls", "--offline"]).succeeds().json();
        assert_eq!(of(&listed, "theirs")["endpoint"], json!("tcp://192.0.2.9:2376"));
    });
}
