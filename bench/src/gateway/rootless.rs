//! An engine of a tenant's own, as people run one today: rootless, with nothing in it.

use super::footprint::processes;
use std::fs::File;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use wharf_testkit::{Account, Error, Result, TestDir, rootless_path, run};

/// How long it may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// The machine's own engine, as seen in the copy of `/run`, is in the way.
const START: &str = r#"rm -f /run/docker /run/containerd /run/xtables.lock; exec dockerd "$@""#;

/// A rootless `dockerd` and what it needs beside it. It has no network of its own, whose helper would come on top.
#[derive(Debug)]
pub(super) struct Rootless {
    daemon: Child,
    _account: Account,
    directory: TestDir,
}

impl Rootless {
    pub(super) fn start() -> Result<Self> {
        let (account, directory) = (Account::new("own")?, TestDir::new()?);
        let run_directory = directory.join("run");
        std::fs::create_dir(&run_directory).map_err(Error::io("cannot make a runtime directory"))?;
        for path in [directory.path(), &run_directory] {
            std::os::unix::fs::lchown(path, Some(account.uid()), Some(account.gid()))
                .map_err(Error::io("cannot give a directory away"))?;
        }
        let log = File::create(directory.join("log")).map_err(Error::io("cannot make the engine's log"))?;
        let mut command = account.command("rootlesskit");
        command
            .env("PATH", rootless_path()?)
            .env("XDG_RUNTIME_DIR", &run_directory)
            .env("HOME", account.home());
        command.args(["--net=host", "--copy-up=/etc", "--copy-up=/run", "sh", "-c", START, "dockerd"]);
        command.args(["--bridge=none", "--iptables=false"]);
        command.args(["--rootless", "--data-root"]).arg(account.home().join("data"));
        command
            .arg("--exec-root")
            .arg(run_directory.join("exec"))
            .arg("--pidfile")
            .arg(run_directory.join("pid"));
        command.arg("-H").arg(format!("unix://{}", directory.join("docker.sock").display()));
        command
            .stdin(Stdio::null())
            .stdout(log.try_clone().map_err(Error::io("cannot share a log"))?)
            .stderr(log);
        let daemon = command.spawn().map_err(Error::io("cannot start rootlesskit"))?;
        let mut engine = Self { daemon, _account: account, directory };
        engine.wait_until_ready()?;
        Ok(engine)
    }

    /// Its first process.
    pub(super) fn process(&self) -> u32 {
        self.daemon.id()
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let (socket, deadline) = (self.directory.join("docker.sock"), Instant::now() + PATIENCE);
        let is_well = || {
            let connection = crate::http::Connection::open(&socket);
            connection.is_ok_and(|mut connection| {
                connection.ask("GET", "/_ping", None).is_ok_and(|(s, _)| s == 200)
            })
        };
        while !is_well() {
            let ended = !matches!(self.daemon.try_wait(), Ok(None));
            if ended || Instant::now() > deadline {
                let log = std::fs::read_to_string(self.directory.join("log")).unwrap_or_default();
                return Err(Error::NotReady { what: "a rootless dockerd".into(), log });
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Rootless {
    fn drop(&mut self) {
        let all = processes(self.daemon.id());
        let _asked = run(Command::new("kill").arg(self.daemon.id().to_string()));
        let deadline = Instant::now() + PATIENCE;
        while matches!(self.daemon.try_wait(), Ok(None)) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(50));
        }
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
        for process in all {
            // What stayed behind would keep the account from being removed.
            let _gone = run(Command::new("kill").args(["-s", "KILL", &process.to_string()]));
        }
    }
}
