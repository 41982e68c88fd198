//! A whole machine of a test's own, emulated: a kernel, systemd, control groups version 2, Docker 20.10 with mapped users.
//! It can be rebooted. Nothing of it is on this machine but files and one process; it has no network.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::guard::{Guard, own_group};
use crate::packages::{Suite, kept, mirror_of_this_machine, unpacked};
use crate::{Error, Result, TestDir, run};

const BUILD: &str = include_str!("machine/build.sh");
const AGENT: &str = include_str!("machine/agent.sh");

/// How long anything may take there: it is slow, and may have to share this machine.
const PATIENCE: Duration = Duration::from_secs(330);

/// Accounts that the machine has.
pub const MACHINE_ACCOUNTS: [&str; 2] = ["alice", "bob"];

/// A running machine. Dropping it ends it, and nothing of it stays.
#[derive(Debug)]
pub struct Machine {
    process: Child,
    line: BufReader<UnixStream>,
    directory: TestDir,
    _guard: Guard,
}

impl Machine {
    /// Starts one and waits until it can be spoken to. What is in `payload`, a directory, it finds in `/payload`.
    ///
    /// Gives [`Error::Missing`] where it cannot be had: not root, or not a Debian machine with its kind of processor.
    pub fn boot(payload: &Path) -> Result<Self> {
        let disk = machine_disk()?;
        let emulator = unpacked(Suite::Emulator)?;
        let directory = TestDir::new()?;
        let cargo = directory.join("payload.tar");
        run(Command::new("tar").arg("-C").arg(payload).arg("-cf").arg(&cargo).arg("."))?;
        let mut command = emulated(&emulator, &disk, &directory);
        let log = File::create(directory.join("log")).map_err(Error::io("cannot make a machine's log"))?;
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        own_group(&mut command);
        let process = command.spawn().map_err(Error::io("cannot start a machine"))?;
        let guard = Guard::new("", r#"kill -9 "$1""#, &[&process.id().to_string()])?;
        let line = BufReader::new(connected(&directory)?);
        let mut machine = Self { process, line, directory, _guard: guard };
        machine.wait_until_ready()?;
        machine.run("mkdir -p /payload && tar -C /payload -xf /dev/vdb")?;
        Ok(machine)
    }

    /// Runs a script as root and gives its exit status and all it said.
    pub fn sh(&mut self, script: &str) -> Result<(i32, String)> {
        self.say(script)?;
        let answer = self.read_line()?;
        let mut words = answer.split_whitespace().map(str::parse::<i32>);
        let (Some(Ok(status)), Some(Ok(length))) = (words.next(), words.next()) else {
            return Err(self.failed(&format!("it answered `{answer}`")));
        };
        let mut said = vec![0; usize::try_from(length).unwrap_or_default()];
        self.line.read_exact(&mut said).map_err(Error::io("the machine does not answer"))?;
        Ok((status, String::from_utf8_lossy(&said).into_owned()))
    }

    /// The same, when it must succeed.
    pub fn run(&mut self, script: &str) -> Result<String> {
        match self.sh(script)? {
            (0, said) => Ok(said),
            (status, said) => Err(Error::Command {
                command: script.to_owned(),
                status: format!("exit status {status}"),
                said,
            }),
        }
    }

    /// Shuts it down as an administrator does, and waits until it can be spoken to again.
    pub fn reboot(&mut self) -> Result<()> {
        // Whether it still answers this, is chance.
        self.say("systemctl --no-block reboot")?;
        self.wait_until_ready()
    }

    /// What the machine's console shows.
    pub fn console(&self) -> String {
        std::fs::read_to_string(self.directory.join("console")).unwrap_or_default()
    }

    fn say(&self, script: &str) -> Result<()> {
        let said = write!(self.line.get_ref(), "{}\n{script}", script.len());
        said.map_err(Error::io("the machine does not listen"))
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        while self.read_line()? != "ready" {}
        Ok(())
    }

    fn read_line(&mut self) -> Result<String> {
        let mut line = String::new();
        match self.line.read_line(&mut line) {
            Ok(1..) => Ok(line.trim_end().to_owned()),
            Ok(0) => Err(self.failed("it is gone")),
            Err(error) => Err(self.failed(&error.to_string())),
        }
    }

    fn failed(&self, why: &str) -> Error {
        let said = std::fs::read_to_string(self.directory.join("log")).unwrap_or_default();
        Error::NotReady { what: format!("a machine ({why})"), log: format!("{said}{}", self.console()) }
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Makes the machine's disk and fetches what emulates it, unless an earlier run did. Gives what was fetched.
pub fn fetch_machine() -> Result<Option<String>> {
    let is_there = disk_folder().join("complete").exists();
    machine_disk()?;
    unpacked(Suite::Emulator)?;
    Ok((!is_there).then(|| "a machine with systemd".to_owned()))
}

fn disk_folder() -> PathBuf {
    crate::packages::parent_of_trees().join(folder_name())
}

/// Another recipe makes another disk.
fn folder_name() -> String {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    (BUILD, AGENT).hash(&mut hasher);
    format!("machine-{:x}", hasher.finish())
}

fn machine_disk() -> Result<PathBuf> {
    if !crate::is_root() {
        return Err(Error::Missing("not root, and a machine's disk is made as root".into()));
    }
    if std::env::consts::ARCH != "x86_64" {
        return Err(Error::Missing("the machine with systemd is emulated on x86_64 alone".into()));
    }
    kept(&folder_name(), |folder| {
        let mirror = mirror_of_this_machine()?;
        std::fs::create_dir_all(folder).map_err(Error::io("cannot make a directory for a machine"))?;
        let mut build = Command::new("sh");
        build.args(["-c", BUILD, "build"]).arg(folder).args([&mirror, AGENT]);
        run(&mut build).map(drop)
    })
}

/// The emulator, with libraries and firmware of its own: whatever else is installed here does not matter. What the machine
/// writes on its disk goes to a file without a name, and lasts until this ends.
fn emulated(tree: &Path, disk: &Path, directory: &TestDir) -> Command {
    let at = |below: &str| tree.join(below).display().to_string();
    let libraries =
        ["usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu/pulseaudio"];
    let mut command = Command::new(at("lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"));
    command.arg("--library-path").arg(libraries.map(at).join(":")).arg(at("usr/bin/qemu-system-x86_64"));
    command.env("QEMU_MODULE_DIR", at("usr/lib/x86_64-linux-gnu/qemu")).env("TMPDIR", directory.path());
    command.args(["-L", &at("usr/share/qemu"), "-L", &at("usr/share/seabios")]);
    command.args(["-nodefaults", "-no-user-config", "-display", "none", "-snapshot"]);
    command.args(["-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", "1536"]);
    command.arg("-serial").arg(format!("file:{}", directory.join("console").display()));
    let line = directory.join("line").display().to_string();
    command.arg("-serial").arg(format!("unix:{line},server=on,wait=on"));
    for (file, more) in [(disk.join("disk"), ""), (directory.join("payload.tar"), ",readonly=on")] {
        command.arg("-drive").arg(format!("file={},if=virtio,format=raw{more}", file.display()));
    }
    command.arg("-kernel").arg(disk.join("kernel")).arg("-initrd").arg(disk.join("initrd"));
    command.args(["-append", "root=/dev/vda rw console=ttyS0 quiet net.ifnames=0 apparmor=0"]);
    command
}

fn connected(directory: &TestDir) -> Result<UnixStream> {
    let deadline = Instant::now() + Duration::from_secs(30);
    let line = loop {
        match UnixStream::connect(directory.join("line")) {
            Ok(line) => break line,
            Err(_) if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(20)),
            Err(_) => return Err(Error::not_ready("a machine", &directory.join("log"))),
        }
    };
    line.set_read_timeout(Some(PATIENCE)).map_err(Error::io("cannot bound a wait"))?;
    Ok(line)
}
