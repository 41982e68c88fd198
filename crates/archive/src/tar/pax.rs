//! The records of an extended header: only a size is heeded, and what cannot change an entry's meaning is passed over.

use crate::ArchiveError;
use crate::error::printable;

/// What says nothing about which bytes are whose.
const HARMLESS: [&[u8]; 7] = [b"mtime", b"atime", b"ctime", b"uid", b"gid", b"uname", b"gname"];

/// The size that the records give to the next entry, if any.
pub(crate) fn size(mut records: &[u8]) -> Result<Option<u64>, ArchiveError> {
    let mut size = None;
    while !records.is_empty() {
        let (key, value, rest) =
            record(records).ok_or(ArchiveError::NotTar("an extended header is damaged"))?;
        if key == b"size" {
            let said = number(value).filter(|_| size.is_none());
            size = Some(said.ok_or_else(|| ArchiveError::Extended("size".into()))?);
        } else if !HARMLESS.contains(&key) {
            return Err(ArchiveError::Extended(printable(key)));
        }
        records = rest;
    }
    Ok(size)
}

type Record<'a> = (&'a [u8], &'a [u8], &'a [u8]);

/// `<length> <key>=<value>\n`, and what follows it.
fn record(records: &[u8]) -> Option<Record<'_>> {
    let space = records.iter().position(|byte| *byte == b' ')?;
    let length = usize::try_from(number(records.get(..space)?)?).ok()?;
    let (record, rest) = records.split_at_checked(length)?;
    let content = record.get(space + 1..)?.strip_suffix(b"\n")?;
    let equals = content.iter().position(|byte| *byte == b'=')?;
    Some((content.get(..equals)?, content.get(equals + 1..)?, rest))
}

fn number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || digits.first() == Some(&b'0') && digits.len() > 1 {
        return None;
    }
    digits.iter().try_fold(0_u64, |number, digit| match digit {
        b'0'..=b'9' => number.checked_mul(10)?.checked_add(u64::from(digit - b'0')),
        _ => None,
    })
}
