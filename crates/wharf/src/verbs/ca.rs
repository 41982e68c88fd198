//! `wharf ca`: the authority by whose certificates people come in from other machines.

mod init;
pub(super) mod names;
mod rotate;
mod show;

use crate::args::CaVerb;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::identity::date;
use crate::setting::Setting;
use crate::show as showing;
use std::path::PathBuf;
use std::time::SystemTime;
use wharf_pki::AuthorityCertificate;
use wharf_store::Moment;
use zeroize::Zeroizing;

pub(crate) fn run(setting: &Setting<'_>, what: &CaVerb) -> Result<Exit, Failure> {
    match what {
        CaVerb::Init(wanted) => init::run(setting, wanted),
        CaVerb::Show => show::run(setting),
        CaVerb::Names(wanted) => names::run(setting, wanted),
        CaVerb::Rotate(wanted) => rotate::run(setting, wanted),
    }
}

const MOST_BYTES: u64 = 1 << 20;

/// Certificate and key of an authority that somebody else made, from one file or two, one behind the other.
fn imported(setting: &Setting<'_>, files: &[PathBuf]) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut all = Zeroizing::new(Vec::new());
    for path in files {
        all.extend_from_slice(&Zeroizing::new(setting.read_named(path, MOST_BYTES)?));
        all.push(b'\n');
    }
    Ok(all)
}

/// More is not allowed in a certificate (RFC 5280, ub-common-name).
const LONGEST_NAME: usize = 64;

/// What an authority of ours is called: as said, or after the host and the moment, so that no two are called alike.
fn name(said: Option<&str>, now: SystemTime) -> Result<String, Failure> {
    match said {
        None => {
            let host: String = wharf_host::hostname().chars().take(28).collect();
            Ok(format!("wharf on {host} since {}Z", date(Moment::from(now))))
        }
        Some(said) if said.chars().count() > LONGEST_NAME || said.trim().is_empty() => {
            Err(Failure::usage(format!("an authority's name has 1 to {LONGEST_NAME} characters")))
        }
        Some(said) => Ok(said.to_owned()),
    }
}

/// The fingerprint is the result; the rest is for whoever reads along.
fn tell(setting: &Setting<'_>, authority: &AuthorityCertificate, lines: &[String]) {
    if setting.common.json {
        showing::print_json(&serde_json::json!({"fingerprint": authority.fingerprint()}));
    } else {
        showing::print(&authority.fingerprint().to_string());
    }
    if !setting.common.quiet {
        for line in lines {
            showing::say(line);
        }
    }
}
