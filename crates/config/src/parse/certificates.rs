//! Certificates: whose key is whose, and the one that the gateway shows.

use super::grammars::text;
use crate::CertificateFiles;
use serde_json::json;
use wharf_document::{Grammar, Misfit, Parsed, ReadKey, Shape, mapping, quoted};
use wharf_model::{ClientName, ClientNameError, Fingerprint, FingerprintError};

mapping! {
    /// A certificate that somebody else takes care of.
    pub(crate) struct RawCertificateFiles {
        /// Absolute path of the certificates in PEM, the server's own first.
        required "cert" cert: Parsed<PemFile>,
        /// Absolute path of the key in PEM. Only root may be able to read it.
        required "key" key: Parsed<PemFile>,
    }
    refused {
        "certificate" => "did you mean `cert`?",
        "chain" => "write it into the file of `cert`, behind the server's own certificate",
        "ca" => "whom the gateway believes is not said here: `wharf ca init --import`",
    }
}

/// The path of a file in PEM.
#[derive(Debug)]
pub(crate) enum PemFile {}

/// The name of who or what bears a certificate.
#[derive(Debug)]
pub(crate) enum Client {}

/// The fingerprint of a certificate's public key.
#[derive(Debug)]
pub(crate) enum Key {}

impl RawCertificateFiles {
    pub(super) fn check(self) -> CertificateFiles {
        let path = super::plain::<String>;
        CertificateFiles {
            cert: path(self.cert).unwrap_or_default(),
            key: path(self.key).unwrap_or_default(),
        }
    }
}

impl Grammar for PemFile {
    type Value = String;
    const WHAT: &'static str = "an absolute path";

    fn shape() -> Shape {
        text("^(/(?!\\.{1,2}(/|$))[^/]+)+$").with("maxLength", json!(4096))
    }

    fn parse(text: &str) -> Result<String, Misfit> {
        let is_plain = text
            .strip_prefix('/')
            .is_some_and(|below| below.split('/').all(|part| !matches!(part, "" | "." | "..")));
        if is_plain && text.len() <= 4096 {
            return Ok(text.to_owned());
        }
        Err(Misfit::new(format!("{} is not the plain absolute path of a file", quoted(text)))
            .with_help("such as `/etc/letsencrypt/live/ship.example/fullchain.pem`"))
    }
}

impl ReadKey for Client {
    type Key = ClientName;

    fn key_shape() -> Shape {
        Shape::of(json!({ "pattern": "^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$" }))
    }

    fn read_key(text: &str) -> Result<ClientName, Misfit> {
        text.parse().map_err(|error: ClientNameError| {
            Misfit::new(error.to_string()).with_help("such as `laptop` or `ci-2`")
        })
    }
}

impl Grammar for Key {
    type Value = Fingerprint;
    const WHAT: &'static str = "the fingerprint of a public key";

    fn shape() -> Shape {
        text("^sha256:([0-9A-Fa-f]{64}|[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){31})$")
    }

    fn parse(text: &str) -> Result<Fingerprint, Misfit> {
        text.parse().map_err(|error: FingerprintError| {
            Misfit::new(error.to_string()).with_help(
                "of the certificate's public key: `openssl x509 -in cert.pem -noout -pubkey | openssl pkey -pubin \
                 -outform der | sha256sum`",
            )
        })
    }
}
