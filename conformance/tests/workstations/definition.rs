//! The file, and what is refused on its account.

use crate::seat::Seat;
use wharf_conformance::on_each_engine;
use wharf_testkit::EngineKind;

/// Where no engine's version matters.
fn with_a_seat(story: impl Fn(&Seat<'_>) + Sync) {
    on_each_engine(|engine| {
        if engine.kind() == EngineKind::Docker28 {
            story(&Seat::at(engine));
        }
    });
}

#[test]
fn what_is_wrong_with_the_file_is_said_with_its_place() {
    with_a_seat(|seat| {
        seat.define("imagge: debian\nlimits: {memory: lots}\nprivileged: true");
        let refused = seat.shell(&["--start"]).exits(2);
        for said in [
            "has 3 errors",
            "imagge",
            "did you mean `image`?",
            ".yml:2:1",
            "limits.memory",
            "a workstation has no privileges",
        ] {
            assert!(refused.stderr().contains(said), "{said}: {refused}");
        }
    });
}

#[test]
fn another_current_context_is_refused_and_named() {
    with_a_seat(|seat| {
        seat.define_debian();
        seat.sh("docker context create other --docker host=unix:///nowhere/docker.sock && docker context use other").succeeds();
        seat.shell(&["--start"])
            .exits(2)
            .says("`yard`")
            .says("`other` is the current one")
            .says("--context yard");
        let other =
            seat.sh(&format!("DOCKER_HOST=unix:///nowhere/else.sock wharf shell {} --start", seat.name()));
        other.exits(2).says("`unix:///nowhere/else.sock` is the current one");
        seat.shell(&["--start", "--context", "other"]).exits(2).says("`other` is what `--context` says");
        seat.shell(&["--start", "--context", "yard"]).succeeds();
        seat.shell(&["--status", "--context", "yard"]).succeeds().prints("(yard): running");
    });
}

#[test]
fn the_first_run_without_a_terminal_takes_what_would_be_offered() {
    with_a_seat(|seat| {
        seat.sh("git config --global user.name 'Ada \"Countess\" L'; git config --global user.email ada@example.org").succeeds();
        seat.shell(&["--start", "--image", "debian:stable-slim"]).succeeds();
        let file = seat.path(&format!(".config/wharf/workstations/{}.yml", seat.name()));
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(
            text.contains("context: yard\n")
                && text.contains("image: \"docker.io/library/debian:stable-slim\"\n")
                    | text.contains("image: \"debian:stable-slim\"\n"),
            "{text}"
        );
        let modes = seat.sh("stat -c %a .config/wharf/workstations .config/wharf/workstations/*").succeeds();
        assert_eq!(modes.stdout(), "700\n600\n");
        let said =
            seat.shell(&["--", "sh", "-c", "git config user.name; git config user.email; id -u"]).succeeds();
        let own = seat.sh("id -u").succeeds().stdout();
        assert_eq!(said.stdout(), format!("Ada \"Countess\" L\nada@example.org\n{own}"));
    });
}

#[test]
fn names_that_are_none_are_refused() {
    with_a_seat(|seat| {
        for name in ["Foo", "foo_bar", "../foo", "-foo", "foo/bar", "ls", &"a".repeat(41)] {
            let run = seat.sh(&format!("wharf shell '{name}' --start 2>&1 || echo \"status $?\"")).succeeds();
            let took = run.stdout().contains("status 2");
            assert!(took, "{name}: {run}");
        }
        seat.shell(&["a b", "--start"]).exits(2).says("is not a session's name");
        let made = seat.sh("ls .config/wharf/workstations 2>/dev/null || echo none").succeeds();
        assert_eq!(made.stdout(), "none\n");
    });
}

#[test]
fn the_first_run_asks_makes_and_enters() {
    with_a_seat(|seat| {
        let terminal = seat.terminal(24, 100);
        terminal.says("foo").unwrap();
        for (question, answer) in [
            ("docker context [yard]:", ""),
            ("image [a Debian with the usual tools]:", "Debian"),
            ("in lower case", "debian:stable-slim"),
            ("user inside [", "ada"),
            ("name for git commits [none]:", "Ada L"),
            ("address for git commits [none]:", ""),
        ] {
            terminal.shows(question).unwrap();
            terminal.says(answer).unwrap();
        }
        terminal.shows("session 1").unwrap();
        terminal.says("clear; whoami; git config user.name; echo in''side").unwrap();
        let screen = terminal.shows("inside").unwrap();
        assert!(screen.contains("ada\nAda L\ninside"), "{screen}");
        terminal.presses("C-\\").unwrap();
        terminal.shows(&format!("left {} 1; it goes on", seat.name())).unwrap();
        let file = seat.path(&format!(".config/wharf/workstations/{}.yml", seat.name()));
        let text = std::fs::read_to_string(&file).unwrap();
        for line in ["context: yard", "image: \"debian:stable-slim\"", "  name: ada", "  name: \"Ada L\""] {
            assert!(text.lines().any(|found| found == line), "{line}: {text}");
        }

        // One command has a terminal where there is one.
        terminal
            .says("clear; foo -- sh -c 'test -t 0 && test -t 1 && echo a term''inal; exit 4'; echo status $?")
            .unwrap();
        let screen = terminal.shows("status 4").unwrap();
        assert!(screen.contains("a terminal"), "{screen}");
        // Asked again, what is there is offered, and only what changes is changed.
        std::fs::write(&file, format!("# mine\n{text}")).unwrap();
        terminal.says("clear; foo --config").unwrap();
        for (question, answer) in [
            ("docker context [yard]:", ""),
            ("image [debian:stable-slim]:", ""),
            ("user inside [ada]:", ""),
            ("name for git commits [Ada L]:", "Ada Lovelace"),
            ("address for git commits [none]:", ""),
        ] {
            terminal.shows(question).unwrap();
            terminal.says(answer).unwrap();
        }
        terminal.shows("applies it to what is there").unwrap();
        let changed = std::fs::read_to_string(&file).unwrap();
        assert_eq!(changed, format!("# mine\n{text}").replace("Ada L", "Ada Lovelace"));
        let said = seat.shell(&["--start", "--image", "busybox"]).exits(2);
        said.says("its file names what it is made of").says("--config --image busybox --upgrade");
    });
}
