//! Who vouches for a file. That ssh-keygen agrees is shown in conformance.

use super::{name, reader, reread, sealed, value};
use ssh_key::{Algorithm, LineEnding, PrivateKey, rand_core::OsRng};
use wharf_vault::{Identity, SignatureError, SignerKey, SigningKey};

/// That RSA keys sign, too, is shown with those that ssh-keygen makes.
fn ssh() -> (SigningKey, SignerKey) {
    let key = PrivateKey::random(&mut OsRng, Algorithm::Ed25519).unwrap();
    let signing = SigningKey::parse(key.to_openssh(LineEnding::LF).unwrap().as_bytes(), || None).unwrap();
    let signer = signing.signer_key();
    (signing, signer)
}

#[test]
fn a_listed_signer_is_found_and_others_are_refused() {
    let host = Identity::generate();
    let ((ada, adas), (_bob, bobs)) = (ssh(), ssh());
    let mut file = sealed(vec![reader("host", &host)], &[("a", "1")]);
    assert_eq!(file.check_signature(std::slice::from_ref(&adas)).unwrap_err(), SignatureError::Unsigned);
    file.sign(&ada).unwrap();
    let file = reread(&file.print());
    assert!(file.check_signature(&[bobs.clone(), adas.clone()]).unwrap().is_same_key(&adas));
    assert!(matches!(file.check_signature(&[bobs]), Err(SignatureError::UnknownSigner { .. })));
    assert!(matches!(file.check_signature(&[]), Err(SignatureError::UnknownSigner { .. })));
}

#[test]
fn any_change_ends_a_signature() {
    let host = Identity::generate();
    let (ada, adas) = ssh();
    let mut file = sealed(vec![reader("host", &host)], &[("a", "1"), ("b", "2")]);
    file.sign(&ada).unwrap();
    let text = file.print();
    let removed = {
        let from = text.find("\n  b:").unwrap();
        let to = text.find("\nsignature").unwrap();
        format!("{}{}", &text[..from], &text[to..])
    };
    for changed in [
        removed,
        text.replace("name: host", "name: other"),
        text.replace("generation: 1000", "generation: 1001"),
    ] {
        let error = reread(&changed).check_signature(std::slice::from_ref(&adas)).unwrap_err();
        assert!(matches!(error, SignatureError::Changed { .. }), "{error}");
    }
    file.seal(&name("a"), &value("3"), 5_000, None).unwrap();
    assert_eq!(file.check_signature(&[adas]).unwrap_err(), SignatureError::Unsigned);
}

#[test]
fn a_signature_made_for_something_else_does_not_count() {
    let host = Identity::generate();
    let key = PrivateKey::random(&mut OsRng, Algorithm::Ed25519).unwrap();
    let file = sealed(vec![reader("host", &host)], &[("a", "1")]);
    let elsewhere = key.sign("file", ssh_key::HashAlg::Sha512, file.signed_text().as_bytes()).unwrap();
    let block: String =
        elsewhere.to_pem(LineEnding::LF).unwrap().lines().flat_map(|line| ["  ", line, "\n"]).collect();
    let file = reread(&format!("{}signature: |\n{block}", file.print()));
    let signer: SignerKey = key.public_key().to_openssh().unwrap().parse().unwrap();
    assert_eq!(file.check_signature(&[signer]).unwrap_err(), SignatureError::Damaged);
}

#[test]
fn who_signed_is_known_without_a_list_while_nothing_was_changed() {
    let host = Identity::generate();
    let (ada, adas) = ssh();
    let mut file = sealed(vec![reader("host", &host)], &[("a", "1")]);
    assert_eq!(file.signer().unwrap_err(), SignatureError::Unsigned);
    file.sign(&ada).unwrap();
    assert!(reread(&file.print()).signer().unwrap().is_same_key(&adas));
    let changed = reread(&file.print().replace("generation: 1000", "generation: 1001"));
    assert!(matches!(changed.signer().unwrap_err(), SignatureError::Changed { .. }));
}
