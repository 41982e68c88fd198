//! Groups on this machine's own kernel, and on directories that look like one of the other kind.

use super::*;
use crate::testing::is_root;
use std::fs;
use std::process::{Child, Command};

const GIB: u64 = 1 << 30;

fn group(name: &str) -> TenantGroup {
    TenantGroup { name: name.to_owned(), nano_cpus: 1_500_000_000, memory: GIB, pids: 64 }
}

fn groups(hierarchies: Hierarchies, keeper: &str) -> ControlGroups {
    ControlGroups { kind: Kind::Directories { hierarchies, mark: keeper.to_owned() } }
}

/// This kernel's own, where it has version 1; a test without them then returns.
fn real() -> Option<(Hierarchies, ControlGroups, String)> {
    let found = if is_root() { Hierarchies::find().ok() } else { None };
    let legacy = found.filter(|found| matches!(found, Hierarchies::Legacy { .. }));
    let Some(hierarchies) = legacy else {
        eprintln!("skipped: needs root, and cgroup v1");
        return None;
    };
    let keeper = format!("test-{}-{:?}", std::process::id(), std::thread::current().id());
    let tenant = keeper.replace(|c: char| !c.is_ascii_alphanumeric(), "-").to_lowercase();
    Some((hierarchies.clone(), groups(hierarchies, &keeper), tenant))
}

fn at(hierarchies: &Hierarchies, controller: usize, tenant: &str) -> Directory {
    let root = hierarchies.places().nth(controller).unwrap();
    Directory::at(root.join(ABOVE).join(tenant))
}

const CPU: usize = 0;
const MEMORY: usize = 1;
const PIDS: usize = 2;

/// A process inside one hierarchy's group, until it is dropped.
struct Inhabitant(Child);

impl Inhabitant {
    fn of(group: &Directory, script: &str) -> Self {
        let child = Command::new("sh")
            .args(["-c", &format!("echo $$ > {}/cgroup.procs && {script}", group.path().display())])
            .spawn()
            .unwrap();
        Self(child)
    }
}

impl Drop for Inhabitant {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while !is_so() {
        assert!(std::time::Instant::now() < deadline, "{what}");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

#[test]
fn a_group_carries_the_grant_and_goes_with_the_tenant() {
    let Some((hierarchies, groups, tenant)) = real() else { return };
    let mut wanted = group(&format!("/wharf/{tenant}"));
    let [cpu, memory, pids] = [CPU, MEMORY, PIDS].map(|controller| at(&hierarchies, controller, &tenant));
    for (cpus, bytes, processes) in [(3, GIB, 64), (3, GIB, 64), (1, GIB / 2, 32), (5, 2 * GIB, 128)] {
        (wanted.nano_cpus, wanted.memory, wanted.pids) = (cpus * 500_000_000, bytes, processes);
        assert_eq!(groups.hold(&[wanted.clone()]).unwrap().refused, []);
        assert_eq!(cpu.number("cpu.cfs_quota_us").unwrap(), Some(cpus * 50_000));
        assert_eq!(cpu.number("cpu.cfs_period_us").unwrap(), Some(100_000));
        assert_eq!(memory.number("memory.limit_in_bytes").unwrap(), Some(bytes));
        if memory.has("memory.memsw.limit_in_bytes") {
            assert_eq!(memory.number("memory.memsw.limit_in_bytes").unwrap(), Some(bytes));
        }
        assert_eq!(pids.number("pids.max").unwrap(), Some(processes));
    }
    groups.hold(&[]).unwrap();
    assert!([cpu, memory, pids].iter().all(|group| !group.path().exists()));
}

#[test]
fn a_group_that_was_there_before_is_taken_over_and_another_keepers_stays() {
    let Some((hierarchies, groups, tenant)) = real() else { return };
    let pids = at(&hierarchies, PIDS, &tenant);
    fs::create_dir_all(pids.path()).unwrap();
    groups.hold(&[]).unwrap();
    assert!(pids.path().exists(), "nobody's mark is on it");
    groups.hold(&[group(&format!("/wharf/{tenant}"))]).unwrap();
    assert_eq!(pids.number("pids.max").unwrap(), Some(64));
    let others = super::tests::groups(hierarchies.clone(), "somebody else");
    others.hold(&[]).unwrap();
    assert!(pids.path().exists());
    groups.hold(&[]).unwrap();
    assert!(!pids.path().exists());
}

#[test]
fn a_group_in_use_stays_and_what_it_uses_is_not_taken_from_it() {
    let Some((hierarchies, groups, tenant)) = real() else { return };
    let mut wanted = group(&format!("/wharf/{tenant}"));
    groups.hold(&[wanted.clone()]).unwrap();
    let memory = at(&hierarchies, MEMORY, &tenant);
    // A string of 64 MiB, which cannot be reclaimed where there is no swap, nor be swapped out where memsw holds.
    let script = "x=$(head -c 67108864 /dev/zero | tr '\\0' x); sleep 1000 & wait";
    let inhabitant = Inhabitant::of(&memory, script);
    until("memory is used", || memory.number("memory.usage_in_bytes").unwrap().unwrap() > 64 << 20);
    until("it sleeps", || memory.read("cgroup.procs").unwrap().lines().count() == 2);
    wanted.memory = 8 << 20;
    let refused = groups.hold(&[wanted.clone()]).unwrap().refused;
    assert_eq!(refused, [Refused::in_use(&wanted.name, "memory")]);
    assert_eq!(memory.number("memory.limit_in_bytes").unwrap(), Some(GIB), "the former one");
    groups.hold(&[]).unwrap();
    assert!(memory.path().exists(), "something runs in it");
    let sleeper: Vec<String> = memory.read("cgroup.procs").unwrap().lines().map(str::to_owned).collect();
    drop(inhabitant);
    let _ = Command::new("kill").args(&sleeper).stderr(std::process::Stdio::null()).status();
    until("it is empty", || memory.read("cgroup.procs").unwrap().is_empty());
    assert_eq!(groups.hold(&[wanted]).unwrap().refused, []);
    assert_eq!(memory.number("memory.limit_in_bytes").unwrap(), Some(8 << 20));
    groups.hold(&[]).unwrap();
    assert!(!memory.path().exists());
}

#[test]
fn a_container_that_has_more_cpus_than_the_new_grant_is_named_as_the_reason() {
    let Some((hierarchies, groups, tenant)) = real() else { return };
    let mut wanted = group(&format!("/wharf/{tenant}"));
    groups.hold(&[wanted.clone()]).unwrap();
    let container = Directory::at(at(&hierarchies, CPU, &tenant).path().join("container"));
    container.make().unwrap();
    container.write("cpu.cfs_quota_us", "150000").unwrap();
    wanted.nano_cpus = 1_000_000_000;
    assert_eq!(groups.hold(&[wanted.clone()]).unwrap().refused, [Refused::child_has_more(&wanted.name)]);
    container.write("cpu.cfs_quota_us", "100000").unwrap();
    assert_eq!(groups.hold(&[wanted]).unwrap().refused, []);
    fs::remove_dir(container.path()).unwrap();
    groups.hold(&[]).unwrap();
}

#[test]
fn only_tenants_groups_are_held() {
    let nowhere = Hierarchies::Unified("/nonexistent".into());
    for name in
        ["/", "/wharf", "/wharf/", "/wharf/a/b", "/wharf/..", "/docker/a", "wharf/a", "/wharfa", "/wharf/a b"]
    {
        let held = groups(nowhere.clone(), "test").hold(&[group(name)]);
        assert!(matches!(held, Err(ControlGroupError::Name(_))), "{name}: {held:?}");
    }
}

#[test]
fn controllers_are_found_where_runc_looks_for_them() {
    let v2 = "sysfs /sys sysfs rw 0 0\ncgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n";
    assert_eq!(Hierarchies::of(v2).unwrap(), Hierarchies::Unified("/sys/fs/cgroup".into()));
    let hybrid = "tmpfs /sys/fs/cgroup tmpfs ro 0 0\n\
                  cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n\
                  cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,cpu,cpuacct 0 0\n\
                  cgroup /sys/fs/cgroup/cpuset cgroup rw,cpuset 0 0\n\
                  cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0\n\
                  cgroup /sys/fs/cgroup/pids cgroup rw,pids 0 0\n";
    let expected = Hierarchies::Legacy {
        cpu: "/sys/fs/cgroup/cpu,cpuacct".into(),
        memory: "/sys/fs/cgroup/memory".into(),
        pids: "/sys/fs/cgroup/pids".into(),
    };
    assert_eq!(Hierarchies::of(hybrid).unwrap(), expected);
    let without = hybrid.replace("rw,memory", "rw,devices");
    assert!(matches!(
        Hierarchies::of(&without),
        Err(ControlGroupError::NoController { controller: "memory" })
    ));
}

/// A directory with the files of a cgroup v2 that has all controllers: what is asked of the kernel shows in them. The
/// kernel here has no controllers on its own v2.
fn look_alike(tenant: &str, current: u64) -> (tempfile::TempDir, Directory) {
    let root = tempfile::tempdir().unwrap();
    let own = root.path().join(ABOVE).join(tenant);
    fs::create_dir_all(&own).unwrap();
    fs::write(root.path().join("cgroup.controllers"), "cpuset cpu io memory pids\n").unwrap();
    fs::write(root.path().join("cgroup.subtree_control"), "cpuset cpu\n").unwrap();
    fs::write(root.path().join(ABOVE).join("cgroup.subtree_control"), "\n").unwrap();
    for (file, text) in [
        ("cpu.max", "max 100000\n"),
        ("pids.max", "max\n"),
        ("memory.max", "max\n"),
        ("memory.high", "max\n"),
        ("memory.swap.max", "max\n"),
        ("memory.current", &format!("{current}\n")),
    ] {
        fs::write(own.join(file), text).unwrap();
    }
    (root, Directory::at(own))
}

#[test]
fn on_v2_the_controllers_are_enabled_and_the_files_say_the_grant_on_a_look_alike() {
    let (root, own) = look_alike("alice", 4096);
    let groups = groups(Hierarchies::Unified(root.path().into()), "test");
    assert_eq!(groups.hold(&[group("/wharf/alice")]).unwrap().refused, []);
    let read = |path: &str| fs::read_to_string(root.path().join(path)).unwrap();
    assert_eq!(read("cgroup.subtree_control"), "+memory +pids");
    assert_eq!(read("wharf/cgroup.subtree_control"), "+cpu +memory +pids");
    assert_eq!(own.read("cpu.max").unwrap(), "150000 100000");
    assert_eq!(own.read("memory.max").unwrap(), GIB.to_string());
    assert_eq!(own.read("memory.swap.max").unwrap(), "0");
    assert_eq!(own.read("memory.high").unwrap(), "max");
    assert_eq!(own.read("pids.max").unwrap(), "64");
}

#[test]
fn on_v2_a_limit_below_what_is_in_use_is_not_set_on_a_look_alike() {
    let (root, own) = look_alike("alice", 2 * GIB);
    let groups = groups(Hierarchies::Unified(root.path().into()), "test");
    let refused = groups.hold(&[group("/wharf/alice")]).unwrap().refused;
    assert_eq!(refused, [Refused::in_use("/wharf/alice", "memory")]);
    assert_eq!(own.read("memory.max").unwrap(), "max", "the kernel would end processes");
    assert_eq!(own.read("memory.high").unwrap(), GIB.to_string(), "it makes room instead");
    fs::write(own.path().join("memory.current"), "4096\n").unwrap();
    assert_eq!(groups.hold(&[group("/wharf/alice")]).unwrap().refused, []);
    assert_eq!(own.read("memory.max").unwrap(), GIB.to_string());
    assert_eq!(own.read("memory.high").unwrap(), "max");
}

#[test]
fn on_v2_a_missing_controller_is_named_on_a_look_alike() {
    let (root, _own) = look_alike("alice", 0);
    fs::write(root.path().join("cgroup.controllers"), "cpu pids\n").unwrap();
    let held = groups(Hierarchies::Unified(root.path().into()), "test").hold(&[group("/wharf/alice")]);
    assert!(matches!(held, Err(ControlGroupError::NoController { controller: "memory" })), "{held:?}");
}
