//! labels: what other programs on this host obey is not for tenants to say, nor what says whose an object is.

use super::case::Case;
use crate::rules::labels::{OWN, POD_LABELS, begins_with};
use crate::{Denial, Rule};
use std::collections::BTreeMap;
use wharf_model::{EngineName, ImageId, ObjectName};
use wharf_wire::tenant::OWNER_LABELS;

/// Ours, and the gem's; `wharf up` of a tenant writes some on containers.
const WHARFS: [&str; 2] = ["wharf.", "org.hezmatt.moby-derp."];

/// What Docker's own tools obey, less what compose writes on everything that it makes.
const DOCKERS: &str = "com.docker.";
const COMPOSES: &str = "com.docker.compose.";

/// Of a volume or a network.
pub(crate) fn check(case: &Case<'_>, labels: &BTreeMap<String, String>) -> Result<(), Denial> {
    labels.keys().try_for_each(|label| check_label(case, label))
}

/// Of a container, which may be a pod's.
pub(crate) fn check_container(
    case: &Case<'_>,
    name: &ObjectName,
    labels: Option<&BTreeMap<String, String>>,
) -> Result<(), Denial> {
    let Some(labels) = labels else { return Ok(()) };
    let is_pods = check_pod(case, name, labels)?;
    let is_pod_label = |label: &&String| is_pods && OWN.contains(&label.as_str());
    labels.keys().filter(|label| !is_pod_label(label)).try_for_each(|label| check_label(case, label))
}

/// Whether the labels say that the container is a pod's, which its name must then say, too.
fn check_pod(case: &Case<'_>, name: &ObjectName, labels: &BTreeMap<String, String>) -> Result<bool, Denial> {
    let mut is_pods = false;
    for pod in POD_LABELS.iter().filter_map(|label| labels.get(*label)) {
        let named = name.as_str().parse::<EngineName>().ok();
        if named.is_none_or(|named| named.pod.as_str() != pod) {
            return Err(Denial::new(
                Rule::Labels,
                format!("container `{name}` would carry pod `{pod}` in its labels, and not in its name"),
                "the labels that say whose a container is are written by wharf alone",
            ));
        }
        check_managed(case, pod)?;
        is_pods = true;
    }
    Ok(is_pods)
}

/// Whether the grant has the pod.
pub(crate) fn check_managed(case: &Case<'_>, pod: &str) -> Result<(), Denial> {
    if case.grant().pods.iter().any(|pattern| pattern.matches(pod)) {
        return Ok(());
    }
    Err(Denial::new(Rule::PodScope, format!("pod `{pod}` is not yours to manage"), case.ask_for("pods")))
}

fn check_label(case: &Case<'_>, label: &str) -> Result<(), Denial> {
    let Some(prefix) = reserved(case, label) else { return Ok(()) };
    Err(Denial::new(
        Rule::Labels,
        format!("label `{label}` begins with `{prefix}`, which is reserved on this host"),
        "rename the label, or ask the administrator (`reserved_labels`)",
    ))
}

fn reserved<'a>(case: &Case<'a>, label: &str) -> Option<&'a str> {
    let hosts = case.grants.reserved_labels.iter().map(String::as_str);
    let dockers = (!label.starts_with(COMPOSES)).then_some(DOCKERS);
    WHARFS.into_iter().chain(dockers).chain(hosts).find(|prefix| begins_with(label, prefix))
}

/// A container inherits its image's labels. Those that say whose it is are always written over; any other that wharf
/// or the host obeys must not come from there, unless the container's own stand over it.
pub(crate) fn check_image(
    case: &Case<'_>,
    image: &ImageId,
    own: Option<&BTreeMap<String, String>>,
) -> Result<(), Denial> {
    let denial = |reason: String| {
        Denial::new(
            Rule::Labels,
            reason,
            "build the image without the label, or ask the administrator (`reserved_labels`)",
        )
    };
    let Some(labels) = case.image_labels.get(image) else {
        return Err(denial(format!("the labels of image `{image}` are not known")));
    };
    let hosts = || case.grants.reserved_labels.iter().map(String::as_str);
    let inherited = |label: &&String| {
        !OWNER_LABELS.contains(&label.as_str()) && own.is_none_or(|own| !own.contains_key(label.as_str()))
    };
    for label in labels.iter().filter(inherited) {
        if let Some(prefix) = WHARFS.into_iter().chain(hosts()).find(|prefix| begins_with(label, prefix)) {
            return Err(denial(format!(
                "label `{label}` of image `{image}` begins with `{prefix}`, which is reserved on this host"
            )));
        }
    }
    Ok(())
}

/// Labels that a commit writes. An honest mistake is told at once; what hides behind a variable or a quotation mark is
/// met by [`check_image`] before any container inherits it.
pub(crate) fn check_changes(case: &Case<'_>, changes: &[String]) -> Result<(), Denial> {
    let labels = changes.iter().filter_map(|change| {
        let (instruction, rest) = change.trim_start().split_once([' ', '\t'])?;
        instruction.eq_ignore_ascii_case("LABEL").then_some(rest)
    });
    // `LABEL name value`, or any number of `name=value`.
    let names = labels.flat_map(|rest| {
        rest.split_whitespace()
            .enumerate()
            .filter(|(at, word)| *at == 0 || word.contains('='))
            .map(|(_, word)| word)
    });
    names
        .map(|word| word.split('=').next().unwrap_or(word).trim_matches(['"', '\'']))
        .try_for_each(|label| check_label(case, label))
}
