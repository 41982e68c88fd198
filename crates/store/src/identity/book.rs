//! The book: what the authority is, what it has issued, and who is invited.

use crate::Moment;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet};
use wharf_model::{ClientName, Fingerprint, TenantId, TenantName};

/// The file `identity.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityBook {
    /// Whose the authority is.
    pub authority: AuthorityKind,
    /// Names and addresses that the server's certificate has. People are told to come to the first.
    pub names: Vec<String>,
    /// When the authority took a former one's place, until that is finished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotated: Option<Moment>,
    /// Certificates, by serial number in lower-case hexadecimal.
    #[serde(default)]
    pub issued: BTreeMap<String, Issued>,
    /// Who may join, by the token's id in lower-case hexadecimal.
    #[serde(default)]
    pub invitations: BTreeMap<String, Invitation>,
}

/// Whose an authority is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AuthorityKind {
    /// Made here: what it has issued stands in the book, and nothing else is from it.
    Own,
    /// Somebody's who signs for others, too: only keys that the host configuration lists are let in.
    Imported,
}

/// A certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issued {
    /// For which tenant.
    #[serde(with = "tenant")]
    pub tenant: TenantId,
    /// For whom there.
    pub user: ClientName,
    /// Of its public key.
    pub key: Fingerprint,
    /// Since when.
    pub issued: Moment,
    /// Until when.
    pub expires: Moment,
    /// For how long its renewals are issued, in seconds.
    pub life_secs: u64,
    /// Since when it is not let in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<Moment>,
    /// The serial number of the one before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renewed_from: Option<String>,
    /// The serial number of the first one, from which this was renewed again and again; `None` for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
}

/// Somebody who may join, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invitation {
    /// Of the token's secret, which is nowhere else.
    pub secret: Fingerprint,
    /// For which tenant.
    #[serde(with = "tenant")]
    pub tenant: TenantId,
    /// For whom there.
    pub user: ClientName,
    /// How long the certificate is to live, in seconds.
    pub life_secs: u64,
    /// Until when the token is good.
    pub expires: Moment,
}

/// Each certificate has some 400 bytes.
pub(super) const MOST_BYTES: u64 = 16 << 20;

/// Certificates stay in the book for so long after their end, so that people see what was.
const KEPT_MILLIS: u64 = 30 * 24 * 3600 * 1000;
/// Certificates of one line that are good at a time: a machine that renews in time has two or three.
const MOST_OF_LINE: usize = 6;
/// Old ones go only from books that have become long: a clock that was wrong for a moment is to shut nobody out.
const LONG: usize = 1000;
/// And no more of one user than this: a lease of minutes is renewed some thousands of times in a month. What the book does
/// not have is not let in, revoked or not.
const KEPT_OF_EACH: usize = 16;

impl IdentityBook {
    /// The book of a new authority.
    pub fn new(authority: AuthorityKind, names: Vec<String>) -> Self {
        Self { authority, names, rotated: None, issued: BTreeMap::new(), invitations: BTreeMap::new() }
    }

    /// Whether anybody may join now.
    pub fn is_open(&self, now: Moment) -> bool {
        self.invitations.values().any(|invitation| invitation.expires > now)
    }

    /// Revokes what `which` chooses, by serial number, and gives the numbers of those that were good until now.
    pub fn revoke(&mut self, now: Moment, which: impl Fn(&str, &Issued) -> bool) -> Vec<String> {
        let chosen = self.issued.iter_mut().filter(|(serial, issued)| {
            issued.revoked.is_none() && issued.expires > now && which(serial, issued)
        });
        chosen
            .map(|(serial, issued)| {
                issued.revoked = Some(now);
                serial.clone()
            })
            .collect()
    }

    /// Enters a certificate that is renewed from `former`. What else was renewed from that one, and good until now, was lost
    /// on its way or is somebody's who should not have it, and is revoked; so are the oldest of a line that has become long.
    pub fn renew(&mut self, former: &str, serial: String, issued: Issued) {
        let now = issued.issued;
        let line = self.line_of(former).to_owned();
        let mut doomed: BTreeSet<String> = BTreeSet::from([former.to_owned()]);
        loop {
            let is_child = |one: &Issued| one.renewed_from.as_ref().is_some_and(|from| doomed.contains(from));
            let children =
                self.issued.iter().filter(|(serial, one)| is_child(one) && !doomed.contains(*serial));
            let children: Vec<String> = children.map(|(serial, _)| serial.clone()).collect();
            if children.is_empty() {
                break;
            }
            doomed.extend(children);
        }
        doomed.remove(former);
        let good = |(serial, one): &(&String, &Issued)| {
            one.is_good(now)
                && one.is_of_line(serial, &line)
                && *serial != former
                && !doomed.contains(*serial)
        };
        let mut others: Vec<(Moment, String)> =
            self.issued.iter().filter(good).map(|(serial, one)| (one.issued, serial.clone())).collect();
        others.sort_unstable();
        let surplus = others.len().saturating_sub(MOST_OF_LINE.saturating_sub(2));
        doomed.extend(others.into_iter().take(surplus).map(|(_, serial)| serial));
        self.revoke(now, |serial, _| doomed.contains(serial));
        self.issued
            .insert(serial, Issued { renewed_from: Some(former.to_owned()), first: Some(line), ..issued });
    }

    /// Revokes one certificate and all that is of its line: whoever has it may have renewed it.
    pub fn revoke_line(&mut self, now: Moment, line: &str) -> Vec<String> {
        self.revoke(now, |serial, issued| issued.is_of_line(serial, line))
    }

    /// The first of those from which this one was renewed: itself, if it was not.
    pub fn line_of<'a>(&'a self, serial: &'a str) -> &'a str {
        self.issued.get(serial).and_then(|issued| issued.first.as_deref()).unwrap_or(serial)
    }

    /// Drops what is past: invitations that have expired, certificates long after they have.
    pub(super) fn prune(&mut self, now: Moment) {
        self.invitations.retain(|_, invitation| invitation.expires > now);
        let past = |issued: &Issued| issued.expires.unix_millis().saturating_add(KEPT_MILLIS);
        if self.issued.len() > LONG {
            self.issued.retain(|_, issued| past(issued) > now.unix_millis());
        }
        let mut ended: BTreeMap<(&TenantId, &ClientName), Vec<(Moment, &String)>> = BTreeMap::new();
        for (serial, issued) in self.issued.iter().filter(|(_, issued)| !issued.is_good(now)) {
            ended.entry((&issued.tenant, &issued.user)).or_default().push((issued.issued, serial));
        }
        let mut surplus = BTreeSet::new();
        for mut of_one in ended.into_values() {
            of_one.sort_unstable();
            let most = of_one.len().saturating_sub(KEPT_OF_EACH);
            surplus.extend(of_one.into_iter().take(most).map(|(_, serial)| serial.clone()));
        }
        self.issued.retain(|serial, _| !surplus.contains(serial));
    }
}

impl Issued {
    /// Whether the one of this number is of this line.
    pub fn is_of_line(&self, serial: &str, line: &str) -> bool {
        serial == line || self.first.as_deref() == Some(line)
    }

    /// Whether it holds, as far as the book knows.
    pub fn is_good(&self, now: Moment) -> bool {
        self.revoked.is_none() && self.expires > now
    }
}

/// A tenant and its generation, as the engine has it: `alice`, `alice_2`.
mod tenant {
    use super::{Deserialize, Deserializer, Serializer, TenantId};

    pub(super) fn serialize<S: Serializer>(tenant: &TenantId, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(tenant)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<TenantId, D::Error> {
        let text = String::deserialize(from)?;
        TenantId::from_engine(&text).ok_or_else(|| serde::de::Error::custom("no tenant is called so"))
    }
}

/// Of one tenant, whichever generation.
impl IdentityBook {
    /// Withdraws invitations that `which` chooses, and says how many.
    pub fn withdraw(&mut self, which: impl Fn(&TenantName, &ClientName) -> bool) -> usize {
        let before = self.invitations.len();
        self.invitations.retain(|_, invitation| !which(&invitation.tenant.name, &invitation.user));
        before.saturating_sub(self.invitations.len())
    }
}
