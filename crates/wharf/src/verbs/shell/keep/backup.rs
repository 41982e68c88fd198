//! `--backup`: the home, in a file that is whole and on the disk, or not there.

use super::super::homes::{self, Content, HomeError, Owner, Sink};
use super::super::shelf;
use super::super::visit::Visit;
use super::{Blocking, Reached, backups, draft_of, joined, reached, unwritable};
use crate::exit::Exit;
use crate::failure::Failure;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use wharf_workstation::Yard;

/// Writes the home to a file, whole or not at all.
pub(in super::super) async fn run(visit: &Visit<'_>, yard: &Yard<'_>, file: &Path) -> Result<(), Failure> {
    if file == Path::new("-") {
        let reached = reached(visit, yard).await?;
        let written = copy_out(yard, &reached, io::stdout(), file).await;
        reached.end(yard).await?;
        return written.map(drop);
    }
    if fs::symlink_metadata(file).is_ok() {
        return Err(there_already(file));
    }
    let folder = folder_of(file);
    if folder == backups(visit)? {
        shelf::make_private(folder).map_err(|error| unwritable(folder, &error))?;
    }
    let reached = reached(visit, yard).await?;
    let content = kept(yard, &reached, file).await;
    reached.end(yard).await?;
    let Content { files, bytes } = content?;
    visit.say(&format!("{files} files, {bytes} bytes of {} in `{}`", visit.name, file.display()));
    Ok(())
}

async fn kept(yard: &Yard<'_>, reached: &Reached, file: &Path) -> Result<Content, Failure> {
    let (opened, draft) = draft_of(file).map_err(|error| unwritable(file, &error))?;
    let written = async {
        let (content, opened) = copy_out(yard, reached, opened, file).await?;
        let (from, to) = (draft.clone(), file.to_owned());
        let published = tokio::task::spawn_blocking(move || publish(&opened, &from, &to));
        let published = published.await.map_err(|error| Failure::of(Exit::Failed, &error))?;
        match published {
            Ok(()) => Ok(content),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(there_already(file)),
            Err(error) => Err(unwritable(file, &error)),
        }
    };
    let written = written.await;
    if written.is_err() {
        let _removed = fs::remove_file(&draft);
    }
    written
}

/// Gives a file its name once all of it is on the disk, and returns once its name is, too: what it is a copy of may go then.
fn publish(opened: &File, draft: &Path, file: &Path) -> io::Result<()> {
    opened.sync_all()?;
    match renameat_with(CWD, draft, CWD, file, RenameFlags::NOREPLACE) {
        // Filesystems that cannot are asked as well as they can.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => match fs::symlink_metadata(file) {
            Ok(_) => return Err(ErrorKind::AlreadyExists.into()),
            Err(_) => fs::rename(draft, file)?,
        },
        renamed => renamed?,
    }
    File::open(folder_of(file))?.sync_all()
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

fn there_already(file: &Path) -> Failure {
    Failure::usage(format!("`{}` is there already, and nothing was written", file.display()))
        .hint("remove it or choose another name; `-` is the standard output")
}

async fn copy_out<W: Write + Send + 'static>(
    yard: &Yard<'_>,
    reached: &Reached,
    to: W,
    name: &Path,
) -> Result<(Content, W), Failure> {
    let owner = Owner { uid: reached.person.uid, gid: reached.person.gid };
    let from = Blocking::reading(yard.read_home(&reached.seen).await?);
    let name = name.to_owned();
    let work = tokio::task::spawn_blocking(move || {
        let mut sink = Sink::new(to, &name);
        let content = homes::rewrite(from, &mut sink, owner)?;
        let mut to = sink.finish()?;
        to.flush()?;
        Ok::<_, HomeError>((content, to))
    });
    joined(work.await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_draft_is_new_private_and_takes_nobodys_place() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("home.tar");
        let ((first, draft), (_second, other)) = (draft_of(&file).unwrap(), draft_of(&file).unwrap());
        assert_ne!(draft, other);
        assert_eq!(first.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        publish(&first, &draft, &file).unwrap();
        let again = publish(&first, &other, &file).unwrap_err();
        assert_eq!(again.kind(), ErrorKind::AlreadyExists);
    }
}
