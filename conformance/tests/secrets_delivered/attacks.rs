//! What somebody may try on the way of a secret to its container.

use crate::ground::Ground;
use std::os::unix::fs::symlink;
use wharf_conformance::{Pod, on_each_engine};
use wharf_testkit::{Engine, Engines, or_skip};

fn one_engine() -> Option<&'static Engine> {
    or_skip(Engines::shared()).map(Engines::docker20)
}

#[test]
fn root_in_one_member_does_not_reach_anothers_secrets() {
    on_each_engine(|engine| {
        let ground = Ground::on(engine);
        let pod = ground.pod("members", "containers: {web: {$idle, secrets: [a]}, evil: {$idle}}");
        ground.seals(&pod, "a", "sesame");
        pod.up().succeeds();
        let reach = "cat /proc/*/root/run/secrets/* 2>/dev/null | grep sesame; \
                     cat /proc/*/environ 2>/dev/null | tr '\\0' '\\n' | grep -c sesame; ls /proc | grep -c '^[0-9]'";
        let said = pod.sh("evil", reach);
        assert!(!said.contains("sesame"), "{said}");
        assert_eq!(pod.member("web").text("/HostConfig/PidMode"), "");
        // Said so, they share: then root in one does reach it, which is why it must be said.
        pod.says("share_pid: true\ncontainers: {web: {$idle, secrets: [a]}, evil: {$idle}}");
        pod.plan(&[]).succeeds();
        pod.up().succeeds();
        assert!(pod.sh("evil", "cat /proc/*/root/run/secrets/a 2>/dev/null").contains("sesame"));
    });
}

/// Nothing of the pod was made, and nothing was delivered.
fn nothing_came_of_it(ground: &Ground<'_>, pod: &Pod<'_>) {
    assert_eq!(pod.members(), Vec::<String>::new());
    assert!(!ground.given(pod, "web").exists());
}

#[test]
fn a_sealed_file_that_was_tampered_with_delivers_nothing() {
    let Some(engine) = one_engine() else { return };
    let ground = Ground::on(engine);
    let pod = ground.pod("tampered", "containers: {web: {$idle, secrets: [a, b]}}");
    ground.seals(&pod, "a", "one");
    ground.seals(&pod, "b", "two");
    let good = std::fs::read_to_string(ground.sealed(&pod)).unwrap();
    // A bit of one value: the other is not delivered either.
    let lines: Vec<&str> = good.lines().collect();
    let line = lines.iter().rposition(|line| line.trim().len() == 64).expect("a line of ciphertext");
    let turned = |c: char| if c == 'A' { 'B' } else { 'A' };
    let mut bad = lines[line].to_owned();
    let last = bad.pop().map(turned).unwrap();
    bad.push(last);
    std::fs::write(ground.sealed(&pod), good.replacen(lines[line], &bad, 1)).unwrap();
    pod.up().exits(1).says("nothing was started or stopped");
    nothing_came_of_it(&ground, &pod);
    // Another pod's file under this one's name.
    let other = ground.pod("other", "containers: {web: {$idle, secrets: [a, b]}}");
    std::fs::write(ground.sealed(&other), &good).unwrap();
    let _refused = other.up().exits(1).says(pod.name());
    nothing_came_of_it(&ground, &other);
    // As it was.
    std::fs::write(ground.sealed(&pod), &good).unwrap();
    pod.up().succeeds();
    // And a pod that runs goes on as it is when its file is spoilt.
    let started = pod.member("web").started_at().to_owned();
    std::fs::write(ground.sealed(&pod), good.replacen("generation: 1", "generation: 2", 1)).unwrap();
    pod.up().exits(1);
    assert_eq!(pod.member("web").started_at(), started);
    assert_eq!(pod.sh("web", "cat /run/secrets/a"), "one");
}

#[test]
fn an_older_value_that_was_put_back_is_refused() {
    let Some(engine) = one_engine() else { return };
    let ground = Ground::on(engine);
    let pod = ground.pod("older", "containers: {web: {$idle, stop_timeout: 1, secrets: [a]}}");
    ground.seals(&pod, "a", "one");
    let old = std::fs::read(ground.sealed(&pod)).unwrap();
    pod.up().succeeds();
    ground.seals(&pod, "a", "two");
    pod.up().succeeds();
    std::fs::write(ground.sealed(&pod), old).unwrap();
    pod.up().exits(1).says("wharf secret accept");
    assert_eq!(pod.sh("web", "cat /run/secrets/a"), "two");
}

#[test]
fn what_nobody_signed_is_refused_where_signers_are_listed() {
    let Some(engine) = one_engine() else { return };
    let ground = Ground::on(engine);
    let pod = ground.pod("signed", "containers: {web: {$idle, secrets: [a]}}");
    ground.seals(&pod, "a", "one");
    let key = ground.host.path("signer");
    let made = std::process::Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-f"])
        .arg(&key)
        .status();
    assert!(made.expect("ssh-keygen").success());
    let public = std::fs::read_to_string(ground.host.path("signer.pub")).unwrap();
    let config = std::fs::read_to_string(ground.host.path("host.yml")).unwrap();
    ground.host.write("host.yml", format!("{config}secret_signers: ['{}']\n", public.trim()));
    pod.up().exits(1).says("not signed");
    nothing_came_of_it(&ground, &pod);
}

#[test]
fn a_secret_that_is_not_there_stops_nothing_that_runs() {
    let Some(engine) = one_engine() else { return };
    let ground = Ground::on(engine);
    let pod = ground.pod("absent", "containers: {web: {$idle, stop_timeout: 1}}");
    pod.up().succeeds();
    let started = pod.member("web").started_at().to_owned();
    pod.says("containers: {web: {$idle, stop_timeout: 1, secrets: [a]}}");
    pod.up().exits(2).says("wharf secret set");
    ground.seals(&pod, "b", "two");
    pod.up().exits(2).says("there is no secret `a`");
    assert_eq!(pod.member("web").started_at(), started);
}

#[test]
fn the_place_of_secrets_is_nobodys_mount_root() {
    let Some(engine) = one_engine() else { return };
    let ground = Ground::on(engine);
    let pod =
        ground.pod("around", "containers: {web: {$idle, mounts: [{source: machine, target: /stolen}]}}");
    let good = std::fs::read_to_string(ground.host.path("host.yml")).unwrap();
    for root in [ground.place(), ground.place().join("machine"), ground.host.path("run")] {
        let config = format!("mount_root: {}\nsecret_place: {}\n", root.display(), ground.place().display());
        ground.host.write("host.yml", config);
        pod.up().exits(2).says("lie one in the other");
    }
    // By a link, too: it is looked at where it leads.
    let link = ground.host.path("link");
    symlink(ground.host.path("run"), &link).unwrap();
    std::fs::create_dir_all(ground.host.path("run")).unwrap();
    ground.host.write(
        "host.yml",
        format!("mount_root: {}\nsecret_place: {}\n", link.display(), ground.place().display()),
    );
    let used = ground.pod("linked", "containers: {web: {$idle, secrets: [a]}}");
    ground.seals(&used, "a", "one");
    used.up().exits(2).says("lie one in the other");
    ground.host.write("host.yml", good);
    used.up().succeeds();
}

#[test]
fn a_link_in_the_place_leads_nowhere() {
    let Some(engine) = one_engine() else { return };
    let ground = Ground::on(engine);
    let pod = ground.pod("links", "containers: {web: {$idle, secrets: [a]}}");
    ground.seals(&pod, "a", "sesame");
    pod.up().succeeds();
    pod.down().succeeds();
    let elsewhere = ground.host.path("elsewhere");
    std::fs::create_dir(&elsewhere).unwrap();
    std::fs::create_dir_all(ground.given(&pod, "web").parent().unwrap()).unwrap();
    symlink(&elsewhere, ground.given(&pod, "web")).unwrap();
    let _refused = pod.up().exits(5).says("is a link");
    assert_eq!(std::fs::read_dir(&elsewhere).unwrap().count(), 0);
}

#[test]
fn memory_that_could_be_swapped_out_is_no_place() {
    let Some(engine) = one_engine() else { return };
    let ground = Ground::on(engine);
    let pod = ground.pod("swapped", "containers: {web: {$idle, secrets: [a]}}");
    ground.seals(&pod, "a", "sesame");
    std::fs::create_dir_all(ground.place()).unwrap();
    let mounted = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "mode=0700", "t"])
        .arg(ground.place())
        .status();
    assert!(mounted.expect("mount").success());
    pod.up().exits(1).says("never swapped out");
    nothing_came_of_it(&ground, &pod);
}

#[test]
fn an_engine_elsewhere_is_refused_with_the_reason() {
    let Some(engine) = one_engine() else { return };
    let ground = Ground::on(engine);
    let pod = ground.pod("far", "containers: {web: {$idle, secrets: [a]}}");
    ground.seals(&pod, "a", "sesame");
    let words = ["--host".as_ref(), "tcp://127.0.0.1:1".as_ref(), "up".as_ref(), pod.file().as_os_str()];
    ground.host.wharf(words).exits(2).says("on another machine");
}

#[test]
fn secrets_do_not_fill_the_hosts_memory() {
    let Some(engine) = one_engine() else { return };
    let ground = Ground::on(engine);
    let using = |count: usize| {
        let uses: Vec<String> = (0..count).map(|number| format!("{{name: a, target: f{number}}}")).collect();
        format!("containers: {{web: {{$idle, secrets: [{}]}}}}", uses.join(", "))
    };
    let pod = ground.pod("greedy", &using(33));
    ground.seals(&pod, "a", &"x".repeat(524_288));
    pod.up().exits(1).says("at most 16777216");
    nothing_came_of_it(&ground, &pod);
    pod.says(&using(201));
    pod.up().exits(2).says("at most 200 secrets");
    nothing_came_of_it(&ground, &pod);
}
