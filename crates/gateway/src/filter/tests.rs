//! When the filter is called, and with what; what rules do is tried on real engines (conformance, `tenant_network`).

use super::*;
use crate::gateway::Parts;
use crate::index::{Network, network_observed};
use crate::standing::Standing;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use wharf_docker::{Endpoint, Engine};
use wharf_model::{Generation, NetworkGrant, TenantGrant};
use wharf_policy::{CgroupDriver, Grants, TenantStanding};
use wharf_store::AuditTrail;

/// Counts, and takes its time as a program does.
#[derive(Debug, Default)]
struct Counting {
    calls: AtomicUsize,
    inside: AtomicUsize,
    most_inside: AtomicUsize,
    refuses: Mutex<bool>,
    last: Mutex<Vec<TenantNetwork>>,
}

impl Filter for Counting {
    fn hold(
        &self,
        networks: &[TenantNetwork],
        _published: &BTreeSet<PublishedPort>,
        _look: Look,
    ) -> Result<(), String> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let inside = self.inside.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_inside.fetch_max(inside, Ordering::SeqCst);
        thread::sleep(Duration::from_millis(20));
        self.inside.fetch_sub(1, Ordering::SeqCst);
        *self.last.lock().unwrap() = networks.to_vec();
        if *self.refuses.lock().unwrap() { Err("no".to_owned()) } else { Ok(()) }
    }

    fn check_made(&self, _bridge: &BridgeName) -> Result<(), String> {
        Ok(())
    }
}

struct Stage {
    filter: Arc<Counting>,
    gateway: Arc<Gateway>,
    _directory: tempfile::TempDir,
}

impl Stage {
    /// A gateway with a tenant alice in this generation, and no engine.
    fn new(generation: u32) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let filter = Arc::new(Counting::default());
        let gateway = Gateway::new(Parts {
            engine: Engine::new(Endpoint::Unix(directory.path().join("no.sock"))),
            audit: AuditTrail::open(&directory.path().join("audit/trail")).unwrap(),
            standing: standing(generation, NetworkGrant::default()),
            tenant_sockets: None,
            pins: None,
            cgroup_driver: CgroupDriver::None,
            lent: wharf_store::LentNames::within(directory.path()).unwrap(),
            identity: None,
            filter: Some(Arc::clone(&filter) as Arc<dyn Filter>),
        });
        Self { filter, gateway, _directory: directory }
    }

    fn calls(&self) -> usize {
        self.filter.calls.load(Ordering::SeqCst)
    }

    fn grants(&self) -> Vec<(String, NetworkGrant)> {
        let last = self.filter.last.lock().unwrap();
        last.iter().map(|one| (one.bridge.to_string(), one.network)).collect()
    }
}

fn standing(generation: u32, network: NetworkGrant) -> Standing {
    let grant = TenantGrant { network, ..TenantGrant::default() };
    let alice = TenantStanding { generation: Generation(generation), adopted: BTreeSet::new(), grant };
    let tenants = [("alice".parse().unwrap(), Arc::new(alice))].into();
    Standing { grants: Grants { tenants, ..Grants::default() }, ..Standing::default() }
}

fn alice(generation: u32) -> TenantId {
    TenantId { name: "alice".parse().unwrap(), generation: Generation(generation) }
}

/// A network of alice's as the engine lists it.
fn network(generation: u32, name: &str) -> Network {
    let id = format!("{:064x}", name.len() + usize::try_from(generation).unwrap() * 100);
    let details = serde_json::json!({
        "Id": id, "Name": format!("{}--{name}", alice(generation)),
        "Labels": {"wharf.tenant": "alice", "wharf.generation": generation.to_string(), "wharf.user": "alice"},
    });
    network_observed(&serde_json::from_value(details).unwrap()).unwrap()
}

fn name_of(name: &str) -> ObjectName {
    name.parse().unwrap()
}

#[tokio::test]
async fn what_is_held_already_costs_nothing() {
    let stage = Stage::new(1);
    for _ in 0..3 {
        stage.gateway.hold_rules(Look::Trusting).await.unwrap();
    }
    assert_eq!(stage.calls(), 1);
    stage.gateway.hold_rules(Look::Closely).await.unwrap();
    assert_eq!(stage.calls(), 2, "the kernel is asked whenever one looks closely");
    let loopback = [binding(Some("127.0.0.1"), Some(20_000))];
    stage.gateway.index.learn_network(network(1, "new"));
    stage.gateway.open_ports(&loopback).await.unwrap();
    stage.gateway.open_ports(&[]).await.unwrap();
    assert_eq!(stage.calls(), 2, "what opens nothing does not even look");
}

#[tokio::test]
async fn a_networks_rules_are_there_before_it_and_go_with_it() {
    let stage = Stage::new(1);
    let bridge = bridge_name(&alice(1), &name_of("back"));
    let expected = stage.gateway.expect_network(&alice(1), &name_of("back")).await.unwrap();
    assert_eq!(stage.grants(), [(bridge.clone(), NetworkGrant::default())]);
    stage.gateway.index.learn_network(network(1, "back"));
    drop(expected);
    stage.gateway.hold_rules(Look::Trusting).await.unwrap();
    assert_eq!(stage.calls(), 1, "known instead of expected: nothing else");

    let made = network(1, "back");
    stage.gateway.index.forget_network(made.owned.id());
    stage.gateway.hold_rules(Look::Trusting).await.unwrap();
    assert_eq!(stage.grants(), []);
}

#[tokio::test]
async fn what_cannot_be_guarded_is_not_made_and_is_tried_again() {
    let stage = Stage::new(1);
    *stage.filter.refuses.lock().unwrap() = true;
    let refused = stage.gateway.expect_network(&alice(1), &name_of("back")).await;
    assert!(matches!(refused, Err(Fault::Unguarded)));
    drop(refused);
    *stage.filter.refuses.lock().unwrap() = false;
    stage.gateway.hold_rules(Look::Trusting).await.unwrap();
    assert_eq!((stage.calls(), stage.grants()), (2, Vec::new()));
}

#[tokio::test]
async fn networks_of_a_tenant_that_is_no_more_are_on_no_list() {
    let stage = Stage::new(2);
    stage.gateway.index.learn_network(network(1, "former"));
    stage.gateway.index.learn_network(network(2, "present"));
    stage.gateway.hold_rules(Look::Trusting).await.unwrap();
    let present = bridge_name(&alice(2), &name_of("present"));
    assert_eq!(stage.grants(), [(present.clone(), NetworkGrant::default())]);
    let lan = NetworkGrant { lan: true, ..NetworkGrant::default() };
    stage.gateway.replace_standing(standing(2, lan));
    stage.gateway.hold_rules(Look::Trusting).await.unwrap();
    assert_eq!(stage.grants(), [(present, lan)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_is_gathered_and_never_two_at_once() {
    let stage = Stage::new(1);
    let begun = (0..20).map(|number| {
        let gateway = Arc::clone(&stage.gateway);
        tokio::spawn(async move {
            let name = name_of(&format!("n{number}"));
            let expected = gateway.expect_network(&alice(1), &name).await.unwrap();
            tokio::time::sleep(Duration::from_secs(1)).await;
            drop(expected);
        })
    });
    for task in begun.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    assert!(stage.calls() < 10, "{} calls for 20 networks", stage.calls());
    assert_eq!(stage.filter.most_inside.load(Ordering::SeqCst), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_leaves_lets_nobody_in_meanwhile() {
    let stage = Stage::new(1);
    for number in 0..5 {
        let name = name_of(&format!("left{number}"));
        let alice = alice(1);
        let left = stage.gateway.expect_network(&alice, &name);
        let gone = tokio::time::timeout(Duration::from_millis(5), left).await;
        assert!(gone.is_err(), "it takes longer");
    }
    stage.gateway.hold_rules(Look::Closely).await.unwrap();
    assert_eq!(stage.filter.most_inside.load(Ordering::SeqCst), 1);
    assert_eq!(stage.grants(), [], "what nobody makes any more is not kept open");
}

fn binding(address: Option<&str>, port: Option<u64>) -> PortBinding {
    PortBinding {
        container: "80/tcp".parse().unwrap(),
        address: address.map(|address| address.parse().unwrap()),
        port: port.map(|port| port.try_into().unwrap()),
    }
}

#[test]
fn a_port_on_loopback_opens_nothing_and_one_without_address_is_everywhere() {
    let addresses = |address, port| -> Vec<String> {
        opened(&binding(address, port)).iter().map(|one| one.address.to_string()).collect()
    };
    assert_eq!(addresses(None, Some(8443)), ["0.0.0.0", "::"]);
    assert_eq!(addresses(Some("192.168.7.2"), Some(8443)), ["192.168.7.2"]);
    assert_eq!(addresses(Some("127.0.0.1"), Some(8443)), [""; 0]);
    assert_eq!(addresses(Some("::1"), Some(8443)), [""; 0]);
    assert_eq!(addresses(Some("0.0.0.0"), None), [""; 0]);
}
