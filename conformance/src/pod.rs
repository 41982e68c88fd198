//! A pod of a host's: its file, the verbs, and what the engine has of it.

use std::ffi::OsStr;
use std::path::PathBuf;

use crate::{Host, Run, Seen};

/// A pod and its file. When it is dropped, whatever containers have its names are removed.
#[derive(Debug)]
pub struct Pod<'h> {
    host: &'h Host<'h>,
    name: String,
    file: PathBuf,
}

impl<'h> Pod<'h> {
    pub(crate) fn new(host: &'h Host<'h>, name: &str, text: &str) -> Self {
        let pod = Self { host, name: name.to_owned(), file: host.path(format!("{name}.yml")) };
        pod.says(text);
        pod
    }

    /// Writes the file anew.
    pub fn says(&self, text: &str) -> &Self {
        let text = text.replace("$idle", "$box, command: sleep 1000");
        let text =
            text.replace("$box", "image: busybox, update_image: false").replace("$pod", self.host.prefix());
        std::fs::write(&self.file, text).expect("the pod file");
        self
    }

    /// The pod's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its file.
    pub fn file(&self) -> &PathBuf {
        &self.file
    }

    /// The host that it is on.
    pub fn host(&self) -> &'h Host<'h> {
        self.host
    }

    /// `wharf up FILE`.
    #[must_use = "a run that nobody judges proves nothing"]
    pub fn up(&self) -> Run {
        self.host.wharf(["up".as_ref(), self.file.as_os_str()])
    }

    /// `wharf plan FILE` and more words.
    #[must_use = "a run that nobody judges proves nothing"]
    pub fn plan(&self, words: &[&str]) -> Run {
        self.host
            .wharf(["plan".as_ref(), self.file.as_os_str()].into_iter().chain(words.iter().map(OsStr::new)))
    }

    /// `wharf down POD`.
    #[must_use = "a run that nobody judges proves nothing"]
    pub fn down(&self) -> Run {
        self.host.wharf(["down", &self.name])
    }

    /// Asserts that `wharf plan` finds nothing to do.
    pub fn is_as_its_file_says(&self) -> &Self {
        let plan = self.plan(&["--detailed-exitcode"]);
        assert_eq!(plan.status(), 0, "the plan should be empty: {plan}");
        self
    }

    /// The root container, inspected.
    pub fn root(&self) -> Seen {
        Seen::of(self.host.engine(), &self.name)
    }

    /// A member, inspected.
    pub fn member(&self, container: &str) -> Seen {
        Seen::of(self.host.engine(), &self.name_of(container))
    }

    /// A member's name on the engine.
    pub fn name_of(&self, container: &str) -> String {
        format!("{}.{container}", self.name)
    }

    /// What a shell command in a member prints, without the line's end.
    pub fn sh(&self, container: &str, command: &str) -> String {
        let said = self.host.engine().docker(["exec", &self.name_of(container), "sh", "-c", command]);
        said.unwrap_or_else(|error| panic!("{error}")).trim_end().to_owned()
    }

    /// What a member has printed.
    pub fn printed(&self, container: &str) -> String {
        self.host.engine().docker(["logs", &self.name_of(container)]).expect("its log")
    }

    /// Its containers on the engine as `name id`, by name: the root container first.
    pub fn containers(&self) -> Vec<(String, String)> {
        let engine = self.host.engine();
        let filter = format!("name=^/{}(\\.|$)", self.name);
        let listed =
            engine.docker(["ps", "-a", "--no-trunc", "--filter", &filter, "--format", "{{.Names}} {{.ID}}"]);
        let listed = listed.expect("a list of containers");
        let pairs = listed.lines().filter_map(|line| line.split_once(' '));
        let mut containers: Vec<(String, String)> =
            pairs.map(|(name, id)| (name.to_owned(), id.to_owned())).collect();
        containers.sort();
        containers
    }

    /// The keys of its members on the engine, by name, with the root container as the empty key.
    pub fn members(&self) -> Vec<String> {
        let key = |(name, _): (String, String)| name[self.name.len()..].trim_start_matches('.').to_owned();
        self.containers().into_iter().map(key).collect()
    }
}

impl Drop for Pod<'_> {
    fn drop(&mut self) {
        for (_, id) in self.containers().into_iter().rev() {
            // Nothing depends on it: the engine is removed with all it has.
            let _removed = self.host.engine().docker(["rm", "-f", "-v", &id]);
        }
    }
}
