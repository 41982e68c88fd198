//! Named and nameless volumes.

use wharf_conformance::gateway::on_each_door;

#[test]
fn volumes_are_made_used_shown_and_removed() {
    on_each_door(|client| {
        client.answers("docker volume create --label colour=blue @data", "@data");
        client.answers("docker volume create @data", "@data");
        client.answers("docker run --rm -v @data:/data busybox sh -c 'echo kept >/data/file'", "");
        client.answers("docker run --rm -v @data:/data:ro busybox cat /data/file", "kept");
        client.sh("docker run --rm -v @data:/data:ro busybox touch /data/file").exits(1).says("Read-only");
        client.answers(
            "docker run --rm --mount type=volume,src=@data,dst=/data busybox cat /data/file",
            "kept",
        );
        client.answers("docker volume ls -q --filter name=@data", "@data");
        client.answers(
            "docker volume ls --filter label=colour=blue --format '{{.Name}} \
            {{.Driver}}' | grep -x '@data local'",
            "@data local",
        );
        client.answers(
            "docker volume inspect -f '{{.Name}} {{.Driver}} {{.Scope}} {{json .Labels}}' @data",
            r#"@data local local {"colour":"blue"}"#,
        );

        // Made by the way, and by name.
        client.sh("docker run -d --name @box -v @more:/more -v /nameless busybox sleep 1000").succeeds();
        client.answers("docker volume inspect -f '{{.Name}}' @more", "@more");
        client.answers(
            "docker inspect -f '{{range .Mounts}}{{if eq \
            .Destination \"/more\"}}{{.Type}} {{.Name}} {{.RW}}{{end}}{{end}}' @box",
            "volume @more true",
        );
        let nameless = client.answer(
            "docker inspect -f '{{range .Mounts}}{{if eq \
            .Destination \"/nameless\"}}{{.Name}}{{end}}{{end}}' @box",
        );
        assert_eq!(nameless.len(), 64, "{nameless}");
        assert!(client.lines("docker volume ls -q").contains(&nameless));
        let in_use = client.sh("docker volume rm @more").exits(1);
        in_use.says(&format!("remove {}: volume is in use", client.name("more")));
        client.answers("docker ps -a --filter volume=@more --format '{{.Names}}'", "@box");
        client.sh("docker run --rm --volumes-from @box busybox sh -c 'echo shared >/more/file'").succeeds();
        client.answers("docker exec @box cat /more/file", "shared");
        client.sh("docker rm -fv @box").succeeds();
        assert!(!client.lines("docker volume ls -q").contains(&nameless), "it went with its container");
        client.answers("docker volume inspect -f '{{.Name}}' @more", "@more");

        client.answers("docker volume rm @more @data", "@more\n@data");
        let gone = client.sh("docker volume inspect @data").exits(1).stderr().to_lowercase();
        assert!(
            gone.contains(&format!("no such volume: {}", client.name("data")))
                || gone.contains(&format!("get {}: no such volume", client.name("data"))),
            "{gone}"
        );
        if client.is_tenant() {
            client.answers("docker volume ls -q", "");
        }
    });
}
