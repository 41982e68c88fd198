//! `wharf join`: this machine gets a certificate from a gateway that has invited it, and a docker context to use it with.

use crate::address::Address;
use crate::args::JoinArgs;
use crate::exchange::{self, Answered, NoAnswer};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::identity::date;
use crate::joined::{Found, Given, Installed, Joined, Timer};
use crate::setting::Setting;
use crate::show;
use crate::verbs::block_on;
use hyper::Method;
use serde_json::{Value, json};
use std::io::Read;
use wharf_pki::{AuthorityCertificate, ClientCertificate, PrivateKey, SigningRequest, Token, tls};
use wharf_store::Moment;
use zeroize::Zeroizing;

/// What is said when the invitation may or may not have been used.
const INTERRUPTED: &str = "if it does not work a second time, ask for another invitation";
/// A token has some 80 characters.
const MOST_BYTES: u64 = 1024;

pub(crate) fn run(setting: &Setting<'_>, wanted: &JoinArgs) -> Result<Exit, Failure> {
    let address: Address = wanted.address.parse()?;
    let token = token(&wanted.token)?;
    let joined = Joined::open(setting, &wanted.context)?;
    check_place(&joined, &address, wanted)?;
    let certificate = block_on(INTERRUPTED, join(&joined, &address, &token))?;
    if wanted.make_current {
        joined.make_current()?;
    }
    let who = block_on("it has joined; `docker --context NAME ps` tries it", async {
        Ok(prove(&joined, &address).await)
    })?;
    let timer = (!wanted.no_timer)
        .then(|| Timer::of(setting, &joined, certificate.life()).map(|timer| timer.install(setting)))
        .transpose()?;
    let news = News { joined: &joined, address: &address, certificate: &certificate, timer: timer.as_ref() };
    news.tell(setting, wanted);
    who.map(|_| Exit::Done)
}

fn token(said: &str) -> Result<Token, Failure> {
    let mut text = Zeroizing::new(said.to_owned());
    if said == "-" {
        text.clear();
        let read = std::io::stdin().lock().take(MOST_BYTES).read_to_string(&mut text);
        read.map_err(|error| Failure::of(Exit::Failed, &error))?;
    }
    text.trim().parse().map_err(|error| Failure::of(Exit::Usage, &error))
}

/// A context that somebody made otherwise is his; and one that leads elsewhere stays there, unless that is wanted: whoever
/// uses it sends what he builds and what he logs in with.
fn check_place(joined: &Joined, address: &Address, wanted: &JoinArgs) -> Result<(), Failure> {
    let name = joined.name();
    match joined.found() {
        Found::Nothing => Ok(()),
        Found::Ours(host) if host == format!("tcp://{address}") => Ok(()),
        Found::Ours(_) if wanted.replace => Ok(()),
        Found::Ours(host) => Err(Failure::usage(format!("the docker context `{name}` leads to `{host}`"))
            .hint(
                "`--context NAME` makes another beside it; `--replace` has this one lead to the new place",
            )),
        Found::Strange => Err(Failure::usage(format!("there is a docker context `{name}` already"))
            .hint(format!("`--context NAME` makes another; `docker context rm {name}` removes it"))),
    }
}

/// Gets the certificate, and puts everything where docker looks.
async fn join(joined: &Joined, address: &Address, token: &Token) -> Result<ClientCertificate, Failure> {
    let key = PrivateKey::generate()?;
    // Before anything is asked for: the invitation is good once.
    let draft = joined.draft(&key)?;
    let request = key.request()?;
    let config = tls::pinned(token.authority())?;
    let body = json!({"token": token.to_string(), "request": request});
    let answered = exchange::ask(&config, address, Method::POST, "/join", Some(&body)).await;
    let answered = answered.map_err(|no| not_joined(address, &no))?;
    let (certificate, given) = given(&answered, &request)?;
    if matches!(joined.found(), Found::Ours(host) if host != format!("tcp://{address}")) {
        // Gone before its certificates are others: what is interrupted in between leaves no context.
        joined.forget()?;
    }
    draft.finish(&given)?;
    let tenant = certificate.bearer().map(|bearer| bearer.tenant.name.to_string()).unwrap_or_default();
    let description = format!("Docker of {tenant} on {}, through wharf", address.host);
    joined.describe(&format!("tcp://{address}"), &description)?;
    Ok(certificate)
}

/// What the gateway gave, when it is what was asked for.
pub(crate) fn given(answered: &Answered, request: &str) -> Result<(ClientCertificate, Given), Failure> {
    let text = |key: &str| answered.document.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    if answered.status != 200 {
        let said = show::one_line(&text("message"));
        return Err(match answered.status {
            401 | 403 => Failure::new(Exit::Denied, format!("the gateway refused: {said}"))
                .hint("ask its administrator for another invitation (`wharf invite`)"),
            status => Failure::new(Exit::Failed, format!("the gateway could not do it ({status}): {said}")),
        });
    }
    let odd = |what: &str| {
        Failure::new(Exit::Failed, format!("what the gateway answered is not understood: {what}"))
    };
    let certificate =
        ClientCertificate::from_pem(text("certificate").as_bytes()).map_err(|_| odd("the certificate"))?;
    if certificate.key() != SigningRequest::from_pem(request.as_bytes())?.key() {
        return Err(odd("the certificate is for another key"));
    }
    let authorities = authorities(&text("server_authority")).ok_or_else(|| odd("the authority"))?;
    Ok((certificate.clone(), Given { authorities, certificate: certificate.pem() }))
}

/// Whom to know the server by: every authority that it says.
fn authorities(said: &str) -> Option<String> {
    let all = AuthorityCertificate::all_from_pem(said.as_bytes()).ok().filter(|all| !all.is_empty())?;
    Some(all.iter().map(AuthorityCertificate::pem).collect())
}

fn not_joined(address: &Address, no: &NoAnswer) -> Failure {
    let again = "ask its administrator for another invitation (`wharf invite`)";
    match no {
        NoAnswer::Stranger => Failure::new(
            Exit::Denied,
            format!("whoever answers at `{address}` is not who this invitation is from: its authority has another fingerprint"),
        )
        .hint("is the address right? Nothing was sent, and the invitation can still be used"),
        NoAnswer::NotSpoken => {
            Failure::new(Exit::Denied, format!("nobody is invited by the gateway at `{address}` now")).hint(again)
        }
        no => unanswered(address, no),
    }
}

/// Why there was no answer, for joining and renewing alike.
pub(crate) fn unanswered(address: &Address, no: &NoAnswer) -> Failure {
    let unreachable =
        |why: &str| Failure::new(Exit::Unreachable, format!("the gateway at `{address}` {why}"));
    match no {
        NoAnswer::Unreachable(why) => {
            let failure = unreachable("cannot be reached").hint("is the address right, and is `wharf serve` running there?");
            Failure { causes: vec![why.clone()], ..failure }
        }
        NoAnswer::Silent => unreachable("does not answer").hint("is it a gateway, and is it well?"),
        NoAnswer::Stranger => Failure::new(Exit::Denied, format!("whoever answers at `{address}` is not the gateway that this machine has joined: its authority is another"))
            .hint("if its authority was replaced, ask its administrator for another invitation (`wharf invite`)"),
        NoAnswer::OtherName => Failure::new(Exit::Failed, format!("the gateway's certificate is not for `{}`", address.host))
            .hint(format!("use a name that it is for, or have its administrator add this one: `wharf ca names --add {}`", address.host)),
        NoAnswer::OutOfTime => Failure::new(Exit::Failed, "the gateway's certificate is not valid now")
            .hint("look at the clocks, here and there"),
        NoAnswer::NotSpoken => unreachable("does not speak as gateways do").hint("is it a gateway?"),
        NoAnswer::Refused(_) => Failure::new(Exit::Denied, format!("the gateway at `{address}` does not let this machine in"))
            .hint("ask its administrator for another invitation (`wharf invite`)"),
        NoAnswer::Broken(why) => {
            let failure = unreachable("breaks off").hint("who asks too often is made to wait: try again in a minute");
            Failure { causes: vec![why.clone()], ..failure }
        }
    }
}

/// Asks the gateway who we are, by the files as they lie there.
async fn prove(joined: &Joined, address: &Address) -> Result<Value, Failure> {
    let (authorities, certificate) = (joined.read("ca.pem")?, joined.read("cert.pem")?);
    let key = Zeroizing::new(joined.read("key.pem")?);
    let config = tls::client(&authorities, Some((&certificate, &key)))?;
    let answered = exchange::ask(&config, address, Method::GET, "/wharf/whoami", None).await;
    let answered = answered.map_err(|no| {
        let failure = unanswered(address, &no);
        Failure { message: format!("it has joined, and cannot be used yet: {}", failure.message), ..failure }
    })?;
    if answered.status == 200 {
        return Ok(answered.document);
    }
    let said = answered.document.get("message").and_then(Value::as_str).unwrap_or_default();
    Err(Failure::new(Exit::Failed, format!("it has joined, and the gateway says: {}", show::one_line(said))))
}

/// What has come of it.
struct News<'a> {
    joined: &'a Joined,
    address: &'a Address,
    certificate: &'a ClientCertificate,
    timer: Option<&'a Installed>,
}

impl News<'_> {
    fn tell(&self, setting: &Setting<'_>, wanted: &JoinArgs) {
        let Some(bearer) = self.certificate.bearer() else { return };
        let until = Moment::from(self.certificate.not_after());
        let (tenant, user, address) = (&bearer.tenant.name, &bearer.user, self.address);
        if setting.common.json {
            let (timer, cron) = match self.timer {
                Some(Installed::Timer(unit)) => (Some(unit), None),
                Some(Installed::Cron(line)) => (None, Some(line)),
                None => (None, None),
            };
            show::print_json(&json!({
                "tenant": tenant, "user": user, "address": address.to_string(), "context": self.joined.name(),
                "folder": self.joined.folder(), "serial": self.certificate.serial(), "expires": until,
                "timer": timer, "crontab": cron,
            }));
        } else {
            show::print(&format!("{user} of tenant {tenant} at {address}, until {} UTC", date(until)));
        }
        if !setting.common.quiet && !setting.common.json {
            self.explain(wanted);
        }
    }

    fn explain(&self, wanted: &JoinArgs) {
        let (context, address) = (self.joined.name(), self.address);
        if wanted.make_current {
            show::say("docker uses it from now on; `docker context use default` goes back");
        } else {
            show::say(&format!(
                "`docker --context {context} ps` uses it once, `docker context use {context}` from now on"
            ));
        }
        let folder = self.joined.folder().display();
        show::say(&format!(
            "for other programs: DOCKER_HOST=tcp://{address} DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH={folder}"
        ));
        match self.timer {
            None => {}
            Some(Installed::Timer(unit)) => show::say(&format!(
                "the timer `{unit}` renews the certificate while you are logged in; `loginctl enable-linger` has it do \
                 so always"
            )),
            Some(Installed::Cron(line)) => {
                show::say(
                    "docker renews no certificates: put this line into your crontab (`crontab -e`), or run it now and \
                     then",
                );
                show::say(&format!("  {line}"));
            }
        }
    }
}
