//! Spellings by which a second manifest, or another file, could reach an engine that we did not see: all are refused,
//! and what is accepted goes out under names of ours.

use crate::forge::{Tar, config, files, header, honest, manifest, record, sealed};
use crate::{alice, load, refused};
use wharf_archive::{ArchiveError, Load};

fn bobs() -> Vec<u8> {
    manifest("c", &["bob:1"], &[])
}

/// An archive that is whole but for what comes before.
fn after(tar: Tar) -> Vec<u8> {
    tar.file("c", &config(&[])).file("manifest.json", &manifest("c", &["web"], &[])).end()
}

fn kind(name: &str, kind: &'static str) -> ArchiveError {
    ArchiveError::Kind { name: name.into(), kind }
}

#[test]
fn the_ground_these_tests_stand_on_is_accepted() {
    assert!(load(&after(Tar::new())).is_ok());
}

#[test]
fn names_in_other_spellings_are_refused() {
    let spellings = [
        "./manifest.json",
        "/manifest.json",
        "a/../manifest.json",
        "../manifest.json",
        "a//manifest.json",
        "manifest.json/",
        "manifest.json/.",
        "",
        ".",
        "..",
        "a\\b",
        "a b",
        "manifest.json\n",
        "m\u{e9}",
    ];
    for name in spellings {
        let refused = refused(&after(Tar::new().file(name, &bobs())));
        assert!(matches!(refused, ArchiveError::Name(_)), "{name}: {refused}");
    }
    assert_eq!(refused(&after(Tar::new().entry("./", b'5', ""))), ArchiveError::Name(".".into()));
}

#[test]
fn other_cases_are_other_files_and_go_out_under_names_of_ours() {
    let tar = Tar::new()
        .file("Manifest.json", &bobs())
        .file("MANIFEST.JSON", &bobs())
        .file("a/manifest.json", &bobs());
    let (_, sent) = load(&after(tar)).expect("files");
    let files = files(&sent);
    assert_eq!(
        files.keys().filter(|name| !name.starts_with("alice-1-")).collect::<Vec<_>>(),
        ["manifest.json"]
    );
    assert!(!String::from_utf8_lossy(&files["manifest.json"]).contains("bob"));
}

#[test]
fn what_comes_twice_is_refused() {
    for name in ["manifest.json", "index.json", "repositories", "oci-layout", "x"] {
        let twice = Tar::new().file(name, &bobs()).file(name, &bobs()).end();
        assert_eq!(refused(&twice), ArchiveError::Twice(name.into()));
    }
    let link_over_file = Tar::new().file("x", b"1").entry("x", b'2', "y").end();
    assert_eq!(refused(&link_over_file), ArchiveError::Twice("x".into()));
    let directory_over_file = Tar::new().file("x", b"1").entry("x/", b'5', "").end();
    assert_eq!(refused(&directory_over_file), ArchiveError::Twice("x".into()));
}

#[test]
fn a_link_called_manifest_is_none() {
    for flag in [b'2', b'5'] {
        let archive = Tar::new().file("x", &bobs()).entry("manifest.json", flag, "x").end();
        assert_eq!(refused(&archive), ArchiveError::NoManifest);
    }
}

#[test]
fn kinds_of_entries_that_docker_save_does_not_write_are_refused() {
    let kinds: [(u8, &str); 12] = [
        (b'1', "a hard link"),
        (b'3', "a device"),
        (b'4', "a device"),
        (b'6', "a pipe"),
        (b'7', "of an unknown type"),
        (b'g', "a header for all entries"),
        (b'L', "a long name of the GNU format"),
        (b'K', "a long name of the GNU format"),
        (b'S', "a sparse file"),
        (b'D', "of an unknown type"),
        (b'V', "of an unknown type"),
        (b'X', "of an unknown type"),
    ];
    for (flag, word) in kinds {
        assert_eq!(refused(&after(Tar::new().entry("x", flag, "c"))), kind("x", word));
    }
    for flag in [b'5', b'2'] {
        let with_content = Tar::new().raw(&header("x", flag, 5, "c")).content(b"bytes");
        assert_eq!(refused(&after(with_content)), kind("x", "a directory or link with content"));
    }
}

#[test]
fn links_out_of_the_archive_are_refused() {
    for target in ["/etc/passwd", "../x", "a/../../x", "", ".", "a//b", "a/", "x\n"] {
        let refused = refused(&after(Tar::new().entry("l", b'2', target)));
        assert_eq!(refused, kind("l", "a link that leads out of the archive"), "{target}");
    }
}

#[test]
fn extended_headers_may_say_sizes_and_times_only() {
    let keys = [
        "path",
        "linkpath",
        "GNU.sparse.name",
        "GNU.sparse.major",
        "GNU.sparse.size",
        "SCHILY.xattr.user.x",
        "charset",
        "hdrcharset",
        "Size",
        "comment",
        "",
    ];
    for key in keys {
        let archive = after(Tar::new().extended(b'x', &record(key, "manifest.json")).file("x", &bobs()));
        assert_eq!(refused(&archive), ArchiveError::Extended(key.into()));
    }
    for size in ["-1", "0x10", "+5", "", "05", " 5", "18446744073709551616"] {
        let archive = after(Tar::new().extended(b'x', &record("size", size)).file("x", b"bytes"));
        assert_eq!(refused(&archive), ArchiveError::Extended("size".into()), "{size}");
    }
    let twice = [record("size", "5"), record("size", "600")].concat();
    assert_eq!(refused(&after(Tar::new().extended(b'x', &twice))), ArchiveError::Extended("size".into()));
}

#[test]
fn damaged_extended_headers_are_refused() {
    let damaged = "an extended header is damaged";
    for records in
        [&b"x"[..], b"5 a=b", b"0 a=b\n", b"6 mtime=1\n", b"99 mtime=1\n", b"10 mtime=1\0", b"5 ab\n"]
    {
        let archive = after(Tar::new().extended(b'x', records));
        assert_eq!(refused(&archive), ArchiveError::NotTar(damaged), "{records:?}");
    }
    let mtime = record("mtime", "1");
    let two = Tar::new().extended(b'x', &mtime).extended(b'x', &mtime);
    assert_eq!(refused(&after(two)), ArchiveError::NotTar("one extended header follows another"));
    let last = after(Tar::new())[..].strip_suffix(&[0; 1024][..]).expect("an end").to_vec();
    let alone = Tar(last).extended(b'x', &mtime).end();
    assert_eq!(refused(&alone), ArchiveError::NotTar("an extended header belongs to no entry"));
    assert_eq!(
        refused(&after(Tar::new().extended(b'x', b""))),
        ArchiveError::NotTar("an extended header is empty")
    );
}

#[test]
fn an_extended_size_is_the_size() {
    // Who heeds the header's own size would see `inner` as an entry.
    let inner = Tar::new().file("manifest.json", &bobs()).0;
    let records = record("size", &inner.len().to_string());
    let (_, sent) =
        load(&after(Tar::new().extended(b'x', &records).raw(&header("x", b'0', 0, "")).content(&inner)))
            .expect("a file");
    assert!(files(&sent).values().any(|file| *file == inner));
}

#[test]
fn numbers_in_other_codings_are_refused() {
    let no_octal = ArchiveError::NotTar("a size is not in octal digits");
    let sizes: [&[u8; 12]; 7] = [
        b"\x80\0\0\0\0\0\0\0\0\0\x02\0",
        b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
        b"-0000000001\0",
        b"00000000x00\0",
        b" 0000000005\0",
        b"\0\0\0\0\0\0\0\0\0\0\0\0",
        b"5\0 7\0\0\0\0\0\0\0\0",
    ];
    for size in sizes {
        let mut block = header("x", b'0', 0, "");
        block[124..136].copy_from_slice(size);
        assert_eq!(refused(&after(Tar::new().raw(&sealed(block)))), no_octal, "{size:?}");
    }
}

#[test]
fn checksums_magics_and_prefixes_are_as_they_should_be() {
    let mut block = header("x", b'0', 0, "");
    block[0] = b'y';
    let wrong_sum = ArchiveError::NotTar("a header's checksum is wrong");
    assert_eq!(refused(&after(Tar::new().raw(&block))), wrong_sum);

    // The sum of signed bytes, which some take as well.
    let mut block = sealed(header("x", b'0', 0, ""));
    block[300] = 0xff;
    assert_eq!(refused(&after(Tar::new().raw(&block))), wrong_sum);

    for magic in [&[0; 8], b"USTAR\x0000", b"ustar\x0001", b"tar\0\0\0\0\0"] {
        let mut block = header("x", b'0', 0, "");
        block[257..265].copy_from_slice(magic);
        let refused = refused(&after(Tar::new().raw(&sealed(block))));
        assert_eq!(refused, ArchiveError::NotTar("a header is not of the POSIX format"));
    }

    let mut block = header("manifest.json", b'0', 0, "");
    block[345] = b'.';
    assert_eq!(refused(&after(Tar::new().raw(&sealed(block)))), ArchiveError::Name(".".into()));
}

#[test]
fn nothing_follows_the_end() {
    let honest = honest("web");
    let twice = [honest.clone(), honest.clone()].concat();
    assert_eq!(refused(&twice), ArchiveError::AfterEnd);
    assert_eq!(refused(&[honest.clone(), b"x".to_vec()].concat()), ArchiveError::AfterEnd);
    assert_eq!(refused(&[honest.clone(), vec![0; 2 << 20]].concat()), ArchiveError::AfterEnd);
    let one_block = after(Tar::new().raw(&[0; 512]));
    assert_eq!(refused(&one_block), ArchiveError::NotTar("an empty block stands between entries"));
}

#[test]
fn an_archive_that_is_not_whole_is_refused_wherever_it_breaks() {
    let honest = honest("web");
    for length in 0..honest.len() {
        assert_eq!(refused(&honest[..length]), ArchiveError::Truncated, "{length} bytes");
    }
}

#[test]
fn what_is_no_archive_of_images_is_refused_with_a_hint() {
    assert_eq!(refused(&crate::forge::layer("bin/sh", "x")), ArchiveError::NoManifest);
    assert_eq!(refused(&[b'x'; 512]), ArchiveError::NotTar("a header is not of the POSIX format"));
    for (magic, method) in
        [(&b"BZh91AY&SY"[..], "bzip2"), (b"\xfd7zXZ\0", "xz"), (b"\x28\xb5\x2f\xfd\0\0", "zstd")]
    {
        assert_eq!(refused(magic), ArchiveError::Compressed(method));
    }
    let message = ArchiveError::NoManifest.to_string();
    assert_eq!(
        message,
        "the archive has no `manifest.json`; make it with `docker save`, or with `--output type=docker`"
    );
}

#[test]
fn what_was_refused_stays_refused_whatever_follows() {
    let (mut load, mut out) = (Load::new(alice()), Vec::new());
    let twice = Tar::new().file("x", b"").file("x", b"").0;
    let refusal = Err(ArchiveError::Twice("x".into()));
    assert_eq!(load.push(&twice, &mut out), refusal);
    assert_eq!(load.push(&honest("web"), &mut out), refusal);
    assert_eq!(load.finish(&mut out).map(drop), refusal);
}
