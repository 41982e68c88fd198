//! Mounts: each alone, targets within a list, sources within the pod.

use super::first_at;
use super::grammars::{Source, Target};
use crate::Mount;
use std::collections::BTreeMap;
use wharf_document::{Errors, Flag, List, Parsed, Place, Spanned, mapping, quoted};
use wharf_model::{MountSource, TargetPath};

mapping! {
    /// A host directory below the pod's own, seen in a container.
    pub(crate) struct RawMount {
        /// Relative to the pod's directory under the host's mount root; created when missing.
        required "source" source: Parsed<Source>,
        /// Absolute path in the container.
        required "target" target: Parsed<Target>,
        /// The container cannot write to it. Default: false.
        optional "readonly" readonly: Flag,
    }
    refused {
        "type" => "every mount is a directory of the pod; remove the key",
        "read_only" => "did you mean `readonly`?",
    }
}

/// Mounts of one list.
pub(crate) type Mounts = List<RawMount>;

/// What is needed of mounts once they are checked: the mounts, and where each source was written.
#[derive(Debug, Default)]
pub(super) struct CheckedMounts {
    pub(super) mounts: Vec<Mount>,
    pub(super) sources: Vec<(MountSource, Place)>,
    pub(super) targets: BTreeMap<TargetPath, Place>,
}

/// The mounts of one list; no two have the same target.
pub(super) fn check(raw: Option<Spanned<Vec<Spanned<RawMount>>>>, errors: &mut Errors) -> CheckedMounts {
    let mut checked = CheckedMounts::default();
    for RawMount { source, target, readonly } in
        raw.into_iter().flat_map(|list| list.value).map(|raw| raw.value)
    {
        let (Some(source), Some(target)) = (source, target) else { continue };
        match checked.targets.get(&target.value) {
            Some(first) => {
                let message = format!("two mounts have the target {}", quoted(target.value.as_str()));
                errors.push_at(&target.place, message, Some(format!("{}; keep one", first_at(first))));
            }
            None => {
                checked.targets.insert(target.value.clone(), target.place);
            }
        }
        checked.sources.push((source.value.clone(), source.place));
        let readonly = readonly.is_some_and(|readonly| readonly.value);
        checked.mounts.push(Mount { source: source.value, target: target.value, readonly });
    }
    checked
}

/// No source may lie inside another of the same pod: whoever can write to the outer one could swap the inner one's
/// directory for a link, and the next run would mount what the link points at.
pub(super) fn check_nesting(mut sources: Vec<(MountSource, Place)>, errors: &mut Errors) {
    // With the slash before every other character, all that lies inside a directory follows it at once.
    sources.sort_by(|(a, at_a), (b, at_b)| {
        a.components().cmp(b.components()).then(at_a.span.start.cmp(&at_b.span.start))
    });
    let mut outer: Option<&(MountSource, Place)> = None;
    for inner in &sources {
        match outer {
            Some(outer) if inner.0.is_inside(&outer.0) => {
                let message = format!(
                    "the source {} lies inside another, {}",
                    quoted(inner.0.as_str()),
                    quoted(outer.0.as_str())
                );
                let help = format!(
                    "the other is at line {}; give them separate directories, such as `{}` beside it",
                    outer.1.line(),
                    beside(&inner.0)
                );
                errors.push_at(&inner.1, message, Some(help));
            }
            _ => outer = Some(inner),
        }
    }
}

fn beside(inner: &MountSource) -> String {
    let name: Vec<&str> = inner.components().collect();
    quoted(&name.join("-")).trim_matches('`').to_owned()
}
