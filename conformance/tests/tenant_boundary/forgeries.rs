//! Whose something is stands in labels: mallory brings images whose labels say that what is made of them is bob's, or
//! the host's, and images that declare volumes.

use crate::town::{Town, stories};
use serde_json::{Value, json};
use wharf_testkit::{ImageRecipe, unique_name};

stories![
    labels_of_an_image_make_nothing_bobs,
    labels_that_the_host_obeys_do_not_come_by_an_image,
    volumes_that_an_image_declares_are_mallorys,
];

/// Has mallory load an image with these settings, under the name `forged`, as she would one that was built elsewhere.
fn forge(town: &Town<'_>, changes: &[&str]) {
    let reference = format!("{}:forged", unique_name());
    let recipe =
        changes.iter().fold(ImageRecipe::busybox(&reference), |recipe, change| recipe.change(change));
    town.engine.import(&recipe).expect("an image");
    let mallory = town.client("mallory");
    let archive = mallory.path("forged.tar");
    let saved = town.engine.docker(["save", "-o", &archive.display().to_string(), &reference]);
    saved.expect("an archive");
    std::process::Command::new("chmod").arg("0644").arg(&archive).status().expect("a mode");
    mallory
        .sh_where_anything_may_be_said(&format!(
            "docker load -q -i forged.tar && docker tag {reference} forged && docker rmi {reference}"
        ))
        .succeeds();
    town.engine.docker(["rmi", &reference]).expect("no image");
}

/// What the engine has of a container of mallory's, by her name for it.
fn on_the_engine(town: &Town<'_>, name: &str) -> Value {
    let said = town.bare("GET", &format!("/containers/{}--{name}/json", town.mallorys_name()), "");
    assert_eq!(said.status, 200, "{said:?}");
    said.json()
}

fn labels_of_an_image_make_nothing_bobs(town: &Town<'_>) {
    let bob = &town.bobs.name;
    let asked = r#"{\"image\":\"forged-asked\",\"network\":\"forged-net\"}"#;
    forge(
        town,
        &[
            &format!("LABEL wharf.tenant={bob}"),
            "LABEL wharf.generation=1",
            &format!("LABEL wharf.user={bob}"),
            &format!("LABEL wharf.asked=\"{asked}\""),
            "LABEL honest=yes",
        ],
    );
    // On the engine itself they are the container's (V18).
    let theirs = town.engine.docker([
        "create",
        "--label",
        "x=y",
        &format!("wharf.invalid/{}/1/docker.io/library/forged:latest", town.mallorys_name()),
    ]);
    let theirs = theirs.expect("a container").trim().to_owned();
    let labels =
        town.bare("GET", &format!("/containers/{theirs}/json"), "").json()["Config"]["Labels"].clone();
    town.bare("DELETE", &format!("/containers/{theirs}"), "");
    assert_eq!(labels["wharf.tenant"], json!(bob));

    let before = town.bob("GET", "/containers/json?all=1", "").json();
    town.client("mallory").sh_where_anything_may_be_said("docker create --name forged forged").succeeds();
    let labels = on_the_engine(town, "forged")["Config"]["Labels"].clone();
    assert_eq!(
        (&labels["wharf.tenant"], &labels["honest"]),
        (&json!(town.mallorys_name()), &json!("yes")),
        "{labels}"
    );
    assert_eq!(labels["wharf.user"], json!(town.gateway.account("mallory").name()));
    assert!(!labels["wharf.asked"].to_string().contains("forged-"), "{labels}");
    let seen = town.mallory("GET", "/containers/forged/json", "");
    assert!(!seen.body.contains("forged-") && !seen.body.contains("wharf."), "{seen:?}");
    let ids = |rows: &Value| {
        rows.as_array().map(|rows| rows.iter().map(|row| row["Id"].clone()).collect::<Vec<_>>())
    };
    assert_eq!(ids(&town.bob("GET", "/containers/json?all=1", "").json()), ids(&before));
    town.client("mallory").sh("docker commit forged again && docker create --name again again").succeeds();
    assert_eq!(on_the_engine(town, "again")["Config"]["Labels"]["wharf.tenant"], json!(town.mallorys_name()));
}

fn labels_that_the_host_obeys_do_not_come_by_an_image(town: &Town<'_>) {
    for label in
        ["wharf.pod=blog", "wharf.config-hash=x", "org.hezmatt.moby-derp.pod-name=blog", "WHARF.pod=blog"]
    {
        forge(town, &[&format!("LABEL {label}")]);
        town.changes();
        town.new_records();
        let said = town.mallory("POST", "/containers/create?name=forged", r#"{"Image":"forged"}"#);
        town.denied(label, "labels", &said);
    }
}

fn volumes_that_an_image_declares_are_mallorys(town: &Town<'_>) {
    // Where nothing is known of a place, the engine makes a volume that says nothing of whose it is.
    for odd in ["/a/../b", "relative"] {
        forge(town, &[&format!("VOLUME [\"{odd}\"]")]);
        for host in [json!({}), json!({"VolumesFrom": ["own"]})] {
            town.changes();
            town.new_records();
            let body = json!({"Image": "forged", "HostConfig": host}).to_string();
            town.denied(odd, "mount-kind", &town.mallory("POST", "/containers/create", &body));
        }
    }
    forge(town, &["VOLUME [\"/plain\", \"/slash/\", \"//twice\", \"/./dot\", \"/x y\"]"]);
    for (name, host) in [("declared", json!({})), ("joined", json!({"VolumesFrom": ["own"]}))] {
        let body = json!({"Image": "forged", "HostConfig": host}).to_string();
        let said = town.mallory("POST", &format!("/containers/create?name={name}"), &body);
        assert_eq!(said.status, 201, "{said:?}");
        let mounts = on_the_engine(town, name)["Mounts"].as_array().expect("mounts").clone();
        assert_eq!(mounts.len(), if name == "joined" { 6 } else { 5 }, "{mounts:?}");
        for mount in mounts {
            let volume = mount["Name"].as_str().unwrap_or_default();
            let labels = town.bare("GET", &format!("/volumes/{volume}"), "").json()["Labels"].clone();
            assert_eq!(labels["wharf.tenant"], json!(town.mallorys_name()), "{name}: {mount}: {labels}");
        }
    }
}
