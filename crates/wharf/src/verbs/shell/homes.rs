//! Homes as archives: what comes in belongs to the inhabitant, lies below the home, and is a file, a directory or a link.

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Component, Path, PathBuf};
use tar::{Archive, Builder, Entry, EntryType, Header};
use thiserror::Error;

/// Whose everything in an archive is to be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Owner {
    pub(super) uid: u32,
    pub(super) gid: u32,
}

/// What was in an archive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Content {
    pub(super) files: u64,
    pub(super) bytes: u64,
}

/// Why an archive is not taken.
#[derive(Debug, Error)]
pub(super) enum HomeError {
    /// It cannot be read, or what it is written to fails.
    #[error("the archive cannot be read or written on")]
    Io(#[from] io::Error),
    /// A path that is absolute, or climbs.
    #[error("the archive has the path `{0}`, which does not lie below a home")]
    Outside(String),
    /// Something is below a symbolic link of the same archive.
    #[error("the archive has `{0}` below a symbolic link: whoever unpacks it would write somewhere else")]
    ThroughLink(String),
    /// Neither file, directory nor link.
    #[error("the archive has `{0}`, which is a device or something else that no home needs")]
    Strange(String),
}

/// Copies an archive, entry by entry, judged and with other owners.
pub(super) fn rewrite(from: impl Read, to: impl Write, owner: Owner) -> Result<Content, HomeError> {
    let mut archive = Archive::new(from);
    let mut builder = Builder::new(to);
    let mut content = Content::default();
    let mut links = BTreeSet::new();
    for entry in archive.entries()? {
        let mut entry = entry?;
        let Some(path) = place(&entry.path()?)? else { continue };
        check_ancestors(&path, &links)?;
        if entry.header().entry_type() == EntryType::Symlink {
            links.insert(path.clone());
        } else {
            links.remove(&path);
        }
        copy(&mut entry, &path, &mut builder, owner)?;
        content.files += 1;
        content.bytes += entry.size();
    }
    builder.into_inner()?.flush()?;
    Ok(content)
}

/// Judges an archive without writing anything.
pub(super) fn check(from: impl Read) -> Result<Content, HomeError> {
    rewrite(from, io::sink(), Owner { uid: 0, gid: 0 })
}

/// An archive, unpacked where its first bytes say that it is compressed.
pub(super) fn reader(from: impl Read + Send + 'static) -> io::Result<Box<dyn Read + Send>> {
    let mut from = BufReader::with_capacity(256 << 10, from);
    let is_compressed = from.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    Ok(if is_compressed { Box::new(MultiGzDecoder::new(from)) } else { Box::new(from) })
}

/// Where the archive goes: compressed where the name of the file says so.
pub(super) enum Sink<W: Write> {
    Plain(W),
    Compressed(GzEncoder<W>),
}

impl<W: Write> Sink<W> {
    pub(super) fn new(to: W, name: &Path) -> Self {
        let extension = name.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if matches!(extension, "gz" | "tgz") {
            Self::Compressed(GzEncoder::new(to, Compression::fast()))
        } else {
            Self::Plain(to)
        }
    }

    pub(super) fn finish(self) -> io::Result<W> {
        match self {
            Self::Plain(to) => Ok(to),
            Self::Compressed(encoder) => encoder.finish(),
        }
    }
}

impl<W: Write> Write for Sink<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(to) => to.write(bytes),
            Self::Compressed(to) => to.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(to) => to.flush(),
            Self::Compressed(to) => to.flush(),
        }
    }
}

/// The path below the home; `None` for the home itself.
fn place(path: &Path) -> Result<Option<PathBuf>, HomeError> {
    let outside = || HomeError::Outside(path.display().to_string());
    let mut parts = Vec::new();
    for component in path.components() {
        match component {
            Component::Normal(part) => parts.push(part),
            Component::CurDir => {}
            Component::RootDir | Component::ParentDir | Component::Prefix(_) => return Err(outside()),
        }
    }
    let below: PathBuf = parts.into_iter().collect();
    Ok((!below.as_os_str().is_empty()).then_some(below))
}

fn check_ancestors(path: &Path, links: &BTreeSet<PathBuf>) -> Result<(), HomeError> {
    match path.ancestors().skip(1).find(|above| links.contains(*above)) {
        Some(_) => Err(HomeError::ThroughLink(path.display().to_string())),
        None => Ok(()),
    }
}

fn copy<R: Read, W: Write>(
    entry: &mut Entry<'_, R>,
    path: &Path,
    builder: &mut Builder<W>,
    owner: Owner,
) -> Result<(), HomeError> {
    let kind = entry.header().entry_type();
    let mut header = Header::new_gnu();
    // Without the bits that would have a program run as somebody else.
    header.set_mode(entry.header().mode()? & 0o1777);
    header.set_mtime(entry.header().mtime()?);
    header.set_uid(owner.uid.into());
    header.set_gid(owner.gid.into());
    header.set_size(0);
    match kind {
        EntryType::Directory => {
            header.set_entry_type(kind);
            // With the slash by which every reader knows a directory.
            builder.append_data(&mut header, path.join(""), io::empty())?;
        }
        EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => {
            header.set_entry_type(EntryType::Regular);
            header.set_size(entry.size());
            builder.append_data(&mut header, path, entry)?;
        }
        EntryType::Symlink | EntryType::Link => {
            header.set_entry_type(kind);
            let target = entry.link_name()?.map(std::borrow::Cow::into_owned).unwrap_or_default();
            let target = if kind == EntryType::Link {
                place(&target)?.ok_or_else(|| HomeError::Outside(target.display().to_string()))?
            } else {
                target
            };
            builder.append_link(&mut header, path, target)?;
        }
        // A pipe without a reader: nothing is lost with it.
        EntryType::Fifo => {}
        _ => return Err(HomeError::Strange(path.display().to_string())),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(builder: &mut Builder<Vec<u8>>, path: &str, kind: EntryType, link: &str, data: &[u8]) {
        let mut header = Header::new_gnu();
        header.set_entry_type(kind);
        header.set_mode(0o4755);
        header.set_size(data.len().try_into().unwrap());
        // Not by the crate's own ways: those refuse what is to be refused here.
        let name = &mut header.as_gnu_mut().unwrap().name;
        name[..path.len()].copy_from_slice(path.as_bytes());
        header.as_gnu_mut().unwrap().linkname[..link.len()].copy_from_slice(link.as_bytes());
        header.set_cksum();
        builder.append(&header, data).unwrap();
    }

    /// Path, kind, and where it leads.
    type Sketch<'a> = (&'a str, EntryType, &'a str);

    fn judged(entries: &[Sketch<'_>]) -> Result<Vec<u8>, String> {
        let mut builder = Builder::new(Vec::new());
        for (path, kind, link) in entries {
            entry(&mut builder, path, *kind, link, if *kind == EntryType::Regular { b"data" } else { b"" });
        }
        let mut out = Vec::new();
        let owner = Owner { uid: 7, gid: 8 };
        let archive = builder.into_inner().unwrap();
        rewrite(archive.as_slice(), &mut out, owner).map_err(|error| error.to_string())?;
        Ok(out)
    }

    #[test]
    fn everything_belongs_to_the_inhabitant_and_nothing_runs_as_somebody_else() {
        let out = judged(&[("./", EntryType::Directory, ""), ("./a", EntryType::Regular, "")]).unwrap();
        let mut archive = Archive::new(out.as_slice());
        let entries: Vec<_> = archive.entries().unwrap().map(Result::unwrap).collect();
        let [only] = entries.as_slice() else { panic!("{}", entries.len()) };
        let header = only.header();
        assert_eq!(only.path().unwrap(), Path::new("a"));
        assert_eq!((header.uid().unwrap(), header.gid().unwrap(), header.mode().unwrap()), (7, 8, 0o755));
    }

    #[test]
    fn what_escapes_is_refused() {
        use EntryType::{Block, Link, Regular, Symlink};
        let cases: &[(&[Sketch<'_>], &str)] = &[
            (
                &[("/etc/passwd", Regular, "")],
                "the archive has the path `/etc/passwd`, which does not lie below a home",
            ),
            (
                &[("a/../../b", Regular, "")],
                "the archive has the path `a/../../b`, which does not lie below a home",
            ),
            (
                &[("run", Symlink, "/run/wharf"), ("run/session", Regular, "")],
                "the archive has `run/session` below a symbolic link: whoever unpacks it would write somewhere else",
            ),
            (
                &[("a", Symlink, "."), ("./a//b/c", Regular, "")],
                "the archive has `a/b/c` below a symbolic link: whoever unpacks it would write somewhere else",
            ),
            (
                &[("b", Link, "/etc/shadow")],
                "the archive has the path `/etc/shadow`, which does not lie below a home",
            ),
            (
                &[("sda", Block, "")],
                "the archive has `sda`, which is a device or something else that no home needs",
            ),
        ];
        for (entries, refusal) in cases {
            assert_eq!(judged(entries).unwrap_err(), *refusal);
        }
        assert!(
            judged(&[("a", Symlink, "/etc/passwd"), ("b", Symlink, "../..")]).is_ok(),
            "a link is only a name"
        );
    }
}
