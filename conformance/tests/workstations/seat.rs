//! Somebody at a desk: an account with a home, one docker context named `yard`, and a terminal.

use std::path::PathBuf;
use std::process::Command;
use wharf_conformance::Run;
use wharf_conformance::gateway::{Gateway, NETWORK};
use wharf_testkit::{Account, Engine, Sshd, Tmux, docker_program, run, unique_name, wharf_program};

/// How long a command may run, in seconds.
const PATIENCE: &str = "120";
/// The base of the built-in workstation, and of those that tests define.
pub(crate) const DEBIAN: &str = "debian:stable-slim";

/// Whose account it is that sits there.
#[derive(Debug)]
enum Who<'e> {
    Own(Account),
    Tenant(&'e Account),
}

/// Somebody at a desk.
#[derive(Debug)]
pub(crate) struct Seat<'e> {
    engine: &'e Engine,
    who: Who<'e>,
    /// In this group beside its own: who may use the engine's socket is in the socket's.
    group: Option<u32>,
    server: Option<Sshd>,
    name: String,
}

impl<'e> Seat<'e> {
    /// Somebody who is in the group of the engine's socket.
    pub(crate) fn at(engine: &'e Engine) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        let socket = std::fs::metadata(engine.socket()).unwrap();
        let who = Who::Own(Account::new("ana").unwrap());
        Self::new(engine, who, &engine.host(), Some(socket.gid()), None)
    }

    /// A tenant's account before a gateway.
    pub(crate) fn of_tenant(gateway: &'e Gateway<'e>, role: &str) -> Self {
        let url = format!("unix://{}", gateway.socket().display());
        Self::new(gateway.engine(), Who::Tenant(gateway.account(role)), &url, None, None)
    }

    /// An account that reaches the engine by ssh alone.
    pub(crate) fn over_ssh(engine: &'e Engine) -> Self {
        let programs = docker_program(engine.kind()).unwrap();
        let programs = programs.parent().unwrap().display();
        let found = format!("SetEnv DOCKER_HOST={} PATH={programs}:/usr/bin:/bin", engine.host());
        let server = Sshd::start(engine.netns(), &found).unwrap();
        let account = Account::new("ana").unwrap();
        server.admit(&account, "root", "").unwrap();
        let url = format!("ssh://root@127.0.0.1:{}", server.port());
        Self::new(engine, Who::Own(account), &url, None, Some(server))
    }

    /// Somebody of a tenant's who has a certificate, and reaches the gateway by TLS.
    pub(crate) fn over_tls(gateway: &'e Gateway<'e>, role: &str) -> Self {
        let invite = ["invite", gateway.tenant_name(role), "--address", NETWORK];
        let join = gateway.wharf(&invite).succeeds().stdout();
        let who = Who::Own(Account::new("ana").unwrap());
        let made = format!("{} --context yard --use --no-timer", join.trim());
        Self::with_context(gateway.engine(), who, &made, None, None)
    }

    fn new(engine: &'e Engine, who: Who<'e>, url: &str, group: Option<u32>, server: Option<Sshd>) -> Self {
        let made = format!("docker context create yard --docker host={url} && docker context use yard");
        Self::with_context(engine, who, &made, group, server)
    }

    /// `made`: what makes the context, and the current one of it.
    fn with_context(
        engine: &'e Engine,
        who: Who<'e>,
        made: &str,
        group: Option<u32>,
        server: Option<Sshd>,
    ) -> Self {
        engine.import_debian(DEBIAN).unwrap();
        engine.import_busybox().unwrap();
        let seat = Self { engine, who, group, server, name: unique_name() };
        seat.sh(made).succeeds();
        seat
    }

    fn account(&self) -> &Account {
        match &self.who {
            Who::Own(account) => account,
            Who::Tenant(account) => account,
        }
    }

    /// The workstation's name: nobody else's.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The engine at the end of the way.
    pub(crate) fn engine(&self) -> &'e Engine {
        self.engine
    }

    /// The ssh server on the way, where there is one.
    pub(crate) fn server(&self) -> Option<&Sshd> {
        self.server.as_ref()
    }

    /// A path in the home.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.account().home().join(name)
    }

    /// Writes a file into the home.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        let owner = format!("{}:{}", self.account().uid(), self.account().gid());
        run(Command::new("chown").args(["-R", &owner]).arg(self.account().home())).unwrap();
        path
    }

    /// Defines the workstation: these lines, after the context.
    pub(crate) fn define(&self, lines: &str) {
        let file = format!(".config/wharf/workstations/{}.yml", self.name);
        self.write(&file, &format!("context: yard\n{lines}\n"));
    }

    /// Defines one of Debian, of which no image must be made.
    pub(crate) fn define_debian(&self) {
        self.define(&format!("image: {DEBIAN}"));
    }

    /// `wharf shell <this workstation> …`.
    #[must_use = "a run that nobody judges proves nothing"]
    pub(crate) fn shell(&self, words: &[&str]) -> Run {
        let program = wharf_program().unwrap().display().to_string();
        let mut all = vec![program.as_str(), "shell", &self.name];
        all.extend(words);
        self.run(&all, b"")
    }

    /// A shell script, in which `docker` is the CLI and `wharf` the program under test.
    #[must_use = "a run that nobody judges proves nothing"]
    pub(crate) fn sh(&self, script: &str) -> Run {
        self.run(&["sh", "-euc", &format!("{}\n{script}", self.functions())], b"")
    }

    /// Anything, with this on its standard input.
    #[must_use = "a run that nobody judges proves nothing"]
    pub(crate) fn run(&self, words: &[&str], input: &[u8]) -> Run {
        let mut command = self.engine.netns().command("env");
        command.arg("-i").args(self.environment().map(|(name, value)| format!("{name}={value}")));
        command.args(self.prefix()).args(["timeout", "-k", "1", PATIENCE]).args(words);
        Run::of(command.current_dir(self.account().home()), input)
    }

    /// A terminal with a shell, in which `foo` means the workstation as `wharf shell alias` would have it, and `wharf`
    /// the program under test.
    pub(crate) fn terminal(&self, rows: u16, columns: u16) -> Tmux {
        let program = wharf_program().unwrap();
        let functions =
            format!("{}\nfoo() {{ {} shell {} \"$@\"; }}\n", self.functions(), program.display(), self.name);
        self.write(".functions", &functions);
        let netns = format!("--net=/run/netns/{}", self.engine.netns().name());
        let prefix = self.prefix();
        let before: Vec<&str> =
            ["nsenter", &netns].into_iter().chain(prefix.iter().map(String::as_str)).collect();
        let terminal = Tmux::start_with(&before, rows, columns, self.environment()).unwrap();
        terminal.says("cd; . ./.functions; clear; echo rea''dy").unwrap();
        terminal.shows("ready").unwrap();
        terminal
    }

    fn functions(&self) -> String {
        let docker = docker_program(self.engine.kind()).unwrap();
        let wharf = wharf_program().unwrap();
        format!("docker() {{ {} \"$@\"; }}\nwharf() {{ {} \"$@\"; }}", docker.display(), wharf.display())
    }

    fn environment(&self) -> impl Iterator<Item = (&'static str, String)> {
        let home = self.account().home().display().to_string();
        let state = format!("{home}/state");
        [
            ("HOME", home),
            ("PATH", "/usr/bin:/bin".to_owned()),
            ("LANG", "C.UTF-8".to_owned()),
            ("WHARF_STATE_DIR", state),
        ]
        .into_iter()
    }

    fn prefix(&self) -> Vec<String> {
        let mut prefix = self.account().prefix().to_vec();
        if let Some(group) = self.group {
            for word in &mut prefix {
                if word == "--clear-groups" {
                    *word = format!("--groups={group}");
                }
            }
        }
        prefix
    }
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        // Whatever a story left: containers, images and volumes of this name, and of those cloned from it.
        let script = "for c in $(docker ps -aq --filter name=workstation-$0); do docker rm -fv $c; done; \
                      for v in $(docker volume ls -q --filter name=workstation-$0); do docker volume rm $v; done";
        let mut sweep = Command::new("sh");
        let docker = docker_program(self.engine.kind()).unwrap();
        let path = format!("{}:/usr/bin:/bin", docker.parent().unwrap().display());
        sweep.args(["-c", script, &self.name]).env("DOCKER_HOST", self.engine.host()).env("PATH", path);
        let _swept = run(&mut sweep);
    }
}
