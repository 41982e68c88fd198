//! A real OpenSSH server on loopback, in a network namespace of the test's. Accounts are let in by key.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use crate::guard::Guard;
use crate::packages::sshd_tree;
use crate::{Account, Error, Netns, Result, TestDir, is_root, run};

/// How long it may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);

static NEXT_PORT: AtomicU16 = AtomicU16::new(0);

/// A running server. It knows the accounts that the machine had when it was started.
#[derive(Debug)]
pub struct Sshd {
    port: u16,
    host_key: String,
    _guard: Guard,
    directory: TestDir,
}

/// Debian's server wants an account `sshd`, and lets in no account that is locked: it sees an `/etc` of its own. (A file
/// mounted over `/etc/passwd` would go when the machine's is replaced.) `$1`: namespace, `$2`: directory, `$3`: tree of its programs.
const START: &str = r#"
mkdir -p /run/sshd
nsenter --net="/run/netns/$1" unshare -m sh -c '
    mount -t overlay -o "lowerdir=/etc,upperdir=$1/etc,workdir=$1/work" etc /etc &&
    exec env -i PATH="$PATH" LD_LIBRARY_PATH="$(echo "$2"/usr/lib/*-linux-gnu):$(echo "$2"/lib/*-linux-gnu)" \
        "$2/usr/sbin/sshd" -D -e -f "$1/sshd_config"
' start "$2" "$3" >"$2/log" 2>&1 </dev/null & server=$!
"#;

/// Sessions are the server's children, and end with their connections.
const END: &str = r#"kill $server; sleep 0.1; kill -9 $server; wait; rm -rf "$2""#;

impl Sshd {
    /// Starts one with more lines for its configuration, such as a `Match` block.
    pub fn start(netns: &Netns, lines: &str) -> Result<Self> {
        if !is_root() {
            return Err(Error::Missing("not root, and an ssh server changes accounts".into()));
        }
        let tree = sshd_tree()?.display().to_string();
        let directory = TestDir::new()?;
        let at = |name: &str| directory.join(name).display().to_string();
        let mut keygen = Command::new("ssh-keygen");
        run(keygen.args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(at("host_key")))?;
        let number = NEXT_PORT.fetch_add(1, Ordering::Relaxed);
        // Other processes' servers may be in the same namespace.
        let port = 40_000 + u16::try_from(std::process::id() % 1000).unwrap_or(0) * 20 + number % 20;
        for (file, line) in
            [("passwd", "sshd:x:64999:65534::/run/sshd:/usr/sbin/nologin"), ("shadow", "sshd:*:19000::::::")]
        {
            directory.write(format!("etc/{file}"), accounts(file, line)?)?;
        }
        run(Command::new("mkdir").arg(at("keys")).arg(at("work")))?;
        let config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nPidFile none\nAuthorizedKeysFile {}\nStrictModes no\n\
             UsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nSubsystem sftp internal-sftp\n\
             {lines}\n",
            at("host_key"),
            at("keys/%u"),
        );
        directory.write("sshd_config", config)?;
        let words = [netns.name(), &directory.path().display().to_string(), &tree];
        let guard = Guard::new(START, END, &words)?;
        let host_key = std::fs::read_to_string(at("host_key.pub")).map_err(Error::io("no host key"))?;
        let server = Self { port, host_key, _guard: guard, directory };
        server.wait_until_ready(netns)?;
        Ok(server)
    }

    /// Its port on `127.0.0.1` in its namespace.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Everything it has said so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.directory.join("log")).unwrap_or_default()
    }

    /// Lets somebody in as `login`, with a key of his own in `~/.ssh/id_ed25519`, and has him know this server. `options`
    /// stand before the key, such as `restrict,command="…"`.
    pub fn admit(&self, client: &Account, login: &str, options: &str) -> Result<()> {
        let folder = client.home().join(".ssh");
        let key = folder.join("id_ed25519");
        if !key.exists() {
            run(client.command("mkdir").args(["-m", "0700", "-p"]).arg(&folder))?;
            run(client.command("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&key))?;
        }
        let text = |path: &Path| std::fs::read_to_string(path).map_err(Error::io("cannot read a key"));
        let public = text(&key.with_extension("pub"))?;
        let space = if options.is_empty() { "" } else { " " };
        append(&self.directory.join("keys").join(login), &format!("{options}{space}{public}"))?;
        let mut parts = self.host_key.split_whitespace();
        let known = format!(
            "[127.0.0.1]:{} {} {}\n",
            self.port,
            parts.next().unwrap_or_default(),
            parts.next().unwrap_or_default()
        );
        append(&folder.join("known_hosts"), &known)?;
        run(Command::new("chown").arg("-R").arg(format!("{}:{}", client.uid(), client.gid())).arg(&folder))
            .map(drop)
    }

    fn wait_until_ready(&self, netns: &Netns) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        let port = self.port.to_string();
        let keys =
            || run(netns.command("ssh-keyscan").args(["-T", "2", "-t", "ed25519", "-p", &port, "127.0.0.1"]));
        while !keys().is_ok_and(|keys| keys.contains("ssh-ed25519")) {
            if Instant::now() > deadline {
                return Err(Error::not_ready("sshd", &self.directory.join("log")));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

/// The machine's file with one account more, and nobody locked.
fn accounts(file: &str, line: &str) -> Result<String> {
    let text =
        std::fs::read_to_string(Path::new("/etc").join(file)).map_err(Error::io("cannot read accounts"))?;
    let lines = text.lines().filter(|line| !line.starts_with("sshd:"));
    let unlocked: Vec<String> = lines.map(|line| line.replacen(":!:", ":*:", 1)).collect();
    Ok(format!("{}\n{line}\n", unlocked.join("\n")))
}

fn append(path: &Path, text: &str) -> Result<()> {
    use std::io::Write as _;
    let file = std::fs::File::options().create(true).append(true).open(path);
    let mut file = file.map_err(Error::io("cannot open a file of keys"))?;
    file.write_all(text.as_bytes()).map_err(Error::io("cannot write a file of keys"))
}

#[cfg(test)]
mod tests {
    use super::Sshd;
    use crate::{Account, Netns, or_skip, run};

    #[test]
    fn whoever_has_a_key_comes_in_as_whom_it_was_given_for() {
        let Some(netns) = or_skip(Netns::new()) else { return };
        let [ana, quay] = ["ana", "quay"].map(|role| Account::new(role).unwrap());
        let server = Sshd::start(&netns, "").unwrap();
        server.admit(&ana, quay.name(), "").unwrap();
        let ask = |login: &str| {
            let words = ana.prefix();
            let mut command = netns.command(&words[0]);
            command.args(&words[1..]).args(["ssh", "-T", "-p", &server.port().to_string(), "-l", login]);
            run(command.args(["127.0.0.1", "id", "-un"]))
        };
        assert_eq!(ask(quay.name()).unwrap().trim(), quay.name(), "{}", server.log());
        assert!(ask("root").unwrap_err().to_string().contains("Permission denied"));
    }
}
