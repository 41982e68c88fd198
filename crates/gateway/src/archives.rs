//! `docker load` and `docker save`: the names in the archives are rewritten while they stream through.

use crate::answer::{self, Answer, Body};
use crate::desk::Errand;
use crate::door::{Door, Passed};
use crate::fault::Fault;
use crate::resolve::Found;
use crate::transfer::{self, Documents, line};
use crate::view::Wording;
use bytes::Bytes;
use futures_util::stream;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Frame;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc;
use wharf_archive::{ArchiveError, Load, Loaded, Save};
use wharf_model::{ImageId, ImageRef};
use wharf_wire::ask::{Forbidden, Refusal};
use wharf_wire::tenant::TenantCall;

/// What is sent to the engine at once.
const SENT: usize = 64 << 10;

/// What became of an archive on its way to the engine.
type Verdict = Arc<Mutex<Option<Result<Loaded, ArchiveError>>>>;

impl Errand {
    /// `POST /images/load`.
    pub(crate) async fn load_images(self, quiet: bool) -> Result<Answer, Fault> {
        let body =
            self.take_stream().ok_or_else(|| Fault::Refused(Refusal::malformed("the archive is missing")))?;
        let errand = Arc::new(self);
        let verdict = Verdict::default();
        let load = Load::new(errand.tenant().clone());
        let call = TenantCall::LoadImages { quiet, tenant: errand.tenant().clone() };
        let facts = errand.room().await?;
        let door = Door::new(&errand, "images", None);
        let permit = match door.judge(call, &facts) {
            Ok(permit) => permit,
            Err(fault) => {
                crate::archive::drained(body).await;
                return Err(fault);
            }
        };
        let stream = rewritten(body, load, Arc::clone(&verdict), Arc::clone(&errand));
        let passed = door.carry_out(permit, Some(stream)).await;
        let judged = verdict.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Err(error)) = judged {
            return Err(Refusal::forbidden(Forbidden::Archive, error.to_string(), "").into());
        }
        let Passed::Answered(said) = passed? else { return Err(crate::tunnel::expected()) };
        let wording = Wording::of(errand.tenant());
        let (lines, told) = mpsc::channel(64);
        tokio::spawn(async move {
            let mut documents = Documents::of(said.body);
            while let Some(mut document) = documents.next().await {
                for field in ["/stream", "/status", "/error", "/errorDetail/message"] {
                    if let Some(Value::String(text)) = document.pointer_mut(field) {
                        *text = as_engines_say(&wording.told(text));
                    }
                }
                let _gone = lines.send(line(&document)).await;
            }
        });
        Ok(transfer::lines(crate::images::received(told)))
    }

    /// What loses its name to an image that is about to be loaded stays, without one.
    async fn keep_displaced(&self, loaded: &Loaded) -> Result<(), Fault> {
        for image in &loaded.images {
            for tag in &image.tags {
                self.keep_nameless(tag, &image.config).await?;
            }
        }
        Ok(())
    }

    /// `GET /images/get`, `GET /images/{name}/get`.
    pub(crate) async fn save_images(&self, images: &[String]) -> Result<Answer, Fault> {
        let mut names: BTreeMap<ImageId, Vec<String>> = BTreeMap::new();
        let mut visible = Vec::new();
        for written in images {
            let Found { visible: found, .. } = self.find_image(written).await?;
            let own = names.entry(found.id().clone()).or_default();
            if let Ok(ImageRef::Named(named)) = written.parse::<ImageRef>()
                && named.digest().is_none()
                && !found.id().as_str().contains(written.as_str())
            {
                own.push(named.familiar());
            }
            visible.push(found);
        }
        let call = TenantCall::SaveImages { images: names.keys().cloned().collect() };
        let facts = Self::image_facts(visible);
        let passed = Door::new(self, &images.join(" "), None).send(call, &facts, None).await?;
        let Passed::Answered(said) = passed else { return Err(crate::tunnel::expected()) };
        let mut answer = answer::empty(said.status);
        *answer.body_mut() = saved(transfer::until_cut(said.body, &self.desk.cut), Save::new(names));
        answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/x-tar"));
        Ok(answer)
    }
}

/// Images without a name were loaded under a tag that says their id.
fn as_engines_say(text: &str) -> String {
    match text.trim_end().strip_prefix("Loaded image: untagged:") {
        Some(digits) => format!("Loaded image ID: sha256:{digits}\n"),
        None => text.to_owned(),
    }
}

/// A client's archive with the tenant's names in it. Where it is refused the body breaks off, and the engine, which
/// waits for its end, loads nothing.
fn rewritten(body: Body, load: Load, verdict: Verdict, errand: Arc<Errand>) -> Body {
    let pieces = stream::unfold(Some((body, load, Bytes::new())), move |state| {
        let (verdict, errand) = (Arc::clone(&verdict), Arc::clone(&errand));
        async move {
            let (mut body, mut load, mut ahead) = state?;
            let mut out = Vec::with_capacity(SENT);
            loop {
                let done = if ahead.is_empty() {
                    match body.frame().await {
                        Some(Ok(frame)) => {
                            ahead = frame.into_data().unwrap_or_default();
                            continue;
                        }
                        Some(Err(error)) => return Some((Err(error), None)),
                        None => load.finish(&mut out),
                    }
                } else {
                    let piece = ahead.split_to(ahead.len().min(Load::PIECE));
                    match load.push(&piece, &mut out) {
                        Ok(()) if out.len() < SENT => continue,
                        Ok(()) => {
                            return Some((Ok(Frame::data(Bytes::from(out))), Some((body, load, ahead))));
                        }
                        Err(error) => Err(error),
                    }
                };
                if let Ok(loaded) = &done
                    && let Err(fault) = errand.keep_displaced(loaded).await
                {
                    let (_, words) = fault.told();
                    return Some((Err(words.into()), None));
                }
                let broken = done.as_ref().err().map(ToString::to_string);
                *verdict.lock().unwrap_or_else(PoisonError::into_inner) = Some(done);
                return match broken {
                    Some(words) => Some((Err(words.into()), None)),
                    None => Some((Ok(Frame::data(Bytes::from(out))), None)),
                };
            }
        }
    });
    StreamBody::new(pieces).boxed_unsync()
}

/// The engine's archive with the tenant's names in it.
fn saved(body: Body, save: Save) -> Body {
    let pieces = stream::unfold(Some((body, save)), |state| async move {
        let (mut body, mut save) = state?;
        let mut out = Vec::new();
        loop {
            return match body.frame().await {
                Some(Ok(frame)) => match save.push(&frame.into_data().unwrap_or_default(), &mut out) {
                    Ok(()) if out.is_empty() => continue,
                    Ok(()) => Some((Ok(Frame::data(Bytes::from(out))), Some((body, save)))),
                    Err(error) => Some((Err(error.to_string().into()), None)),
                },
                Some(Err(error)) => Some((Err(error), None)),
                None => match save.finish(&mut out) {
                    Ok(()) => Some((Ok(Frame::data(Bytes::from(out))), None)),
                    Err(error) => Some((Err(error.to_string().into()), None)),
                },
            };
        }
    });
    StreamBody::new(pieces).boxed_unsync()
}
