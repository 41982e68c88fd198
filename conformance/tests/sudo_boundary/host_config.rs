//! The host configuration decides what bob may; so it, and everything above it, must be root's alone.

use crate::{PLAIN, on_old};

#[test]
fn a_host_configuration_that_others_could_change_is_refused() {
    let Some(host) = on_old() else { return };
    host.says(PLAIN);
    let restore = "rm -rf /etc/wharf && install -d -m 0755 /etc/wharf && \
                   printf 'mount_root: $pods\\nreserved_labels: [swordfish.]\\n' > /etc/wharf/host.yml";
    for (weaken, why) in [
        ("chown bob /etc/wharf/host.yml", "`/etc/wharf/host.yml` belongs to user"),
        (
            "chmod 0664 /etc/wharf/host.yml",
            "`/etc/wharf/host.yml` (owner 0, mode 0664) is writable by its group or by others",
        ),
        ("chmod 0666 /etc/wharf/host.yml", "`/etc/wharf/host.yml` (owner 0, mode 0666) is writable"),
        ("chown bob /etc/wharf", "`/etc/wharf` belongs to user"),
        ("chmod 0777 /etc/wharf", "`/etc/wharf` (owner 0, mode 0777) is writable"),
        (
            "mv /etc/wharf/host.yml /etc/wharf/h && ln -s h /etc/wharf/host.yml && chown -h bob /etc/wharf/host.yml",
            "`/etc/wharf/host.yml` belongs to user",
        ),
        ("mv /etc/wharf/host.yml $home/ && ln -s $home/host.yml /etc/wharf/host.yml", "belongs to user"),
        // In a sticky directory the file would stay root's; a directory of bob's in it would not.
        (
            "mkdir -m 1777 /etc/wharf/s && mkdir /etc/wharf/s/d && chown bob /etc/wharf/s/d && \
          mv /etc/wharf/host.yml /etc/wharf/s/d && ln -s s/d/host.yml /etc/wharf/host.yml",
            "`/etc/wharf/s/d` belongs to user",
        ),
        ("rm /etc/wharf/host.yml && mkdir /etc/wharf/host.yml", "is a directory, not a regular file"),
        ("rm /etc/wharf/host.yml && mkfifo /etc/wharf/host.yml", "is a named pipe, not a regular file"),
        ("rm /etc/wharf/host.yml && chmod 0777 /etc/wharf", "`/etc/wharf` (owner 0, mode 0777) is writable"),
    ] {
        host.root_sh(restore);
        host.root_sh(weaken);
        host.up().exits(2).says(why).never_says("swordfish");
        host.has_nothing();
    }
}

#[test]
fn errors_in_the_host_configuration_show_bob_positions_and_no_content() {
    let Some(host) = on_old() else { return };
    host.says(PLAIN);
    host.users()
        .write("/etc/wharf/host.yml", "mount_root: /srv\nswordfish: 1\nadmins: {ana: swordfish}\n", 0o600)
        .unwrap();
    host.up().exits(2).says("/etc/wharf/host.yml").never_says("swordfish");
    host.root_wharf(["up".as_ref(), host.pod_file().as_os_str()]).exits(2).says("swordfish");
    host.has_nothing();
}

#[test]
fn a_mount_root_that_others_could_change_is_refused() {
    let Some(host) = on_old() else { return };
    host.says("containers: {web: {$idle, mounts: [{source: data, target: /data}]}}\n");
    for (weaken, why) in [
        ("chown bob $pods", "belongs to user"),
        ("chown root $pods && chmod 0777 $pods", "is writable by its group or by others"),
        ("rmdir $pods && ln -s $home $pods", "belongs to user"),
        ("rm $pods && ln -s $home/pods $pods && chown -h bob $pods", "belongs to user"),
        ("rm $pods && touch $pods", "is a regular file, not a directory"),
        ("rm $pods", "does not exist"),
    ] {
        host.root_sh(weaken);
        host.up().exits(2).says(why);
        host.has_nothing();
    }
}
