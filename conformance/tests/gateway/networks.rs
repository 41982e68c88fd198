//! Networks of one's own, and names in them.

use serde_json::Value;
use wharf_conformance::gateway::on_each_door;

#[test]
fn networks_are_made_shown_joined_left_and_removed() {
    on_each_door(|client| {
        let id = client.answer("docker network create --label colour=blue @net");
        client.answers(
            "docker network inspect -f '{{.Id}} {{.Name}} {{.Driver}} {{json .Labels}}' @net",
            &format!("{id} @net bridge {{\"colour\":\"blue\"}}"),
        );
        client.answers(
            "docker network ls --no-trunc --filter name=@net --format '{{.ID}} \
            {{.Name}} {{.Driver}} {{.Scope}}'",
            &format!("{id} @net bridge local"),
        );
        client.answers("docker network ls -q --no-trunc --filter label=colour=blue --filter name=@net", &id);
        client
            .sh("docker network create @net")
            .exits(1)
            .says(&format!("network with name {} already exists", client.name("net")));
        let defaults = client.lines("docker network ls --format '{{.Name}}'");
        for name in ["bridge", "host", "none"] {
            assert!(client.is_tenant() || defaults.contains(&name.to_owned()), "{defaults:?}");
        }

        client
            .sh("docker run -d --name @one --network @net --network-alias first busybox sleep 1000")
            .succeeds();
        client.sh("docker run -d --name @two busybox sleep 1000").succeeds();
        client.answers("docker inspect -f '{{.HostConfig.NetworkMode}}' @one", "@net");
        client.answers("docker ps --filter network=@net --format '{{.Names}} {{.Networks}}'", "@one @net");
        let seen: Value = client.sh("docker network inspect @net").succeeds().json();
        let inside: Vec<_> =
            seen[0]["Containers"].as_object().unwrap().values().map(|c| c["Name"].clone()).collect();
        assert_eq!(inside, [client.name("one")]);

        client.sh("docker network connect --alias second @net @two").succeeds();
        let mut networks = client.lines(
            "docker inspect -f '{{range $name, $net := \
            .NetworkSettings.Networks}}{{println $name}}{{end}}' @two",
        );
        networks.retain(|line| !line.is_empty());
        assert_eq!(networks, sorted([client.name("net"), "bridge".into()]));
        for name in ["@one", "first", "@two", "second"] {
            client
                .sh(&format!("docker exec @one nslookup {name} && docker exec @two nslookup {name}"))
                .succeeds();
        }
        client.sh("! docker exec @one timeout 1 nslookup nobody").succeeds();
        client
            .sh("docker exec -d @two sh -c 'mkdir /www; echo hello >/www/index.html; exec httpd -h /www'")
            .succeeds();
        client.answers(
            "docker exec @one sh -c 'until wget -q -O - http://second/; do sleep 0.1; done'",
            "hello",
        );

        client.sh("docker network rm @net").exits(1).says("has active endpoints");
        client.sh("docker network disconnect @net @two").succeeds();
        client.sh("! docker exec @one timeout 1 nslookup second").succeeds();
        client.answers(
            "docker inspect -f '{{range $name, $net := .NetworkSettings.Networks}}{{$name}}{{end}}' @two",
            "bridge",
        );
        client.sh("docker run --rm --network container:@one busybox hostname").succeeds();
        client.sh("docker rm -f @one @two").succeeds();
        client.answers("docker network rm @net", "@net");
        let gone = client.sh("docker network inspect @net").exits(1).stderr().to_lowercase();
        assert!(gone.contains(&client.name("net")), "{gone}");
        assert!(gone.contains("no such network") || gone.contains("not found"), "{gone}");
    });
}

fn sorted<const N: usize>(mut names: [String; N]) -> Vec<String> {
    names.sort();
    names.into()
}
