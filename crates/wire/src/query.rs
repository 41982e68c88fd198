//! Reads whose answers are facts for deciding and planning. They reach no client unfiltered.
//!
//! The trait is sealed: the reads below are all there are.

use crate::request::encoded;
use crate::sizes::{
    ContainerSize, HistoryStep, ImageHistory, ImageLayers, ImageNames, LayersOfImage, NamesOfImage,
    TenantContainerSizes, VolumeSizeList, VolumeSizes,
};
use crate::tenant::TENANT_LABEL;
use crate::workstation::{
    WorkstationContainers, WorkstationHome, WorkstationHomes, WorkstationImages, WorkstationNamed, label_of,
};
use crate::{
    ContainerDetails, ContainerSummary, EngineInfo, EngineVersion, ExecDetails, ImageDetails, ImageSummary,
    NetworkDetails, Request, VolumeDetails, VolumeList,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use wharf_model::{ContainerId, ExecId, ImageRef, NamedImage, NetworkId, PodName, TenantObject, VolumeName};

mod sealed {
    /// Only this crate can add a read.
    pub trait Sealed {}
}

/// A read of the engine.
pub trait Query: sealed::Sealed {
    /// What the engine answers.
    type Answer: DeserializeOwned;

    /// The request that asks.
    fn request(&self) -> Request;

    /// Whether every version of the API has it, with an answer that reads the same: then it may be the first request
    /// of all, and the answer's head tells which version the engine speaks.
    fn is_of_any_version(&self) -> bool {
        false
    }
}

/// Ties a read to its answer.
macro_rules! query {
    ($query:ty => $answer:ty, |$this:ident| $request:expr) => {
        impl sealed::Sealed for $query {}
        impl Query for $query {
            type Answer = $answer;
            fn request(&self) -> Request {
                let $this = self;
                $request
            }
        }
    };
    ($query:ty => $answer:ty, |$this:ident| $request:expr, of any version) => {
        impl sealed::Sealed for $query {}
        impl Query for $query {
            type Answer = $answer;
            fn request(&self) -> Request {
                let $this = self;
                $request
            }
            fn is_of_any_version(&self) -> bool {
                true
            }
        }
    };
}

/// `GET /info`.
#[derive(Debug, Clone, Copy)]
pub struct Info;

/// `GET /version`: the engine and what it is made of.
#[derive(Debug, Clone, Copy)]
pub struct Version;

/// Every container that carries a pod label, the gem's or ours: of one pod, or of all.
#[derive(Debug, Clone)]
pub struct PodContainers(pub Option<PodName>);

/// One container, by its full id.
#[derive(Debug, Clone)]
pub struct ContainerById(pub ContainerId);

/// Every container, whoever made it, whose name is one that the pod's containers have.
#[derive(Debug, Clone)]
pub struct ContainersNamedFor(pub PodName);

/// The images that carry any of these references.
#[derive(Debug, Clone)]
pub struct ImagesByReference(pub Vec<NamedImage>);

/// One image.
#[derive(Debug, Clone)]
pub struct ImageByReference(pub ImageRef);

/// One network, by its name.
#[derive(Debug, Clone)]
pub struct NetworkByName(pub String);

/// One network, by its full id.
#[derive(Debug, Clone)]
pub struct NetworkById(pub NetworkId);

/// Every network, whoever made it.
#[derive(Debug, Clone, Copy)]
pub struct AllNetworks;

/// Every container that carries a tenant's label.
#[derive(Debug, Clone, Copy)]
pub struct TenantContainers;

/// One container, by the name that it has on the engine.
#[derive(Debug, Clone)]
pub struct ContainerNamed(pub TenantObject);

/// Every volume that carries a tenant's label.
#[derive(Debug, Clone, Copy)]
pub struct TenantVolumes;

/// One volume.
#[derive(Debug, Clone)]
pub struct VolumeNamed(pub VolumeName);

/// Every image that has a name.
#[derive(Debug, Clone, Copy)]
pub struct AllImages;

/// One image, by the beginning of its id: at least four hexadecimal digits. What the engine answers may be another, one
/// that is *named* so: whoever asks compares.
#[derive(Debug, Clone)]
pub struct ImageByPrefix(String);

/// `GET /info`, whole.
#[derive(Debug, Clone, Copy)]
pub struct InfoDocument;

/// `GET /version`, whole.
#[derive(Debug, Clone, Copy)]
pub struct VersionDocument;

/// `GET /system/df`, whole: slow, since the engine walks every directory.
#[derive(Debug, Clone, Copy)]
pub struct DiskUsage;

/// `GET /wharf/whoami`, which only a gateway of ours answers.
#[derive(Debug, Clone, Copy)]
pub struct WhoAmI;

/// One exec.
#[derive(Debug, Clone)]
pub struct ExecById(pub ExecId);

/// The label that moby-derp finds a pod's containers by; wharf writes and reads it, too, so that either tool sees the
/// other's pods.
const POD_LABEL: &str = "org.hezmatt.moby-derp.pod-name";

query!(Info => EngineInfo, |_this| Request::get("/info"), of any version);
query!(Version => EngineVersion, |_this| Request::get("/version"));
query!(PodContainers => Vec<ContainerSummary>, |this| {
    let label = this.0.as_ref().map_or_else(|| POD_LABEL.to_owned(), |pod| format!("{POD_LABEL}={pod}"));
    let filters = json!({"label": [label]}).to_string();
    Request::get(format!("/containers/json?all=1&filters={}", encoded(&filters)))
});
query!(ContainerById => ContainerDetails, |this| Request::get(format!("/containers/{}/json", this.0)));
query!(ContainersNamedFor => Vec<ContainerSummary>, |this| {
    // A regular expression that the engine matches against the name with its slash; a pod's name has nothing special.
    let filters = json!({"name": [format!("^/{}($|\\.)", this.0)]}).to_string();
    Request::get(format!("/containers/json?all=1&filters={}", encoded(&filters)))
});
query!(ImagesByReference => Vec<ImageSummary>, |this| {
    let references: Vec<String> = this.0.iter().map(NamedImage::familiar).collect();
    let filters = json!({"reference": references}).to_string();
    Request::get(format!("/images/json?filters={}", encoded(&filters)))
});
query!(ImageByReference => ImageDetails, |this| {
    let reference = match &this.0 {
        ImageRef::Id(id) => id.to_string(),
        ImageRef::Named(named) => named.familiar(),
    };
    // An image's name is the one thing that the engine routes over several segments.
    let path: Vec<String> = reference.split('/').map(encoded).collect();
    Request::get(format!("/images/{}/json", path.join("/")))
});
query!(NetworkByName => NetworkDetails, |this| Request::get(format!("/networks/{}", encoded(&this.0))));
query!(NetworkById => NetworkDetails, |this| Request::get(format!("/networks/{}", this.0)));
query!(AllNetworks => Vec<NetworkDetails>, |_this| Request::get("/networks"));
query!(TenantContainers => Vec<ContainerSummary>, |_this| {
    let filters = json!({"label": [TENANT_LABEL]}).to_string();
    Request::get(format!("/containers/json?all=1&filters={}", encoded(&filters)))
});
query!(ContainerNamed => ContainerDetails, |this| {
    Request::get(format!("/containers/{}/json", encoded(&this.0.to_string())))
});
query!(TenantVolumes => VolumeList, |_this| {
    let filters = json!({"label": [TENANT_LABEL]}).to_string();
    Request::get(format!("/volumes?filters={}", encoded(&filters)))
});
query!(VolumeNamed => VolumeDetails, |this| {
    Request::get(format!("/volumes/{}", encoded(&this.0.to_string())))
});
query!(AllImages => Vec<Value>, |_this| Request::get("/images/json"));
query!(ImageByPrefix => ImageDetails, |this| Request::get(format!("/images/{}/json", this.0)));
query!(InfoDocument => Value, |_this| Request::get("/info"));
query!(VersionDocument => Value, |_this| Request::get("/version"));
query!(DiskUsage => Value, |_this| Request::get("/system/df"));
query!(TenantContainerSizes => Vec<ContainerSize>, |_this| {
    let filters = json!({"label": [TENANT_LABEL]}).to_string();
    Request::get(format!("/containers/json?all=1&size=1&filters={}", encoded(&filters)))
});
query!(VolumeSizes => VolumeSizeList, |_this| Request::get("/system/df?type=volume"));
query!(ImageNames => Vec<NamesOfImage>, |_this| Request::get("/images/json"));
query!(ImageLayers => LayersOfImage, |this| Request::get(format!("/images/{}/json", this.0)));
query!(ImageHistory => Vec<HistoryStep>, |this| Request::get(format!("/images/{}/history", this.0)));
query!(WhoAmI => Value, |_this| Request::get("/wharf/whoami"));
query!(WorkstationNamed => ContainerDetails, |this| {
    Request::get(format!("/containers/{}/json", encoded(&this.0.to_string())))
}, of any version);
query!(WorkstationContainers => Vec<ContainerSummary>, |this| {
    let filters = json!({"label": [label_of(this.0.as_ref())]}).to_string();
    Request::get(format!("/containers/json?all=1&filters={}", encoded(&filters)))
}, of any version);
query!(WorkstationHome => VolumeDetails, |this| {
    Request::get(format!("/volumes/{}", encoded(&this.0.home())))
});
query!(WorkstationHomes => VolumeList, |_this| {
    let filters = json!({"label": [label_of(None)]}).to_string();
    Request::get(format!("/volumes?filters={}", encoded(&filters)))
});
query!(WorkstationImages => Vec<ImageSummary>, |this| {
    let filters = json!({"label": [label_of(Some(&this.0))]}).to_string();
    Request::get(format!("/images/json?filters={}", encoded(&filters)))
});
query!(ExecById => ExecDetails, |this| Request::get(format!("/exec/{}/json", this.0)));

impl ImageByPrefix {
    /// `None` when the text cannot be the beginning of an id.
    pub fn new(text: &str) -> Option<Self> {
        let digits = text.strip_prefix("sha256:").unwrap_or(text);
        let fits = (4..=64).contains(&digits.len())
            && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        fits.then(|| Self(text.to_owned()))
    }
}
