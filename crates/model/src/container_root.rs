//! Whom the host takes a container's root for, where the engine maps users.

/// Under `userns-remap`: the user and the group on the host that are 0 in a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is what its name says")]
pub struct ContainerRoot {
    pub uid: u32,
    pub gid: u32,
}
