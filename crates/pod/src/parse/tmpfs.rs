//! Memory file systems: `/run`, `/run:size=64m`, or a mapping.

use super::grammars::{Size, Target, text};
use super::{first_at, mounts::CheckedMounts};
use crate::Tmpfs;
use std::collections::BTreeMap;
use wharf_document::{
    Errors, Grammar, List, Misfit, Node, Parsed, Place, Read, Shape, Spanned, Value, mapping, quoted,
};
use wharf_model::{ByteSize, TargetPath};

mapping! {
    /// A memory file system.
    pub(crate) struct RawTmpfs {
        /// Absolute path in the container.
        required "target" target: Parsed<Target>,
        /// Its ceiling, in bytes or such as 64M; without one, the kernel's (half the memory).
        optional "size" size: Parsed<Size>,
    }
}

/// One memory file system, in either form.
#[derive(Debug)]
pub(crate) struct OneTmpfs;

/// The short form.
#[derive(Debug)]
enum ShortTmpfs {}

/// All of a container's.
pub(crate) type TmpfsList = List<OneTmpfs>;

impl Read for OneTmpfs {
    type Value = Tmpfs;

    fn shape() -> Shape {
        Shape::any_of([ShortTmpfs::shape(), RawTmpfs::shape()])
    }

    fn read(node: &Node, errors: &mut Errors) -> Option<Tmpfs> {
        if !matches!(node.value, Value::Map(_)) {
            return Parsed::<ShortTmpfs>::read(node, errors);
        }
        let raw = RawTmpfs::read(node, errors)?;
        Some(Tmpfs { target: raw.target?.value, size: raw.size.map(|size| size.value) })
    }
}

impl Grammar for ShortTmpfs {
    type Value = Tmpfs;
    const WHAT: &'static str = "a path such as `/run`, or a mapping with `target` and `size`";

    fn shape() -> Shape {
        text(
            "^/(?!([^:]*/)?\\.\\.(/|:|$))[./]*[^./:][^:]*(:size=[0-9]+(\\.[0-9]{1,9})?([kKmMgGtT]?([iI]?[bB])?))?$",
        )
    }

    fn parse(text: &str) -> Result<Tmpfs, Misfit> {
        let (target, options) =
            text.split_once(':').map_or((text, None), |(target, options)| (target, Some(options)));
        let size = options.map(read_option).transpose()?;
        Ok(Tmpfs { target: Target::parse(target)?, size })
    }
}

/// Reads `size=64M`, the only option there is.
fn read_option(option: &str) -> Result<ByteSize, Misfit> {
    let Some(size) = option.strip_prefix("size=") else {
        let message = format!("{} is not an option of a memory file system here", quoted(option));
        return Err(
            Misfit::new(message).with_help("`size=64M` is allowed; `nosuid` and `nodev` are always set")
        );
    };
    Size::parse(size)
}

/// The file systems, no two at one place, none where a mount is.
pub(super) fn check(
    raw: Option<Spanned<Vec<Spanned<Tmpfs>>>>,
    own: &CheckedMounts,
    common: &CheckedMounts,
    errors: &mut Errors,
) -> Vec<(Tmpfs, Place)> {
    let mut seen: BTreeMap<TargetPath, Place> = BTreeMap::new();
    let mut list = Vec::new();
    for Spanned { value, place } in raw.into_iter().flat_map(|list| list.value) {
        let taken =
            [&seen, &own.targets, &common.targets].into_iter().find_map(|targets| targets.get(&value.target));
        if let Some(first) = taken {
            let message = format!("{} is the target of something else, too", quoted(value.target.as_str()));
            errors.push_at(&place, message, Some(format!("{}; keep one", first_at(first))));
        }
        seen.insert(value.target.clone(), place.clone());
        list.push((value, place));
    }
    list
}
