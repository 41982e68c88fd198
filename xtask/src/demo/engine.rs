//! A container engine for the demo: one that is there, or, for root on a Debian machine without any, a new one.

use std::fs::File;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::{http, state};
use crate::chore::{Failure, doing, failed};
use state::Started;

/// Where Docker listens unless told otherwise.
const DOCKER_SOCKET: &str = "/var/run/docker.sock";

/// An engine that answers.
#[derive(Debug)]
pub(super) struct Engine {
    socket: PathBuf,
    /// How it was found.
    by: &'static str,
}

impl Engine {
    /// The first that answers, as the docker CLI would look for it, then Podman's.
    pub(super) fn found() -> Result<Option<Self>, Failure> {
        if let Ok(host) = std::env::var("DOCKER_HOST")
            && !host.is_empty()
        {
            return Self::named(&host).map(Some);
        }
        let found = candidates().into_iter().find(|(_, socket)| http::answers(socket));
        Ok(found.map(|(by, socket)| Self { socket, by }))
    }

    fn named(host: &str) -> Result<Self, Failure> {
        let Some(path) = host.strip_prefix("unix://") else {
            return failed(format!(
                "DOCKER_HOST is `{host}`; the demo fetches a page from this machine: use a `unix://` engine"
            ));
        };
        if http::answers(Path::new(path)) {
            return Ok(Self { socket: path.into(), by: "DOCKER_HOST" });
        }
        failed(format!(
            "DOCKER_HOST is `{host}` and nothing answers there: start that engine, or unset DOCKER_HOST"
        ))
    }

    /// One that is there, or a new one.
    pub(super) fn found_or_started() -> Result<Self, Failure> {
        match Self::found()? {
            Some(engine) => Ok(engine),
            None => start(),
        }
    }

    /// Its socket.
    pub(super) fn socket(&self) -> &Path {
        &self.socket
    }

    /// As `DOCKER_HOST` wants it.
    pub(super) fn host(&self) -> String {
        format!("unix://{}", self.socket.display())
    }

    /// Whether the docker CLI would find it without being told.
    pub(super) fn is_usual(&self) -> bool {
        self.by != PODMAN
    }

    /// Where it is, and how it was found.
    pub(super) fn described(&self) -> String {
        format!("{} ({})", self.socket.display(), self.by)
    }
}

const PODMAN: &str = "Podman's socket";

/// Where an engine may listen, in the order of trying.
fn candidates() -> Vec<(&'static str, PathBuf)> {
    let mut candidates = Vec::new();
    let asked = Command::new("docker")
        .args(["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"])
        .output();
    if let Ok(output) = asked
        && let Some(path) = String::from_utf8_lossy(&output.stdout).trim().strip_prefix("unix://")
    {
        candidates.push(("the docker CLI's current context", path.into()));
    }
    candidates.push(("the usual socket", DOCKER_SOCKET.into()));
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    if let Some(runtime) = &runtime {
        candidates.push(("your own rootless engine", runtime.join("docker.sock")));
    }
    candidates.push((PODMAN, "/run/podman/podman.sock".into()));
    if let Some(runtime) = &runtime {
        candidates.push((PODMAN, runtime.join("podman/podman.sock")));
    }
    candidates
}

/// Installs Docker when it is not, and starts it.
fn start() -> Result<Engine, Failure> {
    let tried: Vec<String> =
        candidates().iter().map(|(_, socket)| format!("  {}", socket.display())).collect();
    println!("no container engine answers at any of these:\n{}", tried.join("\n"));
    if !wharf_testkit::is_root() {
        return failed(
            "start an engine, or run `sudo -E env PATH=\"$PATH\" cargo xtask demo`, which installs and starts Docker",
        );
    }
    if !is_installed("dockerd") {
        println!("installing docker.io with apt, since this is root ...");
        wharf_testkit::apt_install(&["docker.io".to_owned()])?;
    }
    let socket = Path::new(DOCKER_SOCKET);
    if wait_for(socket, Duration::from_secs(3)) {
        // The package started it; it is the machine's service now, and stays.
        return Ok(Engine { socket: socket.into(), by: "started by its package" });
    }
    println!("starting Docker ...");
    let started = match start_as_service() {
        Some(started) => started,
        None => start_directly()?,
    };
    state::remember(&started)?;
    if wait_for(socket, Duration::from_secs(60)) {
        return Ok(Engine { socket: socket.into(), by: "started by this demo" });
    }
    failed(format!("Docker did not start; its log is `{}` or the machine's own", log().display()))
}

/// As the machine itself would, so that it is there after a restart as well; `None` where that does not work.
fn start_as_service() -> Option<Started> {
    if Path::new("/run/systemd/system").exists() {
        return succeeds(&["systemctl", "start", "docker"]).then_some(Started::Systemd);
    }
    let has_script = Path::new("/etc/init.d/docker").exists();
    let patience = Duration::from_secs(15);
    let answers = has_script
        && succeeds(&["service", "docker", "start"])
        && wait_for(Path::new(DOCKER_SOCKET), patience);
    answers.then_some(Started::Service)
}

fn start_directly() -> Result<Started, Failure> {
    state::prepare()?;
    let log = File::create(log()).map_err(doing("cannot make Docker's log"))?;
    let copy = log.try_clone().map_err(doing("cannot share Docker's log"))?;
    let mut command = Command::new("dockerd");
    // It outlives the demo, and Ctrl-C in this terminal.
    command.process_group(0).stdin(Stdio::null()).stdout(copy).stderr(log);
    let child = command.spawn().map_err(doing("cannot start `dockerd`"))?;
    Ok(Started::Direct(child.id()))
}

/// Stops the engine if a demo started it.
pub(super) fn stop_if_started() {
    let Some(started) = state::recall() else {
        println!("the engine was not started by the demo, so it stays");
        return;
    };
    println!("stopping Docker, which the demo started ...");
    match started {
        Started::Systemd => drop(succeeds(&["systemctl", "stop", "docker.socket", "docker"])),
        Started::Service => drop(succeeds(&["service", "docker", "stop"])),
        Started::Direct(pid) => stop_directly(pid),
    }
    println!(
        "what came with Docker stays: its package, /var/lib/docker, and docker0 with its packet filter rules until the \
         machine restarts; `apt-get purge docker.io` removes the package"
    );
}

fn stop_directly(pid: u32) {
    // The number may belong to another program by now.
    let name = std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    if name.trim() != "dockerd" {
        return;
    }
    succeeds(&["kill", &pid.to_string()]);
    let deadline = Instant::now() + Duration::from_secs(60);
    let is_there = || {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status"));
        status.is_ok_and(|status| !status.contains("State:\tZ"))
    };
    while is_there() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn log() -> PathBuf {
    state::directory().join("dockerd.log")
}

fn is_installed(program: &str) -> bool {
    let path = std::env::var("PATH").unwrap_or_default();
    path.split(':').chain(["/usr/sbin"]).any(|folder| Path::new(folder).join(program).is_file())
}

fn succeeds(words: &[&str]) -> bool {
    let [program, arguments @ ..] = words else { return false };
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn wait_for(socket: &Path, patience: Duration) -> bool {
    let deadline = Instant::now() + patience;
    while Instant::now() < deadline {
        if http::answers(socket) {
            return true;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    false
}
