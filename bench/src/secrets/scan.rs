//! The whole history of a repository beside truffleHog, which people scan histories with in Python; git alone, which only
//! prints it, is the floor. And what is found of planted secrets, beside detect-secrets.

use crate::results::Results;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::os::unix::fs::lchown;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use wharf_testkit::{Account, Error, Result, planted, run, secret_scanners, wharf_program};

/// Commits of the repository.
const COMMITS: usize = 10_000;
/// Files that they change in turn.
const FILES: usize = 400;
/// Rounds of those who are quick; the median counts. The peer takes minutes, and goes once.
const ROUNDS: usize = 5;

/// Everything about finding secrets in clear.
pub(crate) fn measure(results: &mut Results) -> Result<()> {
    let account = Account::new("bench")?;
    let repository = account.home().join("history");
    make(&account, &repository)?;
    let git = median(|| timed(account.command("git").current_dir(&repository).args(["log", "-p", "--all"])))?;
    let ours = median(|| {
        timed(account.command(wharf_program()?).current_dir(&repository).args([
            "secret",
            "scan",
            "--history",
        ]))
    })?;
    let title = format!("history of {COMMITS} commits");
    results.ratio(format!("{title}, beside `git log -p` that only prints it"), ours, git, None);
    match secret_scanners() {
        Ok(scanners) => {
            let url = format!("file://{}", repository.display());
            let words = ["--regex", "--entropy", "True", "--max_depth", "1000000", url.as_str()];
            let theirs = timed(account.command(scanners.join("trufflehog")).args(words))?;
            results.ratio(format!("{title}, beside truffleHog 2.2"), ours, theirs, None);
            found(&account, &scanners, results)
        }
        Err(Error::Missing(why)) => {
            println!("truffleHog and detect-secrets are not there: {why}");
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// Files that change a little with each commit, as in a real repository, in one pack.
fn make(account: &Account, repository: &Path) -> Result<()> {
    run(account.command("git").args(["init", "-q", "-b", "main"]).arg(repository))?;
    let mut stream = String::new();
    for at in 0..COMMITS {
        let file = at % FILES;
        let lines: String = (0..60).fold(String::new(), |mut text, line| {
            let _infallible = writeln!(
                text,
                "    let value_{line} = compute({}, \"{file}\"); // step {}",
                line * 7,
                if line == at % 60 { at } else { 0 }
            );
            text
        });
        let _infallible = write!(
            stream,
            "commit refs/heads/main\ncommitter x <x@example.org> {} +0000\ndata 4\nstep\nM 100644 inline src/part-{}/file-{file}.rs\ndata {}\n{lines}\n",
            1_700_000_000 + at * 60,
            file % 20,
            lines.len()
        );
    }
    let mut import = account.command("git");
    import.current_dir(repository).args(["fast-import", "--quiet"]).stdin(Stdio::piped());
    let mut import = import.spawn().map_err(Error::io("cannot start git"))?;
    if let Some(mut input) = import.stdin.take() {
        input.write_all(stream.as_bytes()).map_err(Error::io("cannot write to git"))?;
    }
    import.wait().map_err(Error::io("git fast-import ended badly"))?;
    run(account.command("git").current_dir(repository).args(["gc", "-q"])).map(drop)
}

/// Of planted secrets, how many each finds.
fn found(account: &Account, scanners: &Path, results: &mut Results) -> Result<()> {
    let top = account.home().join("planted");
    let mut places: BTreeSet<(String, u64)> = BTreeSet::new();
    for seed in 0..5 {
        for (at, one) in planted(seed).into_iter().enumerate() {
            let name = format!("{seed}-{at}/{}", one.name);
            let path = top.join(&name);
            let folder = path.parent().unwrap_or(&top).to_owned();
            std::fs::create_dir_all(&folder).map_err(Error::io("cannot make a folder"))?;
            std::fs::write(&path, &one.text).map_err(Error::io("cannot plant a secret"))?;
            places.insert((name, one.line as u64));
        }
    }
    give(&top, account)?;
    let json = |mut command: Command| -> serde_json::Value {
        let output = command.current_dir(&top).output();
        output.ok().and_then(|output| serde_json::from_slice(&output.stdout).ok()).unwrap_or_default()
    };
    let mut ours = account.command(wharf_program()?);
    ours.args(["--json", "secret", "scan", "."]);
    let finds = json(ours)["finds"].as_array().cloned().unwrap_or_default();
    let ours =
        finds.iter().filter_map(|find| Some((find["path"].as_str()?.to_owned(), find["line"].as_u64()?)));
    let rate = |found: BTreeSet<(String, u64)>| {
        let count = |number: usize| u32::try_from(number).map_or(f64::NAN, f64::from);
        100.0 * count(places.intersection(&found).count()) / count(places.len())
    };
    results.amount(
        &format!("of {} planted secrets, found by wharf", places.len()),
        rate(ours.collect()),
        "%",
        None,
    );
    let mut theirs = account.command(scanners.join("detect-secrets"));
    theirs.args(["scan", "--all-files", "."]);
    let files = json(theirs)["results"].as_object().cloned().unwrap_or_default();
    let lines = |finds: &serde_json::Value| finds.as_array().cloned().unwrap_or_default();
    let theirs = files.iter().flat_map(|(path, finds)| {
        let path = path.trim_start_matches("./").to_owned();
        lines(finds).into_iter().filter_map(move |find| Some((path.clone(), find["line_number"].as_u64()?)))
    });
    results.amount("the same, found by detect-secrets", rate(theirs.collect()), "%", None);
    Ok(())
}

fn give(path: &Path, account: &Account) -> Result<()> {
    lchown(path, Some(account.uid()), Some(account.gid())).map_err(Error::io("cannot give a file away"))?;
    if path.is_dir() {
        let entries = std::fs::read_dir(path).map_err(Error::io("cannot list a folder"))?;
        let paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.iter().try_for_each(|path| give(path, account))?;
    }
    Ok(())
}

/// How long it takes, whatever it finds.
fn timed(command: &mut Command) -> Result<Duration> {
    let begun = Instant::now();
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.status().map_err(Error::io("cannot start a scanner"))?;
    Ok(begun.elapsed())
}

fn median(mut round: impl FnMut() -> Result<Duration>) -> Result<Duration> {
    let mut times = (0..ROUNDS).map(|_| round()).collect::<Result<Vec<_>>>()?;
    times.sort();
    Ok(times.get(ROUNDS / 2).copied().unwrap_or_default())
}
