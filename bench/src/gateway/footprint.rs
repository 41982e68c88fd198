//! Memory: of the gateway, idle and watched by many, and of what others run instead.

use super::{Contest, Question, Served, rootless};
use crate::results::Results;
use std::path::Path;
use std::time::Duration;
use wharf_testkit::{Error, Result};

/// Clients that watch events.
const WATCHERS: usize = 1000;

/// Just started.
pub(super) fn idle(served: &Served, label: &str, results: &mut Results) -> Result<()> {
    let memory = resident(served.process())?;
    results.amount(&format!("gateway {label}: resident memory, idle"), memory, "MiB", Some(15.0));
    Ok(())
}

/// With a thousand idle streams of events open, after all the work of the contests before.
pub(super) fn watched(contest: &Contest<'_>, results: &mut Results) -> Result<()> {
    let after = resident(contest.served.process())?;
    results.amount(&contest.title("resident memory, after the contests"), after, "MiB", None);
    let watch = |_| {
        let mut connection = contest.gateway().open()?;
        let status = connection.begin("/v1.41/events").map_err(Error::io("cannot watch events"))?;
        assert_eq!(status, 200, "a stream of events");
        Ok(connection)
    };
    let watchers = (0..WATCHERS).map(watch).collect::<Result<Vec<_>>>()?;
    let memory = resident(contest.served.process())?;
    let title = contest.title(&format!("resident memory, {WATCHERS} event streams"));
    results.amount(&title, memory, "MiB", Some(64.0));
    drop(watchers);
    // Whoever was left behind would show here.
    Question::get("/_ping").put(&mut contest.gateway().open()?)?;
    Ok(())
}

/// What the others have.
pub(super) fn of_peers(contest: &Contest<'_>, results: &mut Results) -> Result<()> {
    let ours = resident(contest.served.process())?;
    results.memory(contest.title("resident memory / haproxy's"), ours, tree(contest.proxy.process())?);
    match rootless::Rootless::start() {
        Ok(engine) => {
            let theirs = tree(engine.process())?;
            results.memory(
                contest.title("resident memory, any tenants / one rootless engine's"),
                ours,
                theirs,
            );
        }
        Err(error) => eprintln!("no rootless engine to compare with: {error}"),
    }
    Ok(())
}

/// A process's resident memory, in MiB.
pub(super) fn resident(process: u32) -> Result<f64> {
    let status = std::fs::read_to_string(Path::new("/proc").join(process.to_string()).join("status"));
    let status = status.map_err(Error::io(format!("process {process} is gone")))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    let kib: f64 = line.trim().trim_end_matches(" kB").parse().unwrap_or_default();
    Ok(kib / 1024.0)
}

/// What a process has had of the processors so far: all its threads that still run, proc(5).
pub(super) fn processor_time(process: u32) -> Duration {
    let tasks = std::fs::read_dir(format!("/proc/{process}/task"));
    let spent = tasks.into_iter().flatten().flatten().filter_map(|task| {
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(spent.sum())
}

/// A process's and all its descendants'.
fn tree(process: u32) -> Result<f64> {
    processes(process).into_iter().map(resident).sum()
}

/// A process and all its descendants.
pub(super) fn processes(process: u32) -> Vec<u32> {
    let mut all = vec![process];
    let tasks = std::fs::read_dir(format!("/proc/{process}/task"));
    for task in tasks.into_iter().flatten().flatten() {
        let children = std::fs::read_to_string(task.path().join("children")).unwrap_or_default();
        all.extend(children.split_whitespace().filter_map(|child| child.parse().ok()).flat_map(processes));
    }
    all
}
