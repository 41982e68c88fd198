//! Creations and updates: what a container may be, row by row of what was made of `HostConfig`.

use crate::help::{ask, create, host, malformed, not_found, rule};
use wharf_wire::ask::{Ask, Forbidden};
use wharf_wire::tenant::{
    ContainerAct, IpcMode, LogDriver, NetworkMode, PortBinding, RestartChoice, SharedWith, Ulimit,
};

#[test]
fn what_would_hand_over_the_host_is_refused_by_its_own_rule() {
    for (fields, expected) in [
        ("\"Privileged\":true", Forbidden::Privileged),
        ("\"NetworkMode\":\"host\"", Forbidden::HostNamespace),
        ("\"PidMode\":\"host\"", Forbidden::HostNamespace),
        ("\"IpcMode\":\"host\"", Forbidden::HostNamespace),
        ("\"UTSMode\":\"host\"", Forbidden::HostNamespace),
        ("\"UsernsMode\":\"host\"", Forbidden::HostNamespace),
        ("\"CgroupnsMode\":\"host\"", Forbidden::HostNamespace),
        ("\"Cgroup\":\"container:b1\"", Forbidden::HostNamespace),
        ("\"Devices\":[{\"PathOnHost\":\"/dev/sda\"}]", Forbidden::Devices),
        ("\"DeviceCgroupRules\":[\"a *:* rwm\"]", Forbidden::Devices),
        ("\"DeviceRequests\":[{\"Driver\":\"cdi\"}]", Forbidden::Devices),
        ("\"SecurityOpt\":[\"seccomp=unconfined\"]", Forbidden::Confinement),
        ("\"SecurityOpt\":[\"apparmor:unconfined\"]", Forbidden::Confinement),
        ("\"SecurityOpt\":[\"label=disable\"]", Forbidden::Confinement),
        ("\"SecurityOpt\":[\"no-new-privileges:false\"]", Forbidden::Confinement),
        ("\"SecurityOpt\":[\"no-new-privileges=true \"]", Forbidden::Confinement),
        ("\"SecurityOpt\":[\"writable-cgroups\"]", Forbidden::Confinement),
        ("\"SecurityOpt\":[\"systempaths=unconfined\"]", Forbidden::Confinement),
        ("\"SecurityOpt\":[\"\"]", Forbidden::Confinement),
        ("\"MaskedPaths\":[]", Forbidden::Confinement),
        ("\"MaskedPaths\":[\"/proc/kcore\"]", Forbidden::Confinement),
        ("\"ReadonlyPaths\":[]", Forbidden::Confinement),
        ("\"Capabilities\":[]", Forbidden::Confinement),
        ("\"Runtime\":\"io.containerd.runc.v2\"", Forbidden::Runtime),
        ("\"Runtime\":\"/bin/sh\"", Forbidden::Runtime),
        ("\"Isolation\":\"hyperv\"", Forbidden::Runtime),
        ("\"Annotations\":{\"run.oci.handler\":\"x\"}", Forbidden::Annotations),
        ("\"LogConfig\":{\"Type\":\"fluentd\"}", Forbidden::LogDriver),
        ("\"LogConfig\":{\"Type\":\"journald\"}", Forbidden::LogDriver),
        ("\"LogConfig\":{\"Type\":\"json-file\",\"Config\":{\"tag\":\"x\"}}", Forbidden::LogDriver),
        ("\"LogConfig\":{\"Config\":{\"mode\":\"non-blocking\"}}", Forbidden::LogDriver),
        ("\"CgroupParent\":\"/\"", Forbidden::Limits),
        ("\"StorageOpt\":{\"size\":\"100G\"}", Forbidden::Limits),
        ("\"OomKillDisable\":true", Forbidden::Limits),
        ("\"OomScoreAdj\":-1", Forbidden::Limits),
        ("\"CpuRealtimeRuntime\":1", Forbidden::Limits),
        ("\"KernelMemory\":1", Forbidden::Limits),
        ("\"BlkioDeviceReadBps\":[{\"Path\":\"/etc/shadow\",\"Rate\":1}]", Forbidden::Limits),
        ("\"BlkioWeightDevice\":[{\"Path\":\"/dev/sda\",\"Weight\":10}]", Forbidden::Limits),
        ("\"Memory\":-1", Forbidden::Limits),
        ("\"MemorySwap\":-1", Forbidden::Limits),
        ("\"PidsLimit\":-1", Forbidden::Limits),
        ("\"CpuQuota\":-1", Forbidden::Limits),
        ("\"VolumeDriver\":\"nfs\"", Forbidden::Driver),
        ("\"Links\":[\"b1:db\"]", Forbidden::Links),
        ("\"ExtraHosts\":[\"x:host-gateway\"]", Forbidden::ExtraHosts),
        ("\"ExtraHosts\":[\"x=host-gateway\"]", Forbidden::ExtraHosts),
        ("\"Sysctls\":{\"kernel.core_pattern\":\"|/x\"}", Forbidden::Sysctls),
        ("\"Sysctls\":{\"net.ipv4.ip_forward\":\"1\"}", Forbidden::Sysctls),
        ("\"Sysctls\":{\"net/core/somaxconn\":\"1\"}", Forbidden::Sysctls),
    ] {
        assert_eq!(rule(host(fields)), expected, "{fields}");
    }
    assert_eq!(rule(create("\"Runtime\":\"x\"")), Forbidden::Runtime);
}

#[test]
fn the_same_fields_saying_nothing_are_no_refusal() {
    let nothing = "\"Privileged\":false,\"Devices\":[],\"DeviceCgroupRules\":null,\"MaskedPaths\":null,\
                   \"ReadonlyPaths\":null,\"Runtime\":\"\",\"Annotations\":{},\"CgroupParent\":\"\",\"Links\":null,\
                   \"OomKillDisable\":false,\"OomScoreAdj\":0,\"VolumeDriver\":\"\",\"UTSMode\":\"\",\"Isolation\":\"\",\
                   \"SecurityOpt\":null,\"StorageOpt\":null,\"ConsoleSize\":[10,20],\"ContainerIDFile\":\"/x\",\
                   \"CpuCount\":1,\"CgroupnsMode\":\"private\"";
    assert_eq!(host(nothing), host(""));
    assert_eq!(host(""), create(""));
    for same in ["no-new-privileges", "no-new-privileges:true", "no-new-privileges=true"] {
        assert_eq!(host(&format!("\"SecurityOpt\":[\"{same}\"]")), host(""), "{same}");
    }
}

#[test]
fn a_network_mode_is_the_default_none_a_network_or_a_containers() {
    let mode = |text: &str| host(&format!("\"NetworkMode\":\"{text}\"")).map(|wish| wish.network);
    for default in ["", "default", "bridge"] {
        assert_eq!(mode(default), Ok(NetworkMode::Default), "{default}");
    }
    assert_eq!(mode("none"), Ok(NetworkMode::None));
    assert_eq!(mode("front"), Ok(NetworkMode::Network("front".into())));
    assert_eq!(mode("container:db"), Ok(NetworkMode::Container("db".into())));
    assert_eq!(not_found(mode("container:a/b")), "No such container: a/b");
    assert_eq!(not_found(mode("container:")), "No such container: ");
    assert_eq!(not_found(mode("ns:/proc/1/ns/net")), "network ns:/proc/1/ns/net not found");
    // Not the host's: a network of a tenant's that is called so.
    assert_eq!(mode("HOST"), Ok(NetworkMode::Network("HOST".into())));
}

#[test]
fn ipc_and_pid_modes_are_read() {
    let ipc = |text: &str| host(&format!("\"IpcMode\":\"{text}\"")).map(|wish| wish.ipc);
    assert_eq!(ipc(""), Ok(IpcMode::Private));
    assert_eq!(ipc("private"), Ok(IpcMode::Private));
    assert_eq!(ipc("shareable"), Ok(IpcMode::Shareable));
    assert_eq!(ipc("none"), Ok(IpcMode::None));
    assert_eq!(ipc("container:a"), Ok(IpcMode::Container("a".into())));
    malformed(ipc("Host"));
    let pid = |text: &str| host(&format!("\"PidMode\":\"{text}\"")).map(|wish| wish.pid);
    assert_eq!(pid(""), Ok(SharedWith::Own));
    assert_eq!(pid("container:a"), Ok(SharedWith::Container("a".into())));
    malformed(pid("private"));
}

#[test]
fn a_network_id_says_the_same_as_its_key_or_nothing_v9() {
    let endpoints = |inner: &str| {
        create(&format!("\"NetworkingConfig\":{{\"EndpointsConfig\":{{\"mine\":{inner}}}}}"))
            .map(|wish| wish.endpoints)
    };
    assert!(malformed(endpoints("{\"NetworkID\":\"victim\"}")).contains("names another network"));
    assert_eq!(endpoints("{\"NetworkID\":\"mine\"}"), endpoints("{}"));
    assert_eq!(endpoints("{\"NetworkID\":\"\"}"), endpoints("null"));
    let connect = |body: &str| ask("POST", "/networks/mine/connect", body);
    assert!(
        malformed(connect("{\"Container\":\"a\",\"EndpointConfig\":{\"NetworkID\":\"victim\"}}"))
            .contains("names another network")
    );
    assert!(connect("{\"Container\":\"a\",\"EndpointConfig\":{\"NetworkID\":\"mine\"}}").is_ok());
}

#[test]
fn a_place_on_a_network_has_names_and_addresses_and_no_options() {
    let endpoint = |inner: &str| {
        let wish = create(&format!("\"NetworkingConfig\":{{\"EndpointsConfig\":{{\"n\":{inner}}}}}"))?;
        Ok(wish.endpoints[0].1.clone())
    };
    let read = endpoint(
        "{\"Aliases\":[\"a\"],\"IPAMConfig\":{\"IPv4Address\":\"10.1.2.3\",\"IPv6Address\":\"fd00::1\"},\
          \"MacAddress\":\"02-42-AC-11-00-02\",\"GwPriority\":-5,\"IPAddress\":\"\",\"IPPrefixLen\":0}",
    )
    .unwrap();
    assert_eq!(read.aliases, ["a"]);
    assert_eq!(read.ipv4, Some([10, 1, 2, 3].into()));
    assert_eq!(read.ipv6.map(|address| address.to_string()), Some("fd00::1".into()));
    assert_eq!(read.mac_address.as_deref(), Some("02:42:ac:11:00:02"));
    assert_eq!(read.gateway_priority, Some(-5));
    for (inner, expected) in [
        ("{\"Links\":[\"b1:db\"]}", Forbidden::Links),
        ("{\"DriverOpts\":{\"com.docker.network.endpoint.sysctls\":\"x\"}}", Forbidden::Driver),
        ("{\"IPAMConfig\":{\"LinkLocalIPs\":[\"169.254.169.254\"]}}", Forbidden::Driver),
        ("{\"IPAddress\":\"10.1.2.3\"}", Forbidden::UnknownField),
        ("{\"DNSNames\":[\"bob\"]}", Forbidden::UnknownField),
    ] {
        assert_eq!(rule(endpoint(inner)), expected, "{inner}");
    }
    for inner in [
        "{\"IPAMConfig\":{\"IPv4Address\":\"010.1.2.3\"}}",
        "{\"IPAMConfig\":{\"IPv4Address\":\"::1\"}}",
        "{\"MacAddress\":\"02:42\"}",
        "{\"Aliases\":[\"a\\nb\"]}",
    ] {
        malformed(endpoint(inner));
    }
    assert_eq!(
        rule(create("\"NetworkingConfig\":{\"EndpointsConfig\":{\"host\":{}}}")),
        Forbidden::HostNamespace
    );
}

#[test]
fn limits_are_read_and_zero_says_nothing() {
    let read = host(
        "\"Memory\":67108864,\"MemorySwap\":134217728,\"MemoryReservation\":1,\"MemorySwappiness\":0,\
         \"CpuQuota\":50000,\"CpuPeriod\":100000,\"CpuShares\":512,\"CpusetCpus\":\"0-1\",\"CpusetMems\":\"0\",\
         \"BlkioWeight\":10,\"PidsLimit\":5,\"OomScoreAdj\":1000,\
         \"Ulimits\":[{\"Name\":\"nproc\",\"Soft\":-1,\"Hard\":-1},{\"Name\":\"nofile\",\"Soft\":1,\"Hard\":2}]",
    )
    .unwrap()
    .resources;
    assert_eq!(read.memory, Some(67_108_864));
    assert_eq!(read.memory_swap, Some(134_217_728));
    assert_eq!(read.memory_swappiness, Some(0));
    assert_eq!(read.nano_cpus, Some(500_000_000));
    assert_eq!((read.cpu_shares, read.blkio_weight, read.pids), (Some(512), Some(10), Some(5)));
    assert_eq!(read.oom_score_adj, Some(1000));
    assert_eq!(
        read.ulimits,
        [
            Ulimit { name: "nofile".into(), soft: 1, hard: 2 },
            Ulimit { name: "nproc".into(), soft: -1, hard: -1 }
        ]
    );
    let nothing = "\"Memory\":0,\"MemorySwap\":0,\"MemorySwappiness\":-1,\"NanoCpus\":0,\"CpuQuota\":0,\"CpuPeriod\":0,\
                   \"PidsLimit\":0,\"BlkioWeight\":0,\"CpuShares\":0,\"CpusetCpus\":\"\",\"Ulimits\":null";
    assert_eq!(host(nothing), host(""));
    assert_eq!(host("\"CpuQuota\":150000").unwrap().resources.nano_cpus, Some(1_500_000_000));
    for wrong in [
        "\"Memory\":-2",
        "\"MemorySwappiness\":101",
        "\"CpuShares\":1",
        "\"BlkioWeight\":9",
        "\"OomScoreAdj\":1001",
        "\"NanoCpus\":1,\"CpuQuota\":1",
        "\"CpusetCpus\":\"a\"",
        "\"PidsLimit\":4294967296",
        "\"Ulimits\":[{\"Name\":\"foo\",\"Soft\":1,\"Hard\":1}]",
        "\"Ulimits\":[{\"Name\":\"core\"},{\"Name\":\"core\"}]",
        "\"Ulimits\":[null]",
        "\"CpuQuota\":9223372036854775807,\"CpuPeriod\":1",
        "\"ShmSize\":-1",
    ] {
        malformed(host(wrong));
    }
}

#[test]
fn restart_policies_are_read() {
    let restart = |policy: &str| host(&format!("\"RestartPolicy\":{policy}")).map(|wish| wish.host.restart);
    assert_eq!(restart("{\"Name\":\"\",\"MaximumRetryCount\":0}"), Ok(RestartChoice::No));
    assert_eq!(restart("{\"Name\":\"always\"}"), Ok(RestartChoice::Always));
    assert_eq!(restart("{\"Name\":\"on-failure\",\"MaximumRetryCount\":3}"), Ok(RestartChoice::OnFailure(3)));
    malformed(restart("{\"Name\":\"always\",\"MaximumRetryCount\":3}"));
    malformed(restart("{\"Name\":\"on-failure\",\"MaximumRetryCount\":-3}"));
    malformed(restart("{\"Name\":\"Always\"}"));
    malformed(restart("[]"));
}

#[test]
fn ports_are_published_or_exposed() {
    let read = create(
        "\"ExposedPorts\":{\"80/tcp\":{},\"53/udp\":null},\"HostConfig\":{\"PortBindings\":{\
         \"80/tcp\":[{\"HostIp\":\"\",\"HostPort\":\"\"},{\"HostIp\":\"::1\",\"HostPort\":\"8080\"}],\"81/tcp\":[],\
         \"82\":null,\"83/tcp\":[{\"HostPort\":\"0\"}]}}",
    )
    .unwrap();
    let port = |text: &str| text.parse().unwrap();
    let exposed: Vec<String> = read.process.exposed_ports.iter().map(ToString::to_string).collect();
    assert_eq!(exposed, ["53/udp", "80/tcp", "81/tcp", "82/tcp"]);
    assert_eq!(
        read.host.published,
        [
            PortBinding { container: port("80/tcp"), address: None, port: None },
            PortBinding {
                container: port("80/tcp"),
                address: Some("::1".parse().unwrap()),
                port: Some("8080".parse().unwrap())
            },
            PortBinding { container: port("83/tcp"), address: None, port: None },
        ]
    );
    for wrong in [
        "{\"80/tcp\":[{\"HostPort\":\"8000-8010\"}]}",
        "{\"80/tcp\":[{\"HostPort\":\"65536\"}]}",
        "{\"80/tcp\":[{\"HostPort\":80}]}",
        "{\"80/tcp\":[{\"HostIp\":\"localhost\"}]}",
        "{\"80/sctp\":[]}",
        "{\"80-81/tcp\":[]}",
        "{\"80/TCP\":[]}",
        "{\"0/tcp\":[]}",
    ] {
        malformed(host(&format!("\"PortBindings\":{wrong}")));
    }
}

#[test]
fn logs_stay_on_the_machine() {
    let log = |inner: &str| host(&format!("\"LogConfig\":{inner}")).map(|wish| wish.host.log);
    let read =
        log("{\"Type\":\"\",\"Config\":{\"max-size\":\"10m\",\"max-file\":\"3\",\"compress\":\"true\"}}")
            .unwrap();
    assert_eq!((read.driver, read.max_size, read.max_file), (LogDriver::JsonFile, Some(10_000_000), Some(3)));
    assert_eq!(log("{\"Type\":\"local\"}").unwrap().driver, LogDriver::Local);
    assert_eq!(log("{\"Type\":\"none\"}").unwrap().driver, LogDriver::None);
    for wrong in ["-1", "0", "", "10x", "1.5m", "99999999999999999999", "9223372036854775807k"] {
        malformed(log(&format!("{{\"Config\":{{\"max-size\":\"{wrong}\"}}}}")));
    }
    malformed(log("{\"Config\":{\"max-file\":\"0\"}}"));
    malformed(log("{\"Config\":{\"max-file\":1}}"));
}

#[test]
fn names_and_words_that_end_up_in_files_are_one_line() {
    for wrong in [
        "\"Hostname\":\"a\\nb\"",
        "\"Domainname\":\"a\\u001b[0m\"",
        "\"User\":\"0\\n\"",
        "\"StopSignal\":\"FOO\"",
        "\"HostConfig\":{\"DnsSearch\":[\"a b\"]}",
        "\"HostConfig\":{\"DnsOptions\":[\"a\\nnameserver 1.1.1.1\"]}",
        "\"HostConfig\":{\"Dns\":[\"a\"]}",
        "\"HostConfig\":{\"ExtraHosts\":[\"a\"]}",
        "\"HostConfig\":{\"ExtraHosts\":[\"a b:1.2.3.4\"]}",
        "\"HostConfig\":{\"ExtraHosts\":[\":1.2.3.4\"]}",
        "\"HostConfig\":{\"CapAdd\":[\"SYS ADMIN\"]}",
        "\"HostConfig\":{\"GroupAdd\":[\"a\\tb\"]}",
        "\"HostConfig\":{\"Sysctls\":{\"net.core.somaxconn\":\"1\\n2\"}}",
        "\"Labels\":{\"a\":null}",
        "\"Labels\":[\"a=b\"]",
        "\"Env\":[null]",
        "\"Env\":\"A=b\"",
        "\"Cmd\":[1]",
        "\"ExposedPorts\":[\"80/tcp\"]",
    ] {
        malformed(create(wrong));
    }
}

#[test]
fn words_of_a_command_may_be_one_text() {
    let read = create(
        "\"Cmd\":\"a b\",\"Entrypoint\":[],\"HostConfig\":{\"CapAdd\":\"cap_net_admin\",\"CapDrop\":[\"all\"]}",
    );
    let read = read.unwrap();
    assert_eq!(read.process.cmd, Some(vec!["a b".to_owned()]));
    assert_eq!(read.process.entrypoint, Some(Vec::new()));
    assert_eq!(read.host.cap_add.into_iter().collect::<Vec<_>>(), ["NET_ADMIN"]);
    assert_eq!(read.host.cap_drop.into_iter().collect::<Vec<_>>(), ["ALL"]);
}

#[test]
fn extra_hosts_have_addresses_of_either_kind() {
    let read = host("\"ExtraHosts\":[\"a:1.2.3.4\",\"b=5.6.7.8\",\"c:::1\",\"d:[fd00::1]\"]").unwrap();
    let shown: Vec<String> = read.host.extra_hosts.iter().map(|(n, a)| format!("{n} {a}")).collect();
    assert_eq!(shown, ["a 1.2.3.4", "b 5.6.7.8", "c ::1", "d fd00::1"]);
}

#[test]
fn no_process_begins_below_proc_cve_2024_21626() {
    for path in ["/proc/self/fd/7", "/proc", "//proc/1", "/./proc", "/x/../proc/self", "/../proc"] {
        assert_eq!(rule(create(&format!("\"WorkingDir\":\"{path}\""))), Forbidden::Confinement, "{path}");
        let body = format!("{{\"Cmd\":[\"a\"],\"WorkingDir\":\"{path}\"}}");
        assert_eq!(rule(ask("POST", "/containers/a/exec", &body)), Forbidden::Confinement, "{path}");
    }
    malformed(create("\"WorkingDir\":\"proc/self\""));
    assert!(create("\"WorkingDir\":\"/process\"").is_ok());
}

#[test]
fn a_name_is_of_the_engines_grammar() {
    let named = |name: &str| ask("POST", &format!("/containers/create?name={name}"), "{\"Image\":\"a\"}");
    let Ok(Ask::CreateContainer { name: Some(name), .. }) = named("%2Fweb-1") else { panic!() };
    assert_eq!(name.as_str(), "web-1");
    for wrong in ["a%2Fb", "%2F%2Fa", "-a", "a%20b", "%C3%A9", "..", "a%0A"] {
        assert!(malformed(named(wrong)).starts_with("Invalid container name"), "{wrong}");
    }
    malformed(ask("POST", "/containers/create?name=a&name=b", "{\"Image\":\"a\"}"));
    malformed(ask("POST", "/containers/create", "{}"));
    malformed(ask("POST", "/containers/create", ""));
    malformed(ask("POST", "/containers/create?platform=a b", "{\"Image\":\"a\"}"));
    not_found(ask("POST", "/containers/create", "{\"Image\":\"a b\"}"));
}

#[test]
fn an_update_changes_what_it_says() {
    let update = |body: &str| match ask("POST", "/containers/a/update", body)? {
        Ask::Container { act: ContainerAct::Update { resources, restart }, .. } => Ok((resources, restart)),
        other => panic!("{other:?}"),
    };
    let (resources, restart) =
        update("{\"Memory\":1000,\"RestartPolicy\":{\"Name\":\"no\"},\"CpuQuota\":0,\"Devices\":null}")
            .unwrap();
    assert_eq!((resources.memory, resources.nano_cpus, restart), (Some(1000), None, Some(RestartChoice::No)));
    assert_eq!(update("{\"RestartPolicy\":{\"Name\":\"\"}}").unwrap().1, None);
    for (body, expected) in [
        ("{\"Devices\":[{\"PathOnHost\":\"/dev/sda\"}]}", Forbidden::Devices),
        ("{\"CgroupParent\":\"/\"}", Forbidden::Limits),
        ("{\"PidsLimit\":-1}", Forbidden::Limits),
        ("{\"MemorySwap\":-1}", Forbidden::Limits),
        ("{\"Ulimits\":[{\"Name\":\"core\",\"Soft\":1,\"Hard\":1}]}", Forbidden::UnknownField),
        ("{\"HostConfig\":{\"Memory\":1}}", Forbidden::UnknownField),
        ("{\"Privileged\":true}", Forbidden::UnknownField),
        ("{\"memory\":1}", Forbidden::UnknownField),
    ] {
        assert_eq!(rule(update(body)), expected, "{body}");
    }
}
