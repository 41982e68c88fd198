//! A host as its administrator set it up: an engine, a host configuration, a mount root. All of it in one directory.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use wharf_testkit::{Engine, Recorder, TestDir, unique_name, wharf_program};

use crate::{Pod, Run};

/// How long any `wharf` of a test may run.
const PATIENCE: &str = "120";

/// A host for one test. Its pods' containers go when the pods are dropped; its directory goes when it is.
#[derive(Debug)]
pub struct Host<'e> {
    engine: &'e Engine,
    directory: TestDir,
    /// Begins the names of all its pods, so that tests on one engine do not meet.
    prefix: String,
    endpoint: String,
    /// Whether `wharf` runs in the engine's network namespace.
    is_beside: bool,
    environment: Vec<(String, String)>,
}

impl<'e> Host<'e> {
    /// A host with a mount root of its own and nothing else configured. The engine has `busybox:latest`.
    pub fn on(engine: &'e Engine) -> Self {
        engine.import_busybox().expect("busybox");
        let directory = TestDir::new().expect("a directory");
        let mounts = directory.join("mounts");
        std::fs::create_dir(&mounts).expect("a mount root");
        directory
            .write("host.yml", format!("mount_root: {}\n", mounts.display()))
            .expect("a host configuration");
        Self {
            engine,
            directory,
            prefix: unique_name(),
            endpoint: engine.host(),
            is_beside: false,
            environment: Vec::new(),
        }
    }

    /// More lines of the host configuration; `$pod` is the beginning of every pod's name here.
    pub fn config(self, lines: &str) -> Self {
        let path = self.path("host.yml");
        let text = std::fs::read_to_string(&path).expect("the host configuration");
        let lines = lines.replace("$pod", &self.prefix);
        std::fs::write(path, format!("{text}{lines}\n")).expect("the host configuration");
        self
    }

    /// Speaks to the engine through a recorder.
    pub fn through(mut self, recorder: &Recorder) -> Self {
        self.endpoint = recorder.host();
        self
    }

    /// Speaks to the engine at this address, from within its network namespace. With none, as `wharf` finds it.
    pub fn at(mut self, endpoint: &str) -> Self {
        endpoint.clone_into(&mut self.endpoint);
        self.is_beside = true;
        self
    }

    /// A variable in the environment of every `wharf`.
    pub fn environment(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A pod and its file. The pod is called `<something unique>-<name>`. In the text, `$box` stands for
    /// `image: busybox, update_image: false`, `$idle` for that and a command that does nothing for long, and `$pod`
    /// for the beginning of every pod's name here.
    pub fn pod(&self, name: &str, text: &str) -> Pod<'_> {
        Pod::new(self, &format!("{}-{name}", self.prefix), text)
    }

    /// The engine.
    pub fn engine(&self) -> &'e Engine {
        self.engine
    }

    /// The beginning of every pod's name here, without the `-` that follows.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// A path in the host's directory: `host.yml`, `mounts`, `home`, `state`.
    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.directory.join(name)
    }

    /// Writes a file in the host's directory and gives its path.
    pub fn write(&self, name: impl AsRef<Path>, content: impl AsRef<[u8]>) -> PathBuf {
        self.directory.write(name, content).expect("a file")
    }

    /// `wharf` with these words, run to its end.
    #[must_use = "a run that nobody judges proves nothing"]
    pub fn wharf<S: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = S>) -> Run {
        self.wharf_with_input(words, b"")
    }

    /// `wharf` with these words and this on its standard input, run to its end.
    #[must_use = "a run that nobody judges proves nothing"]
    pub fn wharf_with_input<S: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = S>, input: &[u8]) -> Run {
        let mut command = self.command("timeout");
        command.args(["-k", "1", PATIENCE]).arg(wharf()).args(words);
        Run::of(&mut command, input)
    }

    /// `wharf` as a command, for tests that start it and do something else meanwhile.
    pub fn wharf_command<S: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = S>) -> Command {
        let mut command = self.command(wharf());
        command.args(words).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Any program, in the environment that `wharf` has here.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let netns = self.engine.netns();
        let mut command = if self.is_beside { netns.command(program) } else { Command::new(program) };
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.path("home")).env("DOCKER_HOST", &self.endpoint);
        command.env("WHARF_HOST_CONFIG", self.path("host.yml")).env("WHARF_STATE_DIR", self.path("state"));
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }
}

/// The program under test.
fn wharf() -> PathBuf {
    wharf_program().expect("the wharf under test")
}
