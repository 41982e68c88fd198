//! Labels say whose a container is, and other programs obey them; names can be taken by anyone at the engine.

use crate::{PLAIN, on_new, on_old};
use wharf_conformance::Seen;
use wharf_testkit::ImageRecipe;

#[test]
fn reserved_labels_are_refused_wherever_they_are_written() {
    let Some(host) = on_old() else { return };
    host.host_config("reserved_labels: [traefik.]");
    for (label, code, why) in [
        ("wharf.pod", 2, "labels that begin with `wharf.` are not a pod file's to set"),
        ("wharf.anything", 2, "labels that begin with `wharf.` are not a pod file's to set"),
        ("com.docker.compose.project", 2, "labels that begin with `com.docker.` are not a pod file's to set"),
        (
            "org.hezmatt.moby-derp.pod-name",
            2,
            "labels that begin with `org.hezmatt.moby-derp.` are not a pod file's to set",
        ),
        (
            "traefik.enable",
            3,
            "denied by rule `labels`: label `traefik.enable` begins with `traefik.`, which is reserved on this host",
        ),
    ] {
        for text in [
            format!("containers: {{web: {{$idle, labels: {{{label}: 'true'}}}}}}\n"),
            format!("root_labels: {{{label}: 'true'}}\ncontainers: {{web: {{$idle}}}}\n"),
            format!("common_labels: {{{label}: 'true'}}\ncontainers: {{web: {{$idle}}}}\n"),
        ] {
            host.says(&text);
            host.up().exits(code).says(why);
            host.has_nothing();
        }
    }
    assert_eq!(host.denials(), ["labels $pod.web", "labels $pod", "labels $pod"]);
}

/// Containers inherit their image's labels, and bob can have any image made.
#[test]
fn labels_of_an_image_give_no_power() {
    for host in [on_old(), on_new()].into_iter().flatten() {
        let other = format!("{}-other", host.pod());
        let image = format!("{}:claims", host.pod());
        let recipe = ImageRecipe::busybox(&image)
            .change(&format!("LABEL wharf.pod={other}"))
            .change(&format!("LABEL org.hezmatt.moby-derp.pod-name={other}"))
            .change("LABEL org.hezmatt.moby-derp.config-hash=x")
            .change("LABEL wharf.config-hash=x");
        host.engine().import(&recipe).unwrap();
        host.sudoers("bob ALL=(root) NOPASSWD: $wharf down $pod*");
        host.says(&format!("containers: {{web: {{image: '{image}', update_image: false, command: sleep 1000, stop_timeout: 1}}}}\n"));
        host.up().succeeds();
        let web = host.member("web");
        assert_eq!(
            (web.label("wharf.pod"), web.label("org.hezmatt.moby-derp.pod-name")),
            (host.pod(), host.pod())
        );
        // It is not the other pod's, to take down.
        host.root_wharf(["down", &other]).succeeds().says("nothing to do");
        host.root_wharf(["ps", &other]).succeeds().never_says("web");
        assert!(host.member("web").is_running());
        host.engine().docker(["rm", "-f", &host.name_of("web")]).unwrap();
        host.engine().docker(["rmi", &image]).unwrap();
    }
}

#[test]
fn reserved_labels_of_an_image_are_refused() {
    for host in [on_old(), on_new()].into_iter().flatten() {
        host.host_config("reserved_labels: [traefik.]");
        let image = format!("{}:routes", host.pod());
        let recipe =
            ImageRecipe::busybox(&image).change("LABEL traefik.http.routers.bank.rule=Host(`bank.example`)");
        let id = host.engine().import(&recipe).unwrap();
        for reference in [image.as_str(), id.as_str()] {
            host.says(&format!(
                "containers: {{web: {{image: '{reference}', update_image: false, command: sleep 1000}}}}\n"
            ));
            host.up().exits(3).says("denied by rule `labels`").says("`traefik.http.routers.bank.rule`");
            host.has_nothing();
        }
        host.engine().docker(["rmi", &image]).unwrap();
    }
}

#[test]
fn a_container_of_the_pods_name_that_is_not_its_own_stops_the_run() {
    for host in [on_old(), on_new()].into_iter().flatten() {
        host.says(PLAIN);
        let other = format!("wharf.pod={}-other", host.pod());
        let gems = format!("org.hezmatt.moby-derp.pod-name={}-other", host.pod());
        for (name, labels) in [
            (host.name_of("web"), &[][..]),
            (host.pod().to_owned(), &[]),
            (host.name_of("gone"), &[]),
            (host.name_of("web"), &["--label", &other, "--label", &gems]),
        ] {
            let run = ["run", "-d", "--name", &name].into_iter().chain(labels.iter().copied());
            host.engine().docker(run.chain(["busybox", "sleep", "1000"])).unwrap();
            let id = Seen::of(host.engine(), &name).id();
            host.up()
                .exits(3)
                .says(&format!("container `{name}` exists and is not the pod's own; nothing was changed"));
            host.root_wharf(["down", host.pod()]).succeeds();
            assert_eq!(host.containers(), [name.as_str()]);
            let seen = Seen::of(host.engine(), &name);
            assert!(seen.id() == id && seen.is_running());
            host.engine().docker(["rm", "-f", &name]).unwrap();
        }
        assert_eq!(host.denials().len(), 4, "{}", host.trail());
    }
}

#[test]
fn a_container_with_the_pods_labels_and_another_name_is_not_touched() {
    let Some(host) = on_old() else { return };
    host.says(PLAIN);
    host.up().succeeds();
    let bystander = format!("{}-bystander", host.pod());
    let labels =
        ["wharf.pod", "org.hezmatt.moby-derp.pod-name"].map(|label| format!("{label}={}", host.pod()));
    host.engine()
        .docker([
            "run", "-d", "--name", &bystander, "--label", &labels[0], "--label", &labels[1], "busybox",
            "sleep", "1000",
        ])
        .unwrap();
    host.root_wharf(["down", host.pod()]).succeeds();
    assert_eq!(host.containers(), [bystander.as_str()]);
    assert!(Seen::of(host.engine(), &bystander).is_running());
}
