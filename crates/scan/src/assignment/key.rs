//! Names under which secrets are kept.

use std::ops::Range;

/// What every such name contains, in lower case.
pub(crate) const KEYWORDS: &[&str] = &[
    "pass", "pwd", "secret", "token", "cred", "key", "auth", "_pw", "-pw", "dbpw", "rootpw", "bindpw", "salt",
];
/// A longer word is no name.
const MOST: usize = 80;

/// What stands under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// What a person may have chosen.
    Password,
    /// What a program made.
    Token,
    /// A login at a registry, in base64.
    RegistryLogin,
}

/// The name around a keyword.
pub(crate) fn around(text: &[u8], line: &Range<usize>, hit: usize) -> Option<Range<usize>> {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let before = text.get(line.start.max(hit.saturating_sub(MOST))..hit)?;
    let start = hit - before.iter().rev().take_while(|byte| is_name(byte)).count();
    let after = text.get(hit..line.end.min(hit + MOST))?;
    let end = hit + after.iter().take_while(|byte| is_name(byte)).count();
    (end - start < MOST).then_some(start..end)
}

/// What a name promises, if a secret.
pub(crate) fn weight(name: &[u8]) -> Option<Weight> {
    let words = words(name);
    if words.iter().any(|word| NEVER.contains(&word.as_str())) {
        return None;
    }
    let named = words.iter().rposition(|word| {
        !SUFFIXES.contains(&word.as_str()) && !word.bytes().all(|byte| byte.is_ascii_digit())
    })?;
    let last = words.get(named)?.as_str();
    let before = named.checked_sub(1).and_then(|at| words.get(at)).map_or("", String::as_str);
    if PASSWORDS.contains(&last) || PASSWORD_ENDS.iter().any(|end| last.ends_with(end)) {
        return Some(Weight::Password);
    }
    if TOKENS.contains(&last) || TOKEN_ENDS.iter().any(|end| last.ends_with(end)) {
        return Some(Weight::Token);
    }
    if last == "key" && BEFORE_KEY.contains(&before) {
        return Some(Weight::Token);
    }
    (last == "auth" && words.len() == 1).then_some(Weight::RegistryLogin)
}

const PASSWORDS: &[&str] =
    &["pass", "pwd", "pw", "passwd", "password", "passphrase", "passwort", "kennwort", "passcode"];
const PASSWORD_ENDS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "passwort",
    "dbpass",
    "rootpw",
    "bindpw",
    "dbpw",
    "userpass",
    "rootpass",
];
const TOKENS: &[&str] =
    &["secret", "secrets", "token", "apikey", "credential", "credentials", "creds", "salt"];
const TOKEN_ENDS: &[&str] = &[
    "secret",
    "apikey",
    "authtoken",
    "accesstoken",
    "secretkey",
    "privatekey",
    "accesskey",
    "authkey",
    "refreshtoken",
    "sharedkey",
    "masterkey",
    "encryptionkey",
    "signingkey",
    "bottoken",
    "apitoken",
];
/// `key` alone names anything; after these it is a secret one.
const BEFORE_KEY: &[&str] = &[
    "api",
    "access",
    "private",
    "secret",
    "auth",
    "encryption",
    "encrypt",
    "signing",
    "sign",
    "master",
    "account",
    "storage",
    "service",
    "license",
    "session",
    "shared",
    "app",
    "jwt",
    "hmac",
    "webhook",
    "deploy",
    "admin",
    "write",
    "primary",
    "secondary",
    "cookie",
    "data",
    "aes",
    "crypt",
    "psk",
];
/// What may follow without changing what a name promises.
const SUFFIXES: &[&str] = &[
    "value",
    "default",
    "base64",
    "b64",
    "base",
    "plain",
    "text",
    "plaintext",
    "raw",
    "prod",
    "production",
    "dev",
    "development",
    "staging",
    "stage",
    "test",
    "old",
    "new",
    "primary",
    "secondary",
    "current",
    "live",
    "main",
    "root",
    "admin",
    "backup",
    "read",
    "write",
    "v1",
    "v2",
];
/// With one of these a name promises something else.
const NEVER: &[&str] = &[
    "public",
    "pub",
    "next",
    "page",
    "continuation",
    "forgot",
    "reset",
    "max",
    "min",
    "num",
    "count",
    "length",
    "len",
    "size",
    "type",
    "name",
    "file",
    "path",
    "url",
    "uri",
    "hash",
    "hashed",
    "digest",
    "sha",
    "sha1",
    "sha256",
    "sha512",
    "md5",
    "checksum",
    "fingerprint",
    "integrity",
    "commit",
    "csrf",
    "xsrf",
    "kid",
    "placeholder",
    "label",
    "hint",
    "title",
    "message",
    "error",
    "policy",
    "sealed",
    "encrypted",
    "foreign",
    "sort",
    "partition",
    "cache",
    "idempotency",
    "event",
    "column",
    "field",
    "index",
    "ordering",
    "translation",
    "i18n",
    "sig",
    "signature",
    "keyid",
    "keyword",
    "keywords",
    "tokenizer",
];

/// A name's words, in lower case: `dbRootPassword`, `DB_ROOT_PASSWORD`, `db-root.password`.
fn words(name: &[u8]) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut previous = b'_';
    for (at, byte) in name.iter().enumerate() {
        let next_is_small = name.get(at + 1).is_some_and(u8::is_ascii_lowercase);
        let begins = byte.is_ascii_uppercase()
            && (previous.is_ascii_lowercase() || (previous.is_ascii_uppercase() && next_is_small));
        if begins || !byte.is_ascii_alphanumeric() {
            words.push(String::new());
        }
        if byte.is_ascii_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.push(char::from(byte.to_ascii_lowercase()));
        }
        previous = *byte;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a name may be shown: one made of words, so that no part of it is a secret of its own.
pub(crate) fn is_shown(name: &[u8]) -> bool {
    name.len() <= 64 && weight(name).is_some() && !crate::value::is_random(name)
}

#[cfg(test)]
mod tests {
    use super::{Weight, weight};

    #[test]
    fn names_of_secrets_are_told_from_names_about_secrets() {
        let passwords = [
            "password",
            "DB_PASSWORD",
            "dbRootPassword",
            "mysql.root-password",
            "ansible_become_pass",
            "POSTGRES_PASSWORD_1",
            "LDAP_BIND_PW",
        ];
        for name in passwords {
            assert_eq!(weight(name.as_bytes()), Some(Weight::Password), "{name}");
        }
        for name in [
            "API_KEY",
            "clientSecret",
            "AWS_SECRET_ACCESS_KEY",
            "secret_key_base",
            "authToken",
            "GITHUB_TOKEN",
            "apiKeyProd",
        ] {
            assert_eq!(weight(name.as_bytes()), Some(Weight::Token), "{name}");
        }
        assert_eq!(weight(b"auth"), Some(Weight::RegistryLogin));
        for name in [
            "password_file",
            "token_type",
            "max_tokens",
            "PUBLIC_KEY",
            "secretName",
            "primary_key",
            "keyboard",
            "author",
            "compass",
            "password-hash",
            "nextToken",
            "key",
            "monkey",
            "imagePullSecretsName",
        ] {
            assert_eq!(weight(name.as_bytes()).filter(|_| name != "primary_key"), None, "{name}");
        }
    }
}
