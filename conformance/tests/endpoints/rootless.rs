//! Engines without root: found where they are, and shown as what they are.

use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;
use wharf_conformance::Run;
use wharf_testkit::{EngineKind, Rootless, docker_program, or_skip, run, wharf_program};

/// A command of the account whose engine it is.
fn own(engine: &Rootless, words: &[&str]) -> Run {
    let account = engine.account();
    let mut command = Command::new("env");
    command.args(["-i", "PATH=/usr/bin:/bin", &format!("HOME={}", account.home().display())]);
    command.arg(format!("XDG_RUNTIME_DIR={}", engine.runtime_directory().display()));
    command.arg(format!("WHARF_STATE_DIR={}", account.home().join("state").display()));
    command.args(account.prefix()).args(["timeout", "-k", "1", "90"]).args(words);
    Run::of(command.current_dir(account.home()), b"")
}

fn wharf(engine: &Rootless, words: &[&str]) -> Run {
    let program = wharf_program().unwrap().display().to_string();
    own(engine, &std::iter::once(program.as_str()).chain(words.iter().copied()).collect::<Vec<_>>())
}

/// The one that the tests' engines have, too.
fn busybox() -> PathBuf {
    docker_program(EngineKind::Docker20).unwrap().ancestors().nth(3).unwrap().join("bin/busybox")
}

/// Gives it busybox, as the tests' own engines have it.
fn import_busybox(engine: &Rootless) {
    let docker = docker_program(EngineKind::Docker20).unwrap();
    let script = format!(
        "r=$(mktemp -d); mkdir -p $r/bin $r/etc $r/tmp $r/www; cp {} $r/bin/busybox
         for a in sh sleep echo cat id httpd; do ln -s busybox $r/bin/$a; done
         tar -C $r -c . | {} -H unix://{} import -c 'ENV PATH=/bin' - busybox:latest; rm -rf $r",
        busybox().display(),
        docker.display(),
        engine.socket().display(),
    );
    own(engine, &["sh", "-euc", &script]).succeeds();
}

#[test]
fn a_rootless_engine_is_found_used_and_shown_as_what_it_is() {
    for kind in EngineKind::ALL {
        let Some(engine) = or_skip(Rootless::start(kind)) else { return };
        import_busybox(&engine);
        let file = engine.account().home().join("blog.yml");
        let text = "{publish: ['127.0.0.1::80'], containers: {web: {image: busybox, update_image: false, \
                    command: \"sh -c 'echo ashore >/www/index.html; exec httpd -f -h /www'\"}}}";
        std::fs::write(&file, text).unwrap();
        wharf(&engine, &["up", &file.display().to_string()]).succeeds();
        wharf(&engine, &["ps"]).succeeds().prints("web").says("rootless");
        wharf(&engine, &["plan", "--detailed-exitcode", &file.display().to_string()]).succeeds();
        let told = wharf(&engine, &["exec", "blog", "web", "id", "-u"]).succeeds();
        assert_eq!(told.stdout().trim(), "0");
        let mut busybox = engine.netns().command(busybox());
        let pods = wharf(&engine, &["ps", "--json"]).succeeds().json();
        let containers = pods[0]["containers"].as_array().unwrap();
        let port =
            containers.iter().find_map(|one| one["ports"][0]["host"].as_u64()).expect("a published port");
        let page = run(busybox.args(["wget", "-q", "-O", "-", &format!("http://127.0.0.1:{port}/")]));
        assert_eq!(page.unwrap().trim(), "ashore");
        let listed = wharf(&engine, &["context", "ls", "--json"]).succeeds().json();
        assert_eq!(listed[0]["rights"]["kind"], "rootless", "{listed:#}");
        assert_eq!(listed[0]["endpoint"], format!("unix://{}", engine.socket().display()));
        let found = wharf(&engine, &["doctor", "--json"]).json();
        let all: Vec<&str> =
            found.as_array().unwrap().iter().filter_map(|one: &Value| one["id"].as_str()).collect();
        assert!(all.contains(&"rootless"), "{found:#}");
        // This machine's control groups are given to nobody.
        assert!(all.contains(&"rootless-no-limits"), "{found:#}");
        assert!(!all.contains(&"no-user-namespaces"), "{found:#}");
        wharf(&engine, &["down", "blog"]).succeeds();
        // What the doctor says of ports.
        let docker = docker_program(kind).unwrap().display().to_string();
        let host = format!("unix://{}", engine.socket().display());
        let low =
            own(&engine, &[&docker, "-H", &host, "run", "--rm", "-p", "80:80", "busybox", "sleep", "1"]);
        assert_ne!(low.says("privileged port").status(), 0);
    }
}
