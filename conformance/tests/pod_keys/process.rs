//! What runs, as whom, and what it is told: image, command, entrypoint, environment, user, labels, capabilities.

use serde_json::json;
use wharf_conformance::{Host, on_each_engine};
use wharf_testkit::ImageRecipe;

#[test]
fn an_image_is_named_by_reference_or_by_full_id() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let id = engine.docker(["image", "inspect", "-f", "{{.Id}}", "busybox"]).unwrap();
        let by_id = format!("by-id: {{image: '{}', command: sleep 1000}}", id.trim());
        let full =
            "full: {image: 'docker.io/library/busybox:latest', update_image: false, command: sleep 1000}";
        let pod = host.pod("image", &format!("containers: {{short: {{$idle}}, {full}, {by_id}}}"));
        pod.up().succeeds();
        for (member, reference) in
            [("short", "busybox:latest"), ("full", "busybox:latest"), ("by-id", id.trim())]
        {
            let seen = pod.member(member);
            assert_eq!(seen.text("/Image"), id.trim(), "{member}");
            assert!(
                seen.label("wharf.image").ends_with(reference),
                "{member}: {}",
                seen.label("wharf.image")
            );
        }
        pod.is_as_its_file_says();
        let missing = format!("sha256:{}", "0".repeat(64));
        pod.says(&format!("containers: {{a: {{image: '{missing}'}}}}"));
        pod.up().exits(1).says("is not on the engine, and an id cannot be pulled");
        assert_eq!(pod.members(), ["", "by-id", "full", "short"]);
    });
}

#[test]
fn command_and_entrypoint_are_lists_or_split_as_a_shell_would() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let image = format!("{}:entry", host.prefix());
        engine.import(&ImageRecipe::busybox(&image).change("ENTRYPOINT [\"echo\", \"image's\"]")).unwrap();
        let own = format!("image: '{image}', update_image: false");
        let pod = host.pod(
            "words",
            &format!(
                "containers:
  text: {{{own}, command: 'a \"b  c\" d\\ e \"it''s\"'}}
  list: {{{own}, command: [a, 'b  c', $HOME]}}
  entry-text: {{{own}, entrypoint: 'echo \"x  y\"', command: z}}
  entry-list: {{{own}, entrypoint: [echo, 'x  y'], command: [z]}}
  entry-only: {{{own}, entrypoint: [echo, mine]}}
  shell: {{$box, command: sh -c 'for n in 1 2; do echo $n; done'}}
"
            ),
        );
        pod.up().succeeds();
        assert_eq!(pod.printed("text"), "image's a b  c d e it's\n");
        assert_eq!(pod.printed("list"), "image's a b  c $HOME\n");
        assert_eq!(pod.printed("entry-text"), "x  y z\n");
        assert_eq!(pod.printed("entry-list"), "x  y z\n");
        assert_eq!(pod.printed("entry-only"), "mine\n");
        assert_eq!(pod.printed("shell"), "1\n2\n");
        assert_eq!(*pod.member("list").at("/Config/Cmd"), json!(["a", "b  c", "$HOME"]));
        pod.is_as_its_file_says();
    });
}

#[test]
fn environment_and_files_reach_the_container_byte_by_byte() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host.pod(
            "env",
            "
common_environment: {AWESOME: 'yes', SHARED: common}
containers:
  web:
    $box
    command: sleep 1000
    environment:
      SHARED: own
      FINAL_ANSWER: '42'
      EMPTY: ''
      COMPLEX: |
        {
          \"foo\": [1, 2]
        }
    environment_files:
      KEY: secrets/private.key
  db: {$idle}
"
            .replace("$box", "image: busybox\n    update_image: false")
            .as_str(),
        );
        let missing = pod.up().exits(1).says("`containers.web.environment_files.KEY` cannot be read");
        missing.says("secrets/private.key");
        assert_eq!(pod.members(), [""; 0]);
        let directory = host.path("mounts").join(pod.name()).join("secrets");
        std::fs::create_dir_all(&directory).unwrap();
        let key = "-----BEGIN KEY-----\n  schlüssel \"quoted\" $HOME\n\n";
        std::fs::write(directory.join("private.key"), key).unwrap();
        pod.up().succeeds().never_says("BEGIN KEY");
        assert_eq!(pod.sh("web", "echo $AWESOME,$SHARED,$FINAL_ANSWER,${EMPTY-unset}"), "yes,own,42,");
        assert_eq!(pod.sh("db", "echo $AWESOME,$SHARED"), "yes,common");
        let environment = pod.member("web").at("/Config/Env").clone();
        let has = |entry: &str| environment.as_array().unwrap().iter().any(|seen| seen == entry);
        assert!(has(&format!("KEY={key}")), "{environment}");
        assert!(has("COMPLEX={\n  \"foo\": [1, 2]\n}\n"), "{environment}");
        let root = pod.root().at("/Config/Env").as_array().unwrap().clone();
        assert!(root.contains(&json!("SHARED=common")), "{root:?}");
        pod.is_as_its_file_says();
        // A file that has changed is a configuration that has.
        std::fs::write(directory.join("private.key"), "rotated").unwrap();
        pod.plan(&["--detailed-exitcode"]).exits(2).never_says("rotated").never_says("BEGIN KEY");
        pod.up().succeeds().says("1 of 3 containers changed");
        assert_eq!(pod.sh("web", "echo $KEY"), "rotated");
    });
}

#[test]
fn labels_of_a_container_win_over_common_ones_and_root_labels_are_the_roots_alone() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host.pod(
            "labels",
            "
common_labels: {mah_pod: is on fire, team: common}
root_labels: {service: over here, team: root}
containers: {a: {$idle, labels: {somelabel: Some mighty value, team: own}}, b: {$idle}}
",
        );
        pod.up().succeeds();
        let labels = |name: &str| {
            let seen = if name.is_empty() { pod.root() } else { pod.member(name) };
            ["mah_pod", "team", "service", "somelabel"].map(|label| seen.label(label).to_owned())
        };
        assert_eq!(labels(""), ["is on fire", "root", "over here", ""]);
        assert_eq!(labels("a"), ["is on fire", "own", "", "Some mighty value"]);
        assert_eq!(labels("b"), ["is on fire", "common", "", ""]);
        let member = pod.member("a");
        for (label, value) in [
            ("wharf.pod", pod.name()),
            ("wharf.container", "a"),
            ("wharf.image", "busybox:latest"),
            ("org.hezmatt.moby-derp.pod-name", pod.name()),
            ("org.hezmatt.moby-derp.root-container-id", &pod.root().id()),
        ] {
            assert!(member.label(label).ends_with(value), "{label}: {}", member.label(label));
        }
        assert!(member.label("org.hezmatt.moby-derp.config-hash").starts_with("hmac-sha256:"));
    });
}

#[test]
fn a_label_that_a_proxy_on_this_host_obeys_is_refused() {
    on_each_engine(|engine| {
        let host = Host::on(engine).config("reserved_labels: [traefik.]");
        let pod = host.pod("reserved", "containers: {a: {$idle, labels: {traefik.enable: 'true'}}}");
        let denied = pod.up().exits(3);
        denied.says("denied by rule `labels`: label `traefik.enable` begins with `traefik.`");
        assert_eq!(pod.members(), [""; 0]);
    });
}

#[test]
fn a_container_runs_as_the_user_and_in_the_directory_that_its_file_says() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let image = format!("{}:people", host.prefix());
        let people = ImageRecipe::busybox(&image)
            .file("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nfred:x:1001:1002::/:/bin/sh\n")
            .file("etc/group", "root:x:0:\nrubble:x:1002:\nflintstone:x:1003:\n");
        engine.import(&people).unwrap();
        let own = format!("image: '{image}', update_image: false, command: sleep 1000");
        let pod = host.pod(
            "user",
            &format!(
                "containers:
  both: {{{own}, user: 'fred:flintstone', working_dir: /tmp}}
  user: {{{own}, user: fred}}
  group: {{{own}, user: ':flintstone'}}
  numbers: {{{own}, user: '4711:4712'}}
  number: {{{own}, user: 4711}}
  none: {{{own}}}
"
            ),
        );
        pod.up().succeeds();
        let who = |member: &str| pod.sh(member, "echo $(id -u):$(id -g)");
        let seen = ["both", "user", "group", "numbers", "number", "none"].map(who);
        assert_eq!(seen, ["1001:1003", "1001:1002", "0:1003", "4711:4712", "4711:0", "0:0"]);
        assert_eq!(pod.sh("both", "readlink /proc/self/cwd"), "/tmp");
        pod.is_as_its_file_says();
    });
}

#[test]
fn capabilities_are_dropped_and_never_include_net_raw_unless_the_host_says_so() {
    on_each_engine(|engine| {
        let text = "containers: {plain: {$idle}, few: {$idle, cap_drop: [CHOWN, CAP_FOWNER]}, no: {$idle, cap_drop: [all]}}";
        let bounding = |host: &Host<'_>, is_kept: bool| {
            let pod = host.pod("caps", text);
            pod.up().succeeds();
            // By this the kernel lets everyone have the sockets that ping needs; busybox's asks for a raw one.
            assert_eq!(pod.sh("plain", "cat /proc/sys/net/ipv4/ping_group_range"), "0\t2147483647");
            let ping = engine.docker(["exec", &pod.name_of("plain"), "ping", "-c", "1", "127.0.0.1"]);
            assert_eq!(ping.is_ok(), is_kept, "{ping:?}");
            let set = |member: &str| {
                let pid = pod.member(member).at("/State/Pid").clone();
                let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
                let line = status.lines().find_map(|line| line.strip_prefix("CapBnd:")).unwrap();
                u64::from_str_radix(line.trim(), 16).unwrap()
            };
            let refused = engine.docker(["exec", &pod.name_of("few"), "chown", "1", "/tmp"]);
            assert!(refused.is_err_and(|error| error.to_string().contains("Operation not permitted")));
            ["plain", "few", "no"].map(set)
        };
        // The engine's own default set, and in it the bits of capabilities(7).
        let (all, chown, fowner, net_raw, mknod) = (0xa804_25fb, 1, 1 << 3, 1 << 13, 1 << 27);
        let most = all & !mknod;
        let dropped = bounding(&Host::on(engine), false);
        assert_eq!(dropped, [most & !net_raw, most & !net_raw & !chown & !fowner, 0]);
        let kept = bounding(&Host::on(engine).config("allow_net_raw: [$pod-caps]"), true);
        assert_eq!(kept, [most, most & !chown & !fowner, 0]);
    });
}
