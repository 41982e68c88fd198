//! What comes out does not depend on where the pieces part; and no bytes make anything panic.

use crate::forge::{Tar, archive, config, layer, record};
use crate::{alice, load};
use proptest::prelude::*;
use std::collections::BTreeMap;
use wharf_archive::{ArchiveError, Load, Loaded, Save};

fn in_pieces(archive: &[u8], cuts: &[usize]) -> Result<(Loaded, Vec<u8>), ArchiveError> {
    let (mut load, mut out) = (Load::new(alice()), Vec::new());
    for piece in pieces(archive, cuts) {
        load.push(piece, &mut out)?;
    }
    let loaded = load.finish(&mut out)?;
    Ok((loaded, out))
}

fn saved(archive: &[u8], cuts: &[usize]) -> Result<Vec<u8>, ArchiveError> {
    let (mut save, mut out) = (Save::new(BTreeMap::new()), Vec::new());
    for piece in pieces(archive, cuts) {
        save.push(piece, &mut out)?;
    }
    save.finish(&mut out)?;
    Ok(out)
}

fn pieces<'a>(bytes: &'a [u8], cuts: &[usize]) -> Vec<&'a [u8]> {
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (bytes.len() + 1)).collect();
    cuts.extend([0, bytes.len()]);
    cuts.sort_unstable();
    cuts.windows(2).map(|ends| &bytes[ends[0]..ends[1]]).collect()
}

/// One with everything in it.
fn rich() -> Vec<u8> {
    let layer = layer("hello", "hello");
    let rest = archive(&config(&[&layer]), &[("a/layer.tar", &layer)], &["web"]);
    let tar = Tar::new().entry("a/", b'5', "").entry("b", b'2', "a/layer.tar");
    tar.extended(b'x', &record("mtime", "5")).file("json", br#"{"x":1}"#).raw(&rest).0
}

#[test]
fn one_byte_at_a_time_is_the_same_as_all_at_once() {
    let all: Vec<usize> = (0..rich().len()).collect();
    assert_eq!(in_pieces(&rich(), &all), in_pieces(&rich(), &[]));
    assert_eq!(saved(&rich(), &all), saved(&rich(), &[]));
    assert!(in_pieces(&rich(), &[]).is_ok() && saved(&rich(), &[]).is_ok());
}

proptest! {
    #[test]
    fn pieces_of_any_size_give_the_same(cuts in proptest::collection::vec(any::<usize>(), 0..20)) {
        prop_assert_eq!(in_pieces(&rich(), &cuts), in_pieces(&rich(), &[]));
        prop_assert_eq!(saved(&rich(), &cuts), saved(&rich(), &[]));
    }

    #[test]
    fn random_bytes_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..3000)) {
        prop_assert!(load(&bytes).is_err());
        prop_assert!(saved(&bytes, &[]).is_err());
    }

    /// Flipped bytes give the same answer in any pieces, and never a name that is not the tenant's.
    #[test]
    fn damaged_archives_are_judged_alike(
        at in any::<usize>(), byte in any::<u8>(), cuts in proptest::collection::vec(any::<usize>(), 0..5),
    ) {
        let mut bytes = rich();
        let at = at % bytes.len();
        bytes[at] = byte;
        let whole = in_pieces(&bytes, &[]);
        prop_assert_eq!(&in_pieces(&bytes, &cuts), &whole);
        if let Ok((loaded, _)) = whole {
            prop_assert!(loaded.images.iter().flat_map(|image| &image.tags).all(|tag| *tag.tenant() == alice()));
        }
        let _ = saved(&bytes, &cuts);
    }

    #[test]
    fn gzip_headers_with_anything_behind_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert!(load(&[&b"\x1f\x8b\x08"[..], &bytes].concat()).is_err());
    }
}
