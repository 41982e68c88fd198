//! Lists, sums, filters, events and prunes: what they tell of bob's things, and what they take.

use crate::http::Said;
use crate::town::{Town, stories};
use serde_json::{Value, json};

stories![
    lists_and_sums_have_nothing_of_bobs,
    filters_tell_nothing_of_bobs_things,
    a_beginning_of_an_id_says_nothing_of_other_images,
    prunes_take_nothing_of_bobs,
    errors_of_the_engine_name_nothing_of_bobs,
];

/// Whatever would betray bob.
fn betrays(town: &Town<'_>, said: &Said) -> Option<String> {
    let bobs = &town.bobs;
    let all =
        [&bobs.name, &bobs.secret, &bobs.container, &bobs.exec, &bobs.network, &bobs.anonymous, &bobs.image];
    let short = [bobs.container[..12].to_owned(), bobs.image[7..19].to_owned(), "private:1".to_owned()];
    all.into_iter().chain(&short).find(|word| said.body.contains(word.as_str())).cloned()
}

fn lists_and_sums_have_nothing_of_bobs(town: &Town<'_>) {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    for target in [
        "/containers/json?all=1&size=1",
        "/containers/json?limit=100",
        "/images/json?all=1&digests=1",
        "/networks",
        "/volumes",
        "/info",
        "/version",
        "/system/df",
        "/system/df?type=container&type=image&type=volume",
        r#"/containers/json?all=1&filters={"status":["running","exited","created","dead","paused","removing","restarting"]}"#,
        r#"/containers/json?all=1&filters={"name":[""]}"#,
        r#"/containers/json?all=1&filters={"name":[".*"]}"#,
        r#"/images/json?filters={"dangling":["true"]}"#,
        r#"/images/json?filters={"reference":["*"]}"#,
        r#"/images/json?filters={"reference":["wharf.invalid/*/*/*/*/*"]}"#,
        r#"/networks?filters={"type":["custom"]}"#,
        r#"/networks?filters={"scope":["local"]}"#,
        r#"/volumes?filters={"dangling":["true"]}"#,
        &format!("/events?since=0&until={now}"),
        &format!(
            "/events?since=0&until={now}&filters={{\"type\":[\"container\",\"image\",\"volume\",\"network\",\"daemon\"]}}"
        ),
    ] {
        let said = town.mallory("GET", target, "");
        assert_eq!(said.status, 200, "{target}: {said:?}");
        assert_eq!(betrays(town, &said), None, "{target}: {said:?}");
        town.unharmed(target, &said);
    }
    // Bob's own view has all of it, and the engine's sums are not mallory's.
    let bobs = town.bob("GET", "/containers/json?all=1", "");
    assert!(bobs.body.contains(&town.bobs.container), "{bobs:?}");
    let info = town.mallory("GET", "/info", "").json();
    assert_eq!((&info["Containers"], &info["ContainersRunning"]), (&json!(1), &json!(1)), "{info}");
    for field in ["Name", "DockerRootDir", "HttpProxy", "RegistryConfig", "ID"] {
        let theirs = town.bare("GET", "/info", "").json()[field].clone();
        assert!(info[field] != theirs || theirs == "" || theirs.is_null(), "{field}: {theirs}");
    }
}

fn filters_tell_nothing_of_bobs_things(town: &Town<'_>) {
    let bobs = &town.bobs;
    let shown = |list: &Said| -> usize {
        let rows = list.json();
        rows.as_array().or_else(|| rows["Volumes"].as_array()).map_or(0, Vec::len)
    };
    for (path, filter, values) in [
        ("/containers/json?all=1&filters=", "id", vec![&bobs.container[..], &bobs.container[..6]]),
        ("/containers/json?all=1&filters=", "name", vec!["web", &bobs.name]),
        (
            "/containers/json?all=1&filters=",
            "ancestor",
            vec!["private:1", "private", &bobs.image, &bobs.image[7..19]],
        ),
        ("/containers/json?all=1&filters=", "network", vec!["inner", &bobs.network, &bobs.network[..12]]),
        ("/containers/json?all=1&filters=", "volume", vec!["data", &bobs.volume, &bobs.anonymous]),
        ("/networks?filters=", "id", vec![&bobs.network, &bobs.network[..6]]),
        ("/networks?filters=", "name", vec!["inner", &bobs.name]),
        ("/volumes?filters=", "name", vec!["data", &bobs.volume, &bobs.anonymous]),
        ("/images/json?filters=", "reference", vec!["private", "private:1", "wharf.invalid/*"]),
    ] {
        for value in values {
            let said = town.mallory("GET", &format!("{path}{}", json!({filter: [value]})), "");
            let absent = town.mallory("GET", &format!("{path}{}", json!({filter: ["absent"]})), "");
            assert_eq!(
                (said.status, shown(&said)),
                (absent.status, shown(&absent)),
                "{path}{filter}={value}: {said:?}"
            );
            assert_eq!(betrays(town, &said), None, "{said:?}");
            town.unharmed(value, &said);
        }
    }
}

fn a_beginning_of_an_id_says_nothing_of_other_images(town: &Town<'_>) {
    // Bob's image is in the way of no beginning that is one of mallory's, and is none itself.
    let mallory = town.client("mallory");
    let own = mallory
        .answer("docker images -q --no-trunc busybox")
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .to_owned();
    let digits = own.trim_start_matches("sha256:");
    for many in [4, 12, 63] {
        let said = town.mallory("GET", &format!("/images/{}/json", &digits[..many]), "");
        assert_eq!(said.json()["Id"], json!(own), "{many}: {said:?}");
    }
    for first in "0123456789abcdef".chars() {
        let said = town.mallory("GET", &format!("/images/{first}/json"), "");
        assert_eq!(said.status, 404, "{first}: {said:?}");
    }
}

fn prunes_take_nothing_of_bobs(town: &Town<'_>) {
    // What a prune takes: stopped, unused, nameless. Bob has one of each.
    let bob = town.client("bob");
    bob.sh("docker create --name old busybox; docker volume create unused; docker network create unused; docker tag private:1 other:1").succeeds();
    let count = || {
        let rows = bob.lines("docker ps -aq; docker volume ls -q; docker network ls -q; docker images -q");
        rows.len()
    };
    let before = count();
    for target in [
        "/containers/prune",
        "/images/prune",
        r#"/images/prune?filters={"dangling":["false"]}"#,
        "/volumes/prune",
        r#"/volumes/prune?filters={"all":["true"]}"#,
        "/networks/prune",
        "/build/prune?all=1",
        r#"/containers/prune?filters={"until":["1s"]}"#,
        r#"/networks/prune?filters={"label!":["x"]}"#,
    ] {
        let said = town.mallory("POST", target, "");
        assert!(matches!(said.status, 200 | 400), "{target}: {said:?}");
        assert_eq!(betrays(town, &said), None, "{target}: {said:?}");
        for asked in town.changes() {
            assert!(!asked.contains("/prune"), "the engine's own prune: {asked}");
        }
    }
    let named = format!(r#"/containers/prune?filters={{"label":["wharf.tenant={}"]}}"#, town.bobs.name);
    assert_eq!(betrays(town, &town.mallory("POST", &named, "")), None);
    assert_eq!(count(), before);
    bob.sh("docker rm old; docker volume rm unused; docker network rm unused; docker rmi other:1").succeeds();
    let _nothing: Value = town.mallory("GET", "/containers/json", "").json();
}

/// The words and the way to them are the same, whether it is another's or nobody's.
fn errors_of_the_engine_name_nothing_of_bobs(town: &Town<'_>) {
    let bob = town.client("bob");
    bob.sh("docker save busybox -o b.tar && docker load -i b.tar && docker tag busybox both:1 && docker create --name of-both both:1 && docker rmi -f both:1").succeeds();
    let mallory = town.client("mallory");
    mallory.sh("docker tag busybox both:1").succeeds();
    let bobs = bob.answer("docker inspect -f '{{.Id}}' of-both");
    let run = mallory.sh("docker rmi both:1");
    assert!(!run.stderr().contains(&bobs[..12]), "{run}");
    bob.sh("docker rm of-both").succeeds();
    let subnet = town.bare("GET", &format!("/networks/{}", town.bobs.network), "").json()["IPAM"]["Config"]
        [0]["Subnet"]
        .clone();
    let said = town.mallory(
        "POST",
        "/networks/create",
        &json!({"Name": "n", "IPAM": {"Config": [{"Subnet": subnet}]}}).to_string(),
    );
    assert!(betrays(town, &said).is_none() && said.status >= 400, "{said:?}");
}
