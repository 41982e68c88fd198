//! `docker compose`, as people use it.

use wharf_conformance::gateway::on_each_door;

const SHOP: &str = r#"
name: @shop
services:
  db:
    image: busybox
    command: sh -c 'sleep 0.5; mkdir -p /www && echo stock >/www/index.html && touch /ready && exec httpd -f -p 8080 -h /www'
    init: true
    networks: {back: {aliases: [store]}}
    volumes: ["stock:/stock"]
    healthcheck: {test: ["CMD", "test", "-e", "/ready"], interval: 0.5s, timeout: 2s, retries: 20}
    environment: {COLOUR: blue}
  prepare:
    image: busybox
    command: sh -c 'echo prepared >/stock/file'
    volumes: ["stock:/stock"]
    network_mode: none
  web:
    image: busybox
    command: sh -c 'wget -q -O - http://store:8080/ && wget -q -O - http://db:8080/ && cat /stock/file && exec sleep 1000'
    init: true
    networks: [front, back]
    ports: ["80"]
    volumes: ["stock:/stock:ro", {type: tmpfs, target: /scratch}]
    depends_on:
      db: {condition: service_healthy}
      prepare: {condition: service_completed_successfully}
    secrets: [token]
    configs: [{source: motto, target: /motto}]
    mem_limit: 32m
    restart: unless-stopped
networks:
  front: {}
  back: {internal: true}
volumes:
  stock: {}
secrets: {token: {environment: TOKEN}}
configs: {motto: {content: "by the sea"}}
"#;

#[test]
fn a_project_comes_up_in_order_stays_and_goes() {
    on_each_door(|client| {
        client.write("compose.yml", SHOP);
        client.write(".env", "TOKEN='quay side'\n");
        client.sh("docker compose up -d").succeeds();
        let shown = client.lines(
            "docker compose ps -a --format '{{.Service}} {{.Name}} {{.Image}} {{.State}} {{.Health}}'",
        );
        let line = |service: &str, rest: &str| {
            format!("{service} {}-{service}-1 busybox {rest}", client.name("shop"))
        };
        let trimmed: Vec<_> = shown.iter().map(|line| line.trim_end()).collect();
        assert_eq!(
            trimmed,
            [line("db", "running healthy"), line("prepare", "exited"), line("web", "running")]
        );
        client.start("docker compose logs -f web").says("prepared");
        client.answers("docker compose logs --no-log-prefix web", "stock\nstock\nprepared");
        client.answers("docker compose exec -T db sh -c 'echo $COLOUR'", "blue");
        client.answers("docker compose exec -T web cat /run/secrets/token /motto", "quay sideby the sea");
        client.answers("echo typed | docker compose exec -T web cat", "typed");
        client.answers(
            "docker inspect -f '{{.HostConfig.Memory}} {{.HostConfig.RestartPolicy.Name}}' @shop-web-1",
            "33554432 unless-stopped",
        );
        client.sh("docker compose port web 80").succeeds().prints(":");
        assert!(client.answer("docker compose ls --format json").contains(&client.name("shop")));
        assert!(client.answer("docker compose images").contains("busybox"));

        // Nothing to do the second time: the very containers stay.
        let ids = client.lines("docker compose ps -aq");
        client.sh("docker compose up -d").succeeds().never_says("Recreate");
        assert_eq!(client.lines("docker compose ps -aq"), ids);

        client.write("compose.yml", &SHOP.replace("COLOUR: blue", "COLOUR: red"));
        client.sh("docker compose up -d --no-deps db").succeeds();
        client.answers("docker compose exec -T db sh -c 'echo $COLOUR'", "red");
        client
            .sh("docker compose restart -t 0 web && docker compose stop -t 0 db && docker compose start db")
            .succeeds();
        client.answers("docker compose run --rm --no-deps -T prepare echo once", "once");
        client
            .sh("docker compose cp compose.yml web:/scratch/ && docker compose top web && \
            docker compose kill web")
            .succeeds();
        client.sh("docker compose down -v -t 0").succeeds();
        for left in ["docker ps -aq", "docker network ls -q", "docker volume ls -q"] {
            client.answers(&format!("{left} --filter label=com.docker.compose.project=@shop"), "");
        }
    });
}

#[test]
fn a_project_waits_for_health_and_scales() {
    on_each_door(|client| {
        client.write(
            "compose.yml",
            "name: @scaled\nservices:\n  app:\n    image: busybox\n    \
            init: true\n    command: sleep 1000\n    healthcheck: {test: 'true', interval: 0.5s}\n",
        );
        client.sh("docker compose up -d --wait --scale app=2").succeeds();
        let names = client.lines("docker compose ps --format '{{.Name}}'");
        assert_eq!(names, [client.name("scaled-app-1"), client.name("scaled-app-2")]);
        client.answers(
            "docker compose exec -T --index 1 app nslookup @scaled-app-2 >/dev/null && echo found",
            "found",
        );
        client.sh("docker compose up -d --scale app=1").succeeds();
        client.answers("docker compose ps --format '{{.Name}}'", "@scaled-app-1");
        client.sh("docker compose down -t 0").succeeds();
    });
}
