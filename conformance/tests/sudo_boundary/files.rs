//! The pod file: opened with bob's rights, so that it tells him nothing that he could not read himself.

use crate::{PLAIN, on_new, on_old};
use std::time::{Duration, Instant};

const SECRET: &str = "swordfish";

#[test]
fn another_users_file_is_denied_and_not_shown() {
    let Some(host) = on_old() else { return };
    host.users().add_user("carol").unwrap();
    host.users().write("/etc/wharf/secret", format!("{SECRET}: [\n"), 0o600).unwrap();
    host.root_sh("install -o carol -m 0600 /etc/wharf/secret $home/../carol/secret");
    for target in ["/etc/shadow", "/etc/wharf/secret", "$home/../carol/secret"] {
        host.bob_sh(&format!("ln -sf {target} $pod.yml")).succeeds();
        let file = host.pod_file().display().to_string();
        let run = host.up().exits(2).says(&format!("`{file}` cannot be read: permission denied"));
        run.never_says(SECRET).never_says("root:").never_says("caused by");
    }
    host.has_nothing();
}

#[test]
fn what_lies_in_a_closed_directory_is_neither_shown_nor_told_of() {
    let Some(host) = on_old() else { return };
    host.root_sh("install -d -m 0700 /etc/wharf/closed && echo 'swordfish: [' > /etc/wharf/closed/here");
    // The file is there, it is not, and the file itself could be read by everyone: the same answer.
    let answers = ["here", "absent"].map(|name| {
        host.bob_sh(&format!("ln -sfn /etc/wharf/closed/{name} $pod.yml")).succeeds();
        host.up().exits(2).never_says(SECRET).stderr()
    });
    assert_eq!(answers[0], answers[1]);
    assert!(answers[0].contains("cannot be read: permission denied"), "{}", answers[0]);
    host.has_nothing();
}

#[test]
fn what_is_no_regular_file_is_refused_at_once() {
    let Some(host) = on_old() else { return };
    let begun = Instant::now();
    for (make, why) in [
        ("mkdir $pod.yml", "is a directory, not a regular file"),
        ("mkfifo $pod.yml", "is a named pipe, not a regular file"),
        ("ln -s /dev/zero $pod.yml", "is a device, not a regular file"),
        ("ln -s /dev/stdin $pod.yml", "goes through /proc or too many links"),
        ("ln -s /proc/self/fd/0 $pod.yml", "goes through /proc or too many links"),
        ("ln -s /proc/self/environ $pod.yml", "goes through /proc or too many links"),
        ("ln -s /proc/self/root/etc/hostname $pod.yml", "goes through /proc or too many links"),
        ("ln -s $pod.yml $pod.yml", "goes through /proc or too many links"),
        ("ln -s nowhere $pod.yml", "does not exist, or is a link to what does not"),
        ("truncate -s 1T $pod.yml", "has more than"),
        ("head -c 20000000 /dev/zero > $pod.yml", "has more than"),
    ] {
        host.bob_sh(&format!("rm -rf $pod.yml; {make}")).succeeds();
        host.up().exits(2).says(why);
    }
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
    host.has_nothing();
}

#[test]
fn a_file_that_only_a_second_group_may_read_is_read() {
    let Some(host) = on_new() else { return };
    host.says(PLAIN);
    host.root_sh("groupadd quay && chown root:quay $home/$pod.yml && chmod 0640 $home/$pod.yml");
    host.up().exits(2).says("cannot be read: permission denied");
    host.users().add_to_group("bob", "quay").unwrap();
    host.up().succeeds();
    assert_eq!(host.members(), ["web"]);
}

#[test]
fn an_error_shows_bob_his_own_file_without_steering_the_terminal() {
    let Some(host) = on_old() else { return };
    host.says("containers: {web: {$box, imaeg: 'a\u{1b}]0;owned\u{7}b'}}\n");
    let run = host.up().exits(2).says("imaeg").says(&format!("{}.yml:1:", host.pod()));
    assert!(!run.stderr().contains(['\u{1b}', '\u{7}']), "{run}");
    host.has_nothing();
}

#[test]
fn a_file_exchanged_while_wharf_runs_is_one_file_or_the_other() {
    let Some(host) = on_old() else { return };
    host.sudoers("bob ALL=(root) NOPASSWD: $wharf check */$pod.yml");
    host.says(PLAIN);
    let flip = "cp $pod.yml good; (while [ ! -e done ]; do ln -sfn /etc/shadow l; mv -T l $pod.yml; \
                cp good g; mv -T g $pod.yml; done) & \
                for i in $(seq 40); do sudo -n $wharf check $home/$pod.yml; done; touch done; wait";
    let run = host.bob_sh(flip);
    let own = run.never_says("root:").stderr();
    let denied = own.matches("permission denied").count();
    assert!(own.lines().filter(|line| line.starts_with("error:")).count() == denied, "{own}");
}
