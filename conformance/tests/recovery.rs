//! A pod that is not as its file says, for whatever reason, is put right by the command that made it; and one pod's
//! trouble is no other's.

use std::process::Stdio;
use wharf_conformance::{Host, eventually, on_each_engine};

#[test]
fn a_failed_job_is_run_again_when_what_waits_for_it_is_to_start() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let job = "command: sh -c 'test -e /data/ready', mounts: [{source: data, target: /data}]";
        let text = format!(
            "containers: {{job: {{$box, {job}}}, web: {{$idle, depends_on: {{job: {{condition: completed}}}}}}}}"
        );
        let pod = host.pod("job", &text);
        pod.up().exits(5).says("it ended with status 1");
        let cause = host.path("mounts").join(pod.name()).join("data/ready");
        std::fs::write(cause, "").expect("the cause gone");
        pod.up().succeeds();
        assert!(pod.member("web").is_running());
        // A job that is done stays done.
        let ended = pod.member("job").started_at().to_owned();
        pod.up().succeeds().says("nothing to do");
        assert_eq!(pod.member("job").started_at(), ended);
    });
}

#[test]
fn a_paused_pod_is_made_anew() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod =
            host.pod("paused", "containers: {web: {$idle, stop_timeout: 1}, side: {$idle, stop_timeout: 1}}");
        pod.up().succeeds();
        engine.docker(["pause", pod.name()]).expect("pause");
        pod.up().succeeds();
        assert!(pod.member("web").is_running() && pod.member("side").is_running());
        let side = pod.member("side").id();
        engine.docker(["pause", &pod.name_of("web")]).expect("pause");
        pod.plan(&[]).succeeds().prints("somebody paused it");
        pod.up().succeeds();
        assert!(pod.member("web").is_running());
        assert_eq!(pod.member("side").id(), side);
        pod.is_as_its_file_says();
    });
}

#[test]
fn a_grant_taken_back_counts_for_a_pod_that_is_only_started_again() {
    on_each_engine(|engine| {
        let host = Host::on(engine).config("port_whitelist: {18131: $pod-port}");
        let pod = host.pod("port", "publish: ['18131:80']\ncontainers: {web: {$idle, stop_timeout: 1}}");
        pod.up().succeeds();
        engine.docker(["stop", "-t", "1", &pod.name_of("web"), pod.name()]).expect("stop");
        let taken = std::fs::read_to_string(host.path("host.yml")).expect("the host configuration");
        host.write("host.yml", taken.replace("-port}", "-other}"));
        pod.up().exits(3).says("denied by rule `ports`");
        assert!(!pod.root().is_running());
    });
}

#[test]
fn a_pod_that_waits_for_ever_does_not_keep_others_from_being_resumed() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let waits = "depends_on: {job: {condition: completed}}";
        let text = format!(
            "containers: {{job: {{$idle, restart: always}}, web: {{$idle, restart: always, {waits}}}}}"
        );
        let stuck = host.pod("aa", &text);
        let mut up = host.wharf_command(["up".as_ref(), stuck.file().as_os_str()]).spawn().expect("wharf up");
        eventually("the job runs", || stuck.members().contains(&"web".to_owned()).then_some(()));
        eventually("the job runs", || stuck.member("job").is_running().then_some(()));
        up.kill().and_then(|()| up.wait()).expect("the run cut short");

        let other = host.pod("zz", "containers: {web: {$idle, restart: always, stop_timeout: 1}}");
        other.up().succeeds();
        engine.docker(["stop", "-t", "1", &other.name_of("web")]).expect("stop");
        let mut resume = host.wharf_command(["resume"]);
        resume.stdout(Stdio::null()).stderr(Stdio::null());
        let mut resume = resume.spawn().expect("wharf resume");
        eventually("the other pod is whole again", || other.member("web").is_running().then_some(()));
        resume.kill().and_then(|()| resume.wait()).expect("the resume cut short");
    });
}
