//! `wharf cert`: certificates, seen, taken back, renewed and exported.

pub(super) mod export;
mod ls;
mod renew;
mod revoke;

use crate::args::{CertLeaseArgs, CertVerb};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::identity::Identity;
use crate::setting::Setting;
use crate::verbs::invite;

pub(crate) fn run(setting: &Setting<'_>, what: &CertVerb) -> Result<Exit, Failure> {
    match what {
        CertVerb::Ls { all } => ls::run(setting, (*all).into()),
        CertVerb::Revoke(wanted) => revoke::run(setting, wanted),
        CertVerb::Renew(wanted) => renew::run(setting, wanted),
        CertVerb::Export(wanted) => export::run(setting, wanted),
        CertVerb::Lease(wanted) => lease(setting, wanted),
    }
}

/// An invitation whose certificates are short: who does not ask for the next is out when the last one ends.
fn lease(setting: &Setting<'_>, wanted: &CertLeaseArgs) -> Result<Exit, Failure> {
    let identity = Identity::of(setting, "cert lease")?;
    let (tenant, user) = wanted.to.split_once('/').ok_or_else(|| {
        Failure::usage(format!("`{}` is not `TENANT/USER`", wanted.to)).hint("write `--to alice/ci`")
    })?;
    let guest = invite::guest(&identity, tenant, user, &wanted.life)?;
    invite::invite(&identity, &guest, &wanted.how)
}
