//! The README's commands, as written there, on a host where nothing was set up: by a person with sudo, on a real engine.
//! Only `/srv/wharf` is replaced, since the engine does not see the directories that the test lays over the machine's.

use std::path::Path;
use wharf_conformance::{Boundary, Run};
use wharf_testkit::{Engine, EngineKind, or_skip};

/// The commands in the README's section of that name, in its block of that number.
fn commands(section: &str, block: usize) -> Vec<String> {
    let readme = include_str!("../../README.md");
    let (_, rest) = readme.split_once(&format!("\n## {section}\n")).expect("the section");
    let text = rest.split("\n## ").next().unwrap_or_default();
    let block = text.split("```sh\n").nth(block).expect("the block").split("```").next().unwrap_or_default();
    block.lines().map(str::to_owned).collect()
}

/// Ana types a line; what came of it.
fn types(host: &Boundary<'_>, line: &str) -> Run {
    let line = line.replace("/srv/wharf", &host.mount_root().join("readme").display().to_string());
    let mut command = host.users().command_as("ana");
    command.args(["bash", "-c", &line]);
    Run::of(&mut command, b"")
}

#[test]
fn the_readmes_commands_bring_a_first_pod_up_and_down() {
    let Some(engine) = or_skip(Engine::private(EngineKind::Docker28)) else { return };
    let Some(host) = Boundary::without_rules(&engine) else { return };
    let home = host.users().add_user("ana").expect("ana");
    host.sudoers("ana ALL=(ALL) NOPASSWD: ALL");
    host.root_sh("rm -r /etc/wharf");
    let blog = include_str!("../../examples/blog.yml");
    host.root_sh(&format!("install -d -o ana '{}'", home.join("examples").display()));
    host.users().write_as("ana", home.join(Path::new("examples/blog.yml")), blog).expect("the example");

    for line in commands("Install", 2) {
        // The engine here maps no users, which is a danger, as the README says.
        let status = i32::from(line.ends_with("doctor"));
        types(&host, &line).exits(status);
    }
    let lines = commands("A first pod", 1);
    let said: Vec<Run> = lines.iter().map(|line| types(&host, line).succeeds()).collect();
    assert_eq!(said.len(), 6, "{lines:?}");
    let listed = said[3].stdout();
    assert!(listed.contains("->80/tcp") && listed.contains("Exited (0)"), "{listed}");
    assert!(said[4].stderr().contains("nothing to do"), "{}", said[4]);
    assert!(host.mount_root().join("readme/blog/content/index.html").exists(), "its files stay");
}
