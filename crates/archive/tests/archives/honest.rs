//! What `docker save` and its peers write is loaded, under the tenant's tags.

use crate::forge::{Tar, archive, config, files, header, hex, honest, layer, manifest, record};
use crate::{alice, load, load_in};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;
use wharf_archive::{Loaded, LoadedImage};
use wharf_model::ImageRef;
use wharf_wire::tenant::TenantTag;

fn tag(reference: &str) -> TenantTag {
    let Ok(ImageRef::Named(image)) = reference.parse() else { panic!("no name: {reference}") };
    TenantTag::named(&alice(), &image).expect("a tag")
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("a vector");
    encoder.finish().expect("a vector")
}

#[test]
fn the_engine_gets_the_same_files_under_other_names_and_a_manifest_of_ours() {
    let layer = layer("hello", "hello");
    let config = config(&[&layer]);
    let (loaded, sent) =
        load(&archive(&config, &[("a/layer.tar", &layer)], &["web", "gcr.io/x/y:2"])).expect("honest");
    let id = format!("sha256:{}", hex(&config)).parse().expect("an id");
    let tags = vec![tag("web"), tag("gcr.io/x/y:2")];
    assert_eq!(
        loaded,
        Loaded { images: vec![LoadedImage { config: id, tags }], unpacked: layer.len() as u64 }
    );

    let mut files = files(&sent);
    let sent_manifest = String::from_utf8(files.remove("manifest.json").expect("a manifest")).expect("text");
    let names: Vec<&String> = files.keys().collect();
    assert!(names.iter().all(|name| name.starts_with("alice-1-")), "{names:?}");
    assert_eq!(files.values().collect::<Vec<_>>(), [&config, &layer]);
    let expected = format!(
        r#"[{{"Config":"{}","RepoTags":["wharf.invalid/alice/1/docker.io/library/web:latest","wharf.invalid/alice/1/gcr.io/x/y:2"],"Layers":["{}"]}}]"#,
        names[0], names[1]
    );
    assert_eq!(sent_manifest, expected);
}

#[test]
fn an_image_without_a_name_gets_one_of_ours() {
    for tags in ["null", "[]"] {
        let config = config(&[]);
        let manifest = format!(r#"[{{"Config":"c","RepoTags":{tags},"Layers":null}}]"#);
        let archive = Tar::new().file("c", &config).file("manifest.json", manifest.as_bytes()).end();
        let (loaded, sent) = load(&archive).expect("honest");
        let expected = format!("wharf.invalid/alice/1/untagged:{}", hex(&config));
        assert_eq!(
            loaded.images[0].tags.iter().map(ToString::to_string).collect::<Vec<_>>(),
            [expected.as_str()]
        );
        assert!(String::from_utf8_lossy(&files(&sent)["manifest.json"]).contains(&expected));
    }
}

#[test]
fn docker_20_10_s_directories_versions_and_links_between_layers_are_taken() {
    let layer = layer("hello", "hello");
    let config = config(&[&layer, &layer]);
    let manifest = manifest("c.json", &["web"], &["a/layer.tar", "b/layer.tar"]);
    let archive = Tar::new()
        .entry("a/", b'5', "")
        .file("a/VERSION", b"1.0")
        .file("a/json", br#"{"id":"a","config":{}}"#)
        .file("a/layer.tar", &layer)
        .entry("b/", b'5', "")
        .entry("b/layer.tar", b'2', "../a/layer.tar")
        .file("c.json", &config)
        .file("manifest.json", &manifest)
        .file("repositories", br#"{"web":{"latest":"a"}}"#)
        .end();
    let (loaded, sent) = load(&archive).expect("honest");
    assert_eq!(loaded.unpacked, layer.len() as u64);
    let files = files(&sent);
    assert!(!files.contains_key("repositories"));
    let manifest: serde_json::Value = serde_json::from_slice(&files["manifest.json"]).expect("JSON");
    assert_eq!(manifest[0]["Layers"][0], manifest[0]["Layers"][1]);
}

#[test]
fn docker_28_s_layout_is_taken_and_only_our_manifest_sent() {
    let layer = layer("hello", "hello");
    let config = config(&[&layer]);
    let (config_name, layer_name) =
        (format!("blobs/sha256/{}", hex(&config)), format!("blobs/sha256/{}", hex(&layer)));
    let manifest = format!(
        r#"[{{"Config":"{config_name}","RepoTags":["web:1"],"Layers":["{layer_name}"],"LayerSources":{{"sha256:{}":{{"mediaType":"application/vnd.oci.image.layer.v1.tar","size":1,"digest":"x"}}}}}}]"#,
        hex(&layer)
    );
    let archive = Tar::new()
        .entry("blobs/", b'5', "")
        .entry("blobs/sha256/", b'5', "")
        .file(&config_name, &config)
        .file(&layer_name, &layer)
        .file("index.json", br#"{"manifests":[]}"#)
        .file("manifest.json", manifest.as_bytes())
        .file("oci-layout", br#"{"imageLayoutVersion":"1.0.0"}"#)
        .file("repositories", b"{}")
        .end();
    let (_, sent) = load(&archive).expect("honest");
    let files = files(&sent);
    let names: Vec<&str> =
        files.keys().map(String::as_str).filter(|name| !name.starts_with("alice-1-")).collect();
    assert_eq!(names, ["manifest.json"]);
}

#[test]
fn gzipped_layers_are_those_they_unpack_to() {
    let layer = layer("hello", &"hello ".repeat(10_000));
    let config = config(&[&layer]);
    let packed = gzipped(&layer);
    let (loaded, sent) = load(&archive(&config, &[("l.tar.gz", &packed)], &["web"])).expect("honest");
    assert_eq!(loaded.unpacked, layer.len() as u64);
    assert!(files(&sent).values().any(|file| *file == packed));

    // Of several members, as estargz writes them.
    let (first, second) = layer.split_at(700);
    let members = [gzipped(first), gzipped(second)].concat();
    assert!(load(&archive(&config, &[("l.tar.gz", &members)], &["web"])).is_ok());
}

#[test]
fn a_gzipped_archive_is_the_same_as_one_that_is_not() {
    let archive = honest("web");
    let plain = load(&archive).expect("honest");
    for size in [1, 7, 4096, usize::MAX] {
        assert_eq!(load_in(&gzipped(&archive), size).expect("honest"), plain);
    }
}

#[test]
fn extended_headers_with_times_and_sizes_are_taken() {
    let layer = layer("hello", "hello");
    let config = config(&[&layer]);
    let records = [record("mtime", "1700000000.5"), record("size", &layer.len().to_string())].concat();
    let archive = Tar::new()
        .extended(b'x', &records)
        .raw(&header("l", b'0', 0, ""))
        .content(&layer)
        .file("c", &config)
        .file("manifest.json", &manifest("c", &["web"], &["l"]))
        .end();
    assert!(load(&archive).is_ok());
}

#[test]
fn more_zeros_behind_the_end_are_no_second_archive() {
    let mut archive = honest("web");
    archive.resize(archive.len() + 10 * 1024, 0);
    assert!(load(&archive).is_ok());
}

#[test]
fn the_manifest_may_come_first() {
    let config = config(&[]);
    let archive = Tar::new().file("manifest.json", &manifest("c", &["web"], &[])).file("c", &config).end();
    assert!(load(&archive).is_ok());
}

#[test]
fn labels_and_onbuild_of_a_configuration_are_the_tenants_own_matter() {
    let config = br#"{"config":{"Labels":{"wharf.tenant":"bob","wharf.pod":"x"},"OnBuild":["RUN x"]},"rootfs":{"type":"layers"}}"#;
    let archive = Tar::new().file("c", config).file("manifest.json", &manifest("c", &["web"], &[])).end();
    assert!(load(&archive).is_ok());
}
