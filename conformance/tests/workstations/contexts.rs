//! Access to another engine from inside: joined by a lease, with a key that is made inside, and renewed there.

use crate::seat::Seat;
use serde_json::Value;
use wharf_conformance::gateway::{Gateway, ORDINARY};
use wharf_conformance::{Run, eventually, on_each_engine};
use wharf_testkit::{EngineKind, wharf_program};

/// Where containers on the engine's first bridge find its host.
fn bridge(seat: &Seat<'_>) -> String {
    let format = "{{(index .IPAM.Config 0).Gateway}}";
    seat.engine().docker(["network", "inspect", "bridge", "--format", format]).unwrap().trim().to_owned()
}

/// A lease's line.
fn lease(gateway: &Gateway<'_>, address: &str, life: &str) -> String {
    let to = format!("{}/ops", gateway.tenant_name("alice"));
    let words = ["cert", "lease", "--for", life, "--to", &to, "--address", &format!("{address}:2376")];
    gateway.wharf(&words).succeeds().stdout()
}

fn join(seat: &Seat<'_>, line: &str) -> Run {
    let program = wharf_program().unwrap().display().to_string();
    seat.run(&[&program, "shell", seat.name(), "--join", "prod"], line.as_bytes())
}

/// Who the workstation is to the other gateway.
fn whoami(seat: &Seat<'_>) -> Run {
    seat.shell(&["--", "env", "DOCKER_CONTEXT=prod", "/run/wharf/bin/wharf", "whoami"])
}

/// What the first process has run again and again.
fn renewal(seat: &Seat<'_>) -> Vec<String> {
    let container = format!("workstation-{}", seat.name());
    let told = seat.engine().docker(["container", "inspect", &container]).unwrap();
    let told: Value = serde_json::from_str(&told).unwrap();
    let words = ["Path", "Args"].map(|key| told[0][key].clone());
    let words = [vec![words[0].clone()], words[1].as_array().unwrap().clone()].concat();
    let words: Vec<String> = words.iter().map(|word| word.as_str().unwrap().to_owned()).collect();
    let every = words.iter().position(|word| word == "--every").expect("--every");
    assert!(words[every + 1].parse::<u32>().unwrap() <= 600, "{words:?}");
    words[every + 3..].to_vec()
}

#[test]
fn a_workstation_joins_a_gateway_with_a_lease_and_renews_it_while_it_runs() {
    on_each_engine(|engine| {
        if engine.kind() != EngineKind::Docker28 {
            return;
        }
        let gateway = Gateway::on(engine).tenant("alice", ORDINARY).at_the_network().start();
        let seat = Seat::at(engine);
        seat.define("# mine\nimage: debian:stable-slim");
        let address = bridge(&seat);
        gateway.wharf(&["ca", "names", "--add", &address]).succeeds();
        join(&seat, "hello\n").exits(2).says("this is no invitation");
        let joined = eventually("the server's certificate to have the address", || {
            let joined = join(&seat, &lease(&gateway, &address, "60s"));
            (joined.status() == 0).then_some(joined)
        });
        joined.says(&format!("ops of tenant {}", gateway.tenant_name("alice"))).never_says("crontab");
        let file = seat.path(&format!(".config/wharf/workstations/{}.yml", seat.name()));
        let text = std::fs::read_to_string(&file).unwrap();
        assert_eq!(text, "context: yard\n# mine\nimage: debian:stable-slim\ncontexts:\n  - prod\n");
        whoami(&seat).succeeds().prints(gateway.tenant_name("alice"));

        // The key is inside, in the home, and nobody else's.
        let keys = "find / -xdev -name key.pem -size +0 2>/dev/null; find ~ -name key.pem -printf '%m %p\\n'";
        let keys = seat.shell(&["--", "sh", "-c", keys]).succeeds().stdout();
        let found: Vec<&str> = keys.lines().collect();
        assert!(found.len() == 1 && found[0].starts_with("600 /home/"), "{keys}");
        let here = seat.sh("find . -name key.pem; docker context ls -q").succeeds();
        assert_eq!(here.stdout(), "default\nyard\n");

        // What the first process does every few minutes, done now.
        let certificate = "cat ~/.docker/contexts/tls/*/docker/cert.pem";
        let first = seat.shell(&["--", "sh", "-c", certificate]).succeeds().stdout();
        let renewal = renewal(&seat);
        let words: Vec<&str> = ["--"].into_iter().chain(renewal.iter().map(String::as_str)).collect();
        eventually("a third of the lease's life to be over, and another certificate", || {
            seat.shell(&words).succeeds();
            let now = seat.shell(&["--", "sh", "-c", certificate]).succeeds().stdout();
            (now != first).then_some(())
        });
        // It goes on after an upgrade, in another container.
        seat.shell(&["--upgrade"]).succeeds();
        seat.shell(&words).succeeds();
        whoami(&seat).succeeds();
        // Stopped, it renews nothing, and that is the end of it.
        let last = seat.shell(&["--", "sh", "-c", certificate]).succeeds().stdout();
        seat.shell(&["--stop"]).succeeds();
        seat.write("last.pem", &last);
        eventually("the lease's end", || {
            let judged = seat.sh("openssl x509 -noout -checkend 0 -in last.pem");
            (judged.status() == 1).then_some(())
        });
        seat.shell(&["--start"]).succeeds();
        let kept = seat.shell(&["--", "sh", "-c", certificate]).succeeds().stdout();
        assert_eq!(kept, last, "somebody renewed it while the workstation was stopped");
        let _over = whoami(&seat).exits(4);
    });
}

#[test]
fn an_image_in_which_wharf_does_not_run_is_named() {
    on_each_engine(|engine| {
        if engine.kind() != EngineKind::Docker28 {
            return;
        }
        let seat = Seat::at(engine);
        seat.define("image: busybox");
        let joined = join(&seat, "wharf join 192.0.2.7:2376 wharf1-abc\n").exits(1);
        let _said = joined.says("does not run in the workstation's image").says("same libc");
        let file = seat.path(&format!(".config/wharf/workstations/{}.yml", seat.name()));
        assert_eq!(std::fs::read_to_string(file).unwrap(), "context: yard\nimage: busybox\n");
    });
}
