//! `wharf serve` before an engine, with a tenant and its neighbour, whose users are accounts of this machine.

use super::Door;
use rustls::ClientConfig;
use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use wharf_testkit::{Account, Engine, Error, Result, TestDir, docker_program, run, wharf_program};

/// How long it may take to answer, or to end.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where it listens with mutual TLS, in the engine's network namespace.
pub(super) const PORT: u16 = 2376;

/// A gateway. Dropping it ends it.
#[derive(Debug)]
pub(super) struct Served {
    daemon: Child,
    account: Account,
    neighbour: Account,
    docker: PathBuf,
    path: std::ffi::OsString,
    directory: TestDir,
}

impl Served {
    pub(super) fn start(engine: &Engine) -> Result<Self> {
        let (directory, account, neighbour) = (TestDir::new()?, Account::new("ana")?, Account::new("bob")?);
        std::fs::create_dir(directory.join("mounts")).map_err(Error::io("cannot make a mount root"))?;
        let at = |name: &str| directory.join(name).display().to_string();
        let config = format!(
            "mount_root: {}\nengine: {}\nlisten: ['unix://{}', 'tcp://127.0.0.1:{PORT}']\nstate_dir: {}\nshared_images: ['busybox:*']\n\
             allow_unmapped_users: true\nsubnet_pool: [10.99.0.0/22]\ntenants:\n  {name}:\n    users: [{name}]\n    \
             limits: {{cpus: 20, memory: 8G, pids: 4096, containers: 50, networks: 5, volumes: 20, \
             per_container: {{memory: 64M, cpus: 2, pids: 128}}}}\n  {beside}:\n    users: [{beside}]\n",
            at("mounts"),
            engine.host(),
            at("run/docker.sock"),
            at("state"),
            name = account.name(),
            beside = neighbour.name(),
        );
        let file = directory.write("host.yml", config)?;
        let served_names = ["ca", "init", "--names", "127.0.0.1", "--config"];
        run(Command::new(wharf_program()?).args(served_names).arg(&file).env_remove("DOCKER_HOST"))?;
        let log = File::create(directory.join("log")).map_err(Error::io("cannot make the gateway's log"))?;
        let mut command = engine.in_netns(wharf_program()?);
        command.args(["serve", "--config"]).arg(&file).env_remove("DOCKER_HOST").stdin(Stdio::null());
        command.stdout(log.try_clone().map_err(Error::io("cannot share the gateway's log"))?).stderr(log);
        let path = command.get_envs().find(|(name, _)| *name == "PATH").and_then(|(_, value)| value);
        let path = path.map(ToOwned::to_owned).unwrap_or_default();
        let docker = docker_program(engine.kind())?;
        let daemon = command.spawn().map_err(Error::io("cannot start `wharf serve`"))?;
        let mut served = Self { daemon, account, neighbour, docker, path, directory };
        served.wait_until_ready()?;
        served.issue(&file)?;
        Ok(served)
    }

    /// A certificate for the tenant: its generation is known once the gateway has taken it up.
    fn issue(&self, config: &std::path::Path) -> Result<()> {
        let mut command = Command::new(wharf_program()?);
        command.args(["cert", "export", self.account.name(), "--user", "bench", "--to"]);
        command.arg(self.directory.join("client")).arg("--config").arg(config).env_remove("DOCKER_HOST");
        run(&mut command).map(drop)
    }

    /// The tenants' socket, as the tenant's account.
    pub(super) fn door(&self) -> Door<'_> {
        Door::of(self.directory.join("run/docker.sock"), Some(&self.account))
    }

    /// The same as its neighbour's.
    pub(super) fn neighbours_door(&self) -> Door<'_> {
        Door::of(self.directory.join("run/docker.sock"), Some(&self.neighbour))
    }

    /// The directory of its certificates.
    pub(super) fn identity(&self) -> PathBuf {
        self.directory.join("state/identity")
    }

    /// What the tenant's user shows there.
    pub(super) fn client_config(&self) -> Result<Arc<ClientConfig>> {
        let read = |name: &str| {
            let path = self.directory.join("client").join(name);
            std::fs::read(&path).map_err(Error::io(format!("cannot read `{}`", path.display())))
        };
        let (authority, certificate, key) = (read("ca.pem")?, read("cert.pem")?, read("key.pem")?);
        wharf_pki::tls::client(&authority, Some((&certificate, &key))).map_err(|error| Error::NotReady {
            what: "the client's certificate".into(),
            log: error.to_string(),
        })
    }

    /// What the host configuration calls the tenant.
    pub(super) fn tenant(&self) -> &str {
        self.account.name()
    }

    /// Its process.
    pub(super) fn process(&self) -> u32 {
        self.daemon.id()
    }

    /// The docker CLI as the tenant, at any socket: at the engine's, it is run by root in the very same way.
    pub(super) fn docker(&self, engine: Option<&Engine>) -> Command {
        let mut command = Command::new("setpriv");
        if let Some(engine) = engine {
            command
                .args(["--clear-groups", "--inh-caps=-all"])
                .arg(&self.docker)
                .env("DOCKER_HOST", engine.host());
        } else {
            let socket = self.directory.join("run/docker.sock");
            command.args(self.account.prefix().iter().skip(1)).arg(&self.docker);
            command.env("DOCKER_HOST", format!("unix://{}", socket.display()));
        }
        let config = self.account.home().join(".docker");
        command.env("PATH", &self.path).env("DOCKER_CONFIG", config).current_dir(self.account.home());
        command
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        let is_well = |served: &Self| {
            let asked = served.door().open().and_then(|mut connection| {
                connection.ask("GET", "/_ping", None).map_err(Error::io("cannot ask the gateway"))
            });
            asked.is_ok_and(|(status, _)| status == 200)
        };
        while !is_well(self) {
            let ended = !matches!(self.daemon.try_wait(), Ok(None));
            if ended || Instant::now() > deadline {
                let log = std::fs::read_to_string(self.directory.join("log")).unwrap_or_default();
                return Err(Error::NotReady { what: "`wharf serve`".into(), log });
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // What its tenant left goes with the engine.
        let asked = run(Command::new("kill").arg(self.daemon.id().to_string()));
        let deadline = Instant::now() + PATIENCE;
        while asked.is_ok() && matches!(self.daemon.try_wait(), Ok(None)) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}
