//! `wharf engine secure`: has the engine itself listen at the network, for those alone who have a certificate.
//!
//! What stood in each file is written down first, so that `--undo` puts back the very bytes. Nothing is restarted here: that
//! ends containers, and the administrator says when.

use super::daemon_json::{Wanted, merged};
use super::unit::Unit;
use super::{AUTHORITY, CA, CERTIFICATE, KEY, Office, ROOT};
use crate::args::EngineSecureArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::show;
use crate::verbs::ca::names;
use serde::{Deserialize, Serialize};
use std::fs::{self, OpenOptions};
use std::io::{IsTerminal, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use wharf_pki::{Authority, ServerPair};

const DAEMON_JSON: &str = "etc/docker/daemon.json";
/// What stood where, until it is undone.
const UNDO: &str = "undo.json";

/// One file that is changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    path: PathBuf,
    /// `None` where there was none.
    before: Option<String>,
    after: String,
}

/// What is to be done to a file, and how it is told.
struct Step {
    change: Change,
    lines: Vec<String>,
}

pub(super) fn run(setting: &Setting<'_>, wanted: &EngineSecureArgs) -> Result<Exit, Failure> {
    let office = Office::of(setting, "engine secure")?;
    let done: Option<Vec<Change>> = match office.read(UNDO)? {
        Some(text) => Some(serde_json::from_slice(&text).map_err(|error| {
            Failure::new(Exit::Failed, format!("`{}` is not understood: {error}", office.path(UNDO)))
        })?),
        None => None,
    };
    if wanted.undo {
        return undo(&office, &done.unwrap_or_default());
    }
    if let Some(done) = done {
        return again(&office, wanted, &done);
    }
    let steps = steps(&office, wanted)?;
    tell(setting, &steps);
    if !may(setting, wanted)? {
        show::say("nothing was changed; `--apply` does it");
        return Ok(Exit::Done);
    }
    let names = names_of(wanted)?;
    office.record("engine-secure", &office.path(CERTIFICATE), &names.join(", "))?;
    issue(&office, &names)?;
    let changes: Vec<Change> = steps.into_iter().map(|step| step.change).collect();
    let text = serde_json::to_vec_pretty(&changes).map_err(|error| Failure::of(Exit::Failed, &error))?;
    office.write(UNDO, &text)?;
    changes.iter().try_for_each(|change| put(&change.path, &change.after))?;
    show::say(&format!("the engine's certificate is for {}", names.join(", ")));
    show::say(
        "now: `systemctl daemon-reload && systemctl restart docker` (containers stop, unless `live-restore` is set)",
    );
    show::say(
        "then: `wharf engine cert NAME --to DIR` makes a certificate for somebody; `wharf engine secure --undo` goes back",
    );
    show::say(ROOT);
    Ok(Exit::Done)
}

/// It was done before: only its certificate is made anew.
fn again(office: &Office<'_>, wanted: &EngineSecureArgs, done: &[Change]) -> Result<Exit, Failure> {
    for change in done {
        let now = fs::read_to_string(&change.path).ok();
        if now.as_deref() == change.before.as_deref() {
            // An earlier run was interrupted.
            put(&change.path, &change.after)?;
        } else if now.as_deref() != Some(change.after.as_str()) {
            return Err(changed(&change.path));
        }
    }
    if wanted.names.is_empty() && !wanted.apply {
        show::say(
            "this engine is secured already; with `--names` or `--apply`, its certificate is made anew",
        );
        return Ok(Exit::Done);
    }
    let names = match wanted.names.as_slice() {
        [] => present_names(office)?,
        _ => names_of(wanted)?,
    };
    office.record("engine-secure", &office.path(CERTIFICATE), &names.join(", "))?;
    issue(office, &names)?;
    show::say(&format!(
        "a new certificate for {}; the engine reads it when it is restarted",
        names.join(", ")
    ));
    Ok(Exit::Done)
}

fn present_names(office: &Office<'_>) -> Result<Vec<String>, Failure> {
    let (Some(mut chain), Some(key)) = (office.read(CERTIFICATE)?, office.read(KEY)?) else {
        return Ok(names::found());
    };
    chain.extend_from_slice(&key);
    Ok(ServerPair::from_pem(&chain)?.names().to_vec())
}

/// Puts back what stood there.
fn undo(office: &Office<'_>, done: &[Change]) -> Result<Exit, Failure> {
    if done.is_empty() {
        return Err(Failure::usage("nothing was done by `wharf engine secure` that could be undone"));
    }
    for change in done {
        let now = fs::read_to_string(&change.path).ok();
        if now.as_deref() != Some(change.after.as_str()) && now != change.before {
            return Err(changed(&change.path));
        }
    }
    office.record("engine-secure", &office.path(CERTIFICATE), "undone")?;
    for change in done {
        match &change.before {
            Some(before) => put(&change.path, before)?,
            None if change.path.exists() => fs::remove_file(&change.path).map_err(failed(&change.path))?,
            None => {}
        }
    }
    office.files.remove(UNDO).map_err(|error| Failure::of(Exit::Failed, &error))?;
    show::say("the files are as they were; now: `systemctl daemon-reload && systemctl restart docker`");
    show::say(&format!(
        "the authority stays in `{}`; remove it if nobody is to use it again",
        office.path("")
    ));
    Ok(Exit::Done)
}

fn changed(path: &Path) -> Failure {
    Failure::usage(format!("`{}` was changed by somebody since", path.display()))
        .hint("look at it: what it says of `hosts` and `tls…` is wharf's, the rest is not; undo it by hand")
}

/// What is changed, and in what order: the unit's drop-in does no harm without the rest.
fn steps(office: &Office<'_>, wanted: &EngineSecureArgs) -> Result<Vec<Step>, Failure> {
    let unit = Unit::find(&wanted.root)?;
    let path = wanted.daemon_json.clone().unwrap_or_else(|| wanted.root.join(DAEMON_JSON));
    let before = before(&path)?;
    let merged = merged(
        before.as_deref(),
        &Wanted {
            hosts: unit.as_ref().map(|unit| unit.hosts.clone()).unwrap_or_default(),
            listen: wanted.listen.clone(),
            ca: office.path(CA),
            certificate: office.path(CERTIFICATE),
            key: office.path(KEY),
        },
    )?;
    let mut steps = vec![Step { change: Change { path, before, after: merged.text }, lines: merged.changes }];
    if let Some(unit) = unit.filter(|unit| !unit.hosts.is_empty()) {
        let path = Unit::drop_in(&wanted.root);
        let (before, after) = (self::before(&path)?, unit.text());
        let lines = after.lines().map(|line| format!("+ {line}")).collect();
        steps.insert(0, Step { change: Change { path, before, after }, lines });
    }
    Ok(steps)
}

fn before(path: &Path) -> Result<Option<String>, Failure> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(path)(error)),
        Ok(facts) if !facts.is_file() => {
            Err(Failure::usage(format!("`{}` is no regular file", path.display())))
        }
        Ok(_) => fs::read_to_string(path).map(Some).map_err(failed(path)),
    }
}

fn tell(setting: &Setting<'_>, steps: &[Step]) {
    if setting.common.quiet {
        return;
    }
    for Step { change, lines } in steps {
        show::print(&format!("{}:", change.path.display()));
        for line in lines {
            show::print(&format!("  {}", show::one_line(line)));
        }
    }
}

/// Whether it is to be done now.
fn may(setting: &Setting<'_>, wanted: &EngineSecureArgs) -> Result<bool, Failure> {
    if wanted.apply || setting.common.quiet || !std::io::stdin().is_terminal() {
        return Ok(wanted.apply);
    }
    show::say("Do this? Type y; anything else leaves everything as it is:");
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).map_err(|error| Failure::of(Exit::Failed, &error))?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

fn names_of(wanted: &EngineSecureArgs) -> Result<Vec<String>, Failure> {
    match wanted.names.as_slice() {
        [] => Ok(names::found()),
        said => names::checked(said),
    }
}

/// A certificate for the engine, by an authority that is made when there is none.
fn issue(office: &Office<'_>, names: &[String]) -> Result<(), Failure> {
    let authority = if let Some(authority) = office.authority()? {
        authority
    } else {
        let made = Authority::generate("wharf: engine", office.now)?;
        office.write(AUTHORITY, made.to_pem(None)?.as_bytes())?;
        made
    };
    let pair = authority.issue_engine(names, office.now)?;
    let at = pair.find("-----BEGIN PRIVATE KEY-----").unwrap_or(pair.len());
    let (chain, key) = pair.split_at(at);
    office.write(CA, authority.certificate().pem().as_bytes())?;
    // The engine reads both when it starts; between these two lines it would say that they do not fit, and not start.
    office.write(KEY, key.as_bytes())?;
    office.write(CERTIFICATE, chain.as_bytes())
}

/// Puts a file in its predecessor's place, with its mode.
fn put(path: &Path, content: &str) -> Result<(), Failure> {
    let mode = fs::metadata(path).map_or(0o644, |facts| facts.permissions().mode() & 0o777);
    let parent = path.parent().unwrap_or(path);
    fs::create_dir_all(parent).map_err(failed(parent))?;
    let draft = path.with_extension("wharf-new");
    if draft.symlink_metadata().is_ok() {
        fs::remove_file(&draft).map_err(failed(&draft))?;
    }
    let file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&draft);
    let written = file.and_then(|mut file| file.write_all(content.as_bytes()).and_then(|()| file.sync_all()));
    written.and_then(|()| fs::rename(&draft, path)).map_err(failed(path))
}

fn failed(path: &Path) -> impl Fn(std::io::Error) -> Failure {
    let path = path.display().to_string();
    move |error| Failure::new(Exit::Failed, format!("cannot write `{path}`: {error}"))
}
