//! Streams without a terminal: what is piped in and out, in both directions, to the last byte.

use wharf_conformance::eventually;
use wharf_conformance::gateway::on_each_door;

#[test]
fn commands_in_a_container_have_their_input_output_and_status() {
    on_each_door(|client| {
        client.sh("docker run -d --name @box -e HERE=there busybox sleep 1000").succeeds();
        client.answers("docker exec @box echo hello", "hello");
        let run = client.sh("docker exec @box sh -c 'echo out; echo err >&2; exit 9'").exits(9);
        assert_eq!((run.stdout().as_str(), run.stderr().as_str()), ("out\n", "err\n"));
        client.answers("echo x | docker exec -i @box cat", "x");
        // Its answer comes after its input has ended, and its input ends after its answer.
        client.answers("echo some words | docker exec -i @box sh -c 'cat >/dev/null; echo late'", "late");
        client.answers("(echo x; sleep 0.3) | docker exec -i @box head -n 1", "x");
        client.answers(
            "docker exec -e MORE=words -w /tmp -u 1000 @box sh -c 'echo $HERE $MORE $(pwd) $(id -u)'",
            "there words /tmp 1000",
        );
        client.sh("docker exec @box no-such-program").exits(if client.cli().name() == "20.10" {
            126
        } else {
            127
        });
        client.sh("docker exec -d @box touch /tmp/detached").succeeds();
        client.sh("docker exec @box sh -c 'until [ -e /tmp/detached ]; do sleep 0.05; done'").succeeds();
        client.answers("head -c 20000000 /dev/zero | docker exec -i @box wc -c", "20000000");
        client.answers("docker exec @box head -c 20000000 /dev/zero | wc -c", "20000000");
        client.answers(
            "head -c 5000000 /dev/urandom >sent; docker exec -i @box cat <sent >got; cmp sent got \
                && echo same",
            "same",
        );
        client.sh("docker rm -f @box").succeeds();
    });
}

#[test]
fn a_created_container_is_started_with_its_streams() {
    on_each_door(|client| {
        client.sh("docker create -i --name @box busybox sh -c 'cat; echo end >&2; exit 5'").succeeds();
        let run = client.sh_with_input("docker start -a -i @box", b"typed\n").exits(5);
        assert_eq!((run.stdout().as_str(), run.stderr().as_str()), ("typed\n", "end\n"));
        client.sh("docker rm @box").succeeds();
        client
            .sh("docker run -d -i --name @box busybox sh -c 'while read -r line; do echo got $line; done'")
            .succeeds();
        let mut attached = client.start("docker attach @box");
        attached.types("one\n");
        attached.says("got one\n");
        attached.types("two\n");
        attached.says("got two\n");
        // The container's input has not ended, so neither does this.
        attached.ends_input();
        client.answers("docker logs @box", "got one\ngot two");
        client.sh("docker kill @box").succeeds();
        assert_eq!(attached.ends().0, 137);
        client.sh("docker rm @box").succeeds();
    });
}

#[test]
fn logs_are_followed_until_the_container_ends() {
    on_each_door(|client| {
        let counting = "for i in 1 2 3; do echo line $i; sleep 0.2; done; echo last >&2; read -r _; exit 4";
        client.sh(&format!("docker run -d -i --name @box busybox sh -c '{counting}'")).succeeds();
        let mut follower = client.start("docker logs -f @box");
        follower.says("line 1\n");
        follower.says("line 3\n");
        // On another pipe, so perhaps heard before.
        eventually("the last line", || follower.text().contains("last\n").then_some(()));
        client.sh_with_input("docker attach @box", b"go\n").exits(4);
        assert_eq!(follower.ends().0, 0);
        client.answers("docker logs @box 2>/dev/null", "line 1\nline 2\nline 3");
        client.answers("docker logs @box 2>&1 >/dev/null", "last");
        client.answers("docker logs --tail 2 @box 2>/dev/null", "line 3");
        assert!(client.answer("docker logs -t --tail 1 @box 2>&1").ends_with("Z last"));
        client.answers("docker logs --until 2001-01-01T00:00:00Z @box 2>&1", "");
        client.answers("docker logs --details --since 2001-01-01T00:00:00Z --tail 1 @box 2>&1", " last");
        client.sh("docker rm @box").succeeds();
    });
}
