//! Accounts at registries: `X-Registry-Auth`, and the body of a login.

use crate::RegistryCredentials;
use crate::ask::json::Json;
use crate::ask::object::Object;
use crate::ask::{Refusal, fields};
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);

/// `X-Registry-Auth`: a JSON document in base64. `None` when it names no account.
pub(crate) fn header(value: Option<&str>) -> Result<Option<RegistryCredentials>, Refusal> {
    let Some(document) = document(value, "X-Registry-Auth")? else { return Ok(None) };
    let account = read(Object::open(document, "X-Registry-Auth", fields::ACCOUNT)?)?;
    let says_nothing =
        account.username.is_empty() && account.password.is_empty() && account.identity_token.is_none();
    Ok(Some(account).filter(|_| !says_nothing))
}

/// `X-Registry-Config`, all accounts of a client at once, is for builds: it may say nothing.
pub(crate) fn check_config(value: Option<&str>) -> Result<(), Refusal> {
    let Some(document) = document(value, "X-Registry-Config")? else { return Ok(()) };
    Object::open(document, "X-Registry-Config", fields::NOTHING).map(|_| ())
}

/// An account, as a login says it.
pub(crate) fn read(mut account: Object) -> Result<RegistryCredentials, Refusal> {
    Ok(RegistryCredentials {
        registry: account.text("serveraddress")?.unwrap_or_default(),
        username: account.text("username")?.unwrap_or_default(),
        password: account.text("password")?.unwrap_or_default(),
        identity_token: account.text("identitytoken")?,
    })
}

fn document(value: Option<&str>, header: &str) -> Result<Option<Json>, Refusal> {
    let Some(text) = value.filter(|text| !text.is_empty()) else { return Ok(None) };
    let wrong = || Refusal::malformed(format!("`{header}` is not a JSON document in base64"));
    let bytes = URL_SAFE.decode(text).or_else(|_| STANDARD.decode(text)).map_err(|_| wrong())?;
    // The parser's own words could repeat what is secret.
    Json::parse(&bytes).map(Some).map_err(|_| wrong())
}
