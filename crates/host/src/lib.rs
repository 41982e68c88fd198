//! This machine's files and accounts: opening as the caller, resolving beneath, judging who may write.
//!
//! Everything here works on descriptors, not on paths looked up twice. Nothing prints, nothing reads the
//! environment, nothing panics, and no error carries a byte of any file's content.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![forbid(unsafe_code)]

mod accounts;
mod alone;
mod beneath;
mod caller;
mod control_group;
mod facts;
mod held_folder;
mod identity;
mod interfaces;
mod kind;
mod limits;
mod network_namespace;
mod owner;
mod packet_filter;
mod reading;
mod regular;
mod secret_place;
mod standing;
#[cfg(test)]
mod testing;
mod writing;

pub use accounts::{AccountError, Process, group_members, group_name, hostname, user_exists, user_name};
pub use alone::{NotAlone, TrustedError, check_alone, read_trusted};
pub use beneath::{MountRoot, SourceError, SourceState, WeakPlace, Weakness};
pub use caller::{Caller, CallerError};
pub use control_group::{ControlGroupError, ControlGroups, GroupDriver, Held, Refused, TenantGroup};
pub use facts::{FactError, MountFacts, ObjectFacts, mount_facts, object_facts};
pub use held_folder::{HeldFolder, HeldFolderError};
pub use interfaces::{full_names, interface_addresses};
pub use kind::FileKind;
pub use limits::{FileSizeLimited, lift_file_size_limit, raise_open_files};
pub use network_namespace::{Whereabouts, has_interface, own_network_namespace, whereabouts_of};
pub use owner::Owner;
pub use packet_filter::{
    BRIDGE_PREFIX, BridgeName, BridgeNameError, Installed, PacketFilter, PacketFilterError, PublishedPort,
    Ruleset, Surroundings, SurroundingsError, TenantNetwork,
};
pub use reading::{ReadError, Reading, Rights, read_as, read_own};
pub use secret_place::{MemoryFile, SecretPlace, SecretPlaceError};
pub use writing::{NewFile, make_private};
