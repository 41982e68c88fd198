//! Two tenants with the same names everywhere, neither of whom notices the other.

use wharf_conformance::gateway::{Client, with_neighbours};

const BLOG: &str = "
name: blog
services:
  web:
    image: busybox
    init: true
    command: sh -c 'mkdir -p /www && cp /data/owner /www/index.html && exec httpd -f -h /www'
    volumes: ['data:/data']
    ports: ['80']
    depends_on: {fill: {condition: service_completed_successfully}}
  fill: {image: busybox, command: \"sh -c 'echo OWNER >/data/owner'\", volumes: ['data:/data']}
  reader: {image: busybox, init: true, command: sleep 1000}
volumes: {data: {}}
";

/// Everything that shows all one has, in an order that does not change.
fn everything(client: &Client<'_>) -> Vec<Vec<String>> {
    [
        "docker ps -a --no-trunc --format '{{.ID}} {{.Names}} {{.Image}} {{.Ports}}'",
        "docker network ls --no-trunc --format '{{.ID}} {{.Name}}'",
        "docker volume ls --format '{{.Name}}'",
        "docker images -a --no-trunc --format '{{.Repository}}:{{.Tag}} {{.ID}}'",
        "docker info --format '{{.Containers}} {{.ContainersRunning}} {{.Images}}'",
        "docker system df --format '{{.Type}} {{.TotalCount}} {{.Active}}'",
        "docker compose ls -a --format json",
    ]
    .map(|script| client.lines(script))
    .into()
}

fn up(client: &Client<'_>, owner: &str) {
    client.write("compose.yml", &BLOG.replace("OWNER", owner));
    client.sh("docker compose up -d").succeeds();
    client
        .sh("docker run --name kept busybox sh -c \"echo $0 >/mine\" && docker commit kept own:1")
        .succeeds();
}

#[test]
fn the_same_project_twice_is_two_projects() {
    with_neighbours(|alice, bob| {
        let before = everything(bob);
        up(alice, "alice");
        assert_eq!(everything(bob), before, "nothing of alice's is bob's to see");
        let alone = everything(alice);
        let since = bob.answer("date +%s.%N");
        up(bob, "bob");
        assert_eq!(everything(alice), alone, "nothing of bob's is alice's to see");
        for (client, owner) in [(alice, "alice"), (bob, "bob")] {
            client.answers(
                "docker compose exec -T reader sh -c 'until wget -q -O - http://web/; do sleep 0.1; done'",
                owner,
            );
            client.answers("docker exec blog-web-1 cat /data/owner", owner);
            let names = client.lines("docker ps -a --format '{{.Names}}'");
            assert_eq!(names, ["blog-fill-1", "blog-reader-1", "blog-web-1", "kept"]);
            assert_eq!(client.lines("docker volume ls -q"), ["blog_data"]);
        }
        let until = bob.answer("date +%s.%N");
        assert_eq!(
            alice
                .lines(&format!("docker events --since {since} --until {until} --filter type=network"))
                .concat(),
            ""
        );
        let started =
            alice.answer(&format!("docker events --since {since} --until {until} --filter event=create"));
        assert_eq!(started, "", "bob's are not hers");
        assert_ne!(
            bob.answer(&format!("docker events --since {since} --until {until} --filter event=create")),
            ""
        );

        // By id, the other's is as absent as what never was.
        let id = alice.answer("docker inspect -f '{{.Id}}' blog-web-1");
        let network = alice.answer("docker network inspect -f '{{.Id}}' blog_default");
        let image = alice.answer("docker image inspect -f '{{.Id}}' own:1");
        for (verb, thing) in [
            ("docker inspect", &id),
            ("docker rm -f", &id),
            ("docker exec", &format!("{id} true")),
            ("docker logs", &id),
            ("docker cp", &format!("{id}:/mine -")),
            ("docker network inspect", &network),
            ("docker network rm", &network),
            ("docker image inspect", &image),
            ("docker run --rm", &format!("{image} true")),
            ("docker run --rm --network", &format!("{network} busybox true")),
            ("docker run --rm --network", &format!("container:{id} busybox true")),
            ("docker run --rm --volumes-from", &format!("{id} busybox true")),
        ] {
            let absent = thing.replace(&id, &"0".repeat(64)).replace(&network, &"1".repeat(64));
            let absent = absent.replace(&image, &format!("sha256:{}", "2".repeat(64)));
            let [theirs, nobodys] = [thing, &absent].map(|thing| {
                let run = bob.sh(&format!("{verb} {thing}"));
                let hide = |text: String| {
                    let text = text.replace(&id, "X").replace(&network, "X").replace(&image, "X");
                    let text = text.replace(&"0".repeat(64), "X").replace(&"1".repeat(64), "X");
                    text.replace(&format!("sha256:{}", "2".repeat(64)), "X")
                };
                (run.status(), hide(run.stdout()), hide(run.stderr()))
            });
            assert_eq!(theirs, nobodys, "{verb}");
            assert!(theirs.0 != 0 || verb == "docker rm -f", "{verb}: {theirs:?}");
        }
        assert_eq!(everything(alice).len(), 7);
        alice.answers("docker inspect -f '{{.State.Running}}' blog-web-1", "true");

        let hers = everything(alice);
        bob.sh("docker compose down -v -t 0 && docker rm kept").succeeds();
        bob.sh("docker system prune -af --volumes").succeeds();
        bob.answers("docker ps -aq; docker volume ls -q; docker images -q own", "");
        assert_eq!(everything(alice), hers, "alice's stays when bob's goes");
        alice.answers("docker compose exec -T reader wget -q -O - http://web/", "alice");
        alice.sh("docker compose down -v -t 0 && docker rm kept && docker rmi own:1").succeeds();
    });
}

#[test]
fn neither_reaches_the_others_containers() {
    with_neighbours(|alice, bob| {
        let serve = "sh -c 'mkdir /www; echo welcome >/www/index.html; exec httpd -f -h /www'";
        alice.sh(&format!("docker run -d --name web busybox {serve}")).succeeds();
        alice
            .sh(&format!(
                "docker network create net && docker run -d --name inner --network net busybox {serve}"
            ))
            .succeeds();
        let address = |name: &str| {
            alice.answer(&format!(
                "docker inspect -f '{{{{range \
                .NetworkSettings.Networks}}}}{{{{.IPAddress}}}}{{{{end}}}}' {name}"
            ))
        };
        let fetch = |ip: &str| {
            format!("docker run --rm --init --network NET busybox timeout 1 wget -q -O - http://{ip}/")
        };
        let [web, inner] = ["web", "inner"].map(address);
        alice.answers(&fetch(&web).replace("NET", "bridge"), "welcome");
        alice.answers(&fetch(&inner).replace("NET", "net"), "welcome");
        bob.sh("docker network create net").succeeds();
        for ip in [&web, &inner] {
            for net in ["bridge", "net"] {
                let run = bob.sh(&fetch(ip).replace("NET", net));
                assert!(run.status() != 0 && !run.stdout().contains("welcome"), "{run}");
            }
        }
        bob.sh("! docker run --rm --init --network net busybox timeout 1 nslookup inner").succeeds();
        bob.sh("docker network rm net").succeeds();
        alice.sh("docker rm -f web inner && docker network rm net").succeeds();
    });
}
