//! What `wharf serve` needs before it listens at the network, and what it does not start without.

use crate::at_the_network;
use crate::peer::{anonymous_curl, curl, is_let_in};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use wharf_conformance::gateway::{Gateway, ORDINARY, through_the_gateway};
use wharf_conformance::{Run, eventually};
use wharf_testkit::{EngineKind, TestDir, wharf_program};

#[test]
fn without_an_authority_nothing_is_answered_at_the_network() {
    through_the_gateway(|engine| {
        if engine.kind() != EngineKind::Docker28 {
            return;
        }
        // Holds the engine for this test alone, and ends before the other begins.
        let mut alone = Gateway::on(engine).tenant("alice", ORDINARY).start();
        alone.stop();
        let other = TestDir::new().unwrap();
        std::fs::create_dir(other.join("mounts")).unwrap();
        let config = format!(
            "mount_root: {0}/mounts\nengine: {1}\nlisten: ['tcp://127.0.0.1:2376']\nstate_dir: {0}/state\n\
             allow_unmapped_users: true\n",
            other.path().display(),
            engine.host(),
        );
        let config = other.write("host.yml", config).unwrap();
        let mut serve = engine.in_netns("timeout");
        serve
            .args(["-s", "KILL", "20"])
            .arg(wharf_program().unwrap())
            .args(["serve", "--config"])
            .arg(&config);
        let run = Run::of(serve.env_remove("DOCKER_HOST"), b"").exits(2);
        run.says("at `tcp://` everybody needs a certificate").says("wharf ca init");
        let nothing = Run::of(engine.in_netns("curl").args(["-sS", "http://127.0.0.1:2376/"]), b"");
        assert_eq!(nothing.status(), 7, "nobody listens: {nothing}");
    });
}

/// Has a gateway that was stopped listen elsewhere.
fn listen(gateway: &Gateway<'_>, addresses: &str) {
    let path = gateway.path("host.yml");
    let text = std::fs::read_to_string(&path).unwrap();
    let line = text.lines().find(|line| line.starts_with("listen: ")).unwrap().to_owned();
    std::fs::write(&path, text.replace(&line, &format!("listen: [{addresses}]"))).unwrap();
}

fn ping(gateway: &Gateway<'_>, folder: &Path, address: &str) -> Run {
    curl(gateway, folder, &["-k", "--noproxy", "*", &format!("https://{address}/_ping")])
}

#[test]
fn each_address_is_listened_at_for_itself() {
    at_the_network_before(|mut gateway| {
        let folder = gateway.export("alice", "laptop");
        let socket = gateway.socket();
        gateway.stop();
        let addresses = format!(
            "'unix://{}', 'tcp://0.0.0.0:2376', 'tcp://[::]:2376', 'tcp://127.0.0.1:2377'",
            socket.display()
        );
        listen(&gateway, &addresses);
        gateway.start_again();
        for address in ["127.0.0.1:2376", "[::1]:2376", "127.0.0.1:2377"] {
            let run = ping(&gateway, &folder, address).succeeds();
            assert_eq!(run.stdout(), "OK", "{address}");
        }
        assert_eq!(ping(&gateway, &folder, "[::1]:2377").status(), 7);
        // Somebody else has the port.
        gateway.stop();
        let mut other = gateway.engine().in_netns("python3");
        let hold = "import socket, time; s = socket.create_server(('127.0.0.1', 2377)); print('held', flush=True); time.sleep(60)";
        let mut other = Served::start(other.args(["-c", hold]).stdout(Stdio::piped()));
        std::io::Read::read_exact(other.0.stdout.as_mut().unwrap(), &mut [0; 5]).unwrap();
        let refused = gateway.wharf(&["serve"]).exits(1);
        refused.says("cannot listen at `tcp://127.0.0.1:2377`");
        drop(other);
    });
}

#[test]
fn an_address_that_comes_later_is_listened_at_already() {
    at_the_network_before(|mut gateway| {
        let folder = gateway.export("alice", "laptop");
        gateway.stop();
        let addresses = format!("'unix://{}', 'tcp://192.0.2.55:2379'", gateway.socket().display());
        listen(&gateway, &addresses);
        gateway.start_again();
        assert!(gateway.log().contains("does not have the address 192.0.2.55"), "{}", gateway.log());
        let address = |verb: &str| {
            let mut ip = gateway.engine().in_netns("ip");
            Run::of(ip.args(["address", verb, "192.0.2.55/32", "dev", "lo"]), b"").succeeds();
        };
        address("add");
        let run = ping(&gateway, &folder, "192.0.2.55:2379");
        address("del");
        assert_eq!(run.succeeds().stdout(), "OK");
    });
}

/// As `at_the_network`, for stories that end and start the gateway.
fn at_the_network_before(story: impl Fn(Gateway<'_>) + Sync) {
    through_the_gateway(|engine| {
        if engine.kind() == EngineKind::Docker28 {
            story(crate::gateway(engine));
        }
    });
}

#[test]
fn what_systemd_listens_at_is_answered_with_certificates_and_nothing_else() {
    at_the_network_before(|mut gateway| {
        let folder = gateway.export("alice", "laptop");
        gateway.stop();
        let serve = format!(
            "{} --config {} serve",
            wharf_program().unwrap().display(),
            gateway.path("host.yml").display()
        );
        // As systemd does it (sd_listen_fds(3)).
        let script = format!(
            "import os, socket\ns = socket.create_server(('127.0.0.1', 2399))\nos.dup2(s.fileno(), 3)\nos.set_inheritable(3, True)\n\
             os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid()))\nwords = '{serve}'.split()\n\
             os.execv(words[0], words)"
        );
        let mut served = gateway.engine().in_netns("python3");
        let mut served = Served::start(served.args(["-c", &script]));
        let answer = eventually("an answer", || {
            let run = ping(&gateway, &folder, "127.0.0.1:2399");
            (run.status() == 0).then(|| run.stdout())
        });
        assert_eq!(answer, "OK");
        assert_ne!(anonymous_curl(&gateway, &["-k", "https://127.0.0.1:2399/_ping"]).status(), 0);
        assert!(!is_let_in(&gateway, &folder), "systemd was told where to listen");
        served.end();
    });
}

/// A program that ends with the test.
struct Served(Child);

impl Served {
    fn start(command: &mut Command) -> Self {
        Self(command.env_remove("DOCKER_HOST").stderr(Stdio::null()).spawn().unwrap())
    }

    /// Ends it politely.
    fn end(&mut self) {
        Run::of(Command::new("kill").args(["-s", "TERM", &self.0.id().to_string()]), b"").succeeds();
        eventually("its end", || self.0.try_wait().unwrap());
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ended = self.0.kill().and_then(|()| self.0.wait());
    }
}

#[test]
fn at_the_network_alone_its_own_sockets_are_at_the_usual_place() {
    at_the_network_before(|mut gateway| {
        let folder = gateway.export("alice", "laptop");
        gateway.stop();
        listen(&gateway, "'tcp://0.0.0.0:2376'");
        // A place of the test's own, in a mount namespace of its own.
        let run = gateway.path("usual");
        std::fs::create_dir(&run).unwrap();
        let script =
            "mkdir -p /run/wharf && mount --bind \"$1\" /run/wharf && exec \"$2\" --config \"$3\" serve";
        let mut served = gateway.engine().in_netns("unshare");
        served.args(["--mount", "--propagation", "private", "sh", "-euc", script, "serve"]).arg(&run);
        served.arg(wharf_program().unwrap()).arg(gateway.path("host.yml"));
        let mut served = Served::start(&mut served);
        eventually("an answer", || is_let_in(&gateway, &folder).then_some(()));
        let client = gateway.as_bearer(&folder, EngineKind::Docker28);
        client.answers("docker run --rm busybox echo hello", "hello");
        let made = |name: &str| run.join(name).exists();
        assert!(made("admin/docker.sock") && made("tenants") && !made("docker.sock"));
        served.end();
        std::thread::sleep(Duration::from_millis(10));
        assert!(!made("admin/docker.sock"), "what it made goes");
    });
}

#[test]
fn the_directory_is_roots_and_so_is_every_file() {
    at_the_network(|gateway| {
        use std::os::unix::fs::MetadataExt as _;
        let _certificate = gateway.export("alice", "laptop");
        let directory = gateway.path("state/identity");
        let mode = |path: &Path| std::fs::symlink_metadata(path).unwrap().mode() & 0o7777;
        assert_eq!(mode(&directory), 0o700);
        for entry in std::fs::read_dir(&directory).unwrap() {
            let path = entry.unwrap().path();
            assert_eq!(mode(&path), 0o600, "{}", path.display());
        }
    });
}

#[test]
fn who_takes_the_network_away_while_it_runs_is_told_that_it_needs_a_restart() {
    at_the_network_before(|gateway| {
        gateway.reload(", 'tcp://0.0.0.0:2376'", "");
        eventually("the warning", || gateway.log().contains("when `wharf serve` is restarted").then_some(()));
    });
}
