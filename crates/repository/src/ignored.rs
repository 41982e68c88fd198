//! What .gitignore files say of a path: a chain from a folder to the top, of which each file is kept once for all below it.

use crate::paths::joined;
use gix_ignore::Search;
use gix_ignore::glob::pattern::Case;
use gix_ignore::search::Ignore;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// What the files that hold for one folder may say together, in bytes. Patterns take a hundred times as much.
pub(crate) const MOST_IGNORE: u64 = 1 << 20;

/// What holds in a folder. The nearest file that says something of a path decides.
#[derive(Clone, Default)]
pub(crate) struct Ignored {
    nearest: Option<Rc<Link>>,
}

struct Link {
    patterns: Search,
    above: Ignored,
    /// Of this file and of those above.
    bytes: u64,
}

impl Ignored {
    /// What holds everywhere in a repository: `info/exclude`.
    pub(crate) fn everywhere(bytes: &[u8]) -> Self {
        let mut patterns = Search::default();
        // Without a root there is nothing that could fail.
        let _added = patterns.add_patterns_buffer(bytes, "exclude", None, Ignore::default());
        Self::default().with(patterns, 0)
    }

    /// How much a further file may say.
    pub(crate) fn room(&self) -> u64 {
        MOST_IGNORE.saturating_sub(self.nearest.as_ref().map_or(0, |link| link.bytes))
    }

    /// What holds below a folder that has a .gitignore.
    pub(crate) fn below(&self, folder: &str, bytes: &[u8]) -> Self {
        let source = PathBuf::from("/").join(joined(folder, ".gitignore"));
        let mut patterns = Search::default();
        // Its path lies below the root by construction, which is all that could be wrong.
        let _added = patterns.add_patterns_buffer(bytes, source, Some(Path::new("/")), Ignore::default());
        self.with(patterns, bytes.len() as u64)
    }

    /// Whether git would leave a path out, if it were not kept already.
    pub(crate) fn has(&self, path: &str, is_folder: bool) -> bool {
        let mut at = self.nearest.as_ref();
        while let Some(link) = at {
            let found =
                link.patterns.pattern_matching_relative_path(path.into(), Some(is_folder), Case::Sensitive);
            if let Some(found) = found {
                return !found.pattern.is_negative();
            }
            at = link.above.nearest.as_ref();
        }
        false
    }

    fn with(&self, patterns: Search, bytes: u64) -> Self {
        let bytes = bytes + (MOST_IGNORE - self.room());
        Self { nearest: Some(Rc::new(Link { patterns, above: self.clone(), bytes })) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_file_decides() {
        let everywhere = Ignored::everywhere(b"*.log\n");
        let top = everywhere.below("", b"*.env\n/build/\n");
        let inner = top.below("pods", b"!open.env\n");
        assert!(top.has("a.log", false) && top.has("pods/open.env", false) && top.has("build", true));
        assert!(!top.has("build", false), "a pattern that ends with a slash is of folders");
        assert!(!inner.has("pods/open.env", false) && inner.has("pods/other.env", false));
        assert!(inner.has("pods/a.log", false) && !inner.has("pods/a.yml", false));
    }

    #[test]
    fn files_within_one_another_share_what_they_may_say() {
        let top = Ignored::everywhere(b"").below("", &[b'x'; 1000]);
        assert_eq!(top.room(), MOST_IGNORE - 1000);
        assert_eq!(top.below("a", &[b'x'; 24]).room(), MOST_IGNORE - 1024);
        // What one folder's file says is nothing to its neighbour.
        assert_eq!(top.room(), MOST_IGNORE - 1000);
    }
}
