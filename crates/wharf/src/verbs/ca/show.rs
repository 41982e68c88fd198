//! `wharf ca show`: what there is.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::identity::{Identity, date};
use crate::setting::Setting;
use crate::show;
use serde_json::json;
use wharf_pki::AuthorityCertificate;
use wharf_store::{AuthorityKind, Moment};

pub(super) fn run(setting: &Setting<'_>) -> Result<Exit, Failure> {
    let identity = Identity::of(setting, "ca show")?;
    let book = identity.book()?;
    let (authority, former, server) = (identity.certificate()?, identity.former()?, identity.server()?);
    let is_sealed = identity.is_sealed()?;
    let until = |time| Moment::from(time);
    if setting.common.json {
        show::print_json(&json!({
            "kind": book.authority,
            "subject": authority.subject(),
            "fingerprint": authority.fingerprint(),
            "expires": until(authority.not_after()),
            "sealed": is_sealed,
            "names": book.names,
            "server_expires": until(server.leaf_not_after()),
            "server_authority": server.authority().map(|authority| authority.fingerprint()),
            "rotated": book.rotated,
            "former": former.as_ref().map(AuthorityCertificate::fingerprint),
        }));
        return Ok(Exit::Done);
    }
    let kind = match book.authority {
        AuthorityKind::Own => "this host's own",
        AuthorityKind::Imported => "imported; only keys that the host configuration lists are let in",
    };
    show::print(&format!("authority    {} ({kind})", show::one_line(authority.subject())));
    show::print(&format!("fingerprint  {}", authority.fingerprint()));
    show::print(&format!("until        {}", date(until(authority.not_after()))));
    show::print(&format!(
        "key          {}",
        if is_sealed { "sealed with a passphrase" } else { "not sealed" }
    ));
    show::print(&format!("server       {}", book.names.join(", ")));
    show::print(&format!("until        {} (renewed by `wharf serve`)", date(until(server.leaf_not_after()))));
    if let (Some(former), Some(rotated)) = (former, book.rotated) {
        show::print(&format!(
            "former       {} (trusted since the rotation of {}, too)",
            former.fingerprint(),
            date(rotated)
        ));
        show::print("             `wharf ca rotate --finish` ends that");
    }
    Ok(Exit::Done)
}
