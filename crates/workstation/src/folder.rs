//! A folder with a Dockerfile, as the archive that the engine's builder takes.

use crate::YardError;
use sha2::{Digest, Sha256};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tokio::io::AsyncRead;
use tokio_util::io::SyncIoBridge;

/// A folder of the caller's machine.
#[derive(Debug, Clone)]
pub(crate) struct Folder(PathBuf);

/// What is read ahead of the engine.
const AHEAD: usize = 256 << 10;

/// Whether the archive has the times of files: its digest must not depend on when a folder was copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Times {
    Real,
    Zero,
}

impl Folder {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    pub(crate) fn path(&self) -> String {
        self.0.display().to_string()
    }

    /// What tells whether anything in it has changed.
    pub(crate) async fn digest(&self) -> Result<Vec<u8>, YardError> {
        let path = self.0.clone();
        let digest = tokio::task::spawn_blocking(move || {
            let mut hash = Hash(Sha256::new());
            pack(&path, &mut hash, Times::Zero)?;
            Ok(hash.0.finalize().to_vec())
        });
        let digest = digest.await.unwrap_or_else(|broken| Err(io::Error::other(broken)));
        digest.map_err(|source| YardError::Folder { folder: self.path(), source })
    }

    /// The archive, packed while it is read. That all of it can be read is known from its digest.
    pub(crate) fn pack(&self) -> impl AsyncRead + Send + 'static {
        let (ours, theirs) = tokio::io::duplex(AHEAD);
        let path = self.0.clone();
        tokio::task::spawn_blocking(move || {
            let _whoever_reads_it_has_gone = pack(&path, SyncIoBridge::new(ours), Times::Real);
        });
        theirs
    }
}

struct Hash(Sha256);

impl Write for Hash {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn pack(folder: &Path, into: impl Write, times: Times) -> io::Result<()> {
    let mut archive = tar::Builder::new(into);
    archive.follow_symlinks(false);
    append(&mut archive, folder, Path::new(""), times)?;
    archive.into_inner()?.flush()
}

/// Everything below a directory, by name.
fn append<W: Write>(
    archive: &mut tar::Builder<W>,
    folder: &Path,
    below: &Path,
    times: Times,
) -> io::Result<()> {
    let mut names: Vec<_> = fs::read_dir(folder.join(below))?
        .map(|entry| entry.map(|e| e.file_name()))
        .collect::<Result<_, _>>()?;
    names.sort();
    for name in names {
        let name = below.join(name);
        let path = folder.join(&name);
        let about = fs::symlink_metadata(&path)?;
        let mut header = tar::Header::new_gnu();
        header.set_metadata_in_mode(&about, tar::HeaderMode::Complete);
        header.set_uid(0);
        header.set_gid(0);
        if times == Times::Zero {
            header.set_mtime(0);
        }
        if about.is_dir() {
            archive.append_data(&mut header, &name, io::empty())?;
            append(archive, folder, &name, times)?;
        } else if about.is_symlink() {
            archive.append_link(&mut header, &name, fs::read_link(&path)?)?;
        } else if about.is_file() {
            let file = fs::File::open(&path)?;
            archive.append_data(&mut header, &name, io::Read::take(file, about.len()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(folder: &Path, times: Times) -> Vec<u8> {
        let mut out = Vec::new();
        pack(folder, &mut out, times).unwrap();
        out
    }

    #[test]
    fn a_folder_is_the_same_whenever_it_was_written_and_another_when_it_is_changed() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        file("Dockerfile", "FROM debian");
        fs::create_dir(folder.path().join("sub")).unwrap();
        std::os::unix::fs::symlink("../../etc", folder.path().join("sub/link")).unwrap();
        let before = packed(folder.path(), Times::Zero);
        std::thread::sleep(std::time::Duration::from_millis(1100));
        file("Dockerfile", "FROM debian");
        assert_eq!(packed(folder.path(), Times::Zero), before);
        file("Dockerfile", "FROM alpine");
        assert_ne!(packed(folder.path(), Times::Zero), before);
        let names: Vec<_> = tar::Archive::new(&before[..])
            .entries()
            .unwrap()
            .map(|entry| entry.unwrap().path().unwrap().display().to_string())
            .collect();
        assert_eq!(names, ["Dockerfile", "sub", "sub/link"]);
    }
}
