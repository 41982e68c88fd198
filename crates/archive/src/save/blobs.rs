//! Which configuration an image's id leads to: the classic image store's id is the configuration's digest, the
//! containerd store's that of a manifest, or of an index of manifests.

use serde::Deserialize;
use std::collections::BTreeMap;
use wharf_model::ImageId;

/// The manifests and indexes among the blobs that passed, by digest.
#[derive(Default)]
pub(super) struct Blobs(BTreeMap<String, Blob>);

/// What a blob leads to.
#[derive(Debug)]
enum Blob {
    Manifest { config: String },
    Index { manifests: Vec<String> },
}

/// The names of images, by every digest that leads to one.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// By the digest of a manifest, an index or a configuration.
    pub(super) by_digest: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    config: Option<Descriptor>,
    #[serde(default)]
    manifests: Option<Vec<Descriptor>>,
}

#[derive(Deserialize)]
struct Descriptor {
    digest: String,
}

/// Blobs beyond this are not looked at.
const BLOBS_MOST: usize = 10_000;
/// An index leads to manifests, or to indexes of manifests.
const DEEPEST: usize = 3;

impl Blobs {
    /// Looks at a blob; what is neither manifest nor index is passed over.
    pub(super) fn insert(&mut self, name: &str, text: &[u8]) {
        let Some(hex) = name.strip_prefix("blobs/sha256/") else { return };
        if self.0.len() >= BLOBS_MOST {
            return;
        }
        // An image's configuration has a member `config`, too, but no digest in it.
        let blob = match serde_json::from_slice(text) {
            Ok(Document { manifests: Some(manifests), .. }) => {
                Blob::Index { manifests: manifests.into_iter().map(|manifest| manifest.digest).collect() }
            }
            Ok(Document { config: Some(config), .. }) => Blob::Manifest { config: config.digest },
            _ => return,
        };
        self.0.insert(format!("sha256:{hex}"), blob);
    }

    /// Spreads the names of the images asked for over all that they lead to, and back to the manifests that lead to a
    /// configuration asked for.
    pub(super) fn resolve(&self, names: &BTreeMap<ImageId, Vec<String>>) -> Names {
        let mut found = Names::default();
        for (id, given) in names {
            self.spread(id.as_str(), given, 0, &mut found);
        }
        for (digest, blob) in &self.0 {
            if let Blob::Manifest { config } = blob
                && let Some(given) = found.by_digest.get(config).cloned()
            {
                found.by_digest.entry(digest.clone()).or_insert(given);
            }
        }
        found
    }

    fn spread(&self, digest: &str, given: &[String], depth: usize, found: &mut Names) {
        let known = found.by_digest.entry(digest.to_owned()).or_default();
        known.extend(given.iter().cloned());
        known.sort_unstable();
        known.dedup();
        match self.0.get(digest) {
            Some(Blob::Manifest { config }) => self.spread(config, given, depth + 1, found),
            Some(Blob::Index { manifests }) if depth < DEEPEST => {
                manifests.iter().for_each(|manifest| self.spread(manifest, given, depth + 1, found));
            }
            _ => {}
        }
    }
}
