//! Why a run failed, for the person who must act: message, causes, hint, exit code.

use crate::exit::Exit;
use std::error::Error;
use wharf_docker::EngineError;
use wharf_pod::DesireError;
use wharf_policy::Denial;
use wharf_reconcile::{DeliveryError, ReconcileError, StepError};
use wharf_workstation::YardError;

/// Why a run failed.
#[derive(Debug)]
pub(crate) struct Failure {
    /// With which code to exit.
    pub(crate) exit: Exit,
    /// What happened, in one line.
    pub(crate) message: String,
    /// Why, from near to far.
    pub(crate) causes: Vec<String>,
    /// Ready-made text shown before the message, such as underlined errors of a file.
    pub(crate) details: Vec<String>,
    /// What to do.
    pub(crate) hint: Option<String>,
}

impl Failure {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), causes: Vec::new(), details: Vec::new(), hint: None }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    pub(crate) fn of(exit: Exit, error: &dyn Error) -> Self {
        Self { causes: causes(error), ..Self::new(exit, error.to_string()) }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

fn causes(error: &dyn Error) -> Vec<String> {
    std::iter::successors(error.source(), |cause: &&(dyn Error + 'static)| (*cause).source())
        .map(ToString::to_string)
        .collect()
}

impl From<Denial> for Failure {
    fn from(denial: Denial) -> Self {
        let message = format!("denied by rule `{}`: {}", denial.rule, denial.reason);
        Self { hint: denial.hint, ..Self::new(Exit::Denied, message) }
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        match &error {
            EngineError::Unreachable { source, .. } => {
                let hint = match source.kind() {
                    std::io::ErrorKind::PermissionDenied => {
                        "ask the administrator to let you run wharf through sudo"
                    }
                    _ => {
                        "is the engine running? `wharf doctor` looks; `--host` or DOCKER_HOST name another endpoint"
                    }
                };
                Self::of(Exit::Unreachable, &error).hint(hint)
            }
            EngineError::Tls { source, .. } => Self::of(Exit::Unreachable, &error).hint(source.hint()),
            EngineError::Ssh { source, .. } => Self::of(Exit::Unreachable, &error).hint(source.hint()),
            EngineError::TooOld { .. } | EngineError::Silent { .. } | EngineError::Broken { .. } => {
                Self::of(Exit::Unreachable, &error)
            }
            EngineError::Refused { .. } | EngineError::Answer(_) => Self::of(Exit::Failed, &error),
        }
    }
}

impl From<ReconcileError> for Failure {
    fn from(error: ReconcileError) -> Self {
        match error {
            ReconcileError::Denied(denial) => denial.into(),
            ReconcileError::Engine(error) => error.into(),
            ReconcileError::Misfit(ref errors) => {
                let causes = errors.iter().map(ToString::to_string).collect();
                let failure = Self { causes, ..Self::new(Exit::Usage, error.to_string()) };
                let has_no_root = |error: &DesireError| matches!(error, DesireError::NoMountRoot { .. });
                if errors.iter().any(has_no_root) {
                    failure.hint("the administrator writes `mount_root: /srv/wharf` into /etc/wharf/host.yml")
                } else {
                    failure
                }
            }
            ReconcileError::Pull(ref failed) => {
                let causes = failed.iter().map(|(image, error)| format!("{image}: {error}")).collect();
                let failure = Self { causes, ..Self::new(Exit::Failed, error.to_string()) };
                failure.hint("an image that only this engine has needs `update_image: false`")
            }
            ReconcileError::Partly { ref failures, .. } => {
                let denied = failures.iter().all(|failure| matches!(failure.error, StepError::Denied(_)));
                let causes = failures.iter().map(|failure| format!("{}: {}", failure.name, chain(&failure.error))).collect();
                let exit = if denied { Exit::Denied } else { Exit::Partly };
                Self { causes, ..Self::new(exit, error.to_string()) }.hint("run it again when the cause is gone: what is done stays done")
            }
            ReconcileError::Foreign(_) => Self::of(Exit::Denied, &error)
                .hint("wharf touches only what it made: look at it with `docker inspect`, remove or rename it yourself"),
            ReconcileError::NoSuchPod(_) => Self::of(Exit::Failed, &error).hint("`wharf ps` lists the pods there are"),
            ReconcileError::NoSuchNetwork(_)
            | ReconcileError::UnfitNetwork(_)
            | ReconcileError::NoIpv6Subnet(_)
            | ReconcileError::Keyed(_)
            | ReconcileError::Architecture(_) => Self::of(Exit::Usage, &error),
            ReconcileError::Secrets(ref error) => {
                let exit = match error {
                    DeliveryError::Elsewhere(_)
                    | DeliveryError::NotRoot
                    | DeliveryError::NothingSealed(_)
                    | DeliveryError::Overlap { .. } => Exit::Usage,
                    _ => Exit::Failed,
                };
                Self { causes: vec![chain(error)], ..Self::new(exit, "the pod's secrets cannot be delivered; nothing was started or stopped") }
            }
            ReconcileError::NoSuchImage(_) | ReconcileError::NoSuchContainer(_) | ReconcileError::Source(_) => {
                Self::of(Exit::Failed, &error)
            }
        }
    }
}

impl From<YardError> for Failure {
    fn from(error: YardError) -> Self {
        match error {
            YardError::Denied(denial) => denial.into(),
            YardError::Engine(error) => error.into(),
            YardError::ForeignContainer(_) | YardError::ForeignVolume(_) => Self::of(Exit::Denied, &error)
                .hint("wharf touches only what it made: look at it with `docker inspect`"),
            YardError::NotAUser(_)
            | YardError::NotATarget(_)
            | YardError::NoFolder(_)
            | YardError::NoSuchImage(_)
            | YardError::Folder { .. } => Self::of(Exit::Usage, &error),
            _ => Self::of(Exit::Failed, &error),
        }
    }
}

/// An error and its causes, in one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    std::iter::once(error.to_string()).chain(causes(error)).collect::<Vec<_>>().join(": ")
}
