//! The image that `cargo xtask image` makes: sessions with nothing but the docker CLI on the other side.

use crate::screens::seen;
use crate::seat::{DEBIAN, Seat};
use std::process::Command;
use wharf_conformance::{eventually, on_each_engine};
use wharf_testkit::docker_program;

#[test]
fn an_image_with_the_session_server_needs_only_the_docker_cli() {
    on_each_engine(|engine| {
        let seat = Seat::at(engine);
        let name = seat.name();
        let programs = docker_program(engine.kind()).unwrap();
        let path =
            format!("{}:{}", programs.parent().unwrap().display(), std::env::var("PATH").unwrap_or_default());
        let mut xtask = Command::new(env!("CARGO"));
        let root = format!("{}/..", env!("CARGO_MANIFEST_DIR"));
        xtask.current_dir(root).args([
            "run",
            "--quiet",
            "--package",
            "xtask",
            "--",
            "image",
            "--base",
            DEBIAN,
        ]);
        xtask.args(["--tag", name]).env("PATH", path).env("DOCKER_HOST", engine.host());
        wharf_testkit::run(&mut xtask).unwrap();

        seat.sh(&format!(
            "docker run -d --name {name} -v {name}:/home/me --cap-drop ALL --security-opt no-new-privileges {name}"
        ))
        .succeeds();
        let terminal = seat.terminal(24, 80);
        for session in ["", "2"] {
            terminal.says(&format!("clear; docker exec -it {name} attach {session}")).unwrap();
            terminal.until("a prompt inside", |screen| screen.contains(":~$")).unwrap();
            terminal.says("PS1='inside> '; clear; seq 40; whoami").unwrap();
            terminal.shows("me\ninside>").unwrap();
            let before = seen(&terminal);
            terminal.presses("C-\\").unwrap();
            terminal.until("the shell outside", |screen| screen.trim_end().ends_with('$')).unwrap();
            terminal.says(&format!("clear; docker exec -it {name} attach {session}")).unwrap();
            terminal.shows("me\ninside>").unwrap();
            assert_eq!(seen(&terminal), before);
            // The terminal's size is the session's.
            terminal.resizes(20, 70).unwrap();
            terminal
                .says("clear; until [ \"$(stty size)\" = '20 70' ]; do sleep 0.1; done; echo resi''zed")
                .unwrap();
            terminal.shows("resized").unwrap();
            terminal.resizes(24, 80).unwrap();
            terminal.presses("C-\\").unwrap();
            terminal.until("the shell outside", |screen| screen.trim_end().ends_with('$')).unwrap();
        }
        // The names are found again after a restart, and the home is a volume's.
        seat.sh(&format!("docker restart {name}")).succeeds();
        eventually("both sessions again", || {
            let status = seat.sh(&format!("docker exec {name} /run/wharf/session status"));
            let told = status.stdout();
            (told.lines().any(|line| line.starts_with('1')) && told.lines().any(|line| line.starts_with('2')))
                .then_some(())
        });
        seat.sh(&format!("docker rm -f {name} && docker volume rm {name} && docker rmi {name}")).succeeds();
    });
}
