//! `wharf doctor` on real hosts: what weakens them is named, and the command that it prints mends it.

use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::Value;
use wharf_conformance::{Host, Run, on_each_engine};
use wharf_testkit::{Engine, EngineKind, EngineOptions, UserSandbox, or_skip, output, wharf_program};

/// The findings of a kind that name this.
fn findings(run: &Run, id: &str, named: &str) -> Vec<Value> {
    let all = run.json();
    let of_kind = all.as_array().expect("a list").iter().filter(|finding| finding["id"] == id);
    of_kind
        .filter(|finding| finding["message"].as_str().is_some_and(|text| text.contains(named)))
        .cloned()
        .collect()
}

/// The only finding of a kind that names this.
fn only(run: &Run, id: &str, named: &str) -> Value {
    let mut found = findings(run, id, named);
    assert_eq!(found.len(), 1, "one `{id}` about {named} was expected: {run}");
    found.remove(0)
}

fn fixes(finding: &Value) -> Vec<String> {
    finding["fix"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|line| line.as_str().expect("text").to_owned())
        .collect()
}

fn doctor(host: &Host<'_>) -> Run {
    host.wharf(["doctor", "--json"])
}

fn mode(path: &Path, mode: u32) {
    set_permissions(path, Permissions::from_mode(mode)).expect("permissions");
}

#[test]
fn a_mount_root_on_an_ordinary_file_system_is_mended_by_the_commands_printed() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let root = host.path("mounts").display().to_string();
        let fix = fixes(&only(&doctor(&host), "mount-root-options", &root));
        let mounts: Vec<String> = fix.into_iter().filter(|line| line.starts_with("mount ")).collect();
        assert_eq!(mounts.len(), 2);
        // In a mount namespace of its own, so that nothing stays mounted.
        let script =
            format!("{} && exec {} doctor --json", mounts.join(" && "), wharf_program().unwrap().display());
        let mut command = host.command("unshare");
        let mended = Run::of(command.args(["-m", "sh", "-c", &script]), b"");
        assert_eq!(findings(&mended, "mount-root-options", &root), [] as [Value; 0]);
    });
}

#[test]
fn an_open_pod_directory_is_a_danger_until_it_is_closed() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host.pod("open", "containers: {web: {$idle, mounts: [{source: data, target: /data}]}}");
        pod.up().succeeds();
        let directory = host.path("mounts").join(pod.name());
        assert_eq!(
            findings(&doctor(&host), "pod-directory", pod.name()),
            [] as [Value; 0],
            "as wharf makes it"
        );
        mode(&directory, 0o755);
        let found = host.wharf(["doctor", "--json"]).exits(1);
        let finding = only(&found, "pod-directory", pod.name());
        assert_eq!(finding["severity"], "danger");
        assert_eq!(fixes(&finding), [format!("chmod go-rwx {}", directory.display())]);
        wharf_testkit::run(std::process::Command::new("sh").args(["-c", &fixes(&finding).join("\n")]))
            .unwrap();
        assert_eq!(findings(&doctor(&host), "pod-directory", pod.name()), [] as [Value; 0]);
    });
}

#[test]
fn a_host_configuration_that_others_can_write_is_refused_and_said_to_be() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let path = host.path("host.yml");
        mode(&path, 0o666);
        let found = host.wharf(["doctor", "--json"]).exits(1);
        let finding = only(&found, "host-configuration-refused", "host.yml");
        assert_eq!(fixes(&finding), [format!("chmod go-w {}", path.display())]);
        mode(&path, 0o644);
        host.write("host.yml", "mount_rot: /srv\n");
        let found = host.wharf(["doctor", "--json"]).exits(1);
        assert!(fixes(&only(&found, "host-configuration-refused", "host.yml"))[0].starts_with("wharf ps"));
    });
}

#[test]
fn ports_open_to_the_world_are_told_and_ports_for_this_machine_are_not() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let world = host.pod("world", "{publish: [':80'], containers: {web: {$idle}}}");
        let near = host.pod("near", "{publish: ['127.0.0.1::80'], containers: {web: {$idle}}}");
        world.up().succeeds();
        near.up().succeeds();
        let found = doctor(&host);
        let finding = only(&found, "open-port", world.name());
        assert_eq!(finding["severity"], "note");
        assert_eq!(findings(&found, "open-port", near.name()), [] as [Value; 0]);
    });
}

#[test]
fn members_that_lost_their_pod_are_told_apart_from_those_that_are_down_and_resume_mends_both() {
    for kind in EngineKind::ALL {
        // An engine of its own: `resume` is for all pods of an engine.
        let Some(engine) = or_skip(Engine::private(kind)) else { return };
        let host = Host::on(&engine);
        // With a process namespace in common, they would end with the root container.
        let members = "{web: {$idle, restart: always}, job: {$idle}, gone: {$idle}}";
        let pod = host.pod("lag", &format!("share_pid: false\ncontainers: {members}"));
        pod.up().succeeds();
        assert_eq!(findings(&doctor(&host), "apart", pod.name()), [] as [Value; 0]);
        engine.docker(["stop", "-t", "1", &pod.name_of("web")]).unwrap();
        engine.docker(["stop", "-t", "1", &pod.name_of("gone")]).unwrap();
        // What `wharf` never does: the root container alone is started anew.
        engine.docker(["restart", "-t", "1", pod.name()]).unwrap();
        let found = doctor(&host);
        assert_eq!(fixes(&only(&found, "down", &pod.name_of("web"))), ["wharf resume"]);
        assert_eq!(fixes(&only(&found, "apart", &pod.name_of("job"))), ["wharf resume"]);
        // Stopped, with no policy that would start it again: as somebody wanted it.
        assert_eq!(findings(&found, "down", &pod.name_of("gone")), [] as [Value; 0]);
        host.wharf(["resume"]).succeeds();
        let found = doctor(&host);
        assert_eq!(findings(&found, "apart", pod.name()), [] as [Value; 0]);
        assert_eq!(findings(&found, "down", pod.name()), [] as [Value; 0]);
        assert!(!pod.member("gone").is_running());
    }
}

#[test]
fn old_parts_of_a_real_engine_are_named_and_new_ones_are_not() {
    on_each_engine(|engine| {
        let found = doctor(&Host::on(engine));
        // Both run bookworm's runc.
        assert_eq!(findings(&found, "known-escape", "CVE-2024-21626").len(), 1, "{found}");
        assert_eq!(findings(&found, "known-escape", "CVE-2026-42306").len(), 1, "{found}");
        assert_eq!(only(&found, "no-user-namespaces", "")["severity"], "danger");
    });
}

#[test]
fn without_an_engine_the_rest_is_told_and_the_exit_status_says_so() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let found = host.wharf(["--host", "unix:///nowhere/docker.sock", "doctor", "--json"]).exits(4);
        only(&found, "engine-away", "unix:///nowhere/docker.sock");
        only(&found, "mount-root-options", "mounts");
    });
}

#[test]
fn an_engine_that_listens_on_tcp_is_a_danger() {
    for kind in EngineKind::ALL {
        let arguments = vec!["--host=tcp://127.0.0.1:2375".to_owned(), "--tls=false".to_owned()];
        let options = EngineOptions { arguments, ..EngineOptions::default() };
        let Some(engine) = or_skip(Engine::start(kind, &options)) else { return };
        let host = Host::on(&engine);
        let found = host.wharf(["doctor", "--json"]).exits(1);
        assert_eq!(only(&found, "engine-tcp", "http://127.0.0.1:2375")["severity"], "danger");
    }
}

#[test]
fn who_may_use_the_engine_is_named_unless_the_host_configuration_names_him() {
    on_each_engine(|engine| {
        let Some(sandbox) = or_skip(UserSandbox::new()) else { return };
        sandbox.add_user("bob").unwrap();
        sandbox.add_user("ana").unwrap();
        sandbox.add_to_group("bob", "docker").unwrap();
        sandbox.add_to_group("ana", "docker").unwrap();
        sandbox.write("/etc/wharf/host.yml", "mount_root: /var/lib\nadmins: [ana]\n", 0o644).unwrap();
        sandbox.install(&wharf_program().unwrap(), "/usr/local/bin/wharf").unwrap();
        sandbox.sudoers("bob ALL=(root) NOPASSWD: /usr/local/bin/wharf").unwrap();
        let mut command = sandbox.command("/usr/local/bin/wharf");
        command.args(["--host", &engine.host(), "doctor", "--json"]).env_remove("SUDO_UID");
        let found = Run::of(&mut command, b"").exits(1);
        assert_eq!(fixes(&only(&found, "engine-group", "`bob`")), ["gpasswd -d bob docker"]);
        assert_eq!(findings(&found, "engine-group", "`ana`"), [] as [Value; 0]);
        // What the host's weak places are is not for who comes for one pod.
        let denied = sandbox.run_as("bob", ["sudo", "-n", "/usr/local/bin/wharf", "doctor"]).unwrap();
        assert_eq!((denied.status.code(), denied.stdout.as_slice()), (Some(3), b"".as_slice()));
    });
}

#[test]
fn the_commands_for_a_new_host_make_one() {
    on_each_engine(|engine| {
        let Some(sandbox) = or_skip(UserSandbox::new()) else { return };
        sandbox.install(&wharf_program().unwrap(), "/usr/local/bin/wharf").unwrap();
        let wharf = |words: &[&str]| {
            let mut command = sandbox.command("/usr/local/bin/wharf");
            command.args(["--host", &engine.host()]).args(words).env_remove("SUDO_UID");
            Run::of(&mut command, b"")
        };
        let fix = fixes(&only(&wharf(&["doctor", "--json"]), "no-host-configuration", "/etc/wharf/host.yml"));
        // `/srv` is the machine's own.
        let script = fix.join("\n").replace("/srv/wharf", "/var/wharf-test");
        output(sandbox.command("sh").args(["-ec", &script])).unwrap();
        let found = wharf(&["doctor", "--json"]);
        assert_eq!(findings(&found, "no-host-configuration", ""), [] as [Value; 0]);
        assert_eq!(findings(&found, "mount-root-refused", ""), [] as [Value; 0]);
    });
}
