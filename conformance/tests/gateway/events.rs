//! What happened, told later and told live.

use serde_json::Value;
use wharf_conformance::gateway::{Client, on_each_door};

/// `<type> <action> <name>` of every event of this client's own things between two moments.
fn between(client: &Client<'_>, since: &str, until: &str) -> Vec<String> {
    let format = "{{.Type}} {{.Action}} {{.Actor.Attributes.name}}";
    let said = client.answer(&format!("docker events --since {since} --until {until} --format '{format}'"));
    let own = |line: &&str| client.is_tenant() || line.contains(&client.name(""));
    said.lines().filter(own).map(String::from).collect()
}

fn now(client: &Client<'_>) -> String {
    client.answer("date +%s.%N")
}

#[test]
fn what_happened_is_told_later_and_live() {
    on_each_door(|client| {
        let mut live =
            client.start("docker events --format '{{.Type}} {{.Action}} {{.Actor.Attributes.name}}!'");
        let mut only = client.start(
            "docker events --filter container=@box --filter event=die \
            --format '{{.Action}} {{.Actor.Attributes.exitCode}}!'",
        );
        let mut json = client.start(
            "docker events --filter type=container --filter event=create \
            --filter label=story=@events --format '{{json .}}'",
        );
        // Nothing says when they listen; what happened before they did is not missed.
        let since = now(client);
        client.sh("sleep 0.5; docker network create @net && docker volume create @vol").succeeds();
        let id = client.answer(
            "docker create --name @box --label story=@events --network @net -v \
            @vol:/vol busybox sh -c 'exit 3'",
        );
        client.sh("docker start -a @box").exits(3);
        client
            .sh("docker rename @box @next && docker rm @next && docker network rm @net && docker \
                volume rm @vol")
            .succeeds();
        let until = now(client);

        let name = |name: &str| client.name(name);
        let expected = [
            format!("network create {}", name("net")),
            format!("container create {}", name("box")),
            format!("network connect {}", name("net")),
            format!("container start {}", name("box")),
            format!("container die {}", name("box")),
            format!("network disconnect {}", name("net")),
            format!("container rename {}", name("next")),
            format!("container destroy {}", name("next")),
            format!("network destroy {}", name("net")),
        ];
        let told = between(client, &since, &until);
        for line in &expected {
            assert!(told.contains(line), "{line}: {told:#?}");
            assert!(
                live.text().contains(&format!("{line}!")) || {
                    live.says(&format!("{line}!"));
                    true
                }
            );
        }
        only.says("die 3!");
        json.says("\n");
        let event: Value = serde_json::from_str(json.text().trim()).unwrap();
        let attributes = &event["Actor"]["Attributes"];
        assert_eq!(event["Actor"]["ID"], id.as_str());
        assert_eq!((&attributes["image"], &attributes["name"]), (&"busybox".into(), &name("box").into()));
        assert_eq!(attributes["story"], name("events"));
        assert!(attributes.as_object().unwrap().keys().all(|key| !key.starts_with("wharf")), "{event}");

        let volumes = format!(
            "docker events --since {since} --until {until} --filter type=volume --format \
                '{{{{.Action}}}} {{{{.Actor.ID}}}}'"
        );
        let told = client.answer(&volumes);
        for action in ["create", "mount", "unmount", "destroy"] {
            assert!(told.contains(&format!("{action} {}", name("vol"))), "{action}: {told}");
        }
    });
}
