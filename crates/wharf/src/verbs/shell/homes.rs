//! Homes as archives: what comes in belongs to the inhabitant, lies below the home, and is a file, a directory or a link.

mod index;
mod whole;

pub(super) use index::{Index, Part};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Component, Path, PathBuf};
use tar::{Archive, Builder, Entry, EntryType, Header};
use thiserror::Error;
use whole::Whole;

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
    /// Something is below a file.
    #[error("the archive has `{0}` below something that is no directory")]
    BelowFile(String),
    /// A file with holes.
    #[error("the archive has `{0}` as a sparse file; make it without `--sparse`")]
    Sparse(String),
    /// Another name of what the archive does not have.
    #[error("the archive has `{0}` as another name of a file that it does not have")]
    Nameless(String),
    /// The stream ends where an archive does not.
    #[error("the archive is cut off: it breaks off before its end")]
    CutOff,
    /// Nothing is in it.
    #[error("the archive is empty")]
    Empty,
}

/// Copies an archive, entry by entry, judged and with other owners.
pub(super) fn rewrite(from: impl Read, to: impl Write, owner: Owner) -> Result<Content, HomeError> {
    let mut archive = Archive::new(Whole::new(from));
    let mut builder = Builder::new(to);
    let mut is_empty = true;
    let mut content = Content::default();
    let mut links = BTreeSet::new();
    for entry in archive.entries()? {
        let mut entry = entry?;
        is_empty = false;
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
    let mut rest = archive.into_inner();
    if is_empty {
        return Err(HomeError::Empty);
    }
    if rest.is_over() {
        return Err(HomeError::CutOff);
    }
    // Whether what carried it ended well shows at its very end.
    io::copy(&mut rest, &mut io::sink())?;
    builder.into_inner()?.flush()?;
    Ok(content)
}

/// An archive, unpacked where its first bytes say that it is compressed.
pub(super) fn reader(from: impl Read + Send + 'static) -> io::Result<Box<dyn Read + Send>> {
    let mut from = BufReader::with_capacity(256 << 10, from);
    Ok(if is_compressed(from.fill_buf()?) { Box::new(MultiGzDecoder::new(from)) } else { Box::new(from) })
}

/// Whether something that begins so is compressed.
pub(super) fn is_compressed(beginning: &[u8]) -> bool {
    beginning.starts_with(&[0x1f, 0x8b])
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
mod tests;
