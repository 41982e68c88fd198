//! Where the real components come from: Debian packages, from the mirror that this machine's apt already uses.
//!
//! Tools are installed. Anything with a daemon in it is only unpacked, under `target/engines/`, so that nothing is
//! started and no engine of the machine's own is replaced.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::{EngineKind, Error, Result, run};

mod mirror;
mod python;

pub use python::{ansible_vault, certificate_linter, python_with_docker, python_with_sops, secret_scanners};

/// What tests need installed: no daemon among them.
pub const TEST_TOOLS: &[&str] = &[
    "iptables",
    "nftables",
    "iproute2",
    "sudo",
    "apache2-utils",
    "libdevmapper1.02.1",
    "libseccomp2",
    "ca-certificates",
    "openssh-client",
    "age",
    "git",
    "python3-venv",
    "mmdebstrap",
    "e2fsprogs",
    "strace",
    "vim",
    "openssl",
    "curl",
    "gnutls-bin",
    "tmux",
    "zsh",
    "fish",
];

/// A release of Debian whose packages are unpacked side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Suite {
    /// Docker 20.10, runc, the registry and a static busybox.
    Bookworm,
    /// Docker 28. Its runc needs a newer libc than bookworm's, so bookworm's is used with it.
    Forky,
    /// Docker compose, which benchmarks and the gateway's tests need.
    Compose,
    /// What benchmarks compare the gateway with: haproxy, nginx, and what a rootless engine needs beside bookworm's Docker.
    Peers,
    /// The network of rootless engines.
    Slirp,
    /// OpenSSH's server, with the one library that a small machine may lack.
    Ssh,
    /// What many people make certificates with.
    Mkcert,
    /// What emulates a whole machine, with every library that it needs.
    Emulator,
}

impl Suite {
    fn name(self) -> &'static str {
        match self {
            Self::Bookworm | Self::Peers | Self::Slirp | Self::Ssh | Self::Mkcert | Self::Emulator => {
                "bookworm"
            }
            Self::Forky | Self::Compose => "forky",
        }
    }

    /// The folder that it is unpacked in.
    fn folder(self) -> &'static str {
        match self {
            Self::Bookworm | Self::Forky => self.name(),
            Self::Compose => "compose",
            Self::Peers => "peers",
            Self::Slirp => "slirp",
            Self::Ssh => "ssh",
            Self::Mkcert => "mkcert",
            Self::Emulator => "emulator",
        }
    }

    fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Bookworm => {
                &["docker.io", "containerd", "runc", "tini", "docker-registry", "busybox-static"]
            }
            Self::Forky => &["docker.io", "containerd", "docker-cli", "tini"],
            Self::Compose => &["docker-compose"],
            Self::Peers => &[
                "haproxy",
                "nginx",
                "liblua5.3-0",
                "libopentracing-c-wrapper0",
                "libopentracing1",
                "rootlesskit",
                "uidmap",
                "libsubid4",
            ],
            Self::Slirp => &["slirp4netns", "libslirp0"],
            Self::Ssh => &["openssh-server", "libwrap0"],
            Self::Mkcert => &["mkcert"],
            Self::Emulator => &["qemu-system-x86"],
        }
    }
}

/// Those of `packages` that dpkg does not know as installed.
pub fn apt_missing(packages: &[&str]) -> Vec<String> {
    let is_missing = |package: &&&str| {
        let asked = run(Command::new("dpkg-query").args(["-W", "-f", "${Status}", package]));
        !asked.is_ok_and(|status| status.ends_with("ok installed"))
    };
    packages.iter().filter(is_missing).map(ToString::to_string).collect()
}

/// Installs packages with apt, waiting for another apt or dpkg to finish.
pub fn apt_install(packages: &[String]) -> Result<()> {
    let mut tries = 0;
    // The lock on the package lists has no waiting option, unlike dpkg's.
    while let Err(error) = run(&mut apt_get(&["update", "-qq"])) {
        tries += 1;
        if tries == 20 {
            return Err(error);
        }
        std::thread::sleep(Duration::from_secs(3));
    }
    run(apt_get(&["install", "-y", "-qq", "--no-install-recommends"]).args(packages)).map(drop)
}

fn apt_get(arguments: &[&str]) -> Command {
    let mut command = Command::new("apt-get");
    command.args(["-o", "DPkg::Lock::Timeout=300"]).args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// Fetches and unpacks what the engines need, unless an earlier run did. Gives what was fetched.
pub fn fetch_engines() -> Result<Vec<String>> {
    let mut fetched = Vec::new();
    for suite in [Suite::Bookworm, Suite::Forky] {
        if !tree(suite).join("complete").exists() {
            unpacked(suite)?;
            fetched.push(format!("{} ({})", suite.name(), suite.packages().join(", ")));
        }
    }
    Ok(fetched)
}

/// The docker CLI of an engine's own version, fetched when it is not there.
pub fn docker_program(kind: EngineKind) -> Result<PathBuf> {
    let suite = match kind {
        EngineKind::Docker20 => Suite::Bookworm,
        EngineKind::Docker28 => Suite::Forky,
    };
    Ok(unpacked(suite)?.join("usr/bin/docker"))
}

/// The docker compose v2 program, fetched when it is not there.
pub fn compose_program() -> Result<PathBuf> {
    Ok(unpacked(Suite::Compose)?.join("usr/libexec/docker/cli-plugins/docker-compose"))
}

/// HAProxy as a command, fetched when it is not there.
pub fn haproxy_command() -> Result<Command> {
    let tree = unpacked(Suite::Peers)?;
    let mut command = Command::new(tree.join("usr/sbin/haproxy"));
    command.env("LD_LIBRARY_PATH", tree.join(format!("usr/lib/{}-linux-gnu", std::env::consts::ARCH)));
    Ok(command)
}

/// nginx, fetched when it is not there.
pub fn nginx_program() -> Result<PathBuf> {
    Ok(unpacked(Suite::Peers)?.join("usr/sbin/nginx"))
}

/// mkcert, fetched when it is not there.
pub fn mkcert_program() -> Result<PathBuf> {
    Ok(unpacked(Suite::Mkcert)?.join("usr/bin/mkcert"))
}

/// The tree with OpenSSH's server, fetched when it is not there.
pub(crate) fn sshd_tree() -> Result<PathBuf> {
    unpacked(Suite::Ssh)
}

/// Where slirp4netns is, and what it is linked with, fetched when it is not there.
pub(crate) fn slirp_path() -> Result<(String, String)> {
    let (slirp, peers) = (unpacked(Suite::Slirp)?, unpacked(Suite::Peers)?);
    let libraries = slirp.join(format!("usr/lib/{}-linux-gnu", std::env::consts::ARCH));
    let programs = [&slirp, &peers].map(|tree| tree.join("usr/bin").display().to_string());
    Ok((programs.join(":"), libraries.display().to_string()))
}

/// Docker's own script for starting a rootless engine.
pub(crate) fn rootless_script() -> Result<PathBuf> {
    Ok(unpacked(Suite::Bookworm)?.join("usr/share/docker.io/contrib/dockerd-rootless.sh"))
}

/// `PATH` with Docker 20.10 and what it needs to run without root, fetched when it is not there.
pub fn rootless_path() -> Result<String> {
    let mut path = Vec::new();
    for suite in [Suite::Peers, Suite::Bookworm] {
        let tree = unpacked(suite)?;
        path.extend(["usr/sbin", "usr/bin"].map(|part| tree.join(part).display().to_string()));
    }
    path.push(std::env::var("PATH").unwrap_or_default());
    path.extend(["/usr/sbin".to_owned(), "/sbin".to_owned()]);
    Ok(path.join(":"))
}

/// The directory in which a suite's packages are unpacked, fetching them first when they are not there.
pub(crate) fn unpacked(suite: Suite) -> Result<PathBuf> {
    kept(suite.folder(), |tree| fetch(suite, tree))
}

/// A directory below `target/engines` that is made once; it is whole when there is a file `complete` in it.
pub(crate) fn kept(folder: &str, make: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
    let tree = parent_of_trees().join(folder);
    if tree.join("complete").exists() {
        return Ok(tree);
    }
    let parent = tree.parent().unwrap_or(Path::new("/")).to_owned();
    std::fs::create_dir_all(&parent).map_err(Error::io(format!("cannot make `{}`", parent.display())))?;
    // Test binaries run side by side: the first fetches, the others wait.
    let lock =
        File::create(parent.join("lock")).map_err(Error::io("cannot make the lock for fetching engines"))?;
    lock.lock().map_err(Error::io("cannot lock the directory of engines"))?;
    if !tree.join("complete").exists() {
        let _ = std::fs::remove_dir_all(&tree);
        make(&tree)?;
        File::create(tree.join("complete")).map_err(Error::io("cannot say what is complete"))?;
    }
    Ok(tree)
}

/// `target/engines/<suite>`.
fn tree(suite: Suite) -> PathBuf {
    parent_of_trees().join(suite.folder())
}

/// `target/engines`: kept between runs, and gone with `cargo clean`.
pub(crate) fn parent_of_trees() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap_or(Path::new("/"));
    workspace.join("target/engines")
}

/// The mirror that this machine's apt uses.
pub(crate) fn mirror_of_this_machine() -> Result<String> {
    mirror::of_this_machine()
}

fn fetch(suite: Suite, tree: &Path) -> Result<()> {
    let mirror = mirror_of_this_machine()?;
    let keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
    if !Path::new(keyring).exists() {
        return Err(Error::Missing(format!("`{keyring}` is missing: install debian-archive-keyring")));
    }
    let apt = tree.with_extension("apt");
    let _ = std::fs::remove_dir_all(&apt);
    for directory in ["lists/partial", "cache/archives/partial", "debs", "parts"] {
        let path = apt.join(directory);
        std::fs::create_dir_all(&path).map_err(Error::io(format!("cannot make `{}`", path.display())))?;
    }
    let source = format!("deb [signed-by={keyring}] {mirror} {} main\n", suite.name());
    std::fs::write(apt.join("sources.list"), source).map_err(Error::io("cannot write a sources.list"))?;
    std::fs::write(apt.join("status"), "").map_err(Error::io("cannot write a dpkg status"))?;

    run(private_apt(&apt).args(["update", "-qq"]))?;
    let mut download = private_apt(&apt);
    download.current_dir(apt.join("debs"));
    if suite == Suite::Emulator {
        // Nothing is installed where its state says so, and so it fetches all that is depended on.
        download.args(["install", "--download-only", "-y", "--no-install-recommends"]);
    } else {
        download.arg("download");
    }
    run(download.arg("-qq").args(suite.packages()))?;
    let script = r#"for deb in "$1"/debs/*.deb "$1"/cache/archives/*.deb; do [ ! -f "$deb" ] || dpkg-deb -x "$deb" "$2" || exit 1; done; rm -rf "$1""#;
    run(Command::new("sh").args(["-c", script, "unpack"]).arg(&apt).arg(tree)).map(drop)
}

/// An apt with a state of its own: the machine's lists, cache and pins stay as they are. Signatures are checked.
fn private_apt(apt: &Path) -> Command {
    let mut command = Command::new("apt-get");
    let at = |name: &str| apt.join(name).display().to_string();
    let options = [
        format!("Dir::Etc::sourcelist={}", at("sources.list")),
        format!("Dir::Etc::sourceparts={}", at("parts")),
        format!("Dir::Etc::preferencesparts={}", at("parts")),
        "Dir::Etc::preferences=/dev/null".to_owned(),
        format!("Dir::State::lists={}", at("lists")),
        format!("Dir::State::status={}", at("status")),
        format!("Dir::Cache={}", at("cache")),
        "APT::Sandbox::User=root".to_owned(),
        "Acquire::Languages=none".to_owned(),
    ];
    for option in options {
        command.arg("-o").arg(option);
    }
    command
}
