//! `wharf cert ls`: who may come in by certificate.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::identity::{Identity, date};
use crate::setting::Setting;
use crate::show;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use wharf_store::{IdentityBook, Issued, Moment, Seen};

/// Which certificates to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// Those that hold now.
    Good,
    /// Those that are over, too.
    All,
}

impl From<bool> for Which {
    fn from(all: bool) -> Self {
        if all { Self::All } else { Self::Good }
    }
}

pub(super) fn run(setting: &Setting<'_>, which: Which) -> Result<Exit, Failure> {
    let identity = Identity::of(setting, "cert ls")?;
    let (book, seen, now) = (identity.book()?, identity.store.seen(), identity.moment());
    let mut chosen: Vec<(&String, &Issued)> =
        book.issued.iter().filter(|(_, issued)| which == Which::All || issued.is_good(now)).collect();
    chosen.sort_by_key(|(_, issued)| (issued.tenant.clone(), issued.user.clone(), issued.issued));
    if setting.common.json {
        let certificates: Vec<Value> =
            chosen.iter().map(|(serial, issued)| document(serial, issued, &seen, &book, now)).collect();
        show::print_json(&json!({"certificates": certificates, "invitations": invitations(&book, now)}));
        return Ok(Exit::Done);
    }
    let rows: Vec<Vec<String>> =
        chosen.iter().map(|(serial, issued)| row(serial, issued, &seen, &book, now)).collect();
    show::print(&show::table(&["WHO", "SERIAL", "EXPIRES", "LAST SEEN", "FROM", "STATE"], &rows));
    for invitation in book.invitations.values().filter(|invitation| invitation.expires > now) {
        let until = date(invitation.expires);
        show::print(&format!("{}/{} is invited until {until}", invitation.tenant.name, invitation.user));
    }
    Ok(Exit::Done)
}

fn row(
    serial: &str,
    issued: &Issued,
    seen: &BTreeMap<String, Seen>,
    book: &IdentityBook,
    now: Moment,
) -> Vec<String> {
    let (at, from) = seen
        .get(serial)
        .map_or_else(|| ("never".to_owned(), "-".to_owned()), |(at, from)| (date(*at), show::one_line(from)));
    vec![
        format!("{}/{}", issued.tenant.name, issued.user),
        serial.get(..16).unwrap_or(serial).to_owned(),
        date(issued.expires),
        at,
        from,
        state(serial, issued, book, now),
    ]
}

fn state(serial: &str, issued: &Issued, book: &IdentityBook, now: Moment) -> String {
    match issued.revoked {
        Some(since) => format!("revoked {}", date(since)),
        None if issued.expires <= now => "expired".to_owned(),
        None if book.issued.values().any(|next| next.renewed_from.as_deref() == Some(serial)) => {
            "renewed".to_owned()
        }
        None if book.rotated.is_some_and(|rotated| issued.issued < rotated) => {
            "good (former authority)".to_owned()
        }
        None => "good".to_owned(),
    }
}

fn document(
    serial: &str,
    issued: &Issued,
    seen: &BTreeMap<String, Seen>,
    book: &IdentityBook,
    now: Moment,
) -> Value {
    let (at, from) = seen.get(serial).map_or((None, None), |(at, from)| (Some(at), Some(from)));
    json!({
        "tenant": issued.tenant.name, "generation": issued.tenant.generation, "user": issued.user, "serial": serial,
        "key": issued.key, "issued": issued.issued, "expires": issued.expires, "life_seconds": issued.life_secs,
        "revoked": issued.revoked, "renewed_from": issued.renewed_from, "last_seen": at, "last_from": from,
        "state": state(serial, issued, book, now),
    })
}

fn invitations(book: &IdentityBook, now: Moment) -> Vec<Value> {
    let open = book.invitations.iter().filter(|(_, invitation)| invitation.expires > now);
    open.map(|(id, invitation)| {
        json!({
            "id": id, "tenant": invitation.tenant.name, "user": invitation.user, "expires": invitation.expires,
            "life_seconds": invitation.life_secs,
        })
    })
    .collect()
}
