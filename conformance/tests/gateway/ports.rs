//! Ports of containers, on the host under numbers that nobody chose.

use wharf_conformance::gateway::{Client, on_each_door};

/// Where the host has a port of a container.
fn place(client: &Client<'_>, container: &str, port: &str) -> (String, u16) {
    let shown = client.answer(&format!("docker port {container} {port} | head -n 1"));
    let (address, number) = shown.rsplit_once(':').unwrap();
    (address.to_owned(), number.parse().unwrap())
}

#[test]
fn what_an_image_exposes_is_published_when_all_is() {
    on_each_door(|client| {
        client
            .sh("docker create --name @plain busybox && \
                 docker commit -c 'EXPOSE 8080 8081/udp' @plain @served && docker rm @plain")
            .succeeds();
        let serve = "sh -c 'mkdir -p /www; echo welcome >/www/index.html; exec httpd -f -p 8080 -h /www'";
        client.sh(&format!("docker run -d --init --name @all -P -p 9 @served {serve}")).succeeds();
        client.answers("docker port @all | cut -d ' ' -f 1 | sort -u", "8080/tcp\n8081/udp\n9/tcp");
        let (address, port) = place(client, "@all", "8080/tcp");
        assert_eq!(address, if client.is_tenant() { "127.0.0.1" } else { "0.0.0.0" });
        assert_eq!(client.engine().http_get(port, "/").unwrap(), "welcome\n");

        // As the second of a kind, and after a restart.
        client.sh(&format!("docker run -d --init --name @second -p 8080 busybox {serve}")).succeeds();
        let (_, other) = place(client, "@second", "8080");
        assert_ne!(port, other);
        assert_eq!(client.engine().http_get(other, "/").unwrap(), "welcome\n");
        client.sh("docker restart -t 0 @all").succeeds();
        let (_, again) = place(client, "@all", "8080");
        assert_eq!(client.engine().http_get(again, "/").unwrap(), "welcome\n");

        // Two ports for one, and as many as asked for.
        client.sh("docker run -d --init --name @pair -p 7000 -p 7001/udp busybox sleep 1000").succeeds();
        let bindings = "{{range $port, $places := .NetworkSettings.Ports}}{{$port}} {{end}}";
        client.answers(&format!("docker inspect -f '{bindings}' @pair"), "7000/tcp 7001/udp");
        client.sh("docker rm -f @all @second @pair && docker rmi @served").succeeds();
    });
}
