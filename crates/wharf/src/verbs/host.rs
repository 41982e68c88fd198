//! `wharf host`: what this host has of its own.

use super::secret::{HOST_PUBLIC, host_name, public_path, published_host_key};
use crate::args::HostVerb;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::memory;
use crate::setting::Setting;
use crate::show;
use serde_json::json;
use std::path::Path;
use std::time::SystemTime;
use wharf_host::HeldFolder;
use wharf_store::{AuditRecord, Moment, Outcome, SecretsDirectory};
use wharf_vault::{Identity, ReaderKey};

pub(crate) fn run(setting: &Setting<'_>, what: &HostVerb) -> Result<Exit, Failure> {
    match what {
        HostVerb::Init { replace } => init(setting, *replace),
    }
}

/// Makes the host's key, once; run again, it writes the public half again where that is missing.
fn init(setting: &Setting<'_>, replace: bool) -> Result<Exit, Failure> {
    setting.administrator("host init")?;
    if setting.invocation.uid != 0 {
        return Err(Failure::usage("the host's key is root's").hint("`sudo wharf host init`"));
    }
    memory::keep_private();
    let failed = |error: &dyn std::error::Error| Failure::of(Exit::Failed, error);
    let directory = SecretsDirectory::in_state(&setting.state_dir()?);
    let text = directory.host_key().map_err(|error| failed(&error))?;
    let identity = match &text {
        Some(text) => Identity::parse(text, || None).map_err(|error| failed(&error))?,
        None => Identity::generate(),
    };
    let path = public_path(setting, HOST_PUBLIC);
    let before = published_host_key(setting)?.filter(|key| key != identity.reader_key());
    if text.is_none() {
        check_none_is_lost(&path, before.as_ref(), replace)?;
        record(setting, "make host key", identity.reader_key())?;
        let name = host_name();
        let secret = identity.secret_text().unwrap_or_default();
        let text = zeroize::Zeroizing::new(format!("# {name}\n{}\n", *secret));
        directory.make_host_key(text.as_bytes()).map_err(|error| failed(&error))?;
    }
    write_public(&path, &format!("# {}\n{}\n", host_name(), identity.reader_key()))?;
    if let Some(before) = before {
        show::say(&format!("`{}` named another key before: {before}", path.display()));
    }
    tell(setting, identity.reader_key(), &path, text.is_none(), &directory);
    Ok(Exit::Done)
}

/// What others sealed to a key that is not here now opens again when it is back; to one that was made in its place, it never
/// does.
fn check_none_is_lost(path: &Path, before: Option<&ReaderKey>, replace: bool) -> Result<(), Failure> {
    match before {
        Some(key) if !replace => {
            let message = format!(
                "this host has no key, and `{}` names one that others seal to: {key}",
                path.display()
            );
            Err(Failure::new(Exit::Failed, message).hint(
                "put the key back (is the state directory mounted?); or, if it is lost: `wharf host init --replace`, then \
                 `wharf secret rekey --all --identity recovery.key`",
            ))
        }
        _ => Ok(()),
    }
}

fn tell(setting: &Setting<'_>, key: &ReaderKey, path: &Path, is_new: bool, directory: &SecretsDirectory) {
    if setting.common.json {
        show::print_json(&json!({ "key": key.as_str(), "path": path, "made": is_new }));
        return;
    }
    show::print(key.as_str());
    if setting.common.quiet {
        return;
    }
    if is_new {
        show::say(&format!("made this host's key, `{}`", directory.host_key_path().display()));
    } else {
        show::say("this host has its key already; nothing was changed");
    }
    show::say(&format!("its public half is in `{}`: secrets are sealed to it", path.display()));
    if directory.recovery_key().ok().flatten().is_none() {
        show::say(
            "next: `wharf secret recovery` makes a key that is kept elsewhere, for when this machine is lost",
        );
    }
}

/// A public key, for everybody on this machine to read.
pub(crate) fn write_public(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error: wharf_host::HeldFolderError| Failure::of(Exit::Failed, &error);
    let folder = path.parent().unwrap_or(Path::new("/"));
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let held = HeldFolder::hold(None, folder).map_err(failed)?;
    held.publish(&name, text.as_bytes()).map_err(failed)
}

/// Records that a key of the host's was made; its public half says which.
pub(crate) fn record(setting: &Setting<'_>, action: &str, key: &ReaderKey) -> Result<(), Failure> {
    let caller = setting.invocation.caller.as_ref().map(|caller| caller.name().to_owned());
    let written = setting.open_trail()?.record(&AuditRecord {
        time: Moment::from(SystemTime::now()),
        tenant: None,
        user: caller.clone(),
        actor: caller.map_or_else(|| "administrator".to_owned(), |name| format!("user {name}")),
        action: action.to_owned(),
        object: "host".to_owned(),
        id: None,
        outcome: Outcome::Permitted,
        rule: "administrators".to_owned(),
        detail: key.to_string(),
        micros: None,
    });
    written.map_err(|error| Failure::of(Exit::Failed, &error))
}
