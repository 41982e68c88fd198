//! Which keys are taken, and what is said of the others.

use wharf_vault::{Identity, IdentityError, ReaderKey, ReaderKeyError, ReaderName};

const ED25519: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGzi+EtYzE2hfvFtnTDN1QugUrfda4WKPKULupuvjiw5";

fn refused(text: &str) -> ReaderKeyError {
    text.parse::<ReaderKey>().unwrap_err()
}

#[test]
fn a_key_is_taken_without_its_comment_and_read_back() {
    let key: ReaderKey = format!("{ED25519} ada@laptop\n").parse().unwrap();
    assert_eq!(key.to_string(), ED25519);
    assert_eq!(key.fingerprint(), "SHA256:twHaAIqaD78q6IkwF3yzmbgZMhRUEz8T3VrXbBTvfEg (ED25519)");
    let own = Identity::generate();
    assert_eq!(own.reader_key().to_string().parse::<ReaderKey>().unwrap(), *own.reader_key());
    assert_eq!(own.reader_key().fingerprint(), own.reader_key().to_string());
}

#[test]
fn what_is_no_reader_is_said_so_and_secret_halves_above_all() {
    assert_eq!(refused("hello"), ReaderKeyError::Unknown);
    assert_eq!(refused("age1xyz"), ReaderKeyError::Damaged("age"));
    assert_eq!(refused(&ED25519[..60]), ReaderKeyError::Damaged("ssh-ed25519"));
    assert_eq!(refused("ecdsa-sha2-nistp256 AAAA"), ReaderKeyError::Unknown);
    assert_eq!(refused(&Identity::generate().secret_text().unwrap()), ReaderKeyError::Secret);
    assert_eq!(refused("-----BEGIN OPENSSH PRIVATE KEY-----\nx"), ReaderKeyError::Secret);
}

#[test]
fn an_identity_reads_back_and_a_public_key_is_none() {
    let own = Identity::generate();
    let text = format!("# made for this test\n{}\n", *own.secret_text().unwrap());
    let again = Identity::parse(text.as_bytes(), || None).unwrap();
    assert_eq!(again.reader_key(), own.reader_key());
    let refused = |text: &str| Identity::parse(text.as_bytes(), || None).unwrap_err();
    assert_eq!(refused(own.reader_key().as_str()), IdentityError::Public);
    assert_eq!(refused(ED25519), IdentityError::Public);
    assert_eq!(refused(""), IdentityError::Unknown);
    assert_eq!(refused(&format!("{text}{text}")), IdentityError::Several);
    assert_eq!(refused("AGE-SECRET-KEY-1X"), IdentityError::Damaged("age"));
}

#[test]
fn names_of_readers_steer_no_terminal_and_no_yaml() {
    for good in ["ada", "ada@laptop.local", "a+b", "0"] {
        assert!(good.parse::<ReaderName>().is_ok(), "{good}");
    }
    for bad in ["", "-a", "a b", "a\u{1b}[1m", "a\nb", "{", &"x".repeat(65)] {
        assert!(bad.parse::<ReaderName>().is_err(), "{bad}");
    }
    assert_eq!(ReaderName::near(" Ada's key!").unwrap().as_str(), "Ada-s-key-");
    assert_eq!(ReaderName::near("\u{1b}"), None);
}
