//! `wharf up` of a container with twenty secrets beside the same container without: what delivering adds.

use crate::results::Results;
use std::process::Command;
use std::time::{Duration, Instant};
use wharf_testkit::{Engine, Result, TestDir, run, wharf_program};

/// Of one container.
const SECRETS: usize = 20;
/// Rounds of both, in turn; the medians count.
const ROUNDS: usize = 11;
/// What twenty secrets may add to `up`, in µs.
const MOST_ADDED: f64 = 50_000.0;

/// What it costs to deliver.
pub(crate) fn on_engine(engine: &Engine, results: &mut Results) -> Result<()> {
    let directory = TestDir::new()?;
    let desk = Desk { engine, directory: &directory };
    let measured = desk.measure();
    let _unmounted = Command::new("umount").arg("-l").arg(directory.join("memory")).output();
    let (with, without) = measured?;
    let what = format!("{}: `up` with {SECRETS} secrets beside none", engine.kind().name());
    results.added(what, with, without, Some(MOST_ADDED));
    Ok(())
}

struct Desk<'a> {
    engine: &'a Engine,
    directory: &'a TestDir,
}

impl Desk<'_> {
    fn measure(&self) -> Result<(Duration, Duration)> {
        let place = self.directory.join("memory");
        self.directory.write("host.yml", format!("mount_root: /srv\nsecret_place: {}\n", place.display()))?;
        let names: Vec<String> = (0..SECRETS).map(|number| format!("s{number}")).collect();
        let container = |secrets: &str| {
            format!(
                "share_pid: false\ncontainers: {{web: {{image: busybox, update_image: false, command: sleep 1000, stop_timeout: 0{secrets}}}}}\n"
            )
        };
        self.directory.write("without.yml", container(""))?;
        self.directory.write("with.yml", container(&format!(", secrets: [{}]", names.join(", "))))?;
        run(&mut self.wharf(&["host", "init"]))?;
        self.directory.write("value", "x".repeat(64))?;
        for name in &names {
            let (pod, value) = (self.path("with.yml"), self.path("value"));
            run(&mut self.wharf(&["secret", "set", "--yes", "--from-file", &value, &pod, name]))?;
        }
        let (mut with, mut without) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            without.push(self.up("without")?);
            with.push(self.up("with")?);
        }
        Ok((median(with), median(without)))
    }

    fn up(&self, pod: &str) -> Result<Duration> {
        let begun = Instant::now();
        run(&mut self.wharf(&["up", &self.path(&format!("{pod}.yml"))]))?;
        let took = begun.elapsed();
        run(&mut self.wharf(&["down", pod]))?;
        Ok(took)
    }

    fn path(&self, name: &str) -> String {
        self.directory.join(name).display().to_string()
    }

    fn wharf(&self, words: &[&str]) -> Command {
        let mut command = Command::new(wharf_program().unwrap_or_else(|_| "wharf".into()));
        command.args(["--quiet"]).args(words).env("DOCKER_HOST", self.engine.host());
        command.env("WHARF_HOST_CONFIG", self.path("host.yml")).env("WHARF_STATE_DIR", self.path("state"));
        command.env_remove("SUDO_UID").env_remove("SUDO_GID").env("HOME", self.path("home"));
        command
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
