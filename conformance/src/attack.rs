//! A host whose administrator lets bob run wharf for one pod and no more, and bob, who wants root.
//!
//! sudo, its rules and the users are real; they live in a [`UserSandbox`], so the machine does not know them.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use serde_json::Value;
use wharf_testkit::{Engine, UserSandbox, or_skip, unique_name, wharf_program};

use crate::{Run, Seen};

/// Where wharf is installed on this host.
pub const WHARF: &str = "/usr/local/bin/wharf";

/// How long any run may take. An attack must not be able to make wharf wait.
const PATIENCE: &str = "100";

/// A host with bob on it, his line in sudoers, and one pod's name that is his.
#[derive(Debug)]
pub struct Boundary<'e> {
    engine: &'e Engine,
    users: UserSandbox,
    pod: String,
}

impl<'e> Boundary<'e> {
    /// Bob may `wharf up */<pod>.yml` as root, and nothing else. `None` where a sandbox cannot be made.
    pub fn on(engine: &'e Engine) -> Option<Self> {
        let boundary = Self::without_rules(engine)?;
        boundary.sudoers("bob ALL=(root) NOPASSWD: $wharf up */$pod.yml");
        Some(boundary)
    }

    /// As [`Boundary::on`], but nobody may do anything yet.
    pub fn without_rules(engine: &'e Engine) -> Option<Self> {
        let users = or_skip(UserSandbox::new())?;
        engine.import_busybox().expect("busybox");
        // The letter at the end: no other test's names begin with this one.
        let boundary = Self { engine, users, pod: format!("{}x", unique_name()) };
        // What the machine itself has there shows through.
        boundary.root_sh("rm -rf /etc/wharf /etc/moby-derp.conf /var/lib/wharf");
        boundary.users.add_user("bob").expect("bob");
        std::fs::create_dir(boundary.mount_root()).expect("a mount root");
        boundary.host_config("");
        // Bound rather than copied: the program is large, and there are many tests.
        let program = wharf_program().expect("the wharf under test");
        boundary.users.write(WHARF, "", 0o755).expect("a file to bind to");
        boundary.root_sh(&format!("mount --bind '{}' {WHARF}", program.display()));
        boundary.root_sh(&format!("ln -sfn '{}' /run/docker.sock", engine.socket().display()));
        Some(boundary)
    }

    /// The engine.
    pub fn engine(&self) -> &'e Engine {
        self.engine
    }

    /// The users and their machine.
    pub fn users(&self) -> &UserSandbox {
        &self.users
    }

    /// The name of bob's pod.
    pub fn pod(&self) -> &str {
        &self.pod
    }

    /// The directory below which pods have theirs.
    pub fn mount_root(&self) -> PathBuf {
        self.users.directory().join("pods")
    }

    /// A path below the pod's own directory.
    pub fn in_pod(&self, path: &str) -> PathBuf {
        self.mount_root().join(&self.pod).join(path)
    }

    /// A path in bob's home.
    pub fn home(&self, path: &str) -> PathBuf {
        self.users.directory().join("home/bob").join(path)
    }

    /// Where bob's pod file is.
    pub fn pod_file(&self) -> PathBuf {
        self.home(&format!("{}.yml", self.pod))
    }

    /// The text with `$pod`, `$wharf`, `$home`, `$pods`, `$box` and `$idle` filled in; the last two as in [`crate::Host::pod`].
    pub fn filled(&self, text: &str) -> String {
        let idle = "$box, command: sleep 1000, stop_timeout: 1";
        let text = text.replace("$idle", idle).replace("$box", "image: busybox, update_image: false");
        let text = text.replace("$pods", &self.mount_root().display().to_string());
        let text = text.replace("$pod", &self.pod).replace("$wharf", WHARF);
        text.replace("$home", self.home("").display().to_string().trim_end_matches('/'))
    }

    /// The administrator writes the host configuration anew: these lines after the mount root.
    pub fn host_config(&self, lines: &str) {
        let text = format!("mount_root: $pods\nhost_hostname: quay\n{lines}\n");
        self.users.write("/etc/wharf/host.yml", self.filled(&text), 0o644).expect("a host configuration");
    }

    /// The administrator adds a line to sudoers.
    pub fn sudoers(&self, line: &str) {
        self.users.sudoers(&self.filled(line)).expect("a line that sudo takes");
    }

    /// Bob writes his pod file anew.
    pub fn says(&self, text: &str) -> &Self {
        self.writes(&format!("{}.yml", self.pod), text)
    }

    /// Bob writes a file in his home.
    pub fn writes(&self, name: &str, text: &str) -> &Self {
        self.users.write_as("bob", self.home(name), self.filled(text)).expect("a file of bob's");
        self
    }

    /// Bob says `sudo wharf up <his pod file>`.
    pub fn up(&self) -> Run {
        self.sudo(["up".as_ref(), self.pod_file().as_os_str()])
    }

    /// Bob says `sudo wharf` and these words.
    pub fn sudo<S: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = S>) -> Run {
        self.sudo_by("bob", words)
    }

    /// Somebody says `sudo wharf` and these words.
    pub fn sudo_by<S: AsRef<OsStr>>(&self, user: &str, words: impl IntoIterator<Item = S>) -> Run {
        let mut command = self.users.command_as(user);
        command.args(["timeout", "-k", "1", PATIENCE, "sudo", "-n", WHARF]).args(words);
        Run::of(&mut command, b"")
    }

    /// Bob runs a script in his home.
    pub fn bob_sh(&self, script: &str) -> Run {
        let mut command = self.users.command_as("bob");
        command.args(["timeout", "-k", "1", PATIENCE, "sh", "-c", &self.filled(script)]);
        Run::of(&mut command, b"")
    }

    /// Root runs a script, which must succeed.
    pub fn root_sh(&self, script: &str) {
        let mut command = self.users.command("sh");
        command.args(["-c", &self.filled(script)]);
        let _done = Run::of(&mut command, b"").succeeds();
    }

    /// Root runs wharf himself: he is the administrator.
    pub fn root_wharf<S: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = S>) -> Run {
        let mut command = self.users.command("timeout");
        command.args(["-k", "1", PATIENCE, WHARF]).args(words);
        for inherited in ["DOCKER_HOST", "SUDO_UID", "SUDO_GID", "WHARF_HOST_CONFIG", "WHARF_STATE_DIR"] {
            command.env_remove(inherited);
        }
        Run::of(&mut command, b"")
    }

    /// The names of all containers on the engine that begin with the pod's, sorted.
    pub fn containers(&self) -> Vec<String> {
        let filter = format!("name=^/{}", self.pod);
        let listed = self.engine.docker(["ps", "-a", "--filter", &filter, "--format", "{{.Names}}"]);
        let mut names: Vec<String> = listed.expect("a list").lines().map(str::to_owned).collect();
        names.sort();
        names
    }

    /// The pod's members that the engine has, by their keys.
    pub fn members(&self) -> Vec<String> {
        let prefix = format!("{}.", self.pod);
        self.containers().iter().filter_map(|name| name.strip_prefix(&prefix)).map(str::to_owned).collect()
    }

    /// A member's name on the engine.
    pub fn name_of(&self, member: &str) -> String {
        format!("{}.{member}", self.pod)
    }

    /// A member, inspected.
    pub fn member(&self, member: &str) -> Seen {
        Seen::of(self.engine, &self.name_of(member))
    }

    /// The root container, inspected.
    pub fn root(&self) -> Seen {
        Seen::of(self.engine, &self.pod)
    }

    /// What a shell command in a member prints.
    pub fn inside(&self, member: &str, command: &str) -> String {
        let said = self.engine.docker(["exec", &self.name_of(member), "sh", "-c", command]);
        said.unwrap_or_else(|error| panic!("{error}")).trim_end().to_owned()
    }

    /// The audit trail, whole.
    pub fn trail(&self) -> String {
        self.trail_in(Path::new("/var/lib/wharf"))
    }

    /// The audit trail of another state directory.
    pub fn trail_in(&self, state: &Path) -> String {
        std::fs::read_to_string(self.users.outside(state.join("audit.jsonl"))).unwrap_or_default()
    }

    /// The records of denials, each as `rule object`.
    pub fn denials(&self) -> Vec<String> {
        let trail = self.trail();
        let records = trail.lines().map(|line| serde_json::from_str::<Value>(line).expect("a record"));
        let denied = records.filter(|record| record["outcome"] == "denied");
        let text = |value: &Value| value.as_str().unwrap_or_default().replace(&self.pod, "$pod");
        denied.map(|record| format!("{} {}", text(&record["rule"]), text(&record["object"]))).collect()
    }

    /// Asserts that the engine has nothing of the pod: no container was made, not even the root container.
    pub fn has_nothing(&self) -> &Self {
        assert_eq!(self.containers(), Vec::<String>::new());
        self
    }
}

impl Drop for Boundary<'_> {
    fn drop(&mut self) {
        for name in self.containers().iter().rev() {
            // Nothing depends on it: the engine is removed with all it has.
            let _removed = self.engine.docker(["rm", "-f", "-v", name]);
        }
    }
}
