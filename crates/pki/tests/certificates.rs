//! What is issued, and what is made of what others issue: openssl(1) is the other.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};
use wharf_model::{Generation, TenantId};
use wharf_pki::{
    Authority, AuthorityCertificate, Bearer, ClientCertificate, NotPresentable, Passphrase, PkiError,
    Presented, PrivateKey, ServerPair, SigningRequest, Token,
};

const HOUR: Duration = Duration::from_secs(60 * 60);

fn authority() -> Authority {
    Authority::generate("a test's authority", SystemTime::now()).unwrap()
}

fn bearer() -> Bearer {
    let tenant = TenantId { name: "alice".parse().unwrap(), generation: Generation(2) };
    Bearer { tenant, user: "laptop".parse().unwrap() }
}

fn issued(authority: &Authority) -> (PrivateKey, ClientCertificate) {
    let key = PrivateKey::generate().unwrap();
    let request = SigningRequest::from_pem(key.request().unwrap().as_bytes()).unwrap();
    let certificate = authority.issue_client(&request, &bearer(), HOUR, SystemTime::now()).unwrap();
    (key, certificate)
}

/// Runs openssl, which must say yes.
fn openssl(directory: &Path, words: &str) -> String {
    let output = Command::new("openssl").args(words.split(' ')).current_dir(directory).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "openssl {words}: {said}");
    said.into_owned()
}

fn presented(text: &str, authorities: &[&Authority]) -> Result<Presented, NotPresentable> {
    presented_at(text, authorities, SystemTime::now())
}

fn presented_at(
    text: &str,
    authorities: &[&Authority],
    now: SystemTime,
) -> Result<Presented, NotPresentable> {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject;
    let chain: Vec<_> = CertificateDer::pem_slice_iter(text.as_bytes()).map(Result::unwrap).collect();
    let authorities: Vec<_> = authorities.iter().map(|authority| authority.certificate().clone()).collect();
    Presented::of(&chain, &authorities, now)
}

#[test]
fn openssl_takes_what_is_issued_for_what_it_is_and_for_nothing_else() {
    let (directory, authority) = (tempfile::tempdir().unwrap(), authority());
    let at = directory.path();
    let (key, client) = issued(&authority);
    let names = ["wharf.test".to_owned(), "192.0.2.7".to_owned(), "2001:db8::7".to_owned()];
    let server = authority.issue_server(&names, SystemTime::now()).unwrap();
    std::fs::write(at.join("ca.pem"), authority.certificate().pem()).unwrap();
    std::fs::write(at.join("client.pem"), client.pem()).unwrap();
    std::fs::write(at.join("client.key"), key.to_pem().as_str()).unwrap();
    std::fs::write(at.join("server.pem"), server.as_str()).unwrap();

    openssl(at, "verify -x509_strict -CAfile ca.pem -purpose sslclient client.pem");
    openssl(
        at,
        "verify -x509_strict -CAfile ca.pem -purpose sslserver -verify_hostname wharf.test server.pem",
    );
    openssl(at, "verify -x509_strict -CAfile ca.pem -purpose sslserver -verify_ip 192.0.2.7 server.pem");
    openssl(at, "verify -x509_strict -CAfile ca.pem -purpose sslserver -verify_ip 2001:db8::7 server.pem");
    for wrong in ["sslserver client.pem", "sslclient server.pem"] {
        let words = format!("verify -CAfile ca.pem -purpose {wrong}");
        let output = Command::new("openssl").args(words.split(' ')).current_dir(at).output().unwrap();
        assert!(!output.status.success(), "{words}");
    }
    let text = openssl(at, "x509 -noout -text -in client.pem");
    for said in [
        "URI:wharf:tenant/alice/2/laptop",
        "TLS Web Client Authentication",
        "CA:FALSE",
        "Digital Signature",
        "id-ecPublicKey",
        "ecdsa-with-SHA256",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!text.contains("TLS Web Server"), "{text}");
    let fingerprint = openssl(at, "x509 -noout -fingerprint -sha256 -in ca.pem");
    let (_, digits) = fingerprint.trim().split_once('=').unwrap();
    assert_eq!(format!("sha256:{digits}").parse(), Ok(authority.certificate().fingerprint()));
    let serial = openssl(at, "x509 -noout -serial -in client.pem");
    assert_eq!(serial.trim().to_ascii_lowercase(), format!("serial={}", client.serial()));
}

#[test]
fn a_client_is_whom_its_certificate_names_and_its_authority_is_known() {
    let (ours, others) = (authority(), authority());
    let (_, client) = issued(&ours);
    let shown = presented(&client.pem(), &[&others, &ours]).unwrap();
    assert_eq!(shown.authority, ours.certificate().fingerprint());
    assert_eq!((shown.bearer, shown.serial, shown.key), (Some(bearer()), client.serial(), client.key()));
    assert_eq!(client.bearer(), Some(bearer()));
    let unknown = presented(&client.pem(), &[&others]);
    assert!(matches!(unknown, Err(NotPresentable::Untrusted(_))), "{unknown:?}");
    assert!(matches!(presented(&client.pem(), &[]), Err(NotPresentable::Nothing)));
    assert!(matches!(presented("", &[&ours]), Err(NotPresentable::Nothing)));
}

#[test]
fn a_certificate_counts_from_its_first_moment_to_its_last() {
    let ours = authority();
    let (_, client) = issued(&ours);
    let now = SystemTime::now();
    for (when, good) in [(now + HOUR / 2, true), (now + HOUR * 2, false), (now - HOUR * 2, false)] {
        assert_eq!(presented_at(&client.pem(), &[&ours], when).is_ok(), good, "{when:?}");
    }
    assert!(client.not_before() < now, "clocks differ");
    assert!(client.not_after() <= now + HOUR);
}

#[test]
fn nothing_outlives_its_authority() {
    let ours = authority();
    let end = ours.certificate().not_after();
    let key = PrivateKey::generate().unwrap();
    let request = SigningRequest::from_pem(key.request().unwrap().as_bytes()).unwrap();
    let late = ours.issue_client(&request, &bearer(), HOUR * 48, end - HOUR).unwrap();
    assert_eq!(late.not_after(), end);
    assert!(matches!(ours.issue_client(&request, &bearer(), HOUR, end), Err(PkiError::Expired)));
    assert!(matches!(ours.issue_server(&["x".into()], end + HOUR), Err(PkiError::Expired)));
}

#[test]
fn a_server_is_no_client() {
    let ours = authority();
    let server = ours.issue_server(&["wharf.test".into()], SystemTime::now()).unwrap();
    let shown = presented(&server, &[&ours]);
    assert!(shown.is_err(), "{shown:?}");
}

/// Certificates that openssl makes with our authority's key: only the first is one that we would make.
#[test]
fn whom_a_certificate_names_is_believed_only_in_one_form() {
    let (directory, ours) = (tempfile::tempdir().unwrap(), authority());
    let at = directory.path();
    std::fs::write(at.join("ca.pem"), ours.to_pem(None).unwrap().as_str()).unwrap();
    let uri = "URI:wharf:tenant/alice/2/laptop";
    let for_clients = "extendedKeyUsage=clientAuth";
    let cases = [
        (format!("{for_clients}\nsubjectAltName={uri}"), Some(true)),
        (format!("{for_clients}\nkeyUsage=critical,digitalSignature\nsubjectAltName={uri}"), Some(true)),
        // Two names, a name beside, another's form, none.
        (format!("{for_clients}\nsubjectAltName={uri},URI:wharf:tenant/bob/1/laptop"), Some(false)),
        (format!("{for_clients}\nsubjectAltName={uri},DNS:alice.test"), Some(false)),
        (format!("{for_clients}\nsubjectAltName=DNS:alice"), Some(false)),
        (for_clients.to_owned(), Some(false)),
        // For more than clients: somebody's, but nobody whom we named.
        (format!("extendedKeyUsage=clientAuth,serverAuth\nsubjectAltName={uri}"), Some(false)),
        // Not for clients.
        (format!("subjectAltName={uri}"), None),
        (format!("extendedKeyUsage=serverAuth\nsubjectAltName={uri}"), None),
        (format!("extendedKeyUsage=anyExtendedKeyUsage\nsubjectAltName={uri}"), None),
        (format!("{for_clients}\nkeyUsage=critical,keyEncipherment\nsubjectAltName={uri}"), None),
        (format!("{for_clients}\nbasicConstraints=critical,CA:TRUE\nsubjectAltName={uri}"), None),
    ];
    openssl(
        at,
        "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k.pem -out r.pem -subj /CN=alice",
    );
    for (extensions, expected) in cases {
        std::fs::write(at.join("ext"), &extensions).unwrap();
        openssl(at, "x509 -req -in r.pem -CA ca.pem -CAkey ca.pem -days 1 -extfile ext -out c.pem");
        let shown = presented(&std::fs::read_to_string(at.join("c.pem")).unwrap(), &[&ours]);
        let found = shown.as_ref().ok().map(|shown| shown.bearer.is_some());
        assert_eq!(found, expected, "{extensions}: {shown:?}");
    }
}

#[test]
fn an_authority_that_others_made_signs_as_well() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    for new_key in ["rsa:3072", "ec -pkeyopt ec_paramgen_curve:P-256", "ec -pkeyopt ec_paramgen_curve:P-384"]
    {
        openssl(
            at,
            &format!("req -x509 -newkey {new_key} -nodes -keyout k.pem -out c.pem -days 9 -subj /CN=theirs"),
        );
        let both =
            [std::fs::read(at.join("c.pem")).unwrap(), std::fs::read(at.join("k.pem")).unwrap()].concat();
        let theirs = Authority::from_pem(&both, None).unwrap();
        let server = theirs.issue_server(&["wharf.test".into()], SystemTime::now()).unwrap();
        std::fs::write(at.join("s.pem"), server.as_str()).unwrap();
        openssl(at, "verify -CAfile c.pem -purpose sslserver s.pem");
        assert!(ServerPair::from_pem(server.as_bytes()).is_ok());
    }
    openssl(at, "req -x509 -newkey rsa:2048 -nodes -keyout k2.pem -out c2.pem -days 9 -subj /CN=other");
    let mixed =
        [std::fs::read(at.join("c.pem")).unwrap(), std::fs::read(at.join("k2.pem")).unwrap()].concat();
    assert!(matches!(Authority::from_pem(&mixed, None), Err(PkiError::Mismatch)));
    let alone = std::fs::read(at.join("c.pem")).unwrap();
    assert!(matches!(Authority::from_pem(&alone, None), Err(PkiError::Missing(_))));
    openssl(at, "ecparam -name prime256v1 -genkey -noout -out old.pem");
    let old = [alone.clone(), std::fs::read(at.join("old.pem")).unwrap()].concat();
    assert!(matches!(Authority::from_pem(&old, None), Err(PkiError::OldKey)));
    let (_, client) = issued(&authority());
    assert!(matches!(AuthorityCertificate::from_pem(client.pem().as_bytes()), Err(PkiError::NoAuthority)));
}

#[test]
fn a_sealed_key_opens_to_its_passphrase_and_to_openssl() {
    let (directory, ours) = (tempfile::tempdir().unwrap(), authority());
    let at = directory.path();
    let seal = Passphrase::new("correct-horse\n".to_owned());
    let sealed = ours.to_pem(Some(&seal)).unwrap();
    assert!(sealed.contains("BEGIN ENCRYPTED PRIVATE KEY") && !sealed.contains("BEGIN PRIVATE KEY"));
    let opened = Authority::from_pem(sealed.as_bytes(), Some(&seal)).unwrap();
    assert_eq!(opened.certificate(), ours.certificate());
    assert!(matches!(Authority::from_pem(sealed.as_bytes(), None), Err(PkiError::Sealed)));
    let wrong = Passphrase::new("battery-staple".to_owned());
    assert!(matches!(Authority::from_pem(sealed.as_bytes(), Some(&wrong)), Err(PkiError::Passphrase)));
    std::fs::write(at.join("sealed.pem"), sealed.as_str()).unwrap();
    openssl(at, "pkey -in sealed.pem -passin pass:correct-horse -noout");
}

#[test]
fn who_asks_for_a_certificate_gets_nothing_that_he_says_himself() {
    let (directory, ours) = (tempfile::tempdir().unwrap(), authority());
    let at = directory.path();
    // A request that asks to be an authority called root.
    openssl(
        at,
        "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k.pem -out r.pem -subj /CN=root \
                 -addext basicConstraints=critical,CA:TRUE -addext subjectAltName=URI:wharf:tenant/bob/1/root",
    );
    let request = SigningRequest::from_pem(&std::fs::read(at.join("r.pem")).unwrap()).unwrap();
    let made = ours.issue_client(&request, &bearer(), HOUR, SystemTime::now()).unwrap();
    assert_eq!((made.bearer(), made.key()), (Some(bearer()), request.key()));
    std::fs::write(at.join("c.pem"), made.pem()).unwrap();
    let text = openssl(at, "x509 -noout -text -in c.pem");
    assert!(!text.contains("CA:TRUE") && !text.contains("bob") && !text.contains("root"), "{text}");
    // Keys of other kinds, a signature that is not the key's, and no request at all.
    openssl(at, "req -newkey rsa:2048 -nodes -keyout k2.pem -out rsa.pem -subj /CN=x");
    openssl(at, "req -newkey ed25519 -nodes -keyout k3.pem -out ed.pem -subj /CN=x");
    for file in ["rsa.pem", "ed.pem", "k.pem", "c.pem"] {
        let read = SigningRequest::from_pem(&std::fs::read(at.join(file)).unwrap());
        assert!(matches!(read, Err(PkiError::Request)), "{file}: {read:?}");
    }
    openssl(at, "req -in r.pem -outform DER -out r.der");
    let mut bytes = std::fs::read(at.join("r.der")).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(at.join("r.der"), bytes).unwrap();
    openssl(at, "req -inform DER -in r.der -out broken.pem");
    let broken = SigningRequest::from_pem(&std::fs::read(at.join("broken.pem")).unwrap());
    assert!(matches!(broken, Err(PkiError::Request)), "{broken:?}");
    for text in [&b""[..], b"-----BEGIN CERTIFICATE REQUEST-----", &vec![b'A'; 20_000]] {
        assert!(matches!(SigningRequest::from_pem(text), Err(PkiError::Request)));
    }
}

#[test]
fn a_token_reads_back_and_shows_its_secret_to_nobody() {
    let authority = authority().certificate().fingerprint();
    let token = Token::generate(authority).unwrap();
    let text = token.to_string();
    let back: Token = text.parse().unwrap();
    assert_eq!((back.id(), back.authority()), (token.id(), authority));
    assert!(back.fits(&token.digest()));
    assert!(!back.fits(&Token::generate(authority).unwrap().digest()));
    assert!(!format!("{token:?}").contains(&text[20..40]));
    for wrong in ["", "wharf1-", &text[1..], &text[..text.len() - 4], &(text.clone() + "AAAA"), "wharf1-%%%"]
    {
        assert!(wrong.parse::<Token>().is_err(), "{wrong}");
    }
}

#[test]
fn a_server_needs_names_that_are_names() {
    let ours = authority();
    for wrong in ["", "a b", "-", "http://x", "x/y", "*.*.x", "a\0b"] {
        let made = ours.issue_server(&[wrong.to_owned()], SystemTime::now());
        assert!(matches!(made, Err(PkiError::Name(_))), "{wrong}");
    }
    assert!(matches!(ours.issue_server(&[], SystemTime::now()), Err(PkiError::Nameless)));
    let long = format!("{}.test", ["a"; 30].map(|_| "abcdefg").join("."));
    let server = ours.issue_server(&[long.clone(), "127.0.0.1".into()], SystemTime::now()).unwrap();
    let pair = ServerPair::from_pem(server.as_bytes()).unwrap();
    assert_eq!(pair.names(), [long, "127.0.0.1".to_owned()]);
    assert_eq!(pair.authority().as_ref(), Some(ours.certificate()));
    let day = Duration::from_secs(24 * 60 * 60);
    assert!(!pair.is_due(SystemTime::now()) && pair.is_due(SystemTime::now() + day * 61));
    assert!(pair.is_due(SystemTime::now() - day), "made while the clock was wrong");
}
