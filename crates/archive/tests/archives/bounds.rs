//! Whatever is sent, little is held and little is made of it.

use crate::forge::{Tar, archive, config, header, manifest, record};
use crate::{alice, load, refused};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;
use wharf_archive::{ArchiveError, Load};

fn zeros_gzipped(megabytes: usize) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..megabytes {
        encoder.write_all(&vec![0; 1 << 20]).expect("a vector");
    }
    encoder.finish().expect("a vector")
}

#[test]
fn entries_are_counted() {
    let directories = (0..10_001).fold(Tar::new(), |tar, at| tar.entry(&format!("d{at}/"), b'5', ""));
    assert_eq!(refused(&directories.end()), ArchiveError::TooManyEntries(10_000));
}

#[test]
fn metadata_is_bounded_before_it_is_read() {
    let too_large = |name: &str, most| ArchiveError::TooLarge { name: name.into(), most };
    let mut manifest = Tar::new().raw(&header("manifest.json", b'0', (4 << 20) + 1, ""));
    assert_eq!(
        Load::new(alice()).push(&manifest.0, &mut Vec::new()),
        Err(too_large("manifest.json", 4 << 20))
    );
    manifest = Tar::new().extended(b'x', &record("mtime", &"1".repeat(20_000)));
    assert_eq!(refused(&manifest.end()), too_large("an extended header", 16 << 10));

    let mut config = br#"{"rootfs":{},"x":""#.to_vec();
    config.resize(1 << 20, b'x');
    config.extend_from_slice(b"\"}");
    let why = "it is no JSON object of at most 1048576 bytes".to_owned();
    let unreadable = ArchiveError::Unreadable { name: "c.json".into(), why };
    assert_eq!(refused(&archive(&config, &[], &["x"])), unreadable);
}

#[test]
fn images_tags_and_layers_are_counted() {
    let with = |manifest: &[u8]| {
        load(&Tar::new().file("c", &config(&[])).file("manifest.json", manifest).end())
            .map(|(loaded, _)| loaded.images.len())
    };
    let images =
        |many: usize| format!("[{}]", vec![r#"{"Config":"c","RepoTags":["x"],"Layers":[]}"#; many].join(","));
    assert_eq!(with(images(128).as_bytes()), Ok(128));
    assert!(matches!(with(images(129).as_bytes()), Err(ArchiveError::Unreadable { .. })));
    assert_eq!(with(&manifest("c", &["x"; 128], &[])), Ok(1));
    assert!(matches!(with(&manifest("c", &["x"; 129], &[])), Err(ArchiveError::Unreadable { .. })));
    assert!(matches!(with(&manifest("c", &["x"], &["l"; 257])), Err(ArchiveError::Unreadable { .. })));

    let many = vec![&b"layer"[..]; 256];
    let configs = (0..129).fold(Tar::new(), |tar, at| tar.file(&format!("c{at}"), &config(&many)));
    assert_eq!(refused(&configs.end()), ArchiveError::TooManyLayers(32 * 1024));
}

#[test]
fn a_small_file_that_unpacks_to_a_large_one_is_refused() {
    let bomb = zeros_gzipped(300);
    assert!(bomb.len() < 400_000);
    let refusal = refused(&archive(&config(&[b"x"]), &[("l", &bomb)], &["x"]));
    assert_eq!(refusal, ArchiveError::Bomb("`l`".into()));

    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&header("l", b'0', 300 << 20, "")).expect("a vector");
    for _ in 0..300 {
        encoder.write_all(&vec![0; 1 << 20]).expect("a vector");
    }
    assert_eq!(refused(&encoder.finish().expect("a vector")), ArchiveError::Bomb("the archive".into()));
}

#[test]
fn a_layer_of_zeros_that_is_not_too_large_is_no_bomb() {
    let zeros = vec![0; 32 << 20];
    let packed = zeros_gzipped(32);
    assert!(load(&archive(&config(&[&zeros]), &[("l", &packed)], &["x"])).is_ok());
}

#[test]
fn a_file_may_be_larger_than_octal_digits_say() {
    let size = 9_u64 << 30;
    let head = Tar::new().extended(b'x', &record("size", &size.to_string())).raw(&header("l", b'0', 0, ""));
    let (mut load, mut out) = (Load::new(alice()), Vec::new());
    load.push(&head.0, &mut out).expect("a header");
    let text = String::from_utf8_lossy(&out);
    assert!(text.contains("19 size=9663676416\n"), "an extended header of ours: {text}");
    assert_eq!(out.len(), 3 * 512);
    assert_eq!(load.finish(&mut out).err(), Some(ArchiveError::Truncated));
}

#[test]
fn messages_are_short_and_printable() {
    let name = format!("l{}", "\u{1b}[31m".repeat(18));
    let message = refused(&Tar::new().file(&name, b"x").end()).to_string();
    assert!(message.len() < 300 && !message.contains('\u{1b}'), "{message}");
    let config = format!(r#"{{"rootfs":"{}"}}"#, "\\u001b".repeat(10_000));
    let message = refused(&archive(config.as_bytes(), &[], &["x"])).to_string();
    assert!(message.len() < 300 && !message.contains('\u{1b}'), "{message}");
    let unknown = format!(r#"[{{"Config":"c","{}":1}}]"#, "\\u001b".repeat(1000));
    let message = refused(&Tar::new().file("manifest.json", unknown.as_bytes()).end()).to_string();
    assert!(message.len() < 300 && !message.contains('\u{1b}'), "{message}");
}
