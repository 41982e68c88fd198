//! The engine's unit: where systemd has it listen, and how it is started without that being said. An engine whose unit and
//! whose `daemon.json` both say where it listens does not start.

use crate::failure::Failure;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What the unit says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unit {
    /// Where the engine listens by it.
    pub(super) hosts: Vec<String>,
    /// How it is started without saying so.
    start: String,
    /// How it is started now.
    pub(super) before: String,
}

/// Where units and their drop-ins lie: what comes first counts (systemd.unit(5)).
const FOLDERS: [&str; 5] = [
    "etc/systemd/system",
    "run/systemd/system",
    "usr/local/lib/systemd/system",
    "usr/lib/systemd/system",
    "lib/systemd/system",
];
const UNIT: &str = "docker.service";
/// Behind all others: the last one that says how to start counts.
const OURS: &str = "etc/systemd/system/docker.service.d/zz-wharf-tls.conf";
/// Where distributions have more words for the engine.
const DEFAULTS: [&str; 2] = ["etc/default/docker", "etc/sysconfig/docker"];

impl Unit {
    /// The engine's unit below this root, if there is one.
    pub(super) fn find(root: &Path) -> Result<Option<Self>, Failure> {
        let places = FOLDERS.iter().map(|folder| root.join(folder).join(UNIT));
        let Some(unit) = { places }.find(|path| path.exists()) else {
            return Ok(None);
        };
        let mut texts = vec![read(&unit)?];
        for path in drop_ins(root) {
            texts.push(read(&path)?);
        }
        for defaults in DEFAULTS.map(|path| root.join(path)).iter().filter(|path| path.exists()) {
            check_words(&defaults.display().to_string(), &read(defaults)?)?;
        }
        Self::of(&texts).map(Some)
    }

    /// Our drop-in's place below this root.
    pub(super) fn drop_in(root: &Path) -> PathBuf {
        root.join(OURS)
    }

    /// What the drop-in says.
    pub(super) fn text(&self) -> String {
        format!(
            "# Made by `wharf engine secure`; `--undo` removes it. Where the engine listens, daemon.json says.\n\
             [Service]\nExecStart=\nExecStart={}\n",
            self.start
        )
    }

    fn of(texts: &[String]) -> Result<Self, Failure> {
        let mut start = None;
        for line in texts.iter().flat_map(|text| text.lines()) {
            match line.split_once('=').map(|(key, value)| (key.trim(), value.trim())) {
                Some(("ExecStart", command)) => {
                    start = Some(command.to_owned()).filter(|command| !command.is_empty());
                }
                Some(("Environment", words)) => check_words("the engine's unit", words)?,
                _ => {}
            }
        }
        let start =
            start.ok_or_else(|| Failure::usage("the engine's unit does not say how it is started"))?;
        if start.contains(['"', '\'', '\\']) {
            return Err(not_understood(&start));
        }
        let (mut hosts, mut rest) = (Vec::new(), Vec::new());
        let mut words = start.split_whitespace();
        while let Some(word) = words.next() {
            let joined = ["--host=", "-H=", "-H"].iter().find_map(|flag| word.strip_prefix(flag));
            match (word, joined) {
                ("-H" | "--host", _) => {
                    hosts.push(words.next().ok_or_else(|| not_understood(&start))?.to_owned());
                }
                (_, Some(host)) => hosts.push(host.to_owned()),
                _ if word.starts_with("--tls") => {
                    return Err(Failure::usage(format!("the engine's unit says `{word}` itself"))
                        .hint("this engine has TLS already; take that out of the unit first"));
                }
                _ => rest.push(word),
            }
        }
        Ok(Self { hosts, start: rest.join(" "), before: start.clone() })
    }
}

/// Words for the engine that stand elsewhere than where it is started.
fn check_words(place: &str, text: &str) -> Result<(), Failure> {
    let is_said = |word: &str| ["-H", "--host", "--tls"].iter().any(|flag| word.starts_with(flag));
    let mut lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    if !lines.any(|line| line.split(['"', '\'', '=', ' ']).any(is_said)) {
        return Ok(());
    }
    Err(Failure::usage(format!("`{place}` says where the engine listens, or how"))
        .hint("take `-H`, `--host` and `--tls...` out there first"))
}

fn not_understood(start: &str) -> Failure {
    Failure::usage(format!("how the engine's unit starts it is not understood: `{start}`"))
        .hint("write the drop-in by hand: without `-H`, since `hosts` stands in daemon.json then")
}

/// The drop-ins in force: of those of one name the first counts, and one that leads to nothing hides the others.
fn drop_ins(root: &Path) -> Vec<PathBuf> {
    let mut all: BTreeMap<OsString, PathBuf> = BTreeMap::new();
    for folder in FOLDERS {
        let entries = std::fs::read_dir(root.join(folder).join(format!("{UNIT}.d")));
        for entry in entries.into_iter().flatten().flatten() {
            all.entry(entry.file_name()).or_insert_with(|| entry.path());
        }
    }
    let ours = Unit::drop_in(root);
    all.retain(|_, path| path.extension().is_some_and(|extension| extension == "conf") && *path != ours);
    all.into_values().collect()
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("cannot read `{}`: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(texts: &[&str]) -> Result<Unit, Failure> {
        Unit::of(&texts.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn where_it_listens_is_taken_out_of_how_it_is_started() {
        let debian = "[Service]\nExecStart=/usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock $DOCKER_OPTS\n";
        let unit = of(&[debian]).unwrap();
        assert_eq!(unit.hosts, ["fd://"]);
        assert_eq!(unit.start, "/usr/sbin/dockerd --containerd=/run/containerd/containerd.sock $DOCKER_OPTS");
        assert!(unit.text().contains("\nExecStart=\nExecStart=/usr/sbin/dockerd --containerd"));
        let said = of(&["ExecStart=dockerd --host=fd:// --host tcp://0.0.0.0:2375 -H=unix:///s -Hunix:///t"])
            .unwrap();
        assert_eq!(said.hosts, ["fd://", "tcp://0.0.0.0:2375", "unix:///s", "unix:///t"]);
        assert_eq!(said.start, "dockerd");
    }

    #[test]
    fn the_last_word_on_how_it_is_started_counts() {
        let unit = of(&[
            "ExecStart=dockerd -H fd://\n",
            "[Service]\nExecStart=\nExecStart=dockerd --iptables=false\n",
        ]);
        let unit = unit.unwrap();
        assert_eq!((unit.hosts.len(), unit.start.as_str()), (0, "dockerd --iptables=false"));
        let spaced = of(&[
            "ExecStart=dockerd -H fd://",
            "ExecStart =\nExecStart = dockerd -H fd:// --userns-remap=default",
        ]);
        assert_eq!(spaced.unwrap().start, "dockerd --userns-remap=default");
    }

    #[test]
    fn what_is_not_understood_is_left_alone() {
        for text in [
            "",
            "ExecStart=\n",
            "ExecStart=dockerd -H",
            "ExecStart=sh -c 'dockerd -H fd://'",
            "ExecStart=dockerd \\\n  -H fd://",
            "ExecStart=dockerd --tlsverify -H fd://",
            "ExecStart=dockerd $OPTS\nEnvironment=\"OPTS=-H tcp://0.0.0.0:2375\"",
        ] {
            assert!(of(&[text]).is_err(), "{text}");
        }
        assert!(check_words("there", "DOCKER_OPTS=\"--dns 8.8.8.8 -H tcp://0.0.0.0:2375\"").is_err());
        assert!(
            check_words("there", "#DOCKER_OPTS=\"-H tcp://0.0.0.0:2375\"\nDOCKER_OPTS=\"--dns 8.8.8.8\"")
                .is_ok()
        );
    }
}
