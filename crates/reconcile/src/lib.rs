//! Observe → plan → permit each step → apply → report.
//!
//! Every change goes through [`Door::perform`]: judged, its effects on the host done, sent, recorded. Silent: what
//! happens is told to a [`Report`].

mod apply;
mod await_condition;
mod delivery;
mod door;
mod error;
mod exec;
mod explain;
mod images;
mod lifecycle;
mod observe;
mod report;
mod resume;
mod start;
mod stop;
mod up;

pub use delivery::{
    Delivery, DeliveryError, InMemory, InUseHere, InUseNow, Kept, Restored, Sealed, in_use, restore,
};
pub use door::Door;
pub use error::{ReconcileError, StepError, StepFailure};
pub use exec::{exec, logs};
pub use explain::{ContainerPlan, PodPlan, plan_of};
pub use lifecycle::{Listed, ListedContainer, ListedPort, down, list};
pub use observe::{PodView, engine_facts, engine_info, view};
pub use report::{Event, Quiet, Report};
pub use resume::{Lag, LeftBehind, Resumed, TakeLock, left_behind, resume};
pub use up::{Outcome, Request, up};
pub use wharf_wire::Credentials;
