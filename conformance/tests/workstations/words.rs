//! Every word of the command list, as scripts use it: at an engine's own socket, over ssh, and as a tenant.

use crate::on_each_way;
use crate::seat::Seat;
use std::os::unix::fs::PermissionsExt as _;

/// Runs a script inside, and gives what it printed.
fn inside(seat: &Seat<'_>, script: &str) -> String {
    seat.shell(&["--", "sh", "-c", script]).succeeds().stdout().trim().to_owned()
}

fn state(seat: &Seat<'_>) -> String {
    seat.shell(&["--status", "--json"]).succeeds().json()["state"].as_str().unwrap_or_default().to_owned()
}

/// Names of the terminals, with a `-` before those in which nothing runs.
fn terminals(seat: &Seat<'_>) -> Vec<String> {
    let status = seat.shell(&["--ls", "--json"]).succeeds().json();
    let named = |session: &serde_json::Value| {
        let dash = if session["running"] == true { "" } else { "-" };
        format!("{dash}{}", session["name"].as_str().unwrap_or_default())
    };
    status["sessions"].as_array().map(|all| all.iter().map(named).collect()).unwrap_or_default()
}

#[test]
fn commands_run_with_their_input_output_and_status() {
    on_each_way(|seat| {
        seat.define_debian();
        seat.shell(&["--", "sh", "-c", "echo out; echo err >&2; exit 7"])
            .exits(7)
            .prints("out\n")
            .says("err\n");
        let program = wharf_testkit::wharf_program().unwrap().display().to_string();
        let fed =
            seat.run(&[&program, "shell", seat.name(), "--", "tr", "a-z", "A-Z"], b"shout\n").succeeds();
        assert_eq!(fed.stdout(), "SHOUT\n");
        let who = inside(
            seat,
            "id -u; id -g; id -un; echo $HOME; pwd; hostname; grep -c . /proc/self/status >/dev/null; \
                                grep -E '^(CapEff|NoNewPrivs)' /proc/self/status | tr -s '\\t' ' '",
        );
        let lines: Vec<&str> = who.lines().collect();
        let home = format!("/home/{}", lines[2]);
        assert_eq!(lines[3..6], [home.as_str(), home.as_str(), seat.name()], "{who}");
        assert_eq!(lines[6..], ["CapEff: 0000000000000000", "NoNewPrivs: 1"], "{who}");
        // No terminal, no session.
        seat.shell(&[]).exits(2).says("there is no terminal");
    });
}

#[test]
fn a_workstation_and_its_terminals_start_stop_restart_and_end() {
    on_each_way(|seat| {
        seat.define_debian();
        seat.shell(&["--status"]).succeeds().prints("not made yet");
        seat.shell(&["--stop"]).exits(1).says("there is no workstation");
        seat.shell(&["--start"]).succeeds();
        assert_eq!(state(seat), "running");
        seat.shell(&["build", "--start"]).succeeds();
        seat.shell(&["2", "--start"]).succeeds();
        assert_eq!(terminals(seat), ["2", "build"]);
        seat.shell(&["2", "--stop"]).succeeds();
        assert_eq!(terminals(seat), ["-2", "build"]);
        seat.shell(&["2", "--restart"]).succeeds();
        assert_eq!(terminals(seat), ["2", "build"]);
        seat.shell(&["--kill", "2"]).succeeds();
        assert_eq!(terminals(seat), ["build"]);

        inside(seat, "echo kept > ~/kept");
        seat.shell(&["--stop"]).succeeds();
        assert_eq!(state(seat), "stopped");
        seat.shell(&["--kill", "build"]).exits(1).says("does not run");
        seat.shell(&["--restart"]).succeeds();
        assert_eq!(state(seat), "running");
        assert_eq!(inside(seat, "cat ~/kept"), "kept");
        let listed = seat
            .sh(&format!("wharf shell ls; wharf shell ls --json | grep -c '\"name\": \"{}\"'", seat.name()));
        listed.succeeds().prints("running").prints("\n1\n");
        // Flags are done in the order of the help, whatever the order on the line.
        seat.shell(&["--status", "--stop", "--start"]).succeeds().prints("stopped");
    });
}

#[test]
fn folders_are_copied_in_and_what_disappeared_disappears() {
    on_each_way(|seat| {
        seat.define("image: debian:stable-slim\nsync: [{from: ~/conf, to: .config/conf, exclude: [.git]}]");
        seat.shell(&["--sync"]).exits(2).says("is no folder");
        seat.write("conf/a", "one\n");
        seat.write("conf/sub/b", "two\n");
        seat.write("conf/.git/HEAD", "ref\n");
        seat.shell(&["--sync"]).succeeds().says("3 written, 0 deleted");
        inside(seat, "mkdir ~/.config/conf/.git && touch ~/.config/conf/.git/own ~/elsewhere");
        std::fs::remove_file(seat.path("conf/a")).unwrap();
        seat.write("conf/sub/b", "three\n");
        seat.shell(&["--sync"]).succeeds().says("1 written, 1 deleted");
        let found = inside(seat, "cd && find .config/conf elsewhere -type f | sort; cat .config/conf/sub/b");
        assert_eq!(found, ".config/conf/.git/own\n.config/conf/sub/b\nelsewhere\nthree");
        seat.shell(&["--sync"]).succeeds().says("0 written, 0 deleted");
    });
}

#[test]
fn homes_are_backed_up_restored_and_cloned() {
    on_each_way(|seat| {
        seat.define_debian();
        inside(
            seat,
            "umask 077; mkdir -p d; echo secret > d/key; ln -s key d/link; chmod 755 d; echo x > 'a b'",
        );
        for file in ["home.tar", "home.tar.gz"] {
            seat.shell(&["--backup", file]).succeeds();
            let backup = seat.path(file);
            assert_eq!(std::fs::metadata(&backup).unwrap().permissions().mode() & 0o777, 0o600, "{file}");
            let listed = seat.sh(&format!("tar -tf {file} | grep -v local/state | sort")).succeeds();
            assert!(listed.stdout().contains("d/key") && !listed.stdout().contains(".."), "{listed}");
        }
        inside(seat, "rm -rf d 'a b'");
        seat.shell(&["--restore", "home.tar.gz"]).succeeds();
        let found = inside(seat, "cat d/link 'a b'; stat -c %a:%U d/key; id -un");
        let lines: Vec<&str> = found.lines().collect();
        assert_eq!(lines[..2], ["secret", "x"], "{found}");
        assert_eq!(lines[2], format!("600:{}", lines[3]), "{found}");

        inside(seat, "rm -rf d");
        let again = format!("cat home.tar | wharf shell {} --restore /dev/stdin", seat.name());
        seat.sh(&again).succeeds().says("files");
        assert_eq!(inside(seat, "cat d/link"), "secret", "what can be read only once");

        let clone = format!("{}-too", seat.name());
        seat.shell(&["--clone", &clone]).succeeds();
        let cloned = seat.sh(&format!("wharf shell {clone} -- cat d/key")).succeeds();
        assert_eq!(cloned.stdout(), "secret\n");
        seat.shell(&["--clone", &clone]).exits(2).says("already");
        inside(seat, "echo changed > d/key");
        let cloned = seat
            .sh(&format!("wharf shell {clone} -- cat d/key; wharf shell {clone} --destroy --yes"))
            .succeeds();
        assert_eq!(cloned.stdout(), "secret\n", "a home of its own");
        assert_eq!(inside(seat, "cat d/key"), "changed", "who is called alike is not touched");
    });
}

#[test]
fn a_home_whose_container_is_gone_is_backed_up_and_destroyed() {
    on_each_way(|seat| {
        seat.define_debian();
        inside(seat, "echo precious > ~/precious");
        seat.sh(&format!("docker rm -f workstation-{}", seat.name())).succeeds();
        // The file is lost, too.
        seat.shell(&["--clean"]).succeeds();
        seat.shell(&["--backup", "home.tar"]).succeeds();
        assert_eq!(seat.sh("tar -xOf home.tar precious").succeeds().stdout(), "precious\n");
        let left = seat.sh("docker ps -a").succeeds();
        let _gone = left.never_says(&format!("workstation-{}", seat.name()));
        seat.shell(&["--destroy", "--yes"]).succeeds();
        let kept = seat.sh("tar -xzOf .local/share/wharf/backups/*.tar.gz precious").succeeds();
        assert_eq!(kept.stdout(), "precious\n");
        let left = seat.sh("docker volume ls").succeeds();
        let _gone = left.never_says(&format!("workstation-{}", seat.name()));
    });
}

#[test]
fn destroying_stops_what_writes_and_starts_it_again_when_there_is_no_backup() {
    on_each_way(|seat| {
        seat.define_debian();
        inside(seat, "echo precious > ~/precious");
        seat.sh("mkdir -p .local/share/wharf && : > .local/share/wharf/backups").succeeds();
        seat.shell(&["--destroy", "--yes"]).exits(1);
        assert_eq!(state(seat), "running");
        assert_eq!(inside(seat, "cat ~/precious"), "precious");
        seat.sh("rm .local/share/wharf/backups").succeeds();
        // A file that grows and shrinks breaks the archive of what runs.
        let busy = "while :; do head -c 9000000 /dev/zero > ~/busy; : > ~/busy; done";
        inside(seat, &format!("setsid sh -c '{busy}' >/dev/null 2>&1 </dev/null & sleep 0.2"));
        seat.shell(&["--destroy", "--yes"]).succeeds();
        let kept = seat.sh("tar -xzOf .local/share/wharf/backups/*.tar.gz precious").succeeds();
        assert_eq!(kept.stdout(), "precious\n");
    });
}

#[test]
fn packages_are_installed_into_another_image_and_the_home_stays() {
    on_each_way(|seat| {
        seat.define("# mine\nimage: debian:stable-slim   # this one");
        inside(seat, "echo kept > ~/kept");
        seat.shell(&["--install", "greet"]).succeeds();
        assert_eq!(inside(seat, "greet; cat ~/kept"), "greetings from a package\nkept");
        let file = seat.path(&format!(".config/wharf/workstations/{}.yml", seat.name()));
        let expected =
            "context: yard\n# mine\nimage: debian:stable-slim   # this one\npackages:\n  - greet\n";
        assert_eq!(std::fs::read_to_string(&file).unwrap(), expected);
        // What cannot be installed leaves everything as it was.
        let _failed = seat.shell(&["--install", "no-such-package"]).exits(1).says("no-such-package");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), expected);
        assert_eq!(inside(seat, "greet"), "greetings from a package");
        let _refused = seat.shell(&["--install", "x;reboot"]).exits(2).says("is no package's name");
        seat.shell(&["--upgrade"]).succeeds();
        assert_eq!(inside(seat, "greet; cat ~/kept"), "greetings from a package\nkept");
    });
}

#[test]
fn a_lost_file_orphans_nothing() {
    on_each_way(|seat| {
        let lines = "# mine\nimage: debian:stable-slim\nenvironment: {EDITOR: vim}   # of course";
        seat.define(lines);
        seat.shell(&["--start"]).succeeds();
        let file = seat.path(&format!(".config/wharf/workstations/{}.yml", seat.name()));
        let text = std::fs::read_to_string(&file).unwrap();
        seat.shell(&["--clean"]).succeeds().says("is removed");
        seat.shell(&["--stop"]).succeeds();
        assert!(!file.exists(), "stopping needs no file");
        assert_eq!(state(seat), "stopped");
        // Nobody is at a terminal to say that it is his.
        seat.shell(&["--start"]).exits(2).says("this machine has no file of it").says("--yes");
        assert!(!file.exists());
        seat.shell(&["--start", "--yes"]).succeeds().says("was found by its label");
        // As it was, but for how the variables are written: the label has their names alone, the container their values.
        let again = std::fs::read_to_string(&file).unwrap();
        for line in text.lines().filter(|line| !line.contains("environment")) {
            assert!(again.contains(line), "`{line}` is missing:\n{again}");
        }
        assert!(again.contains("EDITOR: vim") || again.contains("EDITOR: \"vim\""), "{again}");
        assert_eq!(inside(seat, "echo $EDITOR"), "vim");
    });
}

#[test]
fn destroying_says_what_is_lost_keeps_a_backup_and_asks_for_the_name() {
    on_each_way(|seat| {
        seat.define_debian();
        inside(seat, "echo precious > ~/precious");
        let program = wharf_testkit::wharf_program().unwrap().display().to_string();
        let words = [program.as_str(), "shell", seat.name(), "--destroy"];
        seat.run(&words, b"").exits(2).says("nothing was destroyed").says("its home");
        seat.run(&words, b"another\n").exits(2).says("nothing was destroyed");
        seat.shell(&["--destroy", "--yes", "--no-backup"])
            .exits(2)
            .says("without a backup `--yes` is not enough");
        assert_eq!(inside(seat, "cat ~/precious"), "precious");
        seat.shell(&["--destroy", "--yes"]).succeeds();
        let kept = seat
            .sh("cd .local/share/wharf/backups && stat -c %a . ./* && tar -xzOf ./*.tar.gz precious")
            .succeeds();
        assert_eq!(kept.stdout(), "700\n600\nprecious\n");
        seat.shell(&["--stop"]).exits(1).says("there is no workstation");
        let left = seat
            .sh("docker ps -a; docker volume ls; docker images; ls .config/wharf/workstations")
            .succeeds();
        let _gone = left.never_says(&format!("workstation-{}", seat.name())).never_says(seat.name());
    });
}
