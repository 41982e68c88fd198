//! An engine, the process that makes pins beside it, and two accounts' homes. For the tests of pins only.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, lchown};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use wharf_pin::{
    Access, Account, Answer, Confining, Grant, Missing, OwnSockets, Pins, Question, Served, Subordinate, ask,
    serve,
};
use wharf_testkit::{Engine, EngineKind, EngineOptions, TestDir, or_skip, run, unique_name};

pub(crate) const ANA: u32 = 31_001;
pub(crate) const BOB: u32 = 31_002;
/// The first of Ana's subordinate ids.
pub(crate) const BELOW_ANA: u32 = 400_000;
/// What the remapped engines take for root in containers.
pub(crate) const REMAPPED: u32 = 100_000;
const WHERE: &str = "WHARF_TEST_PIN_QUAY";

/// An engine of the tests of pins, and whether it maps users.
pub(crate) struct Berth {
    pub(crate) engine: Engine,
    pub(crate) is_remapped: bool,
}

/// Starts an engine for pins.
pub(crate) fn berth(kind: EngineKind, is_remapped: bool) -> Option<Berth> {
    let ids = format!("nobody:{REMAPPED}:65536\nnogroup:{REMAPPED}:65536\n");
    let mut options = EngineOptions::default();
    if is_remapped {
        options.arguments = vec!["--userns-remap=nobody:nogroup".to_owned()];
        options.files = vec![("/etc/subuid".to_owned(), ids.clone()), ("/etc/subgid".to_owned(), ids)];
    }
    let engine = or_skip(Engine::start(kind, &options))?;
    engine.import_busybox().expect("busybox");
    Some(Berth { engine, is_remapped })
}

/// Tells the story on both engines, with and without mapped users.
pub(crate) fn on_each_engine(story: impl Fn(&Quay)) {
    static BERTHS: OnceLock<Vec<Berth>> = OnceLock::new();
    let start = || {
        let kinds = [EngineKind::Docker20, EngineKind::Docker28];
        kinds.into_iter().flat_map(|kind| [false, true].map(|mapped| berth(kind, mapped))).flatten().collect()
    };
    for berth in BERTHS.get_or_init(start) {
        eprintln!("on docker {}, remapped: {}", berth.engine.kind().name(), berth.is_remapped);
        story(&Quay::at(berth));
    }
}

/// One test's part of an engine.
pub(crate) struct Quay<'b> {
    pub(crate) berth: &'b Berth,
    directory: TestDir,
    server: Option<Child>,
    name: String,
}

impl<'b> Quay<'b> {
    pub(crate) fn at(berth: &'b Berth) -> Self {
        let directory = TestDir::new().expect("a directory");
        let mut quay = Self { berth, directory, server: None, name: unique_name() };
        fs::create_dir(quay.path("state")).expect("a directory");
        fs::set_permissions(quay.path("state"), fs::Permissions::from_mode(0o700)).expect("its mode");
        fs::create_dir(quay.path("home")).expect("a directory");
        quay.directory("home/ana", ANA, 0o755);
        quay.directory("home/bob", BOB, 0o755);
        quay.directory("home/ana/data", ANA, 0o755);
        quay.start();
        quay
    }

    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.directory.join(below)
    }

    pub(crate) fn directory(&self, below: &str, owner: u32, mode: u32) -> PathBuf {
        let path = self.path(below);
        fs::create_dir(&path).expect("a directory");
        own(&path, owner, mode)
    }

    pub(crate) fn file(&self, below: &str, owner: u32, mode: u32) -> PathBuf {
        let path = self.path(below);
        fs::write(&path, below).expect("a file");
        own(&path, owner, mode)
    }

    /// Starts the process that makes pins; it opens again what is remembered before it listens.
    pub(crate) fn start(&mut self) {
        let _gone = fs::remove_file(self.path("socket"));
        let mut command = self.inside(std::env::current_exe().expect("this program"));
        command.args(["--exact", "the_process_that_makes_pins", "--nocapture"]);
        command.env(WHERE, self.path("")).stdout(Stdio::null());
        self.server = Some(command.spawn().expect("the process that makes pins"));
        let deadline = Instant::now() + Duration::from_secs(20);
        while !self.path("socket").exists() {
            assert!(Instant::now() < deadline, "the process that makes pins does not listen");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Kills it.
    pub(crate) fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            server.kill().expect("a kill");
            server.wait().expect("its end");
        }
    }

    /// Takes all mounts away, as a boot does.
    pub(crate) fn unmount_all(&self) {
        while run(self.inside("umount").arg("-l").arg(self.path("pins")).stderr(Stdio::null())).is_ok() {}
    }

    /// A program in the engine's mount namespace.
    pub(crate) fn inside(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let pid = fs::read_to_string(self.berth.engine.directory().join("pid")).unwrap_or_default();
        // An engine that is stopped had this process's own, unless it maps users; those are not stopped.
        let pid = if pid.trim().is_empty() { "self" } else { pid.trim() };
        let mut command = Command::new("nsenter");
        command.arg(format!("--mount=/proc/{pid}/ns/mnt")).arg(program);
        command
    }

    fn question(&self, below: &str, access: Access) -> Question {
        Question::Pin {
            tenant: "alice".parse().expect("a name"),
            generation: serde_json::from_str("1").expect("a number"),
            account: "ana".to_owned(),
            path: self.path(below),
            granted: self.path("home/ana"),
            access,
            missing: Missing::Refused,
            container_root: self.berth.is_remapped.then_some((REMAPPED, REMAPPED)),
        }
    }

    /// Pins something of Ana's and gives the source.
    pub(crate) fn pin(&self, below: &str, access: Access) -> String {
        match self.ask(&self.question(below, access)) {
            Answer::Pinned { source, .. } => source.display().to_string(),
            other => panic!("{below}: {other:?}"),
        }
    }

    /// Why something is not pinned, without the test's directory.
    pub(crate) fn refused(&self, below: &str) -> String {
        match self.ask(&self.question(below, Access::ReadWrite)) {
            Answer::Refused { reason } => reason.replace(self.path("home").to_str().expect("text"), "/home"),
            other => panic!("{below}: {other:?}"),
        }
    }

    pub(crate) fn ask(&self, question: &Question) -> Answer {
        ask(&self.path("socket"), question).expect("an answer")
    }

    /// A container's name.
    pub(crate) fn named(&self, name: &str) -> String {
        format!("{}-{name}", self.name)
    }

    /// Runs a script in a new container with one pin; both streams, trimmed, whatever the status.
    pub(crate) fn sh(&self, source: &str, script: &str) -> String {
        self.sh_with(&words(source), script)
    }

    pub(crate) fn sh_with(&self, words: &[String], script: &str) -> String {
        let mut command = self.berth.engine.docker_command();
        command.args(["run", "--rm"]).args(words).args([
            "busybox",
            "sh",
            "-c",
            &format!("{{ {script}; }} 2>&1"),
        ]);
        let output = command.output().expect("docker");
        let text = [output.stdout, output.stderr].concat();
        String::from_utf8_lossy(&text).trim().to_owned()
    }

    /// Starts a container that stays, with one pin.
    pub(crate) fn start_container(&self, name: &str, source: &str) {
        let (name, words) = (self.named(name), words(source));
        let command = ["run", "-d", "--init", "--name", &name];
        let words =
            command.into_iter().chain(words.iter().map(String::as_str)).chain(["busybox", "sleep", "1000"]);
        self.berth.engine.docker(words).expect("a container");
    }

    /// What a shell in such a container says.
    pub(crate) fn exec(&self, name: &str, script: &str) -> String {
        let script = format!("{{ {script}; }} 2>&1 || true");
        let said = self.berth.engine.docker(["exec", &self.named(name), "sh", "-c", &script]);
        said.expect("an exec").trim().to_owned()
    }
}

impl Drop for Quay<'_> {
    fn drop(&mut self) {
        let filter = format!("name=^/{}-", self.name);
        let listed = self.berth.engine.docker(["ps", "-aq", "--filter", &filter]).unwrap_or_default();
        for id in listed.lines() {
            let _removed = self.berth.engine.docker(["rm", "-f", "-v", id]);
        }
        self.kill();
        self.unmount_all();
    }
}

/// The engine's words for one pin mounted at `/d`, without what such a container must not have.
pub(crate) fn words(source: &str) -> Vec<String> {
    let mount = format!("type=bind,source={source},target=/d");
    let words = ["--mount", &mount, "--cap-drop", "CHOWN", "--cap-drop", "MKNOD", "--network", "none"];
    words.map(str::to_owned).to_vec()
}

fn own(path: &Path, owner: u32, mode: u32) -> PathBuf {
    lchown(path, Some(owner), Some(owner)).expect("an owner");
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
    path.to_owned()
}

/// User, group and permissions on disk.
pub(crate) fn facts(path: &Path) -> (u32, u32, u32) {
    let facts = fs::symlink_metadata(path).expect("a file");
    (facts.uid(), facts.gid(), facts.mode() & 0o7777)
}

fn ana(base: &Path) -> Account {
    let ids = format!("ana:{BELOW_ANA}:65536\n");
    let ids = Subordinate::parse(&ids, &ids, "ana", ANA);
    Account::new("ana", (ANA, ANA), vec![], base.join("home/ana"), ids).expect("an account")
}

/// The process that makes pins, as it starts at boot.
pub(crate) fn serve_if_told() {
    let Ok(base) = std::env::var(WHERE) else { return };
    let base = Path::new(&base);
    let pins = Pins::start(&base.join("state"), &base.join("pins")).expect("pins");
    let swept = pins.reopen_all(|record| {
        let grant = Grant::new(&record.granted, Access::ReadWrite).map_err(|error| error.to_string())?;
        let request = grant.ask(&record.path, record.access).map_err(|error| error.to_string())?;
        Ok((ana(base), request))
    });
    for absent in swept.expect("records").absent {
        eprintln!("absent: {}", absent.reason);
    }
    // Found by its name only when it listens.
    let half = base.join("half");
    let _gone = fs::remove_file(&half);
    let listener = UnixListener::bind(&half).expect("a socket");
    fs::rename(half, base.join("socket")).expect("its name");
    let accounts =
        |name: &str| if name == "ana" { Ok(ana(base)) } else { Err(format!("no account `{name}`")) };
    let sockets = OwnSockets::start(base.join("tenants"), Vec::new(), None);
    let confining = Confining::new(Box::new(|| Err("nobody counts here".to_owned())), Box::new(|_| Ok(1)));
    let served = Served { pins: &pins, sockets: &sockets, confining: &confining, accounts: &accounts };
    serve(&listener, served).expect("connections");
}
