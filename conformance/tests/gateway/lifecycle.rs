//! A container's life, verb by verb.

use wharf_conformance::eventually;
use wharf_conformance::gateway::{Client, on_each_door};

/// Says what it is told by signals, and ends at once when asked to.
const LISTENER: &str =
    "sh -c 'trap \"echo told\" USR1; trap \"exit 3\" TERM; echo ready; while :; do sleep 0.1; done'";

fn state(client: &Client<'_>, expected: &str) {
    client.answers("docker inspect -f '{{.State.Status}}' @worker", expected);
}

fn logged(client: &Client<'_>, text: &str) {
    eventually(text, || client.answer("docker logs @worker").contains(text).then_some(()));
}

#[test]
fn a_container_is_started_paused_told_stopped_and_restarted() {
    on_each_door(|client| {
        let id = client.answer(&format!("docker create --name @worker busybox {LISTENER}"));
        state(client, "created");
        client.answers("docker start @worker", "@worker");
        state(client, "running");
        logged(client, "ready");
        client.answers("docker pause @worker", "@worker");
        state(client, "paused");
        client.sh("docker exec @worker true").exits(1).says("is paused");
        client.answers("docker unpause @worker", "@worker");
        client.answers("docker kill -s USR1 @worker", "@worker");
        logged(client, "told");
        let waiting = client.start("docker wait @worker");
        client.answers("docker stop -t 5 @worker", "@worker");
        assert_eq!(waiting.ends(), (0, "3\n".to_owned()));
        state(client, "exited");
        client.answers("docker wait @worker", "3");
        client.answers(&format!("docker restart -t 0 {id}"), &id);
        state(client, "running");
        client.answers("docker inspect -f '{{.Id}}' @worker", &id);
        client.answers("docker kill @worker", "@worker");
        client.answers("docker inspect -f '{{.State.ExitCode}}' @worker", "137");
        client.sh("docker kill @worker").exits(1).says("is not running");
        client.answers("docker rm @worker", "@worker");
        assert!(!client.answer("docker ps -aq --no-trunc").contains(&id));
    });
}

#[test]
fn a_container_is_renamed_changed_looked_into_and_exported() {
    on_each_door(|client| {
        client.sh("docker run -d --name @before busybox sh -c 'echo new >/made; exec sleep 1000'").succeeds();
        client.sh("docker rename @before @worker").succeeds();
        client.answers("docker inspect -f '{{.Name}}' @worker", "/@worker");
        client.sh("docker inspect @before").exits(1);
        client.answers("docker ps --filter name=@worker --format '{{.Names}}'", "@worker");
        let updated =
            "docker update --cpu-shares 512 --memory 48m --memory-swap 48m --restart on-failure:2 @worker";
        client.answers(updated, "@worker");
        let shown = "{{.HostConfig.CpuShares}} {{.HostConfig.Memory}} {{.HostConfig.RestartPolicy.Name}}";
        client.answers(&format!("docker inspect -f '{shown}' @worker"), "512 50331648 on-failure");
        assert!(client.answer("docker top @worker").contains("sleep 1000"));
        assert!(client.answer("docker top @worker -o pid,comm").contains("sleep"));
        client.answers("docker stats --no-stream --format '{{.Name}} {{.PIDs}}' @worker", "@worker 1");
        eventually("a file", || client.answer("docker diff @worker").contains("A /made").then_some(()));
        client.answers("docker export @worker | tar -xO made", "new");
        client.answers("docker export -o out.tar @worker && tar -tf out.tar made", "made");
        client.answers("docker inspect -s -f '{{.SizeRw}}' @worker", "4");
        client.answers("docker rm -f @worker", "@worker");
    });
}
