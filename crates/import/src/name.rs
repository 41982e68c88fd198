//! Names of secrets, from the names that values have elsewhere.

use thiserror::Error;
use wharf_model::SecretName;

/// Why a path gives no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NameError {
    /// Nothing of it is a letter or digit.
    #[error("it has no letter and no digit that a secret's name may have")]
    Nothing,
    /// Longer than 64 characters.
    #[error("it gives a name of more than 64 characters")]
    TooLong,
}

/// The rule: keys are joined by `-`, and what a name may not have becomes `-`; capitals stay.
///
/// `db: {password: …}` becomes `db-password`, `DB_PASSWORD` stays, the first item of `tokens` becomes `tokens-0`.
pub fn named(path: &[String]) -> Result<SecretName, NameError> {
    let joined = path.join("-");
    let allowed = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-') { c } else { '-' };
    // More than a name may have is never needed, and a key may have megabytes.
    let text: String = joined.chars().map(allowed).take(256).collect();
    let text = text.trim_start_matches(|c: char| !c.is_ascii_alphanumeric()).trim_end_matches('-');
    if text.is_empty() {
        return Err(NameError::Nothing);
    }
    text.parse().map_err(|_| NameError::TooLong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(path: &[&str]) -> Result<String, NameError> {
        let path: Vec<String> = path.iter().map(ToString::to_string).collect();
        named(&path).map(|name| name.to_string())
    }

    #[test]
    fn keys_are_joined_and_kept_as_far_as_a_name_allows() {
        assert_eq!(name(&["db", "password"]), Ok("db-password".into()));
        assert_eq!(name(&["DB_PASSWORD"]), Ok("DB_PASSWORD".into()));
        assert_eq!(name(&["tokens", "0"]), Ok("tokens-0".into()));
        assert_eq!(name(&["db.host", "pass word!"]), Ok("db.host-pass-word".into()));
        assert_eq!(name(&[".hidden"]), Ok("hidden".into()));
        assert_eq!(name(&["../../etc/passwd"]), Ok("etc-passwd".into()));
        assert_eq!(name(&["schlüssel"]), Ok("schl-ssel".into()));
    }

    #[test]
    fn what_gives_no_name_says_why() {
        assert_eq!(name(&["…"]), Err(NameError::Nothing));
        assert_eq!(name(&[]), Err(NameError::Nothing));
        assert_eq!(name(&["x".repeat(65).as_str()]), Err(NameError::TooLong));
        assert_eq!(name(&["x".repeat(10 << 20).as_str()]), Err(NameError::TooLong));
    }
}
