//! Accounts at registries: the host's are lent to the pods that the administrator names; bob's own configuration of the
//! docker CLI names programs, and none of them is run.

use crate::on_new;
use wharf_testkit::{Access, Registry};

#[test]
fn the_hosts_account_at_a_registry_is_used_for_the_pods_that_it_is_lent_to() {
    let Some(host) = on_new() else { return };
    let engine = host.engine();
    let registry = Registry::start(engine, Access::Password { user: "ana", password: "swordfish" }).unwrap();
    let image = registry.image(&format!("{}:1", host.pod()));
    engine.docker(["tag", "busybox", &image]).unwrap();
    engine.docker(["login", "-u", "ana", "-p", "swordfish", registry.address()]).unwrap();
    engine.docker(["push", &image]).unwrap();
    engine.docker(["logout", registry.address()]).unwrap();
    engine.docker(["rmi", &image]).unwrap();

    // ana:swordfish, as the docker CLI keeps it.
    let accounts =
        format!(r#"{{"auths": {{"{}": {{"auth": "YW5hOnN3b3JkZmlzaA=="}}}}}}"#, registry.address());
    host.users().write("/etc/wharf/registries.json", accounts, 0o600).unwrap();
    host.host_config(&format!("registries: {{'{}': [$pod-other]}}", registry.address()));
    host.says(&format!("containers: {{web: {{image: '{image}', command: sleep 1000, stop_timeout: 1}}}}\n"));

    host.sudoers("Defaults !secure_path, env_keep += \"HOME PATH\"");
    // A helper of bob's, named by his configuration and found along his PATH.
    host.bob_sh(
        "mkdir -p .docker bin && echo '{\"credsStore\": \"evil\"}' > .docker/config.json && \
         printf '#!/bin/sh\\nid > $home/ran\\n' > bin/docker-credential-evil && chmod 755 bin/docker-credential-evil",
    )
    .succeeds();
    let run = host.bob_sh("PATH=$home/bin:$PATH HOME=$home sudo -n $wharf up $home/$pod.yml");
    run.exits(1).says("could not be pulled").never_says("swordfish");
    assert!(!host.home("ran").exists(), "a program of bob's was run");
    host.has_nothing();

    host.host_config(&format!("registries: {{'{}': [$pod]}}", registry.address()));
    host.up().succeeds().never_says("swordfish");
    assert_eq!(host.members(), ["web"]);
    assert!(!host.trail().contains("swordfish"), "{}", host.trail());
    engine.docker(["rm", "-f", &host.name_of("web")]).unwrap();
    engine.docker(["rmi", &image]).unwrap();
}
