//! Workstations beside what people use instead: a shell by `docker exec`, tmux in a container, `docker attach`.
//!
//! Everybody sits before a real pseudo-terminal. What is timed is what a person waits for: from the word to the prompt, from
//! a key to its echo, from a command to the last line of its output.
//!
//! Distrobox is not among them: its containers are privileged, and where this runs not even root has every capability
//! ("unable to apply caps", seen with 1.4.2 on Docker 20.10). What it does to enter one is `docker inspect` and then
//! `docker exec`, so it is never faster than the contestant that does only the latter.

mod typist;

use crate::results::Results;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use typist::Typist;
use wharf_testkit::{Engine, Result, TestDir, docker_program, run, wharf_program};

/// Rounds of each contest; the median counts.
const ROUNDS: usize = 11;
/// Keys pressed by each contestant.
const KEYS: usize = 400;
/// Every shell's prompt has one. What stands behind it is blank, and need not be written on a screen that is painted anew.
const PROMPT: &[u8] = b"$";
const NAME: &str = "bench";
const CONTAINER: &str = "workstation-bench";
const DEBIAN: &str = "debian:stable-slim";

/// Everything about workstations that needs an engine.
pub(crate) fn on_engine(engine: &Engine, results: &mut Results) -> Result<()> {
    engine.import_debian(DEBIAN)?;
    let home = TestDir::new()?;
    let desk = Desk { engine, home: &home, label: engine.kind().name() };
    desk.set_up()?;
    desk.prompts(results)?;
    desk.echoes(results)?;
    desk.floods(results)?;
    desk.scrollback(results)?;
    run(&mut desk.docker(&["rm", "-f", CONTAINER, "attached"])).map(drop)
}

struct Desk<'a> {
    engine: &'a Engine,
    home: &'a TestDir,
    label: &'a str,
}

impl Desk<'_> {
    fn title(&self, what: &str) -> String {
        format!("{}: {what}", self.label)
    }

    fn set_up(&self) -> Result<()> {
        run(&mut self.docker(&[
            "context",
            "create",
            "yard",
            "--docker",
            &format!("host={}", self.engine.host()),
        ]))?;
        run(&mut self.docker(&["context", "use", "yard"]))?;
        let definition =
            format!("context: yard\nimage: {DEBIAN}\nuser: {{name: me, uid: 1000, gid: 1000}}\n");
        self.home.write(format!(".config/wharf/workstations/{NAME}.yml"), definition)?;
        run(&mut self.wharf(&[NAME, "--start"]))?;
        // One screen that is there already, as one's own is.
        let mut first = Typist::start(&self.wharf(&[NAME]))?;
        first.until(PROMPT)?;
        first.leaves(b"\x1c")?;
        run(&mut self.docker(&["run", "-dit", "--name", "attached", DEBIAN, "bash"])).map(drop)
    }

    fn wharf(&self, words: &[&str]) -> Command {
        let mut command = Command::new(wharf_program().unwrap_or_default());
        command.arg("shell").args(words);
        self.at_home(command)
    }

    fn docker(&self, words: &[&str]) -> Command {
        let mut command = Command::new(docker_program(self.engine.kind()).unwrap_or_default());
        command.args(words);
        self.at_home(command)
    }

    fn at_home(&self, mut command: Command) -> Command {
        command
            .env_clear()
            .env("HOME", self.home.path())
            .env("TERM", "xterm-256color")
            .env("PATH", "/usr/bin:/bin");
        command
    }

    fn exec(&self, words: &[&str]) -> Command {
        let mut all = vec!["exec", "-it", "-w", "/home/me", CONTAINER];
        all.extend(words);
        self.docker(&all)
    }

    /// From the word to the prompt.
    fn prompts(&self, results: &mut Results) -> Result<()> {
        let [mut ours, mut fresh, mut exec, mut tmux, mut attach, mut stopped] =
            <[Vec<Duration>; 6]>::default();
        for round in 0..ROUNDS {
            ours.push(prompt(&self.wharf(&[NAME]), b"\x1c")?);
            let name = format!("fresh{round}");
            fresh.push(prompt(&self.wharf(&[NAME, &name]), b"\x1c")?);
            run(&mut self.wharf(&[NAME, "--kill", &name]))?;
            exec.push(prompt(&self.exec(&["bash", "-l"]), b"exit\n")?);
            tmux.push(prompt(&self.exec(&["tmux", "new-session", "-A", "-s", "peer"]), b"\x02d")?);
            let mut attached =
                Typist::start(&self.docker(&["attach", "--detach-keys", "ctrl-\\", "attached"]))?;
            attached.types(b"\n")?;
            attach.push(attached.until(b"# ")?);
            attached.leaves(b"\x1c")?;
        }
        for _ in 0..3 {
            run(&mut self.wharf(&[NAME, "--stop"]))?;
            stopped.push(prompt(&self.wharf(&[NAME]), b"\x1c")?);
        }
        let [ours, fresh, exec, tmux, attach, stopped] =
            [ours, fresh, exec, tmux, attach, stopped].map(median);
        results.amount(&self.title("word to prompt, running"), millis(ours), "ms", Some(150.0));
        results.ratio(self.title("word to prompt, running / docker exec"), ours, exec, Some(1.3));
        results.ratio(self.title("word to prompt of a new session / docker exec"), fresh, exec, None);
        results.ratio(self.title("word to prompt, running / tmux by docker exec"), ours, tmux, None);
        results.ratio(self.title("word to prompt, running / docker attach"), ours, attach, None);
        results.amount(&self.title("word to prompt, stopped"), millis(stopped), "ms", Some(1500.0));
        let pid = run(&mut self.docker(&["inspect", "-f", "{{.State.Pid}}", CONTAINER]))?;
        results.amount(&self.title("session server, resident"), resident(pid.trim())?, "MiB", Some(8.0));
        let program = format!("/proc/{}/root/run/wharf/session", pid.trim());
        let size = Path::new(&program).metadata().map_or(f64::NAN, |file| mebibytes(file.len()));
        results.amount(&self.title("session server, on disk"), size, "MiB", Some(1.5));
        Ok(())
    }

    /// From a key to its echo.
    fn echoes(&self, results: &mut Results) -> Result<()> {
        let mut contestants = [
            (Typist::start(&self.wharf(&[NAME, "echo"]))?, Vec::new()),
            (Typist::start(&self.exec(&["bash", "-l"]))?, Vec::new()),
            (Typist::start(&self.exec(&["tmux", "new-session", "-A", "-s", "echo"]))?, Vec::new()),
        ];
        for (typist, _) in &mut contestants {
            typist.until(PROMPT)?;
            typist.types(b"PS1=; clear; echo rea''dy\n")?;
            typist.until(b"ready")?;
            std::thread::sleep(Duration::from_millis(300));
        }
        for key in 0..KEYS {
            for (typist, times) in &mut contestants {
                let letter = [b'a' + u8::try_from(key % 26).unwrap_or(0)];
                let begun = Instant::now();
                typist.types(&letter)?;
                typist.until(&letter)?;
                times.push(begun.elapsed());
                if key % 40 == 39 {
                    typist.types(b"\x15")?;
                    std::thread::sleep(Duration::from_millis(50));
                    typist.forgets();
                }
            }
        }
        let [ours, exec, tmux] = contestants.map(|(_, times)| times);
        let title = |what: &str| self.title(&format!("µs added to a key's echo, {what}"));
        results.added(title("p99"), p99(&ours), p99(&exec), Some(2000.0));
        results.added(title("median"), median(ours), median(exec.clone()), None);
        results.added(title("p99, by tmux"), p99(&tmux), p99(&exec), None);
        Ok(())
    }

    /// 100 MB of text.
    fn floods(&self, results: &mut Results) -> Result<()> {
        let make = "head -c 75000000 /dev/urandom | base64 >/tmp/large";
        run(&mut self.docker(&["exec", CONTAINER, "sh", "-c", make]))?;
        let [mut ours, mut exec, mut tmux] = <[Vec<Duration>; 3]>::default();
        for round in 0..3 {
            ours.push(flood(&self.wharf(&[NAME, "flood"]), round, b"\x1c")?);
            exec.push(flood(&self.exec(&["bash", "-l"]), round, b"exit\n")?);
            tmux.push(flood(&self.exec(&["tmux", "new-session", "-A", "-s", "flood"]), round, b"\x02d")?);
        }
        let [ours, exec, tmux] = [ours, exec, tmux].map(median);
        results.ratio(self.title("cat of 100 MB / docker exec"), ours, exec, Some(1.5));
        results.ratio(self.title("cat of 100 MB / tmux by docker exec"), ours, tmux, None);
        Ok(())
    }

    /// 10,000 lines to scroll back to.
    fn scrollback(&self, results: &mut Results) -> Result<()> {
        for (name, line) in [("long", "seq 10000; echo fi''nis\n"), ("short", "clear; echo fi''nis\n")] {
            let mut typist = Typist::start(&self.wharf(&[NAME, name]))?;
            typist.until(PROMPT)?;
            typist.types(line.as_bytes())?;
            typist.until(b"finis")?;
            typist.leaves(b"\x1c")?;
        }
        let [mut long, mut short] = <[Vec<Duration>; 2]>::default();
        for _ in 0..ROUNDS {
            for (name, times) in [("long", &mut long), ("short", &mut short)] {
                let mut typist = Typist::start(&self.wharf(&[NAME, name]))?;
                times.push(typist.until(b"finis")?);
                typist.leaves(b"\x1c")?;
            }
        }
        let what = self.title("µs added to entering by 10,000 lines of scrollback");
        results.added(what, median(long), median(short), Some(50_000.0));
        Ok(())
    }
}

fn prompt(command: &Command, end: &[u8]) -> Result<Duration> {
    let mut typist = Typist::start(command)?;
    let time = typist.until(PROMPT)?;
    typist.leaves(end)?;
    Ok(time)
}

/// The last line is another in each round: that of the one before may still be on the screen.
fn flood(command: &Command, round: u8, end: &[u8]) -> Result<Duration> {
    let mut typist = Typist::start(command)?;
    typist.until(PROMPT)?;
    let begun = Instant::now();
    typist.types(format!("cat /tmp/large; echo fi''nis-{round}-\n").as_bytes())?;
    typist.until(format!("finis-{round}-").as_bytes())?;
    let time = begun.elapsed();
    typist.leaves(end)?;
    Ok(time)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn p99(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort();
    times.get(times.len() * 99 / 100).copied().unwrap_or_default()
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn mebibytes(bytes: u64) -> f64 {
    u32::try_from(bytes).map_or(f64::NAN, f64::from) / f64::from(1 << 20)
}

/// What a process holds in memory, in MiB.
fn resident(pid: &str) -> Result<f64> {
    let status = run(Command::new("grep").args(["VmRSS", &format!("/proc/{pid}/status")]))?;
    let kib: f64 = status.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).unwrap_or(f64::NAN);
    Ok(kib / 1024.0)
}
