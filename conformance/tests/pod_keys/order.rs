//! What comes first: depends_on, healthcheck, startup_health_check.

use std::time::{Duration, Instant};

use serde_json::json;
use wharf_conformance::{Host, on_each_engine};

#[test]
fn a_healthcheck_is_the_engines() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let check = "healthcheck: {test: test -e /tmp/well, interval: 1s, timeout: 2s, retries: 4, start_period: 500ms}";
        let pod = host.pod(
            "health",
            &format!("containers: {{a: {{$idle, {check}}}, b: {{$idle, healthcheck: {{test: [NONE]}}}}}}"),
        );
        pod.up().succeeds();
        let wanted = json!({
            "Test": ["CMD-SHELL", "test -e /tmp/well"],
            "Interval": 1_000_000_000_i64, "Timeout": 2_000_000_000_i64, "StartPeriod": 500_000_000, "Retries": 4,
        });
        assert_eq!(*pod.member("a").at("/Config/Healthcheck"), wanted);
        assert_eq!(*pod.member("b").at("/Config/Healthcheck/Test"), json!(["NONE"]));
        pod.sh("a", "touch /tmp/well");
        wharf_conformance::eventually("healthy", || {
            (pod.member("a").text("/State/Health/Status") == "healthy").then_some(())
        });
        pod.is_as_its_file_says();
    });
}

#[test]
fn what_is_depended_on_comes_first_started_healthy_or_completed() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host.pod(
            "order",
            "
containers:
  web: {$idle, depends_on: {db: {condition: healthy}, migrate: {condition: completed}, cache: {}}}
  cache: {$idle, depends_on: [late]}
  late: {$idle, depends_on: [db]}
  migrate: {$box, command: 'sh -c \"sleep 1\"', depends_on: {db: {condition: started}}}
  db: {$box, command: 'sh -c \"sleep 1; touch /tmp/well; sleep 1000\"',
       healthcheck: {test: test -e /tmp/well, interval: 1s, retries: 20}}
",
        );
        pod.up().succeeds();
        let started = |name: &str| pod.member(name).started_at().to_owned();
        assert!(started("db") < started("late") && started("late") < started("cache"));
        assert!(started("cache") < started("web"));
        let migrated = pod.member("migrate").text("/State/FinishedAt").to_owned();
        assert!(started("db") < started("migrate") && migrated < started("web"));
        let healthy = pod.member("db").text("/State/Health/Log/0/Start").to_owned();
        assert_eq!(pod.member("db").text("/State/Health/Status"), "healthy");
        // The log's times are of the host's zone; the first check comes a second after the start.
        assert!(!healthy.is_empty());
        assert_eq!(*pod.member("migrate").at("/State/ExitCode"), 0);
        pod.is_as_its_file_says();
        let again = pod.up().succeeds().says("nothing to do");
        drop(again);
    });
}

#[test]
fn what_will_never_be_so_is_not_waited_for() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host.pod(
            "never",
            "
containers:
  web: {$idle, depends_on: {migrate: {condition: completed}}}
  sick: {$idle, depends_on: {db: {condition: healthy}}}
  after: {$idle, depends_on: [web]}
  migrate: {$box, command: sh -c 'exit 3'}
  db: {$idle, healthcheck: {test: 'false', interval: 1s, retries: 1}}
  other: {$idle}
",
        );
        let up = pod.up().exits(5);
        let (web, sick, after) = (pod.name_of("web"), pod.name_of("sick"), pod.name_of("after"));
        let up = up.says(&format!(
            "{web}: not started: `{}` is not going to be completed: it ended with status 3",
            pod.name_of("migrate")
        ));
        let up = up.says(&format!(
            "{sick}: not started: `{}` is not going to be healthy: the engine calls it unhealthy",
            pod.name_of("db")
        ));
        up.says(&format!("{after}: not started: it waits for `{web}`, which failed"));
        assert!(pod.member("other").is_running(), "what waits for nothing is done");
        assert!(!pod.member("web").is_running() && !pod.member("after").is_running());
        // The file put right, the next run goes on from here.
        pod.says("containers: {web: {$idle}, after: {$idle, depends_on: [web]}, other: {$idle}}");
        let other = pod.member("other").id();
        pod.up().succeeds();
        assert_eq!(pod.member("other").id(), other);
        assert!(pod.member("web").is_running() && pod.member("after").is_running());
        pod.is_as_its_file_says();
    });
}

#[test]
fn a_startup_health_check_gates_what_follows_it() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host.pod(
            "gate",
            "
containers:
  first: {$idle}
  gate:
    image: busybox
    update_image: false
    command: sh -c 'sleep 1; touch /tmp/ready; sleep 1000'
    startup_health_check: {command: [test, -e, /tmp/ready], interval: 0.2, attempts: 50}
  follower: {$idle}
",
        );
        let up = pod.up().succeeds();
        up.says(&format!("{} passed its startup health check", pod.name_of("gate")));
        let ready = pod.sh("gate", "stat -c %Y /tmp/ready");
        let started = pod.sh("follower", "stat -c %Y /proc/self"); // any time after its start
        assert!(started >= ready);
        assert!(pod.member("gate").started_at() < pod.member("follower").started_at());
        assert!(pod.member("first").started_at() < pod.member("follower").started_at());
        let start = Instant::now();
        pod.up().succeeds().says("nothing to do");
        assert!(start.elapsed() < Duration::from_secs(2), "a check that passed is not run again");
    });
}

#[test]
fn a_startup_health_check_that_fails_says_what_it_last_said_and_the_next_run_goes_on() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let text = |command: &str| {
            format!(
                "containers:
  gate: {{$idle, startup_health_check: {{command: [sh, -c, '{command}'], interval: 0.1, attempts: 3}}}}
  follower: {{$idle}}
  last: {{$idle, depends_on: [follower]}}
"
            )
        };
        let pod =
            host.pod("sick", &text("echo tried >>/tmp/tries; wc -l </tmp/tries; echo not well >&2; exit 1"));
        let up = pod.up().exits(5);
        let up = up.says(&format!("{}: its startup_health_check failed 3 times", pod.name_of("gate")));
        let up = up.says("3\n").says("not well");
        let up = up.says(&format!(
            "{}: not started: it waits for `{}`",
            pod.name_of("follower"),
            pod.name_of("gate")
        ));
        up.says("hint: run it again when the cause is gone");
        assert_eq!(pod.sh("gate", "wc -l </tmp/tries"), "3");
        let followers = ["follower", "last"].map(|name| pod.member(name).is_running());
        assert_eq!(followers, [false, false]);

        let gate = pod.member("gate").id();
        pod.up().exits(5).says("failed 3 times");
        assert_eq!(pod.sh("gate", "wc -l </tmp/tries"), "6", "it is tried again");
        pod.says(&text("true"));
        pod.up().succeeds();
        assert_eq!(pod.member("gate").id(), gate, "a check is no part of a container");
        assert_eq!(["follower", "last"].map(|name| pod.member(name).is_running()), [true, true]);
        pod.is_as_its_file_says();
    });
}
