//! What is used, and throwing away what is not. On engines that nobody else uses: the administrator's prune is the
//! engine's own.

use serde_json::Value;
use wharf_conformance::gateway::{Client, on_each_door_alone};

/// A container that runs and one that ended, networks and volumes used and unused, an image without a name.
fn furnish(client: &Client<'_>) {
    client
        .sh("docker network create @used && docker network create @unused && docker volume create @kept && \
         docker run -d --name @runs --network @used -v @kept:/kept busybox sleep 1000 && \
         docker run --name @ended -v /nameless busybox sh -c 'echo mine >/mine' && \
         docker commit @ended @own && docker create --name @other @own && docker commit @ended @own && \
         docker rm -v @other")
        .succeeds();
}

fn names(client: &Client<'_>, script: &str) -> Vec<String> {
    let own = |line: &String| client.is_tenant() || line.contains(&client.name(""));
    client.lines(script).into_iter().filter(own).collect()
}

fn count(client: &Client<'_>, script: &str) -> usize {
    client.lines(script).into_iter().filter(|line| !line.is_empty()).count()
}

#[test]
fn what_is_not_used_is_pruned_kind_by_kind() {
    on_each_door_alone(|client| {
        furnish(client);
        let disk: Vec<Value> = client
            .answer("docker system df --format '{{json .}}'")
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let shown = |kind: &str| disk.iter().find(|row| row["Type"] == kind).unwrap().clone();
        assert_eq!(
            (&shown("Containers")["TotalCount"], &shown("Containers")["Active"]),
            (&"2".into(), &"1".into())
        );
        assert_eq!(
            (&shown("Local Volumes")["TotalCount"], &shown("Local Volumes")["Active"]),
            (&"2".into(), &"2".into())
        );
        client.sh("docker system df -v").succeeds().prints(&client.name("kept"));

        assert_eq!(count(client, "docker images -q --filter dangling=true"), 1);
        let pruned = client.sh("docker container prune -f").succeeds();
        pruned.prints("Deleted Containers:").prints("Total reclaimed space");
        assert_eq!(names(client, "docker ps -a --format '{{.Names}}'"), [client.name("runs")]);
        client.sh("docker network prune -f").succeeds().prints(&client.name("unused"));
        let left = names(client, "docker network ls --format '{{.Name}}'");
        assert!(left.contains(&client.name("used")) && !left.contains(&client.name("unused")), "{left:?}");
        client.sh("docker image prune -f").succeeds().prints("sha256:");
        assert_eq!(count(client, "docker images -q --filter dangling=true"), 0);
        client.sh("docker run --rm @own cat /mine").succeeds();
        assert_eq!(count(client, "docker volume ls -q"), 2);
        client.sh("docker volume prune -f").succeeds();
        assert_eq!(client.lines("docker volume ls -q"), [client.name("kept")]);
        client.sh("docker rm -f @runs && docker network rm @used").succeeds();
    });
}

#[test]
fn everything_not_used_is_pruned_at_once() {
    on_each_door_alone(|client| {
        furnish(client);
        // Labels narrow it.
        client.sh("docker create --name @labelled --label keep=yes busybox true").succeeds();
        client.sh("docker container prune -f --filter label!=keep=yes").succeeds();
        assert_eq!(
            names(client, "docker ps -a --format '{{.Names}}'"),
            [client.name("labelled"), client.name("runs")]
        );
        let unused_network = client.name("unused");
        client
            .sh("docker system prune -f")
            .succeeds()
            .prints("Deleted Networks:")
            .prints(&unused_network)
            .prints("Total reclaimed space");
        assert_eq!(names(client, "docker ps -a --format '{{.Names}}'"), [client.name("runs")]);
        client.sh("docker image inspect @own").succeeds();
        client.sh("docker rm -f @runs").succeeds();
        // Busybox is the others', too, where it is shared; on a bare engine it goes, and the next door needs it.
        if client.is_tenant() {
            client.sh("docker system prune -af --volumes").succeeds();
            client.answers("docker run --rm busybox echo still there", "still there");
        } else {
            client
                .sh("docker create --name @holder busybox && docker image prune -af && docker rm @holder")
                .succeeds();
            client.sh("docker system prune -f --volumes && docker volume rm @kept || true").succeeds();
        }
        client.sh("docker image inspect @own").exits(1);
        assert_eq!(names(client, "docker network ls --format '{{.Name}}' | grep used || true").concat(), "");
    });
}
