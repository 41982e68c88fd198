//! What others make of our certificates: openssl, and GnuTLS where it can be had.

use std::path::{Path, PathBuf};
use std::process::Command;

use wharf_conformance::Run;
use wharf_testkit::{TestDir, note_skipped, wharf_program};

/// A state directory with an authority, and a certificate of alice's.
fn made() -> (TestDir, PathBuf) {
    let directory = TestDir::new().expect("a directory");
    let config = directory
        .write("host.yml", "listen: ['tcp://127.0.0.1:2376']\ntenants: {alice: {users: [nobody]}}\n");
    let config = config.expect("a configuration");
    directory
        .write("state/tenants.json", r#"{"alice": {"generation": 1, "present": true, "number": 1}}"#)
        .expect("a book");
    let to = directory.join("files");
    for words in [
        &["ca", "init", "--names", "127.0.0.1,quay.example.org,2001:db8::7"][..],
        &["cert", "export", "alice", "--user", "laptop", "--for", "8h", "--to", to.to_str().expect("a path")],
    ] {
        let mut wharf = Command::new(wharf_program().expect("the wharf under test"));
        wharf.arg("--config").arg(&config).arg("--state-dir").arg(directory.join("state")).args(words);
        let _done = Run::of(wharf.env_remove("SUDO_UID"), b"").succeeds();
    }
    (directory, to)
}

fn openssl(words: &[&str], file: &Path) -> Run {
    Run::of(Command::new("openssl").args(words).arg(file), b"")
}

/// The extensions of a certificate as openssl names them, each with its value in one line.
fn extensions(file: &Path) -> Vec<String> {
    let text = openssl(&["x509", "-noout", "-text", "-in"], file).succeeds().stdout();
    let (_, after) = text.split_once("X509v3 extensions:\n").expect("extensions");
    let (list, _) = after.split_once("    Signature Algorithm:").expect("a signature");
    let mut all: Vec<String> = Vec::new();
    for line in list.lines() {
        if let Some(name) = line.strip_prefix("            ").filter(|rest| !rest.starts_with(' ')) {
            all.push(name.trim().to_owned());
        } else {
            let value = all.last_mut().expect("a name before a value");
            value.push(' ');
            value.push_str(line.trim());
        }
    }
    // Digests of keys are another every time.
    all.iter()
        .map(|line| {
            if line.contains("Key Identifier") {
                line.split(':').next().unwrap().to_owned()
            } else {
                line.clone()
            }
        })
        .collect()
}

#[test]
fn extensions_are_those_of_rfc_5280_and_no_others() {
    let (directory, to) = made();
    let authority = extensions(&to.join("ca.pem"));
    // 4.2.1.9 and 4.2.1.3: critical in an authority's certificate; 4.2.1.2: by this it is found.
    assert_eq!(
        authority,
        [
            "X509v3 Key Usage: critical Certificate Sign, CRL Sign",
            "X509v3 Subject Key Identifier",
            "X509v3 Basic Constraints: critical CA:TRUE, pathlen:0",
        ]
    );
    let client = extensions(&to.join("cert.pem"));
    assert_eq!(
        client,
        [
            "X509v3 Authority Key Identifier",
            "X509v3 Subject Alternative Name: URI:wharf:tenant/alice/1/laptop",
            "X509v3 Key Usage: critical Digital Signature",
            "X509v3 Extended Key Usage: TLS Web Client Authentication",
            "X509v3 Subject Key Identifier",
            "X509v3 Basic Constraints: critical CA:FALSE",
        ]
    );
    let server = extensions(&directory.join("state/identity/server.pem"));
    assert_eq!(
        server,
        [
            "X509v3 Authority Key Identifier",
            "X509v3 Subject Alternative Name: IP Address:127.0.0.1, DNS:quay.example.org, IP Address:2001:DB8:0:0:0:0:0:7",
            "X509v3 Key Usage: critical Digital Signature",
            "X509v3 Extended Key Usage: TLS Web Server Authentication",
            "X509v3 Subject Key Identifier",
            "X509v3 Basic Constraints: critical CA:FALSE",
        ]
    );
}

#[test]
fn openssl_verifies_them_strictly_for_what_they_are_and_nothing_else() {
    let (directory, to) = made();
    let (client, server) = (to.join("cert.pem"), directory.join("state/identity/server.pem"));
    let ca = to.join("ca.pem").display().to_string();
    let verified = |purpose: &str, file: &Path| {
        openssl(&["verify", "-x509_strict", "-check_ss_sig", "-purpose", purpose, "-CAfile", &ca], file)
            .status()
            == 0
    };
    assert!(verified("sslclient", &client) && !verified("sslserver", &client));
    assert!(verified("sslserver", &server) && !verified("sslclient", &server));
    for (name, fits) in [("quay.example.org", true), ("other.example.org", false)] {
        let checked = openssl(&["verify", "-verify_hostname", name, "-CAfile", &ca], &server);
        assert_eq!(checked.status() == 0, fits, "{checked}");
    }
    // Positive, at most 20 bytes (4.1.2.2); version 3; the same algorithm inside and outside.
    for file in [&to.join("ca.pem"), &client, &server] {
        let text = openssl(&["x509", "-noout", "-text", "-in"], file).succeeds().stdout();
        assert!(
            text.contains("Version: 3 (0x2)") && text.matches("ecdsa-with-SHA256").count() == 2,
            "{text}"
        );
        let serial = openssl(&["x509", "-noout", "-serial", "-in"], file).succeeds().stdout();
        let digits = serial.trim().trim_start_matches("serial=");
        assert!(digits.len() == 32 && digits.as_bytes()[0] < b'8', "{serial}");
    }
    // 8 hours from now: UTCTime, since it is before 2050 (4.1.2.5), and openssl reads it as such.
    assert_eq!(
        openssl(&["x509", "-noout", "-checkend", &(7 * 3600).to_string(), "-in"], &client).status(),
        0
    );
    assert_eq!(
        openssl(&["x509", "-noout", "-checkend", &(9 * 3600).to_string(), "-in"], &client).status(),
        1
    );
}

#[test]
fn gnutls_verifies_them_too() {
    let Ok(found) = Command::new("certtool").arg("--version").output() else {
        return note_skipped("no certtool (Debian's `gnutls-bin`)");
    };
    assert!(found.status.success());
    let (directory, to) = made();
    let ca = to.join("ca.pem").display().to_string();
    for file in [to.join("cert.pem"), directory.join("state/identity/server.pem")] {
        let mut certtool = Command::new("certtool");
        certtool
            .args(["--verify", "--verify-profile", "medium", "--load-ca-certificate", &ca, "--infile"])
            .arg(&file);
        let verified = Run::of(&mut certtool, b"").succeeds();
        assert!(verified.stdout().contains("Verified. The certificate is trusted"), "{verified}");
    }
}
