//! Limits of one container, and the sums of all.

use super::{changed, denial, judge, judged};
use crate::tenant_world::{
    ALICES, alice, facts, grants, mount, named, network, object, owner, tenant, volume,
};
use wharf_policy::{CgroupDriver, Denial, Facts, Rule, TenantFacts, Usage, bridge_name, cgroup_parent};
use wharf_wire::tenant::{
    CommitSpec, ContainerAct, LogDriver, LogSettings, MountKind, Resources, RestartChoice, TenantCall,
    TenantContainer, Ulimit,
};

fn refuses(rule: Rule, change: impl FnOnce(&mut TenantContainer)) {
    let answer = judged(changed(change));
    assert_eq!(answer.as_ref().map_err(|denial| denial.rule), Err(rule), "{answer:?}");
}

fn using(usage: Usage) -> Facts {
    Facts { tenant: TenantFacts { usage, ..facts().tenant }, ..facts() }
}

fn over(name: &str, used: &str, asked: &str, allowed: &str) -> Result<(), Denial> {
    denial(
        Rule::Limits,
        &format!("{name}: {used} used, {asked} asked, {allowed} allowed"),
        &format!("stop or remove containers, or ask the administrator (`tenants.alice.limits.{name}`)"),
    )
}

#[test]
fn limits_refuse_a_start_beyond_the_sums() {
    let start = |act: ContainerAct, usage: Usage, asking: Resources| {
        let mut facts = using(usage);
        facts.tenant.asking = asking;
        judge(TenantCall::Container { container: ALICES.container(), act }, &facts, &grants())
    };
    let acts =
        [ContainerAct::Start { detach_keys: None }, ContainerAct::Restart { signal: None, timeout: None }];
    for act in acts {
        let start = |usage, asking| start(act.clone(), usage, asking);
        let asking = crate::tenant_world::resources;
        let memory = Usage { memory: 7 << 29, ..Usage::default() };
        assert_eq!(start(memory, asking()), Ok(()), "to the last byte");
        let more = Resources { memory: Some(1 << 30), ..asking() };
        assert_eq!(start(memory, more), over("memory", "3.5G", "1G", "4G"));
        let swapping = Resources { memory_swap: Some(1 << 30), ..asking() };
        assert_eq!(start(memory, swapping), over("memory", "3.5G", "1G", "4G"), "swap is memory");
        let pids = Usage { pids: 1793, ..Usage::default() };
        assert_eq!(start(pids, asking()), over("pids", "1793", "256", "2048"));
        assert!(start(Usage { memory: u64::MAX, ..Usage::default() }, asking()).is_err(), "no overflow");
        for unlimited in [
            Resources { memory: None, ..asking() },
            Resources { memory: Some(0), ..asking() },
            Resources { nano_cpus: None, ..asking() },
            Resources { nano_cpus: Some(0), ..asking() },
            Resources { pids: Some(0), ..asking() },
        ] {
            assert_eq!(start(Usage::default(), unlimited).map_err(|denial| denial.rule), Err(Rule::Limits));
        }
    }
    let mut facts = facts();
    facts.tenant.asking = Resources { pids: None, ..facts.tenant.asking };
    let act = ContainerAct::Start { detach_keys: None };
    let unlimited = denial(
        Rule::Limits,
        "the container has no limit of pids",
        "make it anew through the gateway, which gives every container one",
    );
    let call = TenantCall::Container { container: ALICES.container(), act };
    assert_eq!(judge(call, &facts, &grants()), unlimited);
}

#[test]
fn limits_of_a_container_stand_from_its_creation_when_the_engine_would_start_it() {
    let full = using(Usage { memory: 4 << 30, ..Usage::default() });
    let made = |restart: RestartChoice| judge(changed(|c| c.host.restart = restart), &full, &grants());
    assert_eq!(made(RestartChoice::Always), over("memory", "4G", "512M", "4G"));
    assert_eq!(made(RestartChoice::UnlessStopped), over("memory", "4G", "512M", "4G"));
    assert_eq!(made(RestartChoice::No), Ok(()), "its start will be judged");
    assert_eq!(made(RestartChoice::OnFailure(0)), Ok(()));
    let alone = judge(
        changed(|c| (c.resources.memory, c.resources.memory_swap) = (Some(5 << 30), Some(5 << 30))),
        &facts(),
        &grants(),
    );
    assert_eq!(alone, over("memory", "0", "5G", "4G"), "it could never start");
}

#[test]
fn limits_refuse_more_objects_than_are_granted() {
    let many = using(Usage { containers: 20, volumes: 19, networks: 5, ..Usage::default() });
    let refused = |name: &str, used: u32, asked: u32, allowed: u32| {
        denial(
            Rule::Limits,
            &format!("{name}: {used} used, {asked} asked, {allowed} allowed"),
            &format!("remove {name}, or ask the administrator (`tenants.alice.limits.{name}`)"),
        )
    };
    assert_eq!(judge(changed(|_| {}), &many, &grants()), refused("containers", 20, 1, 20));
    assert_eq!(judge(TenantCall::CreateVolume(volume()), &many, &grants()), Ok(()));
    let all = using(Usage { volumes: 20, ..Usage::default() });
    assert_eq!(judge(TenantCall::CreateVolume(volume()), &all, &grants()), refused("volumes", 20, 1, 20));
    let few = using(Usage { volumes: 19, ..Usage::default() });
    let anonymous = |count: usize| {
        let one = || mount(MountKind::AnonymousVolume { no_copy: false });
        changed(|c| c.mounts = std::iter::repeat_with(one).take(count).collect())
    };
    assert_eq!(judge(anonymous(1), &few, &grants()), Ok(()));
    assert_eq!(judge(anonymous(2), &few, &grants()), refused("volumes", 19, 2, 20));
    assert_eq!(judge(TenantCall::CreateNetwork(network()), &many, &grants()), refused("networks", 5, 1, 5));
    let mut default = network();
    default.name = object("alice", "bridge");
    default.bridge = bridge_name(&alice(), &"bridge".parse().unwrap());
    assert_eq!(judge(TenantCall::CreateNetwork(default), &many, &grants()), Ok(()), "not counted");
}

#[test]
fn limits_refuse_what_takes_room_on_a_full_disk() {
    let full = using(Usage { disk: 21 << 30, ..Usage::default() });
    let refused = || {
        denial(
            Rule::Limits,
            "disk: 21G used, 20G allowed",
            "remove images, volumes or containers, or ask the administrator (`tenants.alice.limits.disk`)",
        )
    };
    let write = ContainerAct::WritePath { path: "/".into(), no_overwrite: false, copy_owners: false };
    let takes = [
        changed(|_| {}),
        TenantCall::CreateVolume(volume()),
        TenantCall::LoadImages { quiet: true, tenant: alice() },
        TenantCall::Container { container: ALICES.container(), act: write },
        TenantCall::Commit { container: ALICES.container(), commit: CommitSpec::default(), owner: owner() },
        TenantCall::Pull {
            image: named("alpine:3"),
            digest: format!("sha256:{}", "1".repeat(64)),
            platform: None,
            credentials: None,
        },
    ];
    for call in takes {
        assert_eq!(judge(call, &full, &grants()), refused());
    }
    let act = ContainerAct::Remove { volumes: true, force: true };
    let remove = TenantCall::Container { container: ALICES.container(), act };
    assert_eq!(judge(remove, &full, &grants()), Ok(()), "what makes room is always permitted");
}

#[test]
fn limits_refuse_an_update_beyond_the_sums_and_permit_what_lowers() {
    let update = |usage: Usage, resources: Resources, restart: Option<RestartChoice>| {
        let act = ContainerAct::Update { resources, restart };
        judge(TenantCall::Container { container: ALICES.container(), act }, &using(usage), &grants())
    };
    let none = Resources::default;
    let full = Usage { memory: 4 << 30, pids: 2048, ..Usage::default() };
    assert_eq!(update(full, none(), None), Ok(()));
    assert_eq!(update(full, Resources { memory: Some(256 << 20), ..none() }, None), Ok(()));
    let more = Resources { memory_swap: Some(1 << 30), ..none() };
    assert_eq!(update(full, more, None), over("memory", "4G", "1G", "4G"));
    let more = Resources { pids: Some(257), ..none() };
    assert_eq!(update(full, more, None), over("pids", "2048", "257", "2048"));
    assert_eq!(update(full, none(), Some(RestartChoice::No)), Ok(()));
    for restart in [RestartChoice::Always, RestartChoice::UnlessStopped, RestartChoice::OnFailure(1)] {
        assert_eq!(
            update(full, none(), Some(restart)),
            over("memory", "4G", "512M", "4G"),
            "it would come to count"
        );
    }
    let refused = denial(
        Rule::Limits,
        "the container would have no limit of processes",
        "give it one (`--pids-limit`)",
    );
    assert_eq!(update(Usage::default(), Resources { pids: Some(0), ..none() }, None), refused);
    let heavy = Resources { cpu_shares: Some(2048), ..none() };
    assert_eq!(update(Usage::default(), heavy, None).map_err(|denial| denial.rule), Err(Rule::Limits));
}

#[test]
fn limits_of_cpu_time_are_each_containers_and_their_sum_is_the_kernels() {
    let too_many = |asked: &str| {
        denial(
            Rule::Limits,
            &format!("cpus: {asked} asked for one container, 2 allowed for all together"),
            "ask for less (`--cpus`), or ask the administrator (`tenants.alice.limits.cpus`)",
        )
    };
    let made = |cpus| judged(changed(|c| c.resources.nano_cpus = Some(cpus)));
    assert_eq!(made(2_000_000_000), Ok(()), "whatever the others have");
    assert_eq!(made(2_000_000_001), too_many("2"));
    assert_eq!(made(2_500_000_000), too_many("2.5"));

    let with = |asking: Option<u64>, act: ContainerAct| {
        let mut facts = facts();
        facts.tenant.asking.nano_cpus = asking;
        judge(TenantCall::Container { container: ALICES.container(), act }, &facts, &grants())
    };
    let start = || ContainerAct::Start { detach_keys: None };
    let restart = || ContainerAct::Restart { signal: None, timeout: None };
    let update = |cpus, restart| ContainerAct::Update {
        resources: Resources { nano_cpus: cpus, ..Resources::default() },
        restart,
    };
    for act in [start, restart] {
        assert_eq!(with(Some(2_000_000_000), act()), Ok(()));
        assert_eq!(with(Some(3_000_000_000), act()), too_many("3"), "the grant has become less");
        assert_eq!(with(None, act()).map_err(|denial| denial.rule), Err(Rule::Limits));
    }
    let three = Some(3_000_000_000);
    assert_eq!(with(Some(1_000_000_000), update(Some(2_000_000_000), None)), Ok(()));
    assert_eq!(with(Some(1_000_000_000), update(three, None)), too_many("3"));
    assert_eq!(with(Some(4_000_000_000), update(three, None)), Ok(()), "less than before");
    assert_eq!(with(three, update(None, None)), Ok(()));
    assert_eq!(
        with(three, update(None, Some(RestartChoice::Always))),
        too_many("3"),
        "it would come to count"
    );
    assert_eq!(with(three, update(None, Some(RestartChoice::No))), Ok(()));
}

#[test]
fn limits_of_one_container_hold_whatever_the_sums_are() {
    refuses(Rule::Limits, |c| c.resources.memory = None);
    refuses(Rule::Limits, |c| c.resources.memory = Some(0));
    refuses(Rule::Limits, |c| c.resources.memory_swap = None); // the engine would double it
    refuses(Rule::Limits, |c| c.resources.memory_swap = Some(0));
    refuses(Rule::Limits, |c| c.resources.nano_cpus = Some(0));
    refuses(Rule::Limits, |c| c.resources.pids = Some(0));
    refuses(Rule::Limits, |c| c.resources.memory_reservation = Some(1 << 40));
    refuses(Rule::Limits, |c| c.host.shm_size = Some(1 << 40));
    refuses(Rule::Limits, |c| c.host.log = LogSettings::default());
    refuses(Rule::Limits, |c| c.host.log.max_size = Some(0));
    refuses(Rule::Limits, |c| c.host.log.max_file = Some(0));
    refuses(Rule::Limits, |c| c.host.log.max_size = Some(1 << 40));
    refuses(Rule::Limits, |c| c.host.log.max_file = Some(u32::MAX));
    let tmpfs = |size| vec![mount(MountKind::Tmpfs { size, mode: None, exec: true })];
    refuses(Rule::Limits, |c| c.mounts = tmpfs(None));
    refuses(Rule::Limits, |c| c.mounts = tmpfs(Some(1 << 40)));
    let ulimit = |name: &str, value| vec![Ulimit { name: name.into(), soft: value, hard: value }];
    refuses(Rule::Limits, |c| c.resources.ulimits = ulimit("rtprio", 99));
    refuses(Rule::Limits, |c| c.resources.ulimits = ulimit("nice", 40));
    refuses(Rule::Limits, |c| c.resources.ulimits = ulimit("nofile", -1));
    refuses(Rule::Limits, |c| c.resources.ulimits = ulimit("nofile", 1 << 30));
    refuses(Rule::Limits, |c| (c.cgroup_parent, c.resources.cpu_shares) = (None, Some(262_144)));
    refuses(Rule::Limits, |c| (c.cgroup_parent, c.resources.blkio_weight) = (None, Some(1000)));
    for call in [
        changed(|c| c.mounts = tmpfs(Some(64 << 20))),
        changed(|c| c.host.shm_size = Some(128 << 20)),
        changed(|c| c.resources.ulimits = ulimit("nofile", 1 << 20)),
        changed(|c| c.resources.cpu_shares = Some(262_144)),
        changed(|c| c.host.log = LogSettings { driver: LogDriver::None, ..LogSettings::default() }),
    ] {
        assert_eq!(judged(call), Ok(()));
    }
}

#[test]
fn limits_hold_because_the_control_group_is_the_tenants_own() {
    let under = |parent: &str| judged(changed(|c| c.cgroup_parent = Some(parent.into())));
    for parent in ["/", "../..", "system.slice", "/wharf/bob", "/wharf/alice/../bob", "wharf-bob.slice", ""] {
        let reason = format!("control group `{parent}` is not the tenant's own");
        let hint = "leave it out: every container of a tenant runs under the tenant's own";
        assert_eq!(under(parent), denial(Rule::Limits, &reason, hint));
    }
    assert_eq!(under("/wharf/alice"), Ok(()));
    assert_eq!(under("wharf-alice.slice"), Ok(()));
    let slice = |name: &str| cgroup_parent(&tenant(name, 1), CgroupDriver::Systemd);
    assert_eq!(slice("alice-web"), Some("wharf-alice_web.slice".into()), "not within alice's");
    assert_eq!(cgroup_parent(&alice(), CgroupDriver::None), None);
}
