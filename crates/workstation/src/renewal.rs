//! How the certificates of joined contexts last while a workstation runs: its own first process has them renewed.

/// Where wharf itself lies inside a workstation that has joined a context.
pub const RENEWER: &str = "/run/wharf/bin/wharf";

/// Seconds between two looks whether it is time. A lease lives an hour or more, and is renewed after a third of its life.
pub(crate) const EVERY: u32 = 300;

/// What looks: for each context of the list that joining has written, where there is one.
pub(crate) const COMMAND: [&str; 3] = [
    "/bin/sh",
    "-c",
    "[ -r /run/wharf/contexts ] || exit 0; while read -r context; do \
     /run/wharf/bin/wharf cert renew --quiet --context \"$context\"; done < /run/wharf/contexts",
];
