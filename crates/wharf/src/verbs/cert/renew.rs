//! `wharf cert renew`: the next certificate for a machine that has joined, with a new key.

use crate::address::Address;
use crate::args::CertRenewArgs;
use crate::exchange::{self, NoAnswer, Refusal};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::identity::date;
use crate::joined::{Found, Joined};
use crate::setting::Setting;
use crate::show;
use crate::verbs::{block_on, join};
use hyper::Method;
use serde_json::json;
use std::time::SystemTime;
use wharf_pki::{ClientCertificate, PrivateKey, tls};
use wharf_store::Moment;
use zeroize::Zeroizing;

/// What is said when it is interrupted.
const INTERRUPTED: &str = "the certificate that was there stays; the same command tries again";
const INVITE: &str = "ask the gateway's administrator for another invitation (`wharf invite`), and join anew";

pub(super) fn run(setting: &Setting<'_>, wanted: &CertRenewArgs) -> Result<Exit, Failure> {
    let joined = Joined::open(setting, &wanted.context)?;
    let address = address(&joined)?;
    let present = ClientCertificate::from_pem(&joined.read("cert.pem")?)?;
    let now = SystemTime::now();
    let until = date(Moment::from(present.not_after()));
    let left = present.not_after().duration_since(now).unwrap_or_default();
    if left.is_zero() {
        let message =
            format!("the certificate of the docker context `{}` has expired ({until} UTC)", joined.name());
        return Err(Failure::new(Exit::Denied, message).hint(INVITE));
    }
    if left > present.life() / 3 * 2 && !wanted.force {
        if !setting.common.quiet {
            show::say(&format!("it is good until {until} UTC, and not renewed yet; `--force` does so now"));
        }
        return Ok(Exit::Done);
    }
    let next = block_on(INTERRUPTED, renew(&joined, &address))?;
    let until = Moment::from(next.not_after());
    if setting.common.json {
        show::print_json(&json!({"context": joined.name(), "serial": next.serial(), "expires": until}));
    } else if !setting.common.quiet {
        show::print(&format!("renewed, until {} UTC", date(until)));
    }
    Ok(Exit::Done)
}

fn address(joined: &Joined) -> Result<Address, Failure> {
    match joined.found() {
        Found::Ours(host) => host.parse(),
        Found::Nothing => Err(Failure::usage(format!("there is no docker context `{}`", joined.name()))
            .hint("`docker context ls` lists them; `--context NAME` names another")),
        Found::Strange => {
            Err(Failure::usage(format!("the docker context `{}` was not made by `wharf join`", joined.name()))
                .hint("`--context NAME` names another; what was exported by hand is exported anew (`wharf cert export`)"))
        }
    }
}

async fn renew(joined: &Joined, address: &Address) -> Result<ClientCertificate, Failure> {
    let config = {
        let key = Zeroizing::new(joined.read("key.pem")?);
        tls::client(&joined.read("ca.pem")?, Some((&joined.read("cert.pem")?, &key)))?
    };
    let key = PrivateKey::generate()?;
    let draft = joined.draft(&key)?;
    let request = key.request()?;
    let body = json!({"request": request});
    let answered = exchange::ask(&config, address, Method::POST, "/wharf/renew", Some(&body)).await;
    let answered = answered.map_err(|no| not_renewed(address, &no))?;
    let (certificate, given) = join::given(&answered, &request)?;
    draft.finish(&given)?;
    Ok(certificate)
}

fn not_renewed(address: &Address, no: &NoAnswer) -> Failure {
    let NoAnswer::Refused(refusal) = no else { return join::unanswered(address, no) };
    let why = match refusal {
        Refusal::Revoked => "this machine's certificate was revoked",
        Refusal::Expired => "this machine's certificate has expired",
        Refusal::Nobody => "this machine's certificate is nobody's there any more",
    };
    Failure::new(Exit::Denied, format!("the gateway at `{address}` refused: {why}")).hint(INVITE)
}
