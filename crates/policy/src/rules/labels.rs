//! labels: what other programs on this host obey is not for pod files to say.
//!
//! A proxy that takes its routes from labels would hand one pod another's traffic; an updater would run commands.

use crate::{Denial, Facts, Grants, Rule};
use std::collections::BTreeMap;
use wharf_model::{ImageId, PodName};

/// Labels that wharf itself writes on a pod's containers; any other below its prefixes came from elsewhere.
pub(crate) const OWN: [&str; 9] = [
    "org.hezmatt.moby-derp.config-hash",
    "org.hezmatt.moby-derp.pod-name",
    "org.hezmatt.moby-derp.root-container-id",
    "wharf.config-hash",
    "wharf.container",
    "wharf.image",
    "wharf.pod",
    "wharf.secrets",
    "wharf.starts-after",
];

/// Of those, the ones that say which pod: the gem's (which wharf writes, too), then ours.
pub(crate) const POD_LABELS: [&str; 2] = ["org.hezmatt.moby-derp.pod-name", "wharf.pod"];

/// Prefixes that are reserved on every host: ours, the gem's, and those that Docker's own tools obey.
const ALWAYS_RESERVED: [&str; 3] = ["org.hezmatt.moby-derp.", "wharf.", "com.docker."];

pub(crate) fn check(pod: &PodName, labels: &BTreeMap<String, String>, grants: &Grants) -> Result<(), Denial> {
    let reserved = |label: &str| {
        let host = grants.reserved_labels.iter().map(String::as_str);
        ALWAYS_RESERVED.into_iter().chain(host).find(|prefix| begins_with(label, prefix)).map(str::to_owned)
    };
    for label in labels.keys().filter(|label| !OWN.contains(&label.as_str())) {
        if let Some(prefix) = reserved(label) {
            let reason = format!("label `{label}` begins with `{prefix}`, which is reserved on this host");
            return Err(Denial::new(
                Rule::Labels,
                reason,
                "rename the label, or ask the administrator (`reserved_labels`)",
            ));
        }
    }
    let names_this_pod = |label: &str| labels.get(label).is_none_or(|value| value == pod.as_str());
    if names_this_pod("wharf.pod") && names_this_pod("org.hezmatt.moby-derp.pod-name") {
        return Ok(());
    }
    let reason = "the container would carry another pod's name in its labels";
    Err(Denial::new(
        Rule::Labels,
        reason,
        "the labels that say whose a container is are written by wharf alone",
    ))
}

/// A container inherits its image's labels, so what the host reserves must not come from there either. Only those: our own
/// are written over, and Docker's tools put theirs on honest images.
pub(crate) fn check_image(image: &ImageId, facts: &Facts, grants: &Grants) -> Result<(), Denial> {
    if grants.reserved_labels.is_empty() {
        return Ok(());
    }
    let denial = |reason: String| {
        Denial::new(
            Rule::Labels,
            reason,
            "build the image without the label, or ask the administrator (`reserved_labels`)",
        )
    };
    let Some(labels) = facts.image_labels.get(image) else {
        return Err(denial(format!("the labels of image `{image}` are not known")));
    };
    let reserved = |label: &str| grants.reserved_labels.iter().find(|prefix| begins_with(label, prefix));
    match labels.iter().find_map(|label| Some((label, reserved(label)?))) {
        Some((label, prefix)) => Err(denial(format!(
            "label `{label}` of image `{image}` begins with `{prefix}`, which is reserved on this host"
        ))),
        None => Ok(()),
    }
}

/// Whether a program that takes its labels without regard to case would take this one for one of the prefix's: proxies
/// do (Traefik compares with Go's `EqualFold`, which also takes `K` for the Kelvin sign and `s` for the long one).
pub(crate) fn begins_with(label: &str, prefix: &str) -> bool {
    let folded = |c: char| match c {
        '\u{212a}' => 'k',
        '\u{17f}' => 's',
        other => other.to_ascii_lowercase(),
    };
    let mut label = label.chars().map(folded);
    prefix.chars().map(folded).all(|wanted| label.next() == Some(wanted))
}
