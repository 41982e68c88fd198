//! registry: a tenant's account is told to its own registry alone, and only where the tenant may go.

use super::case::Case;
use crate::{Denial, Rule};
use wharf_model::NamedImage;
use wharf_wire::RegistryCredentials;

pub(crate) fn check(image: &NamedImage, credentials: Option<&RegistryCredentials>) -> Result<(), Denial> {
    // Without an address the engine takes the image's own registry.
    let Some(account) = credentials.filter(|account| !account.registry.is_empty()) else {
        return Ok(());
    };
    if domain_of(&account.registry) == Some(image.domain()) {
        return Ok(());
    }
    let reason = format!("the account at `{}` is not for `{}`", account.registry, image.domain());
    Err(Denial::new(Rule::Registry, reason, "log in to the registry that the image is at"))
}

/// Whether the engine may try the account: it reaches for whatever address it is told.
pub(crate) fn check_granted(case: &Case<'_>, account: &RegistryCredentials) -> Result<(), Denial> {
    let asked = if account.registry.is_empty() { "docker.io" } else { account.registry.as_str() };
    let images = &case.grant().images;
    let mut granted = images.pull.iter().chain(&images.push).map(wharf_model::ImagePattern::domain);
    match domain_of(asked) {
        Some(domain) if granted.any(|granted| granted == domain) => Ok(()),
        _ => Err(Denial::new(
            Rule::Registry,
            format!("registry `{asked}` is not among those granted"),
            case.ask_for("images.pull"),
        )),
    }
}

/// The registry that an address means, in the few forms that clients write: `registry.example:5000`, the same with
/// `https://` before or `/`, `/v1/`, `/v2/` behind, and Docker's own index by its old names. Nothing in clear.
fn domain_of(address: &str) -> Option<&str> {
    let rest = address.strip_prefix("https://").unwrap_or(address);
    let domain = match rest.split_once('/') {
        Some((domain, "" | "v1" | "v1/" | "v2" | "v2/")) => domain,
        Some(_) => return None,
        None => rest,
    };
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']');
    match domain {
        "index.docker.io" | "registry-1.docker.io" => Some("docker.io"),
        _ if !domain.is_empty() && domain.bytes().all(is_plain) => Some(domain),
        _ => None,
    }
}
