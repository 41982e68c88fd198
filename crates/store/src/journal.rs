//! Telling the systemd journal, where there is one: its native protocol, one datagram a record.
//!
//! It is a second copy. Nobody waits for it, and nothing fails because of it: what a full or absent journal does not take
//! is in the trail's file.

use crate::audit_record::{AuditRecord, Outcome, plain};
use std::io;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};

/// Where journals listen.
#[derive(Debug)]
pub struct Journal {
    socket: UnixDatagram,
    path: PathBuf,
}

impl Journal {
    /// Where systemd's journal listens.
    pub const SYSTEM: &str = "/run/systemd/journal/socket";

    /// The journal that listens at this path, or will, or did: it is looked for anew with each record.
    ///
    /// # Errors
    /// When the process may open no more files.
    pub fn at(path: &Path) -> io::Result<Self> {
        let socket = UnixDatagram::unbound()?;
        socket.set_nonblocking(true)?;
        Ok(Self { socket, path: path.to_owned() })
    }

    pub(crate) fn tell(&self, record: &AuditRecord) {
        // See above: this copy may be missing.
        let _sent = self.socket.send_to(&datagram(&record.bounded()), &self.path);
    }
}

/// The fields, one a line. A new line in a value would make a field; records' control characters are escaped.
fn datagram(record: &AuditRecord) -> Vec<u8> {
    let tenant = record.tenant.as_ref().map(ToString::to_string).unwrap_or_default();
    let message = message(record);
    let fields = [
        ("MESSAGE", message.as_str()),
        ("PRIORITY", priority(record.outcome)),
        ("SYSLOG_IDENTIFIER", "wharf"),
        ("WHARF_TENANT", &tenant),
        ("WHARF_USER", record.account().unwrap_or_default()),
        ("WHARF_ACTION", &record.action),
        ("WHARF_OBJECT", &record.object),
        ("WHARF_ID", record.id.as_deref().unwrap_or_default()),
        ("WHARF_OUTCOME", record.outcome.as_str()),
        ("WHARF_RULE", &record.rule),
    ];
    let said = fields.into_iter().filter(|(_, value)| !value.is_empty());
    said.flat_map(|(field, value)| format!("{field}={}\n", plain(value)).into_bytes()).collect()
}

fn message(record: &AuditRecord) -> String {
    let AuditRecord { actor, action, object, outcome, rule, detail, .. } = record;
    let rule = if rule.is_empty() { String::new() } else { format!(" by rule {rule}") };
    let detail = if detail.is_empty() { String::new() } else { format!(": {detail}") };
    format!("{actor}: {action} {object}: {}{rule}{detail}", outcome.as_str())
}

/// As syslog counts: 4 is a warning, 5 a notice, 6 information.
fn priority(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Failed => "4",
        Outcome::Denied => "5",
        Outcome::Permitted | Outcome::Done => "6",
    }
}

#[cfg(test)]
mod tests;
