//! What happens, told as it happens.

use wharf_docker::Progress;
use wharf_model::{ContainerName, EngineName, NamedImage};
use wharf_pod::Condition;

/// Something that began or ended.
#[derive(Debug)]
pub enum Event<'a> {
    /// An image is being pulled.
    Pulling(&'a NamedImage),
    /// How far a pull is.
    PullProgress(&'a NamedImage, &'a Progress),
    /// An image is there.
    Pulled(&'a NamedImage),
    /// A container is being stopped.
    Stopping(&'a EngineName),
    /// A container is gone.
    Removed(&'a EngineName),
    /// A container was made.
    Created(&'a EngineName),
    /// A container runs.
    Started(&'a EngineName),
    /// A container waits for another.
    Waiting(&'a EngineName, &'a ContainerName, Condition),
    /// A container's `startup_health_check` is tried: which attempt, of how many.
    Checking(&'a EngineName, u32, u32),
    /// A container's `startup_health_check` passed.
    Checked(&'a EngineName),
}

/// Who is told.
pub trait Report {
    /// Told at once; must not block.
    fn event(&self, event: &Event<'_>);
}

/// Tells nobody.
#[derive(Debug, Clone, Copy)]
pub struct Quiet;

impl Report for Quiet {
    fn event(&self, _event: &Event<'_>) {}
}
