//! Reads whose answers are facts for deciding and planning. They reach no client unfiltered.
//!
//! The trait is sealed: the reads below are all there are.

use crate::request::encoded;
use crate::{
    ContainerDetails, ContainerSummary, EngineInfo, EngineVersion, ExecDetails, ImageDetails, ImageSummary,
    NetworkDetails, Request,
};
use serde::de::DeserializeOwned;
use serde_json::json;
use wharf_model::{ContainerId, ExecId, ImageRef, NamedImage, PodName};

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

/// One exec.
#[derive(Debug, Clone)]
pub struct ExecById(pub ExecId);

/// The label that moby-derp finds a pod's containers by; wharf writes and reads it, too, so that either tool sees the
/// other's pods.
const POD_LABEL: &str = "org.hezmatt.moby-derp.pod-name";

query!(Info => EngineInfo, |_this| Request::get("/info"));
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
query!(ExecById => ExecDetails, |this| Request::get(format!("/exec/{}/json", this.0)));
