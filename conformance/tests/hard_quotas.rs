//! The disk limit where the engine's file system has quotas of projects, on a machine of its own whose kernel has them: what a
//! tenant writes beyond its grant fails while it is written, wherever it writes it, and nobody else notices.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use wharf_testkit::{ImageRecipe, Machine, Result, TestDir, or_skip, run, wharf_program};

/// Logs count with all that they may become, 1M each here.
const HOST: &str = "\
listen: [unix:///run/wharf/docker.sock]
shared_images: ['busybox:*']
tenants:
  alice: {users: [alice], limits: {disk: 64M}}
  bob: {users: [bob], limits: {disk: 64M}}
";

/// The engine's data root on a file system that holds quotas of projects, and wharf beside it.
const INSTALL: &str = "\
systemctl is-system-running --wait >/dev/null
systemctl stop docker.socket docker
truncate -s 1G /docker.img
mkfs.ext4 -q -O project,quota -E quotatype=prjquota /docker.img
mount -o loop,prjquota /docker.img /var/lib/docker
systemctl start docker
docker import -c 'ENV PATH=/bin' -c 'CMD [\"sh\"]' /payload/image.tar busybox:latest
mkdir -p /etc/wharf
cp /payload/host.yml /etc/wharf/host.yml
install -m 0755 /payload/wharf /usr/local/bin/wharf
install -m 0644 -t /etc/systemd/system /payload/packaging/*.service /payload/packaging/wharf.socket
systemctl daemon-reload
systemctl start wharf-pins wharf.socket wharf
";

/// How long anything awaited may take on a machine that is slow.
const PATIENCE: Duration = Duration::from_secs(120);

struct Yard {
    machine: Machine,
    opened: Instant,
    _payload: TestDir,
}

/// Fills what one container has up to the limit's half and more, and tries to get out of it.
const FIRST: &str = "\
for file in /one/a /two/a /a; do dd if=/dev/zero of=$file bs=1M count=15 2>&1; done
mkdir -p /one/deep/deeper
echo text >/one/deep/deeper/file
ln -s \"$IMAGES\" /one/link
ln -s \"$IMAGES\" /one/deep/link
chmod 711 /bin/say && mv /bin/say /bin/said && ln /bin/said /bin/say && rm /bin/said && echo copied
unproject / /a /bin/busybox /one /one/a /one/deep /two
echo first has ended
";

/// Writes more than there is left, into a volume and a layer of another container.
const SECOND: &str = "\
dd if=/dev/zero of=/three/a bs=1M count=10 2>&1 || echo not even that
dd if=/dev/zero of=/a bs=1M count=100 2>&1 && echo layer has room
dd if=/dev/zero of=/three/b bs=1M count=5 2>&1 && echo volume has room
echo second has ended
";

/// One story, since the machine takes its time.
#[test]
fn what_a_tenant_writes_beyond_its_disk_fails_wherever_it_writes_it() {
    let Some(mut yard) = or_skip(Yard::opened()) else { return };
    yard.is_hard();
    yard.sh(&as_tenant(
        "alice",
        "docker create --name third --log-opt max-size=1m --log-opt max-file=1 busybox",
    ));
    let first = yard.runs("alice", "-v one:/one -v /two", FIRST);
    assert!(first.contains("first has ended") && !first.contains("escaped"), "{first}");
    assert!(first.contains("copied"), "files of the image are changed, renamed and made again: {first}");
    assert_eq!(first.matches("is of project 2000000001").count(), 6, "all but what is the image's: {first}");
    assert!(!first.contains("No space") && !first.contains("quota"), "{first}");
    let second = yard.runs("alice", "-v three:/three", SECOND);
    assert!(second.contains("second has ended") && !second.contains("room"), "{second}");
    assert_eq!(second.matches("Disk quota exceeded").count(), 2, "{second}");
    let (limit, used) = yard.room();
    assert_eq!(limit, 64 << 10);
    assert!((63 << 10..=limit).contains(&used), "{used} KiB of {limit}");

    // It is alice's alone.
    let bob =
        yard.runs("bob", "-v one:/one", "dd if=/dev/zero of=/one/a bs=1M count=40 2>&1 && echo has room");
    assert!(bob.contains("has room"), "{bob}");

    // What was there before is counted when somebody serves again, and what links lead to is not.
    let third = yard.sh("docker inspect -f '{{.GraphDriver.Data.UpperDir}}' alice--third").trim().to_owned();
    yard.sh("chattr -R -p 0 /var/lib/docker/*/volumes/alice--one/_data 2>/dev/null; true");
    yard.sh(&format!("chattr -p 0 {third} && chattr -P {third}"));
    assert!(yard.room().1 < limit - (14 << 10));
    yard.sh("sed -i 's/alice: {users: .alice., limits: {disk: 64M}}/alice: {users: [alice], limits: {disk: 80M}}/' /etc/wharf/host.yml");
    yard.sh("systemctl restart wharf");
    let (limit, used) = yard.awaits_limit(80 << 10);
    assert!((63 << 10..=limit).contains(&used), "{used} KiB of {limit}");
    let projects = yard.sh(&format!(
        "cd /var/lib/docker/*/ && lsattr -p volumes/alice--one/_data/deep/deeper/file && lsattr -dp {third} image"
    ));
    let projects: Vec<&str> = projects.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(projects, ["2000000001", "2000000001", "0"]);

    // Without the helper nothing is made that would not be counted.
    yard.sh("systemctl stop wharf-pins");
    let refused =
        yard.machine.sh(&as_tenant("bob", "docker volume create two; docker volume ls -q")).unwrap().1;
    assert!(refused.contains("cannot be counted") && !refused.contains("two\n"), "{refused}");
}

impl Yard {
    fn opened() -> Result<Self> {
        let payload = TestDir::new()?;
        let packaging = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packaging");
        // Without what debuggers read, it is a third.
        run(Command::new("strip").arg("-o").arg(payload.join("wharf")).arg(wharf_program()?))?;
        run(Command::new("cp").arg("-r").arg(packaging).arg(payload.path()))?;
        payload.write("host.yml", HOST)?;
        image(&payload)?;
        let opened = Instant::now();
        let mut yard = Self { machine: Machine::boot(payload.path())?, opened, _payload: payload };
        yard.sh(&format!("set -e\n{INSTALL}"));
        Ok(yard)
    }

    fn is_hard(&mut self) {
        let said = "disk is hard: what containers and volumes write beyond it fails\n";
        self.awaits(&as_tenant("alice", "wharf whoami | grep '^disk is'"), said);
    }

    /// Runs a script in a new container, which stays when it has ended.
    fn runs(&mut self, tenant: &str, volumes: &str, script: &str) -> String {
        let images = "$(echo /var/lib/docker/*/image)";
        self.sh(&format!("echo \"IMAGES={images}\" >/images; cat >/script <<'END'\n{script}\nEND"));
        let logs = "--log-opt max-size=1m --log-opt max-file=1";
        let command =
            format!("docker run --env-file /images {logs} {volumes} busybox sh -c \"$(cat /script)\" 2>&1");
        self.sh(&as_tenant(tenant, &command))
    }

    /// What alice may have and has of the file system, in KiB, as it says itself in her directories.
    fn room(&mut self) -> (u64, u64) {
        let said =
            self.sh("sync; df -k --output=size,used /var/lib/docker/*/volumes/alice--three/_data | tail -1");
        let mut words = said.split_whitespace().map(|word| word.parse().unwrap());
        (words.next().unwrap(), words.next().unwrap())
    }

    fn awaits_limit(&mut self, wanted: u64) -> (u64, u64) {
        self.is_hard();
        let found = self.room();
        assert_eq!(found.0, wanted);
        found
    }

    fn sh(&mut self, script: &str) -> String {
        println!("{:?} {script}", self.opened.elapsed());
        self.machine.run(script).unwrap_or_else(|error| panic!("{error}\n{}", self.journal()))
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
        let script = "systemctl --failed --no-legend; mount | grep docker; journalctl -b -o short-monotonic --no-pager -n 60";
        self.machine.sh(script).map_or_else(|error| error.to_string(), |(_, said)| said)
    }
}

/// busybox, and a program that tries to get out.
fn image(payload: &TestDir) -> Result<()> {
    let program = payload.join("unproject");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/programs/unproject.rs");
    run(Command::new("rustc")
        .args(["--edition=2024", "-C", "target-feature=+crt-static", source, "-o"])
        .arg(&program))?;
    ImageRecipe::busybox("busybox:latest")
        .program("bin/unproject", &program)
        .program("bin/say", &program)
        .archive(&payload.join("image.tar"))
}

fn as_tenant(tenant: &str, command: &str) -> String {
    format!("su - {tenant} <<'END'\nexport DOCKER_HOST=unix:///run/wharf/docker.sock\n{command}\nEND")
}
