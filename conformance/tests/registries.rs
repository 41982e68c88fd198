//! Images from registries, open and with a password: whose account is used, what is pulled when, and what a failure
//! leaves.

use std::os::unix::fs::PermissionsExt as _;
use std::sync::{Mutex, PoisonError};

use wharf_conformance::{Host, Pod, on_each_engine};
use wharf_testkit::{Access, Engine, ImageRecipe, Recorder, Registry};

const PASSWORD: Access<'_> = Access::Password { user: "ana", password: "quay side" };
/// base64 of `ana:quay side`, and of `ana:wrong`.
const ACCOUNT: &str = "YW5hOnF1YXkgc2lkZQ==";
const WRONG: &str = "YW5hOndyb25n";

/// The engine's docker CLI keeps all accounts in one file, and two logins at once lose one.
static LOGGED_IN: Mutex<()> = Mutex::new(());

/// Makes an image that says which edition it is, pushes it, and forgets it here. Its id.
fn push(engine: &Engine, registry: &Registry, name: &str, edition: &str) -> String {
    let image = registry.image(name);
    let id = engine.import(&ImageRecipe::busybox(&image).file("edition", edition)).unwrap();
    let _alone = LOGGED_IN.lock().unwrap_or_else(PoisonError::into_inner);
    // For an open registry, too: it does not look.
    engine.docker(["login", "-u", "ana", "-p", "quay side", registry.address()]).unwrap();
    engine.docker(["push", &image]).unwrap();
    engine.docker(["logout", registry.address()]).unwrap();
    engine.docker(["rmi", &image]).unwrap();
    id
}

/// The docker CLI's configuration of whoever runs `wharf`.
fn log_in(host: &Host<'_>, registry: &Registry, auth: &str) {
    let address = registry.address();
    host.write(
        "home/.docker/config.json",
        format!("{{\"auths\": {{\"{address}\": {{\"auth\": \"{auth}\"}}}}}}"),
    );
}

fn edition(pod: &Pod<'_>, member: &str) -> String {
    pod.sh(member, "cat /edition")
}

#[test]
fn images_that_are_not_there_are_pulled_all_at_once_before_anything_else() {
    on_each_engine(|engine| {
        let registry = Registry::start(engine, Access::Open).unwrap();
        push(engine, &registry, "one:1", "one");
        push(engine, &registry, "two:2", "two");
        let recorder = Recorder::start(&engine.socket()).unwrap();
        let host = Host::on(engine).through(&recorder);
        let (one, two) = (registry.image("one:1"), registry.image("two:2"));
        let text = format!(
            "containers: {{a: {{image: '{one}', command: sleep 1000}}, b: {{image: '{two}', update_image: false, \
             command: sleep 1000}}, c: {{image: '{one}', command: sleep 1000}}}}"
        );
        let pod = host.pod("open", &text);
        let plan = pod.plan(&[]).succeeds();
        plan.prints(&format!("image {one} will be pulled")).prints(&format!("image {two} will be pulled"));
        recorder.clear();
        let said = pod.up().succeeds().stderr();
        let at = |line: &str| {
            said.lines().position(|said| said == line).unwrap_or_else(|| panic!("{line}: {said}"))
        };
        let pulling = at(&format!("pulling {one}")).max(at(&format!("pulling {two}")));
        let pulled = at(&format!("pulled {one}")).min(at(&format!("pulled {two}")));
        assert!(pulling < pulled, "both at once: {said}");
        assert!(
            at(&format!("pulled {one}")).max(at(&format!("pulled {two}")))
                < at(&format!("created {}", pod.name()))
        );
        let pulls = recorder.requests().iter().filter(|request| request.contains("/images/create?")).count();
        assert_eq!(pulls, 2, "each image once");
        assert_eq!(["a", "b", "c"].map(|member| edition(&pod, member)), ["one", "two", "one"]);
        pod.is_as_its_file_says();
    });
}

#[test]
fn an_image_is_updated_on_every_run_unless_the_file_says_otherwise() {
    on_each_engine(|engine| {
        let registry = Registry::start(engine, Access::Open).unwrap();
        let host = Host::on(engine);
        push(engine, &registry, "moving:1", "first");
        let image = registry.image("moving:1");
        let pod = host.pod(
            "update",
            &format!("containers: {{a: {{image: '{image}', command: sleep 1000}}, b: {{$idle}}}}"),
        );
        pod.up().succeeds();
        let before = pod.containers();
        pod.up().succeeds().says(&format!("pulled {image}")).says("nothing to do");
        assert_eq!(pod.containers(), before);

        // Pushed from elsewhere: the engine that runs the pod still means the first by the tag.
        let first = pod.member("a").text("/Image").to_owned();
        let second = engine.import(&ImageRecipe::busybox(&image).file("edition", "second")).unwrap();
        engine.docker(["push", &image]).unwrap();
        engine.docker(["tag", &first, &image]).unwrap();
        engine.docker(["rmi", &second]).unwrap();

        let text = format!(
            "containers: {{a: {{image: '{image}', update_image: false, command: sleep 1000}}, b: {{$idle}}}}"
        );
        pod.says(&text).up().succeeds().says("nothing to do").never_says("pull");
        pod.says(&text.replace("update_image: false, command: sleep 1000}, b", "command: sleep 1000}, b"));
        pod.up().succeeds().says("1 of 3 containers changed");
        assert_eq!(edition(&pod, "a"), "second");
        let kept = |name: &str| before.iter().find(|(known, _)| known == name).map(|(_, id)| id.clone());
        assert_eq!(Some(pod.member("b").id()), kept(&pod.name_of("b")));
        pod.is_as_its_file_says();
    });
}

#[test]
fn a_registry_with_a_password_is_asked_with_the_docker_clis_account() {
    on_each_engine(|engine| {
        let registry = Registry::start(engine, PASSWORD).unwrap();
        push(engine, &registry, "team/app:1", "private");
        let host = Host::on(engine);
        let image = registry.image("team/app:1");
        let pod = host.pod("auth", "containers: {a: {$idle}}");
        pod.up().succeeds();
        let before = pod.containers();
        let text = format!("containers: {{a: {{image: '{image}', command: sleep 1000}}}}");
        pod.says(&text);
        let refused =
            pod.up().exits(1).says(&format!("`{image}` could not be pulled; what runs is as it was"));
        refused.says("no basic auth credentials");
        log_in(&host, &registry, WRONG);
        pod.up().exits(1).says("what runs is as it was").says("unauthorized").never_says("wrong");
        assert_eq!(pod.containers(), before);
        assert!(pod.member("a").is_running());

        log_in(&host, &registry, ACCOUNT);
        pod.up().succeeds().never_says("quay side").never_says(ACCOUNT);
        assert_eq!(edition(&pod, "a"), "private");
        pod.is_as_its_file_says();
    });
}

/// A credential helper of the docker CLI's, in a directory that comes first in `PATH`.
fn helper(host: &Host<'_>, name: &str, registry: &Registry) -> String {
    let script = format!(
        "#!/bin/sh\nread -r server\n[ \"$1\" = get ] && [ \"$server\" = '{}' ] || exit 1\n\
         echo '{{\"ServerURL\": \"\", \"Username\": \"ana\", \"Secret\": \"quay side\"}}'\n",
        registry.address()
    );
    let path = host.write(format!("bin/docker-credential-{name}"), script);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    format!("{}:{}", host.path("bin").display(), std::env::var("PATH").unwrap())
}

#[test]
fn credential_helpers_are_asked_for_the_account() {
    on_each_engine(|engine| {
        let registry = Registry::start(engine, PASSWORD).unwrap();
        push(engine, &registry, "app:1", "helped");
        let configurations = [
            "{\"credsStore\": \"quay\"}".to_owned(),
            format!(
                "{{\"credsStore\": \"none-such\", \"credHelpers\": {{\"{}\": \"quay\"}}}}",
                registry.address()
            ),
        ];
        for configuration in configurations {
            let host = Host::on(engine);
            let path = helper(&host, "quay", &registry);
            host.write("home/.docker/config.json", &configuration);
            let host = host.environment("PATH", &path);
            let image = registry.image("app:1");
            let pod =
                host.pod("help", &format!("containers: {{a: {{image: '{image}', command: sleep 1000}}}}"));
            pod.up().succeeds().never_says("quay side");
            assert_eq!(edition(&pod, "a"), "helped");
            pod.down().succeeds();
            engine.docker(["rmi", &image]).unwrap();
        }
    });
}

#[test]
fn the_account_of_one_registry_is_not_told_to_another() {
    on_each_engine(|engine| {
        let (own, other) =
            (Registry::start(engine, PASSWORD).unwrap(), Registry::start(engine, PASSWORD).unwrap());
        push(engine, &other, "app:1", "other");
        let host = Host::on(engine);
        log_in(&host, &own, ACCOUNT);
        let pod = host.pod("other", &format!("containers: {{a: {{image: '{}'}}}}", other.image("app:1")));
        pod.up().exits(1).says("no basic auth credentials");
        assert_eq!(pod.members(), [""; 0]);
    });
}

#[test]
fn an_image_named_by_its_digest_is_that_one_whatever_its_tag_means() {
    on_each_engine(|engine| {
        let registry = Registry::start(engine, Access::Open).unwrap();
        let id = push(engine, &registry, "pinned:1", "first");
        let image = registry.image("pinned:1");
        engine.docker(["pull", &image]).unwrap();
        let digests = engine.docker(["image", "inspect", "-f", "{{index .RepoDigests 0}}", &image]).unwrap();
        let by_digest = digests.trim().to_owned();
        let digest = by_digest.split_once('@').unwrap().1;
        engine.docker(["rmi", &image]).unwrap();
        push(engine, &registry, "pinned:1", "second");

        let host = Host::on(engine);
        let member = |image: &str| format!("{{image: '{image}', command: sleep 1000}}");
        let text = format!(
            "containers: {{digest: {}, both: {}, tag: {}}}",
            member(&by_digest),
            member(&format!("{image}@{digest}")),
            member(&image)
        );
        let pod = host.pod("digest", &text);
        pod.up().succeeds();
        assert_eq!(["digest", "both", "tag"].map(|name| edition(&pod, name)), ["first", "first", "second"]);
        assert_eq!(pod.member("digest").text("/Image"), id);
        pod.is_as_its_file_says();
        pod.up().succeeds().says("nothing to do");
    });
}
