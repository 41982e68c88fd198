//! A gateway with its helper before an engine that maps users, and a tenant with a home.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, lchown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use wharf_conformance::eventually;
use wharf_conformance::gateway::{Client, Gateway, ORDINARY};
use wharf_testkit::{Account, Engine, EngineKind, EngineOptions, or_skip, output, run, wharf_program};

const UNIT: &str = include_str!("../../../packaging/wharf-pins.service");

/// An engine that maps users, in this machine's own mount namespace, where the helper is, too.
fn mapped(kind: EngineKind) -> Option<(Account, Engine)> {
    // `useradd` gives every account subordinate ids, and dockerd takes them.
    let account = or_skip(Account::new("remap"))?;
    let arguments = vec![format!("--userns-remap={0}:{0}", account.name())];
    let options = EngineOptions { arguments, ..EngineOptions::default() };
    Some((account, or_skip(Engine::start(kind, &options))?))
}

/// Tells the story on both engines.
pub(crate) fn on_each_engine(story: impl Fn(&Harbour<'_>)) {
    static ENGINES: OnceLock<Vec<(Account, Engine)>> = OnceLock::new();
    let start = || [EngineKind::Docker20, EngineKind::Docker28].into_iter().filter_map(mapped).collect();
    for (_, engine) in ENGINES.get_or_init(start) {
        eprintln!("on docker {}", engine.kind().name());
        story(&Harbour::before(engine));
    }
}

/// The same on engines of its own, which may be restarted.
pub(crate) fn on_each_engine_alone(story: impl Fn(&mut Harbour<'_>)) {
    for kind in [EngineKind::Docker20, EngineKind::Docker28] {
        let Some((_account, engine)) = mapped(kind) else { return };
        eprintln!("on docker {}", kind.name());
        story(&mut Harbour::before(&engine));
    }
}

/// What a user of these tests may bind, besides; the administrator's.
fn media(gateway: &Gateway<'_>) -> PathBuf {
    gateway.path("media")
}

/// A gateway, its helper, and alice, who has a home and a project in it.
pub(crate) struct Harbour<'e> {
    pins: Option<Child>,
    pub(crate) gateway: Gateway<'e>,
}

impl<'e> Harbour<'e> {
    pub(crate) fn before(engine: &'e Engine) -> Self {
        let grants = |role: &str| format!("{ORDINARY}mounts: ['~', 'MEDIA-{role}:ro']\n");
        let gateway = Gateway::on(engine)
            .tenant("alice", &grants("a").replace("MEDIA-a", "/srv/wharf-none"))
            .tenant("bob", ORDINARY)
            .start();
        let mut harbour = Self { pins: None, gateway };
        for role in ["alice", "bob"] {
            harbour.give_home(role);
        }
        fs::create_dir(media(&harbour.gateway)).unwrap();
        fs::write(media(&harbour.gateway).join("song"), "la la\n").unwrap();
        let media = media(&harbour.gateway).display().to_string();
        harbour.gateway.reload("/srv/wharf-none", &media);
        harbour.start_pins();
        harbour.wait_for_configuration();
        harbour
    }

    /// The account of a role gets a home below what is root's alone.
    fn give_home(&self, role: &str) {
        let account = self.gateway.account(role);
        let home = self.home(role);
        fs::create_dir_all(home.parent().unwrap()).unwrap();
        fs::create_dir(&home).unwrap();
        let mut usermod = Command::new("flock");
        usermod.args(["/tmp/wharf-accounts.lock", "usermod", "-d"]).arg(&home).arg(account.name());
        run(&mut usermod).unwrap();
        self.own(role, &home);
        self.directory(role, "data");
    }

    pub(crate) fn home(&self, role: &str) -> PathBuf {
        self.gateway.path("home").join(self.gateway.account(role).name())
    }

    fn own(&self, role: &str, path: &Path) {
        let account = self.gateway.account(role);
        lchown(path, Some(account.uid()), Some(account.gid())).unwrap();
    }

    /// A directory of a user's, in its home.
    pub(crate) fn directory(&self, role: &str, below: &str) -> PathBuf {
        let path = self.home(role).join(below);
        fs::create_dir(&path).unwrap();
        self.own(role, &path);
        path
    }

    /// A file of a user's, in its home.
    pub(crate) fn file(&self, role: &str, below: &str, text: &str) -> PathBuf {
        let path = self.home(role).join(below);
        fs::write(&path, text).unwrap();
        self.own(role, &path);
        path
    }

    pub(crate) fn media(&self) -> PathBuf {
        media(&self.gateway)
    }

    /// Whether this is the account's own on disk.
    pub(crate) fn is_own(&self, role: &str, path: &Path) -> bool {
        let (facts, account) = (fs::symlink_metadata(path).unwrap(), self.gateway.account(role));
        (facts.uid(), facts.gid()) == (account.uid(), account.gid())
    }

    pub(crate) fn alice(&self) -> Client<'_> {
        self.gateway.as_tenant("alice", self.gateway.engine().kind())
    }

    /// Starts the helper with the rights that its unit leaves it, and waits until it listens.
    pub(crate) fn start_pins(&mut self) {
        let kept: Vec<String> = UNIT
            .lines()
            .filter_map(|line| line.strip_prefix("CapabilityBoundingSet="))
            .flat_map(|rights| rights.split(' '))
            .map(|name| format!("+{}", name.trim_start_matches("CAP_").to_lowercase()))
            .collect();
        let mut command = Command::new("setpriv");
        command
            .arg(format!("--bounding-set=-all,{}", kept.join(",")))
            .args(["--inh-caps=-all", "--no-new-privs"]);
        command.arg(wharf_program().unwrap()).args(["pins", "--config"]).arg(self.gateway.path("host.yml"));
        let log = fs::File::options().create(true).append(true).open(self.gateway.path("pins.log")).unwrap();
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let mut child = command.spawn().unwrap();
        let socket = self.gateway.path("run/admin/pins.sock");
        eventually("`wharf pins` listens", || {
            if let Ok(Some(status)) = child.try_wait() {
                panic!("`wharf pins` ended: {status}: {}", self.pins_log());
            }
            std::os::unix::net::UnixStream::connect(&socket).ok()
        });
        self.pins = Some(child);
    }

    pub(crate) fn pins_log(&self) -> String {
        fs::read_to_string(self.gateway.path("pins.log")).unwrap_or_default()
    }

    /// Ends the helper, politely or not.
    pub(crate) fn stop_pins(&mut self, signal: &str) {
        let Some(mut pins) = self.pins.take() else { return };
        run(Command::new("kill").args(["-s", signal, &pins.id().to_string()])).unwrap();
        pins.wait().unwrap();
    }

    /// Takes all mounts away, as a boot does.
    pub(crate) fn unmount_all(&self) {
        let place = self.gateway.path("state/places");
        while output(Command::new("umount").arg("-l").arg(&place).stderr(Stdio::null()))
            .is_ok_and(|o| o.status.success())
        {}
    }

    fn wait_for_configuration(&self) {
        let alice = self.alice();
        let ask = format!("docker create --rm -v {}:/m busybox", self.media().display());
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
        let id = loop {
            let made = alice.sh(&ask);
            if made.status() == 0 {
                break made.stdout();
            }
            assert!(std::time::Instant::now() < deadline, "{made}");
            std::thread::sleep(std::time::Duration::from_millis(50));
        };
        alice.sh(&format!("docker rm {id}")).succeeds();
        self.pins_are_left(0);
    }

    /// How many pins are remembered.
    pub(crate) fn pins(&self) -> usize {
        let files = fs::read_dir(self.gateway.path("state/pins")).unwrap();
        files.filter(|file| file.as_ref().unwrap().file_name().to_string_lossy().ends_with(".json")).count()
    }

    /// Waits until so many are, and as many are mounted.
    pub(crate) fn pins_are_left(&self, number: usize) {
        let place = self.gateway.path("state/places").display().to_string();
        let mounted = || {
            let table = fs::read_to_string("/proc/self/mounts").unwrap();
            table.lines().filter(|line| line.contains(&format!(" {place}/"))).count()
        };
        eventually(&format!("{number} pins, not {} in {place}", self.pins()), || {
            ((self.pins(), mounted()) == (number, number)).then_some(())
        });
    }
}

impl Drop for Harbour<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("wharf pins said:\n{}", self.pins_log());
        }
        self.stop_pins("KILL");
        self.unmount_all();
    }
}
