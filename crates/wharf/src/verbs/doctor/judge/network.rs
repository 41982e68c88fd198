//! The rules around tenants' networks.

use crate::verbs::doctor::facts::{EngineSide, RulesFacts, RulesState, Seen};
use crate::verbs::doctor::finding::{Finding, word};
use crate::verbs::doctor::version::Version;
use wharf_host::Installed;
use wharf_wire::Component;

/// What stands open without them.
const MEANING: &str = "without the rules tenants' containers reach the host's own services, the LAN and a cloud's metadata \
                       service, whatever was granted";

/// Engines from this one on drop what comes from elsewhere for a port published on loopback.
const GUARDS_LOOPBACK: Version = Version::new(28, 0, 0);

pub(super) fn rules(rules: &RulesFacts) -> Option<Finding> {
    let load = [format!("nft -f {}", word(&rules.kept)), "systemctl enable wharf-network.service".to_owned()];
    let finding = |message: &str| Finding::danger("network-rules", message, MEANING);
    match &rules.state {
        RulesState::Found(Installed::AsWanted) => None,
        RulesState::Found(Installed::Missing) => {
            Some(finding("the rules around tenants' networks are missing").fix(load))
        }
        RulesState::Found(Installed::Altered) => {
            let message = "the rules around tenants' networks are not those that `wharf serve` put in force";
            Some(finding(message).fix(load))
        }
        RulesState::NoProgram(why) => {
            let message = format!("tenants' networks cannot be guarded: {why}");
            Some(finding(&message).fix(["apt-get update && apt-get install nftables"]))
        }
        RulesState::NeverKept => Some(Finding::note(
            "network-rules",
            "there are no rules around tenants' networks yet",
            "`wharf serve` puts them in force, before the first network",
        )),
        RulesState::Unknown(trouble) => {
            let message = format!("it cannot be told whether tenants' networks are guarded: {}", trouble.why);
            let finding = Finding::warning("network-rules", message, MEANING);
            Some(finding.fix(trouble.mend.iter()))
        }
    }
}

/// Before 28 an engine's translation takes packets for 127.0.0.1 from whoever is on the same link (seen on 20.10).
pub(super) fn loopback(rules: Option<&RulesFacts>, engine: &EngineSide) -> Option<Finding> {
    let Seen::There(there) = &engine.seen else { return None };
    let is_engine = |component: &&Component| component.name == "Engine";
    let version = &there.components.iter().find(is_engine)?.version;
    if Version::read(version)? >= GUARDS_LOOPBACK
        || rules.is_some_and(|rules| matches!(rules.state, RulesState::Found(Installed::AsWanted)))
    {
        return None;
    }
    let ports = there.pods.iter().flat_map(|pod| &pod.containers).flat_map(|container| &container.ports);
    let has_pods = ports.into_iter().any(|port| port.address.starts_with("127."));
    if !has_pods && rules.is_none() {
        return None;
    }
    let finding = Finding::warning(
        "loopback-ports",
        format!("the LAN can reach ports published on 127.0.0.1 (the engine, {version}, is older than 28)"),
        "whoever is on the same link sends packets for 127.0.0.1 to this host, and the engine passes them on; the rules \
         that `wharf serve` keeps around tenants' networks stop that",
    );
    Some(finding.fix([
        "nft add table inet loopback",
        "nft 'add chain inet loopback from { type filter hook prerouting priority -150; }'",
        "nft 'add rule inet loopback from iifname != \"lo\" ip daddr 127.0.0.0/8 drop'",
    ]))
}
