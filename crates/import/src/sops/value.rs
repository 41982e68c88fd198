//! One encrypted value: `ENC[AES256_GCM,data:…,iv:…,tag:…,type:…]`.

use crate::ImportError;
use crate::error::Position;
use crate::found::ClearValue;
use crate::tree::{Kind, Scalar};
use aes::Aes256;
use aes_gcm::aead::consts::U32;
use aes_gcm::aead::{AeadInPlace, KeyInit};
use aes_gcm::{AesGcm, Nonce, Tag};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// SOPS uses nonces of 32 bytes.
type Cipher = AesGcm<Aes256, U32>;

const BEGIN: &str = "ENC[AES256_GCM,";

/// The key that all values of a file are encrypted with.
pub(super) struct DataKey(Cipher);

impl DataKey {
    pub(super) fn new(bytes: &[u8]) -> Option<Self> {
        Cipher::new_from_slice(bytes).ok().map(Self)
    }
}

/// A clear value with its type.
pub(super) struct Opened {
    bytes: Zeroizing<Vec<u8>>,
    kind: OpenedKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum OpenedKind {
    AsItIs,
    True,
    False,
    /// In a list that had only comments, SOPS keeps them as values of this type. The MAC leaves them out.
    Comment,
}

impl Opened {
    /// What the MAC is over.
    pub(super) fn in_mac(&self) -> &[u8] {
        match self.kind {
            OpenedKind::AsItIs => &self.bytes,
            OpenedKind::True => b"True",
            OpenedKind::False => b"False",
            OpenedKind::Comment => b"",
        }
    }

    /// What a program would read in the decrypted file; nothing for a comment.
    pub(super) fn into_value(self) -> ClearValue {
        match self.kind {
            OpenedKind::AsItIs => ClearValue::new(self.bytes),
            OpenedKind::True => ClearValue::of_text("true"),
            OpenedKind::False => ClearValue::of_text("false"),
            OpenedKind::Comment => ClearValue::of_text(""),
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

pub(super) fn is_encrypted(scalar: &Scalar) -> bool {
    scalar.kind == Kind::Text && scalar.text.starts_with(BEGIN)
}

/// The keys above a value, each followed by a colon.
pub(super) fn additional_data(keys: &[String]) -> String {
    keys.iter().flat_map(|key| [key.as_str(), ":"]).collect()
}

/// Deciphers, after the tag was checked.
pub(super) fn open(text: &str, key: &DataKey, about: &str, place: &Position) -> Result<Opened, ImportError> {
    let wrong = |what: &'static str| ImportError::SopsValue { place: place.clone(), what };
    let parts = Parts::of(text).ok_or_else(|| wrong("not in the form in which SOPS writes a value"))?;
    let decoded =
        |text: &str| STANDARD.decode(text).map(Zeroizing::new).map_err(|_| wrong("its base64 is damaged"));
    let (mut bytes, nonce, tag) = (decoded(parts.data)?, decoded(parts.nonce)?, decoded(parts.tag)?);
    if nonce.len() != 32 || tag.len() != 16 {
        return Err(wrong("its nonce or tag has another length than SOPS gives it"));
    }
    key.0
        .decrypt_in_place_detached(
            Nonce::from_slice(&nonce),
            about.as_bytes(),
            &mut bytes,
            Tag::from_slice(&tag),
        )
        .map_err(|_| ImportError::SopsTampered(place.clone()))?;
    let kind = match (parts.kind, bytes.as_slice()) {
        ("str" | "int" | "int64" | "float" | "bytes" | "time", _) => OpenedKind::AsItIs,
        ("bool", b"True" | b"true" | b"TRUE" | b"t" | b"T" | b"1") => OpenedKind::True,
        ("bool", _) => OpenedKind::False,
        ("comment", _) => OpenedKind::Comment,
        _ => return Err(wrong("of a type that is not known here")),
    };
    Ok(Opened { bytes, kind })
}

struct Parts<'a> {
    data: &'a str,
    nonce: &'a str,
    tag: &'a str,
    kind: &'a str,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let inner = text.strip_prefix(BEGIN)?.strip_suffix(']')?;
        let mut fields = inner.split(',');
        let mut field = |name: &str| fields.next()?.strip_prefix(name);
        let parts =
            Self { data: field("data:")?, nonce: field("iv:")?, tag: field("tag:")?, kind: field("type:")? };
        fields.next().is_none().then_some(parts)
    }
}
