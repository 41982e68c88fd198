//! Workstations: each rule with its reason and its hint, and the neighbouring case that passes.

use crate::workstation_world::{
    FOO, FOO_BAR, MAKER, act, commit, create, facts, made, mounting, name, renamed, spec,
};
use crate::world::{blog, grants, id};
use wharf_model::WorkstationRole;
use wharf_policy::{Actor, Denial, Rule, decide};
use wharf_wire::Call;
use wharf_wire::workstation::{WorkstationAct, WorkstationCall, WorkstationExec};

fn judged(call: Call) -> Result<(), Denial> {
    decide(&Actor::Administrator, call, &facts(), &grants()).map(drop)
}

fn denial(rule: Rule, reason: &str, hint: &str) -> Result<(), Denial> {
    Err(Denial { rule, reason: reason.into(), hint: Some(hint.into()) })
}

#[test]
fn workstation_refuses_to_act_for_somebody_else() {
    let judged = decide(&blog(), act(FOO, WorkstationAct::Start), &facts(), &grants()).map(drop);
    let refused = denial(
        Rule::Workstation,
        "workstations are not managed for somebody else",
        "run it without sudo, as somebody who reaches the engine or its gateway",
    );
    assert_eq!(judged, refused);
}

#[test]
fn workstation_refuses_what_is_anothers_of_its_own_kind() {
    let hint = "an image is made in a maker of its own workstation";
    let reason = format!("image `{}` is not what container `workstation-foo.making` makes", made("foo-bar"));
    assert_eq!(judged(commit(MAKER, made("foo-bar"))), denial(Rule::Workstation, &reason, hint));
    assert_eq!(judged(commit(MAKER, made("foo"))), Ok(()));

    let enter = |letter| {
        let exec = WorkstationExec::default();
        Call::Workstation(WorkstationCall::CreateExec { container: id(letter), exec })
    };
    let reason = "container `workstation-foo.making` is not there to be entered";
    assert_eq!(judged(enter(MAKER)), denial(Rule::Workstation, reason, "enter the workstation itself"));
    assert_eq!(judged(enter(FOO)), Ok(()));

    let hint = "a workstation's containers keep to its own names";
    let reason = "container `workstation-foo-bar` cannot become `workstation-foo`";
    let rename = renamed(FOO_BAR, "foo", WorkstationRole::Itself);
    assert_eq!(judged(rename), denial(Rule::Workstation, reason, hint));
    assert_eq!(judged(renamed(FOO_BAR, "foo-bar", WorkstationRole::Former)), Ok(()));
}

#[test]
fn ownership_refuses_a_home_that_is_not_known_to_be_its_own() {
    let hint = "look at it with `docker volume inspect`; remove it yourself if it is in the way";
    for other in ["taken", "unknown"] {
        let reason = format!("volume `workstation-{other}-home` is not known to be the workstation's own");
        let refused = denial(Rule::Ownership, &reason, hint);
        assert_eq!(judged(create(other, WorkstationRole::Itself, spec())), refused);
        assert_eq!(judged(Call::Workstation(WorkstationCall::RemoveHome(name(other)))), refused);
    }
    assert_eq!(judged(create("foo", WorkstationRole::Itself, spec())), Ok(()));
}

#[test]
fn mounts_refuses_an_engines_socket_however_it_is_written() {
    let hint = "a workstation reaches engines by `contexts:`; whoever has a socket is root there";
    let sockets = [
        "/var/run/docker.sock",
        "/run/docker.sock",
        "//run/./docker.sock",
        "/run",
        "/var/run/",
        "/var",
        "/",
        "/run/user",
        "/run/user/1000/docker.sock",
        "/run/containerd",
        "/run/podman/podman.sock",
        "/srv/proxy/docker.sock",
    ];
    for source in sockets {
        let reason = format!("source `{source}` is, or holds, the socket of an engine");
        assert_eq!(judged(mounting(source, "/x")), denial(Rule::Mounts, &reason, hint));
    }
    for source in ["/srv/media", "/run/media", "/var/lib/media", "/home/ada", "/runs"] {
        assert_eq!(judged(mounting(source, "/x")), Ok(()), "{source}");
    }
}

#[test]
fn mounts_refuses_a_source_that_climbs_and_targets_over_the_kernels_or_wharfs_own() {
    for source in ["relative", "/srv/../run/docker.sock", "", "/a\0b"] {
        let reason = format!("source `{source}` is no plain absolute path");
        let refused = denial(Rule::Mounts, &reason, "write it from `/` on, without `..`");
        assert_eq!(judged(mounting(source, "/x")), refused);
    }
    for target in ["/proc/sys", "/sys/fs"] {
        let reason = format!("target `{target}` lies in a directory of the kernel's");
        let hint = "nothing is mounted over /proc or /sys; choose another target";
        assert_eq!(judged(mounting("/srv", target)), denial(Rule::Mounts, &reason, hint));
    }
    let own = ["/run", "/run/wharf", "/run/wharf/session", "/home", "/home/ada"];
    for target in own.into_iter().chain(["/etc", "/etc/passwd", "/etc/group", "/etc/gitconfig"]) {
        let reason = format!("target `{target}` lies over what wharf keeps or writes in a workstation");
        let hint = "choose a target beside or below the home";
        assert_eq!(judged(mounting("/srv", target)), denial(Rule::Mounts, &reason, hint));
    }
    for target in ["/run/wharfs", "/etc/hosts", "/home/ada/media", "/home/adam", "/media"] {
        assert_eq!(judged(mounting("/srv", target)), Ok(()), "{target}");
    }
}
