//! A pod made, left alone and taken away, in how many requests, and how a run ends.

use serde_json::Value;
use wharf_conformance::{Host, Network, on_each_engine};
use wharf_testkit::Recorder;

#[test]
fn a_pod_is_made_of_a_root_container_and_members_that_share_its_namespaces() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host.pod("made", "containers: {web: {$idle}, db: {$idle}}");
        let up = pod.up().succeeds();
        assert_eq!(up.stdout(), "", "results only on standard output, and there is none");
        let up =
            up.says(&format!("created {}\n", pod.name())).says(&format!("started {}\n", pod.name_of("web")));
        up.says(&format!("pod {} is now as its file says; 3 of 3 containers changed\n", pod.name()));
        assert_eq!(pod.members(), ["", "db", "web"]);

        let root = pod.root();
        assert_eq!(*root.at("/HostConfig/IpcMode"), "shareable");
        assert_eq!(*root.at("/HostConfig/RestartPolicy/Name"), "always");
        assert_eq!(*root.at("/HostConfig/Init"), true);
        for name in ["web", "db"] {
            let member = pod.member(name);
            assert!(member.is_running());
            for mode in ["NetworkMode", "IpcMode", "PidMode"] {
                let joined = format!("container:{}", root.id());
                assert_eq!(member.text(&format!("/HostConfig/{mode}")), joined, "{mode}");
            }
            for namespace in ["net", "ipc", "pid"] {
                let seen = |from: &Value| namespace_of(from, namespace);
                assert_eq!(seen(member.at("/State/Pid")), seen(root.at("/State/Pid")), "{namespace}");
            }
        }
        assert_ne!(
            namespace_of(pod.member("web").at("/State/Pid"), "mnt"),
            namespace_of(pod.member("db").at("/State/Pid"), "mnt")
        );
        pod.is_as_its_file_says();
    });
}

pub(crate) fn namespace_of(pid: &Value, kind: &str) -> String {
    std::fs::read_link(format!("/proc/{pid}/ns/{kind}")).unwrap().display().to_string()
}

#[test]
fn the_root_container_needs_no_registry() {
    on_each_engine(|engine| {
        let recorder = Recorder::start(&engine.socket()).unwrap();
        let host = Host::on(engine).through(&recorder);
        let pod = host.pod("alone", "containers: {web: {$idle}}");
        pod.up().succeeds();
        let asked = recorder.requests();
        assert!(!asked.iter().any(|request| request.contains("/images/create")), "{asked:?}");
        let image = engine.docker([
            "image",
            "inspect",
            "-f",
            "{{.RepoDigests}} {{.Size}}",
            pod.root().text("/Image"),
        ]);
        let image = image.unwrap();
        let (digests, size) = image.trim().split_once(' ').unwrap();
        assert_eq!(digests, "[]", "it comes from no registry");
        assert!(size.parse::<u32>().unwrap() < 4096, "it is a few hundred bytes, not {size}");
        // Its init ends at once when it is told to, and reaps what members leave behind.
        pod.down().succeeds();
    });
}

#[test]
fn a_run_without_changes_takes_three_requests_whatever_the_number_of_members() {
    on_each_engine(|engine| {
        let recorder = Recorder::start(&engine.socket()).unwrap();
        let host = Host::on(engine).through(&recorder);
        for members in [1, 6] {
            let list: Vec<String> = (0..members).map(|n| format!("m{n}: {{$idle}}")).collect();
            let pod = host.pod(&format!("of{members}"), &format!("containers: {{{}}}", list.join(", ")));
            pod.up().succeeds();
            let before = pod.containers();
            recorder.clear();
            pod.up().succeeds().says("nothing to do");
            assert_eq!(recorder.requests().len(), 3, "{:?}", recorder.requests());
            assert!(recorder.requests().iter().all(|request| request.starts_with("GET ")));
            assert_eq!(pod.containers(), before);
        }
    });
}

#[test]
fn a_run_without_changes_takes_four_requests_on_a_network_of_ones_own() {
    on_each_engine(|engine| {
        let recorder = Recorder::start(&engine.socket()).unwrap();
        let network = Network::on(engine, &[]);
        let host = Host::on(engine).through(&recorder).config(&format!("network_name: {}", network.name()));
        let pod = host.pod("net", "containers: {a: {$idle}, b: {$idle}}");
        pod.up().succeeds();
        assert!(pod.root().at("/NetworkSettings/Networks").get(network.name()).is_some());
        recorder.clear();
        pod.up().succeeds().says("nothing to do");
        assert_eq!(recorder.requests().len(), 4, "{:?}", recorder.requests());
        drop(pod);
    });
}

#[test]
fn down_removes_the_containers_and_keeps_the_directories() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod =
            host.pod("down", "containers: {a: {$idle, mounts: [{source: data, target: /data}]}, b: {$idle}}");
        let other = host.pod("down-not", "containers: {a: {$idle}}");
        pod.up().succeeds();
        other.up().succeeds();
        pod.sh("a", "echo kept >/data/file");
        let down = pod.down().succeeds();
        down.says(&format!("pod {} is down; 3 containers removed\n", pod.name()));
        assert_eq!(pod.members(), [""; 0]);
        let file = host.path("mounts").join(pod.name()).join("data/file");
        assert_eq!(std::fs::read_to_string(file).unwrap(), "kept\n");
        assert!(other.member("a").is_running(), "a pod whose name only begins the same is another");
        pod.down().succeeds().says("nothing to do");
        pod.up().succeeds();
        assert_eq!(pod.sh("a", "cat /data/file"), "kept");
    });
}

#[test]
fn a_run_ends_with_a_documented_status() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host.pod("status", "containers: {a: {$idle}, oops: 3}");
        let file = pod.file().to_str().unwrap();
        pod.up().exits(2).says(file).says("1 | containers: ");
        host.wharf(["up"]).exits(2);
        host.wharf(["up", "/nowhere/at-all.yml"]).exits(2);
        host.wharf(["--config", "/nowhere.yml", "up", file]).exits(2);
        pod.says("containers: {a: {$idle}}\npublish: ['8080:80']");
        let denied = pod.up().exits(3);
        denied.says("denied by rule `ports`: host port 8080 is not this pod's to publish");
        let away = host.wharf(["--host", "unix:///nowhere.sock", "up", file]);
        away.exits(4).says("/nowhere.sock");
        pod.says(
            "containers: {a: {$idle}, b: {image: busybox, update_image: false, command: /no/such/program}}",
        );
        let partly = pod.up().exits(5).says(&format!("{}: ", pod.name_of("b")));
        partly.says("/no/such/program");
        assert!(pod.member("a").is_running(), "what is done stays done");
        host.wharf(["logs", "no-such-pod"]).exits(1).says("there is no pod `no-such-pod`");
    });
}
