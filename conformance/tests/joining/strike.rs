//! Killing a program at its every step: strace sends SIGKILL when a system call that changes something is about to be done,
//! the first time, the second, and so on.

use std::path::Path;

use wharf_conformance::Run;
use wharf_testkit::note_skipped;

/// What changes files, on the host.
pub(crate) const HOST: &[&str] = &["openat", "write", "fsync", "renameat", "unlinkat", "mkdirat", "fchmod"];
/// The same in somebody's home.
pub(crate) const CLIENT: &[&str] = &[
    "openat",
    "write",
    "fsync",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "rmdir",
    "mkdir",
    "sendto",
];

/// Runs something under each tracer in turn until nothing strikes any more, and gives how often something did. `act` gets
/// the words to put before the program, looks at what it left, and gives how it ended.
pub(crate) fn each(calls: &[&str], mut act: impl FnMut(&[&str]) -> Run) -> usize {
    if !Path::new("/usr/bin/strace").exists() {
        note_skipped("no strace");
        return usize::MAX;
    }
    let mut strikes = 0;
    for call in calls {
        for number in 1.. {
            let inject = format!("inject={call}:signal=KILL:when={number}");
            // `?`: what a machine does not have is not traced.
            let trace = format!("trace=?{call}");
            let run = act(&["/usr/bin/strace", "-f", "-qqq", "-o", "/dev/null", "-e", &trace, "-e", &inject]);
            if run.status() == 0 {
                break;
            }
            // strace ends as its program does; `timeout` and a shell say 137.
            assert!(matches!(run.status(), -1 | 137), "{call} {number}: {run}");
            strikes += 1;
            assert!(number < 1000, "{call} strikes for ever");
        }
    }
    strikes
}
