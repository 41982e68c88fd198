//! Sequences and grants that nobody thought of: the sums are never overshot, and what was completed is not denied.

use crate::tenant_world::{ALICES, as_alice, bare, facts, grant, granting, resources};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeSet;
use wharf_model::{ByteSize, PerContainer, Protocol, TenantGrant, TenantLimits};
use wharf_policy::{Facts, Grants, TenantFacts, Usage, complete, decide};
use wharf_wire::Call;
use wharf_wire::tenant::{ContainerAct, PortBinding, Resources, RestartChoice, TenantCall};

/// A container as the engine has it.
#[derive(Debug, Clone)]
struct Container {
    resources: Resources,
    restart: RestartChoice,
    runs: bool,
    stopped_by_hand: bool,
    failed: bool,
}

/// What a tenant, the engine or fate does next; numbers choose a container.
#[derive(Debug, Clone)]
enum Step {
    Create { resources: Resources, restart: RestartChoice },
    Start(usize),
    Restart(usize),
    Update { which: usize, resources: Resources, restart: Option<RestartChoice> },
    Stop(usize),
    Exit { which: usize, failed: bool },
    Remove(usize),
    EngineRestarts,
}

impl Container {
    /// What the engine starts by itself when it starts.
    fn would_start(&self) -> bool {
        match self.restart {
            RestartChoice::No => false,
            RestartChoice::Always => true,
            RestartChoice::UnlessStopped => !self.stopped_by_hand,
            RestartChoice::OnFailure(_) => self.failed,
        }
    }

    fn counts(&self) -> bool {
        self.runs || self.would_start()
    }

    /// As the engine applies an update: zero changes nothing, but for processes, where it lifts the limit.
    fn update(&mut self, by: &Resources, restart: Option<RestartChoice>) {
        let said = |new: Option<u64>, old| new.filter(|value| *value > 0).or(old);
        self.resources.memory = said(by.memory, self.resources.memory);
        self.resources.memory_swap = said(by.memory_swap, self.resources.memory_swap);
        self.resources.nano_cpus = said(by.nano_cpus, self.resources.nano_cpus);
        self.resources.pids = match by.pids {
            Some(0) => None,
            other => other.or(self.resources.pids),
        };
        self.restart = restart.unwrap_or(self.restart);
    }
}

fn usage<'a>(containers: impl Iterator<Item = &'a Container>) -> Usage {
    let mut usage = Usage::default();
    for container in containers {
        usage.containers += 1;
        if container.counts() {
            let r = &container.resources;
            usage.memory += r.memory.unwrap().max(r.memory_swap.unwrap());
            usage.pids += u64::from(r.pids.unwrap());
        }
    }
    usage
}

struct World {
    containers: Vec<Container>,
    grants: Grants,
    limits: TenantLimits,
}

impl World {
    fn others(&self, which: usize) -> Usage {
        usage(self.containers.iter().enumerate().filter(|(at, _)| *at != which).map(|(_, c)| c))
    }

    fn permits(&self, call: TenantCall, usage: Usage, asking: Resources) -> bool {
        let facts = Facts { tenant: TenantFacts { usage, asking, ..facts().tenant }, ..facts() };
        decide(&as_alice(), Call::Tenant(call), &facts, &self.grants).is_ok()
    }

    fn acts(&self, which: usize, act: ContainerAct) -> bool {
        let call = TenantCall::Container { container: ALICES.container(), act };
        self.permits(call, self.others(which), self.containers[which].resources.clone())
    }

    /// Does a step if it is permitted; says whether it was.
    fn take(&mut self, step: Step) -> bool {
        let count = self.containers.len();
        let chosen = |which: usize| if count == 0 { None } else { Some(which % count) };
        match step {
            Step::Create { resources, restart } => {
                let mut container = bare();
                (container.resources, container.host.restart) = (resources, restart);
                let tenant: &TenantGrant = &self.grants.tenants.values().next().unwrap().grant;
                complete(&mut container, tenant, &BTreeSet::new()).unwrap();
                let resources = container.resources.clone();
                let call = TenantCall::CreateContainer { container: Box::new(container), platform: None };
                let permitted = self.permits(call, usage(self.containers.iter()), Resources::default());
                if permitted {
                    self.containers.push(Container {
                        resources,
                        restart,
                        runs: false,
                        stopped_by_hand: false,
                        failed: false,
                    });
                }
                permitted
            }
            Step::Start(which) | Step::Restart(which) => {
                let Some(which) = chosen(which) else { return false };
                let act = match step {
                    Step::Start(_) => ContainerAct::Start { detach_keys: None },
                    _ => ContainerAct::Restart { signal: None, timeout: None },
                };
                let permitted = self.acts(which, act);
                if permitted {
                    let container = &mut self.containers[which];
                    (container.runs, container.stopped_by_hand, container.failed) = (true, false, false);
                }
                permitted
            }
            Step::Update { which, resources, restart } => {
                let Some(which) = chosen(which) else { return false };
                let act = ContainerAct::Update { resources: resources.clone(), restart };
                let permitted = self.acts(which, act);
                if permitted {
                    self.containers[which].update(&resources, restart);
                }
                permitted
            }
            Step::Stop(which) => {
                let Some(which) = chosen(which) else { return false };
                let container = &mut self.containers[which];
                // By a signal, which is a failure to the engine.
                (container.stopped_by_hand, container.failed) =
                    (container.stopped_by_hand || container.runs, container.failed || container.runs);
                container.runs = false;
                true
            }
            Step::Exit { which, failed } => {
                let Some(which) = chosen(which) else { return false };
                let container = &mut self.containers[which];
                if container.runs {
                    (container.runs, container.failed) = (false, failed);
                }
                true
            }
            Step::Remove(which) => {
                chosen(which).map(|which| self.containers.remove(which));
                true
            }
            Step::EngineRestarts => {
                for container in &mut self.containers {
                    container.runs = container.would_start();
                }
                true
            }
        }
    }

    /// What runs, measured without regard to what was thought to count.
    fn check(&self) -> Result<(), TestCaseError> {
        let all = usage(self.containers.iter());
        prop_assert!(all.memory <= self.limits.memory.bytes(), "{all:?}");
        let running = self.containers.iter().filter(|container| container.runs);
        let most = running.filter_map(|container| container.resources.nano_cpus).max();
        prop_assert!(most <= Some(self.limits.nano_cpus), "{most:?}");
        prop_assert!(all.pids <= u64::from(self.limits.pids), "{all:?}");
        prop_assert!(all.containers <= self.limits.containers, "{all:?}");
        Ok(())
    }
}

fn restarts() -> impl Strategy<Value = RestartChoice> {
    prop_oneof![
        Just(RestartChoice::No),
        Just(RestartChoice::Always),
        Just(RestartChoice::UnlessStopped),
        (0u32..3).prop_map(RestartChoice::OnFailure),
    ]
}

/// Small numbers around what is granted, zero and nothing among them.
fn wishes() -> impl Strategy<Value = Resources> {
    let bytes = || proptest::option::of((0u64..6).prop_map(|n| n << 28));
    let cpus = proptest::option::of((0u64..6).prop_map(|n| n * 500_000_000));
    let pids = proptest::option::of((0u32..6).prop_map(|n| n * 512));
    (bytes(), bytes(), cpus, pids).prop_map(|(memory, memory_swap, nano_cpus, pids)| Resources {
        memory,
        memory_swap,
        nano_cpus,
        pids,
        ..Resources::default()
    })
}

fn steps() -> impl Strategy<Value = Step> {
    let which = || 0usize..8;
    prop_oneof![
        3 => (wishes(), restarts()).prop_map(|(resources, restart)| Step::Create { resources, restart }),
        4 => which().prop_map(Step::Start),
        1 => which().prop_map(Step::Restart),
        4 => (which(), wishes(), proptest::option::of(restarts()))
            .prop_map(|(which, resources, restart)| Step::Update { which, resources, restart }),
        2 => which().prop_map(Step::Stop),
        1 => (which(), any::<bool>()).prop_map(|(which, failed)| Step::Exit { which, failed }),
        1 => which().prop_map(Step::Remove),
        1 => Just(Step::EngineRestarts),
    ]
}

fn limits() -> TenantLimits {
    let gib = |count: u64| ByteSize::try_from(count << 30).unwrap();
    let per_container =
        PerContainer { nano_cpus: 500_000_000, memory: ByteSize::try_from(256 << 20).unwrap(), pids: 512 };
    TenantLimits {
        memory: gib(2),
        nano_cpus: 2_000_000_000,
        pids: 4096,
        containers: 7,
        per_container,
        ..TenantLimits::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_overshoots_the_sums(steps in vec(steps(), 1..40)) {
        let grants = granting(|grant| grant.limits = limits());
        let mut world = World { containers: Vec::new(), grants, limits: limits() };
        for step in steps {
            world.take(step);
            world.check()?;
        }
    }

    #[test]
    fn a_completed_wish_is_never_denied_where_the_grant_has_room(
        granted in grants_of(),
        ports in vec((any::<bool>(), 1u16..100), 0..4),
        publish_all in any::<bool>(),
    ) {
        let (per_container, capabilities, range) = granted;
        let change = |grant: &mut TenantGrant| {
            grant.limits.per_container = per_container.clone();
            grant.capabilities = capabilities.clone();
            grant.ports = range.iter().map(|text| text.parse().unwrap()).collect();
        };
        let mut granted = grant("alice");
        change(&mut granted);
        let mut container = bare();
        container.host.publish_all = publish_all;
        container.process.exposed_ports = vec!["80".parse().unwrap()];
        container.host.published = ports.iter().map(|(udp, port)| PortBinding {
            container: format!("{port}/{}", if *udp { "udp" } else { "tcp" }).parse().unwrap(),
            address: None,
            port: None,
        }).collect();
        complete(&mut container, &granted, &[(Protocol::Tcp, 20_001)].into()).unwrap();
        let chosen: BTreeSet<_> =
            container.host.published.iter().map(|b| (b.container.protocol, b.port.unwrap())).collect();
        prop_assert_eq!(chosen.len(), container.host.published.len(), "each has a port of its own");
        prop_assert!(!chosen.contains(&(Protocol::Tcp, "20001".parse().unwrap())), "it was taken");
        let mut again = container.clone();
        complete(&mut again, &granted, &BTreeSet::new()).unwrap();
        prop_assert_eq!(&again, &container);
        let call = TenantCall::CreateContainer { container: Box::new(container), platform: None };
        let facts = Facts { tenant: TenantFacts { asking: resources(), ..facts().tenant }, ..facts() };
        let answer = decide(&as_alice(), Call::Tenant(call), &facts, &granting(change)).map(drop);
        prop_assert_eq!(answer, Ok(()));
    }
}

/// Usual sizes no larger than the whole, any capabilities, and enough ports.
fn grants_of() -> impl Strategy<Value = (PerContainer, BTreeSet<String>, Vec<&'static str>)> {
    let per_container =
        (1u64..=2_000_000_000, 1u64..=4 << 30, 1u32..=2048).prop_map(|(nano_cpus, memory, pids)| {
            PerContainer { nano_cpus, memory: ByteSize::try_from(memory).unwrap(), pids }
        });
    let names = ["NET_RAW", "MKNOD", "NET_ADMIN", "SYS_ADMIN", "CHOWN"];
    let capabilities = proptest::sample::subsequence(names.to_vec(), 0..=names.len())
        .prop_map(|names| names.into_iter().map(str::to_owned).collect());
    let ranges = prop_oneof![
        Just(vec!["20000-20099"]),
        Just(vec!["80", "127.0.0.1:20000-20099"]),
        Just(vec!["127.0.0.1:20000-20002", "[::1]:30000-30009", "0.0.0.0:1-1100"]),
    ];
    (per_container, capabilities, ranges)
}
