//! What the valid samples mean: whole values, compared whole.

use std::collections::BTreeMap;
use std::time::Duration;
use wharf_model::{ByteSize, ContainerPort, ImageRef, Port, Protocol};
use wharf_pod::{
    Condition, Container, ExtraHost, Healthcheck, Limits, Mount, Pod, Publish, Restart, StartupHealthCheck,
    Tmpfs, Ulimit, UlimitName, parse,
};

fn sample(name: &str) -> Pod {
    let path = format!("{}/../../samples/valid/{name}.yml", env!("CARGO_MANIFEST_DIR"));
    parse(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn container<'a>(pod: &'a Pod, name: &str) -> &'a Container {
    pod.containers.iter().find(|container| container.name.as_str() == name).unwrap()
}

fn words(line: &str) -> Vec<String> {
    line.split('|').map(str::to_owned).collect()
}

fn mount(source: &str, target: &str, readonly: bool) -> Mount {
    Mount { source: source.parse().unwrap(), target: target.parse().unwrap(), readonly }
}

fn port(number: u16) -> Port {
    Port::try_from(u64::from(number)).unwrap()
}

fn texts<K: std::str::FromStr<Err: std::fmt::Debug> + Ord>(pairs: &[(&str, &str)]) -> BTreeMap<K, String> {
    pairs.iter().map(|(key, value)| (key.parse().unwrap(), (*value).to_owned())).collect()
}

/// What a container has of which the file says nothing but the image.
fn plain(name: &str, image: &str) -> Container {
    Container {
        name: name.parse().unwrap(),
        image: image.parse::<ImageRef>().unwrap(),
        update_image: true,
        command: None,
        entrypoint: None,
        environment: BTreeMap::new(),
        environment_files: BTreeMap::new(),
        mounts: vec![],
        labels: BTreeMap::new(),
        readonly: false,
        stop_signal: None,
        stop_timeout: 10,
        user: None,
        restart: Restart::No,
        limits: Limits::default(),
        startup_health_check: None,
        depends_on: BTreeMap::new(),
        healthcheck: None,
        working_dir: None,
        tmpfs: vec![],
        cap_drop: vec![],
        secrets: Vec::new(),
    }
}

fn plain_pod(containers: Vec<Container>) -> Pod {
    Pod {
        containers,
        hostname: None,
        common_environment: BTreeMap::new(),
        common_labels: BTreeMap::new(),
        root_labels: BTreeMap::new(),
        common_mounts: vec![],
        expose: vec![],
        publish: vec![],
        publish_all: false,
        dns: vec![],
        extra_hosts: vec![],
        share_pid: true,
    }
}

#[test]
fn what_a_file_leaves_out_has_the_default() {
    assert_eq!(sample("hello"), plain_pod(vec![plain("web", "nginx:latest")]));
}

#[test]
fn every_key_of_moby_derp_means_what_it_meant() {
    use UlimitName::{Core, Cpu, Data, Fsize, Memlock, Msgqueue, Nofile, Rttime, Stack};
    let bytes = |n: u64| Some(ByteSize::try_from(n).unwrap());
    let ulimits =
        [Core, Cpu, Data, Fsize, Memlock, Msgqueue, Nofile, Rttime, Stack].into_iter().zip((1..).step_by(2));
    let config = "{\n  \"foo\": \"bar\",\n  \"baz\": [1, 1, 2, 3, 5, 8, 13]\n}\n";
    let flingle = Container {
        update_image: false,
        command: Some(words("--foo=bar|--wombat")),
        entrypoint: Some(words("/usr/local/bin/alternate-init")),
        environment: texts(&[
            ("APP_ENV", "production"),
            ("HAS_BUGS", "false"),
            ("FINAL_ANSWER", "42"),
            ("COMPLEX_CONFIG", config),
        ]),
        environment_files: [("PRIVATE_KEY".parse().unwrap(), "secrets/private.key".parse().unwrap())].into(),
        mounts: vec![mount("app", "/app", false), mount("static-assets", "/app/public", true)],
        labels: texts(&[("somelabel", "Some mighty value")]),
        readonly: true,
        stop_signal: Some("QUIT".parse().unwrap()),
        stop_timeout: 42,
        user: Some("fred:flintstone".into()),
        restart: Restart::OnFailure(42),
        limits: Limits {
            nano_cpus: Some(1_750_000_000),
            cpu_shares: Some(72),
            memory: bytes(1 << 30),
            memory_swap: bytes(42 << 20),
            memory_reservation: bytes(100 << 20),
            oom_score_adj: Some(42),
            pids: Some(65535),
            shm_size: bytes(42 << 30),
            ulimits: ulimits.map(|(name, soft)| (name, Ulimit { soft, hard: soft + 1 })).collect(),
        },
        startup_health_check: Some(StartupHealthCheck {
            command: words("/usr/local/bin/r-u-ok"),
            interval: Duration::from_secs(3),
            attempts: 10,
        }),
        ..plain("flingle", "moby-derp/flingle:latest")
    };
    let publish = |container| Publish {
        address: None,
        host: None,
        container: port(container),
        protocol: Protocol::Tcp,
    };
    let expected = Pod {
        hostname: Some("bobtown".into()),
        common_environment: texts(&[("AWESOME", "yes")]),
        common_labels: texts(&[("mah_pod", "is on fire")]),
        root_labels: texts(&[("service", "over here")]),
        common_mounts: vec![mount("app", "/app", false), mount("static-assets", "/app/public", true)],
        expose: [80, 443, 1337].map(|n| ContainerPort { port: port(n), protocol: Protocol::Tcp }).to_vec(),
        publish: [80, 1234, 1235, 1236, 1237].map(publish).to_vec(),
        publish_all: true,
        ..plain_pod(vec![flingle])
    };
    assert_eq!(sample("every-moby-derp-key"), expected);
}

#[test]
fn every_new_key_is_read() {
    let pod = sample("every-new-key");
    let ms = |n| Some(Duration::from_millis(n));
    let tmpfs = |target: &str, bytes: Option<u64>| Tmpfs {
        target: target.parse().unwrap(),
        size: bytes.map(|n| ByteSize::try_from(n).unwrap()),
    };
    let waits =
        |list: &[(&str, Condition)]| list.iter().map(|(name, c)| (name.parse().unwrap(), *c)).collect();
    let off =
        Healthcheck { test: words("NONE"), interval: None, timeout: None, retries: None, start_period: None };
    let containers = vec![
        Container {
            command: Some(words("migrate|--retries|3|--all tables")),
            working_dir: Some("/srv/app".into()),
            ..plain("migrate", "registry.example:5000/team/app:1.2")
        },
        Container {
            tmpfs: vec![
                tmpfs("/run", None),
                tmpfs("/tmp", Some(64 << 20)),
                tmpfs("/var/cache", Some(3 << 29)),
            ],
            cap_drop: vec!["ALL".into()],
            healthcheck: Some(Healthcheck {
                test: words("CMD-SHELL|pg_isready"),
                interval: ms(10_000),
                timeout: ms(90_000),
                retries: Some(5),
                start_period: ms(500),
            }),
            ..plain("db", "postgres:17")
        },
        Container {
            depends_on: waits(&[
                ("db", Condition::Healthy),
                ("migrate", Condition::Completed),
                ("cache", Condition::Started),
            ]),
            cap_drop: vec!["MKNOD".into(), "NET_RAW".into()],
            healthcheck: Some(off.clone()),
            ..plain("web", "nginx")
        },
        Container {
            healthcheck: Some(Healthcheck {
                test: words("CMD|redis-cli|ping"),
                interval: ms(1500),
                ..off.clone()
            }),
            ..plain("cache", "redis")
        },
        Container {
            depends_on: waits(&[("db", Condition::Started), ("cache", Condition::Started)]),
            healthcheck: Some(Healthcheck { test: words("CMD-SHELL|test -e /ready"), ..off }),
            ..plain("worker", "nginx")
        },
    ];
    let host = |name: &str, address: &str| ExtraHost { name: name.into(), address: address.parse().unwrap() };
    let expected = Pod {
        dns: vec!["192.0.2.53".parse().unwrap(), "2001:db8::53".parse().unwrap()],
        extra_hosts: vec![
            host("db.example", "192.0.2.7"),
            host("six.example", "2001:db8::7"),
            host("brackets.example", "2001:db8::8"),
        ],
        share_pid: false,
        ..plain_pod(containers)
    };
    assert_eq!(pod, expected);
}

#[test]
fn publications_pair_up() {
    let pod = sample("publish-forms");
    let shown: Vec<String> = pod
        .publish
        .iter()
        .map(|publish| {
            let address = publish.address.map(|address| format!("{address} ")).unwrap_or_default();
            let host = publish.host.map_or("*".to_owned(), |port| port.to_string());
            format!("{address}{host}>{}/{}", publish.container, publish.protocol)
        })
        .collect();
    let expected = "*>80/tcp,22>22/tcp,8443>443/tcp,53>53/udp,127.0.0.1 *>81/tcp,127.0.0.1 8081>81/tcp,::1 8081>81/tcp,\
                    8000>9000/tcp,8001>9001/tcp,8002>9002/tcp,8003>9003/tcp,*>1234/tcp,*>1235/tcp,*>1236/tcp,*>1237/tcp,\
                    127.0.0.1 7000>7000/udp,127.0.0.1 7001>7001/udp";
    assert_eq!(shown.join(","), expected);
    let exposed: Vec<String> = pod.expose.iter().map(ToString::to_string).collect();
    assert_eq!(exposed, ["80/tcp", "443/tcp", "53/udp", "8080/tcp"]);
}

#[test]
fn anchors_share_and_merge() {
    let pod = sample("anchors");
    let data = vec![mount("data", "/data", false)];
    let one = Container {
        environment: texts(&[("LEVEL", "info"), ("REGION", "north")]),
        mounts: data.clone(),
        ..plain("one", "app:1")
    };
    let two = Container {
        environment: texts(&[("LEVEL", "debug"), ("REGION", "north")]),
        mounts: data.clone(),
        ..plain("two", "app:1")
    };
    let three = Container { image: "app:3".parse().unwrap(), name: "three".parse().unwrap(), ..one.clone() };
    assert_eq!(pod, plain_pod(vec![one, two, three]));
}

#[test]
fn texts_arrive_as_they_were_meant() {
    let pod = sample("texts");
    let expected: BTreeMap<_, _> = texts(&[
        ("VERSION", "1.2.3"),
        ("DATE", "2020-01-01"),
        ("ADDRESS", "127.0.0.1"),
        ("SIZE", "1G"),
        ("LETTER", "y"),
        ("EMPTY", ""),
        ("TAGGED", "42"),
        ("FOLDED", "one line"),
        ("ESCAPED", "tab\tnul-free\u{1b}"),
        ("name with spaces", "caf\u{e9}"),
        ("\u{dc}MLAUT", "\u{65e5}\u{672c}\u{8a9e}"),
    ]);
    assert_eq!(container(&pod, "web").environment, expected);
}

#[test]
fn restart_no_needs_no_quotes() {
    let policies: Vec<Restart> =
        sample("restart-policies").containers.iter().map(|container| container.restart).collect();
    let expected = [
        Restart::No,
        Restart::No,
        Restart::Always,
        Restart::UnlessStopped,
        Restart::OnFailure(0),
        Restart::OnFailure(3),
    ];
    assert_eq!(policies, expected);
}

#[test]
fn unlimited_and_fractions_are_understood() {
    let pod = sample("limits");
    let ulimit = |soft, hard| Ulimit { soft, hard };
    let a = &container(&pod, "a").limits;
    assert_eq!(a.nano_cpus, Some(2_000_000_000));
    assert_eq!(a.memory_swap.map(ByteSize::bytes), Some(2 << 30));
    assert_eq!(a.pids, Some(-1));
    assert_eq!(
        a.ulimits,
        [
            (UlimitName::Core, ulimit(0, 0)),
            (UlimitName::Memlock, ulimit(-1, -1)),
            (UlimitName::Nofile, ulimit(1024, -1)),
        ]
        .into()
    );
    assert_eq!(container(&pod, "b").limits.nano_cpus, Some(500_000_000));
}

#[test]
fn a_container_uses_as_many_secrets_as_a_sealed_file_has() {
    let using = |count: usize| {
        let uses: Vec<String> = (0..count).map(|number| format!("{{name: a, target: f{number}}}")).collect();
        parse(&format!("containers: {{web: {{image: nginx, secrets: [{}]}}}}", uses.join(", ")))
    };
    assert_eq!(using(200).unwrap().containers[0].secrets.len(), 200);
    let errors = using(201).unwrap_err();
    let said = format!("{errors:?}");
    assert!(said.contains("at most 200 secrets"), "{said}");
}
