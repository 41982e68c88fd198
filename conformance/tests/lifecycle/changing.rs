//! A pod whose file, image or containers have changed since: what is replaced, what is started, what is left.

use wharf_conformance::{Host, Pod, on_each_engine};
use wharf_testkit::ImageRecipe;

use crate::making::namespace_of;

/// Ids of root container, `a` and `b`.
fn ids(pod: &Pod<'_>) -> [String; 3] {
    [pod.root().id(), pod.member("a").id(), pod.member("b").id()]
}

#[test]
fn only_the_member_that_changed_is_replaced() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host.pod("one", "containers: {a: {$idle}, b: {$idle}}");
        pod.up().succeeds();
        let [root, a, b] = ids(&pod);
        pod.says("containers: {a: {$idle}, b: {$idle, environment: {NEW: 'yes'}}}");
        pod.up().succeeds().says("1 of 3 containers changed");
        let [root_now, a_now, b_now] = ids(&pod);
        assert_eq!([&root_now, &a_now], [&root, &a]);
        assert_ne!(b_now, b);
        assert_eq!(pod.sh("b", "echo $NEW"), "yes");
        pod.is_as_its_file_says();
    });
}

#[test]
fn a_change_of_the_root_container_replaces_all() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host.pod("all", "containers: {a: {$idle}, b: {$idle}}");
        pod.up().succeeds();
        let before = ids(&pod);
        pod.says("containers: {a: {$idle}, b: {$idle}}\nhostname: other");
        pod.up().succeeds().says("3 of 3 containers changed");
        let now = ids(&pod);
        assert!(before.iter().zip(&now).all(|(old, new)| old != new), "{before:?} {now:?}");
        assert_eq!(pod.sh("a", "hostname"), "other");
        assert_eq!(pod.members(), ["", "a", "b"]);
        pod.is_as_its_file_says();
    });
}

#[test]
fn members_come_and_go_with_the_file() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host.pod("come", "containers: {a: {$idle}, b: {$idle}}");
        pod.up().succeeds();
        let [root, a, _] = ids(&pod);
        pod.says("containers: {a: {$idle}, c: {$idle}}");
        pod.up().succeeds().says(&format!("removed {}", pod.name_of("b")));
        assert_eq!(pod.members(), ["", "a", "c"]);
        assert_eq!([pod.root().id(), pod.member("a").id()], [root, a]);
        pod.is_as_its_file_says();
    });
}

#[test]
fn a_service_is_started_when_it_is_found_stopped_and_a_job_is_left() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let text =
            "containers: {a: {$idle, restart: always}, b: {$idle}, c: {$idle, restart: unless-stopped},
                    d: {$idle, restart: 'on-failure:3'}}";
        let pod = host.pod("stopped", text);
        pod.up().succeeds();
        let before = pod.containers();
        let all = ["a", "b", "c", "d"];
        engine.docker(["stop".to_owned()].into_iter().chain(all.map(|name| pod.name_of(name)))).unwrap();
        let plan = pod.plan(&["--detailed-exitcode"]).exits(2);
        let plan = plan.prints(&format!("> {}  start\n", pod.name_of("a")));
        plan.prints(&format!("pod {}: changes, without downtime\n", pod.name()));
        pod.up().succeeds().says("2 of 5 containers changed");
        assert_eq!(pod.containers(), before, "none is replaced");
        assert_eq!(all.map(|name| pod.member(name).is_running()), [true, false, true, false]);
        pod.is_as_its_file_says();
    });
}

#[test]
fn a_root_container_found_stopped_is_started_and_its_members_join_it_again() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let text = "share_pid: false\ncontainers: {a: {$idle, restart: always, stop_signal: KILL},
                    b: {$idle, restart: unless-stopped, stop_signal: KILL}, job: {$idle, stop_signal: KILL}}";
        let pod = host.pod("rejoin", text);
        pod.up().succeeds();
        let before = pod.containers();
        engine.docker(["stop", pod.name()]).unwrap();
        pod.plan(&[])
            .succeeds()
            .prints(&format!("> {}  restart, to rejoin the root container", pod.name_of("a")));
        pod.up().succeeds();
        let kept = |name: &str| before.iter().find(|(known, _)| known == name).map(|(_, id)| id.clone());
        let root = pod.root();
        assert_eq!(Some(root.id()), kept(pod.name()));
        assert_eq!(
            ["a", "b"].map(|name| Some(pod.member(name).id())),
            ["a", "b"].map(|name| kept(&pod.name_of(name)))
        );
        for name in ["a", "b", "job"] {
            let member = pod.member(name);
            assert!(member.is_running(), "{name}");
            let networks = [&member, &root].map(|seen| namespace_of(seen.at("/State/Pid"), "net"));
            assert_eq!(
                networks[0], networks[1],
                "{name} is in the network of the root container that runs now"
            );
        }
        pod.is_as_its_file_says();
    });
}

#[test]
fn a_root_container_that_was_removed_is_made_anew_with_its_members() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host.pod("rootless", "containers: {a: {$idle}, b: {$idle}}");
        pod.up().succeeds();
        let before = ids(&pod);
        engine.docker(["rm", "-f", pod.name()]).unwrap();
        pod.up().succeeds().says("3 of 3 containers changed");
        assert!(before.iter().zip(&ids(&pod)).all(|(old, new)| old != new));
        assert!(pod.member("a").is_running() && pod.member("b").is_running());
        pod.is_as_its_file_says();
    });
}

#[test]
fn an_image_that_has_moved_under_its_tag_replaces_what_runs_it() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let image = format!("{}:moving", host.prefix());
        let first = engine.import(&ImageRecipe::busybox(&image).file("edition", "first")).unwrap();
        let moving = format!("a: {{image: '{image}', update_image: false, command: sleep 1000}}");
        let pod = host.pod("moving", &format!("containers: {{{moving}, b: {{$idle}}}}"));
        pod.up().succeeds();
        let [root, a, b] = ids(&pod);
        assert_eq!(pod.member("a").text("/Image"), first);

        let second = engine.import(&ImageRecipe::busybox(&image).file("edition", "second")).unwrap();
        pod.plan(&[]).succeeds().prints(&format!("~ {}  replace: its image changed\n", pod.name_of("a")));
        pod.up().succeeds().says("1 of 3 containers changed");
        let [root_now, a_now, b_now] = ids(&pod);
        assert_eq!([&root_now, &b_now], [&root, &b]);
        assert_ne!(a_now, a);
        assert_eq!(pod.member("a").text("/Image"), second);
        assert_eq!(pod.sh("a", "cat /edition"), "second");
        drop(pod);
        engine.docker(["rmi", &first, &second]).unwrap();
    });
}
