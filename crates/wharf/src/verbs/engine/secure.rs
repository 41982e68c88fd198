//! `wharf engine secure`: has the engine itself listen at the network, for those alone who have a certificate.
//!
//! What stood in each file is written down first, so that `--undo` puts back the very bytes. Nothing is restarted here: that
//! ends containers, and the administrator says when.

use super::daemon_json::{Wanted, merged};
use super::unit::Unit;
use super::{AUTHORITY, CA, Office, PAIR, ROOT};
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
use wharf_model::ListenAddress;
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
    check_caller(setting, wanted)?;
    let done: Option<Vec<Change>> = match office.read(UNDO)? {
        Some(text) => Some(serde_json::from_slice(&text).map_err(|error| {
            Failure::new(Exit::Failed, format!("`{}` is not understood: {error}", office.path(UNDO)))
        })?),
        None => None,
    };
    match (done, wanted.undo) {
        (done, true) => undo(&office, &done.unwrap_or_default()),
        (None, false) => begin(&office, wanted),
        (Some(done), false) => again(&office, wanted, &done),
    }
}

/// Files elsewhere are whose they are: root writes them for root alone.
fn check_caller(setting: &Setting<'_>, wanted: &EngineSecureArgs) -> Result<(), Failure> {
    let elsewhere = wanted.daemon_json.is_some() || wanted.root != Path::new("/");
    let is_somebody = setting.invocation.caller.as_ref().is_some_and(|caller| caller.name() != "root");
    if elsewhere && is_somebody {
        return Err(Failure::new(
            Exit::Denied,
            "`--root` and `--daemon-json` are for root itself, and not through sudo",
        ));
    }
    Ok(())
}

fn begin(office: &Office<'_>, wanted: &EngineSecureArgs) -> Result<Exit, Failure> {
    let steps = steps(office, wanted)?;
    tell(office.setting, &steps);
    if !may(office.setting, wanted)? {
        show::say("nothing was changed; `--apply` does it");
        return Ok(Exit::Done);
    }
    let names = names_of(wanted)?;
    office.record("engine-secure", &office.path(PAIR), &names.join(", "))?;
    issue(office, &names)?;
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

/// It was done before: what is missing of it is done, and the engine's certificate is made anew. What somebody has changed
/// since is his, and in the way of neither.
fn again(office: &Office<'_>, wanted: &EngineSecureArgs, done: &[Change]) -> Result<Exit, Failure> {
    let mut missing = Vec::new();
    for change in done {
        let now = before(&change.path)?;
        if now == change.before {
            let lines =
                vec!["as it was before; what `wharf engine secure` wrote is put there again".to_owned()];
            missing.push(Step { change: change.clone(), lines });
        } else if now.as_ref() != Some(&change.after) {
            show::say(&format!(
                "`{}` was changed by somebody since, and stays as it is: `hosts` and `tls...` in it are wharf's",
                change.path.display()
            ));
        }
    }
    tell(office.setting, &missing);
    let is_asked = !missing.is_empty() || !wanted.names.is_empty();
    let goes_on = wanted.apply || is_asked && may(office.setting, wanted)?;
    if !goes_on {
        show::say(
            "this engine is secured already, and nothing was changed; `--apply` makes its certificate anew",
        );
        return Ok(Exit::Done);
    }
    let names = match wanted.names.as_slice() {
        [] => present_names(office)?,
        _ => names_of(wanted)?,
    };
    office.record("engine-secure", &office.path(PAIR), &names.join(", "))?;
    issue(office, &names)?;
    missing.iter().try_for_each(|step| put(&step.change.path, &step.change.after))?;
    show::say(&format!(
        "a new certificate for {}; the engine reads it when it is restarted",
        names.join(", ")
    ));
    Ok(Exit::Done)
}

fn present_names(office: &Office<'_>) -> Result<Vec<String>, Failure> {
    match office.read(PAIR)? {
        Some(pair) => Ok(ServerPair::names_in(&pair)?),
        None => Ok(names::found()),
    }
}

/// Puts back what stood there.
fn undo(office: &Office<'_>, done: &[Change]) -> Result<Exit, Failure> {
    if done.is_empty() {
        return Err(Failure::usage("nothing was done by `wharf engine secure` that could be undone"));
    }
    for change in done {
        let now = before(&change.path)?;
        if now.as_ref() != Some(&change.after) && now != change.before {
            return Err(changed(&change.path));
        }
    }
    office.record("engine-secure", &office.path(PAIR), "undone")?;
    // The drop-in last: without it, the unit says where the engine listens again, and daemon.json must not say it, too.
    for change in done.iter().rev() {
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
        .hint("take `hosts` and `tls...` out of it by hand, or put back what wharf wrote; then undo again")
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
            certificate: office.path(PAIR),
            key: office.path(PAIR),
        },
    )?;
    check_ports(office, &merged.hosts)?;
    let mut steps = vec![Step { change: Change { path, before, after: merged.text }, lines: merged.changes }];
    if let Some(unit) = unit.filter(|unit| !unit.hosts.is_empty()) {
        let path = Unit::drop_in(&wanted.root);
        let (before, after) = (self::before(&path)?, unit.text());
        let before_lines = std::iter::once(format!("- ExecStart={}", unit.before));
        let lines = before_lines.chain(after.lines().map(|line| format!("+ {line}"))).collect();
        steps.insert(0, Step { change: Change { path, before, after }, lines });
    }
    Ok(steps)
}

/// On a gateway's host, the gateway has that port: the engine could not listen there, and would not start.
fn check_ports(office: &Office<'_>, hosts: &[String]) -> Result<(), Failure> {
    let port = |host: &String| host.strip_prefix("tcp://")?.rsplit_once(':')?.1.parse::<u16>().ok();
    let gateways = office.setting.config.listen.iter().filter_map(|address| match address {
        ListenAddress::Tcp(address) => Some(address.port()),
        ListenAddress::Unix(_) => None,
    });
    let gateways: Vec<u16> = gateways.collect();
    match hosts.iter().filter_map(port).find(|port| gateways.contains(port)) {
        None => Ok(()),
        Some(port) => Err(Failure::usage(format!("the gateway listens at port {port} (`listen` in the host configuration)"))
            .hint("name another with `--listen`; and is this wanted? With a gateway, tenants need no way to the engine")),
    }
}

/// More than any such file.
const MOST_BYTES: u64 = 256 << 10;

fn before(path: &Path) -> Result<Option<String>, Failure> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(path)(error)),
        Ok(facts) if !facts.is_file() => {
            Err(Failure::usage(format!("`{}` is no regular file", path.display())))
        }
        Ok(facts) if facts.len() > MOST_BYTES => {
            Err(Failure::usage(format!("`{}` is too long", path.display())))
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
    office.write(CA, authority.certificate().pem().as_bytes())?;
    office.write(PAIR, pair.as_bytes())
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
    let put = written.and_then(|()| fs::rename(&draft, path));
    put.and_then(|()| fs::File::open(parent)?.sync_all()).map_err(failed(path))
}

fn failed(path: &Path) -> impl Fn(std::io::Error) -> Failure {
    let path = path.display().to_string();
    move |error| Failure::new(Exit::Failed, format!("cannot write `{path}`: {error}"))
}
