//! The engine's unit: where systemd has it listen, and how it is started without that being said. An engine whose unit and
//! whose `daemon.json` both say where it listens does not start.

use crate::failure::Failure;
use std::path::{Path, PathBuf};

/// What the unit says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unit {
    /// Where the engine listens by it.
    pub(super) hosts: Vec<String>,
    /// How it is started without saying so.
    start: String,
}

/// Where units lie, the first one counts (systemd.unit(5)).
const UNITS: [&str; 3] = [
    "etc/systemd/system/docker.service",
    "usr/lib/systemd/system/docker.service",
    "lib/systemd/system/docker.service",
];
const DROP_INS: [&str; 2] =
    ["usr/lib/systemd/system/docker.service.d", "etc/systemd/system/docker.service.d"];
/// Behind all others: the last one that says how to start counts.
const OURS: &str = "etc/systemd/system/docker.service.d/zz-wharf-tls.conf";
/// Where Debian has more words for the engine.
const DEFAULTS: &str = "etc/default/docker";

impl Unit {
    /// The engine's unit below this root, if there is one.
    pub(super) fn find(root: &Path) -> Result<Option<Self>, Failure> {
        let Some(unit) = UNITS.iter().map(|unit| root.join(unit)).find(|path| path.exists()) else {
            return Ok(None);
        };
        let mut texts = vec![read(&unit)?];
        for path in drop_ins(root) {
            texts.push(read(&path)?);
        }
        let defaults = root.join(DEFAULTS);
        if defaults.exists() {
            check_defaults(&read(&defaults)?)?;
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
        for line in texts.iter().flat_map(|text| text.lines()).map(str::trim) {
            if let Some(command) = line.strip_prefix("ExecStart=") {
                start = Some(command.trim().to_owned()).filter(|command| !command.is_empty());
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
        Ok(Self { hosts, start: rest.join(" ") })
    }
}

fn check_defaults(text: &str) -> Result<(), Failure> {
    let says = text.lines().map(str::trim).filter(|line| !line.starts_with('#')).any(|line| {
        line.split(['"', '\'', '=', ' '])
            .any(|word| word.starts_with("-H") || word.starts_with("--host") || word.starts_with("--tls"))
    });
    if !says {
        return Ok(());
    }
    Err(Failure::usage(format!("`/{DEFAULTS}` says where the engine listens, or how"))
        .hint("take `-H`, `--host` and `--tls…` out of `DOCKER_OPTS` there first"))
}

fn not_understood(start: &str) -> Failure {
    Failure::usage(format!("how the engine's unit starts it is not understood: `{start}`"))
        .hint("write the drop-in by hand: without `-H`, since `hosts` stands in daemon.json then")
}

fn drop_ins(root: &Path) -> Vec<PathBuf> {
    let ours = Unit::drop_in(root);
    let in_folder = |folder: &&str| std::fs::read_dir(root.join(folder)).into_iter().flatten().flatten();
    let mut all: Vec<PathBuf> = DROP_INS.iter().flat_map(in_folder).map(|entry| entry.path()).collect();
    all.retain(|path| path.extension().is_some_and(|extension| extension == "conf") && *path != ours);
    all.sort_by(|one, other| one.file_name().cmp(&other.file_name()));
    all
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
        assert_eq!(unit.unwrap(), Unit { hosts: vec![], start: "dockerd --iptables=false".into() });
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
        ] {
            assert!(of(&[text]).is_err(), "{text}");
        }
        assert!(check_defaults("DOCKER_OPTS=\"--dns 8.8.8.8 -H tcp://0.0.0.0:2375\"").is_err());
        assert!(
            check_defaults("#DOCKER_OPTS=\"-H tcp://0.0.0.0:2375\"\nDOCKER_OPTS=\"--dns 8.8.8.8\"").is_ok()
        );
    }
}
