//! Private keys: made here, and shown only as what is to be kept.

use crate::text::{self, KeyBlock};
use crate::{Passphrase, PkiError, random};
use pkcs8::{EncryptedPrivateKeyInfo, PrivateKeyInfo, pkcs5::pbes2};
use rcgen::{CertificateParams, DistinguishedName, KeyPair, PublicKeyData, SignatureAlgorithm, SigningKey};
use rustls::pki_types::PrivatePkcs8KeyDer;
use zeroize::{Zeroize, Zeroizing};

/// A private key. It is wiped from memory when it is dropped.
#[derive(Debug)]
pub struct PrivateKey(pub(crate) KeyPair);

/// rcgen's own does so only when it is told to.
impl Drop for PrivateKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl PublicKeyData for PrivateKey {
    fn der_bytes(&self) -> &[u8] {
        self.0.der_bytes()
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        self.0.algorithm()
    }
}

impl SigningKey for PrivateKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        self.0.sign(message)
    }
}

impl PrivateKey {
    /// A new one, on P-256.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn generate() -> Result<Self, PkiError> {
        KeyPair::generate().map(Self).map_err(PkiError::Making)
    }

    /// The key in a text, which is not sealed.
    ///
    /// # Errors
    /// When there is none that can be used.
    pub fn from_pem(text: &[u8]) -> Result<Self, PkiError> {
        Self::opened(text, None)
    }

    /// As PKCS#8.
    pub fn to_pem(&self) -> Zeroizing<String> {
        text::pem("PRIVATE KEY", self.0.serialized_der())
    }

    /// A request for a certificate of this key (PKCS#10). It names nobody: who it is for, the authority says.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn request(&self) -> Result<String, PkiError> {
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        let request = params.serialize_request(&self.0).map_err(PkiError::Making)?;
        Ok(text::pem("CERTIFICATE REQUEST", request.der()).to_string())
    }

    /// The key in a text, sealed or not.
    pub(crate) fn opened(text: &[u8], passphrase: Option<&Passphrase>) -> Result<Self, PkiError> {
        let der = match text::key(text)? {
            KeyBlock::Open(der) => der,
            KeyBlock::Sealed(der) => unseal(&der, passphrase.ok_or(PkiError::Sealed)?)?,
        };
        let key = KeyPair::try_from(&PrivatePkcs8KeyDer::from(der.as_slice()));
        key.map(Self).map_err(|_| PkiError::Damaged("private key"))
    }

    /// As PKCS#8, sealed with scrypt and AES-256 (RFC 8018, RFC 7914).
    pub(crate) fn sealed_pem(&self, seal: &Passphrase) -> Result<Zeroizing<String>, PkiError> {
        let failed = |_| PkiError::Damaged("private key");
        let (salt, vector) = (random::<16>()?, random::<16>()?);
        // 16 MiB, five times over: the most that OpenSSL 3.0 reads without being told of more memory.
        let cost = pkcs8::pkcs5::scrypt::Params::new(14, 8, 5, 32).map_err(|_| PkiError::Random)?;
        let cost = pbes2::Parameters::scrypt_aes256cbc(cost, &salt, &vector).map_err(|_| PkiError::Random)?;
        let info = PrivateKeyInfo::try_from(self.0.serialized_der()).map_err(failed)?;
        let sealed = info.encrypt_with_params(cost, seal.bytes()).map_err(failed)?;
        Ok(text::pem("ENCRYPTED PRIVATE KEY", sealed.as_bytes()))
    }
}

fn unseal(der: &[u8], passphrase: &Passphrase) -> Result<Zeroizing<Vec<u8>>, PkiError> {
    let sealed = EncryptedPrivateKeyInfo::try_from(der).map_err(|_| PkiError::Damaged("private key"))?;
    let opened = sealed.decrypt(passphrase.bytes()).map_err(|_| PkiError::Passphrase)?;
    Ok(Zeroizing::new(opened.as_bytes().to_vec()))
}
