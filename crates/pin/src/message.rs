//! What is said to the process that makes pins, and what it answers: one JSON object a line. Data only.

use crate::pin_id::PinId;
use crate::record::Record;
use crate::request::{Access, Missing};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use wharf_model::{Generation, TenantName};

/// One question. Who asks is root, and has judged whether the account may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Question {
    /// Make a pin.
    Pin {
        /// Whose containers will have it.
        tenant: TenantName,
        /// Which tenant of that name.
        generation: Generation,
        /// The account with whose rights it is opened.
        account: String,
        /// What is opened.
        path: PathBuf,
        /// The directory that is granted.
        granted: PathBuf,
        /// Whether it is written.
        access: Access,
        /// What becomes of it when it is not there.
        #[serde(default)]
        missing: Missing,
        /// Whom the host takes root in the container for, where the engine maps users: user and group.
        container_root: Option<(u32, u32)>,
    },
    /// Take one away.
    Release {
        /// Which.
        id: PinId,
    },
    /// Take all away but these.
    Keep {
        /// Those of containers that exist or are being made.
        live: Vec<PinId>,
    },
    /// Open these again if they are absent. Who asks has judged that they are still granted.
    Reopen {
        /// Which.
        ids: Vec<PinId>,
    },
    /// Tell of all.
    List,
    /// Give a tenant's own socket, made when it is not there yet.
    Socket {
        /// Whose.
        tenant: TenantName,
        /// Which tenant of that name.
        generation: Generation,
    },
    /// Limit what each of these tenants has on the engine's disk.
    Limit {
        /// Tenant, generation, and how many bytes.
        rooms: Vec<(TenantName, Generation, u64)>,
    },
    /// Count what is in these directories of the engine's, and will be, as a tenant's.
    Confine {
        /// Whose it is.
        tenant: TenantName,
        /// Which tenant of that name.
        generation: Generation,
        /// Layers and volumes.
        paths: Vec<PathBuf>,
    },
    /// Say whether what is in these is counted as this tenant's.
    Counted {
        /// Whose.
        tenant: TenantName,
        /// Which tenant of that name.
        generation: Generation,
        /// Layers.
        paths: Vec<PathBuf>,
    },
    /// Give up all own sockets but these.
    KeepSockets {
        /// Those that somebody answers at: tenant and generation.
        live: Vec<(TenantName, Generation)>,
    },
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Answer {
    /// It is there.
    Pinned {
        /// Its name.
        id: PinId,
        /// The source of the mount, for the engine.
        source: PathBuf,
        /// What the container must not have.
        forbidden_capabilities: Vec<String>,
    },
    /// These were taken away.
    Released {
        /// Their names.
        ids: Vec<PinId>,
    },
    /// These were to be opened again.
    Reopened {
        /// Are there now.
        there: Vec<PinId>,
        /// Are not, and why.
        absent: Vec<(PinId, String)>,
    },
    /// All that are remembered.
    Pins {
        /// Each, and whether it is there.
        all: Vec<(Record, bool)>,
    },
    /// The own socket, as a descriptor that comes with the first byte.
    Socket,
    /// Own sockets that were not named are given up.
    Kept,
    /// These are the limits.
    Limited {
        /// Why nothing is held to them, where that is so.
        why_not: Option<String>,
    },
    /// It is counted.
    Confined,
    /// The bind is refused; for the tenant to read.
    Refused {
        /// Why, and what to do.
        reason: String,
    },
    /// The machine fails, or the question is none; for the administrator to read.
    Failed {
        /// Why.
        reason: String,
    },
}
