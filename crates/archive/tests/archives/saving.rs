//! What the engine sends for ids leaves with the tenant's names. The documents are those of real engines.

use crate::forge::{Tar, files, hex};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use wharf_archive::{ArchiveError, Save};

fn save(archive: &[u8], id: &str, names: &[&str]) -> Result<Vec<u8>, ArchiveError> {
    let id = format!("sha256:{id}").parse().expect("an id");
    let names = BTreeMap::from([(id, names.iter().map(ToString::to_string).collect())]);
    let (mut save, mut out) = (Save::new(names), Vec::new());
    save.push(archive, &mut out)?;
    save.finish(&mut out)?;
    Ok(out)
}

fn json(files: &BTreeMap<String, Vec<u8>>, name: &str) -> Value {
    serde_json::from_slice(&files[name]).expect("JSON")
}

#[test]
fn docker_20_10_s_archive_is_as_it_would_be_by_name() {
    let config = br#"{"config":{},"rootfs":{}}"#;
    let id = hex(config);
    let manifest =
        json!([{"Config": format!("{id}.json"), "RepoTags": null, "Layers": ["a/layer.tar", "b/layer.tar"]}]);
    let archive = Tar::new()
        .file(&format!("{id}.json"), config)
        .entry("a/", b'5', "")
        .file("a/layer.tar", b"layer")
        .entry("b/", b'5', "")
        .entry("b/layer.tar", b'2', "../a/layer.tar")
        .file("manifest.json", manifest.to_string().as_bytes())
        .end();
    let saved = save(&archive, &id, &["busybox:latest", "gcr.io/x/y:2"]).expect("an archive");
    let kept = archive.len() - 1024 - 1024; // up to the manifest of two blocks
    assert!(saved[..kept] == archive[..kept], "files and links pass as they are");
    let files = files(&saved);
    let tags = json!(["busybox:latest", "gcr.io/x/y:2"]);
    assert_eq!(
        json(&files, "manifest.json"),
        json!([{"Config": format!("{id}.json"), "RepoTags": tags, "Layers": ["a/layer.tar", "b/layer.tar"]}])
    );
    assert_eq!(json(&files, "repositories"), json!({"busybox": {"latest": "b"}, "gcr.io/x/y": {"2": "b"}}));
}

/// A layout with one image, as Docker 28 writes it; the id of its configuration, and of its manifest.
fn layout(with_sources: bool, tags: &Value, annotations: Option<Value>) -> (Vec<u8>, String, String) {
    let (config, layer) = (&br#"{"config":{},"rootfs":{}}"#[..], b"layer");
    let (config_id, layer_id) = (hex(config), hex(layer));
    let manifest =
        json!({"schemaVersion": 2, "config": {"digest": format!("sha256:{config_id}")}, "layers": []})
            .to_string();
    let manifest_id = hex(manifest.as_bytes());
    let mut descriptor = json!({"digest": format!("sha256:{manifest_id}"), "size": manifest.len()});
    if let Some(annotations) = annotations {
        descriptor["annotations"] = annotations;
    }
    let blob = |id: &str| format!("blobs/sha256/{id}");
    let mut image = json!({"Config": blob(&config_id), "RepoTags": tags, "Layers": [blob(&layer_id)]});
    if with_sources {
        image["LayerSources"] = json!({format!("sha256:{layer_id}"): {"size": 5}});
    }
    let archive = Tar::new()
        .entry("blobs/", b'5', "")
        .entry("blobs/sha256/", b'5', "")
        .file(&blob(&config_id), config)
        .file(&blob(&layer_id), layer)
        .file(&blob(&manifest_id), manifest.as_bytes())
        .file("index.json", json!({"schemaVersion": 2, "manifests": [descriptor]}).to_string().as_bytes())
        .file("manifest.json", json!([image]).to_string().as_bytes())
        .file("oci-layout", br#"{"imageLayoutVersion":"1.0.0"}"#)
        .end();
    (archive, config_id, manifest_id)
}

#[test]
fn docker_28_s_layout_names_the_manifest_of_a_configuration() {
    let (archive, config, manifest) = layout(true, &Value::Null, None);
    let files = files(&save(&archive, &config, &["busybox:latest", "x/y:2"]).expect("an archive"));
    assert_eq!(json(&files, "manifest.json")[0]["RepoTags"], json!(["busybox:latest", "x/y:2"]));
    let descriptor = |full: &str, tag: &str| {
        json!({"digest": format!("sha256:{manifest}"), "size": files[&format!("blobs/sha256/{manifest}")].len(),
            "annotations": {"io.containerd.image.name": full, "org.opencontainers.image.ref.name": tag}})
    };
    let manifests =
        [descriptor("docker.io/library/busybox:latest", "latest"), descriptor("docker.io/x/y:2", "2")];
    assert_eq!(json(&files, "index.json"), json!({"schemaVersion": 2, "manifests": manifests}));
    let top = hex(b"layer");
    assert_eq!(json(&files, "repositories"), json!({"busybox": {"latest": top}, "x/y": {"2": top}}));
}

#[test]
fn the_containerd_store_s_id_is_that_of_a_manifest_and_it_writes_no_repositories() {
    let (archive, _, manifest) = layout(false, &Value::Null, None);
    let files = files(&save(&archive, &manifest, &["busybox:latest"]).expect("an archive"));
    assert_eq!(json(&files, "manifest.json")[0]["RepoTags"], json!(["busybox:latest"]));
    let full = "docker.io/library/busybox:latest";
    assert_eq!(
        json(&files, "index.json")["manifests"][0]["annotations"]["io.containerd.image.name"],
        json!(full)
    );
    assert!(!files.contains_key("repositories"));
}

#[test]
fn names_that_the_engine_writes_do_not_leave() {
    let tags = json!(["wharf.invalid/bob/1/docker.io/library/x:1"]);
    let annotations = json!({"io.containerd.image.name": "wharf.invalid/bob/1/docker.io/library/x:1",
        "org.opencontainers.image.ref.name": "1"});
    let (archive, config, manifest) = layout(true, &tags, Some(annotations.clone()));
    for (id, names) in [(&config, &[][..]), (&manifest, &["a:1"]), (&hex(b"another"), &["a:1"])] {
        let saved = save(&archive, id, names).expect("an archive");
        assert!(!String::from_utf8_lossy(&saved).contains("bob"), "{names:?}");
    }
    let files = files(&save(&archive, &config, &[]).expect("an archive"));
    assert_eq!(json(&files, "manifest.json")[0]["RepoTags"], Value::Null);
    assert_eq!(json(&files, "index.json")["manifests"][0].get("annotations"), None);
    assert!(!files.contains_key("repositories"));
}

#[test]
fn what_the_engine_did_not_finish_is_an_error() {
    let (archive, config, _) = layout(true, &Value::Null, None);
    for length in (0..archive.len()).step_by(97) {
        assert!(save(&archive[..length], &config, &["a:1"]).is_err(), "{length} bytes");
    }
    assert_eq!(save(&[0; 1024], &config, &[]), Err(ArchiveError::NoManifest));
}

#[test]
fn indexes_that_lead_round_in_circles_end() {
    let (archive, config, _) = layout(false, &Value::Null, None);
    let inside = &archive[..archive.len() - 1024];
    let round = |from: &str| format!("blobs/sha256/{}", hex(from.as_bytes()));
    let many: Vec<Value> = vec![json!({"digest": format!("sha256:{}", hex(b"one"))}); 8000];
    let index = json!({"manifests": many}).to_string();
    let tar = Tar::new()
        .file(&round("one"), index.as_bytes())
        .file(&round("two"), index.as_bytes())
        .raw(inside)
        .end();
    assert!(save(&tar, &hex(b"one"), &["a:1"]).is_ok());
    assert!(save(&tar, &config, &["a:1"]).is_ok());
}

#[test]
fn every_image_of_several_is_in_the_index_though_docker_28_lists_the_first_only() {
    let config = &br#"{"config":{},"rootfs":{},"os":"linux"}"#[..];
    let manifest = json!({"config": {"digest": format!("sha256:{}", hex(config))}}).to_string();
    let id = hex(config);
    let blob = |bytes: &[u8]| format!("blobs/sha256/{}", hex(bytes));
    let archive = Tar::new()
        .file(&blob(config), config)
        .file(&blob(manifest.as_bytes()), manifest.as_bytes())
        .file("index.json", br#"{"manifests":[]}"#)
        .file(
            "manifest.json",
            json!([{"Config": blob(config), "RepoTags": null, "Layers": null}]).to_string().as_bytes(),
        )
        .end();
    let files = files(&save(&archive, &id, &["a:1"]).expect("an archive"));
    let descriptor = json!({"mediaType": "application/vnd.oci.image.manifest.v1+json", "size": manifest.len(),
        "digest": format!("sha256:{}", hex(manifest.as_bytes())),
        "annotations": {"io.containerd.image.name": "docker.io/library/a:1", "org.opencontainers.image.ref.name": "1"}});
    assert_eq!(json(&files, "index.json"), json!({"manifests": [descriptor]}));
}
