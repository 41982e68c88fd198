//! Layers that the engine has and the archive has not.

use crate::engines::{CONTAINERD, Store, stores};
use crate::forge::{Tar, archive, files, manifest};
use crate::through_load;
use serde_json::{Value, json};
use wharf_archive::ArchiveError;
use wharf_testkit::unique_name;

/// Bob's image: its name, its configuration, and its layers' number.
fn bobs(store: &Store, secret: &str) -> (String, Vec<u8>, usize) {
    let reference = format!("{}:bob", unique_name());
    store.image_with(&reference, secret);
    let files = files(&store.save([reference.as_str()]));
    let manifest: Value = serde_json::from_slice(&files["manifest.json"]).expect("a manifest");
    let config = files[manifest[0]["Config"].as_str().expect("a configuration")].clone();
    (reference, config, manifest[0]["Layers"].as_array().expect("layers").len())
}

#[test]
fn an_engine_opens_layers_to_whoever_names_them_and_load_does_not() {
    for store in stores() {
        let secret = unique_name();
        let (_, config, many) = bobs(&store, &secret);
        for (forged, layer) in [("empty", &b""[..]), ("of zeros", &[0; 1024])] {
            let evil = format!("{}:evil", unique_name());
            let layers = vec!["l"; many];
            let manifest = manifest("c.json", &[&evil], &layers);
            let archive =
                Tar::new().file("c.json", &config).file("l", layer).file("manifest.json", &manifest).end();
            let (_, said) = store.load(&archive);
            let read = store.secret_in(&evil);
            assert_eq!(read.as_deref(), Some(secret.as_str()), "{}, {forged}: {said}", store.name);

            let refused = through_load(&archive).expect_err("refused");
            assert_eq!(refused, ArchiveError::OtherLayer { layer: "l".into(), config: "c.json".into() });
        }
    }
}

#[test]
fn a_classic_store_does_not_miss_absent_layers_and_load_does() {
    for store in stores() {
        let secret = unique_name();
        let (_, config, many) = bobs(&store, &secret);
        let evil = format!("{}:evil", unique_name());
        let manifest = manifest("c.json", &[&evil], &vec!["absent"; many]);
        let archive = Tar::new().file("c.json", &config).file("manifest.json", &manifest).end();
        let (_, said) = store.load(&archive);
        let expected = (store.name != CONTAINERD).then_some(secret);
        assert_eq!(store.secret_in(&evil), expected, "{}: {said}", store.name);
        assert_eq!(through_load(&archive), Err(ArchiveError::Missing("absent".into())));
    }
}

#[test]
fn the_containerd_store_takes_a_digest_for_an_image_and_load_does_not() {
    for store in stores() {
        let secret = unique_name();
        let (reference, _, _) = bobs(&store, &secret);
        let saved = files(&store.save([reference.as_str()]));
        let Some(index) = saved.get("index.json") else { continue };
        let evil = format!("{}:evil", unique_name());
        let mut index: Value = serde_json::from_slice(index).expect("an index");
        index["manifests"][0]["annotations"] =
            json!({"io.containerd.image.name": format!("docker.io/library/{evil}")});
        let archive = Tar::new()
            .file("oci-layout", &saved["oci-layout"])
            .file("index.json", index.to_string().as_bytes())
            .end();
        let (_, said) = store.load(&archive);
        let expected = (store.name == CONTAINERD).then_some(secret);
        assert_eq!(store.secret_in(&evil), expected, "{}: {said}", store.name);
        assert_eq!(through_load(&archive), Err(ArchiveError::NoManifest));

        // With a manifest of the tenant's own beside it, only that is loaded.
        let own = archive_of_one("own");
        let both = [&archive[..archive.len() - 1024], &own].concat();
        let (_, sent) = through_load(&both).expect("an archive");
        assert!(!String::from_utf8_lossy(&sent).contains(&evil));
    }
}

fn archive_of_one(tag: &str) -> Vec<u8> {
    let layer = crate::forge::layer("etc/own", "own");
    archive(&crate::forge::config(&[&layer]), &[("l", &layer)], &[tag])
}

#[test]
fn who_brings_the_layers_has_them() {
    for store in stores() {
        let secret = unique_name();
        let (reference, _, _) = bobs(&store, &secret);
        let (loaded, sent) =
            through_load(&store.save([reference.as_str()])).expect("an archive of docker save");
        let tag = loaded.images[0].tags[0].to_string();
        let (_, said) = store.load(&sent);
        assert_eq!(store.secret_in(&tag), Some(secret), "{}: {said}", store.name);
    }
}
