//! Images of workstations: pulled, made in a container of their own, or built by the engine.

use crate::folder::Folder;
use crate::recipe::Recipe;
use crate::yard::is_conflict;
use crate::{Base, Blueprint, Yard, YardError};
use std::time::Duration;
use wharf_docker::{Attached, EngineError, ProgressStream, Reply, streamed};
use wharf_model::{ContainerId, ImageId, ImageRef, WorkstationName, WorkstationRole};
use wharf_policy::OwnedWorkstation;
use wharf_wire::workstation::{
    MakerSpec, WORKSTATION_LABEL, WorkstationAct, WorkstationCall, WorkstationImage, WorkstationNamed,
};
use wharf_wire::{Call, ContainerState, ImageByReference};

/// An image that a workstation can be made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeImage {
    /// Its full id.
    pub id: ImageId,
    /// What it is called.
    pub name: String,
}

impl Yard<'_> {
    /// The image of a workstation, which is pulled, made or built when it is not there; `anew`: in any case, with newer
    /// bases.
    ///
    /// # Errors
    /// When it cannot be; what was there is as it was.
    pub async fn make_image(&self, blueprint: &Blueprint<'_>, anew: bool) -> Result<MadeImage, YardError> {
        let name = &blueprint.definition.name;
        match (Recipe::of(blueprint), &blueprint.definition.base) {
            (Some(recipe), _) => self.make(name, &recipe, anew).await,
            (None, Base::Image(image)) => self.bring(image, anew).await,
            (None, Base::Folder(said)) => {
                let folder = blueprint.folder.clone().ok_or_else(|| YardError::NoFolder(said.clone()))?;
                self.build(blueprint, &Folder::new(folder), anew).await
            }
            (None, Base::BuiltIn) => Err(YardError::Confused),
        }
    }

    /// An image by its reference: pulled when it is not there, or `anew`.
    async fn bring(&self, image: &ImageRef, anew: bool) -> Result<MadeImage, YardError> {
        if !(anew && matches!(image, ImageRef::Named(_)))
            && let Some(id) = self.image(image).await?
        {
            return Ok(MadeImage { id, name: image.to_string() });
        }
        let ImageRef::Named(named) = image else { return Err(YardError::NoSuchImage(image.clone())) };
        self.telling.step(&format!("pulling {}", named.familiar()));
        let credentials = self.credentials.for_registry(named.domain());
        let permit = self.permit(Call::PullImage { image: named.clone(), credentials })?;
        let Reply::Progress(progress) = self.engine.send(&permit).await? else {
            return Err(YardError::Confused);
        };
        self.follow(progress).await?;
        let id = self.image(image).await?.ok_or_else(|| YardError::NoSuchImage(image.clone()))?;
        Ok(MadeImage { id, name: image.to_string() })
    }

    async fn image(&self, image: &ImageRef) -> Result<Option<ImageId>, YardError> {
        match self.engine.observe(&ImageByReference(image.clone())).await {
            Ok(details) => Ok(Some(details.id)),
            Err(error) if error.status() == Some(404) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The image of a tag of ours; one that somebody else gave the tag is none.
    async fn made(&self, image: &WorkstationImage) -> Result<Option<MadeImage>, YardError> {
        let Ok(reference) = image.reference() else { return Ok(None) };
        match self.engine.observe(&ImageByReference(reference)).await {
            Ok(details) => {
                let labels = details.config.get("Labels");
                let label = labels.and_then(|labels| labels.get(WORKSTATION_LABEL)?.as_str());
                let ours = label == Some(image.workstation().as_str());
                Ok(ours.then(|| MadeImage { id: details.id, name: image.to_string() }))
            }
            Err(error) if error.status() == Some(404) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Makes an image in a container, which needs no builder: tenants have none.
    async fn make(
        &self,
        name: &WorkstationName,
        recipe: &Recipe,
        anew: bool,
    ) -> Result<MadeImage, YardError> {
        let text = recipe.text();
        let image = WorkstationImage::of_recipe(name, text.as_bytes());
        if !anew && let Some(made) = self.made(&image).await? {
            return Ok(made);
        }
        let base: ImageRef = recipe.base.parse().map_err(|_| YardError::Confused)?;
        let base = self.bring(&base, anew).await?;
        if self.remove_maker(name).await?
            && !anew
            && let Some(made) = self.made(&image).await?
        {
            return Ok(made);
        }
        self.telling.step(&format!("making the image of {name} from {}", base.name));
        let maker = MakerSpec { script: recipe.script.clone(), recipe: text };
        let call = WorkstationCall::CreateMaker { workstation: name.clone(), image: base.id, maker };
        let container = match self.perform(call).await {
            Ok(Reply::Created(container)) => container,
            Err(error) if is_conflict(&error) => return Err(YardError::Overtaken(name.clone())),
            other => return Err(other.err().unwrap_or(YardError::Confused)),
        };
        let made = self.run_maker(name, &container, &image).await;
        // Whatever happened: a maker is of no use afterwards. One that is left behind goes with the next run.
        let removed = self.act_if_there(&container, WorkstationAct::Remove).await;
        let made = made?;
        removed?;
        Ok(made)
    }

    async fn run_maker(
        &self,
        name: &WorkstationName,
        container: &ContainerId,
        image: &WorkstationImage,
    ) -> Result<MadeImage, YardError> {
        // Before it starts, so that nothing of what it says is missed.
        let Reply::Attached(attached) = self.act(container, WorkstationAct::Watch).await? else {
            return Err(YardError::Confused);
        };
        self.act(container, WorkstationAct::Start).await?;
        let Attached { mut output, input } = attached;
        while let Some(frame) = output.next().await.map_err(YardError::Archive)? {
            self.telling.output(&frame.bytes);
        }
        drop(input);
        let status = self.wait(container).await?;
        if status != 0 {
            return Err(YardError::Making { name: name.clone(), status });
        }
        let commit = WorkstationCall::Commit { container: container.clone(), image: image.clone() };
        self.perform(commit).await?;
        self.made(image).await?.ok_or(YardError::Confused)
    }

    /// Until a container does not run; its exit status.
    async fn wait(&self, container: &ContainerId) -> Result<i64, YardError> {
        let Reply::Answer(bytes) = self.act(container, WorkstationAct::Wait).await? else {
            return Err(YardError::Confused);
        };
        let answer: serde_json::Value = serde_json::from_slice(&bytes).map_err(|_| YardError::Confused)?;
        answer.get("StatusCode").and_then(serde_json::Value::as_i64).ok_or(YardError::Confused)
    }

    /// Removes what an earlier run has left behind; whether another run's was waited for.
    async fn remove_maker(&self, name: &WorkstationName) -> Result<bool, YardError> {
        let maker = name.container(WorkstationRole::Maker);
        let Some((id, state)) = self.maker(name).await? else { return Ok(false) };
        let waited = state == ContainerState::Running;
        if waited {
            self.telling
                .step(&format!("another run makes the image of {name} in container {maker}; waiting for it"));
            match self.wait(&id).await {
                Err(error) if error.status() == Some(404) => return Ok(true),
                other => other?,
            };
            // Whoever ran it takes what it made and removes it, unless it was killed.
            for _ in 0..LOOKS {
                if self.maker(name).await?.is_none() {
                    return Ok(true);
                }
                tokio::time::sleep(BETWEEN_LOOKS).await;
            }
        }
        self.remove_idle_maker(name, &id).await?;
        Ok(waited)
    }

    /// Removes a maker that does nothing, when it goes on doing nothing: one that is about to be started, or to be
    /// committed, is another run's.
    pub(crate) async fn remove_idle_maker(
        &self,
        name: &WorkstationName,
        id: &ContainerId,
    ) -> Result<(), YardError> {
        for _ in 0..IDLE_LOOKS {
            tokio::time::sleep(BETWEEN_LOOKS).await;
            match self.maker(name).await? {
                Some((now, state)) if now == *id && state != ContainerState::Running => {}
                _ => return Ok(()),
            }
        }
        self.act_if_there(id, WorkstationAct::Remove).await
    }

    async fn maker(
        &self,
        name: &WorkstationName,
    ) -> Result<Option<(ContainerId, ContainerState)>, YardError> {
        let maker = name.container(WorkstationRole::Maker);
        match self.engine.observe(&WorkstationNamed(maker.clone())).await {
            Ok(details) => {
                let owned = OwnedWorkstation::inspected(&details).filter(|owned| *owned.name() == maker);
                self.learn(owned.ok_or_else(|| YardError::ForeignContainer(maker.to_string()))?);
                Ok(Some((details.id, details.state.status)))
            }
            Err(error) if error.status() == Some(404) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Builds a folder with the engine's own builder, and installs the packages on top.
    async fn build(
        &self,
        blueprint: &Blueprint<'_>,
        folder: &Folder,
        anew: bool,
    ) -> Result<MadeImage, YardError> {
        let name = &blueprint.definition.name;
        let image = WorkstationImage::of_recipe(name, &folder.digest().await?);
        let known = if anew { None } else { self.made(&image).await? };
        let built = match known {
            Some(built) => built,
            None => self.build_folder(&image, folder, anew).await?,
        };
        let packages: Vec<&str> = blueprint.definition.packages.iter().map(String::as_str).collect();
        match Recipe::on(built.name.clone(), &packages) {
            Some(recipe) => self.make_on(name, &recipe, &built, anew).await,
            None => Ok(built),
        }
    }

    /// On top of what was just built, which no registry has.
    async fn make_on(
        &self,
        name: &WorkstationName,
        recipe: &Recipe,
        base: &MadeImage,
        anew: bool,
    ) -> Result<MadeImage, YardError> {
        let by_id = Recipe { base: base.id.to_string(), script: recipe.script.clone() };
        self.make(name, &by_id, anew).await
    }

    async fn build_folder(
        &self,
        image: &WorkstationImage,
        folder: &Folder,
        anew: bool,
    ) -> Result<MadeImage, YardError> {
        self.telling.step(&format!("building the image of {} from {}", image.workstation(), folder.path()));
        let call = WorkstationCall::Build { image: image.clone(), anew };
        let progress = match self.perform_stream(call, streamed(folder.pack())).await {
            Ok(Reply::Progress(progress)) => progress,
            Err(YardError::Engine(error)) if is_refused_by_a_gateway(&error) => {
                return Err(YardError::NoBuilder(error));
            }
            other => return Err(other.err().unwrap_or(YardError::Confused)),
        };
        self.follow(progress).await?;
        self.made(image).await?.ok_or(YardError::Confused)
    }

    async fn follow(&self, mut progress: ProgressStream) -> Result<(), YardError> {
        while let Some(report) = progress.next().await? {
            if let Some(output) = &report.stream {
                self.telling.output(output.as_bytes());
            }
            // Of a pull: what begins and ends, and not each of its pieces.
            if let (Some(status), None) = (&report.status, report.detail.and_then(|detail| detail.total)) {
                let part = report.id.as_ref().map(|id| format!("{id}: ")).unwrap_or_default();
                self.telling.output(format!("{part}{status}\n").as_bytes());
            }
        }
        Ok(())
    }
}

/// How long whoever made an image is given to take it.
const LOOKS: u32 = 50;
/// How often an idle one is looked at before it counts as left behind.
const IDLE_LOOKS: u32 = 5;
const BETWEEN_LOOKS: Duration = Duration::from_millis(200);

fn is_refused_by_a_gateway(error: &EngineError) -> bool {
    matches!(error.status(), Some(403 | 501))
}
