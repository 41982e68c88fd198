//! One client's side of the gateway: who it is, and what becomes of each of its requests.

use crate::answer::{self, Answer, Body};
use crate::door::Door;
use crate::fault::Fault;
use crate::gateway::Gateway;
use crate::identity::Admitted;
use crate::serve::Place;
use crate::share::{Counted, Hold, Part, Share};
use crate::standing::Standing;
use crate::{renewal, whoami};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Body as _, Incoming};
use hyper::header::{CONNECTION, CONTENT_TYPE, HeaderMap, HeaderValue, UPGRADE};
use hyper::upgrade::OnUpgrade;
use hyper::{Method, Request, StatusCode, Version};
use serde_json::json;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use wharf_model::TenantId;
use wharf_policy::{Actor, TenantActor};
use wharf_wire::ApiVersion;
use wharf_wire::ask::{Ask, BodyKind, Head, Refusal, route};
use wharf_wire::tenant::{ContainerAct, ExecAct};

/// One client, authenticated.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) gateway: Arc<Gateway>,
    /// Which tenant.
    pub(crate) tenant: TenantId,
    /// Which account of it.
    pub(crate) user: String,
    /// The same, where it is an account of this machine; `None` at a tenant's own socket, where anybody may be, and for who
    /// comes with a certificate, whatever name that has.
    pub(crate) account: Option<String>,
    /// What it has shown, where it came with a certificate.
    pub(crate) admitted: Option<Arc<Admitted>>,
    /// Ends everything that this client has open.
    pub(crate) cut: CancellationToken,
    /// What its tenant may have at once.
    pub(crate) share: Arc<Share>,
    /// Its place among the open connections, kept as long as anything of it is open; `None` for requests of our own.
    pub(crate) place: Option<Arc<Place>>,
}

/// One request that has been read.
pub(crate) struct Errand {
    pub(crate) desk: Desk,
    /// What was in force when it came.
    pub(crate) standing: Arc<Standing>,
    /// As whom.
    pub(crate) actor: Actor,
    /// The version that the client speaks; `None` is the newest.
    pub(crate) version: Option<ApiVersion>,
    /// What takes over the client's connection after an upgrade.
    pub(crate) upgrade: Option<OnUpgrade>,
    /// Its body, where that is a stream.
    pub(crate) stream: Mutex<Option<Body>>,
    /// What it keeps in memory.
    pub(crate) hold: Arc<Hold>,
    /// Its place among the tenant's streams, where it may last.
    pub(crate) lasting: Option<Arc<Part>>,
}

/// What is asked.
enum Asked {
    /// Something that engines know.
    Engine(Box<Ask>),
    /// Who it is.
    Whoami,
    /// Another certificate, with this document.
    Renewal(Bytes),
}

impl Desk {
    /// Answers one request, whatever it is.
    pub(crate) async fn answer(&self, request: Request<Incoming>) -> Answer {
        let head_only = request.method() == Method::HEAD;
        // What comes behind such a request may be anything, and is not to be read as another one (`framing`).
        let last = request.headers().contains_key(UPGRADE);
        let line = (request.method().clone(), request.uri().path().to_owned());
        let answered = match self.read(request).await {
            Ok((errand, Asked::Engine(ask))) => errand.counted(*ask).await,
            Ok((errand, Asked::Whoami)) => errand.whoami(),
            Ok((errand, Asked::Renewal(wish))) => errand.renew(&wish).await,
            Err(fault) => Err(fault),
        };
        let mut answer = answered.unwrap_or_else(|fault| {
            if let Fault::Refused(Refusal::Forbidden { reason, .. }) = &fault {
                self.record_refusal(&line, &fault, reason);
            }
            answer::fault(&fault)
        });
        if last && answer.status() != StatusCode::SWITCHING_PROTOCOLS {
            answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        answer.headers_mut().insert("server", HeaderValue::from_static("wharf"));
        if let Ok(api) = self.gateway.engine.api().await
            && let Ok(api) = HeaderValue::try_from(api.to_string())
        {
            answer.headers_mut().insert("api-version", api);
        }
        if head_only {
            *answer.body_mut() = answer::whole(Bytes::new());
        }
        answer
    }

    /// From bytes to what is asked.
    async fn read(&self, mut request: Request<Incoming>) -> Result<(Errand, Asked), Fault> {
        if let Err(fault) = check_framing(&request) {
            return Err(after_all(fault, request.into_body()).await);
        }
        // The target as it came: hyper has parsed it, and gives it back unchanged.
        let target = request.uri().to_string();
        match (request.method(), unversioned(request.uri().path())) {
            (&Method::GET, whoami::PATH) => return Ok((self.errand(None, None, None), Asked::Whoami)),
            (&Method::POST, renewal::PATH) => {
                let errand = self.errand(None, None, None);
                let wish = collected(request.into_body(), renewal::MOST_BYTES, &errand.hold).await?;
                return Ok((errand, Asked::Renewal(wish)));
            }
            _ => {}
        }
        let route = match route(request.method().as_str(), &target) {
            Ok(route) => route,
            Err(refusal) => return Err(after_all(refusal.into(), request.into_body()).await),
        };
        if let Some(version) = route.version
            && version > self.gateway.engine.api().await?
        {
            let newest = self.gateway.engine.api().await?;
            let words =
                format!("client version {version} is too new. Maximum supported API version is {newest}");
            return Err(Refusal::malformed(words).into());
        }
        let upgrades = request.headers().contains_key(UPGRADE);
        let upgrade = upgrades.then(|| hyper::upgrade::on(&mut request));
        let (parts, body) = request.into_parts();
        let hold = Arc::new(Hold::of(&self.share));
        let (bytes, stream) = match route.body() {
            BodyKind::None => (collected(body, 0, &hold).await?, None),
            BodyKind::Json { most } => (collected(body, most, &hold).await?, None),
            BodyKind::Archive => (Bytes::new(), Some(body)),
        };
        let (ask, stream) = match (route.read(&head(&parts.headers), &bytes), stream) {
            (Ok(ask), stream) => (ask, stream),
            (Err(refusal), Some(body)) => return Err(after_all(refusal.into(), body).await),
            (Err(refusal), None) => return Err(refusal.into()),
        };
        let stream = stream.map(|body| body.map_err(Into::into).boxed_unsync());
        Ok((Errand { hold, ..self.errand(route.version, upgrade, stream) }, Asked::Engine(Box::new(ask))))
    }

    pub(crate) fn errand(
        &self,
        version: Option<ApiVersion>,
        upgrade: Option<OnUpgrade>,
        stream: Option<Body>,
    ) -> Errand {
        let actor = Actor::Tenant(TenantActor { tenant: self.tenant.clone(), user: self.user.clone() });
        let (standing, stream) = (self.gateway.standing(), Mutex::new(stream));
        let hold = Arc::new(Hold::of(&self.share));
        Errand { desk: self.clone(), standing, actor, version, upgrade, stream, hold, lasting: None }
    }

    fn record_refusal(&self, (method, path): &(Method, String), fault: &Fault, reason: &str) {
        let object = format!("{method} {path}");
        // It is refused, whether or not that can be written down.
        let _recorded =
            Door::record_denial(self, "request", &object, fault.rule().unwrap_or_default(), reason);
    }
}

/// Whether an answer takes as long as the client, or what runs in a container, likes.
fn may_last(ask: &Ask) -> bool {
    match ask {
        Ask::Container { act, .. } => matches!(
            act,
            ContainerAct::Logs(_)
                | ContainerAct::Export
                | ContainerAct::Stats { .. }
                | ContainerAct::ReadPath { .. }
                | ContainerAct::WritePath { .. }
                | ContainerAct::Attach(_)
                | ContainerAct::Wait { .. }
                | ContainerAct::Stop { .. }
                | ContainerAct::Restart { .. }
        ),
        Ask::Exec { act, .. } => matches!(act, ExecAct::Start { .. }),
        Ask::PullImage { .. } | Ask::PushImage { .. } | Ask::LoadImages { .. } | Ask::SaveImages { .. } => {
            true
        }
        _ => false,
    }
}

/// A path, below a version or not.
fn unversioned(path: &str) -> &str {
    let below = path.strip_prefix("/v1.").and_then(|rest| rest.find('/').and_then(|slash| rest.get(slash..)));
    below.unwrap_or(path)
}

/// What no honest client sends, beyond what `framing` lets pass (ENGINE-API V28).
fn check_framing(request: &Request<Incoming>) -> Result<(), Fault> {
    let headers = request.headers();
    if request.version() != Version::HTTP_11 && request.version() != Version::HTTP_10 {
        return Err(Refusal::malformed("wharf speaks HTTP/1.1").into());
    }
    if headers.get_all(CONTENT_TYPE).iter().count() > 1 {
        return Err(Refusal::malformed("`Content-Type` stands twice").into());
    }
    if request.uri().scheme().is_some() || request.method() == Method::CONNECT {
        return Err(Refusal::malformed("the request's target is not a path").into());
    }
    Ok(())
}

/// A refusal that does not depend on the body, told when that was sent.
async fn after_all(fault: Fault, body: Incoming) -> Fault {
    crate::archive::drained(body.map_err(Into::into).boxed_unsync()).await;
    fault
}

fn head(headers: &HeaderMap) -> Head<'_> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("\u{fffd}"));
    Head {
        content_type: text("content-type"),
        registry_auth: text("x-registry-auth"),
        registry_config: text("x-registry-config"),
    }
}

/// How long a body that is read whole may take to come.
const BODY_PATIENCE: Duration = Duration::from_secs(60);

/// A body that is read whole, and no further than `most` bytes.
async fn collected(body: Incoming, most: usize, hold: &Hold) -> Result<Bytes, Fault> {
    let late =
        || Fault::Said(StatusCode::REQUEST_TIMEOUT, "wharf: the request's body did not come".to_owned());
    tokio::time::timeout(BODY_PATIENCE, collect(body, most, hold)).await.unwrap_or_else(|_| Err(late()))
}

async fn collect(body: Incoming, most: usize, hold: &Hold) -> Result<Bytes, Fault> {
    let mut body = body;
    let mut bytes = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Fault::from(Refusal::malformed("the body broke off")))?;
        let piece = frame.into_data().unwrap_or_default();
        match most {
            _ if bytes.len() + piece.len() <= most => {}
            0 => return Err(Refusal::malformed("this request has no body").into()),
            most => return Err(Refusal::TooLarge { most }.into()),
        }
        hold.at_least(bytes.len() + piece.len())?;
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes.freeze())
}

impl Errand {
    /// The request's body, where that is a stream: once.
    pub(crate) fn take_stream(&self) -> Option<Body> {
        self.stream.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Does what is asked, within the tenant's share; the answer keeps its part of that until it was taken.
    async fn counted(mut self, ask: Ask) -> Result<Answer, Fault> {
        let (share, hold) = (Arc::clone(&self.desk.share), Arc::clone(&self.hold));
        // Streams are counted as such, and keep no request waiting.
        let lasts = may_last(&ask);
        self.lasting = if lasts { Some(Arc::new(share.stream()?)) } else { None };
        let _busy = if lasts { None } else { Some(share.request().await?) };
        let lasting = self.lasting.clone();
        let answer = Box::pin(self.run(ask)).await?;
        let whole = answer.body().size_hint().exact();
        hold.at_least(whole.and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or(0))?;
        Ok(answer.map(|body| Counted { body, _counted: (lasting, hold) }.boxed_unsync()))
    }

    /// Does what is asked.
    async fn run(mut self, ask: Ask) -> Result<Answer, Fault> {
        match ask {
            Ask::Ping => self.ping().await,
            Ask::Version => self.version().await,
            Ask::Info => self.info().await,
            Ask::DiskUsage(ask) => self.disk_usage(&ask).await,
            Ask::Events(ask) => Ok(self.events(ask)),
            Ask::PruneBuildCache => {
                let nothing = json!({ "CachesDeleted": null, "SpaceReclaimed": 0 });
                Ok(answer::document(StatusCode::OK, &nothing))
            }
            Ask::CheckCredentials(credentials) => self.check_credentials(credentials).await,
            Ask::ListContainers(ask) => self.list_containers(ask).await,
            Ask::CreateContainer { name, platform, wish } => {
                Box::pin(self.create_container(name, platform, *wish)).await
            }
            Ask::PruneContainers(filters) => self.prune_containers(&filters).await,
            Ask::Container { container, act } => self.container(&container, act).await,
            Ask::RenameContainer { container, name } => self.rename_container(&container, name).await,
            Ask::CreateExec { container, exec } => self.create_exec(&container, exec).await,
            Ask::Exec { exec, act } => self.exec(exec, act).await,
            Ask::Commit { container, to, commit } => self.commit(&container, to, commit).await,
            Ask::ListImages(ask) => self.list_images(&ask).await,
            Ask::PullImage { image, platform, credentials } => self.pull(image, platform, credentials).await,
            Ask::LoadImages { quiet } => self.load_images(quiet).await,
            Ask::SaveImages { images } => self.save_images(&images).await,
            Ask::Image { image, act } => self.image(&image, act).await,
            Ask::TagImage { image, to } => self.tag_image(&image, &to).await,
            Ask::PushImage { image, credentials } => self.push(image, credentials).await,
            Ask::RemoveImage { image, force } => self.remove_image(&image, force).await,
            Ask::PruneImages { dangling, filters } => self.prune_images(dangling, &filters).await,
            Ask::Distribution { image, credentials } => self.distribution(image, credentials).await,
            Ask::ListVolumes(ask) => self.list_volumes(&ask).await,
            Ask::CreateVolume(wish) => self.create_volume(wish).await,
            Ask::Volume { volume, act } => self.volume(&volume, act).await,
            Ask::PruneVolumes { all, filters } => self.prune_volumes(all, &filters).await,
            Ask::ListNetworks(ask) => self.list_networks(&ask).await,
            Ask::CreateNetwork(wish) => self.create_network(wish).await,
            Ask::Network { network, act } => self.network(&network, act).await,
            Ask::Connect { network, container, endpoint } => {
                self.connect(&network, &container, endpoint).await
            }
            Ask::Disconnect { network, container, force } => {
                self.disconnect(&network, &container, force).await
            }
            Ask::PruneNetworks(filters) => self.prune_networks(&filters).await,
        }
    }
}
