//! The packet filter around tenants' networks, as the gateway's [`Filter`]: whether there can be one here, what the
//! gateway wants put into rules, and what was put in kept for the next boot. Says what it cannot do, and what somebody
//! else undid.

use crate::exit::Exit;
use crate::failure::{Failure, chain};
use crate::show;
use serde_json::Value;
use std::collections::BTreeSet;
use std::error::Error;
use std::net::IpAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use wharf_config::HostConfig;
use wharf_docker::Endpoint;
use wharf_gateway::{Filter, Look, Standing};
use wharf_host::{
    BridgeName, Installed, Owner, PacketFilter, PublishedPort, Ruleset, Surroundings, TenantNetwork,
    Whereabouts, has_interface, read_trusted, whereabouts_of,
};
use wharf_store::RulesFile;

/// Where the engine is told, among other things, whom containers ask for names.
const DAEMON_JSON: &str = "/etc/docker/daemon.json";
const MOST_BYTES: u64 = 1 << 20;

/// The kernel's packet filter, for the gateway.
pub(super) struct KernelFilter {
    filter: PacketFilter,
    file: RulesFile,
    /// Whom the host configuration adds to those who resolve names.
    resolvers: BTreeSet<IpAddr>,
    last: Mutex<Last>,
}

/// What was done last.
#[derive(Debug, Default)]
struct Last {
    applied: Option<Ruleset>,
    kept: Option<Ruleset>,
    /// What was said last, so that a trouble that lasts is said once.
    said: String,
}

impl KernelFilter {
    /// The filter for this engine; `None` where there can be none and nobody would be guarded by one anyway.
    pub(super) async fn find(
        config: &HostConfig,
        standing: &Standing,
        (endpoint, info): (&Endpoint, &Value),
        state: &Path,
    ) -> Result<Option<Arc<dyn Filter>>, Failure> {
        let found = match elsewhere(endpoint, info).await {
            Some(why) => Err(Failure::new(Exit::Denied, why)),
            None => PacketFilter::find().map_err(|error| Failure::of(Exit::Failed, &error)),
        };
        match found {
            Ok(filter) => Ok(Some(Arc::new(Self {
                filter,
                file: RulesFile::within(state),
                resolvers: config.resolvers.clone(),
                last: Mutex::default(),
            }))),
            Err(failure) => {
                check_needless(standing, &failure.message)?;
                show::say(&format!("networks of tenants are not guarded: {}", failure.message));
                Ok(None)
            }
        }
    }

    fn surroundings(&self) -> Result<Surroundings, String> {
        let mut surroundings = Surroundings::observe().map_err(|error| chain(&error))?;
        surroundings.resolvers.extend(self.resolvers.iter().copied());
        // Those on loopback the engine asks from the host's side.
        surroundings.resolvers.extend(engines_resolvers().into_iter().filter(|one| !one.is_loopback()));
        Ok(surroundings)
    }

    fn put(&self, last: &Last, wanted: &Ruleset, look: Look) -> Result<(), String> {
        let told = |error: &dyn Error| chain(error);
        if look == Look::Trusting {
            if last.applied.as_ref() != Some(wanted) {
                self.filter.apply(wanted).map_err(|error| told(&error))?;
            }
            return Ok(());
        }
        let found = self.filter.repair(wanted).map_err(|error| told(&error))?;
        let undone = match found {
            Installed::Missing => "were taken away (`nft flush ruleset`, or a restart of nftables.service?)",
            Installed::Altered => "were altered",
            Installed::AsWanted => return Ok(()),
        };
        // Others than before are wanted where the host's own addresses or resolvers changed.
        if last.applied.as_ref() == Some(wanted) {
            show::say(&format!("the rules around tenants' networks {undone}; they are back"));
        }
        Ok(())
    }

    /// Before they are put in force: whenever this is killed, the next boot has no grant that was taken back. Gives what
    /// went wrong: a boot without the newest rules is no reason to be without them now.
    fn keep(&self, last: &mut Last, wanted: &Ruleset) -> Option<String> {
        if last.kept.as_ref() == Some(wanted) {
            return None;
        }
        let kept = self.file.keep(&wanted.to_string());
        last.kept = kept.is_ok().then(|| wanted.clone());
        kept.err().map(|error| format!("the network rules are not kept for the next boot: {}", chain(&error)))
    }

    /// What the kernel would not have, it would not have at boot either: then there would be none at all.
    fn keep_former(&self, last: &mut Last) {
        if let Some(former) = last.applied.clone() {
            // Why the newer were refused is what is told.
            let _told = self.keep(last, &former);
        }
    }
}

impl Filter for KernelFilter {
    fn hold(
        &self,
        networks: &[TenantNetwork],
        published: &BTreeSet<PublishedPort>,
        look: Look,
    ) -> Result<(), String> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let put = self.surroundings().and_then(|surroundings| {
            let wanted = Ruleset::of(networks, published, &surroundings);
            let trouble = self.keep(&mut last, &wanted);
            match self.put(&last, &wanted, look) {
                Ok(()) => last.applied = Some(wanted),
                Err(why) => {
                    self.keep_former(&mut last);
                    return Err(why);
                }
            }
            Ok(trouble)
        });
        let trouble = match &put {
            Ok(trouble) => trouble.clone().unwrap_or_default(),
            Err(why) => format!("the rules around tenants' networks cannot be put in force: {why}"),
        };
        if !trouble.is_empty() && trouble != last.said {
            show::say(&trouble);
        }
        last.said = trouble;
        put.map(drop)
    }

    fn check_made(&self, bridge: &BridgeName) -> Result<(), String> {
        match has_interface(bridge.as_str()) {
            Ok(true) => Ok(()),
            Ok(false) => {
                let why = format!(
                    "the engine made a network whose bridge `{bridge}` is not here: it works in another network \
                     namespace, where wharf's rules are not; run `wharf serve` there"
                );
                show::say(&why);
                Err(why)
            }
            Err(error) => Err(error.to_string()),
        }
    }
}

/// Without rules nobody may be served to whom they would mean anything.
pub(super) fn check_needless(standing: &Standing, why: &str) -> Result<(), Failure> {
    let is_open = |name: &&wharf_model::TenantName| {
        standing.grants.tenants.get(*name).is_some_and(|tenant| {
            let network = tenant.grant.network;
            network.internet && network.lan && network.host
        })
    };
    let guarded: Vec<String> = standing
        .grants
        .tenants
        .keys()
        .filter(|name| !is_open(name))
        .map(|name| format!("`{name}`"))
        .collect();
    if guarded.is_empty() {
        return Ok(());
    }
    let message = format!("the networks of {} cannot be guarded: {why}", guarded.join(", "));
    Err(Failure::new(Exit::Denied, message).hint(
        "without rules (install nftables; run `wharf serve` beside the engine) tenants' containers reach the host's own \
         services, the LAN and a cloud's metadata service, and before engine 28 the LAN reaches ports published on \
         127.0.0.1; where that is meant, grant every tenant `network: {internet: true, lan: true, host: true}`",
    ))
}

/// Why rules made here would not be where the engine works.
async fn elsewhere(endpoint: &Endpoint, info: &Value) -> Option<String> {
    let options = info.get("SecurityOptions").and_then(Value::as_array).into_iter().flatten();
    if options.filter_map(Value::as_str).any(|option| option.contains("name=rootless")) {
        return Some("the engine is rootless and works in a network namespace of its own".to_owned());
    }
    // What is at the end of a TCP connection is not seen; its first network is (`check_made`).
    let Endpoint::Unix(path) = endpoint else { return None };
    let peer = tokio::net::UnixStream::connect(path).await.and_then(|stream| stream.peer_cred());
    // An engine that does not answer is told of elsewhere.
    let process = peer.ok()?.pid()?;
    let is_elsewhere = whereabouts_of(process) == Whereabouts::Elsewhere;
    is_elsewhere.then(|| {
        format!("the engine (process {process}) works in another network namespace than this `wharf serve`")
    })
}

/// `"dns"` of the engine's own configuration. A file that is not understood keeps the engine from starting.
fn engines_resolvers() -> BTreeSet<IpAddr> {
    let Ok(bytes) = read_trusted(Path::new(DAEMON_JSON), Owner::Root, MOST_BYTES) else {
        return BTreeSet::new();
    };
    let file: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let listed = file.get("dns").and_then(Value::as_array).into_iter().flatten();
    listed.filter_map(|address| address.as_str()?.parse().ok()).collect()
}
