//! A workstation's home as an archive: backed up, restored, cloned, measured.

use crate::lifecycle::container_of;
use crate::{Seen, Yard, YardError};
use tokio::io::AsyncRead;
use wharf_docker::{ByteStream, Reply, streamed};
use wharf_model::{TargetPath, WorkstationName};
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
