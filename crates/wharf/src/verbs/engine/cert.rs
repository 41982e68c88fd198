//! `wharf engine cert`: a certificate with which somebody is root on this machine, through its engine.

use super::{AUTHORITY, CA, Office, ROOT};
use crate::args::EngineCertArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::identity::{date, duration};
use crate::setting::Setting;
use crate::show;
use crate::verbs::cert::export::{Files, Places};
use serde_json::json;
use std::time::Duration;
use wharf_model::ClientName;
use wharf_pki::{PrivateKey, SigningRequest};
use wharf_store::Moment;

/// The longest life: nothing takes such a certificate back.
const LONGEST: Duration = Duration::from_secs(400 * 24 * 60 * 60);

pub(super) fn run(setting: &Setting<'_>, wanted: &EngineCertArgs) -> Result<Exit, Failure> {
    let office = Office::of(setting, "engine cert")?;
    let user: ClientName = wanted.user.parse().map_err(|error| Failure::of(Exit::Usage, &error))?;
    let life = duration(&wanted.life, LONGEST)?;
    let authority = office.authority()?.ok_or_else(|| {
        Failure::usage(format!("there is no `{}`", office.path(AUTHORITY)))
            .hint("`wharf engine secure` makes the authority of this engine")
    })?;
    let places = Places::open(setting, &wanted.to, None)?;
    let key = PrivateKey::generate()?;
    let request = SigningRequest::from_pem(key.request()?.as_bytes())?;
    let certificate = authority.issue_engine_client(&request, &user, life, office.now)?;
    office.record("engine-certificate", user.as_str(), &format!("certificate {}", certificate.serial()))?;
    let authorities = authority.certificate().pem();
    places.fill(&Files { authorities, certificate: certificate.pem(), key: key.to_pem() })?;
    let until = Moment::from(certificate.not_after());
    if setting.common.json {
        show::print_json(
            &json!({"folder": wanted.to, "serial": certificate.serial(), "user": user, "expires": until}),
        );
    } else if !setting.common.quiet {
        let folder = wanted.to.display();
        show::say(&format!(
            "`{folder}` has {CA}, cert.pem and key.pem for {user}, good until {} UTC",
            date(until)
        ));
        show::say(ROOT);
    }
    Ok(Exit::Done)
}
