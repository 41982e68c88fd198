//! Names that look like somebody's, like ids and like routes; and references that bind later than they are judged.

use crate::http::Said;
use crate::town::{Town, stories};
use serde_json::{Value, json};
use wharf_testkit::unique_name;

stories![
    an_engines_name_is_one_of_mallorys_own,
    a_name_as_the_engine_gives_them_is_not_for_a_volume,
    a_name_like_a_short_id_catches_nobody,
    names_of_routes_are_names_like_others,
    an_endpoint_leads_to_no_other_network_than_its_own,
    links_and_names_with_slashes_lead_nowhere,
    what_is_not_there_yet_is_never_joined,
    nothing_is_renamed_onto_another,
];

/// Makes a container on the engine itself, and gives its id.
fn bare_container(town: &Town<'_>, name: &str, body: &Value) -> String {
    let made = town.bare("POST", &format!("/containers/create?name={name}"), &body.to_string());
    assert_eq!(made.status, 201, "{made:?}");
    made.json()["Id"].as_str().expect("an id").to_owned()
}

fn remove_bare(town: &Town<'_>, container: &str) {
    town.bare("DELETE", &format!("/containers/{container}?force=1&v=1"), "");
}

fn an_engines_name_is_one_of_mallorys_own(town: &Town<'_>) {
    // The engine itself answers with whatever has the name (V12).
    let theirs = town.bare("POST", "/volumes/create", &json!({"Name": town.bobs.volume}).to_string());
    assert_eq!((theirs.status, &theirs.json()["Labels"]["wharf.tenant"]), (201, &json!(town.bobs.name)));

    let (bob, me) = (&town.bobs.name, town.mallorys_name());
    let shown = |said: &Said, field: &str| said.json()[field].as_str().unwrap_or_default().to_owned();
    let made = town.mallory("POST", "/volumes/create", &json!({"Name": town.bobs.volume}).to_string());
    assert_eq!((made.status, shown(&made, "Name")), (201, town.bobs.volume.clone()), "{made:?}");
    town.unseen("a volume", &made);
    let made =
        town.mallory("POST", "/networks/create", &json!({"Name": format!("{bob}--inner")}).to_string());
    assert_eq!(made.status, 201, "{made:?}");
    let target = format!("/containers/create?name={bob}--web");
    let made = town.mallory("POST", &target, r#"{"Image":"busybox","Cmd":["sleep","1000"]}"#);
    assert_eq!(made.status, 201, "{made:?}");
    for path in ["/volumes/NAME--data", "/networks/NAME--inner", "/containers/NAME--web/json"] {
        let path = path.replace("NAME", &format!("{me}--{bob}"));
        let owner = town.bare("GET", &path, "").json();
        let labels = if owner["Config"].is_null() { &owner["Labels"] } else { &owner["Config"]["Labels"] };
        assert_eq!(labels["wharf.tenant"], *me, "{path}");
    }
    for (method, path) in [
        ("DELETE", "/containers/NAME--web?force=1"),
        ("DELETE", "/networks/NAME--inner"),
        ("DELETE", "/volumes/NAME--data"),
    ] {
        let gone = town.mallory(method, &path.replace("NAME", bob), "");
        assert_eq!(gone.status, 204, "{path}: {gone:?}");
    }
    town.changes();
    town.unharmed("names of the engine's", &made);
}

fn a_name_as_the_engine_gives_them_is_not_for_a_volume(town: &Town<'_>) {
    for name in [town.bobs.anonymous.clone(), "ab".repeat(32)] {
        let said = town.mallory("POST", "/volumes/create", &json!({"Name": name}).to_string());
        town.denied("a volume called like an anonymous one", "names", &said);
        for mount in [
            json!({"Binds": [format!("{name}:/x")]}),
            json!({"Mounts": [{"Type": "volume", "Source": name, "Target": "/x"}]}),
        ] {
            let body = json!({"Image": "busybox", "HostConfig": mount}).to_string();
            let said = town.mallory("POST", "/containers/create", &body);
            town.denied("an anonymous volume, mounted", "names", &said);
        }
    }
}

fn a_name_like_a_short_id_catches_nobody(town: &Town<'_>) {
    let short = &town.bobs.container[..12];
    // On the engine itself the name wins (V11).
    let trap = bare_container(town, short, &json!({"Image": "busybox"}));
    let caught = town.bare("GET", &format!("/containers/{short}/json"), "").json();
    assert_eq!(caught["Id"], json!(trap));
    remove_bare(town, &trap);

    let made = town.mallory("POST", &format!("/containers/create?name={short}"), r#"{"Image":"busybox"}"#);
    assert_eq!(made.status, 201, "{made:?}");
    let [bobs, hers] = ["bob", "mallory"]
        .map(|role| town.client(role).answer(&format!("docker inspect -f '{{{{.Id}}}}' {short}")));
    assert_eq!((bobs, json!(hers)), (town.bobs.container.clone(), made.json()["Id"].clone()));
    let made =
        town.mallory("POST", "/networks/create", &json!({"Name": &town.bobs.network[..12]}).to_string());
    assert_eq!(made.status, 201, "{made:?}");
    let seen = town.bob("GET", &format!("/networks/{}", &town.bobs.network[..12]), "");
    assert_eq!(seen.json()["Id"], json!(town.bobs.network));
    town.client("mallory")
        .sh(&format!("docker rm {short} && docker network rm {}", &town.bobs.network[..12]))
        .succeeds();
}

fn names_of_routes_are_names_like_others(town: &Town<'_>) {
    for name in ["json", "create", "prune"] {
        let made = town.mallory("POST", &format!("/containers/create?name={name}"), r#"{"Image":"busybox"}"#);
        assert_eq!(made.status, 201, "{name}: {made:?}");
        let theirs = town.bob("GET", &format!("/containers/{name}/json"), "");
        assert_eq!(theirs.status, 404, "{name}: {theirs:?}");
    }
    let list = town.mallory("GET", "/containers/json?all=1", "");
    assert_eq!(list.json().as_array().map(Vec::len), Some(4), "{list:?}");
    assert_eq!(town.mallory("GET", "/containers/json/json", "").json()["Name"], "/json");
    for name in ["json", "create", "prune"] {
        let gone = town.mallory("DELETE", &format!("/containers/{name}"), "");
        assert_eq!(gone.status, 204, "{name}: {gone:?}");
    }
    for kind in ["volumes", "networks"] {
        for name in ["create", "prune"] {
            let made = town.mallory("POST", &format!("/{kind}/create"), &json!({"Name": name}).to_string());
            assert_eq!(made.status, 201, "{kind} {name}: {made:?}");
            assert_eq!(town.mallory("GET", &format!("/{kind}/{name}"), "").json()["Name"], name);
            assert_eq!(town.bob("GET", &format!("/{kind}/{name}"), "").status, 404);
            assert_eq!(town.mallory("DELETE", &format!("/{kind}/{name}"), "").status, 204);
        }
    }
    town.changes();
    town.unharmed("names of routes", &list);
}

fn an_endpoint_leads_to_no_other_network_than_its_own(town: &Town<'_>) {
    let id = &town.bobs.network;
    let own = format!("{}--own", town.mallorys_name());
    let body = |network: &str| {
        json!({
            "Image": "busybox", "Cmd": ["sleep", "1000"], "HostConfig": {"NetworkMode": network},
            "NetworkingConfig": {"EndpointsConfig": {network: {"NetworkID": id}}},
        })
    };
    // The engine itself heeds the id alone (V9).
    let name = unique_name();
    let trap = bare_container(town, &name, &body(&own));
    let started = town.bare("POST", &format!("/containers/{trap}/start"), "");
    let joined = town.bare("GET", &format!("/networks/{id}"), "").json()["Containers"][&trap].clone();
    remove_bare(town, &trap);
    assert!(started.status == 204 && !joined.is_null(), "{started:?}: {joined}");

    let said = town.mallory("POST", "/containers/create", &body("own").to_string());
    town.refused("a network id at create", &[400, 404], &said);
    let body = json!({"Container": "own", "EndpointConfig": {"NetworkID": id}}).to_string();
    for network in ["own", "bridge"] {
        let said = town.mallory("POST", &format!("/networks/{network}/connect"), &body);
        town.refused("a network id at connect", &[400, 403, 404], &said);
    }
}

fn links_and_names_with_slashes_lead_nowhere(town: &Town<'_>) {
    let link = json!(["web:db"]);
    for host in [json!({"Links": link}), json!({"NetworkMode": "own", "Links": link})] {
        let said = town.mallory(
            "POST",
            "/containers/create",
            &json!({"Image": "busybox", "HostConfig": host}).to_string(),
        );
        town.denied("a link", "links", &said);
    }
    let endpoints = json!({"EndpointsConfig": {"own": {"Links": link}}});
    let body =
        json!({"Image": "busybox", "HostConfig": {"NetworkMode": "own"}, "NetworkingConfig": endpoints});
    town.denied(
        "a link at an endpoint",
        "links",
        &town.mallory("POST", "/containers/create", &body.to_string()),
    );
    let body = json!({"Container": "own", "EndpointConfig": {"Links": link}});
    town.denied(
        "a link at connect",
        "links",
        &town.mallory("POST", "/networks/own/connect", &body.to_string()),
    );
    town.denied("a link to remove", "links", &town.mallory("DELETE", "/containers/own?link=1", ""));
    for path in ["/containers/own/db/json", "/containers/own%2Fdb/json", "/containers/own/db/logs?stdout=1"] {
        town.refused("a name with a slash", &[400, 404], &town.mallory("GET", path, ""));
    }
}

fn what_is_not_there_yet_is_never_joined(town: &Town<'_>) {
    // The engine itself takes it, and looks only when it starts (V16).
    let trap = bare_container(
        town,
        &unique_name(),
        &json!({"Image": "busybox", "HostConfig": {"NetworkMode": unique_name()}}),
    );
    remove_bare(town, &trap);
    let bob = &town.bobs.name;
    for mode in ["later", "container:later", &format!("container:{bob}--later"), &format!("{bob}--later")] {
        let body = json!({"Image": "busybox", "HostConfig": {"NetworkMode": mode}}).to_string();
        town.refused(
            "a network that is not there",
            &[400, 404],
            &town.mallory("POST", "/containers/create", &body),
        );
    }
    for field in ["PidMode", "IpcMode"] {
        let body = json!({"Image": "busybox", "HostConfig": {field: "container:later"}}).to_string();
        town.refused(
            "a container that is not there",
            &[400, 404],
            &town.mallory("POST", "/containers/create", &body),
        );
    }
    let body = json!({"Image": "busybox", "HostConfig": {"VolumesFrom": ["later"]}}).to_string();
    town.refused(
        "mounts that are not there",
        &[400, 404],
        &town.mallory("POST", "/containers/create", &body),
    );
}

fn nothing_is_renamed_onto_another(town: &Town<'_>) {
    let bob = &town.bobs.name;
    for name in ["", "/", "..", "..%2Fweb", "a%2Fb", "-web", "%00", "own%0A", &"a".repeat(300)] {
        let said = town.mallory("POST", &format!("/containers/own/rename?name={name}"), "");
        town.refused(&format!("renamed to `{name}`"), &[400], &said);
    }
    // Names of others are free in one's own namespace, and nothing of theirs is met.
    for name in ["web", &format!("{bob}--web"), "own"] {
        let said = town.mallory("POST", &format!("/containers/own/rename?name={name}"), "");
        let taken = if name == "own" { "web" } else { "own" };
        let back = format!("/containers/{}/rename?name=own", if said.status == 204 { name } else { taken });
        if name != "own" {
            assert_eq!((said.status, town.mallory("POST", &back, "").status), (204, 204), "{name}: {said:?}");
        }
    }
    town.changes();
    town.unharmed("renamed", &town.mallory("GET", "/containers/own/json", ""));
}
