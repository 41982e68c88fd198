//! `--backup`, `--restore` and `--clone`: homes as archives.

use super::homes::{self, Content, HomeError, Owner, Sink};
use super::visit::Visit;
use super::{enter, shelf};
use crate::exit::Exit;
use crate::failure::{Failure, chain};
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::runtime::Handle;
use wharf_workstation::{Definition, Person, Seen, Yard};

/// What is on its way between the engine and the archive.
const PIPE: usize = 1 << 20;

/// Writes the home to a file, whole or not at all.
pub(super) async fn backup(visit: &Visit<'_>, yard: &Yard<'_>, file: &Path) -> Result<(), Failure> {
    let seen = visit.found(yard).await?;
    if file == Path::new("-") {
        copy_out(visit, yard, &seen, Box::new(std::io::stdout()), file).await?;
        return Ok(());
    }
    if let Some(parent) = file.parent().filter(|parent| parent.ends_with("wharf/backups")) {
        shelf::make_private(parent).map_err(|error| unwritable(parent, &error))?;
    }
    let draft = draft_of(file);
    let written = async {
        // Homes hold keys.
        let options = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft);
        let opened = options.map_err(|error| unwritable(&draft, &error))?;
        let content = copy_out(visit, yard, &seen, Box::new(opened), file).await?;
        fs::rename(&draft, file).map_err(|error| unwritable(file, &error))?;
        Ok(content)
    };
    let written: Result<Content, Failure> = written.await;
    if written.is_err() {
        let _removed = fs::remove_file(&draft);
    }
    let content = written?;
    visit.say(&format!(
        "{} files, {} bytes of {} in `{}`",
        content.files,
        content.bytes,
        visit.name,
        file.display()
    ));
    Ok(())
}

fn draft_of(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    file.with_file_name(name)
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(Exit::Failed, format!("cannot write `{}`: {error}", path.display()))
}

async fn copy_out(
    visit: &Visit<'_>,
    yard: &Yard<'_>,
    seen: &Seen,
    to: Box<dyn Write + Send>,
    name: &Path,
) -> Result<Content, Failure> {
    let person = person_of(visit, seen)?;
    let from = Blocking::reading(yard.read_home(seen).await?);
    let name = name.to_owned();
    let work = tokio::task::spawn_blocking(move || {
        let mut sink = Sink::new(to, &name);
        let content = homes::rewrite(from, &mut sink, Owner { uid: person.uid, gid: person.gid })?;
        sink.finish()?.flush()?;
        Ok::<Content, HomeError>(content)
    });
    joined(work.await)
}

/// Puts an archive into the home. All of it is judged before any of it is written.
pub(super) async fn restore(visit: &Visit<'_>, yard: &Yard<'_>, file: &Path) -> Result<(), Failure> {
    let open = || {
        File::open(file).map_err(|error| Failure::usage(format!("cannot read `{}`: {error}", file.display())))
    };
    let judged = open()?;
    joined(tokio::task::spawn_blocking(move || homes::check(homes::reader(judged)?)).await)?;
    let seen = enter::started(visit, yard).await?;
    let from = open()?;
    let content = copy_in(visit, yard, &seen, move || Ok(homes::reader(from)?)).await?;
    visit.say(&format!(
        "{} files, {} bytes put into the home of {}",
        content.files, content.bytes, visit.name
    ));
    Ok(())
}

/// Makes another workstation with the same file and a copy of the home.
pub(super) async fn clone(visit: &Visit<'_>, yard: &Yard<'_>, new: &str) -> Result<(), Failure> {
    let new = super::named(new)?;
    let definition = visit.defined()?;
    let seen = visit.found(yard).await?;
    if visit.shelf.read(&new)?.is_some() || yard.find(&new).await?.is_some() {
        return Err(Failure::usage(format!("there is a workstation `{new}` already; nothing was copied"))
            .hint("choose another name"));
    }
    let definition = Definition { name: new.clone(), ..definition.clone() };
    visit.shelf.write(&new, &definition.text)?;
    let person = visit.person(&definition);
    let blueprint = visit.blueprint(&definition, &person)?;
    let other = yard.start(&blueprint).await?.seen;
    let from = Blocking::reading(yard.read_home(&seen).await?);
    let content = copy_in(visit, yard, &other, move || Ok(Box::new(from) as Box<dyn Read + Send>)).await?;
    enter::moved_in(visit, yard, &definition, &other).await?;
    visit.say(&format!(
        "`{new}` has a copy of the home, {} files; `wharf shell {new}` enters it",
        content.files
    ));
    Ok(())
}

async fn copy_in(
    visit: &Visit<'_>,
    yard: &Yard<'_>,
    seen: &Seen,
    open: impl FnOnce() -> Result<Box<dyn Read + Send>, HomeError> + Send + 'static,
) -> Result<Content, Failure> {
    let person = person_of(visit, seen)?;
    let (engines, ours) = tokio::io::duplex(PIPE);
    let mut to = Blocking::writing(ours);
    let work = tokio::task::spawn_blocking(move || {
        let content = homes::rewrite(open()?, &mut to, Owner { uid: person.uid, gid: person.gid });
        to.end()?;
        content
    });
    let written = yard.write_home(seen, engines).await;
    // What was wrong with the archive says more than that the engine found it cut off.
    let content = joined(work.await)?;
    written?;
    Ok(content)
}

/// Who lives there, by the definition with which it was made.
fn person_of(visit: &Visit<'_>, seen: &Seen) -> Result<Person, Failure> {
    let text = seen.definition_text.as_deref();
    let labelled = text.and_then(|text| Definition::parse(&seen.name, text).ok());
    match labelled {
        Some(definition) => Ok(visit.person(&definition)),
        None => Ok(visit.person(visit.defined()?)),
    }
}

fn joined(done: Result<Result<Content, HomeError>, tokio::task::JoinError>) -> Result<Content, Failure> {
    let done = done.map_err(|error| Failure::of(Exit::Failed, &error))?;
    done.map_err(|error| match &error {
        HomeError::Io(_) => Failure::new(Exit::Failed, chain(&error)),
        _ => Failure::usage(error.to_string()).hint("nothing was written; make an archive without it"),
    })
}

/// A stream of the runtime's for somebody who blocks.
struct Blocking<S> {
    stream: S,
    runtime: Handle,
}

impl<S: AsyncRead + Unpin> Blocking<S> {
    fn reading(stream: S) -> Self {
        Self { stream, runtime: Handle::current() }
    }
}

impl Blocking<DuplexStream> {
    fn writing(stream: DuplexStream) -> Self {
        Self { stream, runtime: Handle::current() }
    }

    fn end(&mut self) -> std::io::Result<()> {
        self.runtime.block_on(self.stream.shutdown())
    }
}

impl<S: AsyncRead + Unpin> Read for Blocking<S> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        self.runtime.block_on(self.stream.read(into))
    }
}

impl Write for Blocking<DuplexStream> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.runtime.block_on(self.stream.write(bytes))
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
