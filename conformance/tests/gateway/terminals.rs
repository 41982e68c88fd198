//! A person before a terminal: `-it`, other sizes, coming and going.

use std::time::Duration;
use wharf_conformance::gateway::{Live, on_each_door_and_cli};

/// Types a command that waits for a size and says so. What is typed is shown, too, so it is not what is awaited.
fn has_size(live: &mut Live, size: &str) {
    live.types(&format!("until [ \"$(stty size)\" = '{size}' ]; do sleep 0.05; done; echo is'' '{size}'\n"));
    live.says(&format!("is {size}"));
}

/// Takes another size. The docker CLI (28.5) tells the first size again for a while, and where the machine is slow that may
/// overtake the next one, with no gateway between either: a person changes the size once more then, and so does this.
fn takes_size(live: &mut Live, rows: u16, columns: u16) {
    let size = format!("{rows} {columns}");
    live.types(&format!("until [ \"$(stty size)\" = '{size}' ]; do sleep 0.05; done; echo is'' '{size}'\n"));
    for _ in 0..5 {
        live.resizes(rows, columns);
        if live.says_within(&format!("is {size}"), Duration::from_secs(10)) {
            return;
        }
        live.resizes(rows, columns + 1);
    }
    panic!("never {size}: {}", live.text());
}

/// A shell that reads lines as they are. busybox's own editor asks the terminal where its cursor is, and takes what is typed
/// meanwhile for the answer.
const SHELL: &str = r#"sh -c 'trap : INT; echo "ready # "; while read -r line; do eval "$line"; done'"#;

#[test]
fn a_shell_in_a_container_has_the_users_terminal() {
    on_each_door_and_cli(|client| {
        let mut shell =
            client.start_on_terminal(&format!("exec docker run -it --name @box busybox {SHELL}"), 30, 100);
        shell.says("# ");
        has_size(&mut shell, "30 100");
        takes_size(&mut shell, 41, 123);

        let mut other = client.start_on_terminal(&format!("exec docker exec -it @box {SHELL}"), 25, 81);
        other.says("# ");
        has_size(&mut other, "25 81");
        takes_size(&mut other, 26, 82);
        // Ctrl-C is for the program inside.
        // It says itself that it has begun: before that, the shell is still handing the terminal over.
        other.types("sh -c 'echo be''gun; sleep 1000'\n");
        other.says("begun");
        other.types("\u{3}");
        other.types("exit 6\n");
        assert_eq!(other.ends().0, 6);
        shell.types("exit 5\n");
        assert_eq!(shell.ends().0, 5);
        client.answers("docker inspect -f '{{.State.ExitCode}}' @box", "5");
        client.sh("docker rm @box").succeeds();
    });
}

#[test]
fn one_may_leave_a_container_without_ending_it_and_come_back() {
    on_each_door_and_cli(|client| {
        client
            .sh("docker run -dit --name @box busybox sh -c 'while read -r l; do echo got:$l; done'")
            .succeeds();
        for line in ["one", "two"] {
            let mut attached = client.start_on_terminal("exec docker attach @box", 24, 80);
            attached.types(&format!("{line}\n"));
            attached.says(&format!("got:{line}"));
            // Ctrl-P, Ctrl-Q.
            attached.types("\u{10}\u{11}");
            assert!(attached.ends().1.contains("read escape sequence"));
            client.answers("docker inspect -f '{{.State.Running}}' @box", "true");
        }
        let mut attached = client.start_on_terminal("exec docker attach --detach-keys ctrl-a,x @box", 24, 80);
        attached.types("three\n");
        attached.says("got:three");
        attached.types("\u{1}x");
        assert!(attached.ends().1.contains("read escape sequence"));
        client.sh("docker rm -f @box").succeeds();
    });
}
