//! Networks, their interfaces and their addresses.

use super::{changed, denial, judge, judged};
use crate::tenant_world::{alice, facts, grants, network, object, pool, tenant};
use wharf_policy::{Grants, Rule, bridge_name};
use wharf_wire::tenant::{NetworkMode, TenantCall};

#[test]
fn network_of_a_container_is_never_everyones() {
    let refused = denial(
        Rule::Network,
        "the container would join the network that everyone's containers are on",
        "the tenant's own default network has to be made first",
    );
    assert_eq!(judged(changed(|c| c.network = NetworkMode::Default)), refused);
    assert_eq!(judged(changed(|c| c.network = NetworkMode::None)), Ok(()));
}

#[test]
fn network_refuses_the_engines_names_and_other_interfaces() {
    let called = |name: &str| {
        let mut made = network();
        made.name = object("alice", name);
        made.bridge = bridge_name(&alice(), &name.parse().unwrap());
        judged(TenantCall::CreateNetwork(made))
    };
    for name in ["host", "none", "default", "container"] {
        let reason = format!("network `{name}` is the engine's own");
        assert_eq!(called(name), denial(Rule::Network, &reason, "choose another name"));
    }
    assert_eq!(called("bridge"), Ok(()), "the tenant's own default network");
    let bridges = ["docker0", "virbr0", "", &bridge_name(&tenant("bob", 1), &"back".parse().unwrap())];
    for bridge in bridges {
        let mut made = network();
        made.bridge = bridge.to_owned();
        let reason = format!("interface `{bridge}` is not the one for this network");
        assert_eq!(
            judged(TenantCall::CreateNetwork(made)),
            denial(Rule::Network, &reason, "leave the bridge's name out")
        );
    }
}

#[test]
fn network_refuses_addresses_outside_the_pool() {
    let with = |subnets: &[&str], grants: &Grants| {
        let mut made = network();
        made.pools = subnets.iter().map(|subnet| pool(subnet)).collect();
        judge(TenantCall::CreateNetwork(made), &facts(), grants)
    };
    let refused = |reason: &str| {
        denial(
            Rule::Network,
            reason,
            "leave the subnet out, or take one within the administrator's `subnet_pool`",
        )
    };
    // ENGINE-API V17: the host would answer at these.
    for subnet in
        ["169.254.169.0/24", "8.8.8.0/24", "10.88.0.0/24", "0.0.0.0/0", "10.0.0.0/8", "fd00:90::/64"]
    {
        let reason = format!("subnet `{subnet}` is not within the pool for tenants");
        assert_eq!(with(&[subnet], &grants()), refused(&reason));
        assert_eq!(with(&["10.89.3.0/24", subnet], &grants()), refused(&reason));
    }
    assert_eq!(
        with(&["10.89.3.7/24"], &grants()),
        refused(
            "subnet `10.89.3.7/24` is none: the address has bits behind its prefix; the subnet is `10.89.3.0/24`"
        )
    );
    let reason = "subnet `10.89.0.0/16` is larger than a network's share, /24";
    assert_eq!(with(&["10.89.0.0/16"], &grants()), refused(reason));
    let reason = "subnet `fd00:89::/48` is larger than a network's share, /64";
    assert_eq!(with(&["fd00:89::/48"], &grants()), refused(reason));
    assert_eq!(with(&["10.89.3.0/24", "fd00:89:0:1::/64"], &grants()), Ok(()));
    let reason = "network `back` would get its addresses from elsewhere than the pool";
    let hint = "no subnet is free; remove a network, or ask the administrator (`subnet_pool`)";
    assert_eq!(with(&[], &grants()), denial(Rule::Network, reason, hint));
    let without = Grants { subnet_pool: Vec::new(), ..grants() };
    assert_eq!(with(&[], &without), Ok(()), "the administrator leaves it to the engine");
    assert!(with(&["10.89.3.0/24"], &without).is_err());
    let small = Grants { subnet_pool: vec!["10.89.3.0/25".parse().unwrap()], ..grants() };
    assert_eq!(with(&["10.89.3.0/25"], &small), Ok(()));
    let reason = "subnet `10.89.3.0/24` is not within the pool for tenants";
    assert_eq!(with(&["10.89.3.0/24"], &small), refused(reason), "it only begins there");
    let mut made = network();
    made.pools[0].gateway = Some("10.89.4.1".parse().unwrap());
    let reason = "gateway `10.89.4.1` is not in subnet `10.89.3.0/24`";
    assert_eq!(judged(TenantCall::CreateNetwork(made)), refused(reason));
}

#[test]
fn bridges_have_names_of_their_own() {
    let name = |tenant_name: &str, generation: u32, network: &str| {
        bridge_name(&tenant(tenant_name, generation), &network.parse().unwrap())
    };
    assert_eq!(name("alice", 2, "back"), "wharf-t0wu64d22");
    let all = [
        name("alice", 2, "back"),
        name("alice", 1, "back"),
        name("bob", 2, "back"),
        name("alice", 2, "front"),
    ];
    let different: std::collections::BTreeSet<&String> = all.iter().collect();
    assert_eq!(different.len(), 4);
    assert!(all.iter().all(|name| name.len() == 15), "Linux has room for 15");
}
