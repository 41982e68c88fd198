//! Why a run did not do what it was asked.

use crate::delivery::DeliveryError;
use thiserror::Error;
use wharf_docker::EngineError;
use wharf_host::SourceError;
use wharf_model::{EngineName, ImageRef, NamedImage, PodName};
use wharf_pod::{Condition, DesireError};
use wharf_policy::Denial;
use wharf_store::AuditError;

/// Why a run ended early. Nothing that ran was stopped, unless it says so.
#[derive(Debug, Error)]
pub enum ReconcileError {
    /// The policy refused.
    #[error(transparent)]
    Denied(#[from] Denial),
    /// The engine refused or is away.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The pod does not fit this host or this engine.
    #[error("the pod cannot be as its file says on this host")]
    Misfit(Vec<DesireError>),
    /// Images could not be pulled.
    #[error("{} could not be pulled; what runs is as it was", names(.0))]
    Pull(Vec<(NamedImage, EngineError)>),
    /// An image is named by its id and is not there.
    #[error("image `{0}` is not on the engine, and an id cannot be pulled")]
    NoSuchImage(ImageRef),
    /// Somebody else's container has a name that the pod needs.
    #[error("container `{0}` exists and is not the pod's own; nothing was changed")]
    Foreign(String),
    /// The network does not exist.
    #[error(
        "network `{0}` does not exist on the engine; make it with `docker network create`, or change `network_name`"
    )]
    NoSuchNetwork(String),
    /// A pod cannot share the host's network, or have none.
    #[error(
        "network `{0}` is no network for pods; `network_name` is `bridge` or a network made with `docker network create`"
    )]
    UnfitNetwork(String),
    /// The network has IPv6 switched on and no range for it.
    #[error("network `{0}` has IPv6 switched on and no IPv6 subnet; make it anew with `--subnet`")]
    NoIpv6Subnet(String),
    /// The engine's processor has no pause program.
    #[error("the engine runs on `{0}`; wharf has root containers for x86_64 and aarch64")]
    Architecture(String),
    /// The pod does not exist.
    #[error("there is no pod `{0}`")]
    NoSuchPod(PodName),
    /// The pod has no such container.
    #[error("there is no container `{0}`")]
    NoSuchContainer(EngineName),
    /// A mount's source could not be made ready.
    #[error("a mount's source cannot be used")]
    Source(#[from] SourceError),
    /// Secrets cannot be delivered.
    #[error("the pod's secrets cannot be delivered; nothing was started or stopped")]
    Secrets(#[from] DeliveryError),
    /// Made by root, whose key this run has not.
    #[error(
        "pod `{0}` was made by root, with a key that root alone has on its machine; run wharf there with sudo"
    )]
    Keyed(PodName),
    /// Some steps failed; the others were done.
    #[error("pod `{pod}` is not as its file says: {} of its containers failed", .failures.len())]
    Partly {
        /// The pod.
        pod: PodName,
        /// What failed.
        failures: Vec<StepFailure>,
    },
}

/// What failed about one container.
#[derive(Debug)]
pub struct StepFailure {
    /// Which.
    pub name: EngineName,
    /// How.
    pub error: StepError,
}

/// How a step failed.
#[derive(Debug, Error)]
pub enum StepError {
    /// The policy refused.
    #[error(transparent)]
    Denied(#[from] Denial),
    /// The engine refused or is away.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A mount's source could not be made ready.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Its secrets could not be delivered.
    #[error("its secrets could not be delivered")]
    Secrets(#[from] DeliveryError),
    /// Its `startup_health_check` never passed.
    #[error("its startup_health_check failed {attempts} times; the last output was:\n{output}")]
    Unhealthy {
        /// How often it was tried.
        attempts: u32,
        /// What it wrote last, shortened.
        output: String,
    },
    /// What cannot be recorded is not done for somebody else.
    #[error("not done, since it could not be recorded: {0}")]
    Unrecorded(#[from] AuditError),
    /// What it waits for failed.
    #[error("not started: it waits for `{0}`, which failed")]
    Dependency(EngineName),
    /// What it waits for will never be so.
    #[error("not started: `{on}` is not going to be {}: {why}", .until.as_str())]
    Hopeless {
        /// What it waits for.
        on: EngineName,
        /// What was awaited.
        until: Condition,
        /// Why not.
        why: String,
    },
    /// A container of its name has come into being since the engine was asked what there is.
    #[error("a container of its name was made meanwhile")]
    Overtaken(#[source] EngineError),
    /// An answer of another kind than the call's.
    #[error("the engine's answer does not fit the call")]
    Confused,
}

fn names(failed: &[(NamedImage, EngineError)]) -> String {
    failed.iter().map(|(image, _)| format!("`{image}`")).collect::<Vec<_>>().join(", ")
}
