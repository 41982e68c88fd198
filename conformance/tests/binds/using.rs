//! What works: `-v`, `--mount`, compose, files, reading only; and what is shown of it.

use std::fs;
use std::os::unix::fs::MetadataExt as _;

use crate::harbour::on_each_engine;

#[test]
fn what_a_container_makes_in_a_directory_is_its_owners() {
    on_each_engine(|harbour| {
        let (alice, home) = (harbour.alice(), harbour.home("alice"));
        harbour.file("alice", "data/hers", "mine\n");
        let cd = format!("cd {}", home.display());
        let script = "cat /data/hers; mkdir /data/made; echo new >/data/made/file; cp /bin/busybox /data/sh; chmod 6755 /data/sh; stat -c %u:%g /data /data/made";
        alice.answers(
            &format!("{cd}; docker run --rm -v $PWD/data:/data busybox sh -c '{script}'"),
            "mine\n0:0\n0:0",
        );
        for made in ["data/made", "data/made/file", "data/sh"] {
            assert!(harbour.is_own("alice", &home.join(made)), "{made}");
        }
        assert_eq!(fs::read_to_string(home.join("data/made/file")).unwrap(), "new\n");
        // Nothing in it runs with another's rights, and no device opens.
        alice.answers(
            &format!("{cd}; docker run --rm -v $PWD/data:/data busybox sh -c 'grep -c \" /data .*nosuid,nodev\" /proc/mounts; mknod /data/x c 1 3 2>&1 || true'"),
            "1\nmknod: /data/x: Operation not permitted",
        ) ;
        harbour.pins_are_left(0);
    });
}

#[test]
fn a_directory_is_bound_in_every_spelling_and_shown_as_it_was_written() {
    on_each_engine(|harbour| {
        let (alice, home) = (harbour.alice(), harbour.home("alice"));
        let home = home.display();
        harbour.file("alice", "data/hers", "mine\n");
        harbour.file("alice", "settings", "blue\n");
        alice.sh(&format!(
            "docker run -d --init --name web -v {home}/data:/data --mount type=bind,source={home}/data,target=/again,readonly \
             -v {home}/settings:/etc/settings:ro -v stock:/stock busybox sleep 1000"
        ))
        .succeeds();
        alice.answers("docker exec web cat /data/hers /again/hers /etc/settings", "mine\nmine\nblue");
        for write in [
            "echo x >/again/x",
            "echo x >/etc/settings",
            "rm /again/hers",
            "mount -o remount,rw /again && echo x >/again/x",
        ] {
            alice.sh(&format!("docker exec web sh -c '{write}'")).exits(1);
        }
        alice.sh("docker exec web sh -c 'echo x >/data/x'").succeeds();
        let mounts = r#"{{range .Mounts}}{{.Type}} {{.Source}} {{.Destination}} {{.RW}}{{"\n"}}{{end}}"#;
        let mut shown = alice.lines(&format!("docker inspect -f '{mounts}' web"));
        shown.retain(|line| line.starts_with("bind"));
        assert_eq!(
            shown,
            [
                format!("bind {home}/data /again false"),
                format!("bind {home}/data /data true"),
                format!("bind {home}/settings /etc/settings false"),
            ]
        );
        let binds = alice.answer("docker inspect -f '{{json .HostConfig.Binds}}' web");
        let mut binds: Vec<String> = serde_json::from_str(&binds).unwrap();
        binds.sort();
        assert_eq!(
            binds,
            [
                format!("{home}/data:/again:ro"),
                format!("{home}/data:/data"),
                format!("{home}/settings:/etc/settings:ro")
            ]
        );
        let listed = alice.answer("docker ps --no-trunc --format '{{.Mounts}}'");
        assert!(listed.contains(&format!("{home}/data")), "{listed}");
        alice.sh("docker inspect web").succeeds().never_says("state/places");
        assert_eq!(harbour.pins(), 3);

        // Another container that has the mounts of the first has them from the pins, too.
        alice
            .answers("docker run --rm --volumes-from web busybox cat /data/hers /etc/settings", "mine\nblue");
        alice.sh("docker create --name other --volumes-from web busybox").succeeds();
        let mut shown = alice.lines(&format!("docker inspect -f '{mounts}' other"));
        shown.retain(|line| line.starts_with("bind"));
        assert_eq!(shown.len(), 3);
        assert!(shown.iter().all(|line| line.contains(&home.to_string())), "{shown:?}");
        alice.sh("docker rm -f web").succeeds();
        alice.answers("docker start -a other >/dev/null; docker inspect -f '{{.State.ExitCode}}' other", "0");
        assert_eq!(harbour.pins(), 3, "the other one has them");
        alice.sh("docker rm other").succeeds();
        harbour.pins_are_left(0);
    });
}

#[test]
fn copying_out_of_a_bound_directory_works() {
    on_each_engine(|harbour| {
        let (alice, home) = (harbour.alice(), harbour.home("alice"));
        harbour.file("alice", "data/hers", "mine\n");
        alice.sh(&format!("docker create --name web -v {}/data:/data busybox", home.display())).succeeds();
        alice.answers("docker cp web:/data/hers - | tar -xO", "mine");
        alice.sh("docker rm web").succeeds();
    });
}

const PROJECT: &str = "
name: shop
services:
  web:
    image: busybox
    init: true
    command: sh -c 'cat /data/motto /media/song >/data/out; exec sleep 1000'
    volumes: ['./data:/data', 'MEDIA:/media:ro', {type: bind, source: ./data, target: /long, bind: {create_host_path: false}}]
";

#[test]
fn a_composed_project_has_the_directory_beside_its_file() {
    on_each_engine(|harbour| {
        let (alice, home) = (harbour.alice(), harbour.home("alice"));
        harbour.file("alice", "data/motto", "by the sea\n");
        let media = harbour.media().display().to_string();
        harbour.file("alice", "compose.yml", &PROJECT.replace("MEDIA", &media));
        let cd = format!("cd {}", home.display());
        alice.sh(&format!("{cd}; docker compose up -d")).succeeds();
        wharf_conformance::eventually("the command's file", || {
            (fs::read_to_string(home.join("data/out")).ok()? == "by the sea\nla la\n").then_some(())
        });
        assert!(harbour.is_own("alice", &home.join("data/out")));
        assert_eq!(harbour.pins(), 3);
        let id = alice.answer(&format!("{cd}; docker compose ps -q web"));
        alice.sh(&format!("{cd}; docker compose up -d")).succeeds();
        assert_eq!(alice.answer(&format!("{cd}; docker compose ps -q web")), id, "nothing to do");
        alice.sh(&format!("{cd}; docker compose up -d --force-recreate")).succeeds();
        harbour.pins_are_left(3);
        alice.sh(&format!("{cd}; docker compose down -t 1")).succeeds();
        harbour.pins_are_left(0);
    });
}

#[test]
fn what_is_granted_for_reading_is_only_read() {
    on_each_engine(|harbour| {
        let (alice, media) = (harbour.alice(), harbour.media());
        let media = media.display();
        for mode in ["", ":ro"] {
            alice
                .sh(&format!(
                    "docker run --rm -v {media}:/m{mode} busybox sh -c 'cat /m/song && echo x >/m/song'"
                ))
                .exits(1)
                .prints("la la")
                .says("Read-only file system");
        }
        let song = fs::metadata(harbour.media().join("song")).unwrap();
        assert_eq!((song.uid(), song.len()), (0, 6));
    });
}
