//! What a tenant does with a container that is there.

use crate::answer::{self, Answer};
use crate::desk::Errand;
use crate::door::{Door, Passed, Said};
use crate::fault::Fault;
use crate::index::{Container, restarts};
use crate::reservation::{Pending, Reservation};
use crate::transfer::Documents;
use crate::{pins, view};
use crate::{transfer, tunnel};
use futures_util::{StreamExt, stream};
use hyper::StatusCode;
use regex::Regex;
use serde::Deserialize as _;
use serde_json::Value;
use std::sync::PoisonError;
use wharf_model::{ContainerId, ObjectName, TenantObject};
use wharf_policy::{Facts, Permit, TenantFacts};
use wharf_wire::ask::{ListContainers, NamedFilters, Refusal};
use wharf_wire::tenant::{ContainerAct, Resources, TenantCall};

impl Errand {
    /// What is known for a call about one container.
    pub(crate) fn facts_of(&self, container: &Container) -> Facts {
        let usage = self.desk.gateway.usage(self.tenant(), Some(container.owned.id()));
        let tenant =
            TenantFacts { containers: vec![container.owned.clone()], usage, ..TenantFacts::default() };
        Facts { tenant, ..Facts::default() }
    }

    fn door_to(&self, container: &Container, written: &str) -> Door<'_> {
        let door = Door::new(self, container.name.as_str(), Some(container.owned.id().as_str()))
            .wording(container.owned.id().as_str(), written);
        container.binds.iter().fold(door, |door, bind| door.wording(&bind.source, &bind.asked.source))
    }

    /// Anything about one container that names nothing else.
    pub(crate) async fn container(&mut self, written: &str, act: ContainerAct) -> Result<Answer, Fault> {
        let container = self.find_container(written).await?;
        let id = container.owned.id().clone();
        let inspects = matches!(act, ContainerAct::Inspect { .. });
        check_streams(&act)?;
        let stream = match &act {
            ContainerAct::WritePath { .. } => {
                self.settle_disk().await?;
                Some(crate::archive::uncompressed(self.take_stream()).await?)
            }
            _ => None,
        };
        let call = TenantCall::Container { container: id.clone(), act: act.clone() };
        let changes_sums = changes_sums(&act);
        if changes_sums {
            self.settle_sums(Some(&id), &asking(&container, &act)).await?;
        }
        let (permit, place) = match self.admit(&container, call, &act, written) {
            Ok(admitted) => admitted,
            Err(fault) => {
                self.tidy_up(&container, &act).await;
                if let Some(refused) = stream {
                    crate::archive::drained(refused).await;
                }
                return Err(fault);
            }
        };
        if matches!(act, ContainerAct::Start { .. } | ContainerAct::Restart { .. })
            && let Err(fault) = self.make_ready(&container).await
        {
            self.remember(&container, &act, false);
            self.tidy_up(&container, &act).await;
            return Err(fault);
        }
        let watches = matches!(act, ContainerAct::Stats { .. });
        let starts = matches!(act, ContainerAct::Start { .. } | ContainerAct::Restart { .. });
        let passed = self.door_to(&container, written).carry_out(permit, stream).await;
        let passed =
            if starts { passed.map_err(|fault| pins::explained(fault, &container.binds)) } else { passed };
        self.remember(&container, &act, passed.is_ok());
        if changes_sums {
            // The place is kept until the index has seen what came of it; the client need not wait for that.
            let gateway = std::sync::Arc::clone(&self.desk.gateway);
            tokio::spawn(async move {
                gateway.look_at(&id).await;
                drop(place);
            });
        }
        match passed? {
            Passed::Switched(parts, engine) => Ok(tunnel::open(self, &parts, engine)),
            Passed::Answered(_) if matches!(act, ContainerAct::Attach(_)) => Err(tunnel::expected()),
            Passed::Answered(said) if inspects => self.shown(said).await,
            Passed::Answered(said) if watches => Ok(self.statistics(said, container.name.as_str())),
            Passed::Answered(said) => Ok(transfer::passed(said, &self.desk.cut)),
        }
    }

    /// What must be so before a container runs: what it writes is counted, and its ports are open.
    async fn make_ready(&self, container: &Container) -> Result<(), Fault> {
        let gateway = &self.desk.gateway;
        gateway.count_before_start(self.tenant(), container.owned.id()).await?;
        gateway.open_ports(&container.published).await
    }

    /// Judges; what changes a sum takes its place in it before another can look.
    fn admit(
        &self,
        container: &Container,
        call: TenantCall,
        act: &ContainerAct,
        written: &str,
    ) -> Result<(Permit, Option<Reservation>), Fault> {
        let door = self.door_to(container, written);
        let gateway = &self.desk.gateway;
        if !changes_sums(act) {
            return Ok((door.judge(call, &self.facts_of(container))?, None));
        }
        let _admission = gateway.admission.lock().unwrap_or_else(PoisonError::into_inner);
        let mut facts = self.facts_of(container);
        facts.tenant.asking = container.resources.clone();
        let permit = door.judge(call, &facts)?;
        gateway.index.change_container(&container.owned, |known| match act {
            ContainerAct::Update { resources, restart } => {
                update(&mut known.resources, resources);
                known.restarts = restart.map_or(known.restarts, restarts);
            }
            _ => known.alive = true,
        });
        let pending = Pending { id: container.owned.id().clone(), resources: asking(container, act) };
        let place = gateway.reservations.for_change(&self.tenant().name, pending);
        Ok((permit, Some(place)))
    }

    /// What the gateway has done itself, it knows before the engine's event.
    fn remember(&self, container: &Container, act: &ContainerAct, done: bool) {
        let index = &self.desk.gateway.index;
        match act {
            ContainerAct::Start { .. } | ContainerAct::Restart { .. } if !done => {
                index.change_container(&container.owned, |known| known.alive = container.alive);
            }
            ContainerAct::Update { .. } if !done => {
                index.change_container(&container.owned, |known| {
                    known.resources = container.resources.clone();
                    known.restarts = container.restarts;
                });
            }
            ContainerAct::Remove { .. } if done => self.desk.gateway.container_is_gone(container.owned.id()),
            _ => {}
        }
    }

    /// An engine removes a container that was to go at its end, when its start fails; clients wait for that.
    async fn tidy_up(&self, container: &Container, act: &ContainerAct) {
        if container.auto_remove && !container.alive && matches!(act, ContainerAct::Start { .. }) {
            let act = ContainerAct::Remove { volumes: true, force: false };
            let call = TenantCall::Container { container: container.owned.id().clone(), act };
            let door = self.door_to(container, container.name.as_str());
            if door.ask(call, &self.facts_of(container)).await.is_ok() {
                self.desk.gateway.container_is_gone(container.owned.id());
            }
        }
    }

    /// Samples carry the container's name.
    fn statistics(&self, said: Said, name: &str) -> Answer {
        let shown = format!("/{name}");
        let cut = self.desk.cut.clone();
        let samples = stream::unfold(Documents::of(said.body), |mut documents| async move {
            documents.next().await.map(|document| (document, documents))
        });
        let lines = samples.map(move |mut sample| {
            if let Some(name) = sample.get_mut("name") {
                *name = shown.clone().into();
            }
            transfer::line(&sample)
        });
        transfer::lines(lines.take_until(async move { cut.cancelled().await }))
    }

    async fn shown(&self, said: Said) -> Result<Answer, Fault> {
        let (_, status, bytes) = said.whole().await?;
        let mut details = view::Document::read(&bytes).map_err(not_understood)?;
        view::container_details(self.tenant(), &mut details);
        Ok(answer::json(status, details.bytes().map_err(not_understood)?))
    }

    /// `POST /containers/{id}/rename`.
    pub(crate) async fn rename_container(&self, written: &str, name: ObjectName) -> Result<Answer, Fault> {
        let container = self.find_container(written).await?;
        let creating = self.desk.gateway.creating(self.tenant());
        let _one_at_a_time = creating.lock().await;
        self.check_free(&name)?;
        // What was adopted keeps its former tenant's name before its own, as in its labels.
        let renamed = TenantObject { tenant: container.owned.tenant().clone(), name: name.clone() };
        let call = TenantCall::RenameContainer { container: container.owned.id().clone(), name: renamed };
        self.door_to(&container, written).ask(call, &self.facts_of(&container)).await?;
        self.desk.gateway.index.change_container(&container.owned, |known| known.name = name);
        Ok(answer::empty(StatusCode::NO_CONTENT))
    }

    /// The engine refuses a name that is taken, but what was adopted has another name there.
    pub(crate) fn check_free(&self, name: &ObjectName) -> Result<(), Fault> {
        let standing = self.rights()?;
        if standing.adopted.is_empty() {
            return Ok(());
        }
        let index = &self.desk.gateway.index;
        let taken = index.container(self.tenant(), standing, name.as_str());
        match taken.filter(|taken| taken.name == *name) {
            None => Ok(()),
            Some(taken) => Err(Fault::Conflict(format!(
                "Conflict. The container name \"/{name}\" is already in use by container \"{}\". You have to remove \
                 (or rename) that container to be able to reuse that name.",
                taken.owned.id()
            ))),
        }
    }

    /// `GET /containers/json`.
    pub(crate) async fn list_containers(&self, ask: ListContainers) -> Result<Answer, Fault> {
        let named = Named::of(self, &ask.named).await?;
        let rows = self.container_rows(ask.all || ask.limit.is_some(), ask.size, ask.filters).await?;
        let (standing, index) = (self.rights()?, &self.desk.gateway.index);
        let superseded = |row: &Value| {
            let id = row.get("Id").and_then(Value::as_str).and_then(|id| id.parse::<ContainerId>().ok());
            id.is_some_and(|id| index.is_superseded_container(self.tenant(), standing, &id))
        };
        let mut own: Vec<Value> =
            rows.into_iter().filter(|row| named.fits(row) && !superseded(row)).collect();
        for row in &mut own {
            view::container_row(self.tenant(), row);
        }
        if let Some(limit) = ask.limit.and_then(|limit| usize::try_from(limit).ok()) {
            own.truncate(limit); // the engine lists the newest first
        }
        Ok(answer::document(StatusCode::OK, &Value::Array(own)))
    }

    /// The tenant's rows as the engine has them, every one looked at again.
    pub(crate) async fn container_rows(
        &self,
        all: bool,
        size: bool,
        filters: wharf_wire::tenant::ContainerFilters,
    ) -> Result<Vec<Value>, Fault> {
        let mut rows = Vec::new();
        for tenant in self.namesakes()? {
            let call = TenantCall::ListContainers { tenant, all, size, filters: filters.clone() };
            let (_, _, bytes) = Door::new(self, "containers", None).ask(call, &Facts::default()).await?;
            let listed: Vec<Value> = serde_json::from_slice(&bytes).map_err(not_understood)?;
            rows.extend(listed.into_iter().filter(|row| self.is_own_row(row)));
        }
        Ok(rows)
    }

    fn is_own_row(&self, row: &Value) -> bool {
        let Ok(summary) = wharf_wire::ContainerSummary::deserialize(row) else { return false };
        let owned = summary.names.iter().find_map(|name| {
            let name = name.trim_start_matches('/');
            wharf_policy::Owned::<ContainerId>::observed(summary.id.clone(), name, &summary.labels)
        });
        owned.is_some_and(|owned| {
            let rights = self.rights();
            owned.tenant().name == self.tenant().name
                && rights.is_ok_and(|rights| rights.owns(owned.tenant()))
        })
    }
}

/// A log of neither stream is what engines refuse.
fn check_streams(act: &ContainerAct) -> Result<(), Fault> {
    match act {
        ContainerAct::Logs(logs) if !logs.stdout && !logs.stderr => {
            Err(Refusal::malformed("Bad parameters: you must choose at least one stream").into())
        }
        _ => Ok(()),
    }
}

/// Filters that name objects, evaluated over the tenant's own names.
struct Named {
    ids: Vec<String>,
    names: Vec<Regex>,
    /// Image ids, and references as they were written.
    ancestors: Vec<String>,
    networks: Vec<String>,
    volumes: Vec<String>,
    before: Option<i64>,
    since: Option<i64>,
    tenant: wharf_model::TenantId,
}

impl Named {
    async fn of(errand: &Errand, filters: &NamedFilters) -> Result<Self, Fault> {
        let names = filters.name.iter().map(|name| pattern(name)).collect::<Result<_, _>>()?;
        let mut ancestors = Vec::new();
        for written in &filters.ancestor {
            // An image that is not there fits nothing, as with the engine.
            if let Ok(id) = errand.find_image_id(written).await {
                ancestors.push(id.to_string());
            }
            ancestors.push(written.clone());
        }
        let mut networks = Vec::new();
        for written in &filters.network {
            match errand.find_network(written).await {
                Ok(network) => networks.push(network.owned.id().to_string()),
                Err(_) => networks.push(String::from("-")),
            }
        }
        Ok(Self {
            ids: filters.id.clone(),
            names,
            ancestors,
            networks,
            volumes: filters.volume.clone(),
            before: created(errand, filters.before.as_deref()).await?,
            since: created(errand, filters.since.as_deref()).await?,
            tenant: errand.tenant().clone(),
        })
    }

    /// Whether nothing was said that a row could fail to fit.
    fn is_anything(&self) -> bool {
        let lists = [&self.ids, &self.ancestors, &self.networks, &self.volumes];
        let times = [self.before, self.since];
        lists.iter().all(|list| list.is_empty()) && self.names.is_empty() && times.iter().all(Option::is_none)
    }

    fn fits(&self, row: &Value) -> bool {
        let text = |pointer: &str| row.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        if self.is_anything() {
            return true;
        }
        let mut shown = row.clone();
        view::container_row(&self.tenant, &mut shown);
        let names = shown.get("Names").and_then(Value::as_array).cloned().unwrap_or_default();
        let any_name = |pattern: &Regex| {
            let mut names = names.iter().filter_map(Value::as_str);
            names.any(|name| pattern.is_match(name) || pattern.is_match(name.trim_start_matches('/')))
        };
        let image = [text("/ImageID"), shown.pointer("/Image").and_then(Value::as_str).unwrap_or_default()];
        let networks = row.pointer("/NetworkSettings/Networks").and_then(Value::as_object);
        let on = |id: &String| {
            let mut endpoints = networks.into_iter().flatten();
            endpoints.any(|(_, endpoint)| endpoint.get("NetworkID").and_then(Value::as_str) == Some(id))
        };
        let mounts = shown.get("Mounts").and_then(Value::as_array).cloned().unwrap_or_default();
        let mounted = |volume: &String| {
            let is = |mount: &Value, field| mount.get(field).and_then(Value::as_str) == Some(volume.as_str());
            mounts.iter().any(|mount| is(mount, "Name") || is(mount, "Destination"))
        };
        let made = row.get("Created").and_then(Value::as_i64).unwrap_or(0);
        (self.ids.is_empty() || self.ids.iter().any(|id| text("/Id").starts_with(id.as_str())))
            && (self.names.is_empty() || self.names.iter().any(any_name))
            && (self.ancestors.is_empty() || self.ancestors.iter().any(|wanted| same_image(wanted, &image)))
            && (self.networks.is_empty() || self.networks.iter().any(on))
            && (self.volumes.is_empty() || self.volumes.iter().any(mounted))
            && self.before.is_none_or(|before| made < before)
            && self.since.is_none_or(|since| made > since)
    }
}

fn same_image(wanted: &str, image: &[&str; 2]) -> bool {
    image.contains(&wanted) || image.contains(&format!("{wanted}:latest").as_str())
}

/// When a container was made, in seconds since 1970.
async fn created(errand: &Errand, written: Option<&str>) -> Result<Option<i64>, Fault> {
    let Some(written) = written else { return Ok(None) };
    let id = errand.find_container(written).await?.owned.id().clone();
    let rows = errand.container_rows(true, false, wharf_wire::tenant::ContainerFilters::default()).await?;
    let row = rows.iter().find(|row| row.get("Id").and_then(Value::as_str) == Some(id.as_str()));
    let created = row.and_then(|row| row.get("Created")).and_then(Value::as_i64);
    created.map(Some).ok_or_else(|| Fault::no_such("container", written))
}

/// Go's regular expressions are RE2's, and so are these but for rare spellings.
pub(crate) fn pattern(text: &str) -> Result<Regex, Fault> {
    let built = regex::RegexBuilder::new(text).size_limit(1 << 18).build();
    built.map_err(|_| {
        Refusal::malformed(format!("`{}` is not a pattern", crate::fault::printable(text))).into()
    })
}

pub(crate) fn not_understood(_error: serde_json::Error) -> Fault {
    Fault::Said(StatusCode::BAD_GATEWAY, "wharf: the engine's answer is not understood".to_owned())
}

fn changes_sums(act: &ContainerAct) -> bool {
    matches!(act, ContainerAct::Start { .. } | ContainerAct::Restart { .. } | ContainerAct::Update { .. })
}

/// What a container may use when this is done.
fn asking(container: &Container, act: &ContainerAct) -> Resources {
    let mut resources = container.resources.clone();
    if let ContainerAct::Update { resources: said, .. } = act {
        update(&mut resources, said);
    }
    resources
}

/// What an update says takes the place of what was.
fn update(known: &mut Resources, said: &Resources) {
    known.memory = said.memory.or(known.memory);
    known.memory_swap = said.memory_swap.or(known.memory_swap);
    known.nano_cpus = said.nano_cpus.or(known.nano_cpus);
    known.pids = said.pids.or(known.pids);
}
