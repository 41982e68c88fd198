//! Who is asking, and which of the environment counts.

use crate::exit::Exit;
use crate::failure::Failure;
use std::collections::BTreeMap;
use std::ffi::OsString;
use wharf_host::{Caller, Owner, Process, lift_file_size_limit};

/// The environment of the process, taken once.
#[derive(Debug, Default)]
pub(crate) struct Environment(BTreeMap<String, OsString>);

/// For whom the process runs.
#[derive(Debug, Clone)]
pub(crate) struct Invocation {
    /// On whose behalf sudo runs us; `None` when somebody runs us directly.
    pub(crate) caller: Option<Caller>,
    /// The accounts whose files we trust.
    pub(crate) owner: Owner,
    /// Our own user number.
    pub(crate) uid: u32,
}

impl Environment {
    pub(crate) fn of_process() -> Self {
        Self(
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value))).collect(),
        )
    }

    /// A variable's value, when it is text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.to_str().filter(|value| !value.is_empty())
    }
}

impl Invocation {
    /// Reads who sudo says is asking. The variables come from sudo when the process runs as another account than its
    /// caller; somebody who sets them for himself only takes rights away from himself.
    pub(crate) fn of(environment: &Environment) -> Result<Self, Failure> {
        let process = Process::current();
        let uid = process.euid;
        for stranger in ["DOAS_USER", "PKEXEC_UID"] {
            if environment.text(stranger).is_some() && environment.text("SUDO_UID").is_none() && uid == 0 {
                return Err(Failure::usage(format!(
                    "`{stranger}` is set: wharf knows callers from sudo alone"
                ))
                .hint("write the rule in sudoers; wharf cannot tell for whom another program runs it"));
            }
        }
        let caller = match (environment.text("SUDO_UID"), environment.text("SUDO_GID")) {
            // Nobody, or root itself: then we run for whoever started us.
            (None | Some("0"), _) => None,
            (Some(user), group) => {
                let caller = Caller::from_sudo(user, group.unwrap_or_default());
                Some(caller.map_err(|error| Failure::of(Exit::Usage, &error))?)
            }
        };
        if caller.is_some() {
            lift_file_size_limit().map_err(|error| Failure::of(Exit::Usage, &error))?;
        }
        Ok(Self { caller, owner: Owner::of_this_process(), uid })
    }

    /// Whether words on the command line are held to the shape that sudoers lines match.
    pub(crate) fn is_on_behalf(&self) -> bool {
        self.caller.is_some()
    }
}
