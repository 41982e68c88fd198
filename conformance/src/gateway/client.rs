//! Somebody with a docker CLI before one of the three doors: the engine's own socket, the gateway's for the
//! administrator, the gateway's for tenants.

use std::fmt;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use wharf_testkit::{
    Account, Engine, EngineKind, Result, Terminal, TestDir, compose_program, docker_program,
    python_with_docker, unique_name,
};

use crate::Run;
use crate::gateway::{Live, NETWORK, http, leftovers};

/// How long any command of a story may run, in seconds.
const PATIENCE: &str = "60";

/// Which socket is spoken to, and so as whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// The engine's own socket: what every story must pass first.
    Bare,
    /// The gateway's second socket: recorded, not limited.
    Administrator,
    /// The gateway's socket, as a tenant's account.
    Tenant,
}

impl fmt::Display for Door {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Bare => "bare",
            Self::Administrator => "administrator",
            Self::Tenant => "tenant",
        })
    }
}

/// Somebody with a docker CLI, a home and a directory to work in.
///
/// In every text given to it, `@web` stands for a name of its own: `web` for a tenant, whose names are nobody
/// else's business, and `<something unique>-web` at the other doors, where tests on a shared engine could meet.
#[derive(Debug)]
pub struct Client<'g> {
    engine: &'g Engine,
    door: Door,
    cli: EngineKind,
    socket: PathBuf,
    account: Option<&'g Account>,
    /// The folder with what it shows at the network.
    certificates: Option<PathBuf>,
    prefix: String,
    /// What this client must never be shown.
    hidden: Vec<String>,
    directory: TestDir,
}

impl<'g> Client<'g> {
    /// Root before the engine's own socket. The engine has `busybox:latest`.
    pub fn bare(engine: &'g Engine, cli: EngineKind) -> Self {
        engine.import_busybox().expect("busybox");
        Self::new(engine, Door::Bare, cli, engine.socket())
    }

    pub(super) fn new(engine: &'g Engine, door: Door, cli: EngineKind, socket: PathBuf) -> Self {
        let directory = TestDir::new().expect("a directory");
        let plugins = directory.join("config/cli-plugins");
        std::fs::create_dir_all(&plugins).expect("a docker configuration");
        std::fs::create_dir(directory.join("bin")).expect("a directory for programs");
        let docker = docker_program(cli).expect("a docker CLI");
        symlink(docker, directory.join("bin/docker")).expect("a docker CLI");
        symlink(compose_program().expect("docker compose"), plugins.join("docker-compose"))
            .expect("a plugin");
        let prefix = format!("{}-", unique_name());
        let (account, certificates, hidden) = (None, None, Vec::new());
        Self { engine, door, cli, socket, account, certificates, prefix, hidden, directory }
    }

    /// The same, as a tenant's account, on a gateway with these tenants.
    pub(super) fn of(mut self, account: &'g Account, tenants: &[&str]) -> Self {
        let owner = format!("{}:{}", account.uid(), account.gid());
        let chown = Command::new("chown").arg("-Rh").arg(owner).arg(self.directory.path()).status();
        assert!(chown.is_ok_and(|status| status.success()), "a directory of its own");
        self.account = Some(account);
        self.among(tenants)
    }

    /// The same, at the network with a certificate.
    pub(super) fn with_certificate(mut self, certificates: &Path, tenants: &[&str]) -> Self {
        self.certificates = Some(certificates.to_owned());
        self.among(tenants)
    }

    fn among(mut self, tenants: &[&str]) -> Self {
        self.hidden = tenants.iter().map(|tenant| format!("{tenant}--")).collect();
        self.hidden.extend(["wharf.invalid", "wharf.tenant", "wharf.asked"].map(String::from));
        self.prefix.clear();
        self
    }

    /// Which socket it speaks to.
    pub fn door(&self) -> Door {
        self.door
    }

    /// The version of its docker CLI.
    pub fn cli(&self) -> EngineKind {
        self.cli
    }

    /// The engine, at the end of it all.
    pub fn engine(&self) -> &'g Engine {
        self.engine
    }

    /// Whether it sees its own objects only.
    pub fn is_tenant(&self) -> bool {
        self.door == Door::Tenant
    }

    /// Its own name for something: what `@<name>` stands for.
    pub fn name(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// A path in its directory.
    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.directory.join(name)
    }

    /// Writes a file into its directory.
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.directory.write(name, self.named(text)).expect("a file");
        if let Some(account) = self.account {
            for place in path.ancestors().take_while(|place| *place != self.directory.path()) {
                std::os::unix::fs::lchown(place, Some(account.uid()), Some(account.gid())).expect("an owner");
            }
        }
        path
    }

    /// Runs a shell script to its end. Unless this is a story about such a thing, a tenant is never shown how the
    /// engine names what is a tenant's, and this looks.
    #[must_use = "a run that nobody judges proves nothing"]
    pub fn sh(&self, script: &str) -> Run {
        self.sh_with_input(script, b"")
    }

    /// The same with this on its standard input.
    #[must_use = "a run that nobody judges proves nothing"]
    pub fn sh_with_input(&self, script: &str, input: &[u8]) -> Run {
        let run = self.run(script, input);
        self.hidden.iter().fold(run, |run, hidden| run.never_says(hidden))
    }

    /// Runs a shell script whose own text may be said back to it.
    #[must_use = "a run that nobody judges proves nothing"]
    pub fn sh_where_anything_may_be_said(&self, script: &str) -> Run {
        self.run(script, b"")
    }

    /// What a script that succeeds prints, without the last line's end.
    pub fn answer(&self, script: &str) -> String {
        self.sh(script).succeeds().stdout().trim_end().to_owned()
    }

    /// Asserts that a script succeeds and prints this, white space at the end aside.
    pub fn answers(&self, script: &str, expected: &str) {
        assert_eq!(self.answer(script), self.named(expected), "{script}");
    }

    /// The lines that a script that succeeds prints, sorted.
    pub fn lines(&self, script: &str) -> Vec<String> {
        let mut lines: Vec<String> = self.answer(script).lines().map(String::from).collect();
        lines.sort();
        lines
    }

    /// Starts a shell script and leaves it running.
    pub fn start(&self, script: &str) -> Live {
        let mut command = self.command(script, &[]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Live::piped(command)
    }

    /// Starts a shell script on a terminal of this size.
    pub fn start_on_terminal(&self, script: &str, rows: u16, columns: u16) -> Live {
        let terminal = Terminal::open(rows, columns).expect("a terminal");
        let words = self.command(script, &["--foreground"]);
        let mut command = terminal.command().expect("a terminal");
        command.arg(words.get_program()).args(words.get_args()).current_dir(self.directory.path());
        Live::on(terminal, command)
    }

    /// Runs a Python script that finds the `docker` package. Only where [`python_with_docker`] gives one.
    #[must_use = "a run that nobody judges proves nothing"]
    pub fn python(&self, program: &str) -> Run {
        let python = python_with_docker().expect("a Python with `docker`");
        let file = self.write("story.py", program);
        self.sh(&format!("{} -I {}", python.display(), file.display()))
    }

    /// Connects to the socket, as whom this is.
    pub fn connect(&self) -> Result<UnixStream> {
        match self.account {
            Some(account) => account.connect(&self.socket),
            None => UnixStream::connect(&self.socket).map_err(wharf_testkit::Error::io("cannot connect")),
        }
    }

    /// Sends bytes on a connection of their own, and reads until it ends or nothing comes for five seconds.
    pub fn http(&self, bytes: &[u8]) -> String {
        let answer = http::say(self.connect().expect("a connection"), bytes).expect("an answer");
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn run(&self, script: &str, input: &[u8]) -> Run {
        let begun = Instant::now();
        let run = Run::of(&mut self.command(script, &[]), input);
        // Shown when the story fails: what led to it, and what took so long.
        println!("{}: {:.1} s: {script}", self.door, begun.elapsed().as_secs_f32());
        run
    }

    /// A command in the engine's network namespace, where published ports are.
    fn command(&self, script: &str, timeout: &[&str]) -> Command {
        let mut command = self.engine.netns().command("env");
        let config = self.path("config");
        command.args(["-i", "LC_ALL=C", "TERM=dumb"]);
        command.arg(format!("PATH={}:/usr/bin:/bin", self.path("bin").display()));
        command.arg(format!("HOME={}", self.directory.path().display()));
        match &self.certificates {
            None => command.arg(format!("DOCKER_HOST=unix://{}", self.socket.display())),
            Some(folder) => command.args([
                format!("DOCKER_HOST=tcp://{NETWORK}"),
                "DOCKER_TLS_VERIFY=1".to_owned(),
                format!("DOCKER_CERT_PATH={}", folder.display()),
            ]),
        };
        command.arg(format!("DOCKER_CONFIG={}", config.display()));
        command.args(self.account.map(Account::prefix).into_iter().flatten());
        // At once: a docker CLI whose start was refused may ignore SIGTERM, and would outlive the shell.
        command.arg("timeout").args(timeout).args(["-s", "KILL", PATIENCE]);
        command.args(["sh", "-euc", &self.named(script)]).current_dir(self.directory.path());
        command
    }

    /// `@name` where no letter, digit or `@` comes before, put in this client's own words.
    fn named(&self, text: &str) -> String {
        let mut named = String::with_capacity(text.len());
        let mut before = ' ';
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            let is_name = letter == '@'
                && !before.is_ascii_alphanumeric()
                && letters.peek().is_some_and(char::is_ascii_lowercase);
            if is_name {
                named.push_str(&self.prefix);
            } else {
                named.push(letter);
            }
            before = letter;
        }
        named
    }
}

impl Drop for Client<'_> {
    fn drop(&mut self) {
        // Without a prefix of its own it has nothing of its own there: that would be everybody's.
        if !self.prefix.is_empty() {
            leftovers::sweep_prefix(self.engine, &self.prefix);
        }
    }
}
