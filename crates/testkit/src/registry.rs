//! A real image registry on loopback, in an engine's network namespace.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::guard::Guard;
use crate::{Engine, Error, Result, TestDir, run};

/// Who may use a registry.
#[derive(Debug, Clone, Copy)]
pub enum Access<'a> {
    /// Everyone.
    Open,
    /// Whoever has this name and password.
    Password {
        /// The account.
        user: &'a str,
        /// Its password.
        password: &'a str,
    },
}

/// A running registry. Engines take `127.0.0.0/8` as insecure by default, so plain HTTP works.
#[derive(Debug)]
pub struct Registry {
    address: String,
    _guard: Guard,
    _directory: TestDir,
}

impl Registry {
    /// Starts one beside an engine, on a free port.
    pub fn start(engine: &Engine, access: Access<'_>) -> Result<Self> {
        Self::start_at(engine, access, 0)
    }

    /// Starts one on a port: with 80 and [`crate::EngineOptions::hosts`] it can stand for any registry.
    pub fn start_at(engine: &Engine, access: Access<'_>, port: u16) -> Result<Self> {
        let directory = TestDir::new()?;
        let mut config = format!(
            "version: 0.1\nstorage: {{filesystem: {{rootdirectory: {}}}, delete: {{enabled: true}}}}\n\
             http: {{addr: '127.0.0.1:{port}'}}\n",
            directory.join("data").display()
        );
        if let Access::Password { user, password } = access {
            let entry = run(Command::new("htpasswd").args(["-Bbn", user, password]))?;
            let path = directory.write("htpasswd", entry)?;
            config.push_str(&auth_lines(&path));
        }
        let config = directory.write("config.yml", config)?;
        let log = directory.join("log");
        let program = which(&engine.in_netns("docker-registry"))?;
        let start = r#"nsenter --net="/run/netns/$1" "$2" serve "$3" >"$4" 2>&1 </dev/null & registry=$!"#;
        let texts =
            [engine.netns().name(), &program, &config.display().to_string(), &log.display().to_string()];
        let guard = Guard::new(start, r#"kill -9 $registry; wait; rm -rf "${4%/*}""#, &texts)?;
        let address = listening_address(&log)?;
        Ok(Self { address, _guard: guard, _directory: directory })
    }

    /// `127.0.0.1:port`, as it stands before an image's name.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The reference of an image here: `127.0.0.1:port/<name>`.
    pub fn image(&self, name: &str) -> String {
        format!("{}/{name}", self.address)
    }
}

fn auth_lines(htpasswd: &Path) -> String {
    format!("auth: {{htpasswd: {{realm: wharf, path: {}}}}}\n", htpasswd.display())
}

/// The program's full path, found along the command's own `PATH`.
fn which(command: &Command) -> Result<String> {
    let name = command.get_args().last().unwrap_or_default().to_owned();
    let value = |key: &str| command.get_envs().find(|(name, _)| *name == key).and_then(|(_, value)| value);
    let path = value("PATH").unwrap_or_default().to_string_lossy().into_owned();
    let found = path.split(':').map(|directory| Path::new(directory).join(&name)).find(|path| path.is_file());
    let missing = || Error::Missing(format!("`{}` is not installed", name.to_string_lossy()));
    found.map(|path| path.display().to_string()).ok_or_else(missing)
}

/// The registry says where it listens: `msg="listening on 127.0.0.1:41234"`.
fn listening_address(log: &Path) -> Result<String> {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let text = std::fs::read_to_string(log).unwrap_or_default();
        let found = text.split("listening on ").nth(1).and_then(|rest| rest.split(['"', ',', '\n']).next());
        if let Some(address) = found {
            return Ok(address.to_owned());
        }
        if Instant::now() > deadline {
            return Err(Error::not_ready("docker-registry", log));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
