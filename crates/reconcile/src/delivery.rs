//! Secrets on their way to containers: opened before anything is stopped, put where they are found, noted.
//!
//! [`Delivery`] is the one place where a value leaves its seal. [`InMemory`] is the way of this machine's own engine.

mod error;
mod in_memory;
mod manifest;
mod restore;

pub use error::DeliveryError;
pub use in_memory::{InMemory, Sealed};
pub use restore::{InUseHere, InUseNow, Restored, in_use, restore};

use std::collections::{BTreeMap, BTreeSet};
use wharf_model::{ContainerName, ContainerRoot, PodName, SecretName, SecretOwner};
use wharf_policy::SecretDelivery;
use wharf_wire::{SecretBind, SecretFile};

/// What a pod's containers are going to have.
pub struct Kept<'a> {
    /// Each container's.
    pub binds: &'a [&'a SecretBind],
    /// Whom the host takes containers' root for, where the engine maps users.
    pub root: Option<ContainerRoot>,
    /// Whether the pod's members see one another's processes, and so one another's files.
    pub shares_processes: bool,
}

/// How a pod's secrets come to where its containers find them.
pub trait Delivery {
    /// What each of a pod's containers was told of last; containers whose directory is gone are not in it.
    ///
    /// # Errors
    /// When it cannot be looked at.
    fn delivered(
        &self,
        owner: &SecretOwner,
        pod: &PodName,
    ) -> Result<BTreeMap<ContainerName, Vec<SecretFile>>, DeliveryError>;

    /// Opens what is to be delivered, and makes the place ready. No container finds anything yet.
    ///
    /// # Errors
    /// When one of them cannot be opened; then none is kept.
    fn open(
        &self,
        owner: &SecretOwner,
        pod: &PodName,
        wanted: &BTreeSet<SecretName>,
    ) -> Result<(), DeliveryError>;

    /// Whether just this is kept already, of the sealed file as it is now: readers may be others while values are the same.
    ///
    /// # Errors
    /// When nothing was sealed.
    fn is_kept(&self, kept: &Kept<'_>) -> Result<bool, DeliveryError>;

    /// Keeps, still sealed, what a pod's containers are going to have, for bringing it back after a reboot.
    ///
    /// # Errors
    /// When it cannot be kept, or is more than a pod's memory for secrets.
    fn keep(&self, kept: &Kept<'_>) -> Result<(), DeliveryError>;

    /// Puts what was opened where a container finds it.
    ///
    /// # Errors
    /// When it cannot be put there, or was not opened.
    fn deliver(&self, delivery: &SecretDelivery, root: Option<ContainerRoot>) -> Result<(), DeliveryError>;

    /// Notes that the container was told of what was delivered: until then, the next run delivers it again.
    ///
    /// # Errors
    /// When it cannot be noted.
    fn settle(&self, bind: &SecretBind) -> Result<(), DeliveryError>;

    /// Takes away what a pod's containers had, but for those that are kept.
    ///
    /// # Errors
    /// When something stays.
    fn take_away(
        &self,
        owner: &SecretOwner,
        pod: &PodName,
        keep: &[&ContainerName],
    ) -> Result<(), DeliveryError>;
}
