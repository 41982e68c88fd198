//! What no tenant may do, as the docker CLI shows it: one line that names the rule and says what to do. What each field
//! may hold is the rules' own business and tested there; this is that they are asked, and how it reads.

use wharf_conformance::gateway::{Client, with_neighbours};

/// Options of `docker create`, each of which is enough for a refusal.
const OPTIONS: &[&str] = &[
    "--privileged",
    "--network host",
    "--pid host",
    "--ipc host",
    "--uts host",
    "--userns host",
    "--cgroupns host",
    "--device /dev/null",
    "--device-cgroup-rule 'a *:* rwm'",
    "--cap-add SYS_ADMIN",
    "--security-opt seccomp=unconfined",
    "--security-opt apparmor=unconfined",
    "--security-opt no-new-privileges=false",
    "--security-opt systempaths=unconfined",
    "-v /:/host",
    "-v /etc:/host:ro",
    "--mount type=bind,src=/etc,dst=/host",
    "--mount type=volume,dst=/host,volume-opt=type=none,volume-opt=o=bind,volume-opt=device=/",
    "--volume-driver rclone -v data:/data",
    "--cgroup-parent /",
    "--runtime io.containerd.other.v1",
    "--log-driver syslog",
    "--log-driver gelf --log-opt gelf-address=udp://192.0.2.1:1",
    "--sysctl net.ipv4.conf.all.route_localnet=1",
    "--storage-opt size=1G",
    "--label wharf.tenant=bob",
    "-p 127.0.0.1:22:22",
    "-p 0.0.0.0:20000:80",
    "--memory 1t",
    "--cpus 64",
    "--pids-limit -1",
    "--oom-kill-disable",
];

const VERBS: &[&str] = &[
    "docker network create --driver macvlan net",
    "docker network create --subnet 169.254.169.0/24 net",
    "docker network create -o com.docker.network.bridge.name=docker0 net",
    "docker volume create --driver rclone vol",
    "docker volume create -o type=tmpfs -o device=tmpfs vol",
    "docker volume create --label wharf.tenant=bob vol",
    "docker network create --label wharf.tenant=bob net",
    "docker swarm init",
    "docker plugin ls",
    "docker node ls",
    "docker secret ls",
    "docker pull registry.example/not/granted",
    "docker exec --privileged box true",
    "docker update --memory 1t --memory-swap 1t box",
    "docker commit -c 'LABEL wharf.tenant=bob' box own",
    "docker tag busybox wharf.invalid/bob/1/docker.io/library/busybox:latest",
    "docker build - </dev/null",
];

fn is_denied(client: &Client<'_>, script: &str) -> Result<(), String> {
    let had = client.lines("docker ps -aq; docker network ls -q; docker volume ls -q");
    let run = client.sh_where_anything_may_be_said(script);
    let said = run.stderr();
    let lines: Vec<_> = said.lines().filter(|line| line.contains("wharf: denied by rule ")).collect();
    if run.status() == 0 || lines.len() != 1 || !lines[0].contains("; ") {
        return Err(run.to_string());
    }
    assert_eq!(client.lines("docker ps -aq; docker network ls -q; docker volume ls -q"), had, "{script}");
    Ok(())
}

#[test]
fn what_would_reach_the_host_is_denied_by_a_rule_in_one_line() {
    with_neighbours(|alice, _bob| {
        alice.sh("docker run -d --name box busybox sleep 1000").succeeds();
        let creates = OPTIONS.iter().map(|options| format!("docker create {options} busybox true"));
        let scripts = creates.chain(VERBS.iter().map(ToString::to_string));
        let others: Vec<_> = scripts.filter_map(|script| is_denied(alice, &script).err()).collect();
        assert!(others.is_empty(), "not denied in one line:\n{}", others.join("\n"));
        alice.sh("docker network rm bridge").exits(1).says("pre-defined network");
        alice.sh("docker network connect host box").exits(1).says("network host not found");
        alice.sh("docker rm -f box").succeeds();
    });
}

#[test]
fn all_capabilities_are_all_that_a_tenant_may_have() {
    with_neighbours(|alice, _bob| {
        let effective = |options: &str| {
            let script = format!("docker run --rm {options} busybox grep CapEff /proc/self/status");
            let said = alice.answer(&script);
            u64::from_str_radix(said.split_whitespace().last().unwrap(), 16).unwrap()
        };
        assert_eq!(effective("--cap-add ALL"), effective(""));
        // NET_RAW and MKNOD are not among those that every tenant has.
        assert_eq!(effective("") & (1 << 13 | 1 << 27), 0);
        assert_eq!(effective("--cap-drop ALL"), 0);
    });
}

#[test]
fn limits_are_added_where_there_are_none_and_their_sum_is_held() {
    with_neighbours(|alice, _bob| {
        alice.sh("docker run -d --name box busybox sleep 1000").succeeds();
        let shown = "{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}} {{.HostConfig.PidsLimit}}";
        alice.answers(&format!("docker inspect -f '{shown}' box"), "67108864 1000000000 128");
        let too_much = alice.sh("docker run --rm --memory 4g busybox true");
        too_much.exits(125).says("denied by rule").says("memory");
        alice.sh("docker rm -f box && docker run --rm --memory 4g --memory-swap 4g busybox true").succeeds();
    });
}
