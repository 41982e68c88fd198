//! The small archives that are put into a container and read out of it.

use std::io;
use tokio::io::{AsyncRead, AsyncReadExt};
use wharf_wire::workstation::WorkstationUser;

/// An archive in the making.
pub(crate) struct Packing(tar::Builder<Vec<u8>>);

/// Whose something is, and who may do what with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) uid: u64,
    pub(crate) gid: u64,
    pub(crate) mode: u32,
}

impl Owner {
    pub(crate) fn of(user: WorkstationUser, mode: u32) -> Self {
        Self { uid: user.uid.into(), gid: user.gid.into(), mode }
    }
}

/// The first thing in an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct First {
    pub(crate) is_file: bool,
    pub(crate) owner: Owner,
    pub(crate) size: u64,
}

impl Packing {
    pub(crate) fn new() -> Self {
        Self(tar::Builder::new(Vec::new()))
    }

    /// A directory; what is in it stays.
    pub(crate) fn directory(&mut self, path: &str, owner: Owner) -> io::Result<()> {
        self.append(tar::EntryType::Directory, path, owner, &[])
    }

    pub(crate) fn file(&mut self, path: &str, owner: Owner, content: &[u8]) -> io::Result<()> {
        self.append(tar::EntryType::Regular, path, owner, content)
    }

    fn append(&mut self, kind: tar::EntryType, path: &str, owner: Owner, content: &[u8]) -> io::Result<()> {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_uid(owner.uid);
        header.set_gid(owner.gid);
        header.set_mode(owner.mode);
        header.set_size(u64::try_from(content.len()).unwrap_or_default());
        self.0.append_data(&mut header, path.trim_start_matches('/'), content)
    }

    pub(crate) fn finish(self) -> io::Result<Vec<u8>> {
        self.0.into_inner()
    }
}

const BLOCK: usize = 512;
/// The longest file that is read whole, and the longest extension before a header.
const MOST: u64 = 4 << 20;

/// The head of an archive's first thing, and its content when it is a file. Of extensions before it (pax records, which
/// engines write for attributes, and for numbers that a plain head has no room for) only the owner's numbers count.
pub(crate) async fn first(mut archive: impl AsyncRead + Unpin) -> io::Result<(First, Vec<u8>)> {
    let mut numbers = Numbers::default();
    loop {
        let mut block = [0; BLOCK];
        archive.read_exact(&mut block).await?;
        let header = tar::Header::from_byte_slice(&block);
        let (kind, size) = (header.entry_type(), header.size()?);
        let is_extension = kind.is_pax_local_extensions() || kind.is_pax_global_extensions();
        let is_file = kind.is_file();
        let content = if is_file || is_extension { content(&mut archive, size).await? } else { Vec::new() };
        if is_extension {
            numbers.read(&content)?;
            continue;
        }
        let uid = numbers.uid.map_or_else(|| header.uid(), Ok)?;
        let gid = numbers.gid.map_or_else(|| header.gid(), Ok)?;
        let owner = Owner { uid, gid, mode: header.mode().unwrap_or(0o644) & 0o7777 };
        return Ok((First { is_file, owner, size }, content));
    }
}

/// Whether nothing follows in an archive of which the first thing was read.
pub(crate) async fn is_at_end(mut archive: impl AsyncRead + Unpin) -> io::Result<bool> {
    let mut block = [0; BLOCK];
    archive.read_exact(&mut block).await?;
    Ok(block.iter().all(|byte| *byte == 0))
}

/// An owner's numbers out of extensions.
#[derive(Debug, Default)]
struct Numbers {
    uid: Option<u64>,
    gid: Option<u64>,
}

impl Numbers {
    fn read(&mut self, records: &[u8]) -> io::Result<()> {
        for record in tar::PaxExtensions::new(records) {
            let record = record?;
            let number = || record.value().ok().and_then(|value| value.parse().ok());
            match record.key_bytes() {
                b"uid" => self.uid = number(),
                b"gid" => self.gid = number(),
                _ => {}
            }
        }
        Ok(())
    }
}

async fn content(archive: &mut (impl AsyncRead + Unpin), size: u64) -> io::Result<Vec<u8>> {
    if size > MOST {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "larger than is read whole"));
    }
    let size = usize::try_from(size).unwrap_or_default();
    let mut content = vec![0; size.next_multiple_of(BLOCK)];
    archive.read_exact(&mut content).await?;
    content.truncate(size);
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: Owner = Owner { uid: 4_000_000_001, gid: 1000, mode: 0o640 };

    #[tokio::test]
    async fn what_is_packed_is_read_again_with_its_owner() {
        let mut packing = Packing::new();
        packing.file("/etc/passwd", ADA, b"root:x:0:0\n").unwrap();
        let packed = packing.finish().unwrap();
        let (seen, content) = first(&packed[..]).await.unwrap();
        assert_eq!(seen, First { is_file: true, owner: ADA, size: 11 });
        assert_eq!(content, b"root:x:0:0\n");
    }

    #[tokio::test]
    async fn extensions_before_the_first_thing_say_no_more_than_whose_it_is() {
        let mut builder = tar::Builder::new(Vec::new());
        let records =
            [("comment", &b"hello"[..]), ("uid", b"1234567890"), ("SCHILY.xattr.user.a", b"\0\xff")];
        builder.append_pax_extensions(records).unwrap();
        let mut packing = Packing(builder);
        packing.directory("home/ada", ADA).unwrap();
        let packed = packing.finish().unwrap();
        let (seen, _) = first(&packed[..]).await.unwrap();
        assert_eq!(seen, First { is_file: false, owner: Owner { uid: 1_234_567_890, ..ADA }, size: 0 });
    }

    #[tokio::test]
    async fn an_archive_that_is_cut_short_or_announces_too_much_is_an_error() {
        let mut packing = Packing::new();
        packing.file("a", ADA, &[7; 600]).unwrap();
        let packed = packing.finish().unwrap();
        assert!(first(&packed[..700]).await.is_err());
        assert!(first(&packed[..100]).await.is_err());
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(tar::EntryType::Regular);
        header.set_size(1 << 40);
        header.set_cksum();
        assert!(first(&header.as_bytes()[..]).await.is_err());
    }
}
