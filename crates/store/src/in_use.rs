//! What is in use of sealed secrets, still sealed: a file a pod, for bringing them back after a reboot without reading
//! anything of anybody's home.

use crate::own_file::{OwnFileError, at, open_dir, open_to_read, replace};
use rustix::fs::{AtFlags, Dir, Mode, OFlags, fsync, openat, unlinkat};
use rustix::io::Errno;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use wharf_model::{PodName, SecretOwner};

/// The directory of them, `<state>/secrets/in-use`; made when something is kept.
#[derive(Debug, Clone)]
pub struct InUse {
    secrets: PathBuf,
    path: PathBuf,
}

/// More than any of these files has: a sealed file's most, and what is said about it.
const MOST_BYTES: u64 = 32 << 20;

impl InUse {
    /// That of a state directory, which must exist.
    pub fn in_state(state_dir: &Path) -> Self {
        let secrets = state_dir.join("secrets");
        Self { path: secrets.join("in-use"), secrets }
    }

    /// Keeps a pod's in the place of what was kept before.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&self, owner: &SecretOwner, pod: &PodName, content: &[u8]) -> Result<(), OwnFileError> {
        open_dir(&self.secrets)?;
        replace(&self.path, &name(owner, pod), content)
    }

    /// What is kept of a pod; `None` when nothing is.
    ///
    /// # Errors
    /// When it cannot be read, or others could have written it.
    pub fn of(&self, owner: &SecretOwner, pod: &PodName) -> Result<Option<Vec<u8>>, OwnFileError> {
        self.read(&name(owner, pod))
    }

    /// All that is kept, each with the name of its file; what cannot be read, or others could have written, is no other's
    /// trouble.
    ///
    /// # Errors
    /// When it cannot be looked at.
    #[allow(clippy::type_complexity, reason = "a list of files, each read or not")]
    pub fn all(&self) -> Result<Vec<(String, Result<Vec<u8>, OwnFileError>)>, OwnFileError> {
        let failed = |errno| at(&self.path, errno);
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let directory = match openat(rustix::fs::CWD, &self.path, flags, Mode::empty()) {
            Err(Errno::NOENT) => return Ok(Vec::new()),
            other => other.map_err(failed)?,
        };
        let mut names = Vec::new();
        for entry in Dir::read_from(directory).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name().to_string_lossy().into_owned();
            if name.ends_with(SUFFIX) {
                names.push(name);
            }
        }
        names.sort();
        let read = names.into_iter().map(|name| (self.read(&name).transpose(), name));
        Ok(read.filter_map(|(read, name)| Some((name, read?))).collect())
    }

    /// Forgets a pod's.
    ///
    /// # Errors
    /// When it stays.
    pub fn forget(&self, owner: &SecretOwner, pod: &PodName) -> Result<(), OwnFileError> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let directory = match openat(rustix::fs::CWD, &self.path, flags, Mode::empty()) {
            Err(Errno::NOENT) => return Ok(()),
            other => other.map_err(|errno| at(&self.path, errno))?,
        };
        let name = name(owner, pod);
        let removed = match unlinkat(&directory, name.as_str(), AtFlags::empty()) {
            Err(Errno::NOENT) => Ok(()),
            other => other.and_then(|()| fsync(&directory)),
        };
        removed.map_err(|errno| at(&self.path.join(name), errno))
    }

    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, OwnFileError> {
        let path = self.path.join(name);
        let file = match open_to_read(&path) {
            Ok(file) => File::from(file),
            Err(error) if error.is_missing() => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut content = Vec::new();
        let read = file.take(MOST_BYTES).read_to_end(&mut content);
        read.map(|_| Some(content)).map_err(|source| OwnFileError::Io { path, source })
    }
}

const SUFFIX: &str = ".json";

/// No name of a pod or a tenant has a `.`.
fn name(owner: &SecretOwner, pod: &PodName) -> String {
    match owner {
        SecretOwner::Machine => format!("machine.{pod}{SUFFIX}"),
        SecretOwner::Tenant(tenant) => format!("tenant.{tenant}.{pod}{SUFFIX}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_found_again_until_it_is_forgotten() {
        let root = tempfile::tempdir().unwrap();
        let in_use = InUse::in_state(root.path());
        let (machine, blog) = (SecretOwner::Machine, "blog".parse().unwrap());
        let alice: SecretOwner = "tenant alice".parse().unwrap();
        assert!(in_use.all().unwrap().is_empty());
        in_use.forget(&machine, &blog).unwrap();
        in_use.keep(&machine, &blog, b"one").unwrap();
        in_use.keep(&alice, &blog, b"hers").unwrap();
        in_use.keep(&machine, &blog, b"two").unwrap();
        let all = [
            ("machine.blog.json".to_owned(), b"two".to_vec()),
            ("tenant.alice.blog.json".to_owned(), b"hers".to_vec()),
        ];
        let found = in_use.all().unwrap().into_iter().map(|(name, content)| (name, content.unwrap()));
        assert_eq!(found.collect::<Vec<_>>(), all);
        // One that cannot be read hides no other.
        std::fs::create_dir(root.path().join("secrets/in-use/machine.amiss.json")).unwrap();
        let found = in_use.all().unwrap().into_iter().map(|(name, content)| (name, content.is_ok()));
        let wanted =
            [("machine.amiss.json", false), ("machine.blog.json", true), ("tenant.alice.blog.json", true)];
        assert_eq!(found.collect::<Vec<_>>(), wanted.map(|(name, is_read)| (name.to_owned(), is_read)));
        in_use.forget(&machine, &blog).unwrap();
        assert_eq!(in_use.of(&machine, &blog).unwrap(), None);
        assert_eq!(in_use.of(&alice, &blog).unwrap().as_deref(), Some(&b"hers"[..]));
    }
}
