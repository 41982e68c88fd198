//! Requests that change something or stream something: each needs a permit.

use crate::request::encoded;
use crate::tenant::TenantCall;
use crate::workstation::WorkstationCall;
use crate::{
    ApiVersion, Architecture, Body, ContainerSpec, Method, Request, Verbatim, container_body, pause_archive,
};
use serde_json::json;
use wharf_model::{ContainerId, EngineName, ExecId, ImageId, NamedImage, Signal};

/// One Docker Engine API request, as a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Call {
    /// `POST /containers/create`.
    CreateContainer {
        /// Its name on the engine.
        name: EngineName,
        /// What it is made of, by its full id.
        image: ImageId,
        /// Everything else.
        spec: Box<ContainerSpec>,
    },
    /// `POST /containers/{id}/start`.
    StartContainer(ContainerId),
    /// `POST /containers/{id}/stop`; the container's own signal and patience.
    StopContainer(ContainerId),
    /// `POST /containers/{id}/restart`; the container's own signal and patience.
    RestartContainer(ContainerId),
    /// `POST /containers/{id}/kill`, to tell a container that something changed.
    SignalContainer {
        /// Which.
        container: ContainerId,
        /// What it is told.
        signal: Signal,
    },
    /// `DELETE /containers/{id}?v=1`: with its anonymous volumes, never by force.
    RemoveContainer(ContainerId),
    /// `POST /images/create?fromImage=`.
    PullImage {
        /// What.
        image: NamedImage,
        /// With whose account.
        credentials: Option<RegistryCredentials>,
    },
    /// `POST /images/load` of the pause program's image, which wharf makes itself.
    LoadPauseImage(Architecture),
    /// `POST /containers/{id}/exec`.
    CreateExec {
        /// Where.
        container: ContainerId,
        /// What.
        exec: ExecSpec,
    },
    /// `POST /exec/{id}/start`, attached.
    StartExec {
        /// Which.
        exec: ExecId,
        /// Whether it has a terminal.
        tty: bool,
    },
    /// `POST /exec/{id}/resize`.
    ResizeExec {
        /// Which.
        exec: ExecId,
        /// To what.
        size: TerminalSize,
    },
    /// `GET /containers/{id}/logs`.
    ReadLogs {
        /// Whose.
        container: ContainerId,
        /// Which part.
        logs: LogsSpec,
    },
    /// Anything that the gateway sends for a tenant.
    Tenant(TenantCall),
    /// Anything about a workstation.
    Workstation(WorkstationCall),
    /// What the administrator asks at the administrator's socket.
    Verbatim(Verbatim),
}

/// A command run in a container. Never privileged, never as another user than the container's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExecSpec {
    /// Its words; at least one.
    pub command: Vec<String>,
    /// With a terminal.
    pub tty: bool,
    /// With the caller's input.
    pub stdin: bool,
}

/// Which part of a container's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogsSpec {
    /// Stay for what is yet to come.
    pub follow: bool,
    /// The last so many lines; `None` is all.
    pub tail: Option<u32>,
    /// With the engine's time before each line.
    pub timestamps: bool,
}

/// Characters across and down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is what its name says")]
pub struct TerminalSize {
    pub columns: u16,
    pub rows: u16,
}

/// An account at a registry. Shown to nobody: its `Debug` names the registry alone.
#[derive(Clone, PartialEq, Eq)]
pub struct RegistryCredentials {
    /// The registry's address.
    pub registry: String,
    /// The account; empty with a token.
    pub username: String,
    /// The password; empty with a token.
    pub password: String,
    /// An identity token, instead of account and password.
    pub identity_token: Option<String>,
}

/// Where accounts at registries come from.
pub trait Credentials {
    /// The account at a registry, `docker.io` for Docker's own.
    fn for_registry(&self, registry: &str) -> Option<RegistryCredentials>;
}

impl std::fmt::Debug for RegistryCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RegistryCredentials({})", self.registry)
    }
}

impl Call {
    /// The request that says this to an engine that speaks `api`.
    pub fn request(&self, api: ApiVersion) -> Request {
        match self {
            Self::CreateContainer { name, image, spec } => {
                let body = container_body(spec, image, api).to_string().into_bytes();
                Request::post(format!("/containers/create?name={}", encoded(&name.to_string())))
                    .with_body(Body::Json(body))
            }
            Self::StartContainer(id) => Request::post(format!("/containers/{id}/start")),
            Self::StopContainer(id) => Request::post(format!("/containers/{id}/stop")),
            Self::RestartContainer(id) => Request::post(format!("/containers/{id}/restart")),
            Self::SignalContainer { container, signal } => {
                Request::post(format!("/containers/{container}/kill?signal={}", signal.number()))
            }
            Self::RemoveContainer(id) => Request::new(Method::Delete, format!("/containers/{id}?v=1")),
            Self::PullImage { image, credentials } => pull(image, credentials.as_ref()),
            Self::LoadPauseImage(architecture) => {
                Request::post("/images/load?quiet=1").with_body(Body::Tar(pause_archive(*architecture)))
            }
            Self::CreateExec { container, exec } => {
                Request::post(format!("/containers/{container}/exec")).with_body(Body::Json(exec_body(exec)))
            }
            Self::StartExec { exec, tty } => {
                let body = json!({"Detach": false, "Tty": tty}).to_string().into_bytes();
                Request::post(format!("/exec/{exec}/start")).with_body(Body::Json(body)).upgrading()
            }
            Self::ResizeExec { exec, size } => {
                Request::post(format!("/exec/{exec}/resize?h={}&w={}", size.rows, size.columns))
            }
            Self::ReadLogs { container, logs } => Request::get(logs_target(container, logs)),
            Self::Tenant(call) => call.request(api),
            Self::Workstation(call) => call.request(),
            Self::Verbatim(said) => said.request(),
        }
    }

    /// Whether it leaves everything as it is.
    pub fn only_reads(&self) -> bool {
        match self {
            Self::ReadLogs { .. } => true,
            Self::Tenant(call) => call.only_reads(),
            Self::Workstation(call) => call.only_reads(),
            Self::Verbatim(said) => matches!(said.method(), Method::Get | Method::Head),
            _ => false,
        }
    }

    /// A verb for people and for the audit trail.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::CreateContainer { .. } => "create container",
            Self::StartContainer(_) => "start container",
            Self::StopContainer(_) => "stop container",
            Self::RestartContainer(_) => "restart container",
            Self::SignalContainer { .. } => "signal container",
            Self::RemoveContainer(_) => "remove container",
            Self::PullImage { .. } => "pull image",
            Self::LoadPauseImage(_) => "load pause image",
            Self::CreateExec { .. } => "create exec",
            Self::StartExec { .. } => "start exec",
            Self::ResizeExec { .. } => "resize exec",
            Self::ReadLogs { .. } => "read logs",
            Self::Tenant(call) => call.verb(),
            Self::Workstation(call) => call.verb(),
            Self::Verbatim(_) => "ask the engine",
        }
    }
}

fn pull(image: &NamedImage, credentials: Option<&RegistryCredentials>) -> Request {
    // The engine joins `fromImage` and `tag` with `:`, or with `@` when the tag is a digest.
    let name = encoded(&image.familiar_name());
    let version = encoded(image.digest().or(image.tag()).unwrap_or("latest"));
    let request = Request::post(format!("/images/create?fromImage={name}&tag={version}"));
    Request { registry_auth: credentials.map(registry_auth), ..request }
}

/// The engine's own form: a JSON document in URL-safe base64 (RFC 4648 section 5), padded.
pub(crate) fn registry_auth(credentials: &RegistryCredentials) -> String {
    let document = match &credentials.identity_token {
        Some(token) => json!({"identitytoken": token, "serveraddress": credentials.registry}),
        None => json!({
            "username": credentials.username,
            "password": credentials.password,
            "serveraddress": credentials.registry,
        }),
    };
    base64_url(document.to_string().as_bytes())
}

fn base64_url(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE.encode(bytes)
}

fn exec_body(exec: &ExecSpec) -> Vec<u8> {
    json!({
        "Cmd": exec.command,
        "Tty": exec.tty,
        "AttachStdin": exec.stdin,
        "AttachStdout": true,
        "AttachStderr": true,
        "Privileged": false,
    })
    .to_string()
    .into_bytes()
}

pub(crate) fn logs_target(container: &ContainerId, logs: &LogsSpec) -> String {
    let tail = logs.tail.map_or_else(|| "all".to_owned(), |lines| lines.to_string());
    let (follow, timestamps) = (u8::from(logs.follow), u8::from(logs.timestamps));
    format!(
        "/containers/{container}/logs?stdout=1&stderr=1&follow={follow}&tail={tail}&timestamps={timestamps}"
    )
}
