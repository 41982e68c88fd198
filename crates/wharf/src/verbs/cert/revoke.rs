//! `wharf cert revoke`: takes certificates back. `wharf serve` heeds it at the next handshake, and within a quarter of a
//! second on open connections.

use crate::args::CertRevokeArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::identity::{Change, Identity};
use crate::setting::Setting;
use crate::show;
use serde_json::json;
use std::fmt;
use wharf_model::{ClientName, TenantName};
use wharf_store::IdentityBook;

/// Whose certificates.
enum Target {
    /// The one of this number.
    Serial(String),
    Tenant(TenantName),
    User(TenantName, ClientName),
}

/// Digits that a number must be told by.
const FEWEST_DIGITS: usize = 8;

pub(super) fn run(setting: &Setting<'_>, wanted: &CertRevokeArgs) -> Result<Exit, Failure> {
    let identity = Identity::of(setting, "cert revoke")?;
    let book = identity.book()?;
    let target = target(&book, wanted)?;
    let (object, detail) = (target.to_string(), target.whose(&book));
    identity.record(&Change { action: "certificate-revoke", object: &object, detail: &detail })?;
    let now = identity.moment();
    let (revoked, withdrawn) = identity.store.change(now, |book| {
        let line = match &target {
            // Whoever has one may have renewed it.
            Target::Serial(number) => Some(book.line_of(number).to_owned()),
            _ => None,
        };
        let revoked = book.revoke(now, |serial, issued| match &target {
            Target::Serial(_) => line.as_deref().is_some_and(|line| issued.is_of_line(serial, line)),
            Target::Tenant(tenant) => issued.tenant.name == *tenant,
            Target::User(tenant, user) => issued.tenant.name == *tenant && issued.user == *user,
        });
        let withdrawn = book.withdraw(|of, to| match &target {
            Target::Serial(_) => false,
            Target::Tenant(tenant) => of == tenant,
            Target::User(tenant, user) => of == tenant && to == user,
        });
        Ok::<_, Failure>((revoked, withdrawn))
    })?;
    if setting.common.json {
        show::print_json(&json!({"revoked": revoked, "invitations_withdrawn": withdrawn}));
    } else if !setting.common.quiet {
        let certificates = if revoked.len() == 1 { "certificate" } else { "certificates" };
        let also = if withdrawn > 0 { format!(", and {withdrawn} open invitations") } else { String::new() };
        show::say(&format!("took back {} {certificates}{also}", revoked.len()));
    }
    Ok(Exit::Done)
}

fn target(book: &IdentityBook, wanted: &CertRevokeArgs) -> Result<Target, Failure> {
    let tenant = |name: &str| {
        name.parse::<TenantName>().map_err(|error| Failure::usage(format!("`{name}` is no tenant: {error}")))
    };
    let target = match (&wanted.tenant, wanted.which.as_deref().unwrap_or_default()) {
        (Some(name), _) => Target::Tenant(tenant(name)?),
        (None, which) => match which.split_once('/') {
            Some((name, user)) => {
                let user = user
                    .parse()
                    .map_err(|error| Failure::usage(format!("`{user}` is no user's name: {error}")))?;
                Target::User(tenant(name)?, user)
            }
            None => Target::Serial(serial(book, which)?),
        },
    };
    // A name that is mistyped must not look like one that has nothing.
    let is_known = match &target {
        Target::Serial(_) => true,
        Target::Tenant(tenant) => knows(book, tenant, None),
        Target::User(tenant, user) => knows(book, tenant, Some(user)),
    };
    if is_known {
        return Ok(target);
    }
    Err(Failure::usage(format!("no certificate was issued to `{target}`, nor is anybody invited as that"))
        .hint("`wharf cert ls --all` lists them"))
}

fn knows(book: &IdentityBook, tenant: &TenantName, user: Option<&ClientName>) -> bool {
    let fits = |of: &TenantName, to: &ClientName| of == tenant && user.is_none_or(|user| to == user);
    book.issued.values().any(|issued| fits(&issued.tenant.name, &issued.user))
        || book.invitations.values().any(|invitation| fits(&invitation.tenant.name, &invitation.user))
}

/// The whole number: people may give its beginning, in capitals, or with colons as openssl prints it.
fn serial(book: &IdentityBook, said: &str) -> Result<String, Failure> {
    let digits: String = said.chars().filter(|c| *c != ':').collect::<String>().to_ascii_lowercase();
    if digits.len() < FEWEST_DIGITS || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(Failure::usage(format!("`{said}` is neither a serial number nor `TENANT/USER`")).hint(
            format!("write at least {FEWEST_DIGITS} digits of the number; `wharf cert ls` lists them"),
        ));
    }
    let fitting: Vec<&String> = book.issued.keys().filter(|serial| serial.starts_with(&digits)).collect();
    match fitting.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(Failure::usage(format!("there is no certificate `{said}`"))
            .hint("`wharf cert ls --all` lists them")),
        _ => Err(Failure::usage(format!("several certificates begin with `{said}`"))
            .hint("write more of the number")),
    }
}

impl Target {
    /// Whose it is, where that is not said by the target itself.
    fn whose(&self, book: &IdentityBook) -> String {
        let Self::Serial(serial) = self else { return String::new() };
        let issued = book.issued.get(serial);
        issued.map(|issued| format!("{}/{}", issued.tenant.name, issued.user)).unwrap_or_default()
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Serial(serial) => f.write_str(serial),
            Self::Tenant(tenant) => tenant.fmt(f),
            Self::User(tenant, user) => write!(f, "{tenant}/{user}"),
        }
    }
}
