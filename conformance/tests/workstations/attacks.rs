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
fn links_inside_lead_no_archive_out_of_the_home() {
    with_a_seat(|seat| {
        seat.define_debian();
        inside(seat, "ln -s /usr/local ~/media && ln -s /etc ~/conf");
        // No entry for the directories, which a reader of archives would make anew.
        let make = "import io, tarfile
out = tarfile.open('music.tar', 'w')
for name in ['media/x', 'conf/motd']:
    entry = tarfile.TarInfo(name); entry.size = 2
    out.addfile(entry, io.BytesIO(b'x\\n'))
out.close()";
        seat.write("make.py", make);
        seat.sh("python3 make.py").succeeds();
        let before = inside(seat, "ls /usr/local; cat /etc/motd 2>/dev/null || true");
        seat.shell(&["--restore", "music.tar"]).succeeds();
        assert_eq!(inside(seat, "ls /usr/local; cat /etc/motd 2>/dev/null || true"), before);
        let written = inside(seat, "cat ~/media/x ~/conf/motd; test -O ~/conf/motd && echo own");
        assert_eq!(written, "x\nx\nown");
    });
}

#[test]
fn a_backup_takes_nobodys_place_and_a_cut_off_one_is_no_home() {
    with_a_seat(|seat| {
        seat.define_debian();
        inside(seat, "head -c 100000 /dev/urandom > ~/large; echo mine > ~/own");
        seat.write("yesterday.tar", "yesterday's");
        seat.shell(&["--backup", "yesterday.tar"]).exits(2).says("is there already");
        assert_eq!(std::fs::read_to_string(seat.path("yesterday.tar")).unwrap(), "yesterday's");
        seat.sh("ln -s yesterday.tar link.tar").succeeds();
        seat.shell(&["--backup", "link.tar"]).exits(2).says("is there already");
        seat.shell(&["--backup", "home.tar"]).succeeds();
        assert_eq!(seat.sh("ls -A | grep -c part || true").succeeds().stdout(), "0\n");
        // On the boundary of a block, where a reader of archives sees an end, too.
        seat.sh("head -c 51200 home.tar > half.tar; : > empty.tar; \
                 head -c $(($(stat -c %s home.tar) - 1024)) home.tar > endless.tar")
            .succeeds();
        inside(seat, "rm ~/own");
        for file in ["half.tar", "endless.tar"] {
            seat.shell(&["--restore", file]).exits(1).says("is cut off");
        }
        seat.shell(&["--restore", "empty.tar"]).exits(1).says("is empty");
        assert_eq!(inside(seat, "ls ~/own 2>/dev/null || echo none"), "none");
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
        seat.define("image: debian:stable-slim\nsync: [{from: ~/.ssh, to: stolen}]\nmounts: ['/srv:/host']");
        seat.write(".ssh/id_ed25519", "a key\n");
        seat.shell(&["--start"]).succeeds();
        for words in [&["--sync"][..], &["--dev-sync"], &["--upgrade"], &["--start"], &["--", "true"]] {
            seat.shell(&["--clean"]).succeeds();
            seat.shell(words).exits(2).says("this machine has no file of it");
        }
        for words in [&["--sync", "--yes"][..], &["--dev-sync", "--yes"], &["--upgrade", "--yes"]] {
            seat.shell(&["--clean"]).succeeds();
            seat.shell(words).exits(2).says("was just learnt from the engine, and nothing was read");
        }
        // Nor in a later run, which finds a file.
        seat.shell(&["--clean"]).succeeds();
        seat.shell(&["--start", "--yes"]).succeeds().says("commented out");
        seat.shell(&["--sync"]).exits(2).says("names no folders to copy");
        seat.shell(&["--upgrade"]).succeeds();
        assert_eq!(inside(seat, "ls -d ~/stolen /host 2>/dev/null || echo none"), "none");
        // Until somebody says so.
        let file = format!(".config/wharf/workstations/{}.yml", seat.name());
        seat.sh(&format!("sed -i 's/^# sync:/sync:/' {file}")).succeeds();
        seat.shell(&["--sync"]).succeeds();
        assert_eq!(inside(seat, "ls ~/stolen"), "id_ed25519");
    });
}

#[test]
fn a_workstation_that_somebody_planted_is_not_entered_unasked() {
    with_a_seat(|seat| {
        seat.define_debian();
        seat.shell(&["--start"]).succeeds();
        seat.shell(&["--clean"]).succeeds();
        let terminal = seat.terminal(24, 100);
        terminal.says("foo; echo left=$?").unwrap();
        terminal.shows("Take it as yours? [y/N]").unwrap();
        terminal.says("").unwrap();
        terminal.shows("left=2").unwrap();
        assert!(!seat.path(&format!(".config/wharf/workstations/{}.yml", seat.name())).exists());
    });
}

#[test]
fn what_answers_for_the_session_server_exhausts_nobody_outside() {
    with_a_seat(|seat| {
        seat.define_debian();
        seat.shell(&["--start"]).succeeds();
        let program = "printf '#!/bin/sh\\nexec yes\\n' > /run/wharf/new && chmod 755 /run/wharf/new && mv -f /run/wharf/new /run/wharf/session";
        inside(seat, program);
        seat.shell(&["--status"]).exits(1).says("says more than an answer may be");
        inside(seat, &program.replace("exec yes", "exec sleep 600"));
        seat.shell(&["--status"]).exits(1).says("was not answered in time");
        inside(
            seat,
            &program.replace(
                "exec yes",
                "echo {\\\"sessions\\\":[],\\\"started\\\":18446744073709551615,\\\"version\\\":\\\"x\\\"}",
            ),
        );
        seat.shell(&["--status"]).succeeds();
        seat.shell(&["--destroy", "--yes"]).succeeds();
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
            ("mounts: ['/srv:/run/wharf']", "wharf's own to write inside"),
            ("mounts: ['/srv:/etc']", "wharf's own to write inside"),
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

/// Something that welcomes whoever attaches, and then asks for the agent without end, and reads nothing.
const FLOOD: &str = r"printf '\''\020\000\000\003\0011\000'\''; while :; do printf '\''\006\000\000\004\000\000\000\001'\''; done";

#[test]
fn a_flood_of_questions_to_the_agent_exhausts_nobody_outside() {
    with_a_seat(|seat| {
        seat.define_debian();
        seat.shell(&["--start"]).succeeds();
        seat.sh("ssh-agent -a ~/agent.sock > agent.env").succeeds();
        // What it is to be instead of the session program, which still copies and tells the status.
        inside(
            seat,
            &format!(
                "printf '%s\\n' '#!/bin/sh' '{FLOOD}' > /run/wharf/new && chmod 755 /run/wharf/new && mv -f /run/wharf/new /run/wharf/session"
            ),
        );
        let terminal = seat.terminal(24, 100);
        // Who may have 1.5 GB of addresses and fills them is aborted, which is another status.
        for flags in ["", "-A"] {
            terminal
                .says(&format!(
                    "clear; (ulimit -v 1500000; export SSH_AUTH_SOCK=~/agent.sock; foo {flags}); echo stat''us=$?="
                ))
                .unwrap();
            let screen = terminal.until("its end", |screen| screen.contains("status=")).unwrap();
            assert!(
                screen.contains("a frame out of turn") && screen.contains("status=4="),
                "{flags}: {screen}"
            );
        }
        seat.sh(". ./agent.env >/dev/null; kill $SSH_AGENT_PID").succeeds();
        seat.shell(&["--destroy", "--yes"]).succeeds();
    });
}

#[test]
fn a_flood_of_the_log_from_inside_holds_nobody_up() {
    with_a_seat(|seat| {
        seat.define_debian();
        seat.shell(&["--start"]).succeeds();
        // The pipe that the first process has its log on is its user's, and so is whoever takes its lines away.
        let flood = "(yes > /proc/1/fd/1) >/dev/null 2>&1 & echo $! > ~/writer; (cat < /proc/1/fd/1) >/dev/null 2>&1 & echo $! > ~/reader";
        inside(seat, flood);
        // Beginnings and ends of sessions are lines of the log.
        for _ in 0..10 {
            assert_eq!(inside(seat, "echo there"), "there");
        }
        seat.shell(&["--status"]).succeeds().prints("running");
        seat.shell(&["--ls"]).succeeds();
        let terminal = seat.terminal(24, 100);
        terminal.says("foo").unwrap();
        terminal.shows("session 1").unwrap();
        terminal.says("clear; echo aft''er; exit").unwrap();
        terminal.shows("after").unwrap();
        inside(seat, "kill $(cat ~/writer ~/reader) 2>/dev/null; true");
        seat.shell(&["--restart"]).succeeds();
        assert_eq!(inside(seat, "echo there"), "there");
    });
}
