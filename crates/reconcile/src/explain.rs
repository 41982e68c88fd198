//! `wharf plan`: what `up` would do and why, field by field. Changes nothing.

use crate::door::Door;
use crate::error::ReconcileError;
use crate::images::to_pull;
use crate::up::{Prepared, Request, foresee, prepare};
use futures_util::future::try_join_all;
use serde::Serialize;
use serde_json::Value;
use wharf_docker::EngineError;
use wharf_model::{ContainerId, EngineName, ImageId, ImageRef, PodName, SecretName};
use wharf_pod::{Action, Difference, Reason, Step, Then, differences};
use wharf_wire::{ContainerById, ImageByReference, container_body};

/// What would be done to a pod.
#[derive(Debug, Clone, Serialize)]
pub struct PodPlan {
    /// The pod.
    pub pod: PodName,
    /// Whether anything would be done.
    pub changes: bool,
    /// Whether something that runs would stop for a while.
    pub downtime: bool,
    /// Container by container, the root container first.
    pub containers: Vec<ContainerPlan>,
    /// Images that `up` would pull first; a newer one means a replacement that is not foreseen here.
    pub pulls: Vec<String>,
    /// What is as the file says, and should be known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<&'static str>,
}

const SHARED_PROCESSES: &str = "the containers see one another's processes (`share_pid: true`): root in any of them can read \
     the secrets of all";

/// What would be done to one container.
#[derive(Debug, Clone, Serialize)]
pub struct ContainerPlan {
    /// Its name on the engine.
    pub name: EngineName,
    /// `keep`, `deliver`, `start`, `rejoin`, `create`, `replace` or `remove`.
    pub action: &'static str,
    /// Why it is replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// The fields that differ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<Difference>,
    /// Secrets of which it would get other values than it has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<SecretName>,
    /// What would follow for it: `restart`, `nothing`, or signals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub then: Option<String>,
}

/// What `up` would do.
///
/// # Errors
/// As `up`, before anything would be done.
pub async fn plan_of(door: &Door<'_>, request: &Request<'_>) -> Result<PodPlan, ReconcileError> {
    let mut prepared = prepare(door, request).await?;
    let pulls = to_pull(request.pod, &prepared.view.images);
    let pulls: Vec<String> = pulls.iter().map(ToString::to_string).collect();
    forget_missing_images(&mut prepared, request);
    foresee(door, request.name, &prepared).await?;
    let explained = prepared.plan.steps.iter().map(|step| explain(door, request.name, &prepared, step));
    Ok(PodPlan {
        pod: request.name.clone(),
        changes: !prepared.plan.is_empty(),
        downtime: prepared.plan.has_downtime(),
        containers: try_join_all(explained).await?,
        pulls,
        warnings: if request.pod.uses_secrets() && request.pod.share_pid {
            vec![SHARED_PROCESSES]
        } else {
            Vec::new()
        },
    })
}

/// An image that is yet to be pulled has no id; any will do for the rules, which do not look at it.
fn forget_missing_images(prepared: &mut Prepared, request: &Request<'_>) {
    let stand_in: Option<ImageId> = format!("sha256:{}", "0".repeat(64)).parse().ok();
    for container in &request.pod.containers {
        let pulled = matches!(container.image, ImageRef::Named(_));
        if let (true, Some(id)) = (pulled, &stand_in) {
            prepared.view.images.entry(container.image.clone()).or_insert_with(|| id.clone());
        }
    }
}

async fn explain(
    door: &Door<'_>,
    pod: &PodName,
    prepared: &Prepared,
    step: &Step,
) -> Result<ContainerPlan, EngineError> {
    let (action, reason) = match &step.action {
        Action::Keep(_) if step.delivery.is_some() => ("deliver", None),
        Action::Keep(_) => ("keep", None),
        Action::Start(_) => ("start", None),
        Action::Rejoin(_) => ("rejoin", None),
        Action::Create => ("create", None),
        Action::Replace(_, reason) => ("replace", Some(*reason)),
        Action::Remove(_) => ("remove", None),
    };
    let differences = match &step.action {
        Action::Replace(id, Reason::Configuration) => compare(door, pod, prepared, &step.name, id).await?,
        _ => Vec::new(),
    };
    let secrets = step.delivery.as_ref().map(|delivery| delivery.changed.clone()).unwrap_or_default();
    let kept = step.delivery.as_ref().filter(|_| matches!(step.action, Action::Keep(_)));
    let then = kept.map(|delivery| follows(&delivery.then));
    Ok(ContainerPlan { name: step.name.clone(), action, reason, differences, secrets, then })
}

fn follows(then: &Then) -> String {
    match then {
        Then::Restart => "restart".to_owned(),
        Then::Signal(signals) => signals.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        Then::Nothing => "nothing".to_owned(),
    }
}

async fn compare(
    door: &Door<'_>,
    pod: &PodName,
    prepared: &Prepared,
    name: &EngineName,
    id: &ContainerId,
) -> Result<Vec<Difference>, EngineError> {
    let existing = door.engine.observe(&ContainerById(id.clone())).await?;
    let image = match existing.image.parse() {
        Ok(image) => inherited(door, image).await?,
        Err(_) => Value::Null,
    };
    let desired = &prepared.desired;
    let member = desired.members.iter().find(|member| member.engine_name(pod) == *name);
    let (spec, image_id) = match member {
        Some(member) => (member.spec(pod, id), prepared.view.images.get(&member.image)),
        None => (desired.root.spec(pod), prepared.view.images.get(&desired.root.image)),
    };
    let api = door.engine.api().await?;
    let wanted = image_id.map_or(Value::Null, |image| container_body(&spec, image, api));
    Ok(differences(&existing, &wanted, &image))
}

async fn inherited(door: &Door<'_>, image: ImageId) -> Result<Value, EngineError> {
    match door.engine.observe(&ImageByReference(ImageRef::Id(image))).await {
        Ok(details) => Ok(details.config),
        Err(error) if error.status() == Some(404) => Ok(Value::Null), // removed by force since
        Err(error) => Err(error),
    }
}
