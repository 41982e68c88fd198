//! What each of a pod's containers is asked to be, apart from its namespaces.

use crate::{Container, HostFacts, Limits, Mount, Pod, Restart, UlimitName};
use std::collections::{BTreeMap, BTreeSet};
use wharf_model::{EnvName, PodName, SecretGeneration};
use wharf_wire::{
    Bind, BindSource, HealthcheckSpec, RestartPolicy, SECRETS_TARGET, SecretBind, SecretFile, Settings,
    TmpfsMount, UlimitSpec,
};

/// What a container's settings depend on beside itself.
pub(crate) struct Surroundings<'a> {
    pub(crate) pod: &'a Pod,
    pub(crate) name: &'a PodName,
    pub(crate) host: &'a HostFacts,
}

/// The root container only waits, so it has no capability, cannot write, and comes back with the engine.
pub(crate) fn root_settings(around: &Surroundings<'_>) -> Settings {
    let pod = around.pod;
    let labels = pod.common_labels.iter().chain(&pod.root_labels);
    Settings {
        environment: pod.common_environment.clone(),
        labels: labels.map(|(name, value)| (name.clone(), value.clone())).collect(),
        readonly: true,
        restart: RestartPolicy::Always,
        cap_drop: BTreeSet::from(["ALL".to_owned()]),
        binds: host_resolv_conf(around.host).collect(),
        ..plain_settings(ROOT_STOP_TIMEOUT)
    }
}

/// Seconds; the root container's program ends at the first signal.
const ROOT_STOP_TIMEOUT: u32 = 10;

pub(crate) fn member_settings(container: &Container, around: &Surroundings<'_>) -> Settings {
    let Surroundings { pod, host, .. } = around;
    let labels = pod.common_labels.iter().chain(&container.labels);
    // Whoever has the same user number outside could open a device file through `/proc/<pid>/root`.
    let dropped = ["MKNOD"].into_iter().chain((!host.keep_net_raw).then_some("NET_RAW")).map(str::to_owned);
    let settings = Settings {
        command: container.command.clone(),
        entrypoint: container.entrypoint.clone(),
        environment: environment(container, around),
        labels: labels.map(|(name, value)| (name.clone(), value.clone())).collect(),
        user: container.user.clone(),
        working_dir: container.working_dir.clone(),
        stop_signal: container.stop_signal,
        healthcheck: container.healthcheck.as_ref().map(healthcheck),
        readonly: container.readonly,
        restart: restart(container.restart),
        binds: binds(container, around),
        tmpfs: container
            .tmpfs
            .iter()
            .map(|t| TmpfsMount { target: t.target.clone(), size: t.size })
            .collect(),
        cap_drop: container.cap_drop.iter().cloned().chain(dropped).collect(),
        ..plain_settings(container.stop_timeout)
    };
    without_core_dumps(with_limits(settings, &container.limits), container)
}

/// A core dump brings what a process has read to a disk.
fn without_core_dumps(mut settings: Settings, container: &Container) -> Settings {
    let core = UlimitName::Core.as_str();
    if !container.secrets.is_empty() && !settings.ulimits.iter().any(|limit| limit.name == core) {
        settings.ulimits.insert(0, UlimitSpec { name: core, soft: 0, hard: 0 }); // sorted: the first of all
    }
    settings
}

/// The container's own directory of secrets.
fn secret_bind(container: &Container, around: &Surroundings<'_>) -> Option<Bind> {
    let facts = around.host.secrets.as_ref().filter(|_| !container.secrets.is_empty())?;
    let mut files: Vec<SecretFile> = container
        .secrets
        .iter()
        .map(|used| SecretFile {
            file: used.file.clone(),
            name: used.name.clone(),
            generation: facts.generations.get(&used.name).copied().unwrap_or(SecretGeneration(0)),
            mode: used.mode,
            user: used.user,
            group: used.group,
        })
        .collect();
    files.sort();
    let bind = SecretBind {
        place: facts.place.clone(),
        owner: facts.owner.clone(),
        pod: around.name.clone(),
        container: container.name.clone(),
        files,
    };
    let target = SECRETS_TARGET.parse().ok()?;
    Some(Bind { source: BindSource::Secrets(Box::new(bind)), target, readonly: true })
}

fn plain_settings(stop_timeout: u32) -> Settings {
    Settings {
        command: None,
        entrypoint: None,
        environment: BTreeMap::new(),
        labels: BTreeMap::new(),
        user: None,
        working_dir: None,
        stop_signal: None,
        stop_timeout,
        healthcheck: None,
        readonly: false,
        restart: RestartPolicy::No,
        binds: Vec::new(),
        tmpfs: Vec::new(),
        cap_drop: BTreeSet::new(),
        nano_cpus: None,
        cpu_shares: None,
        memory: None,
        memory_swap: None,
        memory_reservation: None,
        oom_score_adj: None,
        pids: None,
        ulimits: Vec::new(),
    }
}

fn with_limits(settings: Settings, limits: &Limits) -> Settings {
    let ulimits = limits.ulimits.iter();
    Settings {
        nano_cpus: limits.nano_cpus,
        cpu_shares: limits.cpu_shares,
        memory: limits.memory,
        memory_swap: limits.memory_swap,
        memory_reservation: limits.memory_reservation,
        oom_score_adj: limits.oom_score_adj,
        pids: limits.pids,
        ulimits: ulimits.map(|(n, l)| UlimitSpec { name: n.as_str(), soft: l.soft, hard: l.hard }).collect(),
        ..settings
    }
}

/// The pod's common variables, then the container's own, then those from files: the later wins.
fn environment(container: &Container, around: &Surroundings<'_>) -> BTreeMap<EnvName, String> {
    let from_file = |name: &EnvName| {
        let value = around.host.environment_files.get(&(container.name.clone(), name.clone()));
        value.map(|value| (name.clone(), value.clone()))
    };
    let common = around.pod.common_environment.iter();
    let plain = common.chain(&container.environment).map(|(name, value)| (name.clone(), value.clone()));
    let paths = container.secrets.iter().filter_map(|used| Some((used.env.clone()?, used.path())));
    plain.chain(container.environment_files.keys().filter_map(from_file)).chain(paths).collect()
}

/// The container's own mounts win over the pod's of the same target.
fn binds(container: &Container, around: &Surroundings<'_>) -> Vec<Bind> {
    let mut binds = pod_binds(container, around);
    binds.extend(secret_bind(container, around));
    binds.sort_by(|a, b| a.target.cmp(&b.target)); // the engine mounts parents first; equal sets, equal hashes
    binds
}

fn pod_binds(container: &Container, around: &Surroundings<'_>) -> Vec<Bind> {
    let Some(root) = &around.host.mount_root else {
        return host_resolv_conf(around.host).collect();
    };
    let bind = |mount: &Mount| Bind {
        source: BindSource::PodDirectory {
            root: root.clone(),
            pod: around.name.clone(),
            source: mount.source.clone(),
        },
        target: mount.target.clone(),
        readonly: mount.readonly,
    };
    let own: BTreeSet<_> = container.mounts.iter().map(|mount| &mount.target).collect();
    let common = around.pod.common_mounts.iter().filter(|mount| !own.contains(&mount.target));
    let mut binds: Vec<Bind> = common.chain(&container.mounts).map(bind).collect();
    let taken = |target: &str| binds.iter().any(|bind| bind.target.as_str() == target);
    if !taken("/etc/resolv.conf") {
        binds.extend(host_resolv_conf(around.host));
    }
    binds
}

fn host_resolv_conf(host: &HostFacts) -> impl Iterator<Item = Bind> {
    let target = host.use_host_resolv_conf.then(|| "/etc/resolv.conf".parse().ok()).flatten();
    target.map(|target| Bind { source: BindSource::HostResolvConf, target, readonly: true }).into_iter()
}

fn restart(restart: Restart) -> RestartPolicy {
    match restart {
        Restart::No => RestartPolicy::No,
        Restart::Always => RestartPolicy::Always,
        Restart::UnlessStopped => RestartPolicy::UnlessStopped,
        Restart::OnFailure(times) => RestartPolicy::OnFailure(times),
    }
}

fn healthcheck(check: &crate::Healthcheck) -> HealthcheckSpec {
    HealthcheckSpec {
        test: check.test.clone(),
        interval: check.interval,
        timeout: check.timeout,
        retries: check.retries,
        start_period: check.start_period,
    }
}
