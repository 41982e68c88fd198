//! Test users are real to sudo and unknown to the machine.

use std::fs;
use std::os::unix::fs::MetadataExt as _;

use wharf_testkit::{UserSandbox, or_skip};

#[test]
fn sudo_lets_a_test_user_do_what_its_rule_says_and_nothing_else() {
    let Some(sandbox) = or_skip(UserSandbox::new()) else { return };
    let home = sandbox.add_user("bob").unwrap();
    sandbox.add_to_group("bob", "quay").unwrap();
    sandbox.sudoers("bob ALL=(root) NOPASSWD: /usr/bin/id -u").unwrap();
    sandbox.write_as("bob", home.join("note"), "mine").unwrap();

    let text = |output: std::process::Output| {
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    };
    assert_eq!(text(sandbox.run_as("bob", ["sudo", "-n", "/usr/bin/id", "-u"]).unwrap()), "0\n");
    assert!(
        text(sandbox.run_as("bob", ["sudo", "-n", "/usr/bin/id"]).unwrap())
            .contains("a password is required")
    );
    assert_eq!(text(sandbox.run_as("bob", ["id", "-nG"]).unwrap()), "bob quay\n");
    assert_eq!(text(sandbox.run_as("bob", ["cat", "note"]).unwrap()), "mine");
    let refused = sandbox.run_as("bob", ["cat", "/etc/shadow"]).unwrap();
    assert!(!refused.status.success());
    assert_ne!(fs::metadata(home.join("note")).unwrap().uid(), 0);

    assert!(!fs::read_to_string("/etc/passwd").unwrap().contains("bob:"), "the machine knows the test user");
    assert!(!fs::exists("/etc/sudoers.d/wharf-test").unwrap(), "the machine's sudo knows the test's rule");
    let directory = sandbox.directory().to_owned();
    drop(sandbox);
    assert!(!directory.exists());
}
