//! What is saved by id and named by `Save` is what the engine saves by name, and loads elsewhere.

use crate::engines::{Store, stores};
use crate::forge::{Tar, config, files, layer, manifest};
use crate::through_load;
use serde_json::Value;
use std::collections::BTreeMap;
use wharf_archive::Save;
use wharf_model::ImageId;
use wharf_testkit::{ImageRecipe, unique_name};

fn id(store: &Store, reference: &str) -> ImageId {
    store.docker(["image", "inspect", "-f", "{{.Id}}", reference]).trim().parse().expect("an id")
}

fn through_save(archive: &[u8], names: BTreeMap<ImageId, Vec<String>>) -> Vec<u8> {
    let (mut save, mut out) = (Save::new(names), Vec::new());
    archive.chunks(64 * 1024).for_each(|piece| save.push(piece, &mut out).expect("an engine's archive"));
    save.finish(&mut out).expect("an engine's archive");
    out
}

/// The documents as values, everything else as bytes.
fn told(archive: &[u8]) -> BTreeMap<String, Result<Value, Vec<u8>>> {
    let value = |bytes: Vec<u8>| serde_json::from_slice(&bytes).map_err(|_| bytes);
    files(archive).into_iter().map(|(name, bytes)| (name, value(bytes))).collect()
}

#[test]
fn an_archive_by_id_with_names_is_the_archive_by_name_and_loads_everywhere() {
    for store in stores() {
        let secret = unique_name();
        let (one, two, three) = (
            format!("{secret}:1"),
            format!("gcr.io/x/{secret}:2"),
            format!("localhost:5000/{secret}:latest"),
        );
        store.image_with(&one, &secret);
        store.docker(["tag", &one, &two]);
        store.engine.import(&ImageRecipe::new(&three).file("other", &secret)).expect("another image");
        let ids = [id(&store, &one), id(&store, &three)];
        let by_name = store.save([&one[..], &two, &three]);
        let by_id = store.save([ids[0].as_str(), ids[1].as_str()]);
        let [first, second] = ids;
        let names = BTreeMap::from([(first, vec![one.clone(), two.clone()]), (second, vec![three.clone()])]);
        let named = through_save(&by_id, names);
        assert_same(&told(&named), &told(&by_name), store.name);

        for other in stores() {
            other.engine.docker(["rmi", "-f", &one, &two, &three]).ok();
            let (is_loaded, said) = other.load(&named);
            assert!(is_loaded, "{} to {}: {said}", store.name, other.name);
            for name in [&one, &two, &three] {
                assert!(other.has(name), "{} to {}: {said}", store.name, other.name);
            }
            assert_eq!(other.secret_in(&two).as_deref(), Some(secret.as_str()));
        }
    }
}

/// Images may stand in any order, and so may an image's names.
fn assert_same(
    left: &BTreeMap<String, Result<Value, Vec<u8>>>,
    right: &BTreeMap<String, Result<Value, Vec<u8>>>,
    store: &str,
) {
    assert_eq!(left.keys().collect::<Vec<_>>(), right.keys().collect::<Vec<_>>(), "{store}");
    for (name, content) in left {
        assert_eq!(content.clone().map(sorted), right[name].clone().map(sorted), "{store}: {name}");
    }
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Array(items) => {
            let mut items: Vec<Value> = items.into_iter().map(sorted).collect();
            items.sort_by_key(ToString::to_string);
            Value::Array(items)
        }
        Value::Object(members) => members.into_iter().map(|(key, value)| (key, sorted(value))).collect(),
        other => other,
    }
}

#[test]
fn what_docker_saves_is_loaded_everywhere_under_the_tenants_tags_only() {
    for store in stores() {
        let secret = unique_name();
        let (one, two) = (format!("{secret}:1"), format!("gcr.io:443/x/{secret}:2"));
        store.image_with(&one, &secret);
        store.docker(["tag", &one, &two]);
        let saved = store.save([&one[..], &two]);
        for other in stores() {
            other.engine.docker(["rmi", "-f", &one, &two]).ok();
            let before = other.images();
            let (loaded, sent) = through_load(&saved).expect("an archive of docker save");
            let (is_loaded, said) = other.load(&sent);
            assert!(is_loaded, "{} to {}: {said}", store.name, other.name);
            let tags: Vec<String> = loaded.images[0].tags.iter().map(ToString::to_string).collect();
            assert_eq!(
                tags,
                [
                    format!("wharf.invalid/alice/1/docker.io/library/{secret}:1"),
                    format!("wharf.invalid/alice/1/gcr.io__443/x/{secret}:2"),
                ]
            );
            let new: Vec<String> =
                other.images().into_iter().filter(|image| image.contains(&secret)).collect();
            assert!(
                new.iter().all(|image| image.starts_with("wharf.invalid/alice/1/")),
                "{new:?} after {before:?}"
            );
            assert_eq!(new.len(), 2, "{new:?}");
            for tag in &tags {
                assert_eq!(
                    other.secret_in(tag).as_deref(),
                    Some(secret.as_str()),
                    "{} to {}",
                    store.name,
                    other.name
                );
            }
            other.docker(["rmi", &tags[0], &tags[1]]);
        }
    }
}

#[test]
fn equal_layers_and_images_without_a_name_come_through() {
    for store in stores() {
        let secret = unique_name();
        let layer = layer("etc/own", &secret);
        let manifest = manifest("c", &[&format!("{secret}:latest")], &["l", "l"]);
        let archive = Tar::new()
            .file("c", &config(&[&layer, &layer]))
            .file("l", &layer)
            .file("manifest.json", &manifest)
            .end();
        let (is_loaded, said) = store.load(&archive);
        assert!(is_loaded, "{}: {said}", store.name);
        let id = id(&store, &secret);
        let saved = store.save([id.as_str()]);
        // 20.10 writes the second as a link to the first.
        assert_eq!(
            saved.windows(11).any(|text| text == b"/layer.tar\0")
                && saved.windows(4).any(|text| text == b"2../"),
            store.name == "20.10"
        );
        let (loaded, sent) = through_load(&saved).expect("an archive of docker save");
        let tag = loaded.images[0].tags[0].to_string();
        assert_eq!(tag, format!("wharf.invalid/alice/1/untagged:{}", &loaded.images[0].config.as_str()[7..]));
        let (is_loaded, said) = store.load(&sent);
        assert!(is_loaded && store.has(&tag), "{}: {said}", store.name);
        let named = through_save(&saved, BTreeMap::from([(id, vec![format!("{secret}:again")])]));
        let (is_loaded, said) = store.load(&named);
        assert!(is_loaded && store.has(&format!("{secret}:again")), "{}: {said}", store.name);
    }
}
