//! Somebody's folder with a key, a pod, and files of other programs.

use std::path::{Path, PathBuf};
use std::process::Command;
use wharf_conformance::Run;
use wharf_testkit::{TestDir, ansible_vault, or_skip, python_with_sops, wharf_program};

/// The vault password of these tests.
pub(crate) const PASSWORD: &str = "correct horse";

const MAKER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/programs/sops_file.py");

/// Somebody's folder.
pub(crate) struct Desk(TestDir);

impl Desk {
    /// With an age key, whose owner is the reader of what is sealed.
    pub(crate) fn new() -> Self {
        let desk = Self(TestDir::new().unwrap());
        desk.write("host/host.yml", "mount_root: /srv\n");
        desk.write("pw", PASSWORD);
        let _made = Run::of(Command::new("age-keygen").arg("-o").arg(desk.path("key.txt")), b"").succeeds();
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        self.0.write(name, text).unwrap()
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// The public half of the key.
    pub(crate) fn recipient(&self) -> String {
        let text = self.read("key.txt");
        text.lines().find_map(|line| line.strip_prefix("# public key: ")).unwrap().to_owned()
    }

    /// `wharf`, with nothing of the machine's own.
    pub(crate) fn wharf(&self, words: &[&str]) -> Run {
        Run::of(&mut self.command(words), b"")
    }

    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(wharf_program().unwrap());
        command
            .env_clear()
            .env("HOME", self.0.path())
            .env("PATH", "/usr/bin:/bin")
            .current_dir(self.0.path());
        command.arg("--config").arg(self.path("host/host.yml")).arg("--state-dir").arg(self.path("state"));
        command.args(words);
        command
    }

    /// `wharf secret import blog …`, sealed to the one key.
    pub(crate) fn import(&self, words: &[&str]) -> Run {
        let reader = format!("me={}", self.recipient());
        let there = self.path("secrets/blog.yml").exists();
        let new: &[&str] = if there { &[] } else { &["--reader", &reader] };
        self.wharf(&[&["secret", "import", "blog", "--yes", "--identity", "key.txt"], words, new].concat())
    }

    /// What was sealed.
    pub(crate) fn shown(&self, name: &str) -> String {
        self.wharf(&["secret", "show", "blog", name, "--identity", "key.txt", "--yes"]).succeeds().stdout()
    }

    /// Encrypts a file in its place by the real `ansible-vault`; `None` where it cannot be had.
    pub(crate) fn vault(&self, words: &[&str]) -> Option<Run> {
        let program = or_skip(ansible_vault())?;
        let mut command = Command::new(program);
        command.env_clear().env("HOME", self.0.path()).env("PATH", "/usr/bin:/bin").env("LANG", "C.UTF-8");
        Some(Run::of(command.args(words).current_dir(self.0.path()), b"").succeeds())
    }

    /// Makes a SOPS file of one in clear; `None` where `sops` cannot be had.
    pub(crate) fn sops(&self, form: &str, clear: &str, file: &str, more: &[&str]) -> Option<()> {
        let python = or_skip(python_with_sops())?;
        let made = Run::of(
            Command::new(python)
                .args([MAKER, form, clear, &self.recipient()])
                .args(more)
                .current_dir(self.0.path()),
            b"",
        );
        self.write(file, made.succeeds().stdout());
        Some(())
    }

    /// Every file below the folder that has this in it.
    pub(crate) fn found_in(&self, value: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.0.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if has(&path, value) {
                    found.push(path.strip_prefix(self.0.path()).unwrap().display().to_string());
                }
            }
        }
        found.sort();
        found
    }
}

fn has(path: &Path, value: &str) -> bool {
    std::fs::read(path).is_ok_and(|bytes| bytes.windows(value.len()).any(|part| part == value.as_bytes()))
}
