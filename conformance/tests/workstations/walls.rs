//! What stands around a workstation: nothing of root inside, nothing of its neighbours', nothing of the host's that its
//! owner has no right to.

use crate::seat::Seat;
use crate::{GRANTS, on_each_way};
use wharf_conformance::gateway::{Gateway, through_the_gateway};

/// Runs a script inside, and gives what it printed.
fn inside(seat: &Seat<'_>, script: &str) -> String {
    seat.shell(&["--", "sh", "-c", script]).succeeds().stdout().trim().to_owned()
}

/// Without a backup, and so with the name.
fn destroy(seat: &Seat<'_>, name: &str) {
    seat.sh(&format!("echo {name} | wharf shell {name} --destroy --no-backup")).succeeds();
}

#[test]
fn there_is_nothing_of_root_inside_and_no_way_to_it() {
    on_each_way(|seat| {
        seat.define_debian();
        seat.shell(&["--start"]).succeeds();
        let tried = [
            "cat /etc/shadow",
            "echo >> /etc/passwd && echo had",
            "mount -t tmpfs none /mnt && echo had",
            "chown 0 $HOME && echo had",
            "mknod ~/sda b 8 0 && echo had",
            "chroot / true && echo had",
            "cp /bin/sh ~/sh && chmod 4755 ~/sh && ~/sh -p -c 'cat /etc/shadow'",
            "su -c 'cat /etc/shadow' </dev/null",
            "echo 1 > /proc/sys/kernel/hostname && echo had",
            "nsenter -t 1 -m true && echo had",
        ];
        let tried: Vec<String> = tried.iter().map(|one| format!("({one}) 2>/dev/null")).collect();
        let said = inside(seat, &format!("{}; true", tried.join("; ")));
        assert_eq!(said, "", "something of root's was had");
        let walls = "grep -E '^(CapInh|CapPrm|CapEff|CapBnd|CapAmb|NoNewPrivs|Seccomp):' /proc/1/status | tr -s '\\t ' ' '
                     ls /run/docker.sock /var/run/docker.sock /run/containerd 2>/dev/null; stat -c '%u %a' /run/wharf; id -u";
        let said = inside(seat, walls);
        let lines: Vec<&str> = said.lines().collect();
        let none = "0000000000000000";
        let caps: Vec<String> =
            ["Inh", "Prm", "Eff", "Bnd", "Amb"].map(|set| format!("Cap{set}: {none}")).into();
        assert_eq!(lines[..5], caps, "{said}");
        assert_eq!(lines[5..7], ["NoNewPrivs: 1", "Seccomp: 2"], "{said}");
        // Nothing of an engine's between, and wharf's own place is the user's alone.
        assert_eq!(lines[7..], [format!("{} 700", lines[8]).as_str(), lines[8]], "{said}");
    });
}

#[test]
fn a_workstation_whose_name_begins_the_same_is_left_alone() {
    on_each_way(|seat| {
        seat.define_debian();
        let (foo, file) = (seat.name(), format!("~/.config/wharf/workstations/{}", seat.name()));
        // As many as the tenant's limits have room for, so that an upgrade finds none for two of the same.
        let others = ["-bar", "-making", "-next"];
        for other in others {
            seat.sh(&format!(
                "cp {file}.yml {file}{other}.yml; wharf shell {foo}{other} -- sh -c 'echo {other} > ~/mine'"
            ))
            .succeeds();
        }
        seat.shell(&["--", "sh", "-c", "echo foo > ~/mine"]).succeeds();
        seat.shell(&["--restart"]).succeeds();
        seat.shell(&["--upgrade"]).succeeds();
        destroy(seat, foo);
        for other in others {
            let run = seat.sh(&format!(
                "wharf shell {foo}{other} --status --json; wharf shell {foo}{other} -- cat mine"
            ));
            run.succeeds().prints("\"running\"").prints(other);
        }
        seat.sh(&format!("docker volume inspect workstation-{foo}-home")).exits(1);
        for other in others {
            destroy(seat, &format!("{foo}{other}"));
        }
        let left = format!(
            "docker ps -aq --filter name=workstation-{foo}; docker volume ls -q --filter name=workstation-{foo}"
        );
        assert_eq!(seat.sh(&left).succeeds().stdout(), "");
    });
}

#[test]
fn labels_that_an_image_brings_make_no_workstation() {
    on_each_way(|seat| {
        let name = seat.name();
        let stranger = format!("stranger-{name}");
        let script = format!(
            "docker create --name seed busybox true; docker commit -c 'LABEL wharfinger.workstation={name}' seed \
             labelled:{name}; docker rm seed; docker run -d --name {stranger} labelled:{name} sleep 600"
        );
        seat.sh(&script).succeeds();
        seat.shell(&["--stop"]).exits(1).says("there is no workstation");
        let _nothing = seat.sh(&format!("echo {name} | wharf shell {name} --destroy --no-backup"));
        seat.sh(&format!("docker inspect -f '{{{{.State.Running}}}}' {stranger}")).succeeds().prints("true");
        seat.sh(&format!(
            "docker image inspect labelled:{name} && docker rm -f {stranger} && docker rmi labelled:{name}"
        ))
        .succeeds();
    });
}

#[test]
fn tenants_have_each_their_own_of_the_same_name() {
    through_the_gateway(|engine| {
        let gateway = Gateway::on(engine).tenant("alice", GRANTS).tenant("bob", GRANTS).start();
        let (alice, bob) = (Seat::of_tenant(&gateway, "alice"), Seat::of_tenant(&gateway, "bob"));
        for seat in [&alice, &bob] {
            seat.write(".config/wharf/workstations/same.yml", "context: yard\nimage: debian:stable-slim\n");
        }
        alice.sh("wharf shell same -- sh -c 'echo swordfish > ~/secret'").succeeds();
        bob.sh("wharf shell same --stop").exits(1).says("there is no workstation");
        bob.sh("wharf shell ls --json").succeeds().never_says("swordfish");
        let said = bob.sh("wharf shell same -- sh -c 'ls ~'").succeeds().stdout();
        assert!(!said.contains("secret"), "{said}");
        destroy(&bob, "same");
        alice.sh("wharf shell same -- cat secret").succeeds().prints("swordfish");
        destroy(&alice, "same");
        gateway.sweep("alice");
        gateway.sweep("bob");
    });
}

#[test]
fn a_tenant_mounts_nothing_of_the_hosts_that_it_was_not_given() {
    through_the_gateway(|engine| {
        let gateway = Gateway::on(engine).tenant("alice", GRANTS).start();
        let alice = Seat::of_tenant(&gateway, "alice");
        for source in ["/etc", "/root", "/home"] {
            alice.define(&format!("image: debian:stable-slim\nmounts: ['{source}:/mnt/it']"));
            let refused = alice.shell(&["--start"]);
            assert_ne!(refused.status(), 0, "{source} was mounted");
            assert_eq!(alice.sh("docker ps -q").succeeds().stdout(), "", "{source}");
        }
        gateway.sweep("alice");
    });
}
