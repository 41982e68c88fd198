//! Pods of tenants, with mounts, through the gateway: `wharf up` without sudo, and what may be said of their directories.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use wharf_conformance::gateway::{Client, Gateway, ORDINARY};
use wharf_testkit::wharf_program;

use crate::harbour::{Harbour, on_each_engine};

const POD: &str = "common_mounts: [{source: shared, target: /shared}]\ncontainers:\n  \
                   web: {image: busybox, update_image: false, command: sleep 600, mounts: [{source: site/data, target: /data}]}\n  \
                   side: {image: busybox, update_image: false, command: sleep 600, mounts: [{source: settings, target: /settings, readonly: true}]}\n";

/// The program under test, where the client's account can run it, with a state directory of its own.
fn wharf(client: &Client<'_>) -> String {
    let path = client.path("wharf");
    if !path.exists() {
        fs::copy(wharf_program().unwrap(), &path).unwrap();
    }
    format!("{} --state-dir $HOME/state", path.display())
}

fn root_of(gateway: &Gateway<'_>, role: &str) -> PathBuf {
    gateway.path("mounts").join(gateway.tenant_name(role))
}

fn owner(path: &Path) -> (u32, u32) {
    let facts = fs::symlink_metadata(path).unwrap();
    (facts.uid(), facts.mode() & 0o7777)
}

/// Tells the story on engines that map users, and on those that do not.
fn on_every_engine(story: impl Fn(&Gateway<'_>, Client<'_>, Client<'_>) + Sync) {
    let clients = |harbour: &Harbour<'_>| {
        let kind = harbour.gateway.engine().kind();
        story(
            &harbour.gateway,
            harbour.gateway.as_tenant("alice", kind),
            harbour.gateway.as_tenant("bob", kind),
        );
    };
    on_each_engine(clients);
    wharf_conformance::on_each_engine(|engine| {
        let gateway = Gateway::on(engine).tenant("alice", ORDINARY).tenant("bob", ORDINARY).start();
        story(&gateway, gateway.as_tenant("alice", engine.kind()), gateway.as_tenant("bob", engine.kind()));
    });
}

#[test]
fn a_tenants_pod_has_its_mounts_without_sudo() {
    on_every_engine(|gateway, alice, bob| {
        let wharf_alice = wharf(&alice);
        alice.write("blog.yml", POD);
        alice.sh(&format!("{wharf_alice} up blog.yml")).succeeds();
        alice.sh(&format!("{wharf_alice} plan --detailed-exit-code blog.yml")).succeeds();
        alice.sh("docker exec blog.web sh -c 'echo hers >/data/file; echo both >/shared/file'").succeeds();
        alice.answers("docker exec blog.side cat /shared/file", "both");
        alice.sh("docker exec blog.side sh -c 'echo x >/settings/x'").exits(1);
        let root = root_of(gateway, "alice");
        assert_eq!(fs::read_to_string(root.join("blog/site/data/file")).unwrap(), "hers\n");
        let container_root = owner(&root.join("blog/site/data/file")).0;
        assert_eq!(owner(&root.join("blog/site/data")), (container_root, 0o755));
        assert_eq!(owner(&root.join("blog/site")), (0, 0o755), "what is above a source is root's alone");
        assert_eq!((owner(&root), owner(&root.join("blog"))), ((0, 0o700), (0, 0o700)));
        // What was made stays, and comes back.
        alice.sh(&format!("{wharf_alice} down blog")).succeeds();
        alice.sh(&format!("{wharf_alice} up blog.yml")).succeeds();
        alice.answers("docker exec blog.web cat /data/file", "hers");
        // It is shown as it was said, and `whoami` names it.
        let shown = alice.answer("docker inspect -f '{{range .Mounts}}{{.Source}} {{end}}' blog.side");
        for source in ["shared", "settings"] {
            assert!(shown.contains(&root.join("blog").join(source).display().to_string()), "{shown}");
        }
        let socket = gateway.socket();
        let whoami = format!("{wharf_alice} --host unix://{} whoami", socket.display());
        let told = alice.answer(&whoami);
        assert!(told.contains(&format!("pods     {} ", root.display())), "{told}");
        // A neighbour's pod of the same name has its own.
        bob.write("blog.yml", POD);
        let wharf_bob = wharf(&bob);
        bob.sh(&format!("{wharf_bob} up blog.yml")).succeeds();
        bob.answers("docker exec blog.web ls /data /shared", "/data:\n\n/shared:");
        assert!(root_of(gateway, "bob").join("blog/site/data").is_dir());
        for (client, wharf) in [(&alice, wharf_alice), (&bob, wharf_bob)] {
            client.sh(&format!("{wharf} down blog")).succeeds();
        }
    });
}

#[test]
fn the_docker_cli_may_say_a_pods_directory_too_and_no_other_below_the_mount_root() {
    on_every_engine(|gateway, alice, _| {
        let (root, bobs) = (root_of(gateway, "alice"), root_of(gateway, "bob"));
        fs::create_dir_all(bobs.join("blog/data")).unwrap();
        fs::create_dir_all(gateway.path("mounts").join("mail/data")).unwrap();
        let (root, bobs) = (root.display().to_string(), bobs.display().to_string());
        let mounts = gateway.path("mounts").display().to_string();
        alice.answers(
            &format!("docker run --rm -v {root}/blog/data:/d busybox sh -c 'echo x >/d/x; ls /d'"),
            "x",
        );
        alice.answers(
            &format!("docker run --rm --mount type=bind,source={root}/blog/data,target=/d,readonly busybox sh -c 'ls /d; touch /d/y 2>/dev/null || echo no'"),
            "x\nno",
        );
        for path in [
            &mounts,
            &root,
            &format!("{root}/blog"),
            &format!("{root}/blog/"),
            &format!("{root}/blog/."),
            &format!("{bobs}/blog/data"),
            &format!("{bobs}/new/data"),
            &format!("{mounts}/mail/data"),
            &format!("{root}_2/blog/data"),
            &format!("{root}_1/blog/data"),
            &format!("{mounts}/nobody/blog/data"),
            &format!("{mounts}//{}/blog/data", gateway.tenant_name("alice")),
            &format!("{root}/.hidden/data"),
        ] {
            for flag in [format!("-v {path}:/d"), format!("--mount type=bind,source={path},target=/d")] {
                alice.sh(&format!("docker create {flag} busybox")).exits(1).says("denied by rule mounts");
            }
        }
        for path in [format!("{root}/blog/../../bob/blog"), format!("{root}/../bob/blog/data")] {
            alice
                .sh(&format!("docker create --mount type=bind,source={path},target=/d busybox"))
                .exits(1)
                .says("climbs with `..`");
        }
        assert!(!Path::new(&format!("{bobs}/new")).exists() && !Path::new(&format!("{root}_2")).exists());
        alice.answers("docker ps -aq", "");
    });
}

#[test]
fn links_that_a_container_leaves_lead_nowhere() {
    on_every_engine(|gateway, alice, _| {
        let root = root_of(gateway, "alice").display().to_string();
        let plant =
            "ln -s /etc /d/etc; ln -s ../../../../ /d/up; mkdir /d/real; echo x >/d/file; mkfifo /d/pipe";
        alice.sh(&format!("docker run --name one -v {root}/blog/data:/d busybox sh -c '{plant}'")).succeeds();
        // While a container has it, nothing in it is mounted by itself.
        for inner in ["data/etc", "data/real", "data/up", "data/new"] {
            alice
                .sh(&format!("docker create -v {root}/blog/{inner}:/x busybox"))
                .exits(1)
                .says("denied by rule mounts")
                .says("lies inside source `data` of the same pod");
        }
        alice
            .sh(&format!("docker create -v {root}/blog/a:/a -v {root}/blog/a/b:/b busybox"))
            .exits(1)
            .says("lies inside source `a`");
        // Through another container that got it second-hand, neither.
        alice.sh("docker create --name two --volumes-from one busybox && docker rm one").succeeds();
        alice
            .sh(&format!("docker create -v {root}/blog/data/etc:/x busybox"))
            .exits(1)
            .says("lies inside source");
        alice.sh("docker rm two").succeeds();
        // Afterwards links are links, and what a container owns is above nothing.
        for inner in ["data/etc", "data/etc/ssl", "data/up", "data/up/blog"] {
            let refused = alice.sh(&format!("docker create -v {root}/blog/{inner}:/x busybox"));
            refused.exits(1).says("denied by rule mounts");
        }
        // On an engine that does not map users, the containers' root is root.
        if alice.answer("docker info").contains("userns") {
            for inner in ["data/real", "data/new"] {
                let refused = alice.sh(&format!("docker create -v {root}/blog/{inner}:/x busybox"));
                refused.exits(1).says("denied by rule mounts").says("data` belongs to user");
            }
            assert!(!Path::new(&format!("{root}/blog/data/new")).exists(), "nothing was made there");
        }
        // Even where root has put the link.
        symlink("/etc", Path::new(&root).join("blog/link")).unwrap();
        for inner in ["link", "link/ssl"] {
            alice
                .sh(&format!("docker create -v {root}/blog/{inner}:/x busybox"))
                .exits(1)
                .says("is a symbolic link");
        }
        alice.answers("docker ps -aq", "");
    });
}

#[test]
fn a_tenants_directory_that_others_could_change_is_not_used() {
    on_every_engine(|gateway, alice, _| {
        let root = root_of(gateway, "alice");
        alice.sh(&format!("docker run --rm -v {}/blog/data:/d busybox true", root.display())).succeeds();
        fs::set_permissions(&root, fs::Permissions::from_mode(0o777)).unwrap();
        let create = format!("docker create -v {}/blog/data:/d busybox", root.display());
        alice.sh(&create).exits(1).says("denied by rule mounts").says("mode 0777");
        fs::remove_dir_all(&root).unwrap();
        symlink("/etc", &root).unwrap();
        alice.sh(&create).exits(1).says("is a symbolic link");
        fs::remove_file(&root).unwrap();
        alice.answers("docker ps -aq", "");
    });
}

#[test]
fn pods_beyond_the_grant_have_no_directories() {
    wharf_conformance::on_each_engine(|engine| {
        let gateway = Gateway::on(engine).tenant("alice", &format!("{ORDINARY}pods: [blog]\n")).start();
        let alice = gateway.as_tenant("alice", engine.kind());
        let root = root_of(&gateway, "alice");
        alice
            .sh(&format!("docker create -v {}/mail/data:/d busybox", root.display()))
            .exits(1)
            .says("denied by rule pod-scope")
            .says("pod `mail` is not yours to manage");
        let wharf = wharf(&alice);
        alice.write("mail.yml", POD);
        alice.sh(&format!("{wharf} up mail.yml")).exits(5).says("pod `mail` is not yours to manage");
        assert!(!root.exists());
        alice.write("blog.yml", POD);
        alice.sh(&format!("{wharf} up blog.yml")).succeeds();
        alice.sh(&format!("{wharf} down blog")).succeeds();
    });
}

#[test]
fn many_who_ask_at_once_get_no_directory_inside_anothers() {
    on_every_engine(|gateway, alice, _| {
        let root = root_of(gateway, "alice").display().to_string();
        let script = format!(
            "for n in 1 2 3 4; do docker create -v {root}/blog/d:/d busybox & docker create -v {root}/blog/d/sub:/d busybox & done; wait"
        );
        let _some_are_refused = alice.sh(&script);
        let sources = alice.answer(
            "docker ps -aq | xargs docker inspect -f '{{range .Mounts}}{{.Source}}{{end}}' | sort -u",
        );
        assert_eq!(sources.lines().count(), 1, "{sources}");
        alice.sh("docker ps -aq | xargs docker rm").succeeds();
    });
}
