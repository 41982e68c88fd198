//! A workstation's containers, as wharf may ask the engine for them.

use std::collections::BTreeMap;
use wharf_model::{ByteSize, EnvName, TargetPath};

/// Everything about a workstation but its name and its image. It has all capabilities dropped, gains no privileges,
/// starts again whenever the engine does unless it was stopped, and has its home where this says.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkstationSpec {
    /// Words of its first process.
    pub command: Vec<String>,
    /// Added to the image's own.
    pub environment: BTreeMap<EnvName, String>,
    /// Who lives in it.
    pub user: WorkstationUser,
    /// Where its home is seen.
    pub home: TargetPath,
    /// What it sees of the engine's host.
    pub mounts: Vec<HostBind>,
    /// Bytes.
    pub memory: Option<ByteSize>,
    /// Billionths of a CPU.
    pub nano_cpus: Option<u64>,
    /// Processes and threads.
    pub pids: Option<u32>,
    /// Its whole file.
    pub definition: String,
    /// What its image is called.
    pub image: String,
    /// Which version of the session program it is given.
    pub session: String,
}

/// Who lives in a workstation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is what its name says")]
pub struct WorkstationUser {
    pub uid: u32,
    pub gid: u32,
}

/// A directory or file of the engine's host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostBind {
    /// On the host: absolute.
    pub source: String,
    /// In the workstation.
    pub target: TargetPath,
    /// Nothing inside can write to it.
    pub readonly: bool,
}

/// What is done where an image is made: by root, with what capabilities the engine gives to everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MakerSpec {
    /// For `/bin/sh -ec`.
    pub script: String,
    /// What the image is made from, for people.
    pub recipe: String,
}
