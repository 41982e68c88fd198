//! `Pod` to pod file. What is printed parses to the same pod; defaults are left out.

use crate::{
    Condition, Container, Healthcheck, Limits, Mount, OnChange, Pod, Publish, Restart, SecretUse,
    StartupHealthCheck, Tmpfs, Ulimit,
};
use std::collections::BTreeMap;
use std::fmt::Display;
use std::net::IpAddr;
use std::time::Duration;
use wharf_document::Yaml;

/// The pod as a pod file.
pub fn print(pod: &Pod) -> String {
    let containers =
        pod.containers.iter().map(|container| (container.name.to_string(), of_container(container)));
    let mut keys = Keys::default();
    keys.put("containers", Yaml::Map(containers.collect()));
    keys.put_some("hostname", pod.hostname.as_ref().map(Yaml::text));
    keys.put_full("common_environment", texts(&pod.common_environment));
    keys.put_full("common_labels", texts(&pod.common_labels));
    keys.put_full("root_labels", texts(&pod.root_labels));
    keys.put_full("common_mounts", list(&pod.common_mounts, of_mount));
    keys.put_full("expose", list(&pod.expose, Yaml::text));
    keys.put_full("publish", list(&pod.publish, |publish| Yaml::text(&publication(publish))));
    keys.put_some("publish_all", pod.publish_all.then(|| Yaml::bare(true)));
    keys.put_full("dns", list(&pod.dns, Yaml::text));
    keys.put_full(
        "extra_hosts",
        list(&pod.extra_hosts, |host| Yaml::text(&format!("{}={}", host.name, host.address))),
    );
    keys.put_some("share_pid", (pod.share_pid == pod.uses_secrets()).then(|| Yaml::bare(pod.share_pid)));
    keys.into_yaml().to_string()
}

fn of_container(container: &Container) -> Yaml {
    let mut keys = Keys::default();
    keys.put("image", Yaml::text(&container.image));
    keys.put_some("update_image", (!container.update_image).then(|| Yaml::bare(false)));
    keys.put_some("command", container.command.as_deref().map(words));
    keys.put_some("entrypoint", container.entrypoint.as_deref().map(words));
    keys.put_full("environment", texts(&container.environment));
    keys.put_full("environment_files", texts(&container.environment_files));
    keys.put_full("mounts", list(&container.mounts, of_mount));
    keys.put_full("labels", texts(&container.labels));
    keys.put_some("readonly", container.readonly.then(|| Yaml::bare(true)));
    keys.put_some("stop_signal", container.stop_signal.as_ref().map(Yaml::text));
    keys.put_some("stop_timeout", (container.stop_timeout != 10).then(|| Yaml::bare(container.stop_timeout)));
    keys.put_some("user", container.user.as_ref().map(Yaml::text));
    keys.put_some("restart", restart(container.restart).as_deref().map(Yaml::text));
    keys.put_full("limits", of_limits(&container.limits));
    keys.put_some("startup_health_check", container.startup_health_check.as_ref().map(of_startup));
    keys.put_full("depends_on", of_dependencies(container));
    keys.put_some("healthcheck", container.healthcheck.as_ref().map(of_healthcheck));
    keys.put_some("working_dir", container.working_dir.as_ref().map(Yaml::text));
    keys.put_full("tmpfs", list(&container.tmpfs, of_tmpfs));
    keys.put_full("cap_drop", list(&container.cap_drop, Yaml::text));
    keys.put_full("secrets", list(&container.secrets, of_secret));
    keys.into_yaml()
}

fn of_limits(limits: &Limits) -> Yaml {
    let mut keys = Keys::default();
    let cpus =
        limits.nano_cpus.map(|nanos| format!("{}.{:09}", nanos / 1_000_000_000, nanos % 1_000_000_000));
    keys.put_some("cpus", cpus.map(Yaml::bare));
    keys.put_some("cpu-shares", limits.cpu_shares.map(Yaml::bare));
    keys.put_some("memory", limits.memory.map(|size| Yaml::bare(size.bytes())));
    keys.put_some("memory-swap", limits.memory_swap.map(|size| Yaml::bare(size.bytes())));
    keys.put_some("memory-reservation", limits.memory_reservation.map(|size| Yaml::bare(size.bytes())));
    keys.put_some("oom-score-adj", limits.oom_score_adj.map(Yaml::bare));
    keys.put_some("pids", limits.pids.map(Yaml::bare));
    keys.put_some("shm-size", limits.shm_size.map(|size| Yaml::bare(size.bytes())));
    for (name, limit) in &limits.ulimits {
        keys.put(&format!("ulimit-{}", name.as_str()), Yaml::text(&ulimit(*limit)));
    }
    keys.into_yaml()
}

fn ulimit(limit: Ulimit) -> String {
    let one = |number: i64| if number == -1 { "unlimited".to_owned() } else { number.to_string() };
    format!("{}:{}", one(limit.soft), one(limit.hard))
}

fn of_startup(check: &StartupHealthCheck) -> Yaml {
    let mut keys = Keys::default();
    keys.put("command", words(&check.command));
    keys.put("interval", time(check.interval));
    keys.put("attempts", Yaml::bare(check.attempts));
    keys.into_yaml()
}

fn of_healthcheck(check: &Healthcheck) -> Yaml {
    let mut keys = Keys::default();
    keys.put("test", words(&check.test));
    keys.put_some("interval", check.interval.map(time));
    keys.put_some("timeout", check.timeout.map(time));
    keys.put_some("retries", check.retries.map(Yaml::bare));
    keys.put_some("start_period", check.start_period.map(time));
    keys.into_yaml()
}

fn of_dependencies(container: &Container) -> Yaml {
    let entries = container.depends_on.iter().map(|(name, condition)| {
        let word = match condition {
            Condition::Started => "started",
            Condition::Healthy => "healthy",
            Condition::Completed => "completed",
        };
        (name.to_string(), Yaml::Map(vec![("condition".to_owned(), Yaml::text(word))]))
    });
    Yaml::Map(entries.collect())
}

fn of_mount(mount: &Mount) -> Yaml {
    let mut keys = Keys::default();
    keys.put("source", Yaml::text(&mount.source));
    keys.put("target", Yaml::text(&mount.target));
    keys.put_some("readonly", mount.readonly.then(|| Yaml::bare(true)));
    keys.into_yaml()
}

fn of_secret(secret: &SecretUse) -> Yaml {
    let plain = SecretUse::plain(secret.name.clone());
    if *secret == plain {
        return Yaml::text(&secret.name);
    }
    let mut keys = Keys::default();
    keys.put("name", Yaml::text(&secret.name));
    keys.put_some("target", (secret.file != plain.file).then(|| Yaml::text(&secret.path())));
    keys.put_some("mode", (secret.mode != plain.mode).then(|| Yaml::text(&format!("{:04o}", secret.mode))));
    keys.put_some("user", (secret.user != plain.user).then(|| Yaml::bare(secret.user)));
    keys.put_some("group", (secret.group != plain.group).then(|| Yaml::bare(secret.group)));
    keys.put_some("env", secret.env.as_ref().map(Yaml::text));
    keys.put_some(
        "on_change",
        match secret.on_change {
            OnChange::Restart => None,
            OnChange::Signal(signal) => Some(Yaml::text(&signal)),
            OnChange::Nothing => Some(Yaml::text("nothing")),
        },
    );
    keys.into_yaml()
}

fn of_tmpfs(tmpfs: &Tmpfs) -> Yaml {
    let mut keys = Keys::default();
    keys.put("target", Yaml::text(&tmpfs.target));
    keys.put_some("size", tmpfs.size.map(|size| Yaml::bare(size.bytes())));
    keys.into_yaml()
}

fn publication(publish: &Publish) -> String {
    let address = match publish.address {
        Some(IpAddr::V4(v4)) => format!("{v4}:"),
        Some(IpAddr::V6(v6)) => format!("[{v6}]:"),
        None => String::new(),
    };
    let host = publish.host.map(|port| port.to_string()).unwrap_or_default();
    format!("{address}{host}:{}/{}", publish.container, publish.protocol)
}

/// `None` for the default.
fn restart(policy: Restart) -> Option<String> {
    match policy {
        Restart::No => None,
        Restart::Always => Some("always".to_owned()),
        Restart::UnlessStopped => Some("unless-stopped".to_owned()),
        Restart::OnFailure(0) => Some("on-failure".to_owned()),
        Restart::OnFailure(times) => Some(format!("on-failure:{times}")),
    }
}

fn time(time: Duration) -> Yaml {
    Yaml::text(&match time.subsec_nanos() {
        0 => format!("{}s", time.as_secs()),
        nanos => format!("{}s{nanos}ns", time.as_secs()),
    })
}

fn words(words: &[String]) -> Yaml {
    list(words, Yaml::text)
}

fn texts<K: Display, V: Display>(map: &BTreeMap<K, V>) -> Yaml {
    Yaml::Map(map.iter().map(|(key, value)| (key.to_string(), Yaml::text(value))).collect())
}

fn list<T>(items: &[T], of_item: impl Fn(&T) -> Yaml) -> Yaml {
    Yaml::List(items.iter().map(of_item).collect())
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
