//! The key to the engine's door.

use wharf_model::{ContainerRoot, MountSource, PodName, TenantId};
use wharf_wire::{Call, SecretBind};

/// A call that was judged and may be sent, with what must be done on the host before.
///
/// Its fields are private and [`crate::decide`] is its only maker:
///
/// ```compile_fail
/// let call = wharf_wire::Call::StartContainer("0".repeat(64).parse().unwrap());
/// let forged = wharf_policy::Permit { call, effects: vec![] };
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Permit {
    call: Call,
    effects: Vec<Effect>,
}

/// Something that must be true on the host before the call is sent. Performed by the host's edge and by nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// `<mount root>/<pod>/<source>` exists, reached without following a link; with a tenant between when it is one's.
    MountSource {
        /// Whose pod; `None` is the machine's own.
        tenant: Option<TenantId>,
        /// Whose directory.
        pod: PodName,
        /// Below it.
        source: MountSource,
        /// Whose it becomes when it has to be made; `None` is root's.
        owner: Option<ContainerRoot>,
    },
    /// A container's secrets are where it finds them.
    DeliverSecrets(SecretDelivery),
}

/// That a container may have these secrets: names and generations, never values.
///
/// Its field is private, and the rule `secrets` is what makes it:
///
/// ```compile_fail
/// fn forge(bind: wharf_wire::SecretBind) -> wharf_policy::SecretDelivery {
///     wharf_policy::SecretDelivery { bind }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretDelivery {
    bind: SecretBind,
}

impl SecretDelivery {
    pub(crate) fn new(bind: SecretBind) -> Self {
        Self { bind }
    }

    /// Whose, where, and which.
    pub fn bind(&self) -> &SecretBind {
        &self.bind
    }
}

impl Permit {
    pub(crate) fn new(call: Call, effects: Vec<Effect>) -> Self {
        Self { call, effects }
    }

    /// What may be sent.
    pub fn call(&self) -> &Call {
        &self.call
    }

    /// What must be done first.
    pub fn effects(&self) -> &[Effect] {
        &self.effects
    }
}
