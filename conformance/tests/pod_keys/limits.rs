//! What a container may use: `limits`, seen in its control groups and in the kernel's limits of its process.

use serde_json::{Value, json};
use wharf_conformance::{Host, Pod, on_each_engine};

const ALL: &str = "
containers:
  a:
    image: busybox
    update_image: false
    command: sleep 1000
    limits:
      cpus: 1.25
      cpu-shares: 72
      memory: 64M
      memory-swap: 0.125G
      memory-reservation: 33554432
      oom-score-adj: 42
      pids: 123
      ulimit-core: 1:2
      ulimit-cpu: 300:400
      ulimit-data: 1000000000:unlimited
      ulimit-fsize: 7000:8000
      ulimit-memlock: 9000:10000
      ulimit-msgqueue: 11:12
      ulimit-nofile: 130:140
      ulimit-rttime: 15000000:16000000
      ulimit-stack: 8000000
  b: {image: busybox, update_image: false, command: sleep 1000, limits: {memory: 512m, pids: -1, cpus: '0.5'}}
";

#[test]
fn limits_are_the_engines_and_the_kernels() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host.pod("limits", ALL);
        pod.up().succeeds();
        let seen = pod.member("a");
        let asked = seen.at("/HostConfig");
        for (field, value) in [
            ("NanoCpus", json!(1_250_000_000)),
            ("CpuShares", json!(72)),
            ("Memory", json!(64 << 20)),
            ("MemorySwap", json!(128 << 20)),
            ("MemoryReservation", json!(32 << 20)),
            ("OomScoreAdj", json!(42)),
            ("PidsLimit", json!(123)),
        ] {
            assert_eq!(asked[field], value, "{field}");
        }
        assert_eq!(control(&pod, "a", "memory/memory.limit_in_bytes", "memory.max"), (64 << 20).to_string());
        assert_eq!(
            control(&pod, "a", "memory/memory.soft_limit_in_bytes", "memory.low"),
            (32 << 20).to_string()
        );
        assert_eq!(control(&pod, "a", "pids/pids.max", "pids.max"), "123");
        assert_eq!(control(&pod, "a", "cpu/cpu.cfs_quota_us", "cpu.max"), "125000");
        assert_eq!(control(&pod, "b", "cpu/cpu.cfs_quota_us", "cpu.max"), "50000");
        assert_eq!(control(&pod, "b", "memory/memory.limit_in_bytes", "memory.max"), (512 << 20).to_string());
        assert_eq!(control(&pod, "b", "pids/pids.max", "pids.max"), "max");

        let pid = seen.at("/State/Pid");
        let read = |file: &str| std::fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap();
        assert_eq!(read("oom_score_adj").trim(), "42");
        let limits = read("limits");
        for (name, soft, hard) in [
            ("Max core file size", "1", "2"),
            ("Max cpu time", "300", "400"),
            ("Max data size", "1000000000", "unlimited"),
            ("Max file size", "7000", "8000"),
            ("Max locked memory", "9000", "10000"),
            ("Max msgqueue size", "11", "12"),
            ("Max open files", "130", "140"),
            ("Max realtime timeout", "15000000", "16000000"),
            ("Max stack size", "8000000", "8000000"),
        ] {
            let line = limits.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            let words: Vec<&str> = line.split_whitespace().take(2).collect();
            assert_eq!(words, [soft, hard], "{name}");
        }
        pod.is_as_its_file_says();
    });
}

/// The first word of a member's file in its control group, of the first version or the second.
fn control(pod: &Pod<'_>, member: &str, first: &str, second: &str) -> String {
    let said = pod.sh(member, &format!("cd /sys/fs/cgroup; cat {first} 2>/dev/null || cat {second}"));
    said.split(' ').next().unwrap().to_owned()
}

#[test]
fn a_pod_cannot_have_more_cpus_than_the_engine() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host.pod("cpus", "containers: {a: {$idle, limits: {cpus: 1000.5}}}");
        pod.up().exits(2).says("`containers.a.limits.cpus` is more than the");
        assert_eq!(pod.members(), [""; 0]);
    });
}

#[test]
fn a_container_above_its_memory_is_killed_alone() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let eats = "command: sh -c 'dd if=/dev/zero of=/dev/null bs=100M count=1; sleep 1000'";
        let pod = host.pod(
            "memory",
            &format!("containers: {{a: {{$box, {eats}, limits: {{memory: 16M}}}}, b: {{$idle}}}}"),
        );
        pod.up().succeeds();
        let killed = wharf_conformance::eventually("the kernel kills it", || {
            let failed = engine.docker([
                "exec",
                &pod.name_of("a"),
                "dd",
                "if=/dev/zero",
                "of=/dev/null",
                "bs=100M",
                "count=1",
            ]);
            failed.err()
        });
        assert!(killed.to_string().contains("137") || !killed.to_string().is_empty());
        assert!(pod.member("b").is_running());
        assert_eq!(*pod.member("b").at("/State/OOMKilled"), Value::Bool(false));
    });
}
