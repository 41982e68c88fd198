//! `wharf serve` before an engine, with tenants who are real accounts of this machine.

use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use crate::Run;
use wharf_testkit::{Account, Engine, EngineKind, Error, Recorder, Result, TestDir, wharf_program};

mod client;
mod http;
mod leftovers;
mod live;
mod story;

pub use client::{Client, Door};
pub use live::Live;
pub use story::{
    DOORS_VARIABLE, on_each_door, on_each_door_alone, on_each_door_and_cli, on_each_door_with_registry,
    through_the_gateway, through_the_gateway_alone, with_neighbours, with_neighbours_and_registry,
};

/// What an ordinary tenant of these tests may do: everything that an ordinary user of Docker does.
pub const ORDINARY: &str = "limits: {cpus: 20, memory: 4G, pids: 4096, containers: 30, networks: 10, volumes: 30, \
                            per_container: {memory: 64M, cpus: 1, pids: 128}}\n";

/// How many ports each tenant has for `-p 80` and the like.
const PORTS: u16 = 20;

/// Where a gateway is at the network, from within its engine's network namespace.
pub const NETWORK: &str = "127.0.0.1:2376";

/// How long a gateway may take to answer, or to end.
const PATIENCE: Duration = Duration::from_secs(30);

/// A gateway before an engine. Dropping it ends it, and removes what its tenants left on the engine.
#[derive(Debug)]
pub struct Gateway<'e> {
    engine: &'e Engine,
    tenants: Vec<Tenant>,
    daemon: Option<Child>,
    environment: Vec<(String, String)>,
    directory: TestDir,
    /// Last, so that the next one starts when nothing is left of this one.
    _alone: File,
}

/// A tenant with one user: an account of the same name.
#[derive(Debug)]
struct Tenant {
    role: String,
    account: Account,
}

impl Tenant {
    /// Both its own and its account's, and nobody else's on this machine, so that tests on one engine do not meet.
    fn name(&self) -> &str {
        self.account.name()
    }
}

/// A gateway that is about to be started.
#[derive(Debug)]
pub struct Plans<'e> {
    engine: &'e Engine,
    /// Where the gateway is told that the engine is.
    host: String,
    environment: Vec<(String, String)>,
    tenants: Vec<(String, String)>,
    lines: String,
    /// How its authority comes to be, where it listens at the network.
    authority: Option<Vec<String>>,
}

impl<'e> Plans<'e> {
    /// A tenant and its grants, as lines of the host configuration. A range of ports is granted unless the lines say
    /// something of `ports`.
    pub fn tenant(mut self, role: &str, grants: &str) -> Self {
        self.tenants.push((role.to_owned(), grants.to_owned()));
        self
    }

    /// Has it speak to the engine at this address, with these variables in its environment.
    pub fn engine_at(mut self, host: &str, environment: &[(&str, &str)]) -> Self {
        host.clone_into(&mut self.host);
        self.environment =
            environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self
    }

    /// Has it speak to the engine through a recorder.
    pub fn recorded_by(mut self, recorder: &Recorder) -> Self {
        self.host = recorder.host();
        self
    }

    /// Has it make an authority, and listen at [`NETWORK`] and every other address there, too.
    pub fn at_the_network(self) -> Self {
        self.at_the_network_with(&["--names", "127.0.0.1,localhost"])
    }

    /// The same, where the authority comes to be by `wharf ca init` with these words.
    pub fn at_the_network_with(mut self, words: &[&str]) -> Self {
        self.authority = Some(words.iter().map(ToString::to_string).collect());
        self
    }

    /// More lines of the host configuration.
    pub fn config(mut self, lines: &str) -> Self {
        let _ = writeln!(self.lines, "{lines}");
        self
    }

    /// Starts it and waits until both its doors answer. Panics when it does not.
    pub fn start(self) -> Gateway<'e> {
        self.try_start().unwrap_or_else(|error| panic!("{error}"))
    }

    fn try_start(self) -> Result<Gateway<'e>> {
        self.engine.import_busybox()?;
        let alone = alone(self.engine)?;
        let directory = TestDir::new()?;
        std::fs::create_dir(directory.join("mounts")).map_err(Error::io("cannot make a mount root"))?;
        let tenant = |(role, _): &(String, String)| Account::new(role).map(|account| (role.clone(), account));
        let accounts = self.tenants.iter().map(tenant).collect::<Result<Vec<_>>>()?;
        let tenants: Vec<_> = accounts.into_iter().map(|(role, account)| Tenant { role, account }).collect();
        directory.write("host.yml", self.configuration(&directory, &tenants))?;
        if let Some(words) = &self.authority {
            let mut init = wharf(self.engine, &directory, &["ca", "init"])?;
            wharf_testkit::run(init.args(words))?;
        }
        let Self { engine, environment, .. } = self;
        let mut gateway = Gateway { engine, tenants, daemon: None, environment, directory, _alone: alone };
        gateway.start()?;
        Ok(gateway)
    }

    fn configuration(&self, directory: &TestDir, tenants: &[Tenant]) -> String {
        let at = |name: &str| directory.join(name).display().to_string();
        let network = if self.authority.is_some() { ", 'tcp://0.0.0.0:2376'" } else { "" };
        let mut text = format!(
            "mount_root: {}\nengine: {}\nlisten: ['unix://{}'{network}]\nstate_dir: {}\nshared_images: ['busybox:*', 'debian:*']\nallow_unmapped_users: true\n\
             subnet_pool: [{}]\n{}tenants:\n",
            at("mounts"),
            self.host,
            at("run/docker.sock"),
            at("state"),
            subnet_pool(),
            self.lines,
        );
        for (tenant, (_, grants)) in tenants.iter().zip(&self.tenants) {
            let _ = writeln!(text, "  {0}:\n    users: [{0}]", tenant.name());
            if !grants.contains("ports:") {
                let first = NEXT_PORT.fetch_add(PORTS, Ordering::Relaxed);
                let _ = writeln!(text, "    ports: ['127.0.0.1:{first}-{}']", first + PORTS - 1);
            }
            for line in grants.lines() {
                let _ = writeln!(text, "    {line}");
            }
        }
        text
    }
}

/// There is one gateway in a network namespace: its rules say of every tenant's network there what may pass. Waits for
/// other tests' gateways before the same engine; so a test has no two at once.
fn alone(engine: &Engine) -> Result<File> {
    let lock =
        File::create(engine.directory().join("gateway.lock")).map_err(Error::io("cannot make a lock"))?;
    lock.lock().map_err(Error::io("cannot take a lock"))?;
    Ok(lock)
}

static NEXT_PORT: AtomicU16 = AtomicU16::new(20_000);

/// Networks of another process's engines on the same machine are seldom the same.
fn subnet_pool() -> String {
    let number = std::process::id() % 64;
    format!("10.{}.0.0/16, 'fd00:{:x}::/48'", 64 + number, 0x8900 + number)
}

impl<'e> Gateway<'e> {
    /// A gateway before this engine, without tenants so far. The engine has `busybox:latest`, and tenants see it.
    pub fn on(engine: &'e Engine) -> Plans<'e> {
        let (environment, tenants, lines) = (Vec::new(), Vec::new(), String::new());
        Plans { engine, host: engine.host(), environment, tenants, lines, authority: None }
    }

    /// The engine behind it.
    pub fn engine(&self) -> &'e Engine {
        self.engine
    }

    /// What the host configuration calls the tenant of this role.
    pub fn tenant_name(&self, role: &str) -> &str {
        self.tenant(role).name()
    }

    /// The account of this role's user.
    pub fn account(&self, role: &str) -> &Account {
        &self.tenant(role).account
    }

    /// The tenants' socket.
    pub fn socket(&self) -> PathBuf {
        self.directory.join("run/docker.sock")
    }

    /// The administrator's socket.
    pub fn administrator_socket(&self) -> PathBuf {
        self.directory.join("run/admin/docker.sock")
    }

    /// A path in its directory: `host.yml`, `state`, `mounts`, `log`.
    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.directory.join(name)
    }

    /// Everything it has said so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    /// The user of this role, with a docker CLI of this version.
    pub fn as_tenant(&self, role: &str, cli: EngineKind) -> Client<'_> {
        let tenant = self.tenant(role);
        let client = Client::new(self.engine, Door::Tenant, cli, self.socket());
        client.of(&tenant.account, &self.tenants.iter().map(Tenant::name).collect::<Vec<_>>())
    }

    /// Whoever has this folder with `ca.pem`, `cert.pem` and `key.pem`, with a docker CLI of this version: root of another
    /// machine, who is nobody here.
    pub fn as_bearer(&self, certificates: &Path, cli: EngineKind) -> Client<'_> {
        let client = Client::new(self.engine, Door::Tenant, cli, self.socket());
        client.with_certificate(certificates, &self.tenants.iter().map(Tenant::name).collect::<Vec<_>>())
    }

    /// A certificate and its key for a user of this role, in a folder as `DOCKER_CERT_PATH` wants it.
    pub fn export(&self, role: &str, user: &str) -> PathBuf {
        let folder = self.path(format!("{role}-{user}"));
        let to = folder.display().to_string();
        self.wharf(&["cert", "export", self.tenant_name(role), "--user", user, "--to", &to]).succeeds();
        folder
    }

    /// The administrator says this to `wharf`, on this machine.
    #[must_use = "a run that nobody judges proves nothing"]
    pub fn wharf(&self, words: &[&str]) -> Run {
        let command = wharf(self.engine, &self.directory, words);
        Run::of(&mut command.unwrap_or_else(|error| panic!("{error}")), b"")
    }

    /// The administrator, with a docker CLI of this version.
    pub fn as_administrator(&self, cli: EngineKind) -> Client<'_> {
        Client::new(self.engine, Door::Administrator, cli, self.administrator_socket())
    }

    /// Ends it politely, and waits until it has.
    pub fn stop(&mut self) -> ExitStatus {
        let daemon = self.daemon.take().expect("a gateway that runs");
        end(daemon, "TERM").unwrap_or_else(|error| panic!("{error}: {}", self.log()))
    }

    /// Ends it (SIGKILL), whatever it is doing.
    pub fn kill(&mut self) {
        let mut daemon = self.daemon.take().expect("a gateway that runs");
        daemon.kill().and_then(|()| daemon.wait()).expect("an end");
    }

    /// Starts it again after [`Gateway::stop`] or [`Gateway::kill`].
    pub fn start_again(&mut self) {
        self.start().unwrap_or_else(|error| panic!("{error}"));
    }

    /// Replaces text of the host configuration, and says so to the gateway (SIGHUP).
    pub fn reload(&self, from: &str, to: &str) {
        let path = self.path("host.yml");
        let text = std::fs::read_to_string(&path).expect("the host configuration");
        assert!(text.contains(from), "`{from}` is not in: {text}");
        std::fs::write(path, text.replace(from, to)).expect("the host configuration");
        signal(self.daemon.as_ref().expect("a gateway that runs"), "HUP").expect("a signal");
    }

    /// Removes what a tenant left on the engine, behind the gateway's back.
    pub fn sweep(&self, role: &str) {
        leftovers::sweep_tenant(self.engine, self.tenant_name(role));
    }

    fn tenant(&self, role: &str) -> &Tenant {
        self.tenants.iter().find(|tenant| tenant.role == role).expect("a tenant of this role")
    }

    fn start(&mut self) -> Result<()> {
        let log = File::options().create(true).append(true).open(self.path("log"));
        let log = log.map_err(Error::io("cannot open the gateway's log"))?;
        // Where the engine is: networks' rules are made there.
        let mut command = self.engine.in_netns(wharf_program()?);
        command.args(["serve", "--config"]).arg(self.path("host.yml")).env_remove("DOCKER_HOST");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null());
        command.stdout(log.try_clone().map_err(Error::io("cannot share the gateway's log"))?).stderr(log);
        self.daemon = Some(command.spawn().map_err(Error::io("cannot start `wharf serve`"))?);
        self.wait_until_ready()
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while !self.is_ready() {
            let ended = self.daemon.as_mut().is_none_or(|daemon| !matches!(daemon.try_wait(), Ok(None)));
            if ended || Instant::now() > deadline {
                return Err(Error::NotReady { what: "`wharf serve`".into(), log: self.log() });
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    fn is_ready(&self) -> bool {
        let administrator = std::os::unix::net::UnixStream::connect(self.administrator_socket());
        let is_up = |tenant: &Tenant| tenant.account.connect(&self.socket()).is_ok_and(http::is_well);
        administrator.is_ok_and(http::is_well) && self.tenants.iter().all(is_up)
    }
}

impl Drop for Gateway<'_> {
    fn drop(&mut self) {
        if let Some(daemon) = self.daemon.take() {
            let _ = end(daemon, "TERM");
        }
        if std::thread::panicking() {
            eprintln!("wharf serve said:\n{}", self.log());
        }
        for tenant in &self.tenants {
            leftovers::sweep_tenant(self.engine, tenant.name());
        }
    }
}

/// `wharf`, as the administrator of this gateway.
fn wharf(engine: &Engine, directory: &TestDir, words: &[&str]) -> Result<Command> {
    let mut command = engine.in_netns(wharf_program()?);
    command.arg("--config").arg(directory.join("host.yml")).args(words).env_remove("DOCKER_HOST");
    Ok(command)
}

fn signal(daemon: &Child, name: &str) -> Result<()> {
    let id = daemon.id().to_string();
    wharf_testkit::run(Command::new("kill").args(["-s", name, &id])).map(drop)
}

/// Sends a signal and waits for the end; kills what does not end in time.
fn end(mut daemon: Child, name: &str) -> Result<ExitStatus> {
    signal(&daemon, name)?;
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(status) = daemon.try_wait().map_err(Error::io("cannot wait for `wharf serve`"))? {
            return Ok(status);
        }
        if Instant::now() > deadline {
            let _ = daemon.kill();
            let _ = daemon.wait();
            return Err(Error::NotReady { what: "the end of `wharf serve`".into(), log: String::new() });
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}
