//! The engine itself: how it keeps containers from being root.

use super::people::tcp;
use super::rootless;
use crate::verbs::doctor::escapes::{ESCAPES, Escape};
use crate::verbs::doctor::facts::{Away, EngineSide, Seen, There};
use crate::verbs::doctor::finding::Finding;
use crate::verbs::doctor::version::Version;
use wharf_wire::Component;

pub(super) fn engine(engine: &EngineSide) -> Vec<Finding> {
    match &engine.seen {
        Seen::Away(away) => vec![absent(away)],
        Seen::There(there) => {
            let mut findings = Vec::new();
            findings.extend(user_namespaces(there, engine.has_daemon_json));
            findings.extend(seccomp(there));
            findings.extend(there.components.iter().flat_map(escapes));
            let told = |warning: &&String| !rootless::is_told(&there.info, warning);
            findings.extend(there.info.warnings.iter().filter(told).map(|warning| own_warning(warning)));
            findings
        }
    }
}

fn absent(away: &Away) -> Finding {
    let fix = ["systemctl status docker.service", "journalctl -u docker.service -n 50"];
    match away {
        Away::Silent(why) => Finding::warning(
            "engine-away",
            why,
            "nothing could be learnt of the engine and of pods; look again when it runs",
        )
        .fix(fix),
        Away::TooOld(why) => Finding::danger(
            "engine-too-old",
            why,
            "it gets no security fixes any more, and wharf cannot manage pods on it",
        )
        .fix(["apt-get update && apt-get install --only-upgrade docker.io"]),
    }
}

fn has_option(there: &There, name: &str) -> bool {
    there.info.security_options.iter().any(|option| option.split(',').any(|part| part == name))
}

fn user_namespaces(there: &There, has_daemon_json: bool) -> Option<Finding> {
    if has_option(there, "name=userns") || has_option(there, "name=rootless") {
        return None;
    }
    let finding = Finding::danger(
        "no-user-namespaces",
        "whoever may run a pod here and has an account on this host can become root (no userns-remap)",
        "containers share user numbers with the host: a program of that person's on the host and root in the container can \
         meet, through /proc or by a mistake of the kernel or the engine, and pass each other what each may not have \
         (docs/security/attacks.md, What stays open). Leave it only where everybody who runs pods is trusted as root is, or \
         has no account. While remapping is on, the engine shows neither the containers nor the images made before, and \
         directories that containers mounted before have to be given to the mapped ids (see /etc/subuid)",
    );
    let change = if has_daemon_json {
        "# add to /etc/docker/daemon.json: \"userns-remap\": \"default\""
    } else {
        "echo '{\"userns-remap\": \"default\"}' > /etc/docker/daemon.json"
    };
    Some(finding.fix([change, "systemctl restart docker"]))
}

fn seccomp(there: &There) -> Option<Finding> {
    let profiles = there.info.security_options.iter().filter(|option| option.starts_with("name=seccomp"));
    if profiles.clone().next().is_some() && !profiles.clone().any(|option| option.contains("unconfined")) {
        return None;
    }
    let finding = Finding::warning(
        "no-seccomp",
        "the engine does not filter the system calls of containers",
        "containers reach parts of the kernel that they never need, and where most escapes begin",
    );
    Some(
        finding.fix([
            "grep -rn 'seccomp' /etc/docker/daemon.json /etc/systemd/system",
            "systemctl restart docker",
        ]),
    )
}

fn escapes(component: &Component) -> Vec<Finding> {
    let Some(version) = Version::read(&component.version) else { return Vec::new() };
    let known = ESCAPES.iter().filter(|escape| escape.part == component.name && escape.is_in(version));
    known.map(|escape| escape_in(escape, component)).collect()
}

fn escape_in(escape: &Escape, component: &Component) -> Finding {
    let part = if component.name == "Engine" { "the engine" } else { &component.name };
    let message = format!("{part} {} is older than the fix of {}", component.version, escape.id);
    let Some(package) = debian_package(component) else {
        let meaning = format!("{} (unless your distribution has backported the fix)", escape.meaning);
        let line = format!(
            "# update {part} to one of {} or later with the system's package manager",
            escape.fixed_in()
        );
        return Finding::warning("known-escape", message, meaning).fix([line]);
    };
    let meaning =
        format!("{}, unless Debian has backported the fix: the first command then prints it", escape.meaning);
    let first = escape.id.split(',').next().unwrap_or_default();
    Finding::warning("known-escape", message, meaning).fix([
        format!("zgrep {first} /usr/share/doc/{package}/changelog.Debian.gz"),
        format!("apt-get update && apt-get install --only-upgrade {package}"),
    ])
}

/// Debian's and Ubuntu's packages have versions of their own, and their own fixes.
fn debian_package(component: &Component) -> Option<&'static str> {
    let commit = component.details.get("GitCommit").map_or("", String::as_str);
    let marks = ["dfsg", "+ds", "~ds", "deb", "ubuntu"];
    let is_debian = marks.iter().any(|mark| component.version.contains(mark) || commit.contains(mark));
    let package = match component.name.as_str() {
        "Engine" => "docker.io",
        "containerd" => "containerd",
        "runc" => "runc",
        _ => return None,
    };
    is_debian.then_some(package)
}

/// What the engine itself says is amiss.
fn own_warning(warning: &str) -> Finding {
    let text = warning.trim_start_matches("WARNING:").trim_start_matches("[DEPRECATION NOTICE]:").trim();
    if let Some(address) =
        text.strip_prefix("API is accessible on ").and_then(|rest| rest.split_whitespace().next())
    {
        return tcp(&format!("the engine listens at `{address}` for whoever comes"));
    }
    let limits = text.contains("limit support") || text.contains("cfs") || text.contains("cpu shares");
    let meaning = if limits {
        "what pod files say under `limits` has no effect there: one pod can starve the others"
    } else {
        "the engine's own words; its documentation says what they mean"
    };
    Finding::note("engine-warning", format!("the engine says: {text}"), meaning)
}
