//! Plans against a small model of an engine: whatever was there, a plan that was applied leaves nothing to do, and so
//! does one that was applied after another was cut short anywhere.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use wharf_model::{ContainerId, EngineName, ImageId, ImageRef, PodName};
use wharf_pod::{
    Action, Desired, EngineFacts, HostFacts, Images, Observed, Plan, Reason, desired, parse, plan,
};
use wharf_wire::{ContainerState, ContainerSummary, NetworkChoice};

const IMAGES: [&str; 3] = ["one:latest", "two:latest", "wharf.invalid/pause:1"];
const HASH: &str = "wharf.config-hash";
const ROOT: &str = "org.hezmatt.moby-derp.root-container-id";

/// A container of the model's.
#[derive(Debug, Clone, PartialEq)]
struct Held {
    id: ContainerId,
    image: ImageId,
    state: ContainerState,
    labels: BTreeMap<String, String>,
    /// Which start of the root container its namespaces are of; nothing for the root container and what does not run.
    joined: Option<u64>,
}

/// As much of an engine as a plan can see, and what it cannot see: whose namespaces a member runs in.
#[derive(Debug, Clone, Default, PartialEq)]
struct Engine {
    containers: BTreeMap<EngineName, Held>,
    made: u64,
    root_starts: u64,
}

/// One request that changes something.
#[derive(Debug, Clone)]
enum Op {
    Stop(EngineName),
    Remove(EngineName),
    Create(EngineName),
    Start(EngineName),
}

fn pod() -> PodName {
    "blog".parse().unwrap()
}

fn root_name() -> EngineName {
    EngineName::root(&pod())
}

fn image_id(number: u64) -> ImageId {
    format!("sha256:{number:064x}").parse().unwrap()
}

impl Engine {
    /// What a list of containers shows.
    fn observed(&self) -> Observed {
        let summaries: Vec<(EngineName, ContainerSummary)> = self.containers.iter().map(summary).collect();
        Observed::new(summaries.iter().map(|(name, summary)| (name, summary)))
    }

    fn apply(&mut self, op: &Op, desired: &Desired, images: &Images) {
        match op {
            Op::Stop(name) => {
                let held = self.containers.get_mut(name).unwrap();
                if is_up(held.state) {
                    (held.state, held.joined) = (ContainerState::Exited, None);
                }
            }
            Op::Remove(name) => drop(self.containers.remove(name)),
            Op::Create(name) => self.create(name, desired, images),
            Op::Start(name) => self.start(name),
        }
    }

    fn create(&mut self, name: &EngineName, desired: &Desired, images: &Images) {
        self.made += 1;
        let id: ContainerId = format!("{:064x}", self.made).parse().unwrap();
        let member = desired.members.iter().find(|member| member.engine_name(&pod()) == *name);
        let (image, spec) = match member {
            Some(member) => (&member.image, member.spec(&pod(), &self.containers[&root_name()].id)),
            None => (&desired.root.image, desired.root.spec(&pod())),
        };
        let labels = spec.settings.labels.clone();
        let held =
            Held { id, image: images[image].clone(), state: ContainerState::Created, labels, joined: None };
        assert_eq!(
            self.containers.insert(name.clone(), held),
            None,
            "the engine refuses a name that is taken"
        );
    }

    /// A member joins the namespaces that its root container has now; without a running one the engine refuses.
    fn start(&mut self, name: &EngineName) {
        let is_root = name.member.is_none();
        let root = &self.containers[&root_name()];
        let joins = Some(root.id.to_string());
        assert!(
            is_root || root.state == ContainerState::Running,
            "{name} is started before its root container"
        );
        self.root_starts += u64::from(is_root);
        let held = self.containers.get_mut(name).unwrap();
        assert!(
            is_root || held.labels.get(ROOT).cloned() == joins,
            "{name} belongs to another root container"
        );
        (held.state, held.joined) = (ContainerState::Running, (!is_root).then_some(self.root_starts));
    }
}

fn summary((name, held): (&EngineName, &Held)) -> (EngineName, ContainerSummary) {
    let listed = serde_json::json!({
        "Id": held.id, "Names": [format!("/{name}")], "ImageID": held.image, "Labels": held.labels,
        "State": format!("{:?}", held.state).to_lowercase(),
    });
    (name.clone(), serde_json::from_value(listed).unwrap())
}

fn is_up(state: ContainerState) -> bool {
    matches!(state, ContainerState::Running | ContainerState::Restarting | ContainerState::Paused)
}

/// The requests of a plan, in the order in which a run makes them: what goes, goes first, the root container last; then
/// the root container comes, then the members.
fn ops(plan: &Plan) -> Vec<Op> {
    let (members, roots): (Vec<_>, Vec<_>) = plan.steps.iter().partition(|step| step.name.member.is_some());
    let leaving = |action: &Action| matches!(action, Action::Replace(..) | Action::Remove(_));
    let stops = |action: &Action| leaving(action) || matches!(action, Action::Rejoin(_));
    let mut ops = Vec::new();
    for group in [&members, &roots] {
        ops.extend(group.iter().filter(|step| stops(&step.action)).map(|step| Op::Stop(step.name.clone())));
    }
    for group in [&members, &roots] {
        ops.extend(
            group.iter().filter(|step| leaving(&step.action)).map(|step| Op::Remove(step.name.clone())),
        );
    }
    for group in [&roots, &members] {
        for step in group {
            let name = || step.name.clone();
            match step.action {
                Action::Create | Action::Replace(..) => ops.extend([Op::Create(name()), Op::Start(name())]),
                Action::Start(_) | Action::Rejoin(_) => ops.push(Op::Start(name())),
                Action::Keep(_) | Action::Remove(_) => {}
            }
        }
    }
    ops
}

/// A pod file's text.
fn text() -> impl Strategy<Value = String> {
    let restart = select(vec!["'no'", "always", "unless-stopped", "on-failure"]);
    let member = (restart, select(vec!["one", "two"]), 0..2u8);
    let names = subsequence(vec!["a", "b", "c", "d"], 1..=4);
    (names, vec(member, 4), 0..2u8, any::<bool>()).prop_map(|(names, members, edition, share_pid)| {
        let line = |(name, (restart, image, edition)): (&str, (&str, &str, u8))| {
            format!(
                "  {name}: {{image: {image}, restart: {restart}, environment: {{EDITION: '{edition}'}}}}\n"
            )
        };
        let members: String = names.into_iter().zip(members).map(line).collect();
        format!("hostname: edition{edition}\nshare_pid: {share_pid}\ncontainers:\n{members}")
    })
}

fn wanted(text: &str) -> Desired {
    let host = HostFacts {
        hostname: Some("quay".into()),
        mount_root: None,
        use_host_resolv_conf: false,
        keep_net_raw: false,
        environment_files: BTreeMap::new(),
        ..HostFacts::default()
    };
    let engine = EngineFacts {
        cpus: 2,
        hostname: "quay".into(),
        network: NetworkChoice::DefaultBridge,
        ipv6_subnet: None,
        pause_image: "wharf.invalid/pause:1".parse().unwrap(),
    };
    desired(&parse(text).unwrap(), &pod(), &host, &engine).unwrap()
}

/// Every reference has an image; which, differs from time to time.
fn images() -> impl Strategy<Value = Images> {
    vec(0..3u64, 3).prop_map(|numbers| {
        let reference = |text: &str| text.parse::<ImageRef>().unwrap();
        IMAGES.iter().zip(numbers).map(|(text, number)| (reference(text), image_id(number))).collect()
    })
}

/// Something that happens to a container when nobody looks.
#[derive(Debug, Clone)]
enum Mishap {
    Gone,
    Is(ContainerState),
    NotOurs,
    OfAnotherRoot,
}

fn mishap() -> impl Strategy<Value = Mishap> {
    use ContainerState::{Created, Dead, Exited, Paused, Removing, Restarting, Running};
    let states = select(vec![Created, Running, Paused, Restarting, Removing, Exited, Exited, Exited, Dead]);
    prop_oneof![
        2 => Just(Mishap::Gone),
        6 => states.prop_map(Mishap::Is),
        1 => Just(Mishap::NotOurs),
        1 => Just(Mishap::OfAnotherRoot),
    ]
}

fn befall(engine: &mut Engine, name: &EngineName, mishap: &Mishap) {
    let starts = engine.root_starts;
    let Some(held) = engine.containers.get_mut(name) else { return };
    match mishap {
        Mishap::Gone => drop(engine.containers.remove(name)),
        Mishap::Is(state) => {
            held.state = *state;
            held.joined = (is_up(*state) && name.member.is_some()).then_some(starts);
        }
        Mishap::NotOurs => drop(held.labels.remove(HASH)), // as moby-derp makes them
        Mishap::OfAnotherRoot => drop(held.labels.insert(ROOT.into(), "f".repeat(64))),
    }
}

/// An engine on which a pod was made, perhaps cut short, and then met with mishaps.
fn engine() -> impl Strategy<Value = Engine> {
    let mishaps = vec((select(vec!["blog", "blog.a", "blog.b", "blog.c", "blog.d"]), mishap()), 0..4);
    (text(), images(), any::<prop::sample::Index>(), mishaps).prop_map(|(text, images, cut, mishaps)| {
        let mut engine = Engine::default();
        let wanted = wanted(&text);
        let ops = ops(&plan(&wanted, &images, &engine.observed()));
        let most = cut.index(2 * ops.len() + 1);
        ops.iter().take(most).for_each(|op| engine.apply(op, &wanted, &images));
        for (name, mishap) in &mishaps {
            befall(&mut engine, &name.parse().unwrap(), mishap);
        }
        engine
    })
}

fn make(engine: &mut Engine, wanted: &Desired, images: &Images) -> Plan {
    let plan = plan(wanted, images, &engine.observed());
    for op in ops(&plan) {
        engine.apply(&op, wanted, images);
    }
    plan
}

/// What the plan promises, seen from the engine's side.
fn check_right(engine: &Engine, wanted: &Desired, images: &Images) -> Result<(), TestCaseError> {
    let again = plan(wanted, images, &engine.observed());
    prop_assert!(again.is_empty(), "{again:?}");
    let names: Vec<EngineName> = engine.containers.keys().cloned().collect();
    let mut expected = vec![root_name()];
    expected.extend(wanted.members.iter().map(|member| member.engine_name(&pod())));
    expected.sort();
    prop_assert_eq!(names, expected);
    let root = &engine.containers[&root_name()];
    let id = root.id.to_string();
    prop_assert_eq!(root.state, ContainerState::Running);
    for (name, held) in engine.containers.iter().filter(|(name, _)| name.member.is_some()) {
        prop_assert_eq!(held.labels.get(ROOT), Some(&id), "{}", name);
        if is_up(held.state) {
            prop_assert_eq!(held.joined, Some(engine.root_starts), "{} runs in namespaces of the past", name);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_plan_that_was_applied_leaves_nothing_to_do(mut engine in engine(), text in text(), images in images()) {
        let wanted = wanted(&text);
        make(&mut engine, &wanted, &images);
        check_right(&engine, &wanted, &images)?;
    }

    #[test]
    fn a_plan_cut_short_anywhere_is_made_up_for_by_the_next(
        mut engine in engine(),
        texts in (text(), text()),
        images in (images(), images()),
        cut in any::<prop::sample::Index>(),
    ) {
        let first = wanted(&texts.0);
        let ops = ops(&plan(&first, &images.0, &engine.observed()));
        ops.iter().take(cut.index(ops.len() + 1)).for_each(|op| engine.apply(op, &first, &images.0));
        let second = wanted(&texts.1);
        make(&mut engine, &second, &images.1);
        check_right(&engine, &second, &images.1)?;
    }

    #[test]
    fn what_ran_runs_after_a_run_that_was_cut_short_and_another(
        mut engine in engine(),
        text in text(),
        images in images(),
        cut in any::<prop::sample::Index>(),
    ) {
        let wanted = wanted(&text);
        let ran: Vec<EngineName> = engine.containers.iter().filter(|(_, held)| is_up(held.state)).map(|(name, _)| name.clone()).collect();
        let ops = ops(&plan(&wanted, &images, &engine.observed()));
        ops.iter().take(cut.index(ops.len() + 1)).for_each(|op| engine.apply(op, &wanted, &images));
        make(&mut engine, &wanted, &images);
        for name in ran.iter().filter(|name| engine.containers.contains_key(name)) {
            prop_assert!(is_up(engine.containers[name].state), "{} ran, and does not run any more", name);
        }
    }

    #[test]
    fn a_container_is_replaced_when_its_configuration_image_or_root_is_another_and_never_else(
        engine in engine(),
        text in text(),
        images in images(),
    ) {
        let wanted = wanted(&text);
        let observed = engine.observed();
        let plan = plan(&wanted, &images, &observed);
        let root = plan.steps[0].action.clone();
        let root_stays = match &root {
            Action::Keep(id) | Action::Start(id) => Some(id.to_string()),
            _ => None,
        };
        for member in &wanted.members {
            let name = member.engine_name(&pod());
            let action = &plan.step(&name).unwrap().action;
            let Some(held) = engine.containers.get(&name) else {
                prop_assert_eq!(action, &Action::Create);
                continue;
            };
            let same_hash = held.labels.get(HASH).map(String::as_str) == Some(member.hash.as_str());
            let same_image = held.image == images[&member.image];
            let same_root = root_stays.is_some() && held.labels.get(ROOT) == root_stays.as_ref();
            let of_its_state = match held.state {
                ContainerState::Dead | ContainerState::Removing => Some(Reason::Dead),
                ContainerState::Paused => Some(Reason::Paused),
                _ => None,
            };
            let expected = match (same_hash, same_image, of_its_state, same_root) {
                (false, ..) => Some(Reason::Configuration),
                (_, false, ..) => Some(Reason::Image),
                (_, _, Some(reason), _) => Some(reason),
                (.., false) => Some(Reason::Root),
                _ => None,
            };
            match (action, expected) {
                (Action::Replace(id, reason), Some(expected)) => {
                    prop_assert_eq!((id, *reason), (&held.id, expected));
                }
                // The root container is started anew, and a job that ran in its old namespaces is made anew.
                (Action::Replace(id, Reason::Root), None) => {
                    prop_assert!(matches!(root, Action::Start(_)) && is_up(held.state));
                    prop_assert_eq!(id, &held.id);
                }
                (Action::Keep(id) | Action::Start(id) | Action::Rejoin(id), None) => prop_assert_eq!(id, &held.id),
                (action, expected) => prop_assert!(false, "{action:?}, where {expected:?}"),
            }
        }
    }

    #[test]
    fn a_plan_has_one_step_for_every_container_wished_or_there(
        engine in engine(),
        text in text(),
        images in images(),
    ) {
        let wanted = wanted(&text);
        let plan = plan(&wanted, &images, &engine.observed());
        let mut names: Vec<EngineName> = plan.steps.iter().map(|step| step.name.clone()).collect();
        prop_assert_eq!(&names[0], &root_name());
        let mut all: Vec<EngineName> = engine.containers.keys().cloned().collect();
        all.push(root_name());
        all.extend(wanted.members.iter().map(|member| member.engine_name(&pod())));
        all.sort();
        all.dedup();
        names.sort();
        prop_assert_eq!(names, all);
        let is_wished = |name: &EngineName| wanted.members.iter().any(|member| member.engine_name(&pod()) == *name);
        for step in plan.steps.iter().skip(1) {
            prop_assert_eq!(matches!(step.action, Action::Remove(_)), !is_wished(&step.name));
        }
    }
}
