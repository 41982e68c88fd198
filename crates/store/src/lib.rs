//! What is on disk: locks and the audit trail.
//!
//! Nothing prints, nothing reads the environment or the clock (times are arguments), nothing panics. What is read back
//! is treated as text that anybody may have written.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![forbid(unsafe_code)]

mod audit_filter;
mod audit_reader;
mod audit_record;
mod audit_trail;
mod hash_key;
mod holder;
mod identity;
mod in_use;
mod journal;
mod lent_names;
mod lines;
mod lock_file;
mod moment;
mod own_directory;
mod own_file;
mod pod_lock;
mod redact;
mod rules_file;
mod secrets;
mod serve_lock;
mod tenant_book;
mod workstation_lock;

pub use audit_filter::AuditFilter;
pub use audit_reader::{AuditEntry, AuditReader};
pub use audit_record::{AuditRecord, Outcome};
pub use audit_trail::{AuditError, AuditTrail};
pub use hash_key::HashKeyFile;
pub use holder::Holder;
pub use identity::{
    AuthorityKind, BookStamp, HeldIdentity, IdentityBook, IdentityError, IdentityStamp, IdentityStore,
    Invitation, Issued, OwnName, Seen,
};
pub use in_use::InUse;
pub use journal::Journal;
pub use lent_names::{LentNames, LentNamesError, Loan};
pub use lock_file::LockFileError;
pub use moment::{Moment, MomentError};
pub use own_directory::OwnDirectory;
pub use own_file::OwnFileError;
pub use pod_lock::{LockError, PodLock};
pub use rules_file::RulesFile;
pub use secrets::{SecretsDirectory, SecretsError};
pub use serve_lock::{ServeLock, ServeLockError, Served};
pub use tenant_book::{TenantBook, TenantBookError, TenantEntry};
pub use workstation_lock::{WorkstationLock, WorkstationLockError};
