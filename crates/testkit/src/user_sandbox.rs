//! Real users and real sudo without touching the machine: a mount namespace in which `/etc`, `/run`, `/var` and
//! `/usr/local` are overlays that vanish with it.
//!
//! `/tmp` is the machine's own, so engines' sockets and test directories are the same inside and out.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use crate::account::ALONE;
use crate::guard::own_group;
use crate::{Error, Result, TestDir, is_root, output, run};

/// Makes the overlays, says so, and holds them until its input ends.
const HOLD: &str = r#"
set -e
mount --make-rprivate /
mkdir "$1/overlay"
mount -t tmpfs -o mode=0755 none "$1/overlay"
for place in /etc /run /var /usr/local; do
	at="$1/overlay$place"
	mkdir -p "$at/upper" "$at/work"
	mount -t overlay -o "lowerdir=$place,upperdir=$at/upper,workdir=$at/work" overlay "$place"
done
rm -f /etc/sudoers.d/*
echo ready
read -r _ || true
"#;

/// A place with users of its own. It ends when dropped, or when this process ends.
#[derive(Debug)]
pub struct UserSandbox {
    holder: Child,
    directory: TestDir,
}

impl UserSandbox {
    /// Makes one without users. Gives [`Error::Missing`] when not root or without sudo.
    pub fn new() -> Result<Self> {
        if !is_root() {
            return Err(Error::Missing("not root, and test users need a mount namespace".into()));
        }
        if !Path::new("/usr/bin/sudo").exists() {
            return Err(Error::Missing("`sudo` is not installed".into()));
        }
        let directory = TestDir::new()?;
        let mut command = Command::new("unshare");
        command.args(["-m", "sh", "-c", HOLD, "hold"]).arg(directory.path());
        own_group(&mut command);
        let holder = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut sandbox = Self { holder: holder.map_err(Error::io("cannot run `unshare`"))?, directory };
        sandbox.wait_until_ready()?;
        Ok(sandbox)
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let mut line = String::new();
        if let Some(said) = self.holder.stdout.take() {
            BufReader::new(said).read_line(&mut line).map_err(Error::io("cannot read from the sandbox"))?;
        }
        if line.trim() == "ready" {
            return Ok(());
        }
        Err(Error::Missing("cannot mount overlays for test users: see standard error".into()))
    }

    /// A directory that is the same inside and out, 0755 root's.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// A path inside the sandbox as it is reached from outside.
    pub fn outside(&self, path: impl AsRef<Path>) -> PathBuf {
        let inside = path.as_ref().strip_prefix("/").unwrap_or(path.as_ref()).to_owned();
        PathBuf::from(format!("/proc/{}/root", self.holder.id())).join(inside)
    }

    /// Makes a user with a group of the same name and gives the home directory, which is the same inside and out.
    pub fn add_user(&self, name: &str) -> Result<PathBuf> {
        let homes = self.directory.join("home");
        fs::create_dir_all(&homes).map_err(Error::io("cannot make a directory for homes"))?;
        let home = homes.join(name);
        let mut useradd = self.alone("useradd");
        useradd.args(["-m", "-U", "-s", "/bin/sh", "-K", "MAIL_DIR=/dev/null", "-d"]).arg(&home).arg(name);
        run(&mut useradd)?;
        Ok(home)
    }

    /// Makes `user` a member of `group`, which is made when there is none.
    pub fn add_to_group(&self, user: &str, group: &str) -> Result<()> {
        run(self.alone("groupadd").args(["-f", group]))?;
        run(self.alone("usermod").args(["-a", "-G", group, user])).map(drop)
    }

    /// What changes accounts, while nobody changes the machine's own: the lock of those shows through the overlay.
    fn alone(&self, program: &str) -> Command {
        let mut command = self.command("flock");
        command.args([ALONE, program]);
        command
    }

    /// Adds a line to sudo's rules; `visudo` checks them.
    pub fn sudoers(&self, line: &str) -> Result<()> {
        let path = "/etc/sudoers.d/wharf-test";
        let old = fs::read_to_string(self.outside(path)).unwrap_or_default();
        self.write(path, format!("{old}{line}\n"), 0o440)?;
        run(self.command("visudo").args(["-c", "-f", path])).map(drop)
    }

    /// Writes a file of root's inside, making directories on the way.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>, mode: u32) -> Result<()> {
        let outside = self.outside(path);
        let failed = || Error::io(format!("cannot write `{path}` in the sandbox"));
        if let Some(parent) = outside.parent() {
            fs::create_dir_all(parent).map_err(failed())?;
        }
        fs::write(&outside, content).map_err(failed())?;
        fs::set_permissions(&outside, fs::Permissions::from_mode(mode)).map_err(failed())
    }

    /// Writes a file that belongs to `user`, at a path inside.
    pub fn write_as(&self, user: &str, path: impl AsRef<Path>, content: impl AsRef<[u8]>) -> Result<()> {
        let path = path.as_ref();
        let staged = self.directory.write("staged", content)?;
        run(self.command("install").args(["-o", user, "-g", user, "-m", "0644"]).arg(staged).arg(path))
            .map(drop)
    }

    /// Copies a program to a path inside, such as `/usr/local/bin/wharf`, executable by all.
    pub fn install(&self, program: &Path, path: &str) -> Result<()> {
        let bytes = fs::read(program).map_err(Error::io(format!("cannot read `{}`", program.display())))?;
        self.write(path, bytes, 0o755)
    }

    /// A command that root will run inside.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new("nsenter");
        command.arg(format!("--mount=/proc/{}/ns/mnt", self.holder.id())).arg(program);
        command
    }

    /// A command that `user` will run inside, in the home directory, with a clean environment. The first argument
    /// to add is the program.
    pub fn command_as(&self, user: &str) -> Command {
        let home = self.directory.join("home").join(user);
        let path = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";
        let mut command = self.command("setpriv");
        command.args(["--reuid", user, "--regid", user, "--init-groups", "--inh-caps=-all"]);
        command.args(["env", "-i", "-C"]).arg(&home).arg(format!("HOME={}", home.display()));
        command.args([
            format!("USER={user}"),
            format!("LOGNAME={user}"),
            format!("PATH={path}"),
            "LC_ALL=C".into(),
        ]);
        command
    }

    /// Runs a command as `user` to its end, whatever its exit status.
    pub fn run_as<I, S>(&self, user: &str, command: I) -> Result<Output>
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        output(self.command_as(user).args(command))
    }
}

impl Drop for UserSandbox {
    fn drop(&mut self) {
        // Its input ends, so it does, and the namespace with everything in it.
        drop(self.holder.stdin.take());
        let _ = self.holder.wait();
    }
}
