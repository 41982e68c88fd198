//! How the certificates of joined contexts last while a workstation runs: its own first process has them renewed.

/// Where wharf itself lies inside a workstation that has joined a context.
pub const RENEWER: &str = "/run/wharf/bin/wharf";

/// The directory of it.
pub(crate) const DIRECTORY: &str = "/run/wharf/bin";

/// The contexts that are renewed, each on a line.
pub(crate) const CONTEXTS: &str = "/run/wharf/contexts";

/// Seconds between two looks whether it is time. A lease lives an hour or more, and is renewed after a third of its life.
pub(crate) const EVERY: u32 = 300;

/// What looks: for each context of the list that joining has written, where there is one.
pub(crate) const COMMAND: [&str; 3] = [
    "/bin/sh",
    "-c",
    // The list is the loop's alone, and one that hangs keeps nobody else's from being renewed.
    "[ -r /run/wharf/contexts ] || exit 0; if command -v timeout >/dev/null; then in='timeout 120'; else in=; fi; \
     while read -r context; do \
     $in /run/wharf/bin/wharf cert renew --quiet --context \"$context\" </dev/null; done < /run/wharf/contexts",
];
