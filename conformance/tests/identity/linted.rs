//! What is issued, before the eyes of a linter that knows RFC 5280 and nothing of us.

use crate::at_the_network;
use crate::forge::Wish;
use std::path::Path;
use std::process::Command;
use wharf_conformance::Run;
use wharf_testkit::{certificate_linter, or_skip};

/// pkilint 0.13 takes every URI for wrong that is not the web's, `urn:` and `spiffe:` included; RFC 5280 (4.2.1.6) wants a
/// scheme, and a domain where there is a `//`.
const OF_URIS_THAT_IT_DOES_NOT_KNOW: &str =
    "pkix.invalid_uri_syntax (ERROR): Invalid URI syntax: \"wharf:tenant/";

/// What the linter finds in the first certificate of a file.
fn found(linter: &Path, file: &Path) -> Vec<String> {
    let alone = file.with_extension("linted");
    let words = ["x509", "-in", &file.display().to_string(), "-out", &alone.display().to_string()];
    Run::of(Command::new("openssl").args(words), b"").succeeds();
    let run = Run::of(Command::new(linter).args(["lint", "-s", "WARNING"]).arg(alone), b"");
    let is_finding = |line: &&str| line.starts_with(' ') && !line.contains(OF_URIS_THAT_IT_DOES_NOT_KNOW);
    run.stdout().lines().filter(is_finding).map(str::to_owned).collect()
}

#[test]
fn a_linter_finds_nothing_wrong_with_what_is_issued() {
    let Some(linter) = or_skip(certificate_linter()) else { return };
    at_the_network(|gateway| {
        let folder = gateway.export("alice", "linted");
        // Another server's: this one is called `localhost`, which is no domain to a linter.
        let other = gateway.path("other").display().to_string();
        let names = "quay.example.org,192.0.2.7,2001:db8::7";
        gateway.wharf(&["--state-dir", &other, "ca", "init", "--names", names]).succeeds();
        for file in [
            gateway.path("other/identity/authority.pem"),
            gateway.path("other/identity/server.pem"),
            folder.join("cert.pem"),
        ] {
            assert_eq!(found(&linter, &file), [""; 0], "{}", file.display());
        }
        // Where there is something, it does find it: a client's certificate that signs others.
        let mut wrong = Wish::good(gateway, "alice");
        wrong.extensions = wrong.extensions.replace("digitalSignature", "keyCertSign");
        assert_ne!(found(&linter, &wrong.forge(gateway).join("cert.pem")), [""; 0]);
    });
}
