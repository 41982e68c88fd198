//! `--restore`: an archive into the home, by a program inside that has its inhabitant's rights and follows no link.

use super::super::homes::{self, HomeError, Index, Part};
use super::super::visit::Visit;
use super::super::{enter, pipes, shelf};
use super::{backups, draft_of, joined, unwritable};
use crate::exit::Exit;
use crate::failure::{Failure, chain};
use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};
use wharf_session::sync::{self, Excludes, Synced};
use wharf_wire::workstation::WorkstationExec;
use wharf_workstation::{PROGRAM, Seen, Yard};

/// A compressed archive from which on the room is named that it takes while it is read.
const LARGE: u64 = 256 << 20;

/// Puts an archive into the home. All of it is judged before any of it is written.
pub(in super::super) async fn run(visit: &Visit<'_>, yard: &Yard<'_>, file: &Path) -> Result<(), Failure> {
    let index = indexed(visit, file).await?;
    let seen = enter::started(visit, yard).await?;
    let mut all = Synced::default();
    for part in index.parts(usize::MAX) {
        let synced = copy_in(visit, yard, &seen, part).await?;
        all.written += synced.written;
        all.unchanged += synced.unchanged;
        all.bytes += synced.bytes;
    }
    visit.say(&format!(
        "{} files, {} bytes put into the home of {}; {} were there already",
        all.written, all.bytes, visit.name, all.unchanged
    ));
    Ok(())
}

/// The archive, judged. What can be read only once or is compressed is written down first.
async fn indexed(visit: &Visit<'_>, file: &Path) -> Result<Index, Failure> {
    let unreadable = |error| Failure::usage(format!("cannot read `{}`: {error}", file.display()));
    let mut opened = File::open(file).map_err(unreadable)?;
    let seen = opened.metadata().map_err(unreadable)?;
    let is_pipe = seen.file_type().is_fifo();
    if !is_pipe && !seen.is_file() {
        return Err(Failure::usage(format!("`{}` is no file and no pipe", file.display()))
            .hint("name an archive that `--backup` wrote"));
    }
    let is_plain = !is_pipe && !is_compressed(&mut opened).map_err(unreadable)?;
    if is_plain {
        return joined(tokio::task::spawn_blocking(move || Index::of(opened)).await);
    }
    let folder = backups(visit)?;
    if is_pipe || seen.len() > LARGE {
        visit.say(&format!(
            "the archive is unpacked in `{}` first, and takes the home's room there until it is restored",
            folder.display()
        ));
    }
    let spool = spool(&folder)?;
    joined(tokio::task::spawn_blocking(move || spooled(opened, spool)).await)
}

fn is_compressed(file: &mut File) -> io::Result<bool> {
    let mut beginning = Vec::new();
    file.by_ref().take(2).read_to_end(&mut beginning)?;
    file.rewind()?;
    Ok(homes::is_compressed(&beginning))
}

/// A file without a name: it goes when it is closed, however this program ends.
fn spool(folder: &Path) -> Result<File, Failure> {
    let name: PathBuf = folder.join("restore");
    let made = shelf::make_private(folder).and_then(|()| {
        let (file, draft) = draft_of(&name)?;
        fs::remove_file(draft)?;
        Ok(file)
    });
    made.map_err(|error| unwritable(folder, &error))
}

fn spooled(from: File, mut spool: File) -> Result<Index, HomeError> {
    io::copy(&mut homes::reader(from)?, &mut spool)?;
    spool.rewind()?;
    Index::of(spool)
}

async fn copy_in(visit: &Visit<'_>, yard: &Yard<'_>, seen: &Seen, mut part: Part) -> Result<Synced, Failure> {
    let words = [PROGRAM, "unpack"].map(str::to_owned).into();
    let exec = WorkstationExec { command: words, stdin: true, ..WorkstationExec::default() };
    let (_, attached) = yard.exec(seen, exec).await?;
    let (hearing, telling, complaints) = pipes::of(attached);
    let work = tokio::task::spawn_blocking(move || {
        sync::send_all(&mut part, &Excludes::default(), hearing, telling)
    });
    let sent = work.await.map_err(|error| Failure::of(Exit::Failed, &error))?;
    sent.map_err(|error| {
        let said = complaints.text();
        let causes = if said.is_empty() { vec![chain(&error)] } else { vec![chain(&error), said] };
        let message = format!("the home of `{}` was not restored whole", visit.name);
        Failure { causes, ..Failure::new(Exit::Failed, message) }
            .hint("what is written is whole, file by file; the same command goes on from there")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_compressed_archive_that_breaks_off_is_refused() {
        let mut builder = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_size(4);
        header.set_mode(0o644);
        builder.append_data(&mut header, "a", &b"data"[..]).unwrap();
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(&builder.into_inner().unwrap()).unwrap();
        let packed = packed.finish().unwrap();
        let read = |bytes: &[u8]| {
            let (mut file, spool) = (tempfile::tempfile().unwrap(), tempfile::tempfile().unwrap());
            file.write_all(bytes).unwrap();
            file.rewind().unwrap();
            assert!(is_compressed(&mut file).unwrap());
            spooled(file, spool).map(|index| index.parts(9).len())
        };
        assert_eq!(read(&packed).unwrap(), 1);
        // The check is in the last eight bytes.
        assert!(matches!(read(&packed[..packed.len() - 4]), Err(HomeError::Io(_))));
    }
}
