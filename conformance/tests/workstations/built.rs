//! `build:`, a folder with a Dockerfile, by the engine's own builder.

use crate::GRANTS;
use crate::seat::Seat;
use wharf_conformance::gateway::{Gateway, through_the_gateway};
use wharf_conformance::on_each_engine;

/// A folder with a Dockerfile, of which the workstation is defined.
fn define(seat: &Seat<'_>, dockerfile: &str, greeting: &str) {
    seat.write("image/Dockerfile", dockerfile);
    seat.write("image/greeting", greeting);
    seat.define(&format!("build: {}", seat.path("image").display()));
}

const DOCKERFILE: &str =
    "FROM debian:stable-slim\nCOPY greeting /usr/share/greeting\nRUN cp /usr/share/greeting /etc/built\n";

fn built(seat: &Seat<'_>) -> String {
    seat.shell(&["--", "sh", "-c", "cat /etc/built; ls ~/mine 2>/dev/null; true"]).succeeds().stdout()
}

#[test]
fn a_folder_with_a_dockerfile_is_built_kept_and_built_again_when_it_changes() {
    on_each_engine(|engine| {
        let seat = Seat::at(engine);
        define(&seat, DOCKERFILE, "hello\n");
        seat.shell(&["--start"]).succeeds().says("building the image of");
        assert_eq!(built(&seat), "hello\n");
        seat.shell(&["--", "sh", "-c", "touch ~/mine"]).succeeds();
        // Nothing changed, and no registry has a newer base: what is there is used again.
        let image = "docker inspect -f '{{.Image}}' workstation-$NAME".replace("$NAME", seat.name());
        let before = seat.sh(&image).succeeds().stdout();
        seat.shell(&["--upgrade"]).succeeds().says("no newer image");
        assert_eq!(seat.sh(&image).succeeds().stdout(), before);
        define(&seat, DOCKERFILE, "changed\n");
        assert_eq!(built(&seat).lines().next(), Some("hello"), "before the upgrade");
        seat.shell(&["--upgrade"]).succeeds().says("building the image of");
        let now = built(&seat);
        assert!(now.starts_with("changed\n") && now.contains("mine"), "{now}");
        // One that cannot be built costs nothing of what is there.
        define(&seat, "FROM debian:stable-slim\nRUN echo the-reason >&2; exit 7\n", "never\n");
        let failed = seat.shell(&["--upgrade"]).exits(1);
        assert!(failed.stderr().contains("the-reason") && failed.stderr().contains('7'), "{failed}");
        assert_eq!(built(&seat), now);
        std::fs::remove_file(seat.path("image/Dockerfile")).unwrap();
        let _none = seat.shell(&["--upgrade"]).exits(1).says("Dockerfile");
        assert_eq!(built(&seat), now);
    });
}

#[test]
fn a_tenant_has_no_builder_and_is_told_so() {
    through_the_gateway(|engine| {
        let gateway = Gateway::on(engine).tenant("alice", GRANTS).start();
        let alice = Seat::of_tenant(&gateway, "alice");
        define(&alice, DOCKERFILE, "hello\n");
        let refused = alice.shell(&["--start"]);
        assert_ne!(refused.status(), 0);
        refused.says("this gateway builds no images; name one with `image:`");
        assert_eq!(
            alice.sh("docker ps -aq; docker volume ls -q").succeeds().stdout(),
            "",
            "something was made"
        );
    });
}
