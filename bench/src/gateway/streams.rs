//! Bytes that pass through: the output of an exec, and an archive.

use super::guests::post;
use super::latency::median;
use super::{Contest, Door};
use crate::results::Results;
use std::time::{Duration, Instant};
use wharf_testkit::{Error, Result};

/// What is carried, in bytes.
const LOAD: u64 = 256 << 20;
/// Rounds; the median counts.
const ROUNDS: usize = 3;
/// The most time beside direct: 80% of its throughput.
const MOST: f64 = 1.25;

/// Each as the time of the same bytes, direct.
pub(super) fn all(contest: &Contest<'_>, results: &mut Results) -> Result<()> {
    let (direct, gateway) = (contest.direct(), contest.gateway());
    let mut execs: [Vec<Duration>; 2] = Default::default();
    let mut archives: [Vec<Duration>; 2] = Default::default();
    let id = &contest.guests.running;
    // A file on a disk in memory, so that no disk is measured.
    let script = format!("dd if=/dev/zero of=/load bs=1048576 count={} && sync", LOAD >> 20);
    let made = exec(&direct, id, &["sh", "-c", &script])?;
    upgraded(&direct, &made)?;
    for _ in 0..ROUNDS {
        for (door, times) in [&direct, &gateway].into_iter().zip(&mut execs) {
            times.push(output(door, id)?);
        }
        for (door, times) in [&direct, &gateway].into_iter().zip(&mut archives) {
            times.push(archive(door, id)?);
        }
    }
    for (what, times) in [("256 MiB out of an exec", execs), ("256 MiB as an archive", archives)] {
        let [direct, gateway] = times.map(median);
        results.ratio(contest.title(&format!("{what}: time / direct")), gateway, direct, Some(MOST));
    }
    Ok(())
}

fn output(door: &Door<'_>, container: &str) -> Result<Duration> {
    let made = exec(door, container, &["head", "-c", &LOAD.to_string(), "/dev/zero"])?;
    let start = Instant::now();
    let bytes = upgraded(door, &made)?;
    assert!(bytes >= LOAD, "{bytes} bytes came out of an exec");
    Ok(start.elapsed())
}

fn archive(door: &Door<'_>, container: &str) -> Result<Duration> {
    let start = Instant::now();
    let target = format!("/v1.41/containers/{container}/archive?path=/load");
    let (status, bytes) = door.open()?.count(&target).map_err(Error::io("cannot copy an archive"))?;
    assert!(status == 200 && bytes > LOAD, "{status}: an archive of {bytes} bytes");
    Ok(start.elapsed())
}

fn exec(door: &Door<'_>, container: &str, words: &[&str]) -> Result<String> {
    let body = serde_json::json!({"AttachStdout": true, "AttachStderr": true, "Cmd": words}).to_string();
    let answer = post(door, &format!("/v1.41/containers/{container}/exec"), Some(body.as_bytes()), 201)?;
    let answer: serde_json::Value = serde_json::from_slice(&answer).expect("JSON");
    Ok(answer["Id"].as_str().expect("an id").to_owned())
}

fn upgraded(door: &Door<'_>, exec: &str) -> Result<u64> {
    let target = format!("/v1.41/exec/{exec}/start");
    let counted = door.open()?.upgrade_and_count(&target, br#"{"Detach":false,"Tty":false}"#);
    let (status, bytes) = counted.map_err(Error::io("cannot read an exec"))?;
    assert_eq!(status, 101, "an exec's stream");
    Ok(bytes)
}
