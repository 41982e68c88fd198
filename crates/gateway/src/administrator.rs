//! The administrator's own socket: everything is passed on, and everything that changes something is recorded.

use crate::answer::{self, Answer};
use crate::fault::{Fault, printable};
use crate::gateway::Gateway;
use crate::transfer;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::header::{CONNECTION, HeaderValue, UPGRADE};
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use std::sync::Arc;
use std::time::{Instant, SystemTime};
use tokio::io::copy_bidirectional;
use tokio_util::sync::CancellationToken;
use wharf_docker::Relayed;
use wharf_policy::{Actor, Facts, decide};
use wharf_store::{AuditRecord, Moment, Outcome};
use wharf_wire::ask::Refusal;
use wharf_wire::{Call, Verbatim};

/// The administrator, at one connection.
#[derive(Clone)]
pub(crate) struct AdministratorDesk {
    pub(crate) gateway: Arc<Gateway>,
    /// Which account.
    pub(crate) user: String,
}

impl AdministratorDesk {
    /// Passes one request on.
    pub(crate) async fn answer(&self, request: Request<Incoming>) -> Answer {
        self.pass(request).await.unwrap_or_else(|fault| answer::fault(&fault))
    }

    async fn pass(&self, mut request: Request<Incoming>) -> Result<Answer, Fault> {
        let method = request.method().clone();
        let target = request.uri().to_string();
        let headers: Vec<(String, String)> = request
            .headers()
            .iter()
            .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
            .collect();
        let wanted = headers.iter().find(|(name, _)| name == "upgrade").map(|(_, value)| value.clone());
        let pairs = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let said = Verbatim::new(method.as_str(), &target, pairs, wanted.as_deref());
        let said =
            said.ok_or_else(|| Fault::Refused(Refusal::malformed("this is no request to an engine")))?;
        let standing = self.gateway.standing();
        let permit =
            decide(&Actor::Administrator, Call::Verbatim(said), &Facts::default(), &standing.grants)?;
        let object = format!("{method} {}", target.split('?').next().unwrap_or_default());
        let changes = !permit.call().only_reads();
        let begun = Instant::now();
        if changes {
            self.record(&object, Outcome::Permitted, None).map_err(|_| Fault::Unrecorded)?;
        }
        let client = wanted.is_some().then(|| hyper::upgrade::on(&mut request));
        let body = request.into_body().map_err(Into::into).boxed_unsync();
        let relayed = self.gateway.engine.relay(&permit, None, Some(body)).await;
        let took = Some(u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX));
        if relayed.is_err() && changes {
            let _recorded = self.record(&object, Outcome::Failed, took);
        }
        match relayed? {
            Relayed::Switched(parts, engine) => {
                if let Some(client) = client {
                    tokio::spawn(async move {
                        if let Ok(client) = client.await {
                            let (mut client, mut engine) = (TokioIo::new(client), TokioIo::new(engine));
                            let _ended = copy_bidirectional(&mut client, &mut engine).await;
                        }
                    });
                }
                let mut answer = answer::empty(StatusCode::SWITCHING_PROTOCOLS);
                for (name, value) in &parts.headers {
                    answer.headers_mut().insert(name, value.clone());
                }
                answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("Upgrade"));
                if let Some(protocol) = parts.headers.get(UPGRADE) {
                    answer.headers_mut().insert(UPGRADE, protocol.clone());
                }
                Ok(answer)
            }
            Relayed::Answer(parts, body) => {
                if changes {
                    let done = if parts.status.is_success() { Outcome::Done } else { Outcome::Failed };
                    let _recorded = self.record(&object, done, took);
                }
                let mut answer = Response::new(transfer::until_cut(body, &CancellationToken::new()));
                *answer.status_mut() = parts.status;
                for (name, value) in &parts.headers {
                    if !matches!(name.as_str(), "transfer-encoding" | "connection" | "content-length") {
                        answer.headers_mut().append(name, value.clone());
                    }
                }
                if method == hyper::Method::HEAD
                    && let Some(length) = parts.headers.get("content-length")
                {
                    answer.headers_mut().insert("content-length", length.clone());
                }
                Ok(answer)
            }
        }
    }

    fn record(
        &self,
        object: &str,
        outcome: Outcome,
        micros: Option<u64>,
    ) -> Result<(), wharf_store::AuditError> {
        self.gateway.audit.record(&AuditRecord {
            time: Moment::from(SystemTime::now()),
            actor: Actor::Administrator.to_string(),
            tenant: None,
            user: Some(self.user.clone()),
            action: "ask the engine".to_owned(),
            object: printable(object),
            id: None,
            outcome,
            rule: String::new(),
            detail: String::new(),
            micros,
        })
    }
}
