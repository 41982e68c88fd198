//! A proxy before the engine's socket as people put one there today: HAProxy, with the rules that Tecnativa's
//! docker-socket-proxy publishes, as far as the contests need them.

use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};
use wharf_testkit::{Engine, Error, Result, TestDir, haproxy_command};

/// How long it may take to listen.
const PATIENCE: Duration = Duration::from_secs(10);

/// A running proxy. Dropping it ends it.
#[derive(Debug)]
pub(super) struct Proxy {
    daemon: Child,
    directory: TestDir,
}

impl Proxy {
    pub(super) fn start(engine: &Engine) -> Result<Self> {
        let directory = TestDir::new()?;
        let config = include_str!("haproxy.cfg")
            .replace("@front@", &directory.join("docker.sock").display().to_string())
            .replace("@engine@", &engine.socket().display().to_string());
        let config = directory.write("haproxy.cfg", config)?;
        let mut command = haproxy_command()?;
        command.arg("-db").arg("-f").arg(config).stdin(Stdio::null()).stdout(Stdio::null());
        let log =
            std::fs::File::create(directory.join("log")).map_err(Error::io("cannot make haproxy's log"))?;
        let daemon = command.stderr(log).spawn().map_err(Error::io("cannot start haproxy"))?;
        let mut proxy = Self { daemon, directory };
        let deadline = Instant::now() + PATIENCE;
        while std::os::unix::net::UnixStream::connect(proxy.socket()).is_err() {
            let ended = !matches!(proxy.daemon.try_wait(), Ok(None));
            if ended || Instant::now() > deadline {
                let log = std::fs::read_to_string(proxy.directory.join("log")).unwrap_or_default();
                return Err(Error::NotReady { what: "haproxy".into(), log });
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(proxy)
    }

    /// Where it listens.
    pub(super) fn socket(&self) -> PathBuf {
        self.directory.join("docker.sock")
    }

    /// Its process.
    pub(super) fn process(&self) -> u32 {
        self.daemon.id()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}
