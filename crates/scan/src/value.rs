//! What values look like: random, chosen by a person, a placeholder, or a reference to something kept elsewhere.

/// Bits per byte, by how often each occurs.
pub(crate) fn entropy(bytes: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in bytes {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count += 1;
        }
    }
    let length = u32::try_from(bytes.len()).map_or(f64::from(u32::MAX), f64::from);
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| f64::from(*count) / length)
        .map(|p| -p * p.log2())
        .sum()
}

/// Made by a program from randomness, by its looks: long, mixed, and not made of words.
pub(crate) fn is_random(value: &[u8]) -> bool {
    if value.len() < 16 || value.len() > 512 || !value.iter().all(|byte| is_token_byte(*byte)) {
        return false;
    }
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    let letters = value.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let is_mixed = value.iter().any(u8::is_ascii_lowercase) && value.iter().any(u8::is_ascii_uppercase);
    if digits + usize::from(is_mixed) < 2 || digits < 1 || letters < 3 || is_sequence(value) {
        return false;
    }
    let least = if value.iter().all(u8::is_ascii_hexdigit) { 2.8 } else { 3.3 };
    entropy(value) >= least && (words_of(value) * 2 < value.len() || is_interspersed(value))
}

/// Digits all over, as nobody puts them into names.
fn is_interspersed(value: &[u8]) -> bool {
    let changes = value.windows(2).filter(|pair| match pair {
        [a, b] => {
            (a.is_ascii_digit() && b.is_ascii_alphabetic()) || (a.is_ascii_alphabetic() && b.is_ascii_digit())
        }
        _ => false,
    });
    changes.count() >= (value.len() / 5).max(4)
}

/// Chosen by a person as a password, by its looks: letters and something else, no words in a row, no name of anything.
pub(crate) fn is_chosen(value: &[u8]) -> bool {
    let has_letter = value.iter().any(u8::is_ascii_alphabetic);
    let has_digit = value.iter().any(u8::is_ascii_digit);
    let signs = value
        .iter()
        .filter(|byte| {
            matches!(byte, b'!' | b'@' | b'#' | b'$' | b'%' | b'^' | b'&' | b'*' | b'?' | b'+' | b'~')
        })
        .count();
    let is_name = value
        .iter()
        .all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-' | b'.' | b'/' | b':'));
    value.len() >= 8
        && value.len() <= 128
        && has_letter
        && (has_digit || signs > 0)
        && !is_name
        && value.iter().all(u8::is_ascii_graphic)
        && !value.iter().any(|byte| {
            matches!(byte, b'(' | b')' | b'<' | b'>' | b'{' | b'}' | b'[' | b']' | b'\\' | b'"' | b'|' | b' ')
        })
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/=_-.~!@#^&*:%".contains(&byte)
}

/// How many bytes belong to runs of letters that read like words.
fn words_of(value: &[u8]) -> usize {
    let mut total = 0;
    for run in value.split(|byte| !byte.is_ascii_alphabetic()) {
        // `camelCase` is two words; `xKqPz` is none.
        let mut start = 0;
        for at in 1..=run.len() {
            let ends = run.get(at).is_none_or(u8::is_ascii_uppercase)
                && !(run.get(at).is_some() && run.get(at - 1).is_some_and(u8::is_ascii_uppercase));
            if ends {
                total +=
                    run.get(start..at).map_or(0, |word| if reads_like_a_word(word) { word.len() } else { 0 });
                start = at;
            }
        }
    }
    total
}

fn reads_like_a_word(word: &[u8]) -> bool {
    let vowels = word.iter().filter(|byte| b"aeiouyAEIOUY".contains(byte)).count();
    let run = word.len();
    run >= 3 && vowels * 5 >= run && vowels * 10 <= run * 7
}

/// `0123456789abcdef`, `abcdefghijklmnop`, `aaaaaaaa1111`: written by hand to look like something.
fn is_sequence(value: &[u8]) -> bool {
    let steps = value.windows(2).filter(|pair| match pair {
        [a, b] => a == b || a.wrapping_add(1) == *b || (*a == b'9' && matches!(b, b'a' | b'A' | b'0')),
        _ => false,
    });
    steps.count() * 2 > value.len()
}

/// What is no secret whatever key it stands under: digests, UUIDs, public keys, sealed values, hashes of passwords.
pub(crate) fn is_never_secret(value: &[u8]) -> bool {
    const HEADS: &[&[u8]] = &[
        b"sha1:",
        b"sha256:",
        b"sha384:",
        b"sha512:",
        b"md5:",
        b"sha256-",
        b"sha384-",
        b"sha512-",
        b"sha1-",
        b"enc[",
        b"age1",
        b"ssh-",
        b"ecdsa-",
        b"aaaa",
        b"$2a$",
        b"$2b$",
        b"$2y$",
        b"$5$",
        b"$6$",
        b"$argon2",
        b"$apr1$",
        b"$y$",
        b"$ansible_vault",
        b"scram-sha-",
        b"pbkdf2",
        b"{ssha}",
        b"{sha}",
        b"bcrypt",
        b"-----begin public",
        b"-----begin cert",
        b"-----begin age",
        b"-----begin ssh sig",
        b"agekey",
        b"sk-lf-pk",
    ];
    let starts = |head: &&[u8]| value.get(..head.len()).is_some_and(|start| start.eq_ignore_ascii_case(head));
    HEADS.iter().any(starts) || is_uuid(value) || is_sequence(value)
}

fn is_uuid(value: &[u8]) -> bool {
    value.len() == 36
        && value.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Stands where a value will stand, or says where it is kept.
pub(crate) fn is_placeholder(value: &[u8]) -> bool {
    const WORDS: &[&str] = &[
        "null",
        "none",
        "nil",
        "true",
        "false",
        "undefined",
        "empty",
        "unset",
        "default",
        "password",
        "passwd",
        "secret",
        "token",
        "changeme",
        "change_me",
        "change-me",
        "changeit",
        "example",
        "test",
        "testing",
        "dummy",
        "foo",
        "bar",
        "foobar",
        "redacted",
        "hidden",
        "required",
        "optional",
        "string",
        "str",
        "int",
        "bool",
        "todo",
        "tbd",
        "n/a",
        "na",
        "yes",
        "no",
        "on",
        "off",
        "xxx",
        "value",
        "pass",
        "pwd",
        "key",
        "secretkey",
        "apikey",
        "mypassword",
        "mysecret",
        "mytoken",
        "prompt",
        "ask",
        "auto",
        "generate",
        "generated",
        "random",
        "external",
        "file",
        "env",
        "vault",
        "disabled",
        "enabled",
        "any",
        "all",
        "inherit",
    ];
    const PARTS: &[&str] = &[
        "your",
        "example",
        "changeme",
        "change_me",
        "change-me",
        "replace",
        "placeholder",
        "redacted",
        "xxxx",
        "****",
        "insert",
        "dummy",
        "sample",
        "lorem",
        "fixme",
        "goes-here",
        "goes_here",
        "my-secret",
        "my_secret",
        "mysecret",
        "my-password",
        "not-a-real",
        "notareal",
        "fake",
        "dontuse",
        "do-not-use",
        "<",
        "${",
        "{{",
        "#{",
        "<%",
        "$(",
        "%{",
        "@{",
        "...",
        "\u{2026}",
    ];
    let text = String::from_utf8_lossy(value).to_ascii_lowercase();
    let kinds = value.iter().collect::<std::collections::BTreeSet<_>>().len();
    kinds <= 2
        || WORDS.contains(&text.trim_matches(|c: char| !c.is_alphanumeric()))
        || PARTS.iter().any(|part| text.contains(part))
        || is_reference(value, &text)
}

/// Points to where a value is kept.
fn is_reference(value: &[u8], text: &str) -> bool {
    const HEADS: &[&str] = &[
        "$",
        "{",
        "[",
        "!",
        "*",
        "&",
        "|",
        ">",
        "<",
        "@",
        "%",
        "`",
        "/",
        "./",
        "../",
        "~/",
        "file:",
        "env:",
        "env.",
        "vault:",
        "secret:",
        "secrets/",
        "secrets.",
        "op://",
        "ssm:",
        "arn:",
        "ref+",
        "keyring:",
        "process.env",
        "os.",
        "self.",
        "this.",
        "config.",
        "settings.",
        "options.",
        "args.",
        "params.",
        "request.",
        "ctx.",
        "http://",
        "https://",
        "c:\\",
        "data.",
        "var.",
        "local.",
        "module.",
        "none,",
        "null,",
        "lambda",
        "function",
        "new ",
        "async",
        "await ",
        "return",
        "str(",
        "bytes(",
        "b64decode",
        "urn:",
        "kms:",
        "bao:",
        "sops:",
        "azurekeyvault",
    ];
    // `$ecret!1` and `!Passw0rd` are passwords: what refers is followed by a name or a bracket and nothing odd.
    let is_plain = |rest: &[u8]| {
        rest.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_{}()[].-: ?/\"'$".contains(byte))
    };
    let odd_start = matches!(value.first(), Some(b'$' | b'!' | b'*' | b'&' | b'@' | b'%' | b'[' | b'{'));
    if odd_start && !is_plain(value.get(1..).unwrap_or_default()) {
        return value.get(1).is_none() || matches!(value.get(1), Some(b'{' | b'(' | b'['));
    }
    // Base64 may begin with what paths begin with.
    let is_path = !(text.starts_with('/') && is_random(value));
    (is_path && HEADS.iter().any(|head| text.starts_with(head))) || text.ends_with(')') || text.contains("()")
}

#[cfg(test)]
mod tests {
    use super::{entropy, is_chosen, is_never_secret, is_placeholder, is_random};

    #[test]
    fn random_values_are_told_from_names_and_words() {
        for random in [
            "8f3kz0QmWx71LpVn",
            "c4ca4238a0b923820dcc509a6f75849b",
            "Zm9vYmFyYmF6cXV4MTIz",
            "k3j9x0qmp2v7w1z5c8b4",
        ] {
            assert!(is_random(random.as_bytes()), "{random}");
        }
        for plain in [
            "my-bucket-name-2024-prod",
            "getElementById12AndThen",
            "0123456789abcdef",
            "aaaaaaaaaaaaaaaa",
            "abcdefghijklmnopqrstuvwxyz0123456789",
            "org.apache.commons.codec2.binary3",
            "correct horse battery staple",
            "short1",
        ] {
            assert!(!is_random(plain.as_bytes()), "{plain}");
        }
    }

    #[test]
    fn passwords_that_people_choose_are_told_from_names_and_code() {
        for chosen in ["hunter2hunter2", "P@ssw0rd!23", "blogdb2024!"] {
            assert!(is_chosen(chosen.as_bytes()), "{chosen}");
        }
        for other in ["db_password", "getPassword()", "short1", "my-secret", "a.b.c/d"] {
            assert!(!is_chosen(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn references_and_placeholders_are_no_values() {
        for reference in [
            "${DB_PASSWORD}",
            "{{ vault_db }}",
            "$DB_PASSWORD",
            "<your password>",
            "changeme",
            "/run/secrets/db",
            "!vault",
            "xxxxxxxx",
            "your-token-here",
            "os.environ[\"X\"]",
        ] {
            assert!(is_placeholder(reference.as_bytes()), "{reference}");
        }
        for value in ["$ecret!1x#", "!Passw0rd#9", "tr0ub4dor&3"] {
            assert!(!is_placeholder(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn digests_uuids_and_sealed_values_are_never_secret() {
        for value in [
            "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "ENC[AES256_GCM,data:abc=,iv:x]",
            "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",
            "123e4567-e89b-12d3-a456-426614174000",
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA",
            "$2b$12$abcdefghijklmnopqrstuv",
        ] {
            assert!(is_never_secret(value.as_bytes()), "{value}");
        }
        assert!(!is_never_secret(b"8f3kz0QmWx71LpVn"));
    }

    #[test]
    fn entropy_is_that_of_shannon() {
        assert!(entropy(b"aaaa").abs() < 1e-9);
        assert!((entropy(b"abcd") - 2.0).abs() < 1e-9);
    }
}
