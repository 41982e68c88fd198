//! What is printed is read back as the same pod, and passes the schema: for pods nobody thought of.

use proptest::collection::{btree_map, btree_set, vec};
use proptest::option::of;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::OnceLock;
use std::time::Duration;
use wharf_document::{Errors, Limits as Bounds};
use wharf_model::{
    ByteSize, ContainerName, ContainerPort, EnvName, ImageRef, MountSource, Port, Protocol, SecretName,
    Signal, TargetPath,
};
use wharf_pod::{
    Condition, Container, ExtraHost, Healthcheck, Limits, Mount, OnChange, Pod, Publish, Restart, SecretUse,
    StartupHealthCheck, Tmpfs, Ulimit, UlimitName, parse, print, schema,
};

/// Any text that a kernel takes: what confuses YAML readers, and then anything without a NUL.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "",
            "yes",
            "No",
            "~",
            "null",
            "42",
            "1e3",
            "0x1F",
            "12:30",
            "<<",
            "- a",
            "a: b",
            "a #b",
            "&a",
            "*a",
            "!a",
            "|",
            "%",
            "@",
            "'",
            "\"",
            "\\",
            "\n",
            "a\n\n b\n",
            " a ",
            "\u{feff}",
            "\u{85}\u{2028}",
            "\u{1b}[0m",
            "[",
            "{}",
            "---",
            "...",
            "\r\n",
            "\t",
            "?",
            ":",
            ",",
            "=",
            "2020-01-01",
            ".inf",
        ])
        .prop_map(str::to_owned),
        any::<String>().prop_map(|text| text.replace('\0', "")),
        "[ -~]{0,40}",
    ]
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![8 => text(), 1 => "[ -~]{900,1300}"].prop_filter("a key is not empty", |key| !key.is_empty())
}

fn env_name() -> impl Strategy<Value = EnvName> {
    key().prop_filter_map("a name has no `=`", |key| key.parse().ok())
}

fn label_name() -> impl Strategy<Value = String> {
    key().prop_filter("reserved", |key| {
        !["org.hezmatt.", "wharf.", "com.docker."].iter().any(|p| key.starts_with(p))
    })
}

fn environment() -> impl Strategy<Value = BTreeMap<EnvName, String>> {
    btree_map(env_name(), text(), 0..4)
}

fn labels() -> impl Strategy<Value = BTreeMap<String, String>> {
    btree_map(label_name(), text(), 0..4)
}

fn target(prefix: char) -> impl Strategy<Value = TargetPath> {
    text()
        .prop_filter_map("a target", move |text| format!("/{prefix}{}", text.replace(':', ";")).parse().ok())
}

/// Sources of one component never lie inside one another.
fn source() -> impl Strategy<Value = MountSource> {
    text().prop_filter_map("a source", |text| text.replace('/', "_").parse().ok())
}

fn mounts(prefix: char) -> impl Strategy<Value = Vec<Mount>> {
    btree_map(target(prefix), (source(), any::<bool>()), 0..3).prop_map(|mounts| {
        mounts.into_iter().map(|(target, (source, readonly))| Mount { source, target, readonly }).collect()
    })
}

fn tmpfs() -> impl Strategy<Value = Vec<Tmpfs>> {
    btree_map(target('t'), of(size()), 0..3)
        .prop_map(|list| list.into_iter().map(|(target, size)| Tmpfs { target, size }).collect())
}

fn size() -> impl Strategy<Value = ByteSize> {
    (0..=i64::MAX.unsigned_abs()).prop_map(|bytes| ByteSize::try_from(bytes).unwrap())
}

fn image() -> impl Strategy<Value = ImageRef> {
    let named = "([a-z]{1,5}\\.example(:[0-9]{1,4})?/)?[a-z0-9]{1,6}([._-][a-z0-9]{1,4})?(/[a-z0-9]{1,6})?(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,6})?(@sha256:[0-9a-f]{64})?";
    prop_oneof![named, "sha256:[0-9a-f]{64}"].prop_filter_map("a reference", |text| text.parse().ok())
}

fn port() -> impl Strategy<Value = Port> {
    (1..=65535u64).prop_map(|number| Port::try_from(number).unwrap())
}

fn protocol() -> impl Strategy<Value = Protocol> {
    prop::sample::select(vec![Protocol::Tcp, Protocol::Udp])
}

fn publish() -> impl Strategy<Value = Vec<Publish>> {
    let fixed = btree_map((port(), protocol()), (of(any::<IpAddr>()), port()), 0..4);
    let ephemeral = vec((of(any::<IpAddr>()), port(), protocol()), 0..4);
    (fixed, ephemeral).prop_map(|(fixed, ephemeral)| {
        let fixed = fixed.into_iter().map(|((host, protocol), (address, container))| Publish {
            address,
            host: Some(host),
            container,
            protocol,
        });
        let ephemeral = ephemeral.into_iter().map(|(address, container, protocol)| Publish {
            address,
            host: None,
            container,
            protocol,
        });
        fixed.chain(ephemeral).collect()
    })
}

fn expose() -> impl Strategy<Value = Vec<ContainerPort>> {
    btree_set((port(), protocol()), 0..4).prop_map(|ports| {
        ports.into_iter().map(|(port, protocol)| ContainerPort { port, protocol }).collect()
    })
}

fn restart() -> impl Strategy<Value = Restart> {
    prop_oneof![
        Just(Restart::No),
        Just(Restart::Always),
        Just(Restart::UnlessStopped),
        (0..1_000_000_000u32).prop_map(Restart::OnFailure),
    ]
}

fn ulimit() -> impl Strategy<Value = Ulimit> {
    (-1..i64::MAX, -1..i64::MAX).prop_map(|(a, b)| {
        let above = |n: i64| if n == -1 { u64::MAX } else { n.unsigned_abs() };
        let (soft, hard) = if above(a) <= above(b) { (a, b) } else { (b, a) };
        Ulimit { soft, hard }
    })
}

fn limits() -> impl Strategy<Value = Limits> {
    let ulimits = btree_map(prop::sample::select(UlimitName::ALL.to_vec()), ulimit(), 0..4);
    (
        of(1..=65_536_000_000_000u64),
        of(2..=1024u64),
        of(size()),
        of(size()),
        of(size()),
        of(0..=1000u16),
        of(-1..=4_194_304i64),
        of(size()),
        ulimits,
    )
        .prop_map(
            |(
                nano_cpus,
                cpu_shares,
                memory,
                memory_swap,
                memory_reservation,
                oom_score_adj,
                pids,
                shm_size,
                ulimits,
            )| Limits {
                nano_cpus,
                cpu_shares,
                memory,
                memory_swap,
                memory_reservation,
                oom_score_adj,
                pids,
                shm_size,
                ulimits,
            },
        )
}

fn health_time() -> impl Strategy<Value = Duration> {
    (1_000_000..=i64::MAX.unsigned_abs()).prop_map(Duration::from_nanos)
}

fn startup() -> impl Strategy<Value = StartupHealthCheck> {
    (vec(text(), 1..4), 0..=i64::MAX.unsigned_abs(), 1..=2_147_483_647u32).prop_map(
        |(command, nanos, attempts)| StartupHealthCheck {
            command,
            interval: Duration::from_nanos(nanos),
            attempts,
        },
    )
}

fn healthcheck() -> impl Strategy<Value = Healthcheck> {
    let test = prop_oneof![
        text().prop_map(|line| vec!["CMD-SHELL".to_owned(), line]),
        vec(text(), 1..3).prop_map(|words| [vec!["CMD".to_owned()], words].concat()),
        Just(vec!["NONE".to_owned()]),
    ];
    let times = (of(health_time()), of(health_time()), of(1..=2_147_483_647u32), of(health_time()));
    (test, times).prop_map(|(test, (interval, timeout, retries, start_period))| Healthcheck {
        test,
        interval,
        timeout,
        retries,
        start_period,
    })
}

fn user() -> impl Strategy<Value = String> {
    "([a-z_][a-z0-9_.-]{0,8}|[0-9]{1,9})(:[a-z_][a-z0-9_.-]{0,8}|:[0-9]{1,9})?|:[a-z0-9]{1,9}"
}

fn capabilities() -> impl Strategy<Value = Vec<String>> {
    btree_set(prop::sample::select(vec!["ALL", "CHOWN", "NET_RAW", "SYS_ADMIN", "SYSLOG"]), 0..3)
        .prop_map(|names| names.into_iter().map(str::to_owned).collect())
}

/// A container without a name and without dependencies; both come with the pod.
fn container() -> impl Strategy<Value = Container> {
    let files = btree_map(env_name(), source(), 0..3);
    let words = || of(vec(text(), 0..4));
    let working_dir = of(text().prop_map(|text| format!("/{text}")));
    let signal = of((1..=64u64).prop_map(|number| Signal::try_from(number).unwrap()));
    let first = (
        image(),
        any::<bool>(),
        words(),
        words(),
        environment(),
        files,
        mounts('m'),
        labels(),
        any::<bool>(),
        signal,
    );
    let second = (
        0..=2_147_483_647u32,
        of(user()),
        restart(),
        limits(),
        of(startup()),
        of(healthcheck()),
        working_dir,
        tmpfs(),
    );
    (first, second, capabilities(), secrets()).prop_map(|(first, second, cap_drop, mut secrets)| {
        let (
            image,
            update_image,
            command,
            entrypoint,
            environment,
            mut environment_files,
            mounts,
            labels,
            readonly,
            stop_signal,
        ) = first;
        let (stop_timeout, user, restart, limits, startup_health_check, healthcheck, working_dir, tmpfs) =
            second;
        environment_files.retain(|name, _| !environment.contains_key(name));
        for used in &mut secrets {
            used.env = used
                .env
                .take()
                .filter(|name| !environment.contains_key(name) && !environment_files.contains_key(name));
        }
        let mut limits = limits;
        if !secrets.is_empty() {
            limits.ulimits.remove(&UlimitName::Core);
        }
        Container {
            name: "unnamed".parse().unwrap(),
            image,
            update_image,
            command,
            entrypoint,
            environment,
            environment_files,
            mounts,
            labels,
            readonly,
            stop_signal,
            stop_timeout,
            user,
            restart,
            limits,
            startup_health_check,
            depends_on: BTreeMap::new(),
            healthcheck,
            working_dir,
            tmpfs,
            cap_drop,
            secrets,
        }
    })
}

/// No two with one file, nor with one variable.
fn secrets() -> impl Strategy<Value = Vec<SecretUse>> {
    let signal = (1..=64u64).prop_map(|number| OnChange::Signal(Signal::try_from(number).unwrap()));
    let change = prop_oneof![Just(OnChange::Restart), Just(OnChange::Nothing), signal];
    let name = || "[A-Za-z0-9][A-Za-z0-9_.-]{0,8}".prop_map(|name| name.parse::<SecretName>().unwrap());
    let parts = (name(), 0..=0o777u32, 0..=2_147_483_647u32, 0..9u32, any::<bool>(), change);
    btree_map(name(), parts, 0..3).prop_map(|uses| {
        let used = |(number, (file, (name, mode, user, group, has_env, on_change)))| SecretUse {
            name,
            file,
            mode,
            user,
            group,
            env: if has_env { Some(format!("SECRET_{number}_FILE").parse().unwrap()) } else { None },
            on_change,
        };
        uses.into_iter().enumerate().map(used).collect()
    })
}

/// Names the containers, and lets each depend on some that come before it.
fn containers() -> impl Strategy<Value = Vec<Container>> {
    let name = prop_oneof!["[A-Za-z0-9_-]{1,12}", "[0-9]{1,4}", Just("no".to_owned()), Just("-".to_owned())];
    let dependencies = vec((any::<prop::sample::Index>(), 0..3usize), 0..3);
    btree_map(name, (container(), dependencies), 1..5).prop_map(|members| {
        let mut containers: Vec<Container> = Vec::new();
        for (name, (mut container, dependencies)) in members {
            container.name = name.parse::<ContainerName>().unwrap();
            for (index, condition) in dependencies.into_iter().filter(|_| !containers.is_empty()) {
                let earlier = &containers[index.index(containers.len())];
                let is_unchecked = earlier.healthcheck.as_ref().is_some_and(|check| check.test == ["NONE"]);
                let condition = [Condition::Started, Condition::Completed, Condition::Healthy][condition];
                let condition = if is_unchecked { Condition::Started } else { condition };
                container.depends_on.insert(earlier.name.clone(), condition);
            }
            containers.push(container);
        }
        containers
    })
}

fn pod() -> impl Strategy<Value = Pod> {
    let host = ("[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?(\\.[a-z]{1,5})?", any::<IpAddr>());
    let hosts = vec(host.prop_map(|(name, address)| ExtraHost { name, address }), 0..3);
    let hostname = of("[A-Za-z0-9]([A-Za-z0-9-]{0,20}[A-Za-z0-9])?");
    let first = (containers(), hostname, environment(), labels(), labels(), mounts('c'));
    let second = (expose(), publish(), any::<bool>(), vec(any::<IpAddr>(), 0..3), hosts, any::<bool>());
    (first, second).prop_map(|(first, second)| {
        let (containers, hostname, common_environment, common_labels, root_labels, common_mounts) = first;
        let (expose, publish, publish_all, dns, extra_hosts, share_pid) = second;
        Pod {
            containers,
            hostname,
            common_environment,
            common_labels,
            root_labels,
            common_mounts,
            expose,
            publish,
            publish_all,
            dns,
            extra_hosts,
            share_pid,
        }
    })
}

static SCHEMA: OnceLock<jsonschema::Validator> = OnceLock::new();

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parse_of_print_is_the_pod(pod in pod()) {
        let printed = print(&pod);
        prop_assert_eq!(parse(&printed), Ok(pod), "printed as:\n{}", printed);
    }

    #[test]
    fn the_schema_allows_what_is_printed(pod in pod()) {
        let printed = print(&pod);
        let json = wharf_document::parse(&printed, &Bounds::FILE, &mut Errors::new()).unwrap().to_json();
        let schema = SCHEMA.get_or_init(|| jsonschema::validator_for(&schema()).unwrap());
        if let Err(error) = schema.validate(&json) {
            prop_assert!(false, "at {}: {}\n{}", error.instance_path(), error, printed);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        let _: Result<Pod, _> = parse(&text);
    }
}
