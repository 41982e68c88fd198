//! What there is: at most four requests, whatever the number of containers.

use crate::door::Door;
use crate::error::ReconcileError;
use std::net::Ipv6Addr;
use wharf_docker::EngineError;
use wharf_model::{EngineName, ImageRef, NamedImage, PodName};
use wharf_pod::{EngineFacts, Images, Observed, Pod};
use wharf_policy::OwnedContainer;
use wharf_wire::{
    Architecture, ContainerSummary, EngineInfo, ImageSummary, ImagesByReference, Info, NetworkByName,
    NetworkChoice, NetworkDetails, PodContainers,
};

/// What there is of a pod, and of what it needs.
#[derive(Debug, Clone)]
pub struct PodView {
    /// Its containers.
    pub observed: Observed,
    /// The images that its file names.
    pub images: Images,
}

/// Request 1: the engine itself. Asked first, since its answer says which version of the API to speak.
///
/// # Errors
/// When the engine is away or too old.
pub async fn engine_info(door: &Door<'_>) -> Result<EngineInfo, EngineError> {
    door.engine.observe(&Info).await
}

/// Request 2, when pods join a user-defined network: that network.
///
/// # Errors
/// When there is no such network, or it does not fit.
pub async fn engine_facts(
    door: &Door<'_>,
    info: &EngineInfo,
    network: &str,
    pause_image: &ImageRef,
) -> Result<EngineFacts, ReconcileError> {
    let facts = EngineFacts {
        cpus: info.cpus,
        hostname: info.name.clone(),
        network: NetworkChoice::DefaultBridge,
        ipv6_subnet: None,
        pause_image: pause_image.clone(),
    };
    if network == "bridge" {
        door.learn_network(network, NetworkChoice::DefaultBridge);
        return Ok(facts);
    }
    if matches!(network, "host" | "none" | "default") || network.contains(':') {
        return Err(ReconcileError::UnfitNetwork(network.to_owned()));
    }
    let details = match door.engine.observe(&NetworkByName(network.to_owned())).await {
        Err(error) if error.status() == Some(404) => {
            return Err(ReconcileError::NoSuchNetwork(network.to_owned()));
        }
        other => other?,
    };
    if matches!(details.driver.as_str(), "host" | "null") {
        return Err(ReconcileError::UnfitNetwork(network.to_owned()));
    }
    let choice = NetworkChoice::UserDefined { id: details.id.clone(), name: details.name.clone() };
    door.learn_network(network, choice.clone());
    Ok(EngineFacts { ipv6_subnet: ipv6_subnet(&details)?, network: choice, ..facts })
}

pub(crate) fn architecture(info: &EngineInfo) -> Result<Architecture, ReconcileError> {
    let known = Architecture::from_engine(&info.architecture);
    known.ok_or_else(|| ReconcileError::Architecture(info.architecture.clone()))
}

fn ipv6_subnet(network: &NetworkDetails) -> Result<Option<(Ipv6Addr, u8)>, ReconcileError> {
    if !network.enable_ipv6 {
        return Ok(None);
    }
    let subnet = |text: &str| {
        let (address, prefix) = text.split_once('/')?;
        Some((address.parse().ok()?, prefix.parse().ok().filter(|prefix| *prefix <= 128)?))
    };
    let found = network.subnets().iter().find_map(|range| subnet(&range.subnet));
    found.map(Some).ok_or_else(|| ReconcileError::NoIpv6Subnet(network.name.clone()))
}

/// Requests 3 and 4, at once: the pod's containers, and the images that its file names.
///
/// # Errors
/// When the engine is away.
pub async fn view(door: &Door<'_>, pod: &PodName, wanted: &[&ImageRef]) -> Result<PodView, EngineError> {
    let list = PodContainers(Some(pod.clone()));
    let (containers, images) =
        futures_util::future::join(door.engine.observe(&list), images(door, wanted)).await;
    let containers = containers?;
    door.learn(&containers);
    Ok(PodView { observed: observed(door, pod, &containers), images: images? })
}

fn observed(door: &Door<'_>, pod: &PodName, containers: &[ContainerSummary]) -> Observed {
    let own = door.owned(pod);
    let named = containers.iter().filter_map(|summary| {
        let (name, _) = own.iter().find(|(_, id)| *id == summary.id)?;
        Some((name, summary))
    });
    Observed::new(named)
}

/// Which of `wanted` there are. An id stands for itself.
pub(crate) async fn images(door: &Door<'_>, wanted: &[&ImageRef]) -> Result<Images, EngineError> {
    let named: Vec<NamedImage> = wanted.iter().filter_map(|reference| named(reference).cloned()).collect();
    let listed =
        if named.is_empty() { Vec::new() } else { door.engine.observe(&ImagesByReference(named)).await? };
    let found = wanted.iter().filter_map(|reference| {
        let id = match reference {
            ImageRef::Id(id) => Some(id.clone()),
            ImageRef::Named(named) => {
                listed.iter().find(|image| is_called(image, named)).map(|image| image.id.clone())
            }
        };
        id.map(|id| ((*reference).clone(), id))
    });
    Ok(found.collect())
}

fn is_called(image: &ImageSummary, named: &NamedImage) -> bool {
    let familiar = named.familiar();
    image.repo_tags.iter().chain(&image.repo_digests).any(|name| *name == familiar)
}

pub(crate) fn named(reference: &ImageRef) -> Option<&NamedImage> {
    match reference {
        ImageRef::Named(named) => Some(named),
        ImageRef::Id(_) => None,
    }
}

/// All that a pod file names, once each.
pub(crate) fn references<'a>(pod: &'a Pod, pause_image: &'a ImageRef) -> Vec<&'a ImageRef> {
    let mut references: Vec<&ImageRef> = pod.containers.iter().map(|container| &container.image).collect();
    references.push(pause_image);
    references.sort();
    references.dedup();
    references
}

/// Containers by the pod's names that are not its own: made by somebody else, or another pod's by label.
pub(crate) fn foreign(containers: &[ContainerSummary]) -> Option<String> {
    let strange = containers.iter().find(|summary| OwnedContainer::observed(summary).is_none())?;
    let name = strange.names.iter().find_map(|name| name.trim_start_matches('/').parse::<EngineName>().ok());
    Some(name.map_or_else(|| strange.id.to_string(), |name| name.to_string()))
}
