//! This process's memory, while it holds values in clear: no core dump, and no look at it by others of the same account.

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

/// From here on, for the rest of this process; programs it starts leave no core dump either.
pub(crate) fn keep_private() {
    // Each of the two is enough against a core dump in a file; the first one counts for a dump through a pipe, too.
    let _set = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    let _limited = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
}
