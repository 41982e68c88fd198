//! A pod's life: made, left alone, changed container by container, put right, taken away.

use std::process::Command;

use serde_json::{Value, json};
use wharf_conformance::{Host, Network, Pod, Run, eventually, on_each_engine};
use wharf_testkit::{ImageRecipe, Recorder, run};

#[test]
fn a_pod_is_made_of_a_root_container_and_members_that_share_its_namespaces() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host.pod("made", "containers: {web: {$idle}, db: {$idle}}");
        let up = pod.up().succeeds();
        assert_eq!(up.stdout(), "", "results only on standard output, and there is none");
        let up = up.says(&format!("created {}\n", pod.name())).says(&format!("started {}\n", pod.name_of("web")));
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

fn namespace_of(pid: &Value, kind: &str) -> String {
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
        let image = engine.docker(["image", "inspect", "-f", "{{.RepoDigests}} {{.Size}}", pod.root().text("/Image")]);
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
        let text = "containers: {a: {$idle, restart: always}, b: {$idle}, c: {$idle, restart: unless-stopped},
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
        let text = "containers: {a: {$idle, restart: always}, b: {$idle, restart: unless-stopped}}\nshare_pid: false";
        let pod = host.pod("rejoin", text);
        pod.up().succeeds();
        let before = pod.containers();
        engine.docker(["stop", pod.name()]).unwrap();
        pod.up().succeeds();
        assert_eq!(pod.containers(), before);
        let root = pod.root();
        for name in ["a", "b"] {
            let member = pod.member(name);
            assert!(member.is_running(), "{name}");
            let networks = [&member, &root].map(|seen| namespace_of(seen.at("/State/Pid"), "net"));
            assert_eq!(networks[0], networks[1], "{name} is in the network of the root container that runs now");
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

#[test]
fn a_plan_tells_what_would_be_done_and_does_nothing() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host.pod("plan", "containers: {a: {$idle}, b: {$idle}}");
        let name = pod.name().to_owned();
        let fresh = pod.plan(&[]).succeeds();
        let lines = format!(
            "+ {name}  create\n+ {name}.a  create\n+ {name}.b  create\npod {name}: changes, without downtime\n"
        );
        assert_eq!(fresh.stdout(), lines);
        assert_eq!(pod.members(), [""; 0]);
        pod.plan(&["--detailed-exitcode"]).exits(2);

        pod.up().succeeds();
        let none = pod.plan(&["--detailed-exitcode"]).exits(0);
        let lines = format!("  {name}  keep\n  {name}.a  keep\n  {name}.b  keep\npod {name}: no changes\n");
        assert_eq!(none.stdout(), lines);

        let before = pod.containers();
        pod.says("containers: {a: {$idle, environment: {TOKEN: hush}, limits: {memory: 32M}}, c: {$idle}}");
        let changed = pod.plan(&["--detailed-exitcode"]).exits(2).never_says("hush");
        let lines = format!(
            "  {name}  keep\n~ {name}.a  replace: its configuration changed\n\
             \x20     environment.TOKEN: (none) -> (not shown)\n\
             \x20     limits.memory: (none) -> 33554432\n\
             + {name}.c  create\n- {name}.b  remove\n\
             pod {name}: changes, with downtime for what is replaced, rejoined or removed\n"
        );
        assert_eq!(changed.stdout(), lines);
        assert_eq!(pod.containers(), before);

        let difference = |field: &str, new: &str| json!({"field": field, "old": null, "new": new});
        let wanted = json!([{
            "pod": name, "changes": true, "downtime": true, "pulls": [],
            "containers": [
                {"name": name, "action": "keep"},
                {"name": format!("{name}.a"), "action": "replace", "reason": "configuration", "differences": [
                    difference("environment.TOKEN", "(not shown)"), difference("limits.memory", "33554432"),
                ]},
                {"name": format!("{name}.c"), "action": "create"},
                {"name": format!("{name}.b"), "action": "remove"},
            ],
        }]);
        assert_eq!(pod.plan(&["--json"]).succeeds().json(), wanted);
    });
}

#[test]
fn a_plan_shows_every_field_that_differs_and_no_other() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host.pod("fields", EVERY_FIELD);
        pod.up().succeeds();
        pod.is_as_its_file_says();
        pod.says("containers: {a: {$idle}}");
        let json = pod.plan(&["--json"]).succeeds().json();
        let fields = |container: usize| -> Vec<&str> {
            let differences = json[0]["containers"][container]["differences"].as_array().unwrap();
            differences.iter().map(|difference| difference["field"].as_str().unwrap()).collect()
        };
        let root = ["dns", "environment.C", "expose.80/tcp", "expose.81/tcp", "extra_hosts", "hostname"];
        let root_more = ["labels.l", "limits.shm-size", "publish", "publish_all"];
        assert_eq!(fields(0), [&root[..], &root_more[..]].concat());
        let member = [
            "cap_drop",
            "command",
            "entrypoint",
            "environment.C",
            "environment.E",
            "healthcheck",
            "labels.l",
            "limits.cpu-shares",
            "limits.cpus",
            "limits.memory",
            "limits.memory-reservation",
            "limits.memory-swap",
            "limits.oom-score-adj",
            "limits.pids",
            "limits.ulimit-nofile",
            "mounts./m",
            "readonly",
            "restart",
            "share_pid",
            "stop_signal",
            "stop_timeout",
            "tmpfs",
            "user",
            "working_dir",
        ];
        assert_eq!(fields(1), member);
    });
}

const EVERY_FIELD: &str = "
hostname: other
common_environment: {C: c}
common_labels: {l: l}
expose: [80]
publish: [':81']
publish_all: true
dns: [192.0.2.1]
extra_hosts: ['db:192.0.2.2']
share_pid: false
containers:
  a:
    image: busybox
    update_image: false
    command: '1001'
    entrypoint: sleep
    environment: {E: e}
    mounts: [{source: m, target: /m}]
    readonly: true
    restart: always
    stop_signal: KILL
    stop_timeout: 3
    tmpfs: [/t]
    user: '65534'
    working_dir: /tmp
    cap_drop: [CHOWN]
    healthcheck: {test: 'true'}
    limits: {cpus: 0.5, cpu-shares: 512, memory: 64M, memory-swap: 128M, memory-reservation: 32M, oom-score-adj: 5,
             pids: 100, shm-size: 8M, ulimit-nofile: '100:200'}
";

#[test]
fn down_removes_the_containers_and_keeps_the_directories() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host.pod("down", "containers: {a: {$idle, mounts: [{source: data, target: /data}]}, b: {$idle}}");
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
fn somebody_elses_container_stops_the_run_and_nothing_changes() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host.pod("foreign", "containers: {a: {$idle}, b: {$idle}}");
        let label = format!("org.hezmatt.moby-derp.pod-name={}-other", host.prefix());
        let makes: [&[&str]; 3] = [&[], &["--label", &label], &["--label", "wharf.pod=x"]];
        for labels in makes {
            for name in [pod.name().to_owned(), pod.name_of("b")] {
                let words = [&["run", "-d", "--name", &name], labels, &["busybox", "sleep", "1000"]].concat();
                let id = engine.docker(words).unwrap();
                let before = pod.containers();
                let message = format!("container `{name}` exists and is not the pod's own; nothing was changed");
                pod.up().exits(3).says(&message);
                pod.plan(&[]).exits(3).says(&message);
                pod.down().succeeds();
                assert_eq!(pod.containers(), before);
                engine.docker(["rm", "-f", id.trim()]).unwrap();
            }
        }
        // Nor is a running pod stopped for a change that cannot be made.
        pod.says("containers: {a: {$idle}}");
        pod.up().succeeds();
        let id = engine.docker(["run", "-d", "--name", &pod.name_of("b"), "busybox", "sleep", "1000"]).unwrap();
        pod.says("hostname: other\ncontainers: {a: {$idle}, b: {$idle}}");
        let before = pod.containers();
        pod.up().exits(3);
        assert_eq!(pod.containers(), before);
        assert!(pod.member("a").is_running());
        engine.docker(["rm", "-f", id.trim()]).unwrap();
    });
}

#[test]
fn a_pod_keeps_the_addresses_that_moby_derp_derives() {
    on_each_engine(|engine| {
        for (subnet, prefix) in [("fd00:d0c::", 64), ("fd00:d0c:0:1:2::", 80)] {
            let network = Network::on(engine, &["--ipv6", "--subnet", &format!("{subnet}/{prefix}")]);
            let host = Host::on(engine);
            let host = host.config(&format!("network_name: {}\nhost_hostname: quay", network.name()));
            let pod = host.pod("v6", "containers: {a: {$idle}}");
            pod.up().succeeds();
            let seen = pod.root();
            let endpoint = seen.at("/NetworkSettings/Networks")[network.name()].clone();

            let digest = sha256(&format!("{}quay", pod.name()));
            let bytes: Vec<&str> = (0..5).map(|n| &digest[2 * n..2 * n + 2]).collect();
            let mac = format!("02:{}", bytes.join(":"));
            assert_eq!(endpoint["MacAddress"], mac);
            assert_eq!(pod.sh("a", "cat /sys/class/net/eth0/address"), mac);

            let digest = sha256(&mac);
            let low = &digest[digest.len() - (128 - prefix) / 4..];
            let groups: Vec<&str> = (0..low.len() / 4).map(|n| &low[4 * n..4 * n + 4]).collect();
            let wanted: std::net::Ipv6Addr = match prefix {
                64 => format!("{subnet}{}", groups.join(":")),
                _ => format!("fd00:d0c:0:1:2:{}", groups.join(":")),
            }
            .parse()
            .unwrap();
            assert_eq!(endpoint["GlobalIPv6Address"], wanted.to_string());
            let seen = pod.sh("a", "ip -6 addr show dev eth0");
            assert!(seen.contains(&format!("{wanted}/{prefix}")), "{seen}");
            pod.is_as_its_file_says();
            drop(pod);
        }
    });
}

fn sha256(text: &str) -> String {
    let said = run(Command::new("sh").args(["-c", "printf %s \"$1\" | sha256sum", "sh", text])).unwrap();
    said.split(' ').next().unwrap().to_owned()
}

#[test]
fn a_network_that_does_not_fit_is_a_clear_error() {
    on_each_engine(|engine| {
        let refused = |network: &str, message: &str| {
            let host = Host::on(engine).config(&format!("network_name: {network}"));
            let pod = host.pod("no", "containers: {a: {$idle}}");
            pod.up().exits(2).says(message);
            assert_eq!(pod.members(), [""; 0]);
        };
        refused("nowhere", "network `nowhere` does not exist on the engine");
        refused("host", "a pod cannot have the network `host`");
        refused("none", "a pod cannot have the network `none`");
    });
}

#[test]
fn of_two_runs_at_once_one_is_told_who_has_the_pod_and_one_that_waits_gets_its_turn() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let check = "startup_health_check: {command: test -e /tmp/ready, interval: 0.2, attempts: 100}";
        let pod = host.pod("lock", &format!("containers: {{a: {{$idle, {check}}}}}"));
        let file = pod.file().to_str().unwrap();
        let mut command = host.wharf_command(["up", file]);
        let first = command.spawn().unwrap();
        eventually("the first run is at its check", || {
            let seen = engine.docker(["inspect", "-f", "{{.State.Running}}", &pod.name_of("a")]).ok()?;
            (seen.trim() == "true").then_some(())
        });
        let holder = format!("pod `{}` is held by process {} (`wharf up`, since ", pod.name(), first.id());
        pod.up().exits(1).says(&holder).says("or run again with `--wait`");
        pod.down().exits(1).says(&holder);
        pod.plan(&[]).succeeds();
        let mut waiting_command = host.wharf_command(["up", "--wait", file]);
        let waiting = waiting_command.spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(300));
        pod.sh("a", "touch /tmp/ready");
        Run::new(&command, first.wait_with_output().unwrap()).succeeds();
        let waited = Run::new(&waiting_command, waiting.wait_with_output().unwrap());
        waited.succeeds().says("nothing to do");
    });
}

#[test]
fn a_pod_that_moby_derp_made_is_recognised_and_replaced() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host.pod("gem", "containers: {a: {$idle}, b: {$idle}}");
        let label = format!("org.hezmatt.moby-derp.pod-name={}", pod.name());
        let make = |name: &str, words: &[&str]| {
            let hash = "org.hezmatt.moby-derp.config-hash=sha256:0";
            let start = ["run", "-d", "--name", name, "--label", &label, "--label", hash];
            let words = [&start[..], words, &["--ipc", "shareable", "busybox", "sleep", "1000"]].concat();
            engine.docker(words).unwrap().trim().to_owned()
        };
        let root = make(pod.name(), &["--init"]);
        let joins = format!("--network=container:{root}");
        let of_root = format!("--label=org.hezmatt.moby-derp.root-container-id={root}");
        for name in ["a", "gone"] {
            make(&pod.name_of(name), &[&joins, &of_root, "--init"]);
        }
        let before = pod.containers();
        let listed = host.wharf(["ps", "--json", pod.name()]).succeeds().json();
        assert_eq!(listed[0]["containers"].as_array().unwrap().len(), 3);
        let plan = pod.plan(&["--detailed-exitcode"]).exits(2);
        plan.prints(&format!("- {}  remove", pod.name_of("gone")));
        pod.up().succeeds().says("4 of 4 containers changed");
        assert_eq!(pod.members(), ["", "a", "b"]);
        assert!(pod.containers().iter().all(|container| !before.contains(container)));
        pod.is_as_its_file_says();
    });
}

#[test]
fn a_failed_pull_leaves_the_running_pod_untouched() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host.pod("pull", "containers: {a: {$idle}, b: {$idle}}");
        pod.up().succeeds();
        let before = pod.containers();
        let started = pod.member("a").started_at().to_owned();
        pod.says("hostname: other\ncontainers: {a: {image: '127.0.0.1:1/nothing'}, b: {image: '127.0.0.1:1/neither'}}");
        let failed = pod.up().exits(1).says("what runs is as it was");
        let failed = failed.says("`127.0.0.1:1/neither:latest`").says("127.0.0.1:1/nothing:latest: ");
        failed.says("hint: an image that only this engine has needs `update_image: false`");
        assert_eq!(pod.containers(), before);
        assert_eq!(pod.member("a").started_at(), started);
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
        pod.says("containers: {a: {$idle}, b: {image: busybox, update_image: false, command: /no/such/program}}");
        let partly = pod.up().exits(5).says(&format!("{}: ", pod.name_of("b")));
        partly.says("/no/such/program");
        assert!(pod.member("a").is_running(), "what is done stays done");
        host.wharf(["logs", "no-such-pod"]).exits(1).says("there is no pod `no-such-pod`");
    });
}
