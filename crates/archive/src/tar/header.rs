//! One header block, read and written.

use super::BLOCK;
use crate::ArchiveError;
use crate::error::printable;

/// What a header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Relative, printable, without `.`, `..` and empty parts; at most 100 bytes.
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// Of the content in bytes.
    pub(crate) size: u64,
    pub(crate) mode: u32,
    /// Seconds since the epoch.
    pub(crate) mtime: u64,
}

/// What an entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Directory,
    /// A symbolic link, and where it leads: an entry's name, already taken relative to the link's own place.
    Link {
        written: String,
        target: String,
    },
}

/// What a header block begins.
pub(crate) enum Head {
    Entry(Entry),
    /// The extended header of the next entry, of so many bytes.
    Extended(u64),
}

const NAME: std::ops::Range<usize> = 0..100;
const MODE: std::ops::Range<usize> = 100..108;
const SIZE: std::ops::Range<usize> = 124..136;
const MTIME: std::ops::Range<usize> = 136..148;
const CHECKSUM: std::ops::Range<usize> = 148..156;
const TYPE: usize = 156;
const LINK: std::ops::Range<usize> = 157..257;
const MAGIC: std::ops::Range<usize> = 257..265;
const PREFIX: std::ops::Range<usize> = 345..500;

/// The largest size that eleven octal digits say.
const OCTAL_MOST: u64 = 0o777_7777_7777;

impl Head {
    /// Reads a block that is not all zeros; `size` is what an extended header said.
    pub(crate) fn read(block: &[u8; BLOCK], size: Option<u64>) -> Result<Self, ArchiveError> {
        if !matches!(field(block, MAGIC), b"ustar\x0000" | b"ustar  \0") {
            return Err(ArchiveError::NotTar("a header is not of the POSIX format"));
        }
        if octal(field(block, CHECKSUM)) != Some(checksum(block)) {
            return Err(ArchiveError::NotTar("a header's checksum is wrong"));
        }
        if field(block, PREFIX).iter().any(|byte| *byte != 0) {
            return Err(ArchiveError::Name(printable(text(field(block, PREFIX)))));
        }
        let written = text(field(block, NAME));
        let said = octal(field(block, SIZE)).ok_or(ArchiveError::NotTar("a size is not in octal digits"))?;
        let size = size.unwrap_or(said);
        let flag = block.get(TYPE).copied().unwrap_or_default();
        if flag == b'x' {
            return Ok(Self::Extended(size));
        }
        let kind = |name: &str| match flag {
            b'0' | 0 => Ok(Kind::File),
            b'5' => Ok(Kind::Directory),
            b'2' => link(name, text(field(block, LINK))),
            _ => Err(ArchiveError::Kind { name: name.to_owned(), kind: word(flag) }),
        };
        // Go takes a file whose name ends in a slash for a directory; the name's own check refuses it here.
        let name =
            checked_name(if flag == b'5' { written.strip_suffix(b"/").unwrap_or(written) } else { written });
        let kind = kind(name.as_deref().unwrap_or("?"))?;
        let name = name?;
        if kind != Kind::File && size != 0 {
            return Err(ArchiveError::Kind { name, kind: "a directory or link with content" });
        }
        let mode =
            octal(field(block, MODE)).and_then(|mode| u32::try_from(mode & 0o7777).ok()).unwrap_or(0o644);
        let mtime = octal(field(block, MTIME)).unwrap_or(0);
        Ok(Self::Entry(Entry { name, kind, size, mode, mtime }))
    }
}

impl Entry {
    /// A file of ours, dated to the epoch as `docker save` dates its own.
    pub(crate) fn file(name: impl Into<String>, size: u64) -> Self {
        Self { name: name.into(), kind: Kind::File, size, mode: 0o644, mtime: 0 }
    }
}

/// Appends an entry's header, and an extended one before it where the size needs it.
pub(crate) fn write_header(out: &mut Vec<u8>, entry: &Entry) {
    if entry.size > OCTAL_MOST {
        let record = size_record(entry.size);
        block(out, "PaxHeaders.0/size", "", b'x', record.len() as u64, 0o644, 0);
        out.extend_from_slice(record.as_bytes());
        pad(out, record.len() as u64);
    }
    let size = if entry.size > OCTAL_MOST { 0 } else { entry.size };
    let (name, link, flag) = match &entry.kind {
        Kind::File => (entry.name.clone(), "", b'0'),
        Kind::Directory => (format!("{}/", entry.name), "", b'5'),
        Kind::Link { written, .. } => (entry.name.clone(), written.as_str(), b'2'),
    };
    block(out, &name, link, flag, size, entry.mode, entry.mtime);
}

/// Appends what fills up the last block of a content of `size` bytes.
pub(crate) fn pad(out: &mut Vec<u8>, size: u64) {
    const ZEROS: [u8; BLOCK] = [0; BLOCK];
    let over = usize::try_from(size % BLOCK as u64).unwrap_or(0);
    if over > 0 {
        out.extend_from_slice(ZEROS.get(over..).unwrap_or_default());
    }
}

/// A record tells its own length, which is part of what it counts.
fn size_record(size: u64) -> String {
    let rest = format!(" size={size}\n");
    let length = rest.len() + 2; // sizes of 12 to 20 digits: the length has always two
    format!("{length}{rest}")
}

fn block(out: &mut Vec<u8>, name: &str, link: &str, flag: u8, size: u64, mode: u32, mtime: u64) {
    let mut header = [0; BLOCK];
    put(&mut header, NAME, name.as_bytes());
    put(&mut header, MODE, format!("{mode:07o}").as_bytes());
    put(&mut header, 108..116, b"0000000");
    put(&mut header, 116..124, b"0000000");
    put(&mut header, SIZE, format!("{size:011o}").as_bytes());
    put(&mut header, MTIME, format!("{:011o}", mtime.min(OCTAL_MOST)).as_bytes());
    put(&mut header, TYPE..TYPE + 1, &[flag]);
    put(&mut header, LINK, link.as_bytes());
    put(&mut header, MAGIC, b"ustar\x0000");
    let sum = checksum(&header);
    put(&mut header, CHECKSUM, format!("{sum:06o}\0 ").as_bytes());
    out.extend_from_slice(&header);
}

/// What does not fit is cut; nothing here is longer than its field.
fn put(header: &mut [u8; BLOCK], range: std::ops::Range<usize>, value: &[u8]) {
    if let Some(field) = header.get_mut(range) {
        field.iter_mut().zip(value).for_each(|(to, from)| *to = *from);
    }
}

fn field(block: &[u8; BLOCK], range: std::ops::Range<usize>) -> &[u8] {
    block.get(range).unwrap_or_default()
}

/// Up to the first NUL.
fn text(field: &[u8]) -> &[u8] {
    field.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// The sum of the header's bytes, those of the sum itself taken for spaces.
fn checksum(block: &[u8; BLOCK]) -> u64 {
    let all: u64 = block.iter().map(|byte| u64::from(*byte)).sum();
    let own: u64 = field(block, CHECKSUM).iter().map(|byte| u64::from(*byte)).sum();
    all - own + 8 * u64::from(b' ')
}

/// Octal digits, then NULs and spaces only; other codings, such as GNU's binary one, are refused.
fn octal(field: &[u8]) -> Option<u64> {
    let end = field.iter().position(|byte| matches!(byte, 0 | b' ')).unwrap_or(field.len());
    let (digits, rest) = field.split_at_checked(end)?;
    if digits.is_empty() || rest.iter().any(|byte| !matches!(byte, 0 | b' ')) {
        return None;
    }
    digits.iter().try_fold(0_u64, |number, digit| match digit {
        b'0'..=b'7' => number.checked_mul(8)?.checked_add(u64::from(digit - b'0')),
        _ => None,
    })
}

fn checked_name(written: &[u8]) -> Result<String, ArchiveError> {
    let bad = || ArchiveError::Name(printable(written));
    let name = str::from_utf8(written).map_err(|_| bad())?;
    let is_plain = name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let parts_fit = name.split('/').all(|part| !matches!(part, "" | "." | ".."));
    if is_plain && parts_fit { Ok(name.to_owned()) } else { Err(bad()) }
}

/// `a/b` -> `../c/d` is `c/d`. Docker 20.10 writes such a link for a layer that is in the archive already.
fn link(name: &str, written: &[u8]) -> Result<Kind, ArchiveError> {
    let bad = || ArchiveError::Kind { name: name.to_owned(), kind: "a link that leads out of the archive" };
    let written = str::from_utf8(written).map_err(|_| bad())?;
    let mut parts: Vec<&str> = name.split('/').collect();
    parts.pop();
    for part in written.split('/') {
        match part {
            ".." => drop(parts.pop().ok_or_else(bad)?),
            "" | "." => return Err(bad()),
            part => parts.push(part),
        }
    }
    let target = checked_name(parts.join("/").as_bytes()).map_err(|_| bad())?;
    Ok(Kind::Link { written: written.to_owned(), target })
}

fn word(flag: u8) -> &'static str {
    match flag {
        b'1' => "a hard link",
        b'3' | b'4' => "a device",
        b'6' => "a pipe",
        b'g' => "a header for all entries",
        b'L' | b'K' => "a long name of the GNU format",
        b'S' => "a sparse file",
        _ => "of an unknown type",
    }
}
