//! Making files that a person named: with that person's rights, never with more, and nothing that was there is touched.

use crate::caller::Caller;
use crate::identity;
use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// A file that is to be.
#[derive(Debug)]
pub struct NewFile<'a> {
    /// Where.
    pub path: PathBuf,
    /// All of it.
    pub content: &'a [u8],
}

/// Makes a folder, where it is missing with those above it, for its owner alone; and files, whose readers their owner alone
/// is. Where there is a caller, by the caller's rights, and they are the caller's.
///
/// # Errors
/// What the system says; of a file that is there, [`io::ErrorKind::AlreadyExists`]. What was made before stays.
pub fn make_private(caller: Option<&Caller>, folder: &Path, files: &[NewFile<'_>]) -> io::Result<()> {
    let make = || {
        if let Some(caller) = caller {
            identity::assume(caller)?;
        }
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        files.iter().try_for_each(|file| {
            let mut made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&file.path)?;
            made.write_all(file.content).and_then(|()| made.sync_all())
        })
    };
    // A thread of its own: it keeps the identity for the rest of its life.
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("wharf-writer".to_owned()).spawn_scoped(scope, make)?;
        thread.join().unwrap_or_else(|_| Err(io::Error::other("the writing thread ended without an answer")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{give, is_root, mode, open_dir, stranger};
    use std::os::unix::fs::MetadataExt;

    fn one(path: PathBuf) -> [NewFile<'static>; 1] {
        [NewFile { path, content: b"key" }]
    }

    #[test]
    fn what_a_caller_has_made_is_the_callers_alone() {
        if !is_root() {
            return;
        }
        let dir = open_dir();
        let home = dir.path().join("home");
        std::fs::create_dir(&home).unwrap();
        give(&home, 12345, 12346);
        let folder = home.join("a/b");
        make_private(Some(&stranger()), &folder, &one(folder.join("key.pem"))).unwrap();
        for (path, wanted) in [(folder.join("key.pem"), 0o600), (folder.clone(), 0o700)] {
            let facts = std::fs::metadata(path).unwrap();
            assert_eq!((facts.uid(), facts.gid(), facts.mode() & 0o7777), (12345, 12346, wanted));
        }
        let again = make_private(Some(&stranger()), &folder, &one(folder.join("key.pem"))).unwrap_err();
        assert_eq!(again.kind(), io::ErrorKind::AlreadyExists);
    }

    #[test]
    fn a_caller_makes_nothing_where_only_root_may() {
        if !is_root() {
            return;
        }
        let dir = open_dir();
        mode(dir.path(), 0o755);
        let refused =
            make_private(Some(&stranger()), dir.path(), &one(dir.path().join("nologin"))).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::PermissionDenied);
        let refused = make_private(Some(&stranger()), &dir.path().join("sub"), &[]).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::PermissionDenied);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
