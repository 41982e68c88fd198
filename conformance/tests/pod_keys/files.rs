//! What a container sees of disks: mounts, readonly, tmpfs, shared memory.

use std::os::unix::fs::PermissionsExt as _;

use wharf_conformance::{Host, on_each_engine};

#[test]
fn mounts_lie_below_the_pods_directory_and_a_containers_own_win_over_common_ones() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host.pod(
            "mounts",
            "
common_mounts: [{source: app, target: /app}, {source: static/assets, target: /static, readonly: true}]
containers:
  a: {$idle, mounts: [{source: own, target: /app}, {source: data, target: /data}]}
  b: {$idle}
",
        );
        pod.up().succeeds();
        let directory = host.path("mounts").join(pod.name());
        let mode =
            |path: &str| std::fs::metadata(directory.join(path)).unwrap().permissions().mode() & 0o7777;
        assert_eq!(mode(""), 0o700, "no other user of the host passes");
        assert!(["app", "own", "data", "static/assets"].iter().all(|path| directory.join(path).is_dir()));

        pod.sh("a", "echo from a >/app/file; echo data >/data/file");
        pod.sh("b", "echo from b >/app/file");
        let read = |path: &str| std::fs::read_to_string(directory.join(path)).unwrap();
        assert_eq!(
            [read("own/file"), read("app/file"), read("data/file")],
            ["from a\n", "from b\n", "data\n"]
        );
        let refused = engine.docker(["exec", &pod.name_of("a"), "touch", "/static/file"]);
        assert!(refused.is_err_and(|error| error.to_string().contains("Read-only file system")));
        pod.is_as_its_file_says();
    });
}

#[test]
fn directories_that_exist_keep_their_owner_and_mode() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host
            .pod("kept", "containers: {a: {$idle, user: '4711', mounts: [{source: data, target: /data}]}}");
        let data = host.path("mounts").join(pod.name()).join("data");
        std::fs::create_dir_all(&data).unwrap();
        std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o750)).unwrap();
        std::os::unix::fs::fchown(std::fs::File::open(&data).unwrap(), Some(4711), Some(4712)).unwrap();
        pod.up().succeeds();
        assert_eq!(
            pod.sh("a", "stat -c '%a %u %g' /data; touch /data/mine && echo written"),
            "750 4711 4712\nwritten"
        );
    });
}

#[test]
fn a_mount_without_a_mount_root_is_refused() {
    on_each_engine(|engine| {
        let host = Host::on(engine).environment("WHARF_HOST_CONFIG", "");
        let pod = host.pod("rootless", "containers: {a: {$idle, mounts: [{source: data, target: /data}]}}");
        if std::path::Path::new("/etc/wharf/host.yml").exists() {
            wharf_testkit::skip!("this machine has a host configuration of its own");
        }
        pod.up().exits(2).says("`containers.a` has mounts, but this host has no mount root");
    });
}

#[test]
fn a_source_inside_another_is_refused_even_when_the_other_is_only_observed() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host.pod("nested", "containers: {a: {$idle, mounts: [{source: data, target: /data}]}}");
        pod.up().succeeds();
        let before = pod.containers();
        pod.says("containers: {b: {$idle, mounts: [{source: data/sub, target: /data}]}}");
        let denied = pod.up().exits(3);
        denied.says("denied by rule `mounts`: source `data/sub` lies inside source `data`");
        assert_eq!(pod.containers(), before);
        pod.down().succeeds();
        pod.up().succeeds();
    });
}

#[test]
fn a_readonly_container_writes_only_to_its_mounts_and_memory_file_systems() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let tmpfs = "tmpfs: [/run, '/scratch:size=1m', {target: /cache, size: 2M}]";
        let pod = host
            .pod("readonly", &format!("containers: {{a: {{$idle, readonly: true, {tmpfs}}}, b: {{$idle}}}}"));
        pod.up().succeeds();
        let refused = engine.docker(["exec", &pod.name_of("a"), "touch", "/file"]);
        assert!(refused.is_err_and(|error| error.to_string().contains("Read-only file system")));
        pod.sh("b", "touch /file");
        pod.sh("a", "touch /run/file /scratch/file /cache/file");
        for (target, size) in
            [("/run", None), ("/scratch", Some("size=1024k")), ("/cache", Some("size=2048k"))]
        {
            let line = pod.sh("a", &format!("grep ' {target} tmpfs ' /proc/mounts"));
            let options: Vec<&str> = line.split(' ').nth(3).unwrap().split(',').collect();
            assert!(options.contains(&"nosuid") && options.contains(&"nodev"), "{line}");
            assert!(size.is_none_or(|size| options.contains(&size)), "{line}");
        }
        let full = engine.docker([
            "exec",
            &pod.name_of("a"),
            "dd",
            "if=/dev/zero",
            "of=/scratch/x",
            "bs=1M",
            "count=2",
        ]);
        assert!(full.is_err_and(|error| error.to_string().contains("No space left")));
        pod.is_as_its_file_says();
    });
}

#[test]
fn shared_memory_is_the_pods_and_as_large_as_the_largest_wish() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host.pod(
            "shm",
            "containers: {a: {$idle, limits: {shm-size: 8M}}, b: {$idle, limits: {shm-size: 100M}}, c: {$idle}}",
        );
        pod.up().succeeds();
        assert_eq!(*pod.root().at("/HostConfig/ShmSize"), 100 << 20);
        for member in ["a", "b", "c"] {
            let line = pod.sh(member, "grep ' /dev/shm ' /proc/mounts");
            assert!(line.contains("size=102400k"), "{line}");
        }
        pod.sh("a", "echo told >/dev/shm/word");
        assert_eq!(pod.sh("c", "cat /dev/shm/word"), "told");
        pod.is_as_its_file_says();
    });
}
