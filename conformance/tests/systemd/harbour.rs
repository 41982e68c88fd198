//! The machine of the story, and what is looked at in it.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use wharf_testkit::{ImageRecipe, Machine, Result, TestDir, run, wharf_program};

/// What the administrator of the story decides.
const HOST: &str = "\
mount_root: /srv/wharf
listen: [unix:///run/wharf/docker.sock, 'tcp://127.0.0.1:2376']
shared_images: ['busybox:*']
tenants:
  alice:
    users: [alice]
    mounts: ['~']
    limits: {cpus: 1, memory: 256M, pids: 512, per_container: {memory: 64M, cpus: 1, pids: 64}}
";

/// A pod whose second member waits for its first.
const POD: &str = "\
containers:
  one: {image: busybox, update_image: false, restart: always, command: [sleep, '100000']}
  two: {image: busybox, update_image: false, restart: always, command: [sleep, '100000'], depends_on: [one]}
";

/// A tenant's pod with a directory of the host's.
const TENANTS_POD: &str = "\
containers:
  writer:
    {image: busybox, update_image: false, restart: always, command: [sleep, '100000'], mounts: [{source: data, target: /d}]}
";

/// What looks after a test's containers from within one (testcontainers' Ryuk) does so by the engine's socket. This one
/// asks every second, and writes into the tenant's home what it heard, and what it did not.
const RYUK: &str = r"
while :; do
	printf 'GET /_ping HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n' | say /var/run/docker.sock >/tmp/heard 2>>/data/lost
	grep OK /tmp/heard >>/data/heard
	sleep 1
done
";

/// How long anything awaited may take on a machine that is slow.
const PATIENCE: Duration = Duration::from_secs(240);

/// A machine with wharf's units on it.
pub(crate) struct Harbour {
    machine: Machine,
    opened: Instant,
    _payload: TestDir,
}

/// What a container and its socket are known by.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Sight {
    /// When the container was started.
    pub(crate) started: String,
    /// The socket that it has: its inode there, and at its place outside.
    pub(crate) socket: (String, String),
}

impl Harbour {
    pub(crate) fn opened() -> Result<Self> {
        let payload = TestDir::new()?;
        lay_out(&payload)?;
        let opened = Instant::now();
        Ok(Self { machine: Machine::boot(payload.path())?, opened, _payload: payload })
    }

    /// Every command of `packaging/README.md` but the one that builds.
    pub(crate) fn installs_as_the_readme_says(&mut self) {
        self.sh("docker import -c 'ENV PATH=/bin' -c 'CMD [\"sh\"]' /payload/image.tar busybox:latest");
        self.sh("mkdir -p /etc/wharf /srv/wharf && chmod 0700 /srv/wharf && cp /payload/host.yml /etc/wharf/host.yml");
        // Where `listen` has `tcp://`, there is an authority before there is a gateway.
        self.sh("/payload/target/release/wharf --quiet ca init --names 127.0.0.1");
        let commands = readme_commands();
        assert!(commands.contains("install -m 0755 target/release/wharf"), "{commands}");
        assert!(commands.contains("systemctl enable --now wharf.socket"), "{commands}");
        self.sh(&format!("set -e\ncd /payload\n{commands}"));
        assert_eq!(
            self.sh("systemctl is-active wharf.socket wharf wharf-pins wharf-pods"),
            "active\n".repeat(4)
        );
    }

    pub(crate) fn starts_the_gateway_when_somebody_knocks(&mut self) {
        self.sh("systemctl stop wharf.service");
        assert_eq!(self.machine.sh("systemctl is-active wharf.service").unwrap().0, 3);
        assert_eq!(self.alice("docker version -f {{.Server.Os}}"), "linux\n");
        assert_eq!(self.sh("systemctl is-active wharf.service"), "active\n");
        let stranger = self.machine.sh("su bob -c 'docker -H unix:///run/wharf/docker.sock ps'").unwrap();
        assert!(stranger.0 == 1 && stranger.1.contains("`bob` is in no tenant"), "{stranger:?}");
    }

    pub(crate) fn runs_a_container_with_a_directory_and_a_socket(&mut self) {
        self.sh(&format!("mkdir /home/alice/data; chown alice: /home/alice/data; cat >/home/alice/data/ryuk <<'END'\n{RYUK}\nEND"));
        self.alice(
            "docker run -d --init --name ryuk --restart always -v $HOME/data:/data \
             -v /var/run/docker.sock:/var/run/docker.sock busybox sh /data/ryuk",
        );
        self.answers_in_the_container();
        assert_eq!(self.sh("stat -c %U /home/alice/data/heard"), "alice\n");
    }

    pub(crate) fn runs_a_pod_of_the_administrators(&mut self) {
        self.sh(&format!("cat >/root/web.yml <<'END'\n{POD}END\nwharf --quiet up /root/web.yml"));
        self.runs_its_pod_again();
    }

    /// Its directory is the gateway's to make, below the mount root.
    pub(crate) fn runs_a_pod_of_the_tenants(&mut self) {
        self.sh(&format!("cat >/home/alice/notes.yml <<'END'\n{TENANTS_POD}END"));
        self.alice("wharf --quiet up notes.yml && wharf exec notes writer touch /d/note");
        assert_eq!(self.sh("cd /srv/wharf && find . -name note"), "./alice/notes/data/note\n");
    }

    pub(crate) fn runs_its_pod_again(&mut self) {
        self.awaits("docker ps --format '{{.Names}}' | grep -c '^web'", "3\n");
        assert_eq!(self.sh("wharf exec web two echo here"), "here\n");
    }

    /// By certificate, as an account that is nobody's here, and a timer of that user's own systemd renews it.
    pub(crate) fn lets_somebody_in_whose_certificate_is_renewed(&mut self) {
        self.sh("loginctl enable-linger bob");
        self.awaits(&as_bob("systemctl --user is-system-running | grep -v starting"), "running\n");
        let line = self.sh("wharf --quiet invite alice --user laptop --for 3m");
        assert!(line.starts_with("wharf join 127.0.0.1:2376 wharf1-"), "{line}");
        let joined = self.sh(&as_bob(&format!("{} --use 2>&1", line.trim())));
        assert!(
            joined.contains("laptop of tenant alice") && joined.contains("the timer `wharf-renew-"),
            "{joined}"
        );
        assert_eq!(self.sh(&as_bob("docker ps --format '{{.Names}}' | grep ryuk")), "ryuk\n");
        let certificate = as_bob("cat .docker/contexts/tls/*/docker/cert.pem");
        let before = self.sh(&certificate);
        let file = self.sh("echo /home/bob/.docker/contexts/tls/*/docker/cert.pem");
        self.sh(&format!("cp {} /tmp/before.pem", file.trim()));
        self.awaits(&format!("cmp -s {} /tmp/before.pem || echo another", file.trim()), "another\n");
        assert_ne!(self.sh(&certificate), before);
        assert_eq!(self.sh(&as_bob("docker ps --format '{{.Names}}' | grep ryuk")), "ryuk\n");
        self.sh("wharf --quiet cert revoke alice/laptop");
        let refused = self.machine.sh(&as_bob("docker ps 2>&1")).unwrap();
        assert!(refused.0 != 0 && refused.1.contains("certificate"), "{refused:?}");
        self.sh(&as_bob("systemctl --user disable --now --quiet $(systemctl --user list-timers --plain --no-legend | grep -o 'wharf-renew-[^ ]*timer')"));
        self.sh("loginctl disable-linger bob");
    }

    /// The engine itself, at the network, for who has a certificate; and back.
    pub(crate) fn has_its_engine_secured_and_undoes_that(&mut self) {
        let files = "cat /etc/docker/daemon.json; ls /etc/systemd/system/docker.service.d 2>/dev/null; true";
        let before = self.sh(files);
        self.sh("wharf --quiet engine secure --names 127.0.0.1 --listen tcp://127.0.0.1:2377 --apply");
        self.sh("systemctl daemon-reload && systemctl restart docker");
        self.sh("wharf --quiet engine cert me --to /root/me");
        let docker = "docker --tlsverify --tlscacert /root/me/ca.pem --tlscert /root/me/cert.pem --tlskey /root/me/key.pem";
        let asked = format!("{docker} -H tcp://127.0.0.1:2377 version -f {{{{.Server.Os}}}}");
        self.awaits(&asked, "linux\n");
        let stranger = "docker --tls -H tcp://127.0.0.1:2377 version -f '{{.Server.Os}}' 2>/dev/null; true";
        assert_eq!(self.sh(stranger).trim(), "", "without a certificate");
        self.sh("wharf --quiet engine secure --undo && systemctl daemon-reload && systemctl restart docker");
        assert_eq!(self.sh(files), before);
        assert_ne!(self.machine.sh(&asked).unwrap().0, 0);
    }

    /// What systemd's slice of the tenant says, with the containers below it.
    pub(crate) fn has_the_kernel_hold_the_tenants_limits(&mut self) {
        let group = "/sys/fs/cgroup/wharf.slice/wharf-alice.slice";
        let limits = format!("cd {group} && cat memory.max memory.swap.max pids.max cpu.max");
        self.awaits(&limits, "268435456\n0\n512\n100000 100000\n");
        let container = format!("cat {group}/docker-*.scope/memory.max | sort -u");
        assert_eq!(self.sh(&container), "67108864\n");
    }

    /// Its directory and its socket are of use to it: what it hears there now, it writes here.
    pub(crate) fn answers_in_the_container(&mut self) {
        let heard = self.heard();
        let more =
            format!("test $(cat /home/alice/data/heard 2>/dev/null | wc -l) -gt {} && echo more", heard + 1);
        self.awaits(&more, "more\n");
    }

    /// Whoever came while nobody answered has waited.
    pub(crate) fn has_lost_no_connection(&mut self) {
        let lost = self.sh("cat /home/alice/data/lost");
        assert!(!lost.contains("a connection"), "{lost}");
    }

    pub(crate) fn restarts(&mut self, unit: &str) {
        self.sh(&format!("systemctl restart {unit} && systemctl is-active {unit}"));
    }

    pub(crate) fn reboots(&mut self) {
        let boot = "cat /proc/sys/kernel/random/boot_id";
        let before = self.sh(boot);
        self.machine.reboot().unwrap();
        assert_ne!(self.sh(boot), before);
        self.awaits("systemctl is-system-running | grep -v starting", "running\n");
    }

    /// Without anybody's help, and what the engine's containers need before the engine.
    pub(crate) fn has_everything_up_in_order(&mut self) {
        let units = "wharf.socket wharf wharf-pins wharf-network docker";
        assert_eq!(self.sh(&format!("systemctl is-active {units}")), "active\n".repeat(5));
        let since = |harbour: &mut Self, unit: &str, what: &str| -> u64 {
            let said = harbour.sh(&format!("systemctl show --value -p {what} {unit}"));
            said.trim().parse().unwrap()
        };
        let engine = since(self, "docker", "ExecMainStartTimestampMonotonic");
        for unit in ["wharf-pins", "wharf-network"] {
            let ready = since(self, unit, "ActiveEnterTimestampMonotonic");
            assert!(0 < ready && ready < engine, "{unit}: {ready}, and the engine {engine}");
        }
        self.sh("nft list table inet wharf");
    }

    /// Not what `wharf` said when it could not, nor a service that had to be started twice.
    pub(crate) fn says_nothing_was_amiss(&mut self) {
        assert_eq!(self.sh("systemctl --failed --no-legend"), "");
        let said = self.sh("journalctl -b -o cat --no-pager -u 'wharf*'");
        for word in ["warning", "not opened", "not held", "Hint", "cannot"] {
            assert!(!said.contains(word), "{said}");
        }
        for unit in ["wharf", "wharf-pins"] {
            assert_eq!(self.sh(&format!("systemctl show --value -p NRestarts {unit}")), "0\n");
        }
    }

    pub(crate) fn sight(&mut self) -> Sight {
        let started = self.alice("docker inspect -f '{{.State.StartedAt}}' ryuk");
        let inside = self.alice("docker exec ryuk stat -c %i /var/run/docker.sock");
        let outside = self.sh("stat -c %i /run/wharf/tenants/alice/1/docker.sock");
        assert_eq!(inside, outside);
        Sight { started, socket: (inside, outside) }
    }

    fn heard(&mut self) -> u64 {
        self.sh("cat /home/alice/data/heard 2>/dev/null | wc -l").trim().parse().unwrap()
    }

    fn sh(&mut self, script: &str) -> String {
        println!("{:?} {script}", self.opened.elapsed());
        self.machine.run(script).unwrap_or_else(|error| panic!("{error}\n{}", self.journal()))
    }

    fn alice(&mut self, command: &str) -> String {
        self.sh(&format!(
            "su - alice <<'END'\nexport DOCKER_HOST=unix:///run/wharf/docker.sock\n{command}\nEND"
        ))
    }

    fn awaits(&mut self, script: &str, wanted: &str) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let (_, said) = self.machine.sh(script).unwrap();
            if said == wanted {
                return;
            }
            assert!(Instant::now() < deadline, "`{script}` says: {said}\n{}", self.journal());
        }
    }

    fn journal(&mut self) -> String {
        let script =
            "systemctl --failed --no-legend; docker ps -a; journalctl -b -o short-monotonic --no-pager -n 60";
        self.machine.sh(script).map_or_else(|error| error.to_string(), |(_, said)| said)
    }
}

/// As another account, within reach of that user's own systemd.
fn as_bob(command: &str) -> String {
    format!("su - bob <<'END'\nexport XDG_RUNTIME_DIR=/run/user/$(id -u)\n{command}\nEND")
}

/// What the machine gets: of a clone what the README's commands name, and an image.
fn lay_out(payload: &TestDir) -> Result<()> {
    let clone = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let at = |below: &str| payload.join(below);
    run(Command::new("mkdir").arg("-p").args([at("target/release"), at("docs/reference")]))?;
    // Without what debuggers read, it is a third.
    run(Command::new("strip").arg("-o").arg(at("target/release/wharf")).arg(wharf_program()?))?;
    run(Command::new("cp").arg("-r").arg(clone.join("packaging")).arg(payload.path()))?;
    let schemas = ["pod.schema.json", "host.schema.json"].map(|name| clone.join("docs/reference").join(name));
    run(Command::new("cp").args(schemas).arg(at("docs/reference")))?;
    payload.write("host.yml", HOST)?;
    image(payload)
}

/// busybox, and a program that can speak on a unix socket.
fn image(payload: &TestDir) -> Result<()> {
    let program = payload.join("say");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/programs/say.rs");
    run(Command::new("rustc").args(["-C", "target-feature=+crt-static", source, "-o"]).arg(&program))?;
    ImageRecipe::busybox("busybox:latest").program("bin/say", &program).archive(&payload.join("image.tar"))
}

/// The commands of `packaging/README.md`.
fn readme_commands() -> String {
    let readme = include_str!("../../../packaging/README.md");
    let blocks = readme.split("```sh\n").skip(1).filter_map(|rest| rest.split_once("```"));
    blocks.map(|(block, _)| block).collect()
}
