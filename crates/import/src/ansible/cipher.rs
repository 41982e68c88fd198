//! Ansible Vault's AES256: keys by PBKDF2 (HMAC-SHA256, 10,000 rounds), HMAC-SHA256 over the ciphertext, AES-256-CTR,
//! padded to blocks of 16 bytes.

use super::envelope::Envelope;
use aes::Aes256;
use aes::cipher::{KeyIvInit, StreamCipher};
use ctr::Ctr128BE;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

const ROUNDS: u32 = 10_000;

/// `None` when the password does not fit, or the text was changed; then nothing was deciphered.
pub(super) fn open(envelope: &Envelope, password: &[u8]) -> Option<Result<Zeroizing<Vec<u8>>, &'static str>> {
    const NONE: &str = "Ansible Vault's padding is wrong though its code is right";
    let mut derived = Zeroizing::new([0; 80]);
    pbkdf2::pbkdf2_hmac::<Sha256>(password, &envelope.salt, ROUNDS, derived.as_mut());
    let (cipher_key, rest) = derived.split_at_checked(32)?;
    let (code_key, start) = rest.split_at_checked(32)?;
    let mut code = Hmac::<Sha256>::new_from_slice(code_key).ok()?;
    code.update(&envelope.ciphertext);
    code.verify_slice(&envelope.code).ok()?;
    let mut clear = Zeroizing::new(envelope.ciphertext.clone());
    Ctr128BE::<Aes256>::new_from_slices(cipher_key, start).ok()?.apply_keystream(&mut clear);
    let Some(length) = without_padding(&clear) else { return Some(Err(NONE)) };
    clear.truncate(length);
    Some(Ok(clear))
}

/// PKCS #7: each of the last `n` bytes is `n`, from 1 to 16.
fn without_padding(clear: &[u8]) -> Option<usize> {
    let last = *clear.last()?;
    let length = clear.len().checked_sub(usize::from(last))?;
    let is_padding = (1..=16).contains(&last) && clear.get(length..)?.iter().all(|byte| *byte == last);
    is_padding.then_some(length)
}
