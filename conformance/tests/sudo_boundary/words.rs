//! The words after `wharf`. In sudoers, `*` matches spaces and anything else: bob's line lets him say far more than
//! one path, and wharf takes it as one path or not at all.

use crate::{PLAIN, on_new, on_old};

const ONE_FILE: &str = "under sudo, `wharf up` takes exactly one pod file after it";

#[test]
fn two_files_after_up_are_refused() {
    let Some(host) = on_old() else { return };
    host.says(PLAIN).writes("evil.yml", PLAIN);
    let (evil, file) = (host.home("evil.yml"), host.pod_file());
    host.sudo(["up".as_ref(), evil.as_os_str(), file.as_os_str()]).exits(2).says(ONE_FILE);
    host.sudo(["up".as_ref(), file.as_os_str(), file.as_os_str()]).exits(2).says(ONE_FILE);
    host.has_nothing();
}

#[test]
fn options_between_up_and_the_file_are_refused() {
    let Some(host) = on_old() else { return };
    host.says(PLAIN);
    let file = host.pod_file().display().to_string();
    let own_config = host.home("host.yml").display().to_string();
    for options in [
        &["--config", &own_config][..],
        &["--host", "unix:///tmp/bobs.sock"],
        &["-H", "unix:///tmp/bobs.sock"],
        &["--state-dir", "/tmp"],
        &["--trust-environment"],
        &["--json"],
        &["--quiet"],
        &["-q"],
        &["--wait"],
        &["--help"],
        &["--"],
    ] {
        let words = ["up"].iter().chain(options).copied().chain([file.as_str()]);
        host.sudo(words).exits(2).says(ONE_FILE);
    }
    host.has_nothing();
}

#[test]
fn options_glued_to_the_file_are_a_path() {
    let Some(host) = on_old() else { return };
    host.says(PLAIN);
    for option in
        ["--config=", "--host=unix://", "-Hunix://", "--state-dir=", "--trust-environment=", "--json="]
    {
        let word = format!("{option}{}", host.pod_file().display());
        host.sudo(["up", &word]).exits(2).says(&format!("`{word}` does not exist"));
    }
    host.has_nothing();
}

#[test]
fn options_after_the_file_do_not_match_bobs_line() {
    let Some(host) = on_old() else { return };
    host.says(PLAIN);
    let file = host.pod_file().display().to_string();
    for options in [&["--trust-environment"][..], &["--config", "/etc/passwd"], &["--wait"]] {
        let words = ["up", &file].into_iter().chain(options.iter().copied());
        host.sudo(words).exits(1).says("a password is required");
    }
    // A line that ends in `*` lets him say them; wharf does not.
    host.sudoers("bob ALL=(root) NOPASSWD: $wharf up */$pod.yml*");
    host.sudo(["up", &file, "--trust-environment"]).exits(2).says(ONE_FILE);
    host.has_nothing();
}

#[test]
fn options_before_up_do_not_match_bobs_line() {
    let Some(host) = on_old() else { return };
    host.says(PLAIN);
    let file = host.pod_file().display().to_string();
    for words in [
        &["--trust-environment", "up", &file][..],
        &["--config=/etc/wharf/host.yml", "up", &file],
        &["--host", "up", "up", &file],
        &["--", "up", &file],
        &["plan", &file],
        &["down", host.pod()],
    ] {
        host.sudo(words.iter().copied()).exits(1).says("a password is required");
    }
    host.has_nothing();
}

#[test]
fn a_path_that_begins_with_dashes_is_a_path() {
    let Some(host) = on_new() else { return };
    host.bob_sh(
        "mkdir -- '--config=x' && printf '%s' 'containers: {web: {$idle}}' > './--config=x/$pod.yml'",
    )
    .succeeds();
    let word = format!("--config=x/{}.yml", host.pod());
    host.sudo(["up", &word]).succeeds();
    assert_eq!(host.members(), ["web"]);
}

#[test]
fn spaces_and_newlines_in_the_path_are_part_of_the_path() {
    let Some(host) = on_new() else { return };
    host.writes("evil.yml", "containers: {evil: {$idle}}\n");
    host.bob_sh("mkdir 'evil.yml ' && printf '%s' 'containers: {web: {$idle}}' > 'evil.yml /$pod.yml'")
        .succeeds();
    host.sudo(["up", &format!("evil.yml /{}.yml", host.pod())]).succeeds();
    assert_eq!(host.members(), ["web"]);

    let dir = "up\nevil.yml";
    host.bob_sh(&format!("mkdir '{dir}' && printf '%s' 'containers: {{db: {{$idle}}}}' > '{dir}/$pod.yml'"))
        .succeeds();
    host.sudo(["up", &format!("{dir}/{}.yml", host.pod())]).succeeds();
    assert_eq!(host.members(), ["db"]);
    // The message about it has no line of its own to forge.
    let run = host.sudo(["up", &format!("evil\nerror: forged/{}.yml", host.pod())]).exits(2);
    assert!(!run.stderr().lines().any(|line| line.starts_with("error: forged")), "{run}");
}

#[test]
fn a_link_gives_the_content_and_not_the_name() {
    let Some(host) = on_old() else { return };
    host.writes("other.yml", PLAIN);
    host.bob_sh("ln -s other.yml $pod.yml").succeeds();
    host.up().succeeds();
    assert_eq!(host.containers(), [host.pod().to_owned(), host.name_of("web")]);
}

#[test]
fn names_that_are_no_pods_names_are_refused() {
    let Some(host) = on_old() else { return };
    host.sudoers("bob ALL=(root) NOPASSWD: $wharf up *");
    for (path, why) in [
        ("blog.prod.yml", "`.` is not allowed in a name"),
        ("-blog.yml", "a pod's name begins with a letter or a digit"),
        ("b.yml", "a pod's name has at least two characters"),
        ("bl\u{f6}g.yml", "is not allowed in a name"),
        ("..", "the path has no file name"),
        ("a b.yml", "` ` is not allowed in a name"),
        ("", "a value is required"),
    ] {
        host.sudo(["up", path]).exits(2).says(why);
    }
    host.has_nothing();
}

/// sudo knows a command by its device and inode, too, where its base name fits; wharf goes by its own name.
#[test]
fn links_of_bobs_to_the_program_give_him_no_other_program() {
    let Some(host) = on_old() else { return };
    host.says(PLAIN);
    host.root_sh("cp /etc/wharf/host.yml /etc/moby-derp.conf");
    host.bob_sh("ln -s $wharf moby-derp; mkdir moby-derp.d; ln -s $wharf moby-derp.d/wharf").succeeds();
    host.bob_sh("sudo -n $home/moby-derp $home/$pod.yml").exits(1).says("a password is required");
    host.bob_sh("sudo -n $home/moby-derp up $home/$pod.yml").exits(1).says("a password is required");
    host.has_nothing();
    let run = host.bob_sh("sudo -n $home/moby-derp.d/wharf --trust-environment up $home/$pod.yml");
    run.exits(1).says("a password is required");
    let run = host.bob_sh("sudo -n $home/moby-derp.d/wharf up $home/evil.yml $home/$pod.yml");
    assert_ne!(run.status(), 0, "{run}");
    host.has_nothing();
}
