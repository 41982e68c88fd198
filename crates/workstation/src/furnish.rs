//! What a container gets before it is started for the first time: the session program, its user's lines in the image's
//! files, and a home that is its user's.

use crate::accounts::{gitconfig, group, passwd};
use crate::archive::{Owner, Packing, first, is_at_end};
use crate::program::Program;
use crate::{Blueprint, Yard, YardError};
use bytes::Bytes;
use futures_util::future::try_join3;
use http_body_util::{BodyExt, Full};
use wharf_docker::Reply;
use wharf_model::{ContainerId, TargetPath};
use wharf_wire::workstation::{WorkstationAct, WorkstationCall, WorkstationUser};

/// What is kept of wharf's in a workstation.
const DIRECTORY: &str = "/run/wharf";

/// A file of the image's, which is root's as everywhere.
struct Found {
    mode: u32,
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
        let (passwd_file, group_file, shell) = try_join3(
            self.file(container, "/etc/passwd"),
            self.file(container, "/etc/group"),
            self.shell(container, blueprint),
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
        let renewer = self.renewer(&blueprint.definition.contexts, program).await?;
        let mut packing = Packing::new();
        let pack = |packing: &mut Packing| {
            packing.directory(DIRECTORY, Owner::of(user, 0o700))?;
            packing.file(crate::PROGRAM, Owner::of(user, 0o755), &program.bytes)?;
            pack_renewal(packing, user, &blueprint.definition.contexts, renewer.as_deref())?;
            let passwd_text = passwd(passwd_file.text(), person, &shell);
            let group_text = group(group_file.text(), person);
            let files =
                [("/etc/passwd", passwd_file.with(passwd_text)), ("/etc/group", group_file.with(group_text))];
            let files = files.into_iter().chain([("/etc/gitconfig", git_file)]);
            for (path, found) in files {
                if let Some(found) = found {
                    let owner = Owner { uid: 0, gid: 0, mode: found.mode };
                    packing.file(path, owner, found.text.as_bytes())?;
                }
            }
            Ok(())
        };
        pack(&mut packing).map_err(YardError::Archive)?;
        self.write(container, packing).await?;
        self.furnish_home(container, blueprint, &home, user).await
    }

    /// A volume begins empty and as root's: it is given to its user. One that is the user's already is left as it is, and
    /// what is another's is nobody's to give away.
    async fn furnish_home(
        &self,
        container: &ContainerId,
        blueprint: &Blueprint<'_>,
        home: &TargetPath,
        user: WorkstationUser,
    ) -> Result<(), YardError> {
        // Compared with what was just made the user's, since an engine that maps users reads its host's numbers out and
        // takes the container's in (seen on 20.10 and 28.5 with `userns-remap`).
        let (homes, users, roots) = try_join3(
            self.home_owner(container, home),
            self.owner(container, DIRECTORY),
            self.owner(container, "/etc/passwd"),
        )
        .await?;
        let ids = |owner: Option<Owner>| owner.map(|owner| (owner.uid, owner.gid));
        let (owner, is_empty) = homes.map_or((None, true), |(owner, is_empty)| (Some(owner), is_empty));
        if ids(owner) == ids(users) {
            return Ok(());
        }
        if owner.is_some() && !(is_empty && ids(owner) == ids(roots)) {
            let (name, was) = (blueprint.definition.name.clone(), "another user".to_owned());
            return Err(YardError::OtherInhabitant { name, was, uid: user.uid, gid: user.gid });
        }
        let mut packing = Packing::new();
        packing.directory(home.as_str(), Owner::of(user, 0o700)).map_err(YardError::Archive)?;
        self.write(container, packing).await
    }

    /// What renews the certificates of contexts, where there are some and it runs there.
    async fn renewer(&self, contexts: &[String], program: &Program) -> Result<Option<Vec<u8>>, YardError> {
        let Some(path) = self.renewer.as_ref().filter(|_| !contexts.is_empty() && program.is_embedded())
        else {
            return Ok(None);
        };
        let path = path.clone();
        let read = tokio::task::spawn_blocking(move || std::fs::read(path)).await;
        read.map_err(|_| YardError::Confused)?.map(Some).map_err(YardError::Archive)
    }

    async fn write(&self, container: &ContainerId, packing: Packing) -> Result<(), YardError> {
        let archive = packing.finish().map_err(YardError::Archive)?;
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

    /// Whose a home is, in the numbers that the engine reads out, and whether there is nothing in it.
    async fn home_owner(
        &self,
        container: &ContainerId,
        home: &TargetPath,
    ) -> Result<Option<(Owner, bool)>, YardError> {
        let Some(mut stream) = self.read(container, home.as_str()).await? else { return Ok(None) };
        let owner = first(&mut stream).await.map_err(YardError::Archive)?.0.owner;
        Ok(Some((owner, is_at_end(&mut stream).await.map_err(YardError::Archive)?)))
    }

    /// Whose something is, in the numbers that the engine reads out.
    async fn owner(&self, container: &ContainerId, path: &str) -> Result<Option<Owner>, YardError> {
        match self.read(container, path).await? {
            None => Ok(None),
            Some(stream) => Ok(Some(first(stream).await.map_err(YardError::Archive)?.0.owner)),
        }
    }

    async fn file(&self, container: &ContainerId, path: &str) -> Result<Image, YardError> {
        let Some(stream) = self.read(container, path).await? else { return Ok(Image::Nothing) };
        let (seen, content) = first(stream).await.map_err(YardError::Archive)?;
        if !seen.is_file {
            return Ok(Image::Otherwise);
        }
        let text = String::from_utf8_lossy(&content).into_owned();
        Ok(Image::File(Found { mode: seen.owner.mode, text }))
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

/// What makes the certificates of joined contexts last. It is there before anything runs, so that whoever is killed later
/// leaves nothing out.
fn pack_renewal(
    packing: &mut Packing,
    user: WorkstationUser,
    contexts: &[String],
    renewer: Option<&[u8]>,
) -> std::io::Result<()> {
    if !contexts.is_empty() {
        let list = contexts.iter().fold(String::new(), |list, context| list + context + "\n");
        packing.file(crate::renewal::CONTEXTS, Owner::of(user, 0o600), list.as_bytes())?;
    }
    if let Some(renewer) = renewer {
        packing.directory(crate::renewal::DIRECTORY, Owner::of(user, 0o700))?;
        packing.file(crate::RENEWER, Owner::of(user, 0o700), renewer)?;
    }
    Ok(())
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
            Self::Nothing => Some(Found { mode: 0o644, text }),
            Self::File(found) => Some(Found { mode: found.mode, text }),
            Self::Otherwise => None,
        }
    }
}
