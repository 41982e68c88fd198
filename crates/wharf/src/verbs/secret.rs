//! `wharf secret`: sealed in files, opened where they are used.

mod accept;
mod ask;
mod bring;
mod doctor;
mod edit;
mod import;
mod in_hand;
mod keys;
mod ls;
pub(crate) mod place;
mod readers;
mod recovery;
mod rekey;
pub(crate) mod restore;
mod rm;
mod rotate;
pub(crate) mod scan;
mod set;
mod show;
mod sign;
mod source;
mod usage;

use crate::args::SecretVerb;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::memory;
use crate::setting::Setting;
use wharf_model::SecretName;

pub(crate) use readers::{HOST_PUBLIC, host_name, public_path, published_host_key};

pub(crate) fn run(setting: &Setting<'_>, what: &SecretVerb) -> Result<Exit, Failure> {
    // A scan opens nothing.
    if !matches!(what, SecretVerb::Scan(_)) {
        memory::keep_private();
    }
    match what {
        SecretVerb::Set(wanted) => set::run(setting, wanted),
        SecretVerb::Ls(wanted) => ls::run(setting, wanted),
        SecretVerb::Show(wanted) => show::run(setting, wanted),
        SecretVerb::Rm(wanted) => rm::run(setting, wanted),
        SecretVerb::Edit(wanted) => edit::run(setting, wanted),
        SecretVerb::Rotate(wanted) => rotate::run(setting, wanted),
        SecretVerb::Rekey(wanted) => rekey::run(setting, wanted),
        SecretVerb::Sign(wanted) => sign::run(setting, wanted),
        SecretVerb::Import(wanted) => import::run(setting, wanted),
        SecretVerb::Scan(wanted) => scan::run(setting, wanted),
        SecretVerb::Recovery(wanted) => recovery::run(setting, wanted),
        SecretVerb::Accept(wanted) => accept::run(setting, wanted),
        SecretVerb::Doctor => doctor::run(setting),
        SecretVerb::Restore => restore::run(setting),
    }
}

/// Sealed files are somebody's own, and so are the keys that open them: root has no part in it, but for the host's `admins`.
pub(crate) fn on_behalf() -> Failure {
    Failure::new(Exit::Denied, "denied: `wharf secret` is nothing that is done on somebody's behalf").hint(
        "run it without sudo: sealed files are files of your own, opened with keys of your own; `sudo wharf up` delivers \
         them. For administrators: list yourself under `admins` in the host configuration, or use a root shell",
    )
}

/// What runs programs does so for whoever runs wharf: under sudo these would be root's, and an admin of the host may be less.
fn runs_a_program(setting: &Setting<'_>, verb: &str) -> Result<(), Failure> {
    if !setting.invocation.is_on_behalf() {
        return Ok(());
    }
    Err(Failure::new(Exit::Denied, format!("denied: under sudo, `wharf {verb}` would run a program as root"))
        .hint("run it without sudo, with a key of your own: `wharf secret rekey POD --add KEY` makes it a reader's"))
}

/// A secret named on the command line.
fn named(text: &str) -> Result<SecretName, Failure> {
    text.parse().map_err(|error| Failure::usage(format!("`{text}` is no secret's name: {error}")))
}

/// Seconds since 1970, by this machine's clock.
fn now() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}

/// A span as people say it.
fn span(said: &str) -> Result<std::time::Duration, Failure> {
    humantime::parse_duration(said).map_err(|error| {
        Failure::usage(format!("`{said}` is no span of time: {error}")).hint("such as `1h` or `90d`")
    })
}

/// How long ago, in one unit.
fn ago(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        3600..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}
