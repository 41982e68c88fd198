//! Images: what mallory loads, what she may ask of registries, and what bob has of them.

use crate::http::request;
use crate::town::{Town, stories};
use serde_json::json;
use wharf_conformance::gateway::ORDINARY;
use wharf_conformance::{Run, on_each_engine};
use wharf_testkit::{Access, Registry, unique_name};

stories![
    registries_beyond_the_grant_are_never_called,
    loaded_names_and_labels_are_mallorys_own,
    an_archive_with_the_gateways_own_names_is_refused,
    an_archive_without_the_layers_loads_nothing,
    an_image_that_both_have_goes_from_one_alone,
];

fn registries_beyond_the_grant_are_never_called(town: &Town<'_>) {
    let account = "eyJ1c2VybmFtZSI6ImEiLCJwYXNzd29yZCI6Imh1bnRlcjIifQ=="; // a, hunter2
    for image in [
        "127.0.0.1:5000/x",
        "169.254.169.254/latest/meta-data",
        "localhost:2375/x",
        "registry.example/other/x",
        "[::1]:5000/x",
        "wharf.invalid/bob/1/docker.io/library/private",
        "10.0.0.1/x",
    ] {
        let encoded = image.replace('/', "%2F");
        for (method, target) in [
            ("POST", format!("/images/create?fromImage={encoded}&tag=1")),
            ("GET", format!("/distribution/{image}/json")),
        ] {
            let bytes = format!(
                "{method} {target} HTTP/1.1\r\nHost: x\r\nX-Registry-Auth: {account}\r\nX-Meta-Surprise: y\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
            );
            let said = town.raw(bytes.as_bytes());
            town.unharmed(&target, &said);
            assert!(matches!(said.status, 400 | 403 | 404), "{target}: {said:?}");
            assert!(!said.body.contains("hunter2"), "{said:?}");
        }
        let said = town.mallory(
            "POST",
            "/auth",
            &json!({"username": "a", "password": "hunter2", "serveraddress": image}).to_string(),
        );
        town.unharmed(image, &said);
        assert!(matches!(said.status, 400 | 403) && !said.body.contains("hunter2"), "{image}: {said:?}");
    }
    for (target, rule) in [
        ("/images/create?fromSrc=http:%2F%2F169.254.169.254%2F&repo=x", "import"),
        ("/images/create?fromSrc=-&repo=private&tag=1", "import"),
        ("/images/create?fromSrc=-&repo=mine&changes=LABEL%20wharf.tenant=bob", "import"),
    ] {
        town.denied(target, rule, &town.mallory("POST", target, ""));
    }
    town.client("mallory").sh("docker tag busybox registry.example/other/x:1").succeeds();
    town.changes();
    town.new_records();
    let bytes = format!(
        "POST /images/registry.example/other/x/push?tag=1 HTTP/1.1\r\nHost: x\r\nX-Registry-Auth: {account}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    );
    town.denied("a push", "images", &town.raw(bytes.as_bytes()));
}

#[test]
fn what_bob_pulled_with_his_account_is_not_mallorys() {
    on_each_engine(|engine| {
        let registry = Registry::start(engine, Access::Password { user: "bob", password: "hunter2" })
            .expect("a registry");
        let address = registry.address();
        let town = Town::with(
            engine,
            &format!("{ORDINARY}images: {{pull: ['{address}/*'], push: ['{address}/*']}}\n"),
        );
        let image = registry.image("secrets/app:1");
        let bob = town.client("bob");
        let login = format!("echo hunter2 | docker login -u bob --password-stdin {address}");
        bob.sh(&format!("{login} && docker tag private:1 {image} && docker push -q {image} && docker rmi {image} && docker pull -q {image}")).succeeds();
        let digest = bob.answer(&format!("docker inspect -f '{{{{index .RepoDigests 0}}}}' {image}"));
        let left = engine.docker(["images", "--format", "{{.Repository}}:{{.Tag}}"]).expect("images");
        assert!(!left.lines().any(|line| line == image), "the engine's own name is left: {left}");

        let mallory = town.client("mallory");
        for reference in [&image, &digest, &town.bobs.image] {
            mallory.sh(&format!("docker inspect {reference}")).exits(1);
            mallory
                .sh(&format!("docker run --rm --pull never {reference} cat /etc/secret"))
                .never_says(&town.bobs.secret)
                .exits(125);
        }
        for reference in [&image, &digest] {
            mallory.sh(&format!("docker pull {reference}")).exits(1).never_says("hunter2");
        }
        // Her own image under his name stays her own.
        mallory.sh(&format!("docker tag busybox {image}")).succeeds();
        mallory.sh(&format!("docker push {image}")).exits(1);
        bob.answers(&format!("docker run --rm --pull never {image} cat /etc/secret"), &town.bobs.secret);
        let _any = mallory.sh(&format!("docker rmi -f {image}"));
        bob.answers(&format!("docker run --rm --pull never {image} cat /etc/secret"), &town.bobs.secret);
        let trail = std::fs::read_to_string(town.gateway.path("state/audit.jsonl")).unwrap();
        assert!(
            !trail.contains("hunter2") && !town.gateway.log().contains("hunter2"),
            "a password is recorded"
        );
    });
}

fn loaded_names_and_labels_are_mallorys_own(town: &Town<'_>) {
    let [first, evil] = [(); 2].map(|()| unique_name());
    town.engine.docker(["tag", "busybox:latest", &first]).expect("a tag");
    let before = image_named(town, "busybox:latest");
    let run = loads_under(town, &["busybox:latest", "private:1", &evil]);
    assert_eq!(run.status(), 0, "{run}");
    assert_eq!(image_named(town, "busybox:latest"), before, "{run}");
    assert_eq!(town.bob("GET", "/images/private:1/json", "").json()["Id"], json!(town.bobs.image));
    assert_eq!(town.bare("GET", &format!("/images/{evil}/json"), "").status, 404, "{run}");
    town.engine.docker(["rmi", &first]).expect("no tag");
    town.changes();
    town.unharmed("load", &town.mallory("GET", "/images/json", ""));
}

/// A name below `wharf.invalid` would be the very tag by which bob has his image.
fn an_archive_with_the_gateways_own_names_is_refused(town: &Town<'_>) {
    let bobs = format!("wharf.invalid/{}/1/docker.io/library/private:1", town.bobs.name);
    let before = image_named(town, &bobs);
    for names in [&[bobs.as_str()][..], &["harmless:1", &bobs], &["wharf.invalid/x:1"]] {
        let run = loads_under(town, names).exits(1);
        let run = run.says("wharf: denied by rule archive: the archive gives the name `wharf.invalid/");
        run.says("images called `wharf.invalid/…` are the gateway's own; choose another name");
        assert_eq!(image_named(town, &bobs), before, "{names:?}");
        assert!(town.new_records().iter().any(|record| record["rule"] == "archive"), "{names:?}");
        town.client("mallory").sh("docker image inspect harmless:1").exits(1);
    }
    let script = "docker tag busybox wharf.invalid/bob/1/docker.io/library/private:1";
    town.client("mallory").sh_where_anything_may_be_said(script).exits(1).says("the gateway's own");
    town.changes();
    town.unharmed("load", &town.mallory("GET", "/images/json", ""));
}

/// The image that has this name on the engine.
fn image_named(town: &Town<'_>, reference: &str) -> serde_json::Value {
    town.bare("GET", &format!("/images/{reference}/json"), "").json()["Id"].clone()
}

/// Mallory loads an archive of another image under these names.
fn loads_under(town: &Town<'_>, names: &[&str]) -> Run {
    let names = json!(names).to_string();
    let script = format!(
        "docker commit own mine && docker save -o mine.tar mine && rm -rf x && mkdir x && tar -C x -xf mine.tar && \
         sed -i 's#\"RepoTags\":\\[[^]]*\\]#\"RepoTags\":{names}#' x/manifest.json && rm -f x/index.json x/repositories && \
         tar -C x -cf evil.tar $(ls x) && docker load -i evil.tar"
    );
    town.client("mallory").sh_where_anything_may_be_said(&script)
}

/// Knowing what an image consists of is not having it.
fn an_archive_without_the_layers_loads_nothing(town: &Town<'_>) {
    let bob = town.client("bob");
    let mallory = town.client("mallory");
    bob.sh(
        "docker save -o private.tar private:1 && mkdir x && tar -C x -xf private.tar && chmod -R a+rX . x",
    )
    .succeeds();
    let script = format!(
        "mkdir y && cp -r {0}/. y && cd y && for l in $(sed 's/.*\"Layers\":\\[\\([^]]*\\)\\].*/\\1/; s/[\",]/ /g' manifest.json); do : > $l; done && \
         rm -f index.json repositories && tar -cf ../y.tar $(ls) && cd .. && docker load -i y.tar",
        bob.path("x").display()
    );
    std::process::Command::new("chmod").arg("a+rx").args([bob.path("x"), bob.path("")]).status().unwrap();
    let run = mallory.sh_where_anything_may_be_said(&script);
    assert!(run.status() != 0, "{run}");
    // By whatever name: there is no image of hers with bob's file in it.
    let images = mallory.lines("docker images -q --no-trunc");
    assert!(!images.contains(&town.bobs.image), "{images:?}");
    assert!(town.new_records().iter().any(|record| record["rule"] == "archive"), "a record: {run}");
}

fn an_image_that_both_have_goes_from_one_alone(town: &Town<'_>) {
    let [bob, mallory] = ["bob", "mallory"].map(|role| town.client(role));
    for client in [&bob, &mallory] {
        client.sh("docker tag busybox both:1").succeeds();
    }
    for script in ["docker rmi -f both:1", "docker rmi -f busybox", "docker image prune -af"] {
        let _any = mallory.sh_where_anything_may_be_said(script);
    }
    bob.answers("docker run --rm --pull never both:1 echo here", "here");
    bob.answers("docker run --rm --pull never busybox echo here", "here");
    town.engine.docker(["image", "inspect", "busybox:latest"]).expect("what is shared");
    let said = town.raw(&request("DELETE", "/images/busybox:latest?force=1", "", b""));
    assert!(said.status == 409 || said.status == 404, "{said:?}");
}
