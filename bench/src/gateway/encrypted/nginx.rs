//! nginx with mutual TLS, by the gateway's own certificates.

use crate::gateway::served::Served;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};
use wharf_testkit::{Engine, Error, Result, TestDir, nginx_program, run};

/// How long it may take to listen.
const PATIENCE: Duration = Duration::from_secs(10);
/// Free in the engine's network namespace.
pub(super) const PORT: u16 = 2377;

/// A running nginx. Dropping it ends it.
#[derive(Debug)]
pub(super) struct Nginx {
    daemon: Child,
    directory: TestDir,
}

impl Nginx {
    pub(super) fn start(engine: &Engine, served: &Served) -> Result<Self> {
        let directory = TestDir::new()?;
        let config = include_str!("../nginx.conf")
            .replace("@directory@", &directory.path().display().to_string())
            .replace("@engine@", &engine.socket().display().to_string())
            .replace("@identity@", &served.identity().display().to_string())
            .replace("@port@", &PORT.to_string());
        let config = directory.write("nginx.conf", config)?;
        let log =
            std::fs::File::create(directory.join("log")).map_err(Error::io("cannot make nginx's log"))?;
        let mut command = engine.in_netns(nginx_program()?);
        command
            .arg("-c")
            .arg(config)
            .arg("-p")
            .arg(directory.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        let daemon = command.stderr(log).spawn().map_err(Error::io("cannot start nginx"))?;
        let mut nginx = Self { daemon, directory };
        nginx.wait_until_ready(engine)?;
        Ok(nginx)
    }

    fn wait_until_ready(&mut self, engine: &Engine) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        let probe = format!("exec 3<>/dev/tcp/127.0.0.1/{PORT}");
        while run(engine.in_netns("bash").args(["-c", &probe])).is_err() {
            let ended = !matches!(self.daemon.try_wait(), Ok(None));
            if ended || Instant::now() > deadline {
                let log = std::fs::read_to_string(self.directory.join("log")).unwrap_or_default();
                return Err(Error::NotReady { what: "nginx".into(), log });
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}
