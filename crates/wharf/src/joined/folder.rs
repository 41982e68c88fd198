//! The folder with the three files, and how another takes its place.

use super::Given;
use crate::exit::Exit;
use crate::failure::Failure;
use rustix::fd::OwnedFd;
use rustix::fs::{
    CWD, FlockOperation, Mode, OFlags, RenameFlags, flock, fsync, openat, renameat, renameat_with,
};
use rustix::io::Errno;
use serde_json::Value;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// More than any chain.
pub(super) const MOST_BYTES: u64 = 1 << 20;

/// Where the folder is, and what lies beside `contexts/tls/<digest>` while another takes its place: where the docker CLI
/// does not look.
pub(super) struct Place {
    folder: PathBuf,
    draft: PathBuf,
    former: PathBuf,
    _lock: OwnedFd,
}

/// A folder that is being filled. Unless it takes its place, it goes when this value is dropped.
pub(crate) struct Draft<'a> {
    place: &'a Place,
}

impl Place {
    /// `folder` is `contexts/tls/<digest>/docker`.
    pub(super) fn open(folder: PathBuf) -> Result<Self, Failure> {
        let context = folder.parent().unwrap_or(&folder);
        let all = context.parent().unwrap_or(context).to_owned();
        let digest = context.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let beside = |kind: &str| all.join(format!(".wharf-{kind}-{digest}"));
        make_directory(&all)?;
        let place =
            Self { draft: beside("new"), former: beside("old"), _lock: lock(&beside("lock"))?, folder };
        place.heal()?;
        Ok(place)
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// What a run that was killed left: a folder that was moved away and has no successor comes back, the rest goes.
    fn heal(&self) -> Result<(), Failure> {
        if self.former.exists() && !self.folder.exists() {
            fs::rename(&self.former, &self.folder).map_err(failed(&self.folder))?;
        }
        for left in [&self.draft, &self.former] {
            remove(left)?;
        }
        Ok(())
    }

    pub(super) fn draft(&self, key: &[u8]) -> Result<Draft<'_>, Failure> {
        remove(&self.draft)?;
        make_directory(&self.draft)?;
        let draft = Draft { place: self };
        write(&self.draft.join("key.pem"), key)?;
        Ok(draft)
    }

    /// The draft takes its place.
    fn put(&self) -> Result<(), Failure> {
        sync(&self.draft)?;
        let context = self.folder.parent().unwrap_or(&self.folder);
        make_directory(context)?;
        let put = if self.folder.exists() {
            self.exchange()
        } else {
            renameat(CWD, &self.draft, CWD, &self.folder)
        };
        put.map_err(|errno| failed(&self.folder)(errno.into()))?;
        sync(context)?;
        // The former key is worth nothing to us any more, and something to others.
        remove(&self.draft)?;
        remove(&self.former)
    }

    fn exchange(&self) -> Result<(), Errno> {
        match renameat_with(CWD, &self.draft, CWD, &self.folder, RenameFlags::EXCHANGE) {
            // Some file systems cannot: those of networks, mostly.
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {
                renameat(CWD, &self.folder, CWD, &self.former)?;
                renameat(CWD, &self.draft, CWD, &self.folder)
            }
            other => other,
        }
    }
}

impl Draft<'_> {
    /// Adds what the gateway gave, and takes the former folder's place.
    pub(crate) fn finish(self, given: &Given) -> Result<(), Failure> {
        write(&self.place.draft.join("cert.pem"), given.certificate.as_bytes())?;
        write(&self.place.draft.join("ca.pem"), given.authorities.as_bytes())?;
        self.place.put()
    }
}

impl Drop for Draft<'_> {
    fn drop(&mut self) {
        // What stays goes with the next run.
        let _removed = remove(&self.place.draft);
    }
}

/// Waits for nobody: who renews at the same time does the same.
fn lock(path: &Path) -> Result<OwnedFd, Failure> {
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    let file =
        openat(CWD, path, flags, Mode::RUSR | Mode::WUSR).map_err(|errno| failed(path)(errno.into()))?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(file),
        Err(Errno::WOULDBLOCK) => Err(Failure::new(Exit::Failed, "another wharf is at work on this context")
            .hint("try again when it has ended")),
        Err(errno) => Err(failed(path)(errno.into())),
    }
}

/// A document that others write, too: all or nothing, readable by its owner alone.
pub(crate) fn write_document(path: &Path, document: &Value) -> Result<(), Failure> {
    let directory = path.parent().unwrap_or(path);
    make_directory(directory)?;
    let draft = path.with_extension(format!("new-{}", std::process::id()));
    remove(&draft)?;
    let text = serde_json::to_vec_pretty(document).map_err(|error| failed(path)(error.into()))?;
    write(&draft, &text)?;
    fs::rename(&draft, path).map_err(failed(path))
}

fn make_directory(path: &Path) -> Result<(), Failure> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(failed(path))
}

fn write(path: &Path, content: &[u8]) -> Result<(), Failure> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let written = file.and_then(|mut file| file.write_all(content).and_then(|()| file.sync_all()));
    written.map_err(failed(path))
}

fn sync(directory: &Path) -> Result<(), Failure> {
    let synced = File::open(directory).map(|directory| fsync(&directory));
    match synced {
        // Not every file system knows what that means for a directory.
        Ok(Ok(()) | Err(Errno::INVAL)) => Ok(()),
        Ok(Err(errno)) => Err(failed(directory)(errno.into())),
        Err(error) => Err(failed(directory)(error)),
    }
}

fn remove(path: &Path) -> Result<(), Failure> {
    let removed = match fs::symlink_metadata(path) {
        Ok(facts) if facts.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        other => other.map_err(failed(path)),
    }
}

fn failed(path: &Path) -> impl Fn(std::io::Error) -> Failure {
    let path = path.display().to_string();
    move |error| Failure::new(Exit::Failed, format!("cannot write `{path}`: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn given(edition: &str) -> Given {
        Given { authorities: format!("ca {edition}"), certificate: format!("cert {edition}") }
    }

    fn place(root: &Path) -> Place {
        Place::open(root.join("contexts/tls/0123/docker"))
            .unwrap_or_else(|failure| panic!("{}", failure.message))
    }

    fn put(place: &Place, edition: &str) {
        let done =
            place.draft(format!("key {edition}").as_bytes()).and_then(|draft| draft.finish(&given(edition)));
        done.unwrap_or_else(|failure| panic!("{}", failure.message));
    }

    fn edition(place: &Place) -> Vec<String> {
        let read = |name: &str| fs::read_to_string(place.folder().join(name)).unwrap_or_default();
        ["ca.pem", "cert.pem", "key.pem"].map(read).into()
    }

    fn of(edition: &str) -> [String; 3] {
        ["ca", "cert", "key"].map(|kind| format!("{kind} {edition}"))
    }

    #[test]
    fn the_three_files_are_replaced_together_and_nothing_else_is_left() {
        let root = tempfile::tempdir().unwrap();
        let place = place(root.path());
        put(&place, "1");
        assert_eq!(edition(&place), of("1"));
        put(&place, "2");
        assert_eq!(edition(&place), of("2"));
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
        assert_eq!(mode(place.folder()), 0o700);
        assert_eq!(
            ["ca.pem", "cert.pem", "key.pem"].map(|name| mode(&place.folder().join(name))),
            [0o600; 3]
        );
        let left: Vec<_> = fs::read_dir(root.path().join("contexts/tls")).unwrap().flatten().collect();
        let names: Vec<String> = left.iter().map(|entry| entry.file_name().into_string().unwrap()).collect();
        assert_eq!(names.iter().filter(|name| name.starts_with(".wharf-lock-")).count(), 1);
        assert_eq!(names.len(), 2, "{names:?}");
    }

    #[test]
    fn a_draft_that_is_given_up_changes_nothing() {
        let root = tempfile::tempdir().unwrap();
        let place = place(root.path());
        put(&place, "1");
        drop(place.draft(b"key 2").ok());
        assert_eq!(edition(&place), of("1"));
        assert!(!place.draft.exists());
    }

    #[test]
    fn what_was_killed_between_any_two_steps_is_healed_by_the_next() {
        let root = tempfile::tempdir().unwrap();
        let first = place(root.path());
        put(&first, "1");
        // A draft with a key, or whole; not exchanged.
        for file in ["key.pem", "cert.pem", "ca.pem"] {
            make_directory(&first.draft).unwrap_or_else(|failure| panic!("{}", failure.message));
            fs::write(first.draft.join(file), "2").unwrap();
        }
        let (draft, former, folder) = (first.draft.clone(), first.former.clone(), first.folder.clone());
        drop(first);
        let healed = place(root.path());
        assert_eq!(edition(&healed), of("1"));
        assert!(!draft.exists());
        drop(healed);
        // Where folders cannot be exchanged: moved away, and nothing in its place.
        fs::rename(&folder, &former).unwrap();
        let healed = place(root.path());
        assert_eq!(edition(&healed), of("1"));
        drop(healed);
        // Moved away, and the next one in its place.
        fs::create_dir(&former).unwrap();
        fs::write(former.join("key.pem"), "0").unwrap();
        let healed = place(root.path());
        assert_eq!(edition(&healed), of("1"));
        assert!(!former.exists());
    }

    #[test]
    fn two_at_once_do_not_meet() {
        let root = tempfile::tempdir().unwrap();
        let first = place(root.path());
        let second = Place::open(root.path().join("contexts/tls/0123/docker"));
        assert!(second.is_err_and(|failure| failure.message.contains("another wharf")));
        drop(first);
        place(root.path());
    }
}
