//! One member of a pod.

use super::capabilities::{self, Capabilities};
use super::command::Command;
use super::depends::{Dependency, DependsOn};
use super::environment::{self, Environment, EnvironmentFiles};
use super::grammars::{Image, StopSignal, User, WorkingDir};
use super::health::{self, RawHealthcheck, RawStartup};
use super::labels::{self, Labels};
use super::limits::{self, RawLimits};
use super::mounts::{self, CheckedMounts, Mounts};
use super::restart::RestartPolicy;
use super::secrets::{self, Beside, Secrets};
use super::tmpfs::{self, TmpfsList};
use crate::{Container, Restart};
use std::collections::BTreeMap;
use wharf_document::{Errors, Flag, Integer, Parsed, Spanned, mapping};
use wharf_model::{ContainerName, MountSource};

mapping! {
    /// One container of the pod.
    pub(crate) struct RawContainer {
        /// What it runs: `name[:tag][@digest]`, or a full image id.
        required "image" image: Parsed<Image>,
        /// Pull the image on every run, and replace the container when it changed. Default: true.
        optional "update_image" update_image: Flag,
        /// Words for the entrypoint: a line, split as a shell would, or a list.
        optional "command" command: Command,
        /// The program to run instead of the image's own.
        optional "entrypoint" entrypoint: Command,
        /// Variables and their values, which are texts: quote `yes`, `42` and the like.
        optional "environment" environment: Environment,
        /// Variables whose values are read from files below the pod's directory.
        optional "environment_files" environment_files: EnvironmentFiles,
        /// Host directories below the pod's own, seen in the container.
        optional "mounts" mounts: Mounts,
        /// Labels of this container.
        optional "labels" labels: Labels,
        /// The root file system is read-only. Default: false.
        optional "readonly" readonly: Flag,
        /// The signal that asks it to stop: a name with or without SIG, or a number.
        optional "stop_signal" stop_signal: Parsed<StopSignal>,
        /// Seconds between that signal and SIGKILL. Default: 10.
        optional "stop_timeout" stop_timeout: Integer<0, 2_147_483_647>,
        /// Who runs it: `user`, `user:group` or `:group`, by name or number.
        optional "user" user: Parsed<User>,
        /// What the engine does when it ends: no (the default), always, unless-stopped, on-failure, on-failure:N.
        optional "restart" restart: RestartPolicy,
        /// Ceilings on what it may use.
        optional "limits" limits: RawLimits,
        /// A command that must succeed before what follows in the file is started.
        optional "startup_health_check" startup_health_check: RawStartup,
        /// Containers of this pod that come first.
        optional "depends_on" depends_on: DependsOn,
        /// The engine's own health check.
        optional "healthcheck" healthcheck: RawHealthcheck,
        /// The directory that it starts in.
        optional "working_dir" working_dir: Parsed<WorkingDir>,
        /// Memory file systems: `/run`, `/run:size=64M`, or mappings with target and size.
        optional "tmpfs" tmpfs: TmpfsList,
        /// Capabilities to take away, with or without CAP_, or ALL.
        optional "cap_drop" cap_drop: Capabilities,
        /// Sealed values that it finds as files in /run/secrets: names, or mappings with `name`.
        optional "secrets" secrets: Secrets,
    }
    refused {
        "init" => "remove the key: the pod's root container already reaps",
        "volumes" => "did you mean `mounts`?",
        "ports" => "ports belong to the pod, not to a container: did you mean `publish`, at the top of the file?",
        "publish" => "`publish` belongs to the pod: move it to the top of the file",
        "expose" => "`expose` belongs to the pod: move it to the top of the file",
        "hostname" => "`hostname` belongs to the pod: move it to the top of the file",
        "dns" => "`dns` belongs to the pod: move it to the top of the file",
        "extra_hosts" => "`extra_hosts` belongs to the pod: move it to the top of the file",
        "env" => "did you mean `environment`?",
        "env_file" => "did you mean `environment_files`?",
        "read_only" => "did you mean `readonly`?",
        "stop_grace_period" => "did you mean `stop_timeout`?",
        "shm_size" => "did you mean `shm-size`, under `limits`?",
        "ulimits" => "did you mean `ulimit-nofile` and the like, under `limits`?",
        "cap_add" => "nothing in a pod file adds rights; remove the key",
        "privileged" => "nothing in a pod file adds rights; remove the key",
        "devices" => "nothing in a pod file adds rights; remove the key",
        "security_opt" => "nothing in a pod file adds rights; remove the key",
        "network_mode" => "the containers of a pod share its network; remove the key",
        "networks" => "the containers of a pod share its network; remove the key",
        "pid" => "did you mean `share_pid`, at the top of the file?",
        "ipc" => "the containers of a pod share its IPC namespace; remove the key",
        "container_name" => "a container is named after its pod and its key; remove the key",
        "build" => "build the image first, and name it in `image`",
    }
}

/// A member that was read, with what is checked across the pod.
#[derive(Debug)]
pub(super) struct CheckedContainer {
    pub(super) name: Spanned<ContainerName>,
    /// `None` when something that it needs could not be read.
    pub(super) container: Option<Container>,
    pub(super) depends_on: Vec<Dependency>,
    pub(super) sources: Vec<(MountSource, wharf_document::Place)>,
    /// It has a `startup_health_check`.
    pub(super) is_gate: bool,
    /// Its health check is switched off.
    pub(super) is_unchecked: bool,
}

impl RawContainer {
    pub(super) fn check(
        self,
        name: Spanned<ContainerName>,
        common: &CheckedMounts,
        errors: &mut Errors,
    ) -> CheckedContainer {
        let (environment, environment_files) =
            environment::check(self.environment, self.environment_files, errors);
        let mounts = mounts::check(self.mounts, errors);
        let tmpfs = tmpfs::check(self.tmpfs, &mounts, common, errors);
        let beside = Beside {
            variables: &environment,
            variables_from_files: &environment_files,
            own: &mounts,
            common,
            tmpfs: &tmpfs,
        };
        let secrets = secrets::check(self.secrets, &beside, errors);
        if !secrets.is_empty() {
            secrets::check_core(self.limits.as_ref(), errors);
        }
        let depends_on = plain(self.depends_on).unwrap_or_default();
        let is_gate = self.startup_health_check.is_some();
        let healthcheck = plain(self.healthcheck).and_then(health::healthcheck);
        let is_unchecked = healthcheck.as_ref().is_some_and(|check| check.test == ["NONE"]);
        let container = plain(self.image).map(|image| Container {
            name: name.value.clone(),
            image,
            update_image: plain(self.update_image).unwrap_or(true),
            command: plain(self.command),
            entrypoint: plain(self.entrypoint),
            environment,
            environment_files,
            mounts: mounts.mounts,
            labels: labels::plain(self.labels),
            readonly: plain(self.readonly).unwrap_or(false),
            stop_signal: plain(self.stop_signal),
            stop_timeout: plain(self.stop_timeout).and_then(|seconds| seconds.try_into().ok()).unwrap_or(10),
            user: plain(self.user),
            restart: plain(self.restart).unwrap_or(Restart::No),
            limits: plain(self.limits).map(limits::check).unwrap_or_default(),
            startup_health_check: plain(self.startup_health_check).and_then(health::startup),
            depends_on: depends_on
                .iter()
                .map(|(name, condition)| (name.value.clone(), *condition))
                .collect::<BTreeMap<_, _>>(),
            healthcheck,
            working_dir: plain(self.working_dir),
            tmpfs: tmpfs.into_iter().map(|(tmpfs, _)| tmpfs).collect(),
            cap_drop: capabilities::check(self.cap_drop),
            secrets,
        });
        CheckedContainer { name, container, depends_on, sources: mounts.sources, is_gate, is_unchecked }
    }
}

fn plain<T>(value: Option<Spanned<T>>) -> Option<T> {
    value.map(|value| value.value)
}
