//! Labels, and the prefixes that are not the author's to use.

use serde_json::json;
use std::collections::BTreeMap;
use wharf_document::{Map, Misfit, ReadKey, Shape, Spanned, Text, quoted};

/// Labels with their values.
pub(crate) type Labels = Map<LabelName, Text>;

/// What says who owns a container cannot be said by its owner. The host may reserve more (its configuration says so,
/// and policy checks it).
const RESERVED: [&str; 3] = ["org.hezmatt.moby-derp.", "wharf.", "com.docker."];

/// What `Map` gives for them.
type RawLabels = Vec<(Spanned<String>, Spanned<String>)>;

/// The name of a label.
#[derive(Debug)]
pub(crate) enum LabelName {}

impl ReadKey for LabelName {
    type Key = String;

    fn key_shape() -> Shape {
        let prefixes = RESERVED.map(|prefix| prefix.replace('.', "\\.")).join("|");
        Shape::of(json!({ "minLength": 1, "not": { "pattern": format!("^({prefixes})") } }))
    }

    fn read_key(text: &str) -> Result<String, Misfit> {
        if text.is_empty() || text.contains('\0') {
            return Err(Misfit::new("a label's name is not empty and has no NUL"));
        }
        match RESERVED.iter().find(|prefix| text.starts_with(**prefix)) {
            Some(prefix) => {
                let message = format!(
                    "labels that begin with `{prefix}` are not a pod file's to set: {}",
                    quoted(text)
                );
                Err(Misfit::new(message).with_help("choose another prefix"))
            }
            None => Ok(text.to_owned()),
        }
    }
}

/// Names and values without their places.
pub(super) fn plain(labels: Option<Spanned<RawLabels>>) -> BTreeMap<String, String> {
    let labels = labels.map(|labels| labels.value).unwrap_or_default();
    labels.into_iter().map(|(name, value)| (name.value, value.value)).collect()
}
