//! A tenant's networks.

use crate::answer::{self, Answer};
use crate::containers::not_understood;
use crate::desk::Errand;
use crate::door::Door;
use crate::fault::Fault;
use crate::index::{Network, network_observed};
use crate::view;
use crate::volumes::has_labels;
use hyper::StatusCode;
use serde_json::{Value, json};
use std::sync::PoisonError;
use wharf_model::{ContainerId, NetworkId, ObjectName};
use wharf_policy::{Facts, Owned, TenantFacts, bridge_name};
use wharf_wire::ask::{ListNetworks, Refusal};
use wharf_wire::tenant::{Endpoint, IpamPool, NetworkAct, NetworkWish, TenantCall, TenantNetwork};
use wharf_wire::{AllNetworks, NetworkDetails};

/// The tenant's own default network.
pub(crate) const DEFAULT: &str = "bridge";

impl Errand {
    /// The tenant's own default bridge, made on first use.
    pub(crate) async fn default_network(&self) -> Result<Network, Fault> {
        if let Ok(known) = self.find_network(DEFAULT).await {
            return Ok(known);
        }
        let _one_at_a_time = self.desk.gateway.making_networks.lock().await;
        if let Ok(known) = self.find_network(DEFAULT).await {
            return Ok(known);
        }
        let name: ObjectName = DEFAULT.parse().map_err(|_| Fault::no_network(DEFAULT))?;
        self.make_network(name, NetworkWish::default()).await
    }

    /// `POST /networks/create`.
    pub(crate) async fn create_network(&self, wish: NetworkWish) -> Result<Answer, Fault> {
        let Some(name) = wish.name.clone() else {
            return Err(Refusal::malformed("network name cannot be empty").into());
        };
        if matches!(name.as_str(), "bridge" | "host" | "none" | "default") {
            let words = format!("operation is not permitted on predefined {name} network");
            return Err(Fault::Said(StatusCode::FORBIDDEN, words));
        }
        let _one_at_a_time = self.desk.gateway.making_networks.lock().await;
        if self.find_network(name.as_str()).await.is_ok() {
            return Err(Fault::Conflict(format!("network with name {name} already exists")));
        }
        let made = self.make_network(name, wish).await?;
        Ok(answer::document(StatusCode::CREATED, &json!({ "Id": made.owned.id(), "Warning": "" })))
    }

    /// Makes a network; whoever calls holds `making_networks`.
    async fn make_network(&self, name: ObjectName, wish: NetworkWish) -> Result<Network, Fault> {
        let mut pools = wish.pools;
        let taken = self.desk.gateway.engine.observe(&AllNetworks).await?;
        let has = |v6: bool| pools.iter().any(|pool: &IpamPool| pool.subnet.contains(':') == v6);
        let (needs_v4, needs_v6) = (!has(false), wish.ipv6 && !has(true));
        if needs_v4 {
            pools.push(free_pool(&self.standing.grants.subnet_pool, &taken, false)?);
        }
        if needs_v6 {
            pools.push(free_pool(&self.standing.grants.subnet_pool, &taken, true)?);
        }
        let network = TenantNetwork {
            name: self.engine_name(&name),
            owner: self.owner(String::new()),
            bridge: bridge_name(self.tenant(), &name),
            internal: wish.internal,
            ipv6: wish.ipv6,
            labels: wish.labels,
            pools,
            mtu: wish.mtu,
            icc: wish.icc,
        };
        let engine_name = network.name.to_string();
        let labels = network.owner.labels();
        let door = Door::new(self, name.as_str(), None);
        let permit = {
            let _admission = self.desk.gateway.admission.lock().unwrap_or_else(PoisonError::into_inner);
            let usage = self.desk.gateway.usage(self.tenant(), None);
            let facts = Facts { tenant: TenantFacts { usage, ..TenantFacts::default() }, ..Facts::default() };
            // Nobody else makes networks meanwhile: the sum holds until this one is known.
            door.judge(TenantCall::CreateNetwork(network), &facts)?
        };
        // Before the network, so that its first container never meets an open door.
        let _expected = self.desk.gateway.expect_network(self.tenant(), &name).await?;
        let (_, _, bytes) = door.finish(permit).await?;
        let made: Value = serde_json::from_slice(&bytes).map_err(not_understood)?;
        let id = made.get("Id").and_then(Value::as_str).and_then(|id| id.parse::<NetworkId>().ok());
        let owned = id.and_then(|id| Owned::<NetworkId>::observed(id, &engine_name, &labels));
        let made = owned.map(|owned| Network { owned, name }).ok_or(Fault::Tampered)?;
        self.desk.gateway.index.learn_network(made.clone());
        if let Err(unguarded) = self.desk.gateway.check_guarded(self.tenant(), &made.name).await {
            self.remove_network(&made, made.name.as_str()).await?;
            return Err(unguarded);
        }
        Ok(made)
    }

    /// Anything about one network.
    pub(crate) async fn network(&self, written: &str, act: NetworkAct) -> Result<Answer, Fault> {
        if let (Some(builtin), NetworkAct::Inspect) = (builtin(written), act) {
            return Ok(answer::document(StatusCode::OK, &builtin));
        }
        if builtin(written).is_some() {
            return Err(predefined(written));
        }
        let network = match written {
            "bridge" | "default" if act == NetworkAct::Inspect => self.default_network().await?,
            _ => self.find_network(written).await?,
        };
        match act {
            NetworkAct::Inspect => {
                let call = TenantCall::Network { network: network.owned.id().clone(), act };
                let (_, _, bytes) =
                    self.door_to_network(&network, written).ask(call, &facts_of(&network)).await?;
                let mut details: Value = serde_json::from_slice(&bytes).map_err(not_understood)?;
                view::network(self.tenant(), &mut details);
                Ok(answer::document(StatusCode::OK, &details))
            }
            NetworkAct::Remove if network.name.as_str() == DEFAULT => Err(predefined(written)),
            NetworkAct::Remove => {
                self.remove_network(&network, written).await?;
                Ok(answer::empty(StatusCode::NO_CONTENT))
            }
        }
    }

    pub(crate) async fn remove_network(&self, network: &Network, written: &str) -> Result<(), Fault> {
        let call = TenantCall::Network { network: network.owned.id().clone(), act: NetworkAct::Remove };
        self.door_to_network(network, written).ask(call, &facts_of(network)).await?;
        self.desk.gateway.index.forget_network(network.owned.id());
        Ok(())
    }

    fn door_to_network(&self, network: &Network, written: &str) -> Door<'_> {
        let id = network.owned.id().as_str();
        Door::new(self, network.name.as_str(), Some(id)).wording(id, written)
    }

    /// `GET /networks`.
    pub(crate) async fn list_networks(&self, ask: &ListNetworks) -> Result<Answer, Fault> {
        let mut rows = self.network_rows().await?;
        let (standing, index) = (self.rights()?, &self.desk.gateway.index);
        rows.retain(|row| {
            let id = row.get("Id").and_then(Value::as_str).and_then(|id| id.parse::<NetworkId>().ok());
            id.is_none_or(|id| !index.is_superseded_network(self.tenant(), standing, &id))
        });
        rows.extend(["host", "none"].iter().filter_map(|name| builtin(name)));
        let own: Vec<Value> = rows.into_iter().filter(|row| fits(row, ask)).collect();
        Ok(answer::document(StatusCode::OK, &Value::Array(own)))
    }

    /// The tenant's rows as it sees them, every one looked at again.
    pub(crate) async fn network_rows(&self) -> Result<Vec<Value>, Fault> {
        let standing = self.rights()?;
        let mut rows = Vec::new();
        for tenant in self.namesakes()? {
            let call = TenantCall::ListNetworks { tenant };
            let (_, _, bytes) = Door::new(self, "networks", None).ask(call, &Facts::default()).await?;
            let listed: Vec<Value> = serde_json::from_slice(&bytes).map_err(not_understood)?;
            for mut row in listed {
                let details: Option<NetworkDetails> = serde_json::from_value(row.clone()).ok();
                let owned = details.as_ref().and_then(network_observed);
                let own = |n: &Network| {
                    n.owned.tenant().name == self.tenant().name && standing.owns(n.owned.tenant())
                };
                if owned.as_ref().is_some_and(own) {
                    view::network(self.tenant(), &mut row);
                    rows.push(row);
                }
            }
        }
        Ok(rows)
    }

    /// `POST /networks/{id}/connect`.
    pub(crate) async fn connect(
        &self,
        network: &str,
        container: &str,
        mut endpoint: Endpoint,
    ) -> Result<Answer, Fault> {
        let (network_found, facts, id) = self.both(network, container).await?;
        let known = self.find_container(container).await?;
        // Between own containers, DNS knows every one by the name that the tenant gave it.
        let name = known.name.to_string();
        if !endpoint.aliases.contains(&name) {
            endpoint.aliases.push(name);
        }
        let call = TenantCall::Connect { network: network_found.owned.id().clone(), container: id, endpoint };
        self.door_to_network(&network_found, network).ask(call, &facts).await?;
        Ok(answer::empty(StatusCode::OK))
    }

    /// `POST /networks/{id}/disconnect`.
    pub(crate) async fn disconnect(
        &self,
        network: &str,
        container: &str,
        force: bool,
    ) -> Result<Answer, Fault> {
        let (network_found, facts, id) = self.both(network, container).await?;
        let call = TenantCall::Disconnect { network: network_found.owned.id().clone(), container: id, force };
        self.door_to_network(&network_found, network).ask(call, &facts).await?;
        Ok(answer::empty(StatusCode::OK))
    }

    async fn both(&self, network: &str, container: &str) -> Result<(Network, Facts, ContainerId), Fault> {
        let network = self.find_network(network).await?;
        let container = self.find_container(container).await?;
        let mut facts = self.facts_of(&container);
        facts.tenant.networks.push(network.owned.clone());
        Ok((network, facts, container.owned.id().clone()))
    }
}

fn predefined(name: &str) -> Fault {
    let words = format!("{} is a pre-defined network and cannot be removed", crate::fault::printable(name));
    Fault::Said(StatusCode::FORBIDDEN, words)
}

/// What is known for a call about one network.
fn facts_of(network: &Network) -> Facts {
    let tenant = TenantFacts { networks: vec![network.owned.clone()], ..TenantFacts::default() };
    Facts { tenant, ..Facts::default() }
}

/// The networks that every engine has and that are nobody's: clients look for them in lists.
fn builtin(name: &str) -> Option<Value> {
    let (driver, last) = match name {
        "host" => ("host", 1),
        "none" => ("null", 2),
        _ => return None,
    };
    Some(json!({
        "Name": name, "Id": format!("{last:064}"), "Created": "0001-01-01T00:00:00Z", "Scope": "local", "Driver": driver,
        "EnableIPv6": false, "IPAM": {"Driver": "default", "Options": null, "Config": []}, "Internal": false,
        "Attachable": false, "Ingress": false, "ConfigFrom": {"Network": ""}, "ConfigOnly": false, "Containers": {},
        "Options": {}, "Labels": {},
    }))
}

fn fits(row: &Value, ask: &ListNetworks) -> bool {
    let text = |field: &str| row.get(field).and_then(Value::as_str).unwrap_or_default();
    let (name, id) = (text("Name"), text("Id"));
    let any =
        |wanted: &[String], fits: &dyn Fn(&str) -> bool| wanted.is_empty() || wanted.iter().any(|w| fits(w));
    let predefined = matches!(name, "bridge" | "host" | "none");
    let used =
        row.get("Containers").and_then(Value::as_object).is_some_and(|containers| !containers.is_empty());
    any(&ask.name, &|part| name.contains(part))
        && any(&ask.id, &|begun| id.starts_with(begun))
        && has_labels(row.get("Labels").unwrap_or(&Value::Null), &ask.label)
        && any(&ask.driver, &|driver| driver == text("Driver"))
        && any(&ask.scope, &|scope| scope == "local")
        && any(&ask.kind, &|kind| (kind == "builtin") == predefined)
        && ask.dangling.is_none_or(|dangling| dangling != used && !predefined)
}

/// A subnet of the pool that no network of the engine's overlaps.
fn free_pool(pool: &[wharf_model::Subnet], taken: &[NetworkDetails], v6: bool) -> Result<IpamPool, Fault> {
    let taken: Vec<wharf_model::Subnet> = taken
        .iter()
        .flat_map(NetworkDetails::subnets)
        .filter_map(|subnet| subnet.subnet.parse().ok())
        .collect();
    let prefix = if v6 { 64 } else { 24 };
    let ranges = pool.iter().filter(|range| range.is_v6() == v6);
    let free =
        ranges.flat_map(|range| range.parts(prefix)).find(|part| !taken.iter().any(|t| t.overlaps(part)));
    let subnet = free.ok_or_else(|| {
        Fault::Conflict(
            "wharf: no subnet is left in the pool; ask the administrator (`subnet_pool`)".to_owned(),
        )
    })?;
    Ok(IpamPool { subnet: subnet.to_string(), gateway: None })
}
