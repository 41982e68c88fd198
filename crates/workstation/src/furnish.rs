//! What a container gets before it is started for the first time: the session program, its user's lines in the image's
//! files, and a home that is its user's.

use crate::accounts::{gitconfig, group, passwd};
use crate::archive::{Owner, Packing, first};
use crate::program::Program;
use crate::{Blueprint, Yard, YardError};
use bytes::Bytes;
use futures_util::future::try_join4;
use http_body_util::{BodyExt, Full};
use wharf_docker::Reply;
use wharf_model::{ContainerId, TargetPath};
use wharf_wire::workstation::{WorkstationAct, WorkstationCall, WorkstationUser};

/// What is kept of wharf's in a workstation.
const DIRECTORY: &str = "/run/wharf";

/// A file of the image's.
struct Found {
    owner: Owner,
    text: String,
}

impl Yard<'_> {
    /// Puts into a container that never ran what it needs to run. Done twice it comes to the same.
    pub(crate) async fn furnish(
        &self,
        container: &ContainerId,
        blueprint: &Blueprint<'_>,
        program: &Program,
    ) -> Result<(), YardError> {
        let person = blueprint.person;
        let user = WorkstationUser { uid: person.uid, gid: person.gid };
        let home = blueprint.home()?;
        let (passwd_file, group_file, shell, home_is_roots) = try_join4(
            self.file(container, "/etc/passwd"),
            self.file(container, "/etc/group"),
            self.shell(container, blueprint),
            self.is_roots(container, &home),
        )
        .await?;
        let git = &blueprint.definition.git;
        let git_file = match (&git.name, &git.email) {
            (None, None) => None,
            (name, email) => {
                let file = self.file(container, "/etc/gitconfig").await?;
                let text = gitconfig(file.text(), name.as_deref(), email.as_deref());
                file.with(text)
            }
        };
        let mut packing = Packing::new();
        let pack = |packing: &mut Packing| {
            packing.directory(DIRECTORY, Owner::of(user, 0o700))?;
            packing.file(crate::PROGRAM, Owner::of(user, 0o755), &program.bytes)?;
            let passwd_text = passwd(passwd_file.text(), person, &shell);
            let group_text = group(group_file.text(), person);
            let files = [("/etc/passwd", passwd_file.with(passwd_text)), ("/etc/group", group_file.with(group_text))];
            let files = files.into_iter().chain([("/etc/gitconfig", git_file)]);
            for (path, found) in files {
                if let Some(found) = found {
                    packing.file(path, found.owner, found.text.as_bytes())?;
                }
            }
            // A volume begins as root's. Later it is as its user left it.
            if home_is_roots {
                packing.directory(home.as_str(), Owner::of(user, 0o700))?;
            }
            Ok(())
        };
        pack(&mut packing).map_err(YardError::Archive)?;
        self.write(container, packing.finish().map_err(YardError::Archive)?).await
    }

    async fn write(&self, container: &ContainerId, archive: Vec<u8>) -> Result<(), YardError> {
        let act = WorkstationAct::WriteArchive { into: None };
        let call = WorkstationCall::Container { container: container.clone(), act };
        let body = Full::new(Bytes::from(archive)).map_err(|never| match never {}).boxed_unsync();
        self.perform_stream(call, body).await.map(drop)
    }

    /// The shell that the account has: what the definition says, else bash where the image has it.
    async fn shell(&self, container: &ContainerId, blueprint: &Blueprint<'_>) -> Result<String, YardError> {
        if let Some(shell) = &blueprint.definition.shell {
            return Ok(shell.clone());
        }
        let bash = self.read(container, "/bin/bash").await?.is_some();
        Ok(if bash { "/bin/bash" } else { "/bin/sh" }.to_owned())
    }

    /// Whether the home is still as the engine made it.
    async fn is_roots(&self, container: &ContainerId, home: &TargetPath) -> Result<bool, YardError> {
        match self.read(container, home.as_str()).await? {
            None => Ok(true),
            Some(stream) => {
                let (seen, _) = first(stream).await.map_err(YardError::Archive)?;
                Ok(seen.owner.uid == 0)
            }
        }
    }

    async fn file(&self, container: &ContainerId, path: &str) -> Result<Image, YardError> {
        let Some(stream) = self.read(container, path).await? else { return Ok(Image::Nothing) };
        let (seen, content) = first(stream).await.map_err(YardError::Archive)?;
        if !seen.is_file {
            return Ok(Image::Otherwise);
        }
        let text = String::from_utf8_lossy(&content).into_owned();
        Ok(Image::File(Found { owner: seen.owner, text }))
    }

    async fn read(
        &self,
        container: &ContainerId,
        path: &str,
    ) -> Result<Option<wharf_docker::ByteStream>, YardError> {
        let path = path.parse().map_err(|_| YardError::NotATarget(path.to_owned()))?;
        match self.act(container, WorkstationAct::ReadArchive { path, within: false }).await {
            Ok(Reply::Bytes(stream)) => Ok(Some(stream)),
            Ok(_) => Err(YardError::Confused),
            Err(error) if error.status() == Some(404) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// What an image has at a path.
enum Image {
    Nothing,
    File(Found),
    /// A link or a directory, such as where another program writes the file: it is left alone.
    Otherwise,
}

impl Image {
    fn text(&self) -> &str {
        match self {
            Self::File(found) => &found.text,
            Self::Nothing | Self::Otherwise => "",
        }
    }

    /// The same file with another text; `None` where it is left alone.
    fn with(&self, text: String) -> Option<Found> {
        match self {
            Self::Nothing => Some(Found { owner: Owner { uid: 0, gid: 0, mode: 0o644 }, text }),
            Self::File(found) => Some(Found { owner: found.owner, text }),
            Self::Otherwise => None,
        }
    }
}
