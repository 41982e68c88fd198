//! What somebody inside, somebody with the engine, or a file from elsewhere may try with a workstation.

use crate::on_each_way;
use crate::seat::Seat;
use wharf_conformance::{Run, on_each_engine};
use wharf_testkit::{EngineKind, wharf_program};

fn with_a_seat(story: impl Fn(&Seat<'_>) + Sync) {
    on_each_engine(|engine| {
        if engine.kind() == EngineKind::Docker28 {
            story(&Seat::at(engine));
        }
    });
}

/// Runs a script inside, and gives what it printed.
fn inside(seat: &Seat<'_>, script: &str) -> String {
    seat.shell(&["--", "sh", "-c", script]).succeeds().stdout().trim().to_owned()
}

#[test]
fn an_archive_that_escapes_is_refused_before_anything_is_written() {
    on_each_way(|seat| {
        seat.define_debian();
        seat.shell(&["--start"]).succeeds();
        let make = "import io, tarfile
out = tarfile.open('evil.tar', 'w')
good = tarfile.TarInfo('good'); good.size = 2
out.addfile(good, io.BytesIO(b'x\\n'))
link = tarfile.TarInfo('run'); link.type = tarfile.SYMTYPE; link.linkname = '/run/wharf'
out.addfile(link)
evil = tarfile.TarInfo('run/session'); evil.size = 2
out.addfile(evil, io.BytesIO(b'x\\n'))
out.close()";
        seat.write("make.py", make);
        seat.sh("python3 make.py").succeeds();
        seat.shell(&["--restore", "evil.tar"]).exits(2).says("below a symbolic link");
        assert_eq!(inside(seat, "ls ~/good 2>/dev/null || echo none"), "none");
        seat.write("no.tar", "this is no archive");
        seat.shell(&["--restore", "no.tar"]).exits(1);
    });
}

#[test]
fn links_inside_lead_no_copy_out_of_the_home() {
    with_a_seat(|seat| {
        seat.define("image: debian:stable-slim\nsync: [{from: ~/conf, to: .config/conf}]");
        seat.write("conf/a", "one\n");
        seat.shell(&["--start"]).succeeds();
        inside(
            seat,
            "mkdir -p /tmp/other ~/.config && echo mine > /tmp/other/kept && ln -s /tmp/other ~/.config/conf",
        );
        let _either_way = seat.shell(&["--sync"]);
        assert_eq!(inside(seat, "ls /tmp/other; cat /tmp/other/kept"), "kept\nmine");
        inside(seat, "rm -rf ~/.config && ln -s /tmp/other ~/.config");
        let _either_way = seat.shell(&["--sync"]);
        assert_eq!(inside(seat, "ls /tmp/other; cat /tmp/other/kept"), "kept\nmine");
    });
}

#[test]
fn an_engine_that_names_folders_of_the_callers_machine_is_not_obeyed() {
    with_a_seat(|seat| {
        // Whoever has the engine can write into the label what he likes.
        seat.define("image: debian:stable-slim\nsync: [{from: ~/.ssh, to: stolen}]");
        seat.write(".ssh/id_ed25519", "a key\n");
        seat.shell(&["--start"]).succeeds();
        for words in [&["--sync"][..], &["--sync", "--yes"], &["--dev-sync"]] {
            seat.shell(&["--clean"]).succeeds();
            seat.shell(words).exits(2).says("was just learnt from the engine, and nothing was read");
        }
        assert_eq!(inside(seat, "ls ~/stolen 2>/dev/null || echo none"), "none");
    });
}

#[test]
fn what_is_called_strangely_inside_steers_no_terminal_outside() {
    with_a_seat(|seat| {
        seat.define_debian();
        seat.shell(&["1", "--start"]).succeeds();
        inside(
            seat,
            "d=$(printf 'x\\033]0;pwned\\007\\033[2Jy'); mkdir -p ~/\"$d\"; \
                      cp /bin/sleep ~/\"$d\"/\"$d\"; printf 'cd %s\\n' '~/x*' > ~/.bashrc; \
                      printf './x*/x* 600\\n' >> ~/.bashrc; sed -i 's,./x,./x,' ~/.bashrc; \
                      printf 'cd ~/x*; ./x* 600\\n' > ~/.bashrc",
        );
        seat.shell(&["1", "--restart"]).succeeds();
        let shown = wharf_conformance::eventually("the directory", || {
            let shown = seat.shell(&["--status"]).succeeds();
            shown.stdout().contains("pwned").then_some(shown)
        });
        for run in [shown, seat.shell(&["--status", "--json"]).succeeds()] {
            assert!(!run.stdout().contains('\u{1b}') && !run.stdout().contains('\u{7}'), "{run}");
        }
    });
}

#[test]
fn nobody_enters_a_workstation_on_somebody_elses_behalf() {
    with_a_seat(|seat| {
        seat.define_debian();
        // As sudo would run it: the words are refused before anything is asked of an engine.
        for more in [&[][..], &["--start"], &["--trust-environment"]] {
            let mut command = std::process::Command::new(wharf_program().unwrap());
            command.args(["shell", seat.name()]).args(more).env("SUDO_UID", "1000").env("SUDO_GID", "1000");
            let run = Run::of(command.env("DOCKER_HOST", seat.engine().host()), b"");
            run.exits(3).says("run it without sudo");
        }
    });
}

#[test]
fn a_foreign_container_or_volume_of_the_name_is_not_touched() {
    with_a_seat(|seat| {
        seat.define_debian();
        let name = seat.name();
        seat.sh(&format!("docker create --name workstation-{name} debian:stable-slim true")).succeeds();
        for words in [&["--start"][..], &["--stop"], &["--destroy", "--yes"], &["--upgrade"]] {
            seat.shell(words).exits(3).says("is no workstation of wharf's");
        }
        let script = format!("docker rm workstation-{name} && docker volume create workstation-{name}-home");
        seat.sh(&script).succeeds();
        seat.shell(&["--start"]).exits(3).says("is no home that wharf made");
        seat.sh(&format!("docker volume inspect workstation-{name}-home")).succeeds();
    });
}

#[test]
fn the_file_gives_no_rights_and_packages_are_no_commands() {
    with_a_seat(|seat| {
        for (lines, said) in [
            ("privileged: true", "a workstation has no privileges"),
            ("cap_add: [SYS_ADMIN]", "a workstation has no capabilities"),
            ("mounts: ['/var/run/docker.sock:/var/run/docker.sock']", "would have its host, too"),
            ("mounts: ['/srv:/run/wharf']", "wharf's own place"),
            ("packages: ['x; touch /pwned']", "is no package's name"),
            ("packages: ['--allow-unauthenticated']", "is no package's name"),
            ("sync: [{from: ~/a, to: ../../etc}]", "has neither `.`, `..`"),
            ("user: {name: 'x:0:0'}", "is no account's name"),
            ("shell: '/bin/sh:x'", "a shell is an absolute path inside"),
        ] {
            seat.define(lines);
            let _refused = seat.shell(&["--start"]).exits(2).says(said);
        }
        assert_eq!(
            seat.engine().docker(["ps", "-aq", "--filter", &format!("name={}", seat.name())]).unwrap(),
            ""
        );
    });
}
