//! `--backup`, `--restore` and `--clone`: homes as archives.

mod backup;
mod clone;
mod restore;

pub(super) use backup::run as backup;
pub(super) use clone::run as clone;
pub(super) use restore::run as restore;

use super::homes::HomeError;
use super::shelf;
use super::visit::Visit;
use crate::exit::Exit;
use crate::failure::{Failure, chain};
use std::fs::{File, OpenOptions};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::runtime::Handle;
use wharf_workstation::{Definition, Person, Seen, WorkstationName, Yard};

/// How often another name is tried for a draft.
const TRIES: u32 = 8;
/// What a home is looked into with when nobody knows any more what its workstation was made of.
const ANY: &str = "image: docker.io/library/debian:stable-slim\n";

/// Where backups are that nobody gave a place.
pub(super) fn backups(visit: &Visit<'_>) -> Result<PathBuf, Failure> {
    Ok(shelf::below_home(visit.setting, "XDG_DATA_HOME", ".local/share")?.join("wharf/backups"))
}

/// A container in which a home can be read.
struct Reached {
    seen: Seen,
    /// It was made for that.
    is_made: bool,
    person: Person,
}

/// The workstation's own container, or, where it has none and its home is there, one that is never started.
async fn reached(visit: &Visit<'_>, yard: &Yard<'_>) -> Result<Reached, Failure> {
    let seen = visit.found(yard).await?;
    if seen.container.is_some() {
        let person = visit.person(&definition_of(visit, &seen)?);
        return Ok(Reached { seen, is_made: false, person });
    }
    // Never by the label: whoever has the engine could name folders of this machine in it.
    let definition = visit.definition.clone().map_or_else(|| anything(&visit.name), Ok)?;
    let person = visit.person(&definition);
    let (seen, is_made) = yard.reach_home(&visit.blueprint(&definition, &person)?).await?;
    Ok(Reached { seen, is_made, person })
}

impl Reached {
    /// Leaves what was there before.
    async fn end(&self, yard: &Yard<'_>) -> Result<(), Failure> {
        if self.is_made {
            yard.discard(&self.seen).await?;
        }
        Ok(())
    }
}

/// What it was made from; else what the file says; else anything that runs.
fn definition_of(visit: &Visit<'_>, seen: &Seen) -> Result<Definition, Failure> {
    let text = seen.definition_text.as_deref();
    let labelled = text.and_then(|text| Definition::parse(&seen.name, text).ok());
    labelled.or_else(|| visit.definition.clone()).map_or_else(|| anything(&seen.name), Ok)
}

fn anything(name: &WorkstationName) -> Result<Definition, Failure> {
    Definition::parse(name, ANY).map_err(|_| Failure::new(Exit::Failed, format!("no file of `{name}`")))
}

/// A file beside `file` that nobody had there before, for nobody else's eyes: homes hold keys.
fn draft_of(file: &Path) -> std::io::Result<(File, PathBuf)> {
    let mut tries = 0;
    loop {
        let mut name = file.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{:016x}.part", RandomState::new().build_hasher().finish()));
        let draft = file.with_file_name(name);
        let opened = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&draft);
        match opened {
            Err(error) if error.kind() == ErrorKind::AlreadyExists && tries < TRIES => tries += 1,
            opened => return Ok((opened?, draft)),
        }
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(Exit::Failed, format!("cannot write `{}`: {error}", path.display()))
}

/// What came of work on an archive.
fn joined<T>(done: Result<Result<T, HomeError>, tokio::task::JoinError>) -> Result<T, Failure> {
    let done = done.map_err(|error| Failure::of(Exit::Failed, &error))?;
    done.map_err(|error| match &error {
        HomeError::Io(_) => Failure::new(Exit::Failed, chain(&error)),
        HomeError::CutOff | HomeError::Empty => {
            Failure::new(Exit::Failed, error.to_string()).hint("nothing was written; make the archive again")
        }
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
