//! Another machine: joined to the gateway's by a wire, with somebody on it who is not root.

use std::ffi::OsStr;
use std::os::unix::fs::{lchown, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use wharf_conformance::Run;
use wharf_conformance::gateway::Gateway;
use wharf_testkit::{EngineKind, Netns, TestDir, docker_program, run, wharf_program};

/// Nobody's account here: on another machine, who knows.
const UID: u32 = 61_234;
/// How long anything on it may take, in seconds.
const PATIENCE: &str = "60";

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A machine with a home, the docker CLI and wharf.
#[derive(Debug)]
pub(crate) struct Laptop {
    netns: Netns,
    home: TestDir,
    /// The third byte of the wire's network.
    number: u32,
}

impl Laptop {
    /// One that has never heard of the gateway, whose certificate is for where it reaches it.
    pub(crate) fn beside(gateway: &Gateway<'_>) -> Self {
        let laptop = Self::unnamed(gateway);
        super::ca(gateway, &["ca", "names", "--add", &laptop.gateway_ip()]).succeeds();
        laptop
    }

    /// The same, and the gateway's certificate is not for where it reaches it.
    pub(crate) fn unnamed(gateway: &Gateway<'_>) -> Self {
        let number = (std::process::id() + NEXT.fetch_add(1, Ordering::Relaxed)) % 250;
        let netns = Netns::new().expect("a network namespace");
        let home = TestDir::new().expect("a home");
        let laptop = Self { netns, home, number };
        laptop.wire(gateway);
        laptop.furnish();
        laptop
    }

    fn wire(&self, gateway: &Gateway<'_>) {
        let (there, here) = (gateway.engine().netns().name(), self.netns.name());
        let (end, other) = (format!("wg{}", self.number), format!("wl{}", self.number));
        let ip = |words: &str| {
            run(Command::new("ip").args(words.split(' '))).unwrap_or_else(|error| panic!("{error}"));
        };
        ip(&format!("-n {there} link add {end} type veth peer name {other} netns {here}"));
        for (netns, end, address) in [(there, &end, self.gateway_ip()), (here, &other, self.own_ip())] {
            ip(&format!("-n {netns} address add {address}/24 dev {end}"));
            ip(&format!("-n {netns} link set {end} up"));
        }
    }

    fn furnish(&self) {
        std::fs::create_dir(self.home.join("bin")).expect("a directory for programs");
        let programs = [docker_program(EngineKind::Docker28), wharf_program()];
        for (name, program) in ["docker", "wharf"].iter().zip(programs) {
            symlink(program.expect("a program"), self.home.join("bin").join(name)).expect("a program");
        }
        lchown(self.home.path(), Some(UID), Some(UID)).expect("an owner");
    }

    /// Where this machine finds the gateway's.
    pub(crate) fn gateway_ip(&self) -> String {
        format!("198.18.{}.1", self.number)
    }

    /// The same with the port.
    pub(crate) fn gateway_address(&self) -> String {
        format!("{}:2376", self.gateway_ip())
    }

    /// Where this machine is.
    pub(crate) fn own_ip(&self) -> String {
        format!("198.18.{}.2", self.number)
    }

    /// A path in the home.
    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.home.join(name)
    }

    /// The folder with the certificate of the context `wharf`.
    pub(crate) fn certificates(&self) -> PathBuf {
        // printf wharf | sha256sum
        let digest = "3982ea295917ab203aa0fa8d63ce9397e4a467ffabb5dc0fd2d448b0b8a2636f";
        self.path(".docker/contexts/tls").join(digest).join("docker")
    }

    /// A command on this machine, as the one who uses it.
    pub(crate) fn command(&self, program: &str) -> Command {
        self.command_by(&[], program)
    }

    /// The same with words before it that root says: a tracer.
    pub(crate) fn command_by(&self, before: &[&str], program: &str) -> Command {
        let mut command = self.netns.command("timeout");
        command.args(["-k", "1", PATIENCE]).args(before);
        command.args(["setpriv", &format!("--reuid={UID}"), &format!("--regid={UID}"), "--clear-groups"]);
        let (home, path) = (self.home.path().display(), self.path("bin"));
        command.args([
            "/usr/bin/env",
            "-i",
            &format!("HOME={home}"),
            &format!("PATH={}", path.display()),
            program,
        ]);
        command.current_dir(self.home.path());
        command
    }

    /// A command of its root's.
    pub(crate) fn root_command(&self, program: &str) -> Command {
        self.netns.command(program)
    }

    /// `wharf` on this machine.
    #[must_use = "a run that nobody judges proves nothing"]
    pub(crate) fn wharf<S: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = S>) -> Run {
        Run::of(self.command("wharf").args(words), b"")
    }

    /// `docker` on this machine.
    #[must_use = "a run that nobody judges proves nothing"]
    pub(crate) fn docker(&self, words: &[&str]) -> Run {
        Run::of(self.command("docker").args(words), b"")
    }

    /// Joins as somebody of this role.
    pub(crate) fn joins(&self, gateway: &Gateway<'_>, role: &str, more: &[&str]) {
        let words = super::invited(gateway, self, role, more);
        self.wharf(words).succeeds();
    }

    /// Whether docker is let in.
    pub(crate) fn is_let_in(&self) -> bool {
        self.docker(&["--context", "wharf", "ps"]).status() == 0
    }
}
