//! Somebody's repository, and what its owner does there.

use std::fs;
use std::os::unix::fs::lchown;
use std::path::PathBuf;
use std::process::Command;

use wharf_conformance::Run;
use wharf_testkit::{Account, or_skip, wharf_program};

/// An account and its repository.
pub(crate) struct Desk {
    account: Account,
    bin: PathBuf,
}

/// A token by its shape, put together here so that this file holds none.
pub(crate) fn token(fill: char) -> String {
    format!("gh{}_{}", 'p', format!("{fill}7Kq2Zt9Wx4").repeat(4).get(..36).unwrap())
}

impl Desk {
    /// A repository with nothing in it, in the account's home.
    pub(crate) fn new() -> Option<Self> {
        let account = or_skip(Account::new("scan"))?;
        let bin = account.home().join("bin");
        fs::create_dir(&bin).unwrap();
        std::os::unix::fs::symlink(wharf_program().unwrap(), bin.join("wharf")).unwrap();
        let desk = Self { account, bin };
        desk.git(&["init", "-q", "-b", "main", "."]).succeeds();
        desk.git(&["config", "user.email", "scan@example.org"]).succeeds();
        desk.git(&["config", "user.name", "scan"]).succeeds();
        Some(desk)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.account.home().join("repo").join(name)
    }

    /// Writes a file that is the account's.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        let mut missing = Vec::new();
        let mut parent = path.parent().unwrap();
        while !parent.exists() {
            missing.push(parent.to_owned());
            parent = parent.parent().unwrap();
        }
        for folder in missing.iter().rev() {
            fs::create_dir(folder).unwrap();
            lchown(folder, Some(self.account.uid()), Some(self.account.gid())).unwrap();
        }
        fs::write(&path, content).unwrap();
        lchown(&path, Some(self.account.uid()), Some(self.account.gid())).unwrap();
        path
    }

    /// A program, as the account, in the repository.
    pub(crate) fn command(&self, program: &str, words: &[&str]) -> Command {
        let repo = self.path("");
        if !repo.exists() {
            fs::create_dir(&repo).unwrap();
            lchown(&repo, Some(self.account.uid()), Some(self.account.gid())).unwrap();
        }
        let mut command = self.account.command(program);
        let path = format!("{}:{}", self.bin.display(), std::env::var("PATH").unwrap_or_default());
        command.args(words).current_dir(repo).env("HOME", self.account.home()).env("PATH", path);
        command
            .env_remove("SUDO_UID")
            .env_remove("SUDO_GID")
            .env_remove("GIT_DIR")
            .env_remove("GIT_INDEX_FILE");
        command
    }

    /// The real git.
    pub(crate) fn git(&self, words: &[&str]) -> Run {
        Run::of(&mut self.command("git", words), b"")
    }

    /// All that there is, committed without asking the hook.
    pub(crate) fn commit(&self, message: &str) {
        self.git(&["add", "-A", "-f"]).succeeds();
        self.git(&["commit", "-q", "--no-verify", "--allow-empty", "-m", message]).succeeds();
    }

    /// The program, as the account.
    pub(crate) fn wharf(&self, words: &[&str]) -> Run {
        Run::of(&mut self.command(wharf_program().unwrap().to_str().unwrap(), words), b"")
    }

    /// The program, in another folder of the account's.
    pub(crate) fn wharf_in(&self, folder: &str, words: &[&str]) -> Run {
        let mut command = self.command(wharf_program().unwrap().to_str().unwrap(), words);
        Run::of(command.current_dir(self.account.home().join(folder)), b"")
    }

    /// `wharf secret scan`, with more words.
    pub(crate) fn scan(&self, words: &[&str]) -> Run {
        let words: Vec<&str> = ["secret", "scan"].iter().chain(words).copied().collect();
        self.wharf(&words)
    }
}
