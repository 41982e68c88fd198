//! Images of one's own: made from containers, tagged, saved, loaded, removed.

use wharf_conformance::gateway::on_each_door;

#[test]
fn images_are_made_tagged_shown_and_removed() {
    on_each_door(|client| {
        client.sh("docker run --name @box busybox sh -c 'echo mine >/mine'").succeeds();
        let id = client.answer(
            "docker commit -m words -a ana -c 'CMD [\"cat\", \"/mine\"]' -c 'LABEL colour=blue' @box @own:1",
        );
        client.answers("docker run --rm @own:1", "mine");
        client.answers(
            "docker images --no-trunc --format '{{.Repository}}:{{.Tag}} {{.ID}}' @own",
            &format!("@own:1 {id}"),
        );
        client.sh("docker tag @own:1 @own:2 && docker tag @own:2 registry.example/team/@own").succeeds();
        assert_eq!(
            client.lines("docker images --format '{{.Repository}}:{{.Tag}}' @own"),
            [client.name("own:1"), client.name("own:2")]
        );
        client.answers(
            "docker image inspect -f '{{.Id}} {{.Comment}} {{.Author}} {{json .Config.Labels}}' @own:2",
            &format!("{id} words ana {{\"colour\":\"blue\"}}"),
        );
        let tags = client.answer("docker image inspect -f '{{json .RepoTags}}' @own:1");
        let mut tags: Vec<String> = serde_json::from_str(&tags).unwrap();
        tags.sort();
        let elsewhere = format!("registry.example/team/{}:latest", client.name("own"));
        let mut expected = vec![client.name("own:1"), client.name("own:2"), elsewhere.clone()];
        expected.sort();
        assert_eq!(tags, expected);
        assert!(client.answer("docker history --no-trunc @own:1").contains("words"));
        client.answers("docker ps -a --filter ancestor=@own:1 --format '{{.Names}}'", "");
        client.answers(&format!("docker run --rm {id}"), "mine");
        client.answers(&format!("docker run --rm {}", &id[7..19]), "mine");
        client.sh("docker run -d --name @by-tag @own:2 sleep 1000").succeeds();
        client.answers("docker ps --filter name=@by-tag --format '{{.Image}}'", "@own:2");
        client.answers("docker inspect -f '{{.Config.Image}} {{.Image}}' @by-tag", &format!("@own:2 {id}"));
        client.sh("docker rm -f @by-tag @box").succeeds();

        client.answers("docker rmi @own:1", "Untagged: @own:1");
        client.sh("docker run --rm @own:1").exits(125);
        client.answers(&format!("docker rmi {elsewhere}"), &format!("Untagged: {elsewhere}"));
        let last = client.answer("docker rmi @own:2");
        assert!(last.starts_with(&format!("Untagged: {}", client.name("own:2"))), "{last}");
        assert!(last.contains(&format!("Deleted: {id}")), "{last}");
        client
            .sh("docker image inspect @own:2")
            .exits(1)
            .says(&format!("No such image: {}", client.name("own:2")));
        client.sh("docker rmi @own:2").exits(1).says(&format!("No such image: {}", client.name("own:2")));
        client.answers("docker run --rm busybox echo still there", "still there");
    });
}

#[test]
fn images_are_saved_and_loaded() {
    on_each_door(|client| {
        client
            .sh("docker run --name @box busybox sh -c 'echo mine >/mine' && docker commit @box \
            @own:1 && docker tag @own:1 @own:2")
            .succeeds();
        let id = client.answer("docker image inspect -f '{{.Id}}' @own:1");
        client.sh("docker save -o image.tar @own:1 @own:2").succeeds();
        let named = client.answer("tar -xOf image.tar manifest.json");
        assert!(named.contains(&client.name("own:1")) && named.contains(&client.name("own:2")), "{named}");
        assert!(!named.contains("wharf.invalid"), "{named}");
        client.sh("docker rm @box && docker rmi @own:1 @own:2").succeeds();
        let loaded = client.answer("docker load -i image.tar");
        assert!(loaded.contains(&format!("Loaded image: {}", client.name("own:1"))), "{loaded}");
        client.answers("docker image inspect -f '{{.Id}}' @own:2", &id);
        client.answers("docker run --rm @own:2 cat /mine", "mine");
        client.sh("docker rmi @own:1 @own:2").succeeds();
        client
            .sh("docker load <image.tar && docker run --rm @own:1 cat /mine && docker rmi @own:1 @own:2")
            .succeeds()
            .prints("mine");
    });
}
