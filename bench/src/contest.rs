//! Who is run against whom.

use crate::floor::{Images, parallel, sequential};
use crate::memory::peak_kib;
use crate::results::Results;
use crate::sample::Sample;
use std::process::Command;
use std::time::{Duration, Instant};
use wharf_testkit::{Engine, Result, TestDir, compose_program, run, wharf_program};

/// Rounds of each contest; the median counts.
const ROUNDS: usize = 5;

/// How long the program needs to say its version; beside it, `true`.
pub(crate) fn start_time(results: &mut Results) -> Result<()> {
    let wharf = wharf_program()?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..50 {
        ours.push(timed(|| run(Command::new(&wharf).arg("--version")).map(drop))?);
        theirs.push(timed(|| run(&mut Command::new("true")).map(drop))?);
    }
    let (ours, theirs) = (median(ours), median(theirs));
    results.ratio("wharf --version / true".to_owned(), ours, theirs, None);
    results.amount("wharf --version", ours.as_secs_f64() * 1000.0, "ms", Some(5.0));
    let size = std::fs::metadata(&wharf).map(|file| file.len()).unwrap_or_default();
    results.amount("size of the program", to_f64(size) / f64::from(1 << 20), "MiB", None);
    Ok(())
}

/// Everything that needs an engine.
pub(crate) fn on_engine(engine: &Engine, results: &mut Results) -> Result<()> {
    let directory = TestDir::new()?;
    let contest = Contest { engine, directory: &directory, label: engine.kind().name() };
    // The first run loads the root container's image, which the others find.
    let first = Sample::new(&directory, 1)?;
    run(&mut contest.wharf(&first, "up"))?;
    run(&mut contest.wharf(&first, "down"))?;
    let images = Images::of(engine)?;
    for members in [1, 5, 10, 20] {
        contest.creation(members, &images, results)?;
    }
    contest.no_op(10, results)
}

struct Contest<'a> {
    engine: &'a Engine,
    directory: &'a TestDir,
    label: &'a str,
}

impl Contest<'_> {
    fn creation(&self, members: usize, images: &Images, results: &mut Results) -> Result<()> {
        let sample = Sample::new(self.directory, members)?;
        let socket = self.engine.socket();
        let compose = compose_program()?;
        let mut times: [Vec<Duration>; 4] = Default::default();
        for _ in 0..ROUNDS {
            let [ours, floor, sequence, peer] = &mut times;
            ours.push(timed(|| run(&mut self.wharf(&sample, "up")).map(drop))?);
            run(&mut self.wharf(&sample, "down"))?;
            floor.push(timed(|| parallel(&socket, &sample, images))?);
            self.remove_all()?;
            sequence.push(timed(|| sequential(&socket, &sample, images))?);
            self.remove_all()?;
            peer.push(timed(|| run(&mut self.compose(&compose, &sample)).map(drop))?);
            self.remove_all()?;
        }
        let [ours, floor, sequence, peer] = times.map(median);
        let title = |beside: &str| format!("{}: up of {members} / {beside}", self.label);
        results.ratio(title("the same requests raw"), ours, floor, Some(1.3));
        results.ratio(title("sequential requests"), ours, sequence, None);
        results.ratio(title("docker compose"), ours, peer, None);
        if members == 20 {
            let kib = peak_kib(&self.wharf(&sample, "up"))?;
            results.amount(
                &format!("{}: peak memory of up of {members}", self.label),
                to_f64(kib) / 1024.0,
                "MiB",
                Some(20.0),
            );
            self.remove_all()?;
        }
        Ok(())
    }

    fn no_op(&self, members: usize, results: &mut Results) -> Result<()> {
        let sample = Sample::new(self.directory, members)?;
        let compose = compose_program()?;
        run(&mut self.wharf(&sample, "up"))?;
        let ours = median(
            (0..ROUNDS)
                .map(|_| timed(|| run(&mut self.wharf(&sample, "up")).map(drop)))
                .collect::<Result<_>>()?,
        );
        self.remove_all()?;
        run(&mut self.compose(&compose, &sample))?;
        let peer = median(
            (0..ROUNDS)
                .map(|_| timed(|| run(&mut self.compose(&compose, &sample)).map(drop)))
                .collect::<Result<_>>()?,
        );
        self.remove_all()?;
        let title = format!("{}: up of {members}, nothing to do / docker compose", self.label);
        results.ratio(title, ours, peer, Some(0.25));
        Ok(())
    }

    fn wharf(&self, sample: &Sample, verb: &str) -> Command {
        let mut command = Command::new(wharf_program().expect("the wharf under test"));
        command.env("WHARF_STATE_DIR", self.directory.join("state")).env("DOCKER_HOST", self.engine.host());
        command.env_remove("SUDO_UID");
        command.arg("--quiet").arg(verb);
        if verb == "up" {
            command.arg(&sample.pod_file)
        } else {
            command.arg(sample.name.as_str())
        };
        command
    }

    fn compose(&self, program: &std::path::Path, sample: &Sample) -> Command {
        let mut command = self.engine.in_netns(program);
        command.arg("-f").arg(&sample.compose_file).args(["up", "-d", "--quiet-pull"]);
        command
    }

    fn remove_all(&self) -> Result<()> {
        run(self
            .engine
            .in_netns("sh")
            .args(["-c", "docker ps -aq | xargs -r -n 3 -P 8 docker rm -f; docker network prune -f"]))
        .map(drop)
    }
}

fn timed(work: impl FnOnce() -> Result<()>) -> Result<Duration> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

#[allow(clippy::cast_precision_loss, reason = "sizes far below 2^52")]
fn to_f64(number: u64) -> f64 {
    number as f64
}
