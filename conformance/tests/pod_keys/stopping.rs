//! How a container ends and comes back: stop_signal, stop_timeout, restart.

use std::time::{Duration, Instant};

use serde_json::json;
use wharf_conformance::{Host, eventually, on_each_engine};

#[test]
fn the_stop_signal_by_name_or_number_is_the_one_that_is_sent() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        // Each writes down by which signal it ended.
        let traps = "for s in INT QUIT USR1 USR2 TERM HUP; do trap \"echo $s >/out/$NAME; exit\" $s; done";
        let script = format!("{traps}; touch /out/ready-$NAME; while :; do sleep 0.1; done");
        let member = |name: &str, signal: &str| {
            format!(
                "  {name}:\n    image: busybox\n    update_image: false\n    command: [sh, -c, '{script}']\n    \
                 environment: {{NAME: {name}}}\n    mounts: [{{source: out, target: /out}}]\n{signal}"
            )
        };
        let text = [
            member("prefixed", "    stop_signal: SIGQUIT\n"),
            member("plain", "    stop_signal: USR2\n"),
            member("number", "    stop_signal: 10\n"),
            member("none", ""),
        ];
        let pod = host.pod("signal", &format!("containers:\n{}", text.concat()));
        pod.up().succeeds();
        let out = host.path("mounts").join(pod.name()).join("out");
        eventually("all have set their traps", || {
            let ready = |name| out.join(format!("ready-{name}")).exists();
            ["prefixed", "plain", "number", "none"].into_iter().all(ready).then_some(())
        });
        pod.is_as_its_file_says();
        pod.down().succeeds();
        let told = |name: &str| std::fs::read_to_string(out.join(name)).unwrap_or_default().trim().to_owned();
        assert_eq!(["prefixed", "plain", "number", "none"].map(told), ["QUIT", "USR2", "USR1", "TERM"]);
    });
}

#[test]
fn the_stop_timeout_is_how_long_a_deaf_container_is_waited_for() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let deaf = "command: [sh, -c, 'trap \"\" TERM; while :; do sleep 0.1; done']";
        let pod = host
            .pod("timeout", &format!("containers: {{a: {{$box, {deaf}, stop_timeout: 2}}, b: {{$idle}}}}"));
        pod.up().succeeds();
        assert_eq!(*pod.member("a").at("/Config/StopTimeout"), 2);
        assert_eq!(*pod.member("b").at("/Config/StopTimeout"), 10, "the default");
        let start = Instant::now();
        pod.down().succeeds();
        let took = start.elapsed();
        assert!((Duration::from_millis(1900)..Duration::from_secs(9)).contains(&took), "{took:?}");
    });
}

#[test]
fn the_restart_policy_decides_what_the_engine_does_when_a_container_ends() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host.pod(
            "restart",
            "
containers:
  default: {$box, command: 'false'}
  no: {$box, command: 'false', restart: 'no'}
  always: {$box, command: 'true', restart: always}
  unless: {$box, command: 'true', restart: unless-stopped}
  thrice: {$box, command: 'false', restart: 'on-failure:2'}
  done: {$box, command: 'true', restart: on-failure}
",
        );
        pod.up().succeeds();
        let policy = |name: &str| pod.member(name).at("/HostConfig/RestartPolicy").clone();
        let wanted = |name: &str, times: u32| json!({"Name": name, "MaximumRetryCount": times});
        assert_eq!(policy("default"), wanted("no", 0));
        assert_eq!(policy("no"), wanted("no", 0));
        assert_eq!(policy("always"), wanted("always", 0));
        assert_eq!(policy("unless"), wanted("unless-stopped", 0));
        assert_eq!(policy("thrice"), wanted("on-failure", 2));
        assert_eq!(policy("done"), wanted("on-failure", 0));
        let restarts = |name: &str| pod.member(name).at("/RestartCount").as_u64().unwrap();
        eventually("the engine restarts what should be", || {
            (restarts("always") >= 2 && restarts("unless") >= 2 && restarts("thrice") == 2).then_some(())
        });
        assert_eq!([restarts("default"), restarts("no"), restarts("done")], [0, 0, 0]);
        pod.down().succeeds();
        assert_eq!(pod.members(), [""; 0], "down ends what the engine restarts");
    });
}
