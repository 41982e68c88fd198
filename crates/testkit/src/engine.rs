//! A real Docker engine of a test's own, in a network namespace of its own, with all it has under one directory.

use std::ffi::OsStr;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::guard::{Guard, own_group};
use crate::packages::{Suite, unpacked};
use crate::{Error, Netns, Result, TestDir, is_root, run};

mod kind;
mod ping;

pub use kind::EngineKind;

/// How long an engine may take to start, or to stop its containers.
const PATIENCE: Duration = Duration::from_secs(90);

/// What a test may choose about its engine.
#[derive(Debug, Clone, Default)]
pub struct EngineOptions {
    /// More arguments for `dockerd`.
    pub arguments: Vec<String>,
    /// Lines for the engine's own `/etc/hosts`, such as `127.0.0.1 registry.example`. When there are any, the
    /// engine also has a mount namespace of its own.
    pub hosts: Vec<String>,
    /// Files that the engine sees instead of the machine's, by path with their text, such as `/etc/subuid`. The
    /// machine must have them. Where there are any, the engine also has a mount namespace of its own.
    pub files: Vec<(String, String)>,
    /// Who says where the engine listens.
    pub listens_by: ListensBy,
}

/// Who says where an engine listens: it does not start when both do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ListensBy {
    /// A flag.
    #[default]
    Flag,
    /// `hosts` in its `daemon.json`, which lies in the engine's directory.
    File,
}

/// A running engine. Dropping it ends everything that ran in it and removes its directory; so does the end of this
/// process. One that was joined (see [`crate::Engines`]) is left running.
#[derive(Debug)]
pub struct Engine {
    kind: EngineKind,
    directory: PathBuf,
    netns: Netns,
    /// Searched for programs before anything else.
    path: String,
    owned: Option<Owned>,
}

/// What only the process that started an engine has. Dropped in this order: the sweep needs the directory.
#[derive(Debug)]
struct Owned {
    start: Start,
    daemon: Mutex<Child>,
    _guard: Guard,
    _directory: TestDir,
}

/// How `dockerd` is started, again and again.
#[derive(Debug)]
struct Start {
    arguments: Vec<String>,
    /// What it sees instead of the machine's files: path there, path of ours.
    files: Vec<(String, PathBuf)>,
}

impl Engine {
    /// Starts an engine and waits until it answers.
    ///
    /// Gives [`Error::Missing`] where it cannot be had: not root, or not a Debian machine.
    pub fn start(kind: EngineKind, options: &EngineOptions) -> Result<Self> {
        if !is_root() {
            return Err(Error::Missing("not root, and engines need network namespaces".into()));
        }
        let path = search_path(kind)?;
        let directory = TestDir::new()?;
        let name = directory.path().file_name().unwrap_or_default().to_string_lossy().into_owned();
        let at = directory.path().display().to_string();
        let guard = Guard::new("", include_str!("engine/sweep.sh"), &[&name, &at])?;
        let netns = Netns::unguarded(&name)?;
        let start = Start::prepare(kind, &directory, &name, options)?;
        let path_of = directory.path().to_owned();
        let daemon = start.daemon(&netns, &path_of, &path)?;
        let owned = Owned { start, daemon: Mutex::new(daemon), _guard: guard, _directory: directory };
        let engine = Self { kind, directory: path_of, netns, path, owned: Some(owned) };
        engine.wait_until_ready()?;
        Ok(engine)
    }

    /// A new engine with nothing special about it, for tests that restart it or must be alone.
    pub fn private(kind: EngineKind) -> Result<Self> {
        Self::start(kind, &EngineOptions::default())
    }

    /// An engine that another process started and will stop.
    pub(crate) fn join(kind: EngineKind, socket: &Path, netns: &str) -> Result<Self> {
        let directory = socket.parent().unwrap_or(Path::new("/")).to_owned();
        Ok(Self { kind, directory, netns: Netns::existing(netns), path: search_path(kind)?, owned: None })
    }

    /// Which engine it is.
    pub fn kind(&self) -> EngineKind {
        self.kind
    }

    /// Its socket.
    pub fn socket(&self) -> PathBuf {
        self.directory.join("docker.sock")
    }

    /// Its socket as `DOCKER_HOST` wants it: `unix:///...`.
    pub fn host(&self) -> String {
        format!("unix://{}", self.socket().display())
    }

    /// The network namespace in which it runs, and in which published ports are reached.
    pub fn netns(&self) -> &Netns {
        &self.netns
    }

    /// Its directory: log, data, socket.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Everything `dockerd` has said so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.directory.join("log")).unwrap_or_default()
    }

    /// A command that will run in the engine's network namespace, with the engine's own tools found first and
    /// `DOCKER_HOST` set.
    pub fn in_netns(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = self.netns.command(program);
        command.env("PATH", &self.path).env("DOCKER_HOST", self.host());
        command.env("DOCKER_CONFIG", self.directory.join("cli"));
        command
    }

    /// Runs the engine's own docker CLI against it and gives standard output. Ends it after two minutes, since it
    /// may hang when a start fails.
    pub fn docker<I, S>(&self, arguments: I) -> Result<String>
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        run(self.docker_command().args(arguments))
    }

    /// The docker CLI as a command, for tests that want its input, output or status.
    pub fn docker_command(&self) -> Command {
        let mut command = self.in_netns("timeout");
        command.args(["-k", "1", "120", "docker"]);
        for inherited in
            ["DOCKER_CONTEXT", "DOCKER_TLS", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "DOCKER_API_VERSION"]
        {
            command.env_remove(inherited);
        }
        command
    }

    /// Fetches `http://127.0.0.1:<port><path>` inside the engine's network namespace.
    pub fn http_get(&self, port: u16, path: &str) -> Result<String> {
        let url = format!("http://127.0.0.1:{port}{path}");
        run(self.in_netns("timeout").args(["-k", "1", "20", "busybox", "wget", "-q", "-O", "-", &url]))
    }

    /// Asks `dockerd` to end (SIGTERM), waits until it has, and starts it again.
    pub fn restart(&self) -> Result<()> {
        self.stop()?;
        self.start_again()
    }

    /// Kills `dockerd` (SIGKILL), whatever it was doing, and starts it again. Its containers survive until then.
    pub fn kill(&self) -> Result<()> {
        let mut daemon = self.daemon()?;
        daemon.kill().map_err(Error::io("cannot kill dockerd"))?;
        daemon.wait().map_err(Error::io("cannot wait for dockerd"))?;
        drop(daemon);
        self.forget_containerd();
        self.start_again()
    }

    /// Asks `dockerd` to end and waits until it has. [`Engine::start_again`] starts it again.
    pub fn stop(&self) -> Result<()> {
        let mut daemon = self.daemon()?;
        let pid = rustix::process::Pid::from_child(&daemon);
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        let deadline = Instant::now() + PATIENCE;
        while daemon.try_wait().map_err(Error::io("cannot wait for dockerd"))?.is_none() {
            if Instant::now() > deadline {
                return Err(Error::not_ready("the end of dockerd", &self.directory.join("log")));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Starts `dockerd` again after [`Engine::stop`], and waits until it answers.
    pub fn start_again(&self) -> Result<()> {
        let owned = self.owned()?;
        let child = owned.start.daemon(&self.netns, &self.directory, &self.path)?;
        *self.daemon()? = child;
        self.wait_until_ready()
    }

    /// containerd dies with a killed dockerd, but stays a zombie until the machine's first process reaps it; 20.10
    /// takes a zombie for a running containerd and waits for it in vain.
    fn forget_containerd(&self) {
        let file = self.directory.join("exec/containerd/containerd.pid");
        let pid = std::fs::read_to_string(&file).unwrap_or_default();
        let status = PathBuf::from(format!("/proc/{}/status", pid.trim()));
        let is_alive = || std::fs::read_to_string(&status).is_ok_and(|text| !text.contains("State:\tZ"));
        let deadline = Instant::now() + Duration::from_secs(10);
        while is_alive() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = std::fs::remove_file(file);
    }

    fn owned(&self) -> Result<&Owned> {
        let shared =
            || Error::Missing("a shared engine is not one test's to stop: use `Engine::private`".into());
        self.owned.as_ref().ok_or_else(shared)
    }

    fn daemon(&self) -> Result<MutexGuard<'_, Child>> {
        Ok(self.owned()?.daemon.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn wait_until_ready(&self) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while !ping::answers(&self.socket()) {
            let ended = self.daemon()?.try_wait().map_err(Error::io("cannot wait for dockerd"))?;
            if ended.is_some() || Instant::now() > deadline {
                return Err(Error::not_ready(
                    format!("dockerd {}", self.kind.name()),
                    &self.directory.join("log"),
                ));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Start {
    fn prepare(kind: EngineKind, directory: &TestDir, name: &str, options: &EngineOptions) -> Result<Self> {
        let at = |file: &str| directory.join(file).display().to_string();
        let mut settings = Vec::new();
        if kind == EngineKind::Docker20 {
            // It makes a key below /etc/docker otherwise.
            settings.push(format!("\"deprecated-key-path\": \"{}\"", at("key.json")));
        }
        let host = format!("unix://{}", at("docker.sock"));
        if options.listens_by == ListensBy::File {
            settings.push(format!("\"hosts\": [\"{host}\"]"));
        }
        let settings = format!("{{{}}}", settings.join(", "));
        let config = directory.write("daemon.json", settings)?.display().to_string();
        let mut arguments = vec![
            format!("--config-file={config}"),
            format!("--data-root={}", at("data")),
            format!("--exec-root={}", at("exec")),
            format!("--pidfile={}", at("pid")),
            // All its containers below one control group, by which the sweep finds them.
            format!("--cgroup-parent=/{name}"),
            "--exec-opt=native.cgroupdriver=cgroupfs".to_owned(),
        ];
        if options.listens_by == ListensBy::Flag {
            arguments.push(format!("--host={host}"));
        }
        arguments.extend(options.arguments.iter().cloned());
        let mut wanted = options.files.clone();
        if !options.hosts.is_empty() {
            let text = format!("127.0.0.1 localhost\n{}\n", options.hosts.join("\n"));
            wanted.push(("/etc/hosts".to_owned(), text));
        }
        let written = wanted.iter().enumerate().map(|(number, (path, text))| {
            directory.write(format!("file{number}"), text).map(|ours| (path.clone(), ours))
        });
        Ok(Self { arguments, files: written.collect::<Result<_>>()? })
    }

    fn daemon(&self, netns: &Netns, directory: &Path, path: &str) -> Result<Child> {
        let log = File::options().create(true).append(true).open(directory.join("log"));
        let log = log.map_err(Error::io("cannot open the engine's log"))?;
        let mut command = netns.command(if self.files.is_empty() { "dockerd" } else { "unshare" });
        if !self.files.is_empty() {
            let script = r#"while [ "$1" != -- ]; do mount --bind "$2" "$1" || exit 1; shift 2; done; shift; exec dockerd "$@""#;
            command.args(["-m", "sh", "-c", script, "files"]);
            for (there, ours) in &self.files {
                command.arg(there).arg(ours);
            }
            command.arg("--");
        }
        own_group(&mut command);
        command.args(&self.arguments).env("PATH", path).env_remove("DOCKER_HOST").stdin(Stdio::null());
        command.stdout(log.try_clone().map_err(Error::io("cannot share the engine's log"))?).stderr(log);
        command.spawn().map_err(Error::io("cannot start dockerd"))
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        // At once and not politely: the sweep that follows ends the containers, and a polite stop waits ten
        // seconds for each that ignores SIGTERM.
        let daemon = self.daemon.get_mut().unwrap_or_else(PoisonError::into_inner);
        let _ = daemon.kill();
        let _ = daemon.wait();
    }
}

/// `PATH` with this engine's programs first. Both use bookworm's runc: the newer one needs a newer libc.
pub(crate) fn search_path(kind: EngineKind) -> Result<String> {
    let suites: &[Suite] = match kind {
        EngineKind::Docker20 => &[Suite::Bookworm],
        EngineKind::Docker28 => &[Suite::Forky, Suite::Bookworm],
    };
    let mut path = Vec::new();
    for suite in suites {
        let tree = unpacked(*suite)?;
        path.extend(["usr/sbin", "usr/bin", "bin"].map(|part| tree.join(part).display().to_string()));
    }
    path.push(std::env::var("PATH").unwrap_or_default());
    path.extend(["/usr/sbin".to_owned(), "/sbin".to_owned()]);
    Ok(path.join(":"))
}
