//! Every endpoint about what is bob's, under everything that it could be called.

use crate::coverage::{CONTAINERS, Case, EXECS, IMAGES, NETWORKS, VOLUMES};
use crate::http::{Said, request};
use crate::town::{Town, in_a_town_of_its_own, stories};

stories![
    another_tenants_container_is_not_there_by_any_name,
    another_tenants_execs_are_not_there,
    another_tenants_network_is_not_there_by_any_name,
    another_tenants_volumes_are_not_there_named_or_not,
    another_tenants_image_is_not_there_by_name_id_or_the_gateways_own_tag,
];

/// What mallory writes for something of bob's, and the same for something that is not there.
type Reference = (String, String);

const NOWHERE: &str = "c0ffee00c0ffee11c0ffee22c0ffee33c0ffee44c0ffee55c0ffee66c0ffee77";

/// An id, its beginnings, and names: mallory's own kind, the engine's kind, and with a slash.
fn references(town: &Town<'_>, id: &str, name: &str) -> Vec<Reference> {
    let bob = &town.bobs.name;
    let mut all: Vec<Reference> =
        [64, 12, 5].map(|many| (id[..many].to_owned(), NOWHERE[..many].to_owned())).into();
    all.push((id.to_ascii_uppercase(), NOWHERE.to_ascii_uppercase()));
    all.push((name.to_owned(), format!("no{name}")));
    for before in [format!("{bob}--"), format!("{}--", town.mallorys_name()), format!("%2F{bob}--")] {
        all.push((format!("{before}{name}"), format!("{before}no{name}")));
    }
    all
}

fn ask(town: &Town<'_>, case: &Case, reference: &str) -> Said {
    let filled = |text: &str| text.replace("REF", reference).replace("OWN", "own");
    town.raw(&request(case.method, &filled(case.target), case.kind, filled(case.body).as_bytes()))
}

/// The same words, whatever was asked about.
fn without(said: &Said, reference: &str) -> (u16, String) {
    let decoded = reference.replace("%2F", "/");
    (said.status, said.body.replace(reference, "REF").replace(&decoded, "REF"))
}

/// What is bob's answers as what does not exist, to the letter, and nothing happens to it.
fn is_hidden(town: &Town<'_>, cases: &[Case], references: &[Reference]) {
    for case in cases {
        for (reference, absent) in references {
            let what = format!("{} {} {} with {reference}", case.method, case.target, case.body);
            let said = ask(town, case, reference);
            town.unharmed(&what, &said);
            let twin = ask(town, case, absent);
            assert_eq!(without(&said, reference), without(&twin, absent), "{what}");
            assert!(matches!(said.status, 400 | 404), "{what}: {said:?}");
            town.new_records();
            town.recorder.clear();
        }
    }
}

/// Bob may do all of it: what was refused was refused because mallory asked.
fn is_bobs_to_do(town: &Town<'_>, cases: &[Case], own: &str) {
    for case in cases {
        let filled = |text: &str| text.replace("REF", own).replace("OWN", "web");
        let bytes = request(case.method, &filled(case.target), case.kind, filled(case.body).as_bytes());
        let connection = town.connect("bob");
        let said = crate::http::parse(&crate::http::send(connection, &bytes));
        let done = matches!(said.status, 101 | 200..=204 | 304) || case.bob.contains(&said.status);
        assert!(done, "bob: {} {} {}: {said:?}", case.method, case.target, case.body);
    }
}

fn another_tenants_container_is_not_there_by_any_name(town: &Town<'_>) {
    is_hidden(town, CONTAINERS, &references(town, &town.bobs.container, "web"));
}

fn another_tenants_execs_are_not_there(town: &Town<'_>) {
    let known = (town.bobs.exec.clone(), NOWHERE.to_owned());
    is_hidden(town, EXECS, &[known]);
}

fn another_tenants_network_is_not_there_by_any_name(town: &Town<'_>) {
    is_hidden(town, NETWORKS, &references(town, &town.bobs.network, "inner"));
}

fn another_tenants_volumes_are_not_there_named_or_not(town: &Town<'_>) {
    let bob = &town.bobs.name;
    let mut names: Vec<Reference> = vec![(town.bobs.anonymous.clone(), NOWHERE.to_owned())];
    names.push(("data".to_owned(), "nodata".to_owned()));
    names.push((format!("{bob}--data"), format!("{bob}--nodata")));
    is_hidden(town, VOLUMES, &names);
}

fn another_tenants_image_is_not_there_by_name_id_or_the_gateways_own_tag(town: &Town<'_>) {
    let bob = &town.bobs.name;
    let digits = town.bobs.image.strip_prefix("sha256:").expect("an id").to_owned();
    let mut names: Vec<Reference> =
        [64, 12].map(|many| (digits[..many].to_owned(), NOWHERE[..many].to_owned())).into();
    names.push((format!("sha256:{digits}"), format!("sha256:{NOWHERE}")));
    names.push((format!("busybox@sha256:{digits}"), format!("busybox@sha256:{NOWHERE}")));
    names.push(("private:1".to_owned(), "absent:1".to_owned()));
    let tag = |name: &str| format!("wharf.invalid/{bob}/1/docker.io/library/{name}");
    names.push((tag("private:1"), tag("absent:1")));
    names.push((
        format!("wharf.invalid/{bob}/1/untagged:{digits}"),
        format!("wharf.invalid/{bob}/1/untagged:{NOWHERE}"),
    ));
    is_hidden(town, IMAGES, &names);
}

/// What was refused was refused because mallory asked.
#[test]
fn bob_may_do_all_of_it_with_his_own() {
    in_a_town_of_its_own(|town| {
        is_bobs_to_do(town, EXECS, &town.bobs.exec);
        is_bobs_to_do(town, IMAGES, "private:1");
        let bob = town.client("bob");
        bob.sh("docker network create own").succeeds();
        is_bobs_to_do(town, CONTAINERS, "web");
        bob.sh("docker run -d --name web busybox sleep 1000").succeeds();
        is_bobs_to_do(town, NETWORKS, "inner");
        town.client("bob")
            .sh("docker rm -f $(docker ps -aq); docker volume rm data && docker volume create data")
            .succeeds();
        is_bobs_to_do(town, VOLUMES, "data");
    });
}
