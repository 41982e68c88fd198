//! `wharf shell alias` in the shells themselves: the word, its arguments, and completion from what there is.

use crate::seat::Seat;
use wharf_conformance::{Run, on_each_engine};
use wharf_testkit::EngineKind;

/// A workstation with the terminals `1` and `build`, and its neighbour that was never made.
fn with_a_workstation(story: impl Fn(&Seat<'_>) + Sync) {
    on_each_engine(|engine| {
        if engine.kind() != EngineKind::Docker28 {
            return;
        }
        let seat = Seat::at(engine);
        seat.define_debian();
        seat.shell(&["1", "--start"]).succeeds();
        seat.shell(&["build", "--start"]).succeeds();
        story(&seat);
    });
}

/// Runs a script in a shell that has the alias.
fn in_shell(seat: &Seat<'_>, shell: &str, script: &str) -> Run {
    let wharf = wharf_testkit::wharf_program().unwrap();
    let wharf = wharf.display();
    let name = seat.name();
    let script = match shell {
        "fish" => format!("{wharf} shell alias {name} --shell fish | source\n{script}"),
        "zsh" => format!(
            "autoload -Uz compinit; compinit -u -D; eval \"$({wharf} shell alias {name} --shell zsh)\"\n{script}"
        ),
        _ => format!("eval \"$({wharf} shell alias {name} --shell {shell})\"\n{script}"),
    };
    seat.run(&[shell, "-c", &script], b"")
}

const SHELLS: [&str; 3] = ["bash", "zsh", "fish"];

#[test]
fn the_name_is_a_word_with_arguments_input_and_status() {
    with_a_workstation(|seat| {
        let name = seat.name();
        for shell in SHELLS {
            let run = in_shell(
                seat,
                shell,
                &format!("echo in | {name} -- sh -c 'cat; echo \"$1\"; exit 9' x 'a  b $c'"),
            );
            let run = run.exits(9);
            assert_eq!(run.stdout(), "in\na  b $c\n", "{shell}");
            in_shell(seat, shell, &format!("{name} --status")).succeeds().prints("build");
        }
    });
}

#[test]
fn what_is_there_is_completed() {
    with_a_workstation(|seat| {
        let name = seat.name();
        let completed = |shell: &str, line: &str| -> Vec<String> {
            let words = line.split(' ').count() - 1;
            let script = match shell {
                "fish" => format!("complete --do-complete '{line}'"),
                "zsh" => format!(
                    "words=({line}); [[ '{line}' == *' ' ]] && words+=(''); CURRENT=$#words; \
                     compadd() {{ while [[ $1 == -* ]]; do [[ $1 == -a ]] && {{ print -l -- ${{(P)2}}; return }}; shift; done }}; \
                     _files() {{ print files }}; _wharf_workstation"
                ),
                _ => format!(
                    "COMP_WORDS=({line}); [[ '{line}' == *' ' ]] && COMP_WORDS+=(''); COMP_CWORD={words}; \
                     _wharf_workstation; printf '%s\\n' \"${{COMPREPLY[@]}}\""
                ),
            };
            let run = in_shell(seat, shell, &script).succeeds();
            let stdout = run.stdout();
            let cells = stdout.lines().map(|line| line.split('\t').next().unwrap_or_default().to_owned());
            cells.filter(|line| !line.is_empty()).collect()
        };
        for shell in SHELLS {
            assert_eq!(completed(shell, &format!("{name} ")), ["1", "build"], "{shell}");
            assert_eq!(completed(shell, &format!("{name} b")), ["build"], "{shell}");
            let flags = completed(shell, &format!("{name} build --st"));
            assert_eq!(flags, ["--start", "--status", "--stop"], "{shell}");
            assert_eq!(completed(shell, &format!("{name} --kill ")), ["1", "build"], "{shell}");
        }
        // Of the program's own completions, too.
        let wharf = wharf_testkit::wharf_program().unwrap();
        let script = format!(
            "wharf() {{ {0} \"$@\"; }}; command() {{ shift; wharf \"$@\"; }}; . <({0} completions bash); \
             COMP_WORDS=(wharf shell '{1}'); COMP_CWORD=2; _wharf_live; echo \"${{COMPREPLY[@]}}\"",
            wharf.display(),
            &name[..name.len() - 1]
        );
        let run = seat.run(&["bash", "-c", &script], b"").succeeds();
        assert!(run.stdout().split_whitespace().any(|word| word == name), "{run}");
    });
}

#[test]
fn completion_starts_nothing_and_is_silent() {
    with_a_workstation(|seat| {
        let name = seat.name();
        seat.shell(&["--stop"]).succeeds();
        let wharf = wharf_testkit::wharf_program().unwrap().display().to_string();
        let run = seat.run(&[&wharf, "shell", "complete", "--", name, ""], b"").succeeds();
        assert_eq!((run.stdout(), run.stderr()), (String::new(), String::new()));
        seat.shell(&["--status"]).succeeds().prints("stopped");
        // An engine that does not answer costs little, and a file with errors nothing.
        seat.define("imagge: x");
        let began = std::time::Instant::now();
        let script =
            "docker context create dead --docker host=tcp://192.0.2.1:2375 && docker context use dead";
        seat.sh(script).succeeds();
        let run = seat.run(&[&wharf, "shell", "complete", "--", name, ""], b"").succeeds();
        assert_eq!((run.stdout(), run.stderr()), (String::new(), String::new()));
        assert!(began.elapsed().as_secs() < 4, "{:?}", began.elapsed());
        seat.sh(&format!("{wharf} shell alias ls --shell bash")).exits(2).says("is a word");
        seat.sh(&format!("{wharf} shell alias {name} --shell bash x y")).succeeds();
    });
}
