//! Wharf's own files and the mount root.

use crate::verbs::doctor::facts::{ConfigFacts, ConfigState, MountRootFacts, RegistriesFacts, Trouble};
use crate::verbs::doctor::finding::{Finding, Severity, word};
use std::path::Path;
use wharf_host::{MountFacts, WeakPlace, Weakness};

pub(super) fn host_config(config: &ConfigFacts) -> Option<Finding> {
    let path = config.path.display();
    match &config.state {
        ConfigState::Read => None,
        ConfigState::Missing => Some(
            Finding::note(
                "no-host-configuration",
                format!("there is no host configuration at `{path}`"),
                "no pod can mount a directory or publish a fixed port until it says where and which",
            )
            .fix([
                format!("install -d -m 0755 {}", word(config.path.parent().unwrap_or(Path::new("/")))),
                "install -d -m 0711 /srv/wharf".to_owned(),
                format!("echo 'mount_root: /srv/wharf' > {}", word(&config.path)),
            ]),
        ),
        ConfigState::Refused(trouble) => Some(
            Finding::danger(
                "host-configuration-refused",
                format!("the host configuration is refused: {}", trouble.why),
                format!(
                    "no pod can be changed until `{path}` is root's alone and says what its reference allows"
                ),
            )
            .fix(&trouble.mend),
        ),
    }
}

pub(super) fn mount_root(root: &MountRootFacts) -> Vec<Finding> {
    let nosuid = root.mount.as_ref().is_some_and(|mount| mount.nosuid);
    let mut findings = match &root.places {
        Ok(places) => places.iter().map(|place| weak_place(place, nosuid)).collect(),
        Err(trouble) => vec![
            Finding::danger(
                "mount-root-refused",
                format!("the mount root is refused: {}", trouble.why),
                "who can change it, or what is above it, decides which of this host's directories pods mount",
            )
            .fix(&trouble.mend),
        ],
    };
    findings.extend(root.mount.as_ref().and_then(|mount| mount_options(&root.path, mount)));
    findings
}

fn mount_options(path: &Path, mount: &MountFacts) -> Option<Finding> {
    let missing = match (mount.nosuid, mount.nodev) {
        (true, true) => return None,
        (false, false) => "nosuid,nodev",
        (false, true) => "nosuid",
        (true, false) => "nodev",
    };
    let message = format!("the mount root `{}` is mounted without {missing}", path.display());
    let meaning = "a set-uid program or a device file that a container makes there works for whoever can reach it; \
                   containers see the change when they are next started";
    let name = word(path);
    let finding = Finding::warning("mount-root-options", message, meaning);
    Some(if mount.mount_point.as_deref() == Some(path) {
        finding.fix([
            format!("mount -o remount,nosuid,nodev {name}"),
            format!("# and in the line of /etc/fstab for {name}, to stay: nosuid,nodev"),
        ])
    } else {
        finding.fix([
            format!("mount --bind {name} {name}"),
            format!("mount -o remount,bind,nosuid,nodev {name}"),
            format!("echo '{} {} none bind,nosuid,nodev 0 0' >> /etc/fstab", fstab(path), fstab(path)),
        ])
    })
}

/// A path as fstab(5) writes it.
fn fstab(path: &Path) -> String {
    path.to_string_lossy()
        .replace('\\', r"\134")
        .replace(' ', r"\040")
        .replace('\t', r"\011")
        .replace('\'', r"\047")
}

fn weak_place(place: &WeakPlace, nosuid: bool) -> Finding {
    let path = place.path.display();
    let (severity, message, meaning) = match place.weakness {
        Weakness::NotADirectory(kind) => {
            (Severity::Note, format!("`{path}` is {kind}"), "no pod of that name can mount anything")
        }
        Weakness::ForeignOwner(_) => (
            Severity::Warning,
            format!("`{path}` belongs to user {}", place.owner),
            "its owner could replace what is mounted, so the pod of that name is refused",
        ),
        Weakness::WritableByOthers => (
            Severity::Warning,
            format!("`{path}` (mode {:04o}) is writable by its group or others", place.mode),
            "they could replace what is mounted, so the pod of that name is refused",
        ),
        Weakness::OpenToOthers if nosuid => (
            Severity::Note,
            format!("`{path}` (mode {:04o}) is open to others", place.mode),
            "local users can look at what the pod stores, as far as its own permissions go",
        ),
        Weakness::OpenToOthers => (
            Severity::Danger,
            format!(
                "`{path}` (mode {:04o}) is open to others, on a file system that is not nosuid",
                place.mode
            ),
            "a set-uid root program that a container leaves there makes root of any local user who runs it",
        ),
    };
    Finding::new(severity, "pod-directory", message, meaning).fix(place.mend())
}

pub(super) fn program(trouble: Option<&Trouble>) -> Option<Finding> {
    let trouble = trouble?;
    let message = format!("this program is not root's alone: {}", trouble.why);
    let meaning = "who can replace a program that sudoers name is root; install it where only root writes";
    Some(Finding::warning("program", message, meaning).fix(&trouble.mend))
}

pub(super) fn trail(trouble: Option<&Trouble>) -> Option<Finding> {
    let trouble = trouble?;
    let message = format!("nothing is recorded: {}", trouble.why);
    Some(
        Finding::warning(
            "audit-trail",
            message,
            "who changed what, and what was refused, is not known afterwards",
        )
        .fix(&trouble.mend),
    )
}

pub(super) fn registries(registries: &RegistriesFacts) -> Vec<Finding> {
    let path = registries.path.display();
    let name = word(&registries.path);
    let Some(file) = &registries.file else {
        let missing = registries.lent.iter().next().map(|registry| {
            let message =
                format!("the host configuration lends an account at `{registry}`, but there is no `{path}`");
            Finding::warning("registries", message, "pods of others pull without an account").fix([
                format!("docker --config /root/lent login {registry}"),
                format!("install -m 0600 /root/lent/config.json {name}"),
            ])
        });
        return missing.into_iter().collect();
    };
    let mut findings = Vec::new();
    if let Some(trouble) = &file.refused {
        let message = format!("the host's registry accounts are refused: {}", trouble.why);
        findings.push(
            Finding::warning("registries", message, "every run for somebody else fails").fix(&trouble.mend),
        );
    }
    if file.mode & 0o044 != 0 {
        let message = format!("`{path}` (mode {:04o}) can be read by others than root", file.mode);
        let meaning = "it holds passwords of registries";
        findings.push(
            Finding::danger("registries-readable", message, meaning).fix([format!("chmod 0600 {name}")]),
        );
    }
    findings
}
