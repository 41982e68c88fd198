//! The environment that bob's programs have, where sudo was told to let some of it through.

use crate::{PLAIN, on_new, on_old};
use wharf_conformance::Boundary;

const KEPT: &str = "Defaults env_keep += \"DOCKER_HOST DOCKER_CONTEXT DOCKER_CONFIG WHARF_HOST_CONFIG WHARF_STATE_DIR \
                    HOME XDG_RUNTIME_DIR MOBY_DERP_SYSTEM_CONFIG_FILE SUDO_UID SUDO_GID SUDO_USER DOAS_USER PKEXEC_UID\"";

/// Everything that could lead wharf elsewhere, led to bob's home.
const LURES: &str = "DOCKER_HOST=unix://$home/engine.sock DOCKER_CONTEXT=bobs DOCKER_CONFIG=$home/docker \
                     WHARF_HOST_CONFIG=$home/host.yml WHARF_STATE_DIR=$home/state HOME=$home XDG_RUNTIME_DIR=$home \
                     MOBY_DERP_SYSTEM_CONFIG_FILE=$home/host.yml SUDO_UID=0 SUDO_GID=0 SUDO_USER=root \
                     DOAS_USER=root PKEXEC_UID=0";

fn with_lures(host: &Boundary<'_>) {
    host.sudoers(KEPT);
    host.writes("host.yml", "mount_root: /etc\nport_whitelist: {18931: $pod}\nadmins: [bob]\n");
    host.bob_sh(
        r#"mkdir docker && echo '{"currentContext": "bobs", "credsStore": "evil"}' > docker/config.json"#,
    )
    .succeeds();
}

#[test]
fn variables_that_sudo_lets_through_are_ignored() {
    let Some(host) = on_old() else { return };
    with_lures(&host);
    host.says("containers: {web: {$idle, mounts: [{source: data, target: /data}]}}\n");
    host.bob_sh(&format!("{LURES} sudo -n $wharf up $home/$pod.yml")).succeeds();
    assert_eq!(host.members(), ["web"]);
    assert!(host.in_pod("data").is_dir(), "the mount root is the host configuration's");
    assert!(!host.home("state").exists(), "the state directory is the host's");
    // Who is asking is what sudo says, whatever bob's variables said: a fixed port is still not his.
    host.says("containers: {web: {$idle}}\npublish: ['18931:80']\n");
    let run = host.bob_sh(&format!("{LURES} sudo -n $wharf up $home/$pod.yml"));
    run.exits(3).says("denied by rule `ports`: host port 18931 is not this pod's to publish");
}

#[test]
fn an_administrators_wrapper_may_trust_the_environment_and_the_file_must_still_be_roots() {
    let Some(host) = on_old() else { return };
    with_lures(&host);
    host.says(PLAIN);
    host.sudoers("bob ALL=(root) NOPASSWD: $wharf --trust-environment up */$pod.yml");
    let up = "sudo -n $wharf --trust-environment up $home/$pod.yml";
    let run = host.bob_sh(&format!("{LURES} {up}")).exits(2).never_says("18931");
    run.says(&format!("`{}`", host.home("").display().to_string().trim_end_matches('/')))
        .says("who could replace what is below it");
    host.bob_sh(&format!("DOCKER_HOST=unix://$home/engine.sock {up}")).exits(4);
    host.has_nothing();
}

#[test]
fn a_caller_known_to_another_program_than_sudo_is_refused() {
    let Some(host) = on_old() else { return };
    host.says(PLAIN);
    let file = host.pod_file();
    for variable in ["DOAS_USER=bob", "PKEXEC_UID=1000"] {
        let mut command = host.users().command("env");
        command
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .args([variable, wharf_conformance::WHARF, "up"])
            .arg(&file);
        let run = wharf_conformance::Run::of(&mut command, b"");
        run.exits(2).says("wharf knows callers from sudo alone");
    }
    host.has_nothing();
}

#[test]
fn a_caller_without_an_account_is_nobody() {
    let Some(host) = on_old() else { return };
    host.says(PLAIN);
    let file = host.pod_file();
    for uid in ["4123456", "bob", "-1", "4294967295", "00", "0x0", " 0"] {
        let mut command = host.users().command("env");
        command.env_clear().env("PATH", "/usr/bin:/bin").arg(format!("SUDO_UID={uid}")).arg("SUDO_GID=0");
        command.args([wharf_conformance::WHARF, "up"]).arg(&file);
        wharf_conformance::Run::of(&mut command, b"").exits(2);
    }
    host.has_nothing();
}

#[test]
fn as_moby_derp_the_kept_variables_count_and_the_file_must_be_roots() {
    let Some(host) = on_new() else { return };
    host.root_sh("ln -s wharf /usr/local/bin/moby-derp && cp /etc/wharf/host.yml /etc/moby-derp.conf");
    host.sudoers("bob ALL=(root) NOPASSWD: /usr/local/bin/moby-derp */$pod.yml");
    with_lures(&host);
    host.says(PLAIN);
    let derp = "sudo -n /usr/local/bin/moby-derp";
    let lured = "MOBY_DERP_SYSTEM_CONFIG_FILE=$home/host.yml";
    host.bob_sh(&format!("{lured} {derp} $home/$pod.yml"))
        .exits(1)
        .says("who could replace what is below it")
        .never_says("18931");
    host.bob_sh(&format!("DOCKER_HOST=unix://$home/engine.sock {derp} $home/$pod.yml"))
        .exits(1)
        .says("engine.sock");
    host.has_nothing();
    for words in [
        "--config=$home/host.yml $home/$pod.yml",
        "--trust-environment $home/$pod.yml",
        "$home/$pod.yml $home/$pod.yml",
    ] {
        host.bob_sh(&format!("{derp} {words}")).exits(1).says("moby-derp takes exactly one pod file");
    }
    host.has_nothing();
    host.bob_sh(&format!(
        "WHARF_HOST_CONFIG=$home/host.yml WHARF_STATE_DIR=$home/state {derp} $home/$pod.yml"
    ))
    .succeeds();
    assert_eq!(host.members(), ["web"]);
    assert!(!host.home("state").exists());
}

#[test]
fn closed_streams_and_narrow_limits_lose_no_record() {
    let Some(host) = on_new() else { return };
    host.says(PLAIN);
    // With standard output and error closed, the next files opened would be written to by messages.
    host.bob_sh("sudo -n $wharf up $home/$pod.yml <&- >&- 2>&-").succeeds();
    assert_eq!(host.members(), ["web"]);
    let made = host.trail().matches("\"create container\"").count();
    assert_eq!(made, 2, "{}", host.trail());
    host.denials();

    // No file may grow: nothing may be done that cannot be recorded.
    host.says("containers: {web: {$idle}, db: {$idle}}\n");
    let run = host.bob_sh("ulimit -f 1; sudo -n $wharf up $home/$pod.yml");
    let recorded = host.trail().contains(&host.name_of("db"));
    assert_eq!(host.members().contains(&"db".to_owned()), recorded, "{run}{}", host.trail());
}

/// The tag `SETENV` in a sudoers line lets bob set any variable, `SUDO_UID` and `LD_PRELOAD` too, after sudo has set its own:
/// it gives him root with any program. Without the tag sudo refuses, and that is what stands between.
#[test]
fn variables_on_sudos_own_command_line_are_refused_by_sudo() {
    let Some(host) = on_old() else { return };
    host.says("containers: {web: {$idle}}\npublish: ['18932:80']\n");
    for variable in
        ["SUDO_UID=0", "SUDO_UID=", "LD_PRELOAD=$home/evil.so", "DOCKER_HOST=unix://$home/engine.sock"]
    {
        let run = host.bob_sh(&format!("sudo -n {variable} $wharf up $home/$pod.yml"));
        run.exits(1).says("sorry, you are not allowed to set the following environment variables");
    }
    host.bob_sh("sudo -n -E $wharf up $home/$pod.yml")
        .exits(1)
        .says("sorry, you are not allowed to preserve the environment");
    host.has_nothing();
}
