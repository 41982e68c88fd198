//! PEM: blocks of base64 between lines that say what they are (RFC 7468).

use crate::PkiError;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{PemObject, SectionKind};
use zeroize::Zeroizing;

/// Every certificate in a text, in its order.
pub(crate) fn certificates(text: &[u8]) -> Result<Vec<CertificateDer<'static>>, PkiError> {
    CertificateDer::pem_slice_iter(text)
        .collect::<Result<_, _>>()
        .map_err(|_| PkiError::Damaged("certificate"))
}

/// A certificate as text.
pub(crate) fn certificate(der: &[u8]) -> String {
    pem("CERTIFICATE", der).to_string()
}

/// A private key as PKCS#8, sealed or not.
pub(crate) enum KeyBlock {
    /// `PRIVATE KEY`.
    Open(Zeroizing<Vec<u8>>),
    /// `ENCRYPTED PRIVATE KEY`.
    Sealed(Vec<u8>),
}

/// The private key in a text.
pub(crate) fn key(text: &[u8]) -> Result<KeyBlock, PkiError> {
    let damaged = || PkiError::Damaged("private key");
    let mut rest = text;
    // rustls knows no sealed keys, and skips them: they are looked for by their own name.
    if let Some(block) = block(text, "ENCRYPTED PRIVATE KEY") {
        let (label, document) = pkcs8::Document::from_pem(block).map_err(|_| damaged())?;
        return if label == "ENCRYPTED PRIVATE KEY" {
            Ok(KeyBlock::Sealed(document.into_vec()))
        } else {
            Err(damaged())
        };
    }
    while let Some((kind, der)) = next(&mut rest)? {
        match kind {
            SectionKind::PrivateKey => return Ok(KeyBlock::Open(Zeroizing::new(der))),
            SectionKind::RsaPrivateKey | SectionKind::EcPrivateKey => return Err(PkiError::OldKey),
            _ => {}
        }
    }
    Err(PkiError::Missing("private key"))
}

/// The body of the request in a text.
pub(crate) fn request(text: &[u8]) -> Option<Vec<u8>> {
    let mut rest = text;
    match next(&mut rest).ok()?? {
        (SectionKind::Csr, der) => Some(der),
        _ => None,
    }
}

/// DER as a block of this name. Nothing of it stays in memory that was given back: it may be a key.
pub(crate) fn pem(label: &'static str, der: &[u8]) -> Zeroizing<String> {
    use base64::Engine as _;
    // Large enough from the beginning: what outgrows its place leaves a copy there.
    let mut body = Zeroizing::new(String::with_capacity(der.len() / 3 * 4 + 8));
    base64::engine::general_purpose::STANDARD.encode_string(der, &mut body);
    let mut text = Zeroizing::new(String::with_capacity(body.len() + body.len() / 64 + 2 * label.len() + 64));
    let mut say = |words: &[&str]| words.iter().for_each(|word| text.push_str(word));
    say(&["-----BEGIN ", label, "-----\n"]);
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(64));
        say(&[line, "\n"]);
        rest = more;
    }
    say(&["-----END ", label, "-----\n"]);
    text
}

fn block<'a>(text: &'a [u8], label: &str) -> Option<&'a str> {
    let text = std::str::from_utf8(text).ok()?;
    let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
    let from = text.find(&begin)?;
    let to = from + text.get(from..)?.find(&end)? + end.len();
    text.get(from..to)
}

fn next(rest: &mut &[u8]) -> Result<Option<(SectionKind, Vec<u8>)>, PkiError> {
    let mut sections = <(SectionKind, Vec<u8>)>::pem_slice_iter(rest);
    let found = sections.next().transpose().map_err(|_| PkiError::Damaged("block"))?;
    *rest = sections.remainder();
    Ok(found)
}
