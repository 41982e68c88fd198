//! Somebody on another machine: an account with keys and certificates of its own, in the engine's network namespace and
//! with nothing in its environment but what is said here.

use std::path::PathBuf;
use wharf_conformance::Run;
use wharf_testkit::{Account, Engine, EngineKind, docker_program, wharf_program};

/// How long anything of his may run, in seconds.
const PATIENCE: &str = "90";

/// Somebody on another machine.
#[derive(Debug)]
pub(crate) struct Person<'e> {
    engine: &'e Engine,
    pub(crate) account: Account,
    environment: Vec<(String, String)>,
}

impl<'e> Person<'e> {
    pub(crate) fn new(engine: &'e Engine) -> Self {
        let account = Account::new("ana").unwrap();
        let home = account.home().display().to_string();
        // No configuration of this machine's, and a place for locks.
        let environment = vec![
            ("HOME".to_owned(), home.clone()),
            ("PATH".to_owned(), "/usr/bin:/bin".to_owned()),
            ("WHARF_STATE_DIR".to_owned(), format!("{home}/state")),
        ];
        Self { engine, account, environment }
    }

    /// The same with another variable.
    pub(crate) fn with(&self, name: &str, value: &str) -> Asker<'_> {
        Asker { person: self, environment: vec![(name.to_owned(), value.to_owned())] }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.account.home().join(name)
    }

    /// A file of hers.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        let owner = format!("{}:{}", self.account.uid(), self.account.gid());
        let mut chown = std::process::Command::new("chown");
        wharf_testkit::run(chown.args(["-R", &owner]).arg(self.account.home())).unwrap();
        path
    }
}

/// The same with one variable more.
#[derive(Debug)]
pub(crate) struct Asker<'p> {
    person: &'p Person<'p>,
    environment: Vec<(String, String)>,
}

impl Asker<'_> {
    #[must_use = "a run that nobody judges proves nothing"]
    pub(crate) fn wharf(&self, words: &[&str]) -> Run {
        self.wharf_with_input(words, b"")
    }

    #[must_use = "a run that nobody judges proves nothing"]
    pub(crate) fn wharf_with_input(&self, words: &[&str], input: &[u8]) -> Run {
        let program = wharf_program().unwrap().display().to_string();
        let words: Vec<&str> = std::iter::once(program.as_str()).chain(words.iter().copied()).collect();
        self.run(&words, input)
    }

    /// The docker CLI of this version.
    #[must_use = "a run that nobody judges proves nothing"]
    pub(crate) fn docker(&self, cli: EngineKind, words: &[&str]) -> Run {
        let program = docker_program(cli).unwrap().display().to_string();
        let words: Vec<&str> = std::iter::once(program.as_str()).chain(words.iter().copied()).collect();
        self.run(&words, b"")
    }

    /// A shell script, in which `docker` is the CLI of this version and `wharf` the program under test.
    #[must_use = "a run that nobody judges proves nothing"]
    pub(crate) fn sh(&self, cli: EngineKind, script: &str) -> Run {
        let functions = format!(
            "docker() {{ {} \"$@\"; }}\nwharf() {{ {} \"$@\"; }}\n{script}",
            docker_program(cli).unwrap().display(),
            wharf_program().unwrap().display(),
        );
        self.run(&["sh", "-euc", &functions], b"")
    }

    /// Anything.
    #[must_use = "a run that nobody judges proves nothing"]
    pub(crate) fn run(&self, words: &[&str], input: &[u8]) -> Run {
        let Person { engine, account, environment } = self.person;
        let mut command = engine.netns().command("env");
        command.arg("-i");
        let all = environment.iter().chain(&self.environment);
        command.args(all.map(|(name, value)| format!("{name}={value}")));
        command.args(account.prefix()).args(["timeout", "-k", "1", PATIENCE]).args(words);
        Run::of(command.current_dir(account.home()), input)
    }
}
