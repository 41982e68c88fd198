//! The tenant's control group: what its containers get together is the kernel's to hold, whatever was admitted.
//!
//! The containers are made on the engine itself, under the group that `wharf serve` made: admission would have refused
//! them, and is not what is tried here.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;
use wharf_conformance::gateway::{Client, Gateway, through_the_gateway};
use wharf_conformance::{Run, eventually};
use wharf_testkit::{Engine, wharf_program};

const GRANT: &str =
    "limits: {cpus: 0.2, memory: 60M, pids: 30, per_container: {memory: 16M, cpus: 0.2, pids: 20}}\n";

/// A file of the group's, where cgroups are of version 1; the tests are of no use elsewhere.
fn group(controller: &str, tenant: &str) -> PathBuf {
    Path::new("/sys/fs/cgroup").join(controller).join("wharf").join(tenant)
}

fn number(group: &Path, file: &str) -> u64 {
    let text = fs::read_to_string(group.join(file)).unwrap();
    text.trim().parse().unwrap()
}

/// A word of `cpu.stat`.
fn statistic(group: &Path, name: &str) -> u64 {
    let text = fs::read_to_string(group.join("cpu.stat")).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim().parse().unwrap()
}

fn with_group(story: impl Fn(&Engine, &Gateway<'_>, &Client<'_>, &str) + Sync) {
    with_gateway(|engine, gateway| {
        let root = Client::bare(engine, engine.kind());
        story(engine, gateway, &root, gateway.tenant_name("alice"));
    });
}

fn with_gateway(story: impl Fn(&Engine, &mut Gateway<'_>) + Sync) {
    if !Path::new("/sys/fs/cgroup/pids/cgroup.procs").exists() {
        println!("skipped: needs cgroup v1");
        return;
    }
    through_the_gateway(|engine| story(engine, &mut Gateway::on(engine).tenant("alice", GRANT).start()));
}

#[test]
fn the_group_is_there_before_anybody_is_served_and_every_container_is_in_it() {
    with_group(|engine, gateway, _, tenant| {
        assert_eq!(number(&group("cpu", tenant), "cpu.cfs_quota_us"), 20_000);
        assert_eq!(number(&group("memory", tenant), "memory.limit_in_bytes"), 60 << 20);
        assert_eq!(number(&group("memory", tenant), "memory.memsw.limit_in_bytes"), 60 << 20);
        assert_eq!(number(&group("pids", tenant), "pids.max"), 30);
        let alice = gateway.as_tenant("alice", engine.kind());
        let id = alice.answer("docker run -d busybox sleep 1000");
        for controller in ["cpu", "memory", "pids"] {
            let procs = fs::read_to_string(group(controller, tenant).join(&id).join("cgroup.procs")).unwrap();
            assert_eq!(procs.lines().count(), 1, "{controller}: {procs}");
        }
        gateway.reload("memory: 60M, pids: 30", "memory: 70M, pids: 40");
        eventually("the new grant", || {
            let holds = number(&group("memory", tenant), "memory.limit_in_bytes") == 70 << 20;
            (holds && number(&group("pids", tenant), "pids.max") == 40).then_some(())
        });
    });
}

#[test]
fn nobody_is_served_when_the_groups_cannot_be_made() {
    with_gateway(|_, gateway| {
        // There is one gateway at a time.
        assert!(gateway.stop().success());
        let config = gateway.path("host.yml");
        let mut command = Command::new("unshare");
        command.args([
            "-m",
            "sh",
            "-c",
            "umount -l /sys/fs/cgroup/pids && exec \"$0\" serve --config \"$1\"",
        ]);
        command.arg(wharf_program().unwrap()).arg(config);
        Run::of(&mut command, b"")
            .exits(1)
            .says("tenants' control groups cannot be made")
            .says("have no controller `pids`");
    });
}

#[test]
fn two_busy_containers_get_no_more_cpu_time_than_their_tenant() {
    with_group(|_, _, root, tenant| {
        let busy = |name: &str, under: &str| {
            let run = "docker run -d --cpus 0.2";
            root.sh(&format!("{run} --name @{name} {under} busybox sh -c 'while :; do :; done'")).succeeds();
        };
        let under = format!("--cgroup-parent /wharf/{tenant}");
        busy("one", &under);
        busy("two", &under);
        let (cpu, used) = (group("cpu", tenant), group("cpuacct", tenant));
        let before = (number(&used, "cpuacct.usage"), statistic(&cpu, "nr_periods "));
        let throttled = statistic(&cpu, "nr_throttled ");
        // By the kernel's own count of periods, so that a busy machine changes nothing.
        let periods = eventually("thirty periods", || {
            let periods = statistic(&cpu, "nr_periods ") - before.1;
            (periods >= 30).then_some(periods)
        });
        let nanoseconds = number(&used, "cpuacct.usage") - before.0;
        #[allow(clippy::cast_precision_loss, reason = "a share to three digits")]
        let share = nanoseconds as f64 / (periods as f64 * 100_000_000.0);
        println!("{share:.3} CPUs in {periods} periods, of 0.2");
        assert!(share < 0.24, "{share} CPUs, of 0.2 for both; each alone may have 0.2");
        assert!(statistic(&cpu, "nr_throttled ") > throttled, "they would have taken more");
        root.sh("docker rm -f @one @two").succeeds();
    });
}

/// Takes so many mebibytes, and keeps them.
fn keeping(mebibytes: u32) -> String {
    format!("mkfifo /f; dd if=/dev/zero of=/f bs={mebibytes}M count=1 & exec sleep 1000 </f")
}

#[test]
fn two_containers_get_no_more_memory_than_their_tenant() {
    with_group(|_, _, root, tenant| {
        let run = |name: &str, under: &str, script: &str| {
            root.sh(&format!(
                "docker run -d --name @{name} -m 50m --memory-swap 50m {under} busybox sh -c '{script}'"
            ))
            .succeeds();
        };
        let memory = group("memory", tenant);
        let under = format!("--cgroup-parent /wharf/{tenant}");
        run("one", &under, &keeping(40));
        eventually("it has its memory", || {
            (number(&memory, "memory.usage_in_bytes") > 40 << 20).then_some(())
        });
        let take = "dd if=/dev/zero of=/dev/null bs=40M count=1";
        // The one to be killed, were one to be.
        run("two", &format!("{under} --oom-score-adj 1000"), take);
        root.answers("docker wait @two", "137");
        root.answers("docker inspect -f '{{.State.Running}}' @one", "true");
        assert!(number(&memory, "memory.max_usage_in_bytes") <= 60 << 20);
        run("three", "--oom-score-adj 1000", take);
        root.answers("docker wait @three", "0");
        root.sh("docker rm -f @one @two @three").succeeds();
    });
}

#[test]
fn two_containers_get_no_more_processes_than_their_tenant() {
    with_group(|_, _, root, tenant| {
        let many = "for n in $(seq 17); do sleep 1000 & done; wait";
        let run = |name: &str, under: &str| {
            root.sh(&format!("docker run -d --name @{name} --pids-limit 25 {under} busybox sh -c '{many}'"))
                .succeeds();
        };
        let pids = group("pids", tenant);
        let under = format!("--cgroup-parent /wharf/{tenant}");
        run("one", &under);
        eventually("all its processes", || (number(&pids, "pids.current") == 18).then_some(()));
        run("two", &under);
        assert_ne!(root.answer("docker wait @two"), "0");
        root.sh("docker logs @two").succeeds().says("fork");
        run("three", "");
        sleep(Duration::from_millis(500));
        root.answers("docker inspect -f '{{.State.Running}}' @three", "true");
        root.sh("docker rm -f @one @two @three").succeeds();
    });
}

#[test]
fn the_group_of_a_tenant_that_is_gone_goes_when_it_is_empty() {
    with_group(|engine, gateway, root, tenant| {
        let alice = gateway.as_tenant("alice", engine.kind());
        let id = alice.answer("docker run -d busybox sleep 1000");
        // The tenant is renamed, so to speak: the former one is gone.
        gateway.reload(&format!("  {tenant}:\n"), "  somebody-else:\n");
        eventually("the new one's group", || group("pids", "somebody-else").exists().then_some(()));
        assert!(group("pids", tenant).exists(), "something runs in it");
        assert_eq!(number(&group("pids", tenant), "pids.max"), 30);
        root.sh(&format!("docker rm -f {id}")).succeeds();
        gateway.reload("  somebody-else:\n", &format!("  {tenant}:\n"));
        eventually("the other one's is gone", || (!group("pids", "somebody-else").exists()).then_some(()));
        assert!(group("memory", tenant).exists());
    });
}
