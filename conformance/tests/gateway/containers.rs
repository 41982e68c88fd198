//! `docker run` and what is shown of what runs.

use serde_json::Value;
use wharf_conformance::gateway::{Client, on_each_door, on_each_door_and_cli};

/// What `docker inspect` shows of one thing.
fn inspect(client: &Client<'_>, name: &str) -> Value {
    let mut all = client.sh(&format!("docker inspect {name}")).succeeds().json();
    all[0].take()
}

#[test]
fn a_container_runs_to_its_end_and_its_output_and_status_are_the_users() {
    on_each_door_and_cli(|client| {
        client.answers("docker run --rm busybox echo hello", "hello");
        let run = client.sh("docker run --rm busybox sh -c 'echo out; echo err >&2; exit 7'").exits(7);
        assert_eq!((run.stdout().as_str(), run.stderr().as_str()), ("out\n", "err\n"));
        client.answers("echo some words | docker run --rm -i busybox wc -w", "2");
        client.sh("docker run --rm busybox no-such-program").exits(127).says("no-such-program");
        client.answers(
            "docker run --rm -e A=b -w /tmp -u 1000:1000 -h quay --read-only --tmpfs /scratch \
             busybox sh -c 'touch /scratch/a && echo $A $(pwd) $(id -u):$(id -g) $(hostname)'",
            "b /tmp 1000:1000 quay",
        );
        client.answers(
            "docker run --rm --entrypoint /bin/echo busybox from the entrypoint",
            "from the entrypoint",
        );
        client.answers("docker run --rm --init busybox sh -c 'cat /proc/1/comm'", "docker-init");
        client.answers("docker run --rm --network none busybox sh -c 'ls /sys/class/net'", "lo");
        let ended = client.name("gone");
        client.sh("docker run --rm --name @gone busybox true").succeeds();
        assert!(!client.answer("docker ps -a --format '{{.Names}}'").contains(&ended));
    });
}

#[test]
fn what_is_shown_of_a_container_is_what_was_asked_for() {
    on_each_door_and_cli(|client| {
        let id = client.answer(
            "docker run -d --name @web --label colour=blue -p 80 busybox \
             sh -c 'mkdir /www; echo welcome >/www/index.html; exec httpd -f -h /www'",
        );
        let line = "docker ps --no-trunc --filter name=@web --format";
        client.answers(
            &format!("{line} '{{{{.Names}}}} {{{{.Image}}}} {{{{.ID}}}}'"),
            &format!("@web busybox {id}"),
        );
        assert!(client.answer(&format!("{line} '{{{{.Status}}}}'")).starts_with("Up "));
        client.answers("docker ps --filter name=@web --format '{{.Labels}}'", "colour=blue");
        client.answers("docker ps --filter name=@web --format '{{.Networks}}'", "bridge");
        for filter in
            ["label=colour=blue", "status=running", "ancestor=busybox", "network=bridge", "expose=80/tcp"]
        {
            let shown = client.answer(&format!("docker ps -q --no-trunc --filter {filter}"));
            assert!(shown.contains(&id), "{filter}: {shown}");
        }
        for filter in ["label=colour=red", "status=exited", "name=@nobody"] {
            let shown = client.answer(&format!("docker ps -aq --no-trunc --filter {filter}"));
            assert!(!shown.contains(&id), "{filter}: {shown}");
        }
        let seen = inspect(client, "@web");
        assert_eq!(seen["Id"], id.as_str());
        assert_eq!(seen["Name"], format!("/{}", client.name("web")));
        assert_eq!(seen["Config"]["Image"], "busybox");
        assert_eq!(seen["Config"]["Labels"], serde_json::json!({"colour": "blue"}));
        let mode = seen["HostConfig"]["NetworkMode"].as_str().unwrap();
        assert!(["default", "bridge"].contains(&mode), "{mode}");
        let networks: Vec<_> = seen["NetworkSettings"]["Networks"].as_object().unwrap().keys().collect();
        assert_eq!(networks, ["bridge"]);
        // A tenant's is chosen from what is granted, and shown.
        let bound = &seen["HostConfig"]["PortBindings"]["80/tcp"][0]["HostIp"];
        assert_eq!(bound, if client.is_tenant() { "127.0.0.1" } else { "" });
        client.answers(&format!("docker inspect -f '{{{{.Name}}}}' {}", &id[..12]), "/@web");
        client.answers(&format!("docker inspect -f '{{{{.Name}}}}' {}", &id[..5]), "/@web");

        let published = client.answer("docker port @web 80 | head -n 1");
        let port: u16 = published.rsplit(':').next().unwrap().parse().unwrap();
        assert_eq!(client.engine().http_get(port, "/").unwrap(), "welcome\n");
        if client.is_tenant() {
            assert!(published.starts_with("127.0.0.1:"), "the granted address: {published}");
            client.answers("docker ps -a --format '{{.Names}}'", "web");
        }
        client.answers("docker rm -f @web", "@web");
    });
}

#[test]
fn refusals_speak_of_the_users_own_names() {
    on_each_door(|client| {
        let nobody = client.name("nobody");
        client.sh("docker start @nobody").exits(1).says(&format!("No such container: {nobody}"));
        client.sh("docker rm @nobody").exits(1).says(&format!("No such container: {nobody}"));
        client.sh("docker exec @nobody true").exits(1).says(&format!("No such container: {nobody}"));
        client.sh("docker logs @nobody").exits(1).says(&format!("No such container: {nobody}"));
        let inspected = client.sh("docker inspect @nobody").exits(1);
        assert!(
            inspected.stderr().to_lowercase().contains(&format!("no such object: {nobody}")),
            "{inspected}"
        );

        client.sh("docker create --name @twice busybox").succeeds();
        let again = client.sh("docker create --name @twice busybox").exits(1);
        again.says(&format!(
            "The container name \"/{}\" is already in use by container",
            client.name("twice")
        ));
        let absent = client.sh("docker run --name @alone --network @nowhere busybox true");
        absent.exits(125).says(&format!("network {} not found", client.name("nowhere")));
        // Docker makes it nevertheless, and only does not start it.
        let left = if client.is_tenant() { "" } else { "@alone" };
        client.answers("docker ps -a --filter name=@alone --format '{{.Names}}'", left);
        client.sh("docker ps -aq --filter name=@alone | xargs -r docker rm -f").succeeds();
        client.sh("docker run --rm no-such-image:1 true").exits(125).says("no-such-image");

        client.sh("docker run -d --name @busy busybox sleep 1000").succeeds();
        let running = client.sh("docker rm @busy").exits(1).stderr().to_lowercase();
        assert!(running.contains("cannot remove"), "{running}");
        assert!(client.sh("docker rename @busy @twice").exits(1).stderr().contains("is already in use"));
        client.sh("docker rm -f @busy @twice").succeeds();
    });
}
