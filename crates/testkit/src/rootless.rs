//! A real rootless engine: `dockerd` with an ordinary account's rights, as Docker's own script starts it.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::engine::search_path;
use crate::guard::Guard;
use crate::packages::{rootless_script, slirp_path};
use crate::{Account, EngineKind, Error, Netns, Result, TestDir, is_root};

/// How long it may take to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A rootless engine of an account of its own, with a network by slirp4netns.
#[derive(Debug)]
pub struct Rootless {
    _guard: Guard,
    directory: TestDir,
    account: Account,
    netns: Netns,
}

/// The device is root's alone on some machines; what is mounted here nobody else sees. `$1`: directory, then words.
const START: &str = r#"
ns=$1; shift
nsenter --net="/run/netns/$ns" unshare -m sh -c '
    mknod -m 0666 "$1/tun" c 10 200 && mount --bind "$1/tun" /dev/net/tun && shift && exec "$@"
' start "$@" >"$1/log" 2>&1 </dev/null & engine=$!
"#;

/// The engine and its containers are in a process namespace that ends with it.
const END: &str = r#"kill $engine; sleep 0.3; kill -9 $engine; wait; umount "$1"/run/* 2>/dev/null; rm -rf --one-file-system "$1""#;

impl Rootless {
    /// Starts one.
    pub fn start(kind: EngineKind) -> Result<Self> {
        if !is_root() {
            return Err(Error::Missing("not root, and a rootless engine needs an account of its own".into()));
        }
        let (account, directory) = (Account::new("own")?, TestDir::new()?);
        let run = directory.join("run");
        std::fs::create_dir(&run).map_err(Error::io("cannot make a runtime directory"))?;
        std::os::unix::fs::lchown(&run, Some(account.uid()), Some(account.gid()))
            .map_err(Error::io("cannot give a directory away"))?;
        let (slirp, libraries) = slirp_path()?;
        let netns = Netns::new()?;
        let mut words = vec![netns.name().to_owned(), directory.path().display().to_string()];
        words.extend(account.prefix());
        words.extend(["env".to_owned(), "-i".to_owned()]);
        words.extend([
            format!("PATH={slirp}:{}", search_path(kind)?),
            format!("LD_LIBRARY_PATH={libraries}"),
            format!("HOME={}", account.home().display()),
            format!("XDG_RUNTIME_DIR={}", run.display()),
            "DOCKERD_ROOTLESS_ROOTLESSKIT_NET=slirp4netns".to_owned(),
            "DOCKERD_ROOTLESS_ROOTLESSKIT_SLIRP4NETNS_SANDBOX=false".to_owned(),
            "DOCKERD_ROOTLESS_ROOTLESSKIT_SLIRP4NETNS_SECCOMP=false".to_owned(),
            "DOCKERD_ROOTLESS_ROOTLESSKIT_FLAGS=--pidns".to_owned(),
            "sh".to_owned(),
            rootless_script()?.display().to_string(),
            format!("--data-root={}", account.home().join("data").display()),
        ]);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let guard = Guard::new(START, END, &words)?;
        let engine = Self { _guard: guard, directory, account, netns };
        let deadline = Instant::now() + PATIENCE;
        while !engine.answers() {
            if Instant::now() > deadline {
                return Err(Error::not_ready("a rootless dockerd", &engine.directory.join("log")));
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(engine)
    }

    /// Whose it is.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// The account's runtime directory, in which the socket lies: `XDG_RUNTIME_DIR`.
    pub fn runtime_directory(&self) -> PathBuf {
        self.directory.join("run")
    }

    /// The network namespace in which its published ports are reached.
    pub fn netns(&self) -> &Netns {
        &self.netns
    }

    /// Its socket.
    pub fn socket(&self) -> PathBuf {
        self.runtime_directory().join("docker.sock")
    }

    fn answers(&self) -> bool {
        use std::io::{Read as _, Write as _};
        let asked = self.account.connect(&self.socket()).map(|mut stream| {
            let _asked = stream.write_all(b"GET /_ping HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n");
            let mut answer = String::new();
            let _read = stream.read_to_string(&mut answer);
            answer.contains("200 OK")
        });
        asked.unwrap_or(false)
    }
}
