//! Host directories that a tenant's containers may see: `/srv/media:ro`, or a mapping that calls one shared.

use super::grammars::text;
use serde_json::json;
use wharf_document::{
    Errors, Flag, Grammar, Meaning, Misfit, Node, Parsed, Read, Shape, Value, mapping, quoted,
};
use wharf_model::{MountGrant, MountGrantError, MountGrantPath};

mapping! {
    /// A host directory that more than one tenant's containers may see.
    pub(crate) struct RawMount {
        /// Such as `/srv/media` or `/srv/media:ro`.
        required "path" path: Directory,
        /// Containers only read. Default: false.
        optional "readonly" readonly: Flag,
        /// Other tenants may be granted it, or something in it, too. Default: false.
        optional "shared" shared: Flag,
    }
    refused {
        "source" => "did you mean `path`?",
        "target" => "where a container sees it is for the tenant to say",
        "read_only" => "did you mean `readonly`?",
    }
}

/// One entry, in either form.
#[derive(Debug)]
pub(crate) struct OneMount;

/// A directory, `:ro` behind it or not.
#[derive(Debug)]
pub(crate) struct Directory;

/// The same, as a text.
#[derive(Debug)]
enum DirectoryText {}

impl Read for OneMount {
    type Value = MountGrant;

    fn shape() -> Shape {
        Shape::any_of([Directory::shape(), RawMount::shape()])
    }

    fn read(node: &Node, errors: &mut Errors) -> Option<MountGrant> {
        if !matches!(node.value, Value::Map(_)) {
            return Directory::read(node, errors);
        }
        let RawMount { path, readonly, shared } = RawMount::read(node, errors)?;
        let mut grant = path?.value;
        if readonly.is_some_and(|readonly| readonly.value) {
            grant = grant.readonly();
        }
        Some(if shared.is_some_and(|shared| shared.value) { grant.shared() } else { grant })
    }
}

impl Read for Directory {
    type Value = MountGrant;

    fn shape() -> Shape {
        DirectoryText::shape()
    }

    fn read(node: &Node, errors: &mut Errors) -> Option<MountGrant> {
        if node.scalar().is_some_and(|scalar| scalar.meaning == Meaning::Nothing && scalar.text == "~") {
            let help = "quote it: `\"~\"`; without quotes YAML takes it for nothing".to_owned();
            errors.push(node.span, "`~` without quotes is no directory", Some(help));
            return None;
        }
        Parsed::<DirectoryText>::read(node, errors)
    }
}

/// What lies here is not files but the kernel and its devices.
const OF_THE_KERNEL: [&str; 3] = ["/dev", "/proc", "/sys"];

impl Grammar for DirectoryText {
    type Value = MountGrant;
    const WHAT: &'static str = "a directory such as `/srv/media`, or a mapping with `path` and `shared`";

    fn shape() -> Shape {
        let part = "(?!\\.{1,2}(/|:|$))[^/:]+";
        let kernel = "(?!/(dev|proc|sys)(/|:|$))";
        text(&format!("^{kernel}((/{part})+|~(/{part})*)/?(:ro)?$")).with("maxLength", json!(4099))
    }

    fn accepts(meaning: Meaning) -> bool {
        meaning == Meaning::Text
    }

    fn parse(text: &str) -> Result<MountGrant, Misfit> {
        let grant: MountGrant = text.parse().map_err(|error: MountGrantError| {
            let help = match &error {
                MountGrantError::Root => "name the directories that are meant, such as `/srv/media`",
                MountGrantError::NotPlain => "write it without `.`, `..` and doubled slashes",
                MountGrantError::Option(_) => "such as `/srv/media:ro`; a path with `:` cannot be granted",
                MountGrantError::OthersHome => "such as `/home/bob`",
                MountGrantError::Relative | MountGrantError::NotAPath => {
                    "such as `\"~\"`, `~/data` or `/srv/media:ro`"
                }
            };
            Misfit::new(error.to_string()).with_help(help)
        })?;
        if let MountGrantPath::Directory(path) = grant.path()
            && let Some(kernel) = OF_THE_KERNEL.iter().find(|kernel| is_within(path, kernel))
        {
            let message = format!("{} is the kernel's and its devices', not files", quoted(kernel));
            return Err(Misfit::new(message).with_help("containers have one of their own; remove this"));
        }
        Ok(grant)
    }
}

/// Whether `path` is `outer` or lies in it; both are plain and absolute.
pub(super) fn is_within(path: &str, outer: &str) -> bool {
    path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
