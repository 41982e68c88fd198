//! What stands in the way: somebody else's container, another run, a failed pull; and pods that the gem made.

use wharf_conformance::{Host, Run, eventually, on_each_engine};

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
                let message =
                    format!("container `{name}` exists and is not the pod's own; nothing was changed");
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
        let id =
            engine.docker(["run", "-d", "--name", &pod.name_of("b"), "busybox", "sleep", "1000"]).unwrap();
        pod.says("hostname: other\ncontainers: {a: {$idle}, b: {$idle}}");
        let before = pod.containers();
        pod.up().exits(3);
        assert_eq!(pod.containers(), before);
        assert!(pod.member("a").is_running());
        engine.docker(["rm", "-f", id.trim()]).unwrap();
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
