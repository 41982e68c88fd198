//! Spellings by which a manifest reaches the engine: which of them do, and that none does through `Load`.

use crate::engines::{CONTAINERD, stores};
use crate::forge::{Tar, config, header, layer, manifest, record, sealed};
use crate::through_load;
use std::collections::BTreeMap;
use wharf_testkit::unique_name;

/// What an archive begins with, given Bob's manifest, before an honest one of Alice's.
type Trick = (&'static str, fn(Tar, &[u8]) -> Tar);

const BEFORE: [Trick; 13] = [
    ("a second manifest", |tar, bobs| tar.file("manifest.json", bobs)),
    ("a dot", |tar, bobs| tar.file("./manifest.json", bobs)),
    ("a way round", |tar, bobs| tar.file("a/../manifest.json", bobs)),
    ("an absolute name", |tar, bobs| tar.file("/manifest.json", bobs)),
    ("doubled slashes", |tar, bobs| tar.file(".//manifest.json", bobs)),
    ("a path in an extended header", |tar, bobs| {
        tar.extended(b'x', &record("path", "manifest.json")).file("x", bobs)
    }),
    ("a GNU long name", |tar, bobs| {
        tar.raw(&header("././@LongLink", b'L', 14, "")).content(b"manifest.json\0").file("x", bobs)
    }),
    ("a prefix", |tar, bobs| {
        let mut block = header("manifest.json", b'0', bobs.len() as u64, "");
        block[345] = b'.';
        tar.raw(&sealed(block)).content(bobs)
    }),
    ("a binary size", |tar, bobs| {
        let mut block = header("manifest.json", b'0', 0, "");
        block[124..136].fill(0);
        block[124] = 0x80;
        block[134..136].copy_from_slice(&u16::try_from(bobs.len()).expect("short").to_be_bytes());
        tar.raw(&sealed(block)).content(bobs)
    }),
    ("a size in an extended header", |tar, bobs| {
        let records = record("size", &bobs.len().to_string());
        tar.extended(b'x', &records).raw(&header("manifest.json", b'0', 0, "")).content(bobs)
    }),
    ("an old kind of file", |tar, bobs| {
        tar.raw(&header("manifest.json", b'7', bobs.len() as u64, "")).content(bobs)
    }),
    ("a hard link", |tar, bobs| tar.file("x", bobs).entry("manifest.json", b'1', "x")),
    ("a symbolic link", |tar, bobs| tar.file("x", bobs).entry("manifest.json", b'2', "x")),
];

/// Where each trick gives Bob's tag when it stands alone, seen.
fn works_on(trick: &str) -> &'static [&'static str] {
    match trick {
        "an absolute name" | "a hard link" | "a symbolic link" => &["20.10", "28.5"],
        // Go reads such a file as one of no known kind.
        "an old kind of file" => &[],
        _ => &["20.10", "28.5", CONTAINERD],
    }
}

#[test]
fn no_spelling_of_a_manifest_gives_another_a_tag() {
    let layer = layer("etc/own", "own");
    let config = config(&[&layer]);
    let mut seen: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for store in stores() {
        for (trick, forge) in BEFORE {
            let forged = |bobs: &str| {
                let files = Tar::new().file("c.json", &config).file("l", &layer);
                forge(files, &manifest("c.json", &[bobs], &["l"]))
            };
            let bobs = format!("{}:bob", unique_name());
            store.load(&forged(&bobs).end());
            seen.entry(trick).or_default().extend(store.has(&bobs).then_some(store.name));

            let bobs = format!("{}:bob", unique_name());
            let own = manifest("c.json", &["own"], &["l"]);
            for archive in [forged(&bobs).end(), forged(&bobs).file("manifest.json", &own).end()] {
                let Ok((_, sent)) = through_load(&archive) else { continue };
                store.load(&sent);
                assert!(!store.has(&bobs), "{}: {trick}", store.name);
            }
        }
    }
    for (trick, stores) in seen {
        assert_eq!(stores, works_on(trick), "{trick}");
    }
}
