//! A whole `docker run`, by the docker CLI.

use super::Contest;
use super::latency::median;
use crate::results::Results;
use std::process::Command;
use std::time::{Duration, Instant};
use wharf_testkit::{Result, run};

/// Rounds; the median counts.
const ROUNDS: usize = 9;

/// `docker run --rm busybox true`.
pub(super) fn runs(contest: &Contest<'_>, results: &mut Results) -> Result<()> {
    run(contest.served.docker(Some(contest.engine)).args(["network", "create", "bench-own"]))?;
    // The tenant's default network is made at first use.
    once(&mut contest.served.docker(None), "default")?;
    let mut times: [Vec<Duration>; 5] = Default::default();
    for _ in 0..ROUNDS {
        let [none, own, bridge, gateway_none, gateway] = &mut times;
        none.push(once(&mut contest.served.docker(Some(contest.engine)), "none")?);
        gateway_none.push(once(&mut contest.served.docker(None), "none")?);
        own.push(once(&mut contest.served.docker(Some(contest.engine)), "bench-own")?);
        gateway.push(once(&mut contest.served.docker(None), "default")?);
        bridge.push(once(&mut contest.served.docker(Some(contest.engine)), "bridge")?);
    }
    let [none, own, bridge, gateway_none, gateway] = times.map(median);
    let title = |what: &str| contest.title(&format!("docker run --rm{what}"));
    results.ratio(title(" --network none / direct"), gateway_none, none, Some(1.05));
    // A tenant's default network is one of its own, for which engines do more than for `docker0`.
    results.ratio(title(" / direct, a network of one's own"), gateway, own, Some(1.05));
    results.ratio(title(" / direct, on docker0"), gateway, bridge, None);
    Ok(())
}

fn once(command: &mut Command, network: &str) -> Result<Duration> {
    let start = Instant::now();
    run(command.args(["run", "--rm", "--network", network, "busybox", "true"]))?;
    Ok(start.elapsed())
}
