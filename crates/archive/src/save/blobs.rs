//! Which configuration an image's id leads to: the classic image store's id is the configuration's digest, the
//! containerd store's that of a manifest, or of an index of manifests.

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use wharf_model::ImageId;

/// The manifests and indexes among the blobs that passed, by digest. They are tenants' work: whatever they say, little
/// is kept of them and each is gone through once.
#[derive(Default)]
pub(super) struct Blobs {
    by_digest: BTreeMap<String, Blob>,
    /// Of all together.
    links: usize,
}

/// What a blob leads to.
struct Blob {
    /// The configuration of a manifest; the manifests of an index.
    to: Vec<String>,
    is_manifest: bool,
    size: usize,
}

/// The names of images, by every digest that leads to one: of an index, a manifest or a configuration.
pub(super) type Names = BTreeMap<String, Vec<String>>;

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

/// Blobs beyond this are not looked at: their images keep no name.
const LINKS_MOST: usize = 16 * 1024;

impl Blobs {
    /// Looks at a blob; what is neither manifest nor index is passed over.
    pub(super) fn insert(&mut self, name: &str, text: &[u8]) {
        let Some(hex) = name.strip_prefix("blobs/sha256/") else { return };
        // An image's configuration has a member `config`, too, but no digest in it.
        let (to, is_manifest) = match serde_json::from_slice(text) {
            Ok(Document { manifests: Some(manifests), .. }) => {
                (manifests.into_iter().map(|manifest| manifest.digest).collect(), false)
            }
            Ok(Document { config: Some(config), .. }) => (vec![config.digest], true),
            _ => return,
        };
        if self.links + to.len() < LINKS_MOST {
            self.links += to.len() + 1;
            self.by_digest.insert(format!("sha256:{hex}"), Blob { to, is_manifest, size: text.len() });
        }
    }

    /// Spreads the names of the images asked for over all that they lead to, and back to the manifests that lead to a
    /// configuration asked for.
    pub(super) fn resolve(&self, names: &BTreeMap<ImageId, Vec<String>>) -> Names {
        let mut found = Names::new();
        for (id, given) in names {
            for digest in self.reach(id.as_str()) {
                let known = found.entry(digest.to_owned()).or_default();
                known.extend(given.iter().cloned());
                known.sort_unstable();
                known.dedup();
            }
        }
        for (digest, blob) in self.by_digest.iter().filter(|(_, blob)| blob.is_manifest) {
            if let Some(given) = blob.to.first().and_then(|config| found.get(config)).cloned() {
                found.entry(digest.clone()).or_insert(given);
            }
        }
        found
    }

    /// A digest and all that it leads to.
    pub(super) fn reach<'a>(&'a self, digest: &'a str) -> BTreeSet<&'a str> {
        let (mut reached, mut next) = (BTreeSet::new(), vec![digest]);
        while let Some(digest) = next.pop() {
            if reached.insert(digest) {
                next.extend(self.by_digest.get(digest).iter().flat_map(|blob| &blob.to).map(String::as_str));
            }
        }
        reached
    }

    /// The manifest of a configuration, and its size.
    pub(super) fn manifest_of(&self, config: &str) -> Option<(&str, usize)> {
        let leads = |blob: &Blob| blob.is_manifest && blob.to.first().is_some_and(|to| to == config);
        let (digest, blob) = self.by_digest.iter().find(|(_, blob)| leads(blob))?;
        Some((digest, blob.size))
    }
}
