//! Paths as text: how they are shown to people, and which are taken at all. Looks nothing up.

use crate::refusal::Refusal;
use std::path::{Component, Path, PathBuf};

/// What the kernel takes, without the NUL.
const LONGEST: usize = 4095;

/// The path for a message: what would steer a terminal is escaped.
pub(crate) fn shown(path: &Path) -> String {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let text = path.to_string_lossy();
    text.chars().flat_map(|c| if steers(c) { c.escape_unicode().collect() } else { vec![c] }).collect()
}

/// The path without `.` and `//`. It is absolute, climbs nowhere, and is text.
pub(crate) fn normal(path: &Path) -> Result<PathBuf, Refusal> {
    let not_plain = |why| Refusal::NotPlain { path: path.to_owned(), why };
    let text = path.to_str().ok_or_else(|| not_plain("is not text in UTF-8"))?;
    if text.contains('\0') || text.len() > LONGEST {
        return Err(not_plain("has a NUL or more than 4095 bytes"));
    }
    if !path.is_absolute() {
        return Err(not_plain("is not absolute"));
    }
    let mut normal = PathBuf::from("/");
    for part in path.components() {
        match part {
            Component::Normal(name) => normal.push(name),
            Component::RootDir | Component::CurDir => {}
            Component::ParentDir | Component::Prefix(_) => return Err(not_plain("climbs with `..`")),
        }
    }
    Ok(normal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    #[test]
    fn a_path_is_absolute_text_that_climbs_nowhere() {
        let taken = |text: &str| normal(Path::new(text)).map(|path| path.display().to_string()).ok();
        assert_eq!(taken("/a//b/./c/"), Some("/a/b/c".into()));
        assert_eq!(taken("//"), Some("/".into()));
        for bad in ["", "a", "./a", "~", "~/a", "/a/../b", "/..", "/a\0b"] {
            assert_eq!(taken(bad), None, "{bad:?}");
        }
        assert_eq!(taken(&format!("/{}", "a".repeat(4095))), None);
        assert!(normal(Path::new(OsStr::from_bytes(b"/\xff"))).is_err());
    }
}
