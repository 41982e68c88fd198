//! The door: two functions, `send` for what was permitted and `observe` for facts.

use crate::patience::{Progress, while_it_moves, within};
use crate::pool::{Connection, Pool, RequestBody};
use crate::relayed::{Relayed, RelayedBody};
use crate::{Attached, ByteStream, Endpoint, EngineError, EventStream, ProgressStream, Reply, TlsFault};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{CONNECTION, CONTENT_TYPE, HOST, HeaderName, UPGRADE};
use hyper::{Response, StatusCode};
use serde::Deserialize;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use wharf_model::{ContainerId, ExecId};
use wharf_policy::Permit;
use wharf_wire::workstation::{WorkstationAct, WorkstationCall};
use wharf_wire::{AnswerError, ApiVersion, Body, Call, Method, Query, Request, engine_message};

/// An engine, reached over as many connections as are needed at once.
#[derive(Debug)]
pub struct Engine {
    pool: Arc<Pool>,
    api: OnceLock<ApiVersion>,
}

/// The largest answer that is read whole.
const MOST_BYTES: usize = 64 << 20;
/// How long an observation may take.
const OBSERVE_PATIENCE: Duration = Duration::from_secs(60);
/// How long a call may take to answer, or to take the next piece of a stream: stopping waits as long as the container may.
const SEND_PATIENCE: Duration = Duration::from_secs(3600);
/// What Go's server, and so Docker, answers to whoever speaks HTTP where it speaks TLS.
const OF_A_TLS_SERVER: &[u8] = b"Client sent an HTTP request to an HTTPS server";

impl Engine {
    /// An engine at `endpoint`. Nothing is sent yet.
    pub fn new(endpoint: Endpoint) -> Self {
        Self { pool: Arc::new(Pool::new(endpoint)), api: OnceLock::new() }
    }

    /// Where it listens.
    pub fn endpoint(&self) -> &Endpoint {
        &self.pool.endpoint
    }

    /// The version of the API that is spoken with it. Asked once; free after [`Info`] was observed.
    ///
    /// # Errors
    /// When the engine cannot be reached or is too old.
    pub async fn api(&self) -> Result<ApiVersion, EngineError> {
        if let Some(api) = self.api.get() {
            return Ok(*api);
        }
        let ping = plain(Method::Get, "/_ping");
        let (response, connection) =
            within(OBSERVE_PATIENCE, "ping", self.exchange("ping", &ping, None, None)).await?;
        let api = self.learn(&response)?;
        self.whole(response, connection, "ping").await?;
        Ok(api)
    }

    /// Reads a fact.
    ///
    /// # Errors
    /// When the engine cannot be reached, refuses, or answers something else.
    pub async fn observe<Q: Query>(&self, query: &Q) -> Result<Q::Answer, EngineError> {
        let request = query.request();
        let verb =
            format!("{} {}", request.method.as_str(), request.target.split('?').next().unwrap_or_default());
        let known = self.api.get().copied();
        let api = if query.is_of_any_version() { known } else { Some(self.api().await?) };
        let bytes = within(OBSERVE_PATIENCE, &verb, async {
            let (response, connection) = self.exchange(&verb, &request, api, None).await?;
            self.learn(&response)?;
            self.whole(response, connection, &verb).await
        })
        .await?;
        serde_json::from_slice(&bytes).map_err(|source| AnswerError { question: verb, source }.into())
    }

    /// Sends what was permitted: our own serialisation of the very value that was judged.
    ///
    /// # Errors
    /// When the engine cannot be reached, refuses, or answers something else.
    pub async fn send(&self, permit: &Permit) -> Result<Reply, EngineError> {
        self.send_with(permit, None).await
    }

    /// As [`Self::send`], of a call whose body comes as a stream, beside the permit.
    ///
    /// # Errors
    /// When the engine cannot be reached, refuses, or answers something else.
    pub async fn send_stream(&self, permit: &Permit, stream: RequestBody) -> Result<Reply, EngineError> {
        self.send_with(permit, Some(stream)).await
    }

    async fn send_with(&self, permit: &Permit, stream: Option<RequestBody>) -> Result<Reply, EngineError> {
        let call = permit.call();
        let verb = call.verb();
        let api = self.api().await?;
        let request = call.request(api);
        let progress = Progress::default();
        let stream = stream.map(|stream| progress.watch(stream));
        // On the heap, or whoever waits for it holds it twice.
        let exchanged = Box::pin(self.exchange(verb, &request, Some(api), stream));
        let (response, connection) = while_it_moves(SEND_PATIENCE, verb, &progress, exchanged).await?;
        match call {
            Call::CreateContainer { .. } => {
                let bytes = self.whole(response, connection, verb).await?;
                created(&bytes, verb).map(|id: ContainerId| Reply::Created(id))
            }
            Call::CreateExec { .. } => {
                let bytes = self.whole(response, connection, verb).await?;
                created(&bytes, verb).map(|id: ExecId| Reply::ExecCreated(id))
            }
            Call::PullImage { .. } | Call::LoadPauseImage(_) => {
                Ok(Reply::Progress(ProgressStream::new(response.into_body(), verb)))
            }
            Call::ReadLogs { .. } => Ok(Reply::Output(crate::Frames::of_body(response.into_body()))),
            Call::StartExec { tty, .. } => {
                let upgraded =
                    hyper::upgrade::on(response).await.map_err(|e| EngineError::broken(verb, e))?;
                Ok(Reply::Attached(Attached::new(upgraded, *tty)))
            }
            Call::StartContainer(_)
            | Call::StopContainer(_)
            | Call::RestartContainer(_)
            | Call::SignalContainer { .. }
            | Call::RemoveContainer(_)
            | Call::ResizeExec { .. } => self.whole(response, connection, verb).await.map(|_| Reply::Done),
            Call::Workstation(call) => self.workstation_reply(call, response, connection).await,
            Call::Tenant(_) | Call::Verbatim(_) => {
                let bytes = self.whole(response, connection, verb).await?;
                Ok(Reply::Answer(bytes))
            }
        }
    }

    async fn workstation_reply(
        &self,
        call: &WorkstationCall,
        response: Response<Incoming>,
        connection: Connection,
    ) -> Result<Reply, EngineError> {
        let verb = call.verb();
        let attached = match call {
            WorkstationCall::StartExec { tty, .. } => Some(*tty),
            WorkstationCall::Container { act: WorkstationAct::Watch, .. } => Some(false),
            _ => None,
        };
        if let Some(tty) = attached {
            let upgraded = hyper::upgrade::on(response).await.map_err(|e| EngineError::broken(verb, e))?;
            return Ok(Reply::Attached(Attached::new(upgraded, tty)));
        }
        match call {
            WorkstationCall::Build { .. } => {
                return Ok(Reply::Progress(ProgressStream::new(response.into_body(), verb)));
            }
            WorkstationCall::Container { act: WorkstationAct::ReadArchive { .. }, .. } => {
                return Ok(Reply::Bytes(ByteStream::new(response.into_body())));
            }
            WorkstationCall::Container { act: WorkstationAct::Logs(_), .. } => {
                return Ok(Reply::Output(crate::Frames::of_body(response.into_body())));
            }
            _ => {}
        }
        let bytes = self.whole(response, connection, verb).await?;
        match call {
            WorkstationCall::Create { .. } | WorkstationCall::CreateMaker { .. } => {
                created(&bytes, verb).map(Reply::Created)
            }
            WorkstationCall::CreateExec { .. } => created(&bytes, verb).map(Reply::ExecCreated),
            _ => Ok(Reply::Answer(bytes)),
        }
    }

    /// Sends what was permitted for a client that waits for the engine's own answer: its refusals, too, are answers.
    /// Reads are asked for in the version that the client speaks, so that the engine shapes its answer; everything else
    /// in the newest, whose defaults are the strictest. There is no deadline: an answer may take, and go on for, hours.
    ///
    /// # Errors
    /// When the engine cannot be reached.
    pub async fn relay(
        &self,
        permit: &Permit,
        client: Option<ApiVersion>,
        stream: Option<RequestBody>,
    ) -> Result<Relayed, EngineError> {
        let call = permit.call();
        let newest = self.api().await?;
        let api = client.filter(|_| call.only_reads()).map_or(newest, |client| client.min(newest));
        let request = call.request(api);
        let verb = call.verb();
        let again = || http_request(&request, Some(api), None);
        let again: Option<&(dyn Fn() -> _ + Sync)> =
            if call.only_reads() && stream.is_none() { Some(&again) } else { None };
        let http = http_request(&request, Some(api), stream);
        let (response, connection) = self.pool.exchange(http, again).await.map_err(|e| e.asking(verb))?;
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            let (head, body) = response.into_parts();
            let response = Response::from_parts(head.clone(), body);
            let upgraded = hyper::upgrade::on(response).await.map_err(|e| EngineError::broken(verb, e))?;
            return Ok(Relayed::Switched(head, upgraded));
        }
        let (head, body) = response.into_parts();
        Ok(Relayed::Answer(head, RelayedBody::new(body, connection, Arc::clone(&self.pool))))
    }

    /// Everything that happens on the engine from now on (`GET /events`): facts, for nobody's eyes unfiltered.
    ///
    /// # Errors
    /// When the engine cannot be reached, or refuses.
    pub async fn watch(&self) -> Result<EventStream, EngineError> {
        let api = self.api().await?;
        let (response, _connection) =
            self.exchange("events", &plain(Method::Get, "/events"), Some(api), None).await?;
        Ok(EventStream::new(response.into_body()))
    }

    /// One request and the head of its answer; refusals become errors.
    async fn exchange(
        &self,
        verb: &str,
        request: &Request,
        api: Option<ApiVersion>,
        stream: Option<RequestBody>,
    ) -> Result<(Response<Incoming>, Connection), EngineError> {
        let again = || http_request(request, api, None);
        let reads = matches!(request.method, Method::Get | Method::Head);
        let again_if_safe: Option<&(dyn Fn() -> _ + Sync)> = if reads { Some(&again) } else { None };
        let exchanged = self.pool.exchange(http_request(request, api, stream), again_if_safe).await;
        let (response, connection) = exchanged.map_err(|e| e.asking(verb))?;
        let status = response.status();
        // 304: it was so already.
        if status.is_success()
            || status == StatusCode::NOT_MODIFIED
            || status == StatusCode::SWITCHING_PROTOCOLS
        {
            return Ok((response, connection));
        }
        let body = self.whole(response, connection, verb).await?;
        if let Endpoint::Tcp(_) = self.endpoint()
            && status == StatusCode::BAD_REQUEST
            && body.starts_with(OF_A_TLS_SERVER)
        {
            return Err(EngineError::Tls { endpoint: self.endpoint().clone(), source: TlsFault::WantsTls });
        }
        Err(EngineError::Refused {
            verb: verb.to_owned(),
            status: status.as_u16(),
            message: engine_message(&body),
        })
    }

    async fn whole(
        &self,
        response: Response<Incoming>,
        connection: Connection,
        verb: &str,
    ) -> Result<Bytes, EngineError> {
        let body = Limited::new(response.into_body(), MOST_BYTES).collect().await;
        let bytes = body.map_err(|source| EngineError::Broken { verb: verb.to_owned(), source })?.to_bytes();
        self.pool.give_back(connection);
        Ok(bytes)
    }

    /// Takes the engine's version from an answer's head.
    fn learn(&self, response: &Response<Incoming>) -> Result<ApiVersion, EngineError> {
        if let Some(api) = self.api.get() {
            return Ok(*api);
        }
        let text =
            response.headers().get("api-version").and_then(|value| value.to_str().ok()).unwrap_or("1.0");
        let spoken = text.parse().ok().and_then(ApiVersion::spoken_with);
        let spoken = spoken.ok_or_else(|| EngineError::TooOld {
            endpoint: self.endpoint().clone(),
            version: text.to_owned(),
        })?;
        Ok(*self.api.get_or_init(|| spoken))
    }
}

fn plain(method: Method, target: &str) -> Request {
    Request::new(method, target.to_owned())
}

fn http_request(
    request: &Request,
    api: Option<ApiVersion>,
    stream: Option<RequestBody>,
) -> hyper::Request<RequestBody> {
    let version = api.filter(|_| !request.as_it_stands);
    let version = version.map_or_else(String::new, |api| format!("/v{api}"));
    let method = match request.method {
        Method::Get => hyper::Method::GET,
        Method::Head => hyper::Method::HEAD,
        Method::Post => hyper::Method::POST,
        Method::Put => hyper::Method::PUT,
        Method::Delete => hyper::Method::DELETE,
    };
    let (content_type, body) = match &request.body {
        Body::Empty | Body::Stream => (None, Vec::new()),
        Body::Json(bytes) => (Some("application/json"), bytes.clone()),
        Body::Tar(bytes) => (Some("application/x-tar"), bytes.clone()),
        Body::TarStream => (Some("application/x-tar"), Vec::new()),
    };
    let body = match (&request.body, stream) {
        (Body::TarStream | Body::Stream, Some(stream)) => stream,
        _ => Full::new(Bytes::from(body)).map_err(|never| match never {}).boxed_unsync(),
    };
    let mut http = hyper::Request::new(body);
    *http.method_mut() = method;
    // Targets are percent-encoded by `wire`, so this always parses; the engine answers 404 to `/` otherwise.
    *http.uri_mut() = format!("{version}{}", request.target).parse().unwrap_or_default();
    let headers = http.headers_mut();
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = value.parse() {
            headers.insert(name, value);
        }
    };
    set(HOST, "docker");
    if let Some(content_type) = content_type {
        set(CONTENT_TYPE, content_type);
    }
    if let Some(auth) = &request.registry_auth {
        set(HeaderName::from_static("x-registry-auth"), auth);
    }
    for (name, value) in &request.headers {
        if let Ok(name) = HeaderName::try_from(name) {
            set(name, value);
        }
    }
    if let Some(protocol) = &request.upgrade {
        set(CONNECTION, "Upgrade");
        set(UPGRADE, protocol);
    }
    http
}

/// `{"Id": …}`, the answer to every creation.
fn created<Id: for<'de> Deserialize<'de>>(bytes: &[u8], verb: &str) -> Result<Id, EngineError> {
    #[derive(Deserialize)]
    struct Created<Id> {
        #[serde(rename = "Id")]
        id: Id,
    }
    let answer: Result<Created<Id>, _> = serde_json::from_slice(bytes);
    answer
        .map(|created| created.id)
        .map_err(|source| AnswerError { question: verb.to_owned(), source }.into())
}
