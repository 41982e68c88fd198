//! Whether a pin that was made may be opened again: today's configuration is asked, not yesterday's.

use super::grant;
use crate::serve::membership_of;
use crate::standing::{Membership, Standing};
use wharf_pin::{Account, Missing, Record, Request};

/// Who asks for what today, or why nobody may any more.
///
/// # Errors
/// In a sentence for people.
pub fn still_granted(standing: &Standing, record: &Record) -> Result<(Account, Request), String> {
    let (tenant, account) = (&record.tenant, &record.account);
    let rights = standing.grants.tenants.get(tenant).filter(|rights| rights.owns(&record.owner()));
    let rights = rights.ok_or_else(|| format!("tenant `{tenant}` was removed"))?;
    match membership_of(standing, account) {
        Membership::Tenant(now) if now.name == *tenant => {}
        _ => return Err(format!("account `{account}` is not in tenant `{tenant}` any more")),
    }
    let account = Account::lookup(account).map_err(|error| error.to_string())?;
    let request =
        grant::covering(&rights.grant.mounts, account.home(), &record.path, record.access, Missing::Refused);
    match request.map_err(|refusal| refusal.to_string())? {
        Some(request) if request.access() == record.access => Ok((account, request)),
        Some(_) => Err(format!("`{}` may be bound for reading only now", record.path.display())),
        None => Err(format!("`{}` is not granted any more", record.path.display())),
    }
}
