//! An engine with the workstations `foo` and `foo-bar`, and what merely looks like theirs.

use crate::world::{id, image, summary};
use serde_json::json;
use wharf_model::{WorkstationName, WorkstationRole};
use wharf_policy::{
    Facts, Home, OwnedWorkstation, OwnedWorkstationExec, OwnedWorkstationImage, UntaggedImage,
    WorkstationFacts,
};
use wharf_wire::Call;
use wharf_wire::workstation::{
    HostBind, MakerSpec, WorkstationAct, WorkstationCall, WorkstationImage, WorkstationSpec, WorkstationUser,
};

/// `foo` itself, its maker, what was `foo` before, `foo-bar`, a name without the label, a label without the name.
pub(crate) const FOO: char = '1';
pub(crate) const MAKER: char = '2';
pub(crate) const FORMER: char = '3';
pub(crate) const FOO_BAR: char = '4';
pub(crate) const UNLABELLED: char = '5';
pub(crate) const MISNAMED: char = '6';

pub(crate) fn name(text: &str) -> WorkstationName {
    text.parse().unwrap()
}

pub(crate) fn made(workstation: &str) -> WorkstationImage {
    WorkstationImage::of_recipe(&name(workstation), b"FROM debian")
}

pub(crate) fn facts() -> Facts {
    let label = |name| [("wharfinger.workstation", name)];
    let seen = [
        summary(FOO, "workstation-foo", &label("foo")),
        summary(MAKER, "workstation-foo.making", &label("foo")),
        summary(FORMER, "workstation-foo.former", &label("foo")),
        summary(FOO_BAR, "workstation-foo-bar", &label("foo-bar")),
        summary(UNLABELLED, "workstation-baz", &[]),
        summary(MISNAMED, "stranger", &label("foo")),
        summary('7', "workstation-foo-bar", &label("foo")),
    ];
    let containers: Vec<OwnedWorkstation> = seen.iter().filter_map(OwnedWorkstation::observed).collect();
    let mut workstations = WorkstationFacts { containers, ..WorkstationFacts::default() };
    for letter in [FOO, FOO_BAR, UNLABELLED] {
        let details =
            json!({"Running": true, "ExitCode": null, "ContainerID": letter.to_string().repeat(64)});
        let details = serde_json::from_value(details).unwrap();
        let exec = crate::world::exec_id(letter);
        workstations.execs.extend(OwnedWorkstationExec::observed(exec, &details, &workstations));
    }
    let homes =
        [("foo", Home::Own), ("foo-bar", Home::Own), ("fresh", Home::Absent), ("taken", Home::Foreign)];
    workstations.homes = homes.into_iter().map(|(text, home)| (name(text), home)).collect();
    let listed = |workstation: &str| {
        let listed = json!({"Id": image().as_str(), "RepoTags": [made(workstation).to_string(), "debian:latest"],
                            "Labels": {"wharfinger.workstation": "foo"}});
        serde_json::from_value(listed).unwrap()
    };
    let images = ["foo", "foo-bar"].into_iter();
    workstations.images =
        images.flat_map(|tagged| OwnedWorkstationImage::observed(&name("foo"), &listed(tagged))).collect();
    let unnamed = [("a", "<none>:<none>", true), ("b", "mine:latest", true), ("c", "<none>:<none>", false)];
    workstations.untagged = unnamed
        .into_iter()
        .filter_map(|(letter, tag, is_made)| {
            let mut labels = json!({"wharfinger.workstation": "foo"});
            if is_made {
                labels["wharfinger.workstation.recipe"] = "FROM debian".into();
            }
            let id = format!("sha256:{}", letter.repeat(64));
            let listed = serde_json::from_value(json!({"Id": id, "RepoTags": [tag], "Labels": labels}));
            UntaggedImage::observed(&name("foo"), &listed.unwrap())
        })
        .collect();
    Facts { workstations, ..Facts::default() }
}

pub(crate) fn untagged(letter: char) -> wharf_model::ImageId {
    format!("sha256:{}", letter.to_string().repeat(64)).parse().unwrap()
}

pub(crate) fn spec() -> WorkstationSpec {
    WorkstationSpec {
        command: vec!["/run/wharf/session".into(), "serve".into()],
        environment: [].into(),
        user: WorkstationUser { uid: 1000, gid: 1000 },
        home: "/home/ada".parse().unwrap(),
        mounts: Vec::new(),
        memory: None,
        nano_cpus: None,
        pids: None,
        definition: "image: debian\n".into(),
        image: "debian".into(),
        session: "0123456789ab".into(),
    }
}

pub(crate) fn create(workstation: &str, role: WorkstationRole, spec: WorkstationSpec) -> Call {
    let container = name(workstation).container(role);
    Call::Workstation(WorkstationCall::Create { container, image: image(), spec: Box::new(spec) })
}

pub(crate) fn mounting(source: &str, target: &str) -> Call {
    let mount = HostBind { source: source.into(), target: target.parse().unwrap(), readonly: true };
    create("foo", WorkstationRole::Itself, WorkstationSpec { mounts: vec![mount], ..spec() })
}

pub(crate) fn maker(workstation: &str) -> Call {
    let maker = MakerSpec { script: "true".into(), recipe: "FROM debian".into() };
    Call::Workstation(WorkstationCall::CreateMaker { workstation: name(workstation), image: image(), maker })
}

pub(crate) fn act(letter: char, act: WorkstationAct) -> Call {
    Call::Workstation(WorkstationCall::Container { container: id(letter), act })
}

pub(crate) fn renamed(letter: char, workstation: &str, role: WorkstationRole) -> Call {
    act(letter, WorkstationAct::Rename(name(workstation).container(role)))
}

pub(crate) fn commit(letter: char, image: WorkstationImage) -> Call {
    Call::Workstation(WorkstationCall::Commit { container: id(letter), image })
}
