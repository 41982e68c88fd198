//! Why secrets were not delivered.

use std::path::PathBuf;
use thiserror::Error;
use wharf_host::SecretPlaceError;
use wharf_model::{PodName, SecretGeneration, SecretName};
use wharf_store::{OwnFileError, SecretsError};
use wharf_vault::{IdentityError, OpenError, SignatureError};

/// Why secrets were not delivered. None of them shows a value.
#[derive(Debug, Error)]
pub enum DeliveryError {
    /// One cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The file is not signed by whom this host believes.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// The place is not as it should be.
    #[error(transparent)]
    Place(#[from] SecretPlaceError),
    /// One of wharf's own files is not as it should be.
    #[error(transparent)]
    File(#[from] OwnFileError),
    /// What the host keeps for its secrets is not as it should be.
    #[error(transparent)]
    Directory(#[from] SecretsError),
    /// The host has no key.
    #[error("this host has no key of its own; `wharf host init` makes it")]
    NoHostKey,
    /// The host's key is none.
    #[error("this host's key is damaged: {0}")]
    HostKey(#[from] IdentityError),
    /// An older value than the last that was used.
    #[error(
        "secret `{name}` of pod `{pod}` was sealed before the one used last (generation {found}, and {seen} was seen): an \
         older sealed file was put back; `wharf secret accept {pod} {name}` takes it, if that was on purpose"
    )]
    Older {
        /// The pod.
        pod: PodName,
        /// The secret.
        name: SecretName,
        /// What the file has.
        found: SecretGeneration,
        /// What was used.
        seen: SecretGeneration,
    },
    /// Nothing was sealed for this pod.
    #[error(
        "pod `{0}` uses secrets, and there is no sealed file beside its file; `wharf secret set` makes it"
    )]
    NothingSealed(PodName),
    /// Memory that nobody can take back from a container.
    #[error(
        "the containers of pod `{pod}` would have {size} bytes of secrets in memory, and a pod has at most {most}: what is large \
         and used often is better a file of its own"
    )]
    TooMuch {
        /// The pod.
        pod: PodName,
        /// All its containers' files.
        size: usize,
        /// The limit.
        most: usize,
    },
    /// The engine's containers see another machine's memory.
    #[error("secrets are delivered on the engine's own machine, and this engine is {0}; run wharf there")]
    Elsewhere(&'static str),
    /// Whoever asks has no way to deliver.
    #[error("secrets are root's to deliver; run wharf with sudo")]
    NotRoot,
    /// The place lies where pods mount from.
    #[error("`{}` and `{}` lie one in the other; give `secret_place` another directory", .place.display(), .mounts.display())]
    Overlap {
        /// The place.
        place: PathBuf,
        /// The mount root.
        mounts: PathBuf,
    },
    /// After a reboot, nothing is there yet.
    #[error(
        "the pod was left down: its secrets are not there; `wharf secret restore` brings them back, or `wharf up` does"
    )]
    NotThere,
    /// What was kept is no longer understood.
    #[error("`{0}` is not what wharf wrote there; the next `wharf up` of its pod writes it anew")]
    Manifest(String),
    /// What was to be delivered was not opened before.
    #[error("secret `{0}` was not opened before it was to be delivered; run it again")]
    NotOpened(SecretName),
}
