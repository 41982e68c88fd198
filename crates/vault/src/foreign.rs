//! Other programs' age files: what `wharf secret import` opens with the keys that open sealed values.

use crate::Identity;
use std::io::Read;
use zeroize::Zeroizing;

/// The inside of an age file with ASCII armour, when one of `identities` opens it; at most `most` bytes of it.
pub fn open_age_file(armored: &str, identities: &[Identity], most: usize) -> Option<Zeroizing<Vec<u8>>> {
    // The header of a file to very many readers costs a key agreement for each of them.
    const MOST_TEXT: usize = 64 << 10;
    if armored.len() > MOST_TEXT {
        return None;
    }
    let decryptor = age::Decryptor::new(age::armor::ArmoredReader::new(armored.trim().as_bytes())).ok()?;
    let inside = decryptor.decrypt(identities.iter().map(Identity::opener)).ok()?;
    // All at once: a buffer that grows leaves copies behind.
    let mut opened = Zeroizing::new(Vec::with_capacity(most.saturating_add(1)));
    inside.take(u64::try_from(most).ok()?.saturating_add(1)).read_to_end(&mut opened).ok()?;
    (opened.len() <= most).then_some(opened)
}
