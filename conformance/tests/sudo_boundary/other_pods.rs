//! Bob's lines name his pod. With a `*` after it they let him say more; wharf takes the pod that comes first.

use crate::{PLAIN, on_new, on_old};
use wharf_conformance::Boundary;

/// Bob's pod and another, `<pod>-other`, that root made.
fn with_other(host: &Boundary<'_>) -> String {
    let other = format!("{}-other", host.pod());
    let file = host.mount_root().join(format!("{other}.yml"));
    std::fs::write(
        &file,
        host.filled("containers: {web: {$box, command: 'sh -c \"echo swordfish; sleep 1000\"'}}\n"),
    )
    .unwrap();
    host.root_wharf(["up".as_ref(), file.as_os_str()]).succeeds();
    host.says("containers: {web: {$box, command: 'sh -c \"echo ashore; sleep 1000\"'}}\n");
    host.up().succeeds();
    other
}

#[test]
fn bob_manages_his_own_pod_with_every_verb() {
    let Some(host) = on_new() else { return };
    for verb in ["plan */$pod.yml", "check */$pod.yml", "ps $pod", "logs $pod *", "exec $pod *", "down $pod"]
    {
        host.sudoers(&format!("bob ALL=(root) NOPASSWD: $wharf {verb}"));
    }
    with_other(&host);
    let file = host.pod_file().display().to_string();
    host.sudo(["plan", &file]).succeeds();
    host.sudo(["check", &file]).succeeds();
    host.sudo(["ps", host.pod()]).succeeds().prints("web").never_says("-other");
    host.sudo(["logs", host.pod(), "web"]).succeeds().prints("ashore");
    host.sudo(["exec", host.pod(), "web", "sh", "-c", "echo $0-$1", "-i", "--privileged"])
        .succeeds()
        .prints("-i---privileged");
    host.sudo(["down", host.pod()]).succeeds();
    assert_eq!(host.members(), Vec::<String>::new());
}

#[test]
fn words_after_the_pod_never_name_another_pod() {
    let Some(host) = on_old() else { return };
    for verb in ["ps", "logs", "exec", "down"] {
        host.sudoers(&format!("bob ALL=(root) NOPASSWD: $wharf {verb} $pod *"));
    }
    let other = with_other(&host);
    let web = format!("{other}.web");
    let before = host.containers();
    for (words, code, why) in [
        (&["ps", "$", &other][..], 2, "takes exactly one pod after it"),
        (&["down", "$", &other], 2, "takes exactly one pod after it"),
        (&["down", "$", "--wait"], 2, "takes exactly one pod after it"),
        (&["logs", "$", "web", &other], 2, "takes a pod, and perhaps a container after it"),
        (&["logs", "$", &web], 2, "is no container's name"),
        (&["logs", "$", "../-other.web"], 2, "is no container's name"),
        (&["logs", "$", "-other.web"], 2, "is no container's name"),
        (&["exec", "$", &web, "id"], 2, "is no container's name"),
        (&["exec", "$", "absent", "id"], 1, "there is no container"),
        (&["exec", "$", "--privileged", "web"], 1, "there is no container"),
        (&["exec", "$", "-u", "0", "web", "id"], 1, "there is no container"),
    ] {
        let words = words.iter().map(|word| if *word == "$" { host.pod() } else { word });
        host.sudo(words).exits(code).says(why).never_says("swordfish").never_says("uid=0");
    }
    assert_eq!(host.containers(), before);
}

#[test]
fn verbs_about_the_whole_host_are_for_administrators() {
    let Some(host) = on_old() else { return };
    host.sudoers("bob ALL=(root) NOPASSWD: $wharf *");
    with_other(&host);
    host.sudo(["ps"]).exits(2).says("takes exactly one pod after it").never_says("-other");
    host.sudo(["resume"]).exits(3).says("denied: `wharf resume` is for administrators");
    host.sudo(["doctor"]).exits(3).says("denied: `wharf doctor` is for administrators");
    assert_eq!(host.denials().len(), 2, "{}", host.trail());
}

#[test]
fn a_sudo_caller_listed_in_admins_is_the_administrator() {
    let Some(host) = on_old() else { return };
    host.users().add_user("ana").unwrap();
    host.sudoers("ana ALL=(root) NOPASSWD: $wharf *");
    host.says(PLAIN);
    host.up().succeeds();
    host.sudo_by("ana", ["resume"]).exits(3);
    host.host_config("admins: [ana]");
    host.sudo_by("ana", ["resume"]).succeeds();
    // Her words are read as anybody's who is root, options after the verb included.
    host.sudo_by("ana", ["ps", "--json"]).succeeds().prints(host.pod());
    host.sudo_by("ana", ["ps", host.pod(), "--json"]).succeeds();
    // But only the host configuration that is named before the verb says who she is.
    host.root_sh("cp /etc/wharf/host.yml /etc/wharf/host.yml.old");
    host.host_config("admins: []");
    host.sudo_by("ana", ["ps", "--config=/etc/wharf/host.yml.old"]).exits(2);
    host.host_config("admins: [ana]");
    // Her files are opened with her own rights all the same.
    host.root_sh("chmod 0700 $home");
    host.sudo_by("ana", ["up".as_ref(), host.pod_file().as_os_str()]).exits(2).says("permission denied");
    host.sudo_by("ana", ["down", host.pod()]).succeeds();
    host.has_nothing();
}
