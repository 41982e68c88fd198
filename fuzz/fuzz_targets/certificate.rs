//! No bytes make the readers of certificates, requests for them, or tokens panic; and a request that is taken is one that
//! our own reader of certificates knows the key of.
#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libfuzzer_sys::fuzz_target;
use wharf_pki::{AuthorityCertificate, ClientCertificate, PrivateKey, ServerPair, SigningRequest, Token};

fn pem(label: &str, der: &[u8]) -> Vec<u8> {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der)).into_bytes()
}

fuzz_target!(|bytes: &[u8]| {
    // As they came, and as what stands in a block of each kind.
    let blocks = ["CERTIFICATE", "CERTIFICATE REQUEST", "PRIVATE KEY"].map(|label| pem(label, bytes));
    for text in [bytes].into_iter().chain(blocks.iter().map(Vec::as_slice)) {
        if let Ok(certificate) = ClientCertificate::from_pem(text) {
            assert!(certificate.serial().bytes().all(|byte| byte.is_ascii_hexdigit()));
            let _whom = certificate.bearer().map(|bearer| assert_eq!(bearer.to_string().parse(), Ok(bearer)));
        }
        let _authority = AuthorityCertificate::all_from_pem(text).map(|all| all.iter().for_each(|one| drop(one.pem())));
        let _request = SigningRequest::from_pem(text).map(|request| request.key());
        let _key = PrivateKey::from_pem(text);
        let _pair = ServerPair::from_pem(text);
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(token) = text.parse::<Token>()
    {
        assert_eq!(token.to_string(), text);
    }
});
