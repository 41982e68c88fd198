//! Tags: `!!str` and its like say what a scalar is; all others would name types that do not exist here.

use crate::{Meaning, quoted};
use saphyr_parser::Tag;

/// Why a tag does not fit.
pub(super) enum WrongTag {
    /// Not one of YAML's core types.
    Unknown(String),
    /// The value is not of the type that the tag names.
    Unfit(String),
}

impl WrongTag {
    pub(super) fn message(&self) -> String {
        match self {
            Self::Unknown(tag) => format!("the tag {} means nothing here", quoted(tag)),
            Self::Unfit(tag) => format!("this is not what its tag {} says", quoted(tag)),
        }
    }

    pub(super) fn help(&self) -> String {
        match self {
            Self::Unknown(_) => "remove it; to make a value a text, write quotes around it".to_owned(),
            Self::Unfit(_) => "remove the tag, or correct the value".to_owned(),
        }
    }
}

/// What a scalar stands for, its tag considered.
pub(super) fn meaning(text: &str, is_plain: bool, tag: Option<&Tag>) -> Result<Meaning, WrongTag> {
    let Some(tag) = tag else {
        return Ok(if is_plain { Meaning::of_plain(text) } else { Meaning::Text });
    };
    let plain = Meaning::of_plain(text);
    let fits = match core_type(tag) {
        Some("str") => return Ok(Meaning::Text),
        Some("int") => plain == Meaning::Integer,
        Some("float") if plain == Meaning::Integer => return Ok(Meaning::Float),
        Some("float") => plain == Meaning::Float,
        Some("bool") => matches!(plain, Meaning::Flag(_)),
        Some("null") => plain == Meaning::Nothing,
        Some("seq" | "map") => false,
        _ => return Err(WrongTag::Unknown(tag.to_string())),
    };
    if fits { Ok(plain) } else { Err(WrongTag::Unfit(format!("!!{}", tag.suffix))) }
}

/// Whether the tag of a list (`seq`) or mapping (`map`) is wrong.
pub(super) fn refuse_collection(tag: &Tag, wanted: &str) -> Option<WrongTag> {
    match core_type(tag) {
        Some(name) if name == wanted => None,
        Some("str" | "int" | "float" | "bool" | "null" | "seq" | "map") => {
            Some(WrongTag::Unfit(format!("!!{}", tag.suffix)))
        }
        _ => Some(WrongTag::Unknown(tag.to_string())),
    }
}

/// `str` for `!!str` and for `!<tag:yaml.org,2002:str>`.
fn core_type(tag: &Tag) -> Option<&str> {
    const CORE: &str = "tag:yaml.org,2002:";
    if tag.is_yaml_core_schema() {
        Some(&tag.suffix)
    } else {
        tag.suffix.strip_prefix(CORE).filter(|_| tag.handle.is_empty())
    }
}
