//! What is on disk: locks and the audit trail.
//!
//! Nothing prints, nothing reads the environment or the clock (times are arguments), nothing panics. What is read back
//! is treated as text that anybody may have written.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![forbid(unsafe_code)]

mod audit_record;
mod audit_trail;
mod holder;
mod moment;
mod own_file;
mod pod_lock;

pub use audit_record::{AuditRecord, Outcome};
pub use audit_trail::{AuditEntry, AuditError, AuditTrail, read_trail};
pub use holder::Holder;
pub use moment::Moment;
pub use own_file::OwnFileError;
pub use pod_lock::{LockError, PodLock};
