//! Another's layers are known to the engine: who names them without bringing them would read them.

use crate::forge::{Tar, archive, config, hex, layer, manifest};
use crate::{load, refused};
use wharf_archive::ArchiveError;

fn other_layer(name: &str) -> ArchiveError {
    ArchiveError::OtherLayer { layer: name.into(), config: "c.json".into() }
}

#[test]
fn a_layer_that_is_empty_or_another_is_refused() {
    let bobs = layer("etc/secret", "of bob");
    let config = config(&[&bobs]);
    assert!(load(&archive(&config, &[("l", &bobs)], &["x"])).is_ok());
    for forged in [&b""[..], &[0; 1024], b"x", &layer("etc/secret", "of eve")] {
        assert_eq!(refused(&archive(&config, &[("l", forged)], &["x"])), other_layer("l"));
    }
}

#[test]
fn a_layer_that_is_absent_or_no_file_is_refused() {
    let bobs = layer("etc/secret", "of bob");
    let tar = |extra: Tar| {
        extra.file("c", &config(&[&bobs])).file("manifest.json", &manifest("c", &["x"], &["l"])).end()
    };
    let missing = |name: &str| ArchiveError::Missing(name.into());
    assert_eq!(refused(&tar(Tar::new())), missing("l"));
    assert_eq!(refused(&tar(Tar::new().entry("l/", b'5', ""))), missing("l"));
    assert_eq!(refused(&tar(Tar::new().entry("l", b'2', "elsewhere"))), missing("elsewhere"));
    assert_eq!(refused(&tar(Tar::new().entry("l", b'2', "m").entry("m", b'2', "l"))), missing("m"));
    assert_eq!(refused(&tar(Tar::new().entry("l", b'2', "manifest.json"))), missing("manifest.json"));
}

#[test]
fn a_configuration_that_is_absent_is_refused() {
    let archive = Tar::new().file("manifest.json", &manifest(&hex(b"bobs"), &["x"], &[])).end();
    assert_eq!(refused(&archive), ArchiveError::Missing(hex(b"bobs")));
    let archive = Tar::new().file("manifest.json", &manifest("manifest.json", &["x"], &[])).end();
    assert_eq!(refused(&archive), ArchiveError::Missing("manifest.json".into()));
}

#[test]
fn layers_in_another_number_or_order_are_refused() {
    let (one, two) = (layer("a", "1"), layer("b", "2"));
    let config = config(&[&one, &two]);
    let archive = |names: &[&str]| {
        let manifest = manifest("c.json", &["x"], names);
        Tar::new()
            .file("c.json", &config)
            .file("1", &one)
            .file("2", &two)
            .file("manifest.json", &manifest)
            .end()
    };
    assert!(load(&archive(&["1", "2"])).is_ok());
    assert_eq!(refused(&archive(&["2", "1"])), other_layer("2"));
    for brought in [&["1"][..], &["1", "2", "2"], &[]] {
        let config = "c.json".to_owned();
        assert_eq!(
            refused(&archive(brought)),
            ArchiveError::LayerCount { config, named: 2, brought: brought.len() }
        );
    }
}

#[test]
fn a_configuration_that_go_reads_otherwise_is_refused() {
    let bobs = format!("sha256:{}", hex(b"bobs"));
    let forged = [
        format!(r#"{{"rootfs":{{"diff_ids":[]}},"rootfs":{{"diff_ids":["{bobs}"]}}}}"#),
        format!(r#"{{"rootfs":{{"diff_ids":[]}},"RootFS":{{"diff_ids":["{bobs}"]}}}}"#),
        format!(r#"{{"rootfs":{{"diff_ids":[]}},"rootf\u017f":{{"diff_ids":["{bobs}"]}}}}"#),
        format!(r#"{{"rootfs":{{"diff_ids":[],"Diff_IDs":["{bobs}"]}}}}"#),
        format!(r#"{{"rootfs":{{"diff_ids":[],"diff_ids":["{bobs}"]}}}}"#),
        format!(r#"{{"Rootfs":{{"diff_ids":["{bobs}"]}}}}"#),
        format!(r#"{{"rootfs":{{"diff_ids":[]}}}}{{"rootfs":{{"diff_ids":["{bobs}"]}}}}"#),
        format!(r#"[{{"rootfs":{{"diff_ids":["{bobs}"]}}}}]"#),
        r#"{"rootfs":{"diff_ids":["sha256:x"]}}"#.to_owned(),
        r#"{"rootfs":{"diff_ids":["sha512:x"]}}"#.to_owned(),
        r#"{"rootfs":{"diff_ids":"x"}}"#.to_owned(),
        r#"{"rootfs":null}"#.to_owned(),
        r#"{"architecture":"amd64"}"#.to_owned(),
        r#" {"rootfs":{}}"#.to_owned(),
        "not JSON".to_owned(),
        String::new(),
    ];
    for config in forged {
        let archive =
            Tar::new().file("c", config.as_bytes()).file("manifest.json", &manifest("c", &["x"], &[])).end();
        let refused = refused(&archive);
        assert!(
            matches!(&refused, ArchiveError::Unreadable { name, .. } if name == "c"),
            "{config}: {refused}"
        );
    }
}

#[test]
fn a_blob_is_what_its_name_says() {
    let name = format!("blobs/sha256/{}", hex(b"bobs"));
    let archive = Tar::new().file(&name, b"eves").end();
    assert_eq!(refused(&archive), ArchiveError::NotItsDigest(name));
}

#[test]
fn a_layer_that_cannot_be_unpacked_here_is_refused() {
    let bobs = layer("etc/secret", "of bob");
    let config = config(&[&bobs]);
    let magics: [(&[u8], &str); 4] = [
        (b"BZh91AY&SY", "bzip2"),
        (b"\xfd7zXZ\0\0\0", "xz"),
        (b"\x28\xb5\x2f\xfd\0\0", "zstd"),
        (b"\x50\x2a\x4d\x18\0\0", "zstd"),
    ];
    for (magic, method) in magics {
        let refused = refused(&archive(&config, &[("l", magic)], &["x"]));
        assert_eq!(refused, ArchiveError::LayerCompressed { layer: "l".into(), method });
    }
    for damaged in
        [&b"\x1f\x8b\x08\0\0\0\0\0\0\xff"[..], b"\x1f\x8b", b"\x1f\x8b\x08\0\0\0\0\0\0\xff\xff\xff\xff\xff"]
    {
        let refused = refused(&archive(&config, &[("l", damaged)], &["x"]));
        assert_eq!(refused, ArchiveError::Gzip("`l`".into()), "{damaged:?}");
    }
}
