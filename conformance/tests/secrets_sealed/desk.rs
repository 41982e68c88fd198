//! A machine with accounts of its own, a folder for pod files, and keys that ssh-keygen made.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use wharf_conformance::Run;
use wharf_testkit::{Tmux, UserSandbox, or_skip, run, unique_name, wharf_program};

/// Where tests of this kind begin: Ada has a home and a folder with pod files; the host has its key when a test made it.
pub(crate) struct Desk {
    pub(crate) sandbox: UserSandbox,
    pub(crate) home: PathBuf,
    /// Ada's own, inside and out.
    pub(crate) repository: PathBuf,
}

impl Desk {
    /// `None` where there can be no such machine.
    pub(crate) fn new() -> Option<Self> {
        let sandbox = or_skip(UserSandbox::new())?;
        sandbox.install(&wharf_program().unwrap(), "/usr/local/bin/wharf").unwrap();
        let home = sandbox.add_user("ada").unwrap();
        let repository = home.join("repository");
        run(sandbox.command("install").args(["-d", "-o", "ada", "-g", "ada"]).arg(&repository)).unwrap();
        Some(Self { sandbox, home, repository })
    }

    /// With the host's key and the recovery key, whose text is given.
    pub(crate) fn with_keys() -> Option<(Self, String)> {
        let desk = Self::new()?;
        desk.root(&["host", "init"]).succeeds();
        let recovery = desk.root(&["secret", "recovery", "--yes"]).succeeds().stdout();
        Some((desk, recovery))
    }

    /// `wharf`, by root, in Ada's folder.
    pub(crate) fn root(&self, words: &[&str]) -> Run {
        self.root_with(words, b"")
    }

    pub(crate) fn root_with(&self, words: &[&str], input: &[u8]) -> Run {
        Run::of(self.root_command().args(words), input)
    }

    pub(crate) fn root_command(&self) -> Command {
        let mut command = self.sandbox.command("env");
        command.args(["-i", "-C"]).arg(&self.repository);
        command.args(["HOME=/root", "PATH=/usr/local/bin:/usr/bin:/bin", "wharf"]);
        command
    }

    /// `wharf`, by Ada, in her folder.
    pub(crate) fn ada(&self, words: &[&str]) -> Run {
        self.ada_with(words, b"")
    }

    pub(crate) fn ada_with(&self, words: &[&str], input: &[u8]) -> Run {
        Run::of(self.ada_command(&["wharf"]).args(words), input)
    }

    /// A program, by Ada, in her folder.
    pub(crate) fn ada_command<S: AsRef<OsStr>>(&self, words: &[S]) -> Command {
        let mut command = self.sandbox.command_as("ada");
        // Without this her trail lies in `/tmp`, by the number of her account, which the next test's people have, too.
        let state = format!("WHARF_STATE_DIR={}", self.home.join(".wharf-state").display());
        command.args(["env", "-C"]).arg(&self.repository).arg(state).args(words);
        command
    }

    /// A key of Ada's, made by ssh-keygen at its usual place.
    pub(crate) fn ssh_key(&self, kind: &str, passphrase: &str) -> PathBuf {
        let path = self.home.join(".ssh").join(format!("id_{kind}"));
        let made = self.ada_command(&["mkdir", "-p"]).arg(self.home.join(".ssh")).status().unwrap();
        assert!(made.success());
        let mut keygen =
            self.ada_command(&["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-C", "ada@laptop", "-f"]);
        Run::of(keygen.arg(&path), b"").succeeds();
        path
    }

    /// A terminal in which Ada sits, in her folder.
    pub(crate) fn terminal(&self) -> Tmux {
        let command = self.ada_command(&["env", "PS1=$ ", "TERM=xterm-256color", "LC_ALL=C.UTF-8"]);
        let words: Vec<String> = std::iter::once(command.get_program())
            .chain(command.get_args())
            .map(|word| word.to_str().unwrap().to_owned())
            .collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        Tmux::start_with(&words, 40, 200, std::iter::empty::<(&str, &str)>()).unwrap()
    }

    pub(crate) fn sealed(&self) -> PathBuf {
        self.repository.join("secrets/blog.yml")
    }

    pub(crate) fn text(&self) -> String {
        std::fs::read_to_string(self.sealed()).unwrap()
    }

    /// Runs a shell's line as root inside.
    pub(crate) fn sh(&self, script: &str) -> Run {
        Run::of(self.sandbox.command("sh").args(["-c", script]), b"")
    }
}

/// A value that is nowhere else on this machine.
pub(crate) fn random_value() -> String {
    let bytes = std::fs::read("/proc/sys/kernel/random/uuid").unwrap();
    format!("value-{}-{}", String::from_utf8(bytes).unwrap().trim(), unique_name())
}

/// The block of an age file, as `age` reads it, of the first value in a sealed file.
pub(crate) fn first_block(text: &str) -> String {
    let begin = text.find("-----BEGIN AGE").unwrap();
    let rest = &text[begin..];
    let end =
        rest.find("-----END AGE ENCRYPTED FILE-----").unwrap() + "-----END AGE ENCRYPTED FILE-----".len();
    rest[..end].lines().flat_map(|line| [line.trim(), "\n"]).collect()
}

pub(crate) fn owner(path: &Path) -> (u32, u32) {
    use std::os::unix::fs::MetadataExt as _;
    let facts = std::fs::metadata(path).unwrap();
    (facts.uid(), facts.mode() & 0o777)
}
