//! Files that the image has for the home (`/etc/skel`): put there, and brought up to date when the image is another, without
//! touching what its owner has edited or removed.
//!
//! What was put there last is kept beside the sessions' record, file by file: a file in the home that is still the same
//! is nobody's work.

use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

/// What was done with the image's files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seeded {
    /// New in the home.
    pub installed: Vec<PathBuf>,
    /// Another than before in the image, and unedited in the home.
    pub updated: Vec<PathBuf>,
    /// Another than before in the image, and edited in the home: left as they are. Said once for each change.
    pub left: Vec<PathBuf>,
}

/// More than this is no skeleton of a home.
const MOST_FILES: usize = 10_000;

/// Puts the files of `skeleton` into `home`; `record` remembers them.
///
/// # Errors
/// When something cannot be read or written. What was done is done, and the next call goes on.
pub fn seed(skeleton: &Path, home: &Path, record: &Path) -> io::Result<Seeded> {
    let mut seeded = Seeded::default();
    let files = files_of(skeleton)?;
    for file in &files {
        let (new, here, before) = (skeleton.join(file), home.join(file), record.join(file));
        match (content(&here)?, content(&before)?) {
            // Removed by its owner, who shall not find it again.
            (None, Some(_)) => {}
            (None, None) => {
                copy(&new, &here)?;
                copy(&new, &before)?;
                seeded.installed.push(file.clone());
            }
            (Some(here_now), recorded) => {
                let wished = content(&new)?;
                if recorded == wished {
                    continue;
                }
                if Some(&here_now) == wished.as_ref() {
                    // It is so already.
                } else if Some(&here_now) == recorded.as_ref() {
                    copy(&new, &here)?;
                    seeded.updated.push(file.clone());
                } else {
                    seeded.left.push(file.clone());
                }
                copy(&new, &before)?;
            }
        }
    }
    forget(record, &files)?;
    Ok(seeded)
}

/// Drops from the record what the image has no more. The home keeps it.
fn forget(record: &Path, files: &[PathBuf]) -> io::Result<()> {
    for known in files_of(record)? {
        if !files.contains(&known) {
            fs::remove_file(record.join(known))?;
        }
    }
    Ok(())
}

/// The files and links below a directory, by their paths from it; none where there is no directory.
fn files_of(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![PathBuf::new()];
    while let Some(inside) = open.pop() {
        let entries = match fs::read_dir(directory.join(&inside)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            let (path, kind) = (inside.join(entry.file_name()), entry.file_type()?);
            if kind.is_dir() {
                open.push(path);
            } else if (kind.is_file() || kind.is_symlink()) && found.len() < MOST_FILES {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// What a path holds: a file's bytes, or a link's target. A directory is nothing that could be compared.
#[derive(PartialEq, Eq)]
enum Content {
    File(Vec<u8>),
    Link(PathBuf),
    Other,
}

fn content(path: &Path) -> io::Result<Option<Content>> {
    let kind = match fs::symlink_metadata(path) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        seen => seen?.file_type(),
    };
    Ok(Some(if kind.is_file() {
        Content::File(fs::read(path)?)
    } else if kind.is_symlink() {
        Content::Link(fs::read_link(path)?)
    } else {
        Content::Other
    }))
}

/// Writes beside the place and renames: whole, or as it was.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent)?;
    }
    let mut name = to.file_name().unwrap_or_default().to_owned();
    name.push(".wharf-unfinished");
    let beside = to.with_file_name(name);
    if let Err(error) = fs::remove_file(&beside)
        && error.kind() != io::ErrorKind::NotFound
    {
        return Err(error);
    }
    match content(from)? {
        Some(Content::Link(target)) => symlink(target, &beside)?,
        Some(Content::File(bytes)) => {
            fs::write(&beside, bytes)?;
            let mode = fs::metadata(from)?.permissions().mode() & 0o777;
            fs::set_permissions(&beside, fs::Permissions::from_mode(mode | 0o200))?;
        }
        Some(Content::Other) | None => return Ok(()),
    }
    fs::rename(beside, to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    struct Site(TempDir);

    impl Site {
        fn new() -> Self {
            let site = Self(TempDir::new().unwrap());
            fs::create_dir(site.path("home")).unwrap();
            site
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }

        fn write(&self, name: &str, text: &str) {
            fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
            fs::write(self.path(name), text).unwrap();
        }

        fn read(&self, name: &str) -> String {
            fs::read_to_string(self.path(name)).unwrap()
        }

        fn seed(&self) -> [Vec<String>; 3] {
            let Seeded { installed, updated, left } =
                seed(&self.path("skel"), &self.path("home"), &self.path("record")).unwrap();
            [installed, updated, left]
                .map(|paths| paths.iter().map(|path| path.display().to_string()).collect())
        }
    }

    const NONE: Vec<String> = Vec::new();
    const NOTHING: [Vec<String>; 3] = [NONE; 3];

    fn said<const N: usize>(names: [&str; N]) -> Vec<String> {
        names.map(str::to_owned).to_vec()
    }

    #[test]
    fn an_empty_home_is_given_all_and_then_nothing() {
        let site = Site::new();
        assert_eq!(site.seed(), NOTHING, "an image without a skeleton");
        site.write("skel/.bashrc", "one");
        site.write("skel/.config/a/b", "two");
        symlink("a", site.path("skel/.config/link")).unwrap();
        assert_eq!(site.seed()[0], said([".bashrc", ".config/a/b", ".config/link"]));
        assert_eq!(site.read("home/.config/a/b"), "two");
        assert_eq!(site.seed(), NOTHING);
    }

    #[test]
    fn another_image_updates_what_nobody_edited_and_names_what_somebody_did() {
        let site = Site::new();
        for name in ["same", "edited", "removed", "plain", "vanishes"] {
            site.write(&format!("skel/{name}"), "first");
        }
        site.seed();
        site.write("home/edited", "mine");
        fs::remove_file(site.path("home/removed")).unwrap();
        for name in ["edited", "removed", "plain"] {
            site.write(&format!("skel/{name}"), "second");
        }
        site.write("skel/new", "second");
        fs::remove_file(site.path("skel/vanishes")).unwrap();
        assert_eq!(site.seed(), [said(["new"]), said(["plain"]), said(["edited"])]);
        assert_eq!(site.read("home/plain"), "second");
        assert_eq!(site.read("home/edited"), "mine");
        assert_eq!(site.read("home/vanishes"), "first", "what is in the home is its owner's");
        assert!(!site.path("home/removed").exists());
        assert_eq!(site.seed(), NOTHING, "it is said once");
        // And again when the image has yet another.
        site.write("skel/edited", "third");
        assert_eq!(site.seed()[2], said(["edited"]));
    }

    #[test]
    fn a_home_that_has_files_of_its_own_keeps_them() {
        let site = Site::new();
        site.write("skel/.bashrc", "image's");
        site.write("skel/.profile", "the same");
        site.write("home/.bashrc", "mine");
        site.write("home/.profile", "the same");
        fs::create_dir_all(site.path("home/folder/inside")).unwrap();
        site.write("skel/folder", "a file where the home has a directory");
        assert_eq!(site.seed(), [NONE, NONE, said([".bashrc", "folder"])]);
        assert_eq!(site.read("home/.bashrc"), "mine");
        site.write("skel/.profile", "another");
        assert_eq!(site.seed()[1], said([".profile"]));
    }
}
