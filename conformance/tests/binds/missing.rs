//! Directories that are not there: made as engines make them, with the account's rights and no others.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, lchown, symlink};
use std::path::Path;

use crate::harbour::on_each_engine;

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().mode() & 0o7777
}

#[test]
fn compose_makes_the_directories_that_its_file_names() {
    on_each_engine(|harbour| {
        let (alice, home) = (harbour.alice(), harbour.home("alice"));
        let project = "services:\n  web: {image: busybox, command: 'sh -c \"echo made >/data/file\"', volumes: ['./fresh:/data', './deep/er/still:/ro:ro']}\n";
        harbour.directory("alice", "project");
        harbour.file("alice", "project/docker-compose.yml", project);
        let compose = format!("docker compose -f {}/project/docker-compose.yml -p fresh", home.display());
        alice.sh(&format!("{compose} up")).succeeds();
        for made in ["project/fresh", "project/deep", "project/deep/er", "project/deep/er/still"] {
            let made = home.join(made);
            assert!(harbour.is_own("alice", &made), "{}", made.display());
            assert_eq!(mode(&made), 0o755, "{}", made.display());
        }
        assert_eq!(fs::read_to_string(home.join("project/fresh/file")).unwrap(), "made\n");
        assert!(harbour.is_own("alice", &home.join("project/fresh/file")));
        alice.sh(&format!("{compose} down")).succeeds();
        // `-v` makes it, `--mount` does not, as with every engine.
        let home = home.display();
        alice.answers(&format!("docker run --rm -v {home}/v/w:/d busybox sh -c 'touch /d/x; ls /d'"), "x");
        alice
            .sh(&format!("docker run --rm --mount type=bind,source={home}/m,target=/d busybox true"))
            .exits(125)
            .says("does not exist");
        let body = |make: &str| {
            let body = format!(
                "{{\"Image\":\"busybox\",\"HostConfig\":{{\"Mounts\":[{{\"Type\":\"bind\",\"Source\":\"{home}/m\",\"Target\":\"/d\",\"BindOptions\":{{\"CreateMountpoint\":{make}}}}}]}}}}"
            );
            format!(
                "POST /containers/create HTTP/1.1\r\nHost: d\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            )
        };
        assert!(alice.http(body("false").as_bytes()).contains("does not exist"));
        assert!(!Path::new(&format!("{home}/m")).exists());
        let said = alice.http(body("true").as_bytes());
        assert!(said.starts_with("HTTP/1.1 201"), "{said}");
        assert!(harbour.is_own("alice", Path::new(&format!("{home}/m"))));
        alice.sh("docker ps -aq | xargs docker rm").succeeds();
        harbour.pins_are_left(0);
    });
}

#[test]
fn nothing_is_made_where_the_account_could_make_nothing_or_nothing_is_granted() {
    on_each_engine(|harbour| {
        let (alice, home, bobs) = (harbour.alice(), harbour.home("alice"), harbour.home("bob"));
        harbour.file("alice", "file", "text\n");
        harbour.directory("alice", "roots");
        lchown(home.join("roots"), Some(0), Some(0)).unwrap();
        harbour.directory("alice", "shut");
        fs::set_permissions(home.join("shut"), fs::Permissions::from_mode(0o500)).unwrap();
        fs::set_permissions(&bobs, fs::Permissions::from_mode(0o777)).unwrap();
        symlink(&bobs, home.join("bobs")).unwrap();
        symlink("nowhere", home.join("dangling")).unwrap();
        symlink(bobs.join("planted"), home.join("far")).unwrap();
        let at = |below: &str| home.join(below).display().to_string();
        for (path, reason) in [
            (at("file/x"), "does not exist"),
            (at("roots/x"), "account `ACCOUNT` may not make it"),
            (at("roots/x/y"), "account `ACCOUNT` may not make it"),
            (at("shut/x"), "account `ACCOUNT` may not make it"),
            (at("bobs/x"), "symbolic link"),
            (at("bobs/x/y"), "symbolic link"),
            (at("dangling"), "symbolic link"),
            (at("far"), "symbolic link"),
            (at("far/x"), "symbolic link"),
            (bobs.join("x").display().to_string(), "outside of what you may bind"),
            ("/srv/x".to_owned(), "outside of what you may bind"),
            (harbour.gateway.path("home/new").display().to_string(), "outside of what you may bind"),
            (harbour.media().join("new").display().to_string(), "does not exist"),
            (harbour.media().join("new/deep").display().to_string(), "does not exist"),
        ] {
            let reason = reason.replace("ACCOUNT", harbour.gateway.account("alice").name());
            alice
                .sh(&format!("docker create -v {path}:/d busybox"))
                .exits(1)
                .says("denied by rule mounts")
                .says(&reason);
        }
        for path in [at("data/../../bob/x"), at("../bob/x"), at("x/../../y")] {
            alice.sh(&format!("docker create -v {path}:/d busybox")).exits(1);
        }
        for place in [bobs.as_path(), &home.join("roots"), &home.join("shut"), &harbour.media()] {
            let there: Vec<_> = fs::read_dir(place).unwrap().map(|e| e.unwrap().file_name()).collect();
            assert!(
                there.iter().all(|name| name == "data" || name == "song"),
                "{}: {there:?}",
                place.display()
            );
        }
        assert!(!home.join("x").exists() && !home.join("nowhere").exists());
        alice.answers("docker ps -aq", "");
        harbour.pins_are_left(0);
    });
}
