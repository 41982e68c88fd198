//! A definition as a file: what is said is printed, defaults are left out.

use super::{Base, Definition, Git, HostMount, Inhabitant, Limits, SyncedFolder};
use wharf_document::Yaml;

pub(super) fn print(definition: &Definition) -> String {
    let mut keys = Keys::default();
    keys.text("context", definition.context.as_deref());
    match &definition.base {
        Base::BuiltIn => {}
        Base::Image(image) => keys.put("image", Yaml::text(image)),
        Base::Folder(folder) => keys.put("build", Yaml::text(folder)),
    }
    keys.put_full("packages", texts(&definition.packages));
    keys.put_full("user", of_inhabitant(&definition.user));
    keys.put_full("git", of_git(&definition.git));
    keys.text("shell", definition.shell.as_deref());
    let environment =
        definition.environment.iter().map(|(name, value)| (name.to_string(), Yaml::text(value)));
    keys.put_full("environment", Yaml::Map(environment.collect()));
    keys.put_full("mounts", Yaml::List(definition.mounts.iter().map(of_mount).collect()));
    keys.put_full("sync", Yaml::List(definition.sync.iter().map(of_sync).collect()));
    keys.put_full("limits", of_limits(&definition.limits));
    keys.text("detach_key", definition.detach_key.as_deref());
    keys.put_some("scrollback", definition.scrollback.map(|size| Yaml::bare(size.bytes())));
    keys.put_full("contexts", texts(&definition.contexts));
    let yaml = keys.into_yaml();
    if yaml.is_empty() { String::new() } else { yaml.to_string() }
}

fn of_inhabitant(user: &Inhabitant) -> Yaml {
    let mut keys = Keys::default();
    keys.text("name", user.name.as_deref());
    keys.put_some("uid", user.uid.map(Yaml::bare));
    keys.put_some("gid", user.gid.map(Yaml::bare));
    keys.into_yaml()
}

fn of_git(git: &Git) -> Yaml {
    let mut keys = Keys::default();
    keys.text("name", git.name.as_deref());
    keys.text("email", git.email.as_deref());
    keys.into_yaml()
}

fn of_mount(mount: &HostMount) -> Yaml {
    let mode = if mount.readonly { ":ro" } else { "" };
    Yaml::Text(format!("{}:{}{mode}", mount.source, mount.target))
}

fn of_sync(folder: &SyncedFolder) -> Yaml {
    let mut keys = Keys::default();
    keys.text("from", Some(&folder.from));
    keys.text("to", Some(&folder.to));
    keys.put_full("exclude", texts(&folder.exclude));
    keys.into_yaml()
}

fn of_limits(limits: &Limits) -> Yaml {
    let mut keys = Keys::default();
    let cpus =
        limits.nano_cpus.map(|nanos| format!("{}.{:09}", nanos / 1_000_000_000, nanos % 1_000_000_000));
    keys.put_some("memory", limits.memory.map(|size| Yaml::bare(size.bytes())));
    keys.put_some("cpus", cpus.map(Yaml::bare));
    keys.put_some("pids", limits.pids.map(Yaml::bare));
    keys.into_yaml()
}

fn texts(texts: &[String]) -> Yaml {
    Yaml::List(texts.iter().map(Yaml::text).collect())
}

/// The entries of a mapping, in the order they are put.
#[derive(Default)]
struct Keys(Vec<(String, Yaml)>);

impl Keys {
    fn put(&mut self, key: &str, value: Yaml) {
        self.0.push((key.to_owned(), value));
    }

    fn put_some(&mut self, key: &str, value: Option<Yaml>) {
        self.0.extend(value.map(|value| (key.to_owned(), value)));
    }

    fn text(&mut self, key: &str, value: Option<&str>) {
        self.put_some(key, value.map(Yaml::text));
    }

    /// Leaves empty lists and mappings out.
    fn put_full(&mut self, key: &str, value: Yaml) {
        if !value.is_empty() {
            self.put(key, value);
        }
    }

    fn into_yaml(self) -> Yaml {
        Yaml::Map(self.0)
    }
}
