//! Names to full ids, of the tenant's own things alone. What is another's resolves exactly as what does not exist.

use crate::desk::Errand;
use crate::fault::Fault;
use crate::index::{Container, Network, network_observed, volume_observed};
use crate::view::familiar_tags;
use wharf_docker::EngineError;
use wharf_model::{
    ContainerId, ExecId, ImageId, ImageRef, NamedImage, NetworkId, ObjectName, TenantId, TenantObject,
    VolumeName,
};
use wharf_policy::{Owned, TenantStanding, VisibleImage};
use wharf_wire::tenant::TenantTag;
use wharf_wire::{
    ContainerById, ContainerNamed, ExecById, ImageByPrefix, ImageByReference, ImageDetails, NetworkById,
    NetworkByName, VolumeNamed,
};

/// An image that the tenant may see, and by which name it was meant.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) visible: VisibleImage,
    pub(crate) details: ImageDetails,
    /// The tenant's own tag, when it was named by one.
    pub(crate) tag: Option<TenantTag>,
}

/// What the engine does not have is no error of ours.
fn absent<T>(answer: Result<T, EngineError>) -> Result<Option<T>, Fault> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(error) if matches!(error.status(), Some(404 | 400)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

impl Errand {
    /// Which tenant asks.
    pub(crate) fn tenant(&self) -> &TenantId {
        &self.desk.tenant
    }

    /// Its standing. A tenant that was removed while its request was under way has none.
    pub(crate) fn rights(&self) -> Result<&TenantStanding, Fault> {
        let gone = || Fault::Said(hyper::StatusCode::FORBIDDEN, "wharf: this tenant was removed".to_owned());
        self.standing.of(&self.desk.tenant).ok_or_else(gone)
    }

    /// What the engine calls something of this tenant's.
    pub(crate) fn engine_name(&self, name: &ObjectName) -> TenantObject {
        TenantObject { tenant: self.tenant().clone(), name: name.clone() }
    }

    /// This tenant, and those whose objects it adopted, the latest first: whose is meant by a name that several have.
    pub(crate) fn namesakes(&self) -> Result<Vec<TenantId>, Fault> {
        let standing = self.rights()?;
        let generations = std::iter::once(standing.generation).chain(standing.adopted.iter().rev().copied());
        let of = |generation| TenantId { name: self.tenant().name.clone(), generation };
        Ok(generations.map(of).collect())
    }

    /// What the engine may call something of this tenant's.
    fn engine_names(&self, name: &ObjectName) -> Result<Vec<TenantObject>, Fault> {
        let named = |tenant| TenantObject { tenant, name: name.clone() };
        Ok(self.namesakes()?.into_iter().map(named).collect())
    }

    /// The container that `written` means.
    pub(crate) async fn find_container(&self, written: &str) -> Result<Container, Fault> {
        let standing = self.rights()?;
        let index = &self.desk.gateway.index;
        if let Some(known) = index.container(self.tenant(), standing, written) {
            return Ok(known);
        }
        // In doubt the engine is asked: by full id or by full name, never by a beginning.
        let engine = &self.desk.gateway.engine;
        let name = written.strip_prefix('/').unwrap_or(written);
        let now = index.now();
        let details = if let Ok(id) = written.parse::<ContainerId>() {
            if index.owner_of(&id).is_some() {
                // It is another's, and always will be: the engine could say nothing else.
                return Err(Fault::no_such("container", written));
            }
            absent(engine.observe(&ContainerById(id)).await)?
        } else if let Ok(name) = name.parse::<ObjectName>() {
            let mut found = None;
            for object in self.engine_names(&name)? {
                if found.is_none() {
                    found = absent(engine.observe(&ContainerNamed(object)).await)?;
                }
            }
            found
        } else {
            None
        };
        let found = details.as_ref().and_then(|details| Container::observed(details, now));
        let found = found.filter(|container| {
            let owner = container.owned.tenant();
            let named = container.name.as_str() == name || container.owned.id().as_str() == written;
            owner.name == self.tenant().name && standing.owns(owner) && named
        });
        let found = found.ok_or_else(|| Fault::no_such("container", written))?;
        let _newer_is_known = index.learn_container(found.clone());
        Ok(found)
    }

    /// The network that `written` means; `bridge` and `default` are the tenant's own default one, if it is there.
    pub(crate) async fn find_network(&self, written: &str) -> Result<Network, Fault> {
        let standing = self.rights()?;
        let index = &self.desk.gateway.index;
        let written_name = if written == "default" { "bridge" } else { written };
        if let Some(known) = index.network(self.tenant(), standing, written_name) {
            return Ok(known);
        }
        let engine = &self.desk.gateway.engine;
        let details = if let Ok(id) = written.parse::<NetworkId>() {
            absent(engine.observe(&NetworkById(id)).await)?
        } else if let Ok(name) = written_name.parse::<ObjectName>() {
            let mut found = None;
            for object in self.engine_names(&name)? {
                if found.is_none() {
                    found = absent(engine.observe(&NetworkByName(object.to_string())).await)?;
                }
            }
            found
        } else {
            None
        };
        let found = details.as_ref().and_then(network_observed).filter(|network| {
            let owner = network.owned.tenant();
            let named = network.name.as_str() == written_name || network.owned.id().as_str() == written;
            owner.name == self.tenant().name && standing.owns(owner) && named
        });
        let found = found.ok_or_else(|| Fault::no_network(written))?;
        index.learn_network(found.clone());
        Ok(found)
    }

    /// The volume that `written` means.
    pub(crate) async fn find_volume(&self, written: &str) -> Result<Owned<VolumeName>, Fault> {
        let missing = || Fault::NotFound(format!("get {}: no such volume", crate::fault::printable(written)));
        let name: ObjectName = written.parse().map_err(|_| missing())?;
        for tenant in self.namesakes()? {
            if let Some(found) = self.own_volume(&VolumeName::of(&tenant, &name)).await? {
                return Ok(found);
            }
        }
        Err(missing())
    }

    /// The volume of this name on the engine, when it is the tenant's.
    pub(crate) async fn own_volume(&self, name: &VolumeName) -> Result<Option<Owned<VolumeName>>, Fault> {
        let standing = self.rights()?;
        let index = &self.desk.gateway.index;
        if let Some(known) = index.volume(self.tenant(), standing, name) {
            return Ok(Some(known));
        }
        let details = absent(self.desk.gateway.engine.observe(&VolumeNamed(name.clone())).await)?;
        let found = details.as_ref().and_then(volume_observed);
        let found = found.filter(|volume| {
            volume.tenant().name == self.tenant().name
                && standing.owns(volume.tenant())
                && volume.id() == name
        });
        if let Some(found) = &found {
            index.learn_volume(found.clone());
        }
        Ok(found)
    }

    /// The exec of this id, when it runs in a container of the tenant's.
    pub(crate) async fn find_exec(&self, id: &ExecId) -> Result<Owned<ExecId>, Fault> {
        let standing = self.rights()?;
        let index = &self.desk.gateway.index;
        if let Some(known) = index.exec(self.tenant(), standing, id) {
            return Ok(known);
        }
        let missing = || Fault::NotFound(format!("No such exec instance: {id}"));
        let details =
            absent(self.desk.gateway.engine.observe(&ExecById(id.clone())).await)?.ok_or_else(missing)?;
        let container = self.find_container(details.container_id.as_str()).await.map_err(|_| missing())?;
        let found = Owned::<ExecId>::running_in(id.clone(), &container.owned);
        index.learn_exec(found.clone());
        Ok(found)
    }

    /// The image that `written` means: a name among the tenant's own tags, then among what is shared; else an id, or the
    /// beginning of one, of an image that carries such a tag.
    pub(crate) async fn find_image(&self, written: &str) -> Result<Found, Fault> {
        let missing = || Fault::no_such("image", written);
        if let Ok(ImageRef::Named(image)) = written.parse::<ImageRef>()
            && let Some(found) = self.find_named_image(&image).await?
        {
            return Ok(found);
        }
        let Some(query) = ImageByPrefix::new(written) else { return Err(missing()) };
        let details = absent(self.desk.gateway.engine.observe(&query).await)?.ok_or_else(missing)?;
        let digits = written.strip_prefix("sha256:").unwrap_or(written);
        let is_meant = details.id.as_str().strip_prefix("sha256:").is_some_and(|id| id.starts_with(digits));
        if !is_meant {
            return Err(missing());
        }
        self.visible(details, None)?.ok_or_else(missing)
    }

    async fn find_named_image(&self, image: &NamedImage) -> Result<Option<Found>, Fault> {
        let standing = self.rights()?;
        let engine = &self.desk.gateway.engine;
        if image.digest().is_some() {
            for owner in self.namesakes()? {
                let Ok(tag) = TenantTag::digested(&owner, image) else { continue };
                let Ok(reference) = tag.to_string().parse::<ImageRef>() else { continue };
                if let Some(details) = absent(engine.observe(&ImageByReference(reference)).await)? {
                    return self.visible(details, Some(tag));
                }
            }
            // Pulled by a tag: whatever the engine has, when the tenant has a tag of that repository on it.
            let details = absent(engine.observe(&ImageByReference(ImageRef::Named(image.clone()))).await)?;
            let Some(details) = details else { return Ok(None) };
            let tags = familiar_tags(
                self.tenant(),
                standing,
                &self.standing.grants.shared_images,
                &details.repo_tags,
            );
            let repository = image.familiar_name();
            let known =
                tags.iter().any(|tag| tag.rsplit_once(':').is_some_and(|(name, _)| name == repository));
            return if known { self.visible(details, None) } else { Ok(None) };
        }
        for owner in self.namesakes()? {
            let Ok(tag) = TenantTag::named(&owner, image) else { continue };
            let Ok(reference) = tag.to_string().parse::<ImageRef>() else { continue };
            if let Some(details) = absent(engine.observe(&ImageByReference(reference)).await)? {
                return self.visible(details, Some(tag));
            }
        }
        if crate::view::is_shared(&self.standing.grants.shared_images, image) {
            let details = absent(engine.observe(&ImageByReference(ImageRef::Named(image.clone()))).await)?;
            if let Some(details) = details {
                return self.visible(details, None);
            }
        }
        Ok(None)
    }

    fn visible(&self, details: ImageDetails, tag: Option<TenantTag>) -> Result<Option<Found>, Fault> {
        let shared = &self.standing.grants.shared_images;
        let visible = VisibleImage::observed(
            details.id.clone(),
            &details.repo_tags,
            self.tenant(),
            self.rights()?,
            shared,
        );
        Ok(visible.map(|visible| Found { visible, details, tag }))
    }

    /// The image's full id alone.
    pub(crate) async fn find_image_id(&self, written: &str) -> Result<ImageId, Fault> {
        Ok(self.find_image(written).await?.visible.id().clone())
    }
}
