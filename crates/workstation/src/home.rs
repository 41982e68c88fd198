//! A workstation's home as an archive: backed up, restored, cloned, measured.

use crate::lifecycle::container_of;
use crate::seen::UNFINISHED;
use crate::yard::is_conflict;
use crate::{Blueprint, MadeImage, Seen, Yard, YardError};
use tokio::io::AsyncRead;
use wharf_docker::{ByteStream, Reply, streamed};
use wharf_model::{TargetPath, WorkstationName, WorkstationRole};
use wharf_policy::Home;
use wharf_wire::VolumeSizes;
use wharf_wire::workstation::{WorkstationAct, WorkstationCall};

impl Yard<'_> {
    /// Everything in its home, as a tar archive whose names begin with `./`. It may run meanwhile.
    ///
    /// # Errors
    /// When it has no container, or the engine refuses.
    pub async fn read_home(&self, seen: &Seen) -> Result<ByteStream, YardError> {
        let act = WorkstationAct::ReadArchive { path: home_of(seen)?, within: true };
        match self.act(container_of(seen)?, act).await? {
            Reply::Bytes(stream) => Ok(stream),
            _ => Err(YardError::Confused),
        }
    }

    /// Unpacks such an archive into its home, over what is there.
    ///
    /// # Errors
    /// When it has no container, or the engine refuses.
    pub async fn write_home(
        &self,
        seen: &Seen,
        archive: impl AsyncRead + Send + 'static,
    ) -> Result<(), YardError> {
        let act = WorkstationAct::WriteArchive { into: Some(home_of(seen)?) };
        let call = WorkstationCall::Container { container: container_of(seen)?.clone(), act };
        self.perform_stream(call, streamed(archive)).await.map(drop)
    }

    /// Whether a home of wharf's is there, whatever its container says.
    ///
    /// # Errors
    /// When the engine is away.
    pub async fn has_home(&self, name: &WorkstationName) -> Result<bool, YardError> {
        Ok(self.home(name).await? == Home::Own)
    }

    /// A container in which a home can be read that has none of its own, and whether it was made for that: it was never
    /// started, and is to be [discarded](Self::discard).
    ///
    /// # Errors
    /// When there is no home, or the container cannot be made.
    pub async fn reach_home(&self, blueprint: &Blueprint<'_>) -> Result<(Seen, bool), YardError> {
        let name = &blueprint.definition.name;
        if let Some(seen) = self.settle(name).await?.filter(|seen| seen.container.is_some()) {
            return Ok((seen, false));
        }
        if !self.has_home(name).await? {
            return Err(YardError::NoSuchWorkstation(name.clone()));
        }
        self.create(blueprint).await?;
        let seen = self.find(name).await?;
        Ok((seen.ok_or_else(|| YardError::NoSuchWorkstation(name.clone()))?, true))
    }

    /// Removes a container that was made for its home alone. The home stays.
    ///
    /// # Errors
    /// When the engine refuses.
    pub async fn discard(&self, seen: &Seen) -> Result<(), YardError> {
        self.act_if_there(container_of(seen)?, WorkstationAct::Remove).await
    }

    /// Begins a workstation whose home is to be a copy of another one's: a new home, and a container that is not started and
    /// whose label says that the copy is unfinished. It is [discarded](Self::discard) when it is finished.
    ///
    /// # Errors
    /// When it cannot be; then nothing is left of it.
    pub async fn begin_copy(&self, blueprint: &Blueprint<'_>) -> Result<Seen, YardError> {
        let name = &blueprint.definition.name;
        let image = self.make_image(blueprint, false).await?;
        let begun = async {
            self.create_home(name).await?;
            let image = MadeImage { name: UNFINISHED.to_owned(), ..image };
            self.create_container(blueprint, &image, WorkstationRole::Itself).await
        };
        if let Err(error) = begun.await {
            // What another run has just made is not ours to remove.
            let seen = self.find(name).await?;
            let is_ours = |seen: &Seen| seen.is_unfinished_copy() || seen.container.is_none();
            if !is_conflict(&error) && seen.as_ref().is_some_and(is_ours) {
                self.destroy(name).await?;
            }
            return Err(error);
        }
        let seen = self.find(name).await?;
        seen.ok_or_else(|| YardError::NoSuchWorkstation(name.clone()))
    }

    /// Bytes in its home, as the engine measures them; it may take its time. `None` where there is none, or the engine
    /// does not say.
    ///
    /// # Errors
    /// When the engine is away.
    pub async fn home_size(&self, name: &WorkstationName) -> Result<Option<u64>, YardError> {
        let sizes = self.engine.observe(&VolumeSizes).await?;
        let home = name.home();
        let own = sizes.volumes.iter().find(|volume| volume.name == home);
        Ok(own.and_then(|volume| u64::try_from(volume.usage_data.size).ok()))
    }
}

/// Where its home is seen in it.
fn home_of(seen: &Seen) -> Result<TargetPath, YardError> {
    seen.home.clone().ok_or_else(|| YardError::NoSuchWorkstation(seen.name.clone()))
}
