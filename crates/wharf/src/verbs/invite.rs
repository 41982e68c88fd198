//! `wharf invite`: one line to paste on another machine. Also a lease (`wharf cert lease`), which is an invitation whose
//! certificates are short.

use crate::address::Address;
use crate::args::{InvitationArgs, InviteArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::identity::{Change, Identity, date, duration, span};
use crate::setting::Setting;
use crate::show;
use serde_json::json;
use std::net::SocketAddr;
use std::time::Duration;
use wharf_model::{ClientName, ListenAddress, TenantId, TenantName};
use wharf_pki::Token;
use wharf_store::{IdentityBook, Invitation, Moment, TenantBook};

/// The longest that a certificate lives.
pub(crate) const LONGEST_LIFE: Duration = Duration::from_secs(366 * 24 * 3600);
/// The longest that a token is good.
const LONGEST_VALID: Duration = Duration::from_secs(7 * 24 * 3600);
/// So many at once are no invitations any more.
const MOST_OPEN: usize = 500;

/// Who is invited.
pub(crate) struct Guest {
    pub(crate) tenant: TenantId,
    pub(crate) user: ClientName,
    /// How long each of his certificates lives.
    pub(crate) life: Duration,
}

pub(crate) fn run(setting: &Setting<'_>, wanted: &InviteArgs) -> Result<Exit, Failure> {
    let identity = Identity::of(setting, "invite")?;
    let user = wanted.user.as_deref().unwrap_or(&wanted.tenant);
    let guest = guest(&identity, &wanted.tenant, user, &wanted.life)?;
    invite(&identity, &guest, &wanted.how)
}

/// Whoever is named on the command line, when there is such a tenant now.
pub(crate) fn guest(identity: &Identity<'_>, tenant: &str, user: &str, life: &str) -> Result<Guest, Failure> {
    let tenant = present(identity, tenant)?;
    let user =
        user.parse().map_err(|error| Failure::usage(format!("`{user}` cannot be a user's name: {error}")))?;
    Ok(Guest { tenant, user, life: duration(life, LONGEST_LIFE)? })
}

/// The tenant of this name that the gateway has now.
pub(crate) fn present(identity: &Identity<'_>, name: &str) -> Result<TenantId, Failure> {
    let name: TenantName =
        name.parse().map_err(|error| Failure::usage(format!("`{name}` is no tenant: {error}")))?;
    let setting = identity.setting;
    if !setting.config.tenants.contains_key(&name) {
        let path = setting.config_path();
        return Err(Failure::usage(format!("`{}` has no tenant `{name}`", path.display())).hint(format!(
            "write `tenants: {{{name}: {{users: []}}}}` there, with what it is to be allowed"
        )));
    }
    let book = TenantBook::within(setting.state_dir()?);
    let entries = book.read().map_err(|error| Failure::of(Exit::Failed, &error))?;
    let entry = entries.get(&name).filter(|entry| entry.present).ok_or_else(|| {
        Failure::usage(format!(
            "tenant `{name}` is in the host configuration, and the gateway has not taken it up"
        ))
        .hint("start `wharf serve`, or have it read its configuration: `systemctl reload wharf`")
    })?;
    Ok(TenantId { name, generation: entry.generation })
}

/// Opens the door for one guest, once.
pub(crate) fn invite(identity: &Identity<'_>, guest: &Guest, how: &InvitationArgs) -> Result<Exit, Failure> {
    let valid = duration(&how.valid, LONGEST_VALID)?;
    let book = identity.own_book()?;
    let address = address(identity, &book, how.address.as_deref())?;
    let token = Token::generate(identity.server_authority()?.fingerprint())?;
    let invitation = Invitation {
        secret: token.digest(),
        tenant: guest.tenant.clone(),
        user: guest.user.clone(),
        life_secs: guest.life.as_secs(),
        expires: Moment::from(identity.now + valid),
    };
    let (tenant, until) = (&guest.tenant.name, invitation.expires);
    let object = format!("{tenant}/{}", guest.user);
    let life = span(guest.life);
    let detail = format!("invitation {}, until {until}, certificates for {life}", token.id());
    identity.record(&Change { action: "invite", object: &object, detail: &detail })?;
    identity.store.change(identity.moment(), |book| {
        if book.invitations.len() >= MOST_OPEN {
            let message = format!("{MOST_OPEN} invitations are open; that is the most");
            return Err(Failure::usage(message).hint("`wharf cert revoke TENANT/USER` withdraws some"));
        }
        book.invitations.insert(token.id(), invitation);
        Ok(())
    })?;
    let line = format!("wharf join {address} {token}");
    if identity.setting.common.json {
        show::print_json(&json!({
            "command": line, "address": address.to_string(), "token": token.to_string(), "id": token.id(),
            "tenant": tenant, "user": guest.user, "expires": until, "life_seconds": guest.life.as_secs(),
        }));
    } else {
        show::print(&line);
    }
    explain(identity, guest, until, &life)?;
    Ok(Exit::Done)
}

fn explain(identity: &Identity<'_>, guest: &Guest, until: Moment, life: &str) -> Result<(), Failure> {
    if identity.setting.common.quiet {
        return Ok(());
    }
    let Guest { tenant, user, .. } = guest;
    show::say(&format!(
        "good for one use until {} UTC: whoever runs it first is {user} of tenant {}, by certificates of {life}",
        date(until),
        tenant.name
    ));
    if identity.is_sealed()? {
        show::say("the authority's key is sealed: this works while `wharf serve` has its passphrase");
    }
    Ok(())
}

/// Where the other machine comes to: as said, or by the server's first name at the first door to the network.
pub(crate) fn address(
    identity: &Identity<'_>,
    book: &IdentityBook,
    said: Option<&str>,
) -> Result<Address, Failure> {
    let doors: Vec<SocketAddr> = doors(identity.setting).collect();
    let Some(door) = doors.first() else {
        return Err(Failure::usage("the gateway does not listen on the network")
            .hint("add an address to `listen` in the host configuration, such as `tcp://0.0.0.0:2376`, and restart `wharf serve`"));
    };
    let address = match (said, door.ip().is_unspecified()) {
        (Some(said), _) => said.parse()?,
        (None, false) => Address { host: door.ip().to_string(), port: door.port() },
        (None, true) => {
            let host = book.names.first().cloned().unwrap_or_default();
            Address { host, port: door.port() }
        }
    };
    if address.is_among(&book.names) {
        return Ok(address);
    }
    let host = &address.host;
    Err(Failure::usage(format!(
        "the server's certificate is not for `{host}`: nobody could tell that it is this one"
    ))
    .hint(format!("`wharf ca names --add {host}` adds it; `--address HOST:PORT` names another")))
}

fn doors(setting: &Setting<'_>) -> impl Iterator<Item = SocketAddr> {
    setting.config.listen.iter().filter_map(|address| match address {
        ListenAddress::Tcp(address) => Some(*address),
        ListenAddress::Unix(_) => None,
    })
}
