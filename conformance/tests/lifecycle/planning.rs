//! What `wharf plan` tells.

use serde_json::json;
use wharf_conformance::{Host, on_each_engine};

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
             \x20     limits.memory: (none) -> 32M\n\
             + {name}.c  create\n- {name}.b  remove\n\
             pod {name}: changes, with downtime for what is replaced, restarted, rejoined or removed\n"
        );
        assert_eq!(changed.stdout(), lines);
        assert_eq!(pod.containers(), before);

        let difference = |field: &str, new: &str| json!({"field": field, "old": null, "new": new});
        let wanted = json!([{
            "pod": name, "changes": true, "downtime": true, "pulls": [],
            "containers": [
                {"name": name, "action": "keep"},
                {"name": format!("{name}.a"), "action": "replace", "reason": "configuration", "differences": [
                    difference("environment.TOKEN", "(not shown)"), difference("limits.memory", "32M"),
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
    limits: {cpus: 0.5, cpu-shares: 512, memory: 64M, memory-swap: 100M, memory-reservation: 32M, oom-score-adj: 5,
             pids: 100, shm-size: 8M, ulimit-nofile: '100:200'}
";
