//! The network as part of the boundary, through a real `wharf serve`: what two tenants reach who only use their docker
//! CLI, from the first container's first moment, through restarts, reloads and other people's hands.
//!
//! What each rule lets through, address by address and with IPv6, is `network_rules`'s business.

#[path = "network_rules/place.rs"]
mod place;
#[path = "network_rules/serving.rs"]
mod serving;

use place::{around, lay_cables};
use serving::{answer_http, answer_names, count_bytes};
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;
use wharf_conformance::eventually;
use wharf_conformance::gateway::{Client, Gateway, ORDINARY};
use wharf_testkit::{Engine, EngineKind, EngineOptions, Netns, TestDir, or_skip, run, wharf_program};

/// A host, all that is around it, and a gateway with alice (8001, 8004), bob (8002, 127.0.0.1:8003) and carol.
struct Quay<'e> {
    engine: &'e Engine,
    outside: Netns,
    gateway: Gateway<'e>,
}

fn on_a_quay(kind: EngineKind, story: impl FnOnce(&mut Quay<'_>)) {
    let options = EngineOptions { arguments: vec!["--dns=192.168.7.1".into()], ..EngineOptions::default() };
    let Some(engine) = or_skip(Engine::start(kind, &options)) else { return };
    let Some(outside) = or_skip(Netns::new()) else { return };
    lay_cables(&engine, &outside);
    answer_http(&outside, "around");
    answer_http(engine.netns(), "host");
    answer_names(&outside, [198, 51, 100, 1]);
    let granting = |ports: &str| format!("{ORDINARY}ports: [{ports}]\n");
    let gateway = Gateway::on(&engine)
        .config("resolvers: [192.168.7.1]")
        .tenant("alice", &format!("{}network: {{lan: false}}\n", granting("'0.0.0.0:8001', '0.0.0.0:8004'")))
        .tenant("bob", &granting("'0.0.0.0:8002', '127.0.0.1:8003'"))
        .tenant("carol", &granting("'0.0.0.0:8005'"))
        .start();
    story(&mut Quay { engine: &engine, outside, gateway });
}

impl Quay<'_> {
    fn client(&self, role: &str) -> Client<'_> {
        self.gateway.as_tenant(role, self.engine.kind())
    }

    /// alice's `web` and `sister`, bob's `web` and `inner`; each serves its own word.
    fn settle(&self) {
        for (role, name, options) in [
            ("alice", "web", "-p 8001:80"),
            ("alice", "sister", ""),
            ("bob", "web", "-p 8002:80"),
            ("bob", "inner", "-p 127.0.0.1:8003:80"),
        ] {
            let serve =
                format!("mkdir -p /www; echo {role}-{name} >/www/index.html; exec httpd -f -h /www -p 80");
            let words = format!(
                "docker run -d --init --restart=always --name {name} {options} busybox sh -c '{serve}'"
            );
            let _id = self.client(role).answer(&words);
        }
        self.wait_for_containers();
    }

    fn wait_for_containers(&self) {
        for (role, name) in [("alice", "web"), ("alice", "sister"), ("bob", "web"), ("bob", "inner")] {
            let fetch = format!("docker exec {name} wget -q -O - http://127.0.0.1");
            let client = self.client(role);
            eventually("a container serves", || {
                let run = client.sh(&fetch);
                (run.status() == 0 && run.stdout().trim() == format!("{role}-{name}")).then_some(())
            });
        }
    }

    fn address(&self, role: &str, name: &str, field: &str) -> String {
        let format = format!("{{{{range .NetworkSettings.Networks}}}}{{{{.{field}}}}}{{{{end}}}}");
        self.client(role).answer(&format!("docker inspect -f '{format}' {name}"))
    }

    /// What alice's `web` can be answered by, of all there is to try.
    fn alice_reaches(&self) -> BTreeSet<&'static str> {
        let own = |url: &str| url.to_owned();
        let all = [
            ("own network", own("sister"), "alice-sister"),
            ("own published port", own("192.168.7.2:8001"), "alice-web"),
            ("internet", own("198.51.100.1"), "around"),
            ("internet by name", own("www.example"), "around"),
            ("lan", own("192.168.7.1"), "around"),
            ("carriers", own("100.64.0.1"), "around"),
            ("metadata", own("169.254.169.254"), "around"),
            ("other metadata", own("100.100.100.200"), "around"),
            ("host", own("192.168.7.2"), "host"),
            ("host at the gateway", self.address("alice", "web", "Gateway"), "host"),
            ("bob", self.address("bob", "web", "IPAddress"), "bob-web"),
            ("bob's own host", self.address("bob", "web", "Gateway"), "host"),
            ("bob's published port", own("192.168.7.2:8002"), "bob-web"),
            ("bob's port on loopback", own("192.168.7.2:8003"), "bob-inner"),
        ];
        let one = |(what, url, by): &(&str, String, &str)| {
            let fetched = format!("\"$(timeout 4 wget -q -O - http://{url}/ 2>/dev/null)\"");
            format!("( [ {fetched} = {by} ] && echo \"{what}\" ) &\n")
        };
        let script = format!("{}wait\n", all.iter().map(one).collect::<String>());
        let client = self.client("alice");
        client.write("try.sh", &script);
        let said = client.answer("docker exec -i web sh <try.sh");
        all.iter().map(|(what, ..)| *what).filter(|what| said.lines().any(|line| line == *what)).collect()
    }

    fn alice_reaches_exactly(&self, expected: &[&'static str], when: &str) {
        let expected: BTreeSet<&str> = expected.iter().copied().collect();
        // What must be reached may take three tries; what must not, must not even once.
        let mut reached = BTreeSet::new();
        for _ in 0..3 {
            reached = self.alice_reaches();
            let wrongly: Vec<_> = reached.difference(&expected).collect();
            assert!(wrongly.is_empty(), "{when}, these were reached: {wrongly:?}");
            if reached == expected {
                return;
            }
        }
        let missing: Vec<_> = expected.difference(&reached).collect();
        panic!("{when}, these were not reached: {missing:?}");
    }

    /// Who answers somebody around the host.
    fn seen_from_around(&self, url: &str) -> String {
        let fetch = format!("timeout 3 busybox wget -q -O - http://{url}/ || true");
        let said = run(around(self.engine, &self.outside).args(["sh", "-c", &fetch]));
        said.expect("a shell").trim().to_owned()
    }

    fn nft(&self, words: &str) -> String {
        run(self.engine.in_netns("nft").args(words.split_whitespace()))
            .unwrap_or_else(|error| panic!("{error}"))
    }

    /// What `wharf doctor` says to the administrator.
    fn doctor(&self) -> String {
        let mut command = self.engine.in_netns(wharf_program().expect("wharf"));
        command.args(["doctor", "--config"]).arg(self.gateway.path("host.yml")).stdin(Stdio::null());
        String::from_utf8_lossy(&command.output().expect("an end").stdout).into_owned()
    }

    fn has_rules(&self) -> bool {
        self.nft("list tables").lines().any(|line| line == "table inet wharf")
    }

    /// How often the rules were put in anew while this happened.
    fn changes_of_rules(&self, happening: impl FnOnce()) -> usize {
        let directory = TestDir::new().expect("a directory");
        let path = directory.join("changes");
        let file = fs::File::create(&path).expect("a file");
        let mut command = self.engine.in_netns("stdbuf");
        let mut monitor = command.args(["-oL", "nft", "monitor"]).stdout(file).spawn().expect("nft monitor");
        let said = || fs::read_to_string(&path).expect("what it said");
        let mark = |name: &str| {
            eventually("nft monitor hears", || {
                self.nft(&format!("add table inet {name}"));
                self.nft(&format!("delete table inet {name}"));
                said().contains(&format!("delete table inet {name}")).then_some(())
            });
        };
        mark("begin");
        happening();
        // What nobody waits for comes within a moment.
        thread::sleep(Duration::from_secs(1));
        mark("end");
        monitor.kill().and_then(|()| monitor.wait()).expect("its end");
        said().lines().filter(|line| line.trim() == "add table inet wharf").count()
    }
}

/// What every tenant reaches without a grant.
const DEFAULT: [&str; 5] =
    ["own network", "own published port", "internet", "internet by name", "bob's published port"];

#[test]
fn docker20_tenants_reach_what_is_granted() {
    on_a_quay(EngineKind::Docker20, tenants_reach_what_is_granted);
}

#[test]
fn docker28_tenants_reach_what_is_granted() {
    on_a_quay(EngineKind::Docker28, tenants_reach_what_is_granted);
}

fn tenants_reach_what_is_granted(quay: &mut Quay<'_>) {
    quay.settle();
    quay.alice_reaches_exactly(&DEFAULT, "by default");
    let ports =
        ["192.168.7.2:8001", "192.168.7.2:8002", "127.0.0.1:8003"].map(|url| quay.seen_from_around(url));
    assert_eq!(ports, ["alice-web", "bob-web", ""], "as the LAN sees it");

    quay.engine.restart().expect("the engine again");
    quay.wait_for_containers();
    quay.alice_reaches_exactly(&DEFAULT, "after the engine restarted");

    // Somebody's hands: without the rules all is open, and then they are back.
    eventually("the LAN is reached without rules", || {
        quay.nft("add table inet wharf");
        quay.nft("delete table inet wharf");
        // They may be back at any moment.
        let run = quay.client("alice").sh("docker exec web timeout 2 wget -q -O - http://192.168.7.1");
        (run.status() == 0).then_some(())
    });
    eventually("the rules are back", || quay.has_rules().then_some(()));
    quay.alice_reaches_exactly(&DEFAULT, "after somebody took the rules away");
    assert!(quay.gateway.log().contains("were taken away"), "{}", quay.gateway.log());

    with_other_grants(quay);
    without_wharf(quay);
}

fn with_other_grants(quay: &mut Quay<'_>) {
    let lan = [&DEFAULT[..], &["lan", "carriers"]].concat();
    quay.gateway.reload("network: {lan: false}", "network: {lan: true}");
    eventually("the grant holds", || (quay.alice_reaches().contains("lan")).then_some(()));
    quay.alice_reaches_exactly(&lan, "with the grant `lan`");

    let heard = count_bytes(&quay.outside, "192.168.7.1:7000");
    let alice = quay.client("alice");
    let mut talk =
        alice.start("docker exec web sh -c 'while sleep 0.05; do echo x; done | nc 192.168.7.1 7000'");
    eventually("the talk begins", || (heard.load(Ordering::SeqCst) > 10).then_some(()));
    quay.gateway.reload("network: {lan: true}", "network: {lan: false}");
    eventually("the talk ends", || {
        let before = heard.load(Ordering::SeqCst);
        thread::sleep(Duration::from_secs(1));
        (heard.load(Ordering::SeqCst) == before).then_some(())
    });
    talk.ends_input();
    drop(talk);
    quay.alice_reaches_exactly(&DEFAULT, "when the grant was taken back");

    quay.gateway.reload("network: {lan: false}", "network: {lan: true, host: true, internet: true}");
    let open = [&lan[..], &["host", "host at the gateway", "bob's own host"]].concat();
    eventually("the grant holds", || (quay.alice_reaches().contains("host")).then_some(()));
    quay.alice_reaches_exactly(&open, "with all grants");
    quay.gateway.reload("network: {lan: true, host: true, internet: true}", "network: {lan: false}");
}

/// The rules stay when wharf goes, and what it kept brings them back at boot, before the engine.
fn without_wharf(quay: &mut Quay<'_>) {
    eventually("the grant is gone", || {
        (!quay.nft("list set inet wharf lan").contains("elements")).then_some(())
    });
    let kept = quay.gateway.path("state/network.nft");
    assert_eq!(fs::metadata(&kept).expect("the rules").permissions().mode() & 0o777, 0o600);
    quay.gateway.stop();
    let before = quay.nft("-s list table inet wharf");
    assert!(!quay.doctor().contains("network-rules"), "{}", quay.doctor());
    quay.nft("delete table inet wharf");
    assert!(quay.doctor().contains("are missing [network-rules]"), "{}", quay.doctor());
    quay.nft(&format!("-f {}", kept.display()));
    assert_eq!(quay.nft("-s list table inet wharf"), before);
    quay.nft("add element inet wharf lan { wharf-stranger }");
    assert!(quay.doctor().contains("[network-rules]"), "{}", quay.doctor());
    quay.gateway.start_again();
    quay.alice_reaches_exactly(&DEFAULT, "with what was kept for the boot");
}

#[test]
fn docker20_first_containers_meet_their_rules_and_runs_cost_none() {
    on_a_quay(EngineKind::Docker20, first_containers_meet_their_rules);
}

#[test]
fn docker28_first_containers_meet_their_rules_and_runs_cost_none() {
    on_a_quay(EngineKind::Docker28, first_containers_meet_their_rules);
}

fn first_containers_meet_their_rules(quay: &mut Quay<'_>) {
    let carol = quay.client("carol");
    // Without rules the first would be answered; before its rules, the second would not.
    let script = "for i in 1 2 3 4 5 6 7 8 9 10; do timeout 1 wget -q -O - http://192.168.7.1/; done; echo; \
                  timeout 1 wget -q -O - http://198.51.100.1/";
    let said = carol.answer(&format!("docker run --rm busybox sh -c '{script}'"));
    assert_eq!(said.trim(), "around", "only what is on the internet answers, and that at once");

    let runs = || {
        for _ in 0..3 {
            carol.sh("docker run --rm busybox true").succeeds();
        }
        carol.sh("docker create --name idle -p 8005:80 busybox true").succeeds();
        carol.sh("docker volume create data && docker volume rm data").succeeds();
        quay.client("bob").sh("docker network ls").succeeds();
    };
    assert_eq!(quay.changes_of_rules(runs), 0, "nothing that the rules are made of has changed");
    let publishes = || carol.sh("docker start idle").succeeds().status();
    let changes = quay.changes_of_rules(|| assert_eq!(publishes(), 0));
    assert_eq!(changes, 2, "a port is opened, and closed when its container ends");
    let networks = || {
        carol.sh("docker network create back && docker network rm back").succeeds();
    };
    assert_eq!(quay.changes_of_rules(networks), 2, "a network comes and goes");
    let loopback = || {
        quay.client("bob").sh("docker run --rm -p 127.0.0.1:8003:80 --network none busybox true").succeeds();
    };
    assert_eq!(quay.changes_of_rules(loopback), 0, "a port on loopback opens nothing to containers");
}

/// `wharf serve` with this gateway's configuration, for as long as it takes to see what it says.
fn served(gateway: &Gateway<'_>, command: &mut Command) -> Output {
    command.args(["timeout", "5"]).arg(wharf_program().expect("wharf")).args(["serve", "--config"]);
    command.arg(gateway.path("host.yml")).stdin(Stdio::null()).output().expect("an end")
}

#[test]
fn serves_nobody_whom_it_cannot_guard() {
    on_a_quay(EngineKind::Docker28, |quay| {
        quay.gateway.stop();
        let elsewhere = Netns::new().expect("another namespace");
        let without_nft = || {
            let mut command = quay.engine.in_netns("unshare");
            command.args(["-m", "sh", "-c", "mount -t tmpfs none /usr/sbin && exec \"$@\"", "sh"]);
            command
        };
        let said = |output: &Output| String::from_utf8_lossy(&output.stderr).into_owned();

        let refused = served(&quay.gateway, &mut elsewhere.command("env"));
        assert_eq!(refused.status.code(), Some(3), "{}", said(&refused));
        assert!(said(&refused).contains("works in another network namespace"), "{}", said(&refused));
        let refused = served(&quay.gateway, &mut without_nft());
        assert_eq!(refused.status.code(), Some(3), "{}", said(&refused));
        assert!(said(&refused).contains("install the package nftables"), "{}", said(&refused));
        assert!(said(&refused).contains("metadata"), "what stands open otherwise: {}", said(&refused));

        let path = quay.gateway.path("host.yml");
        let text = fs::read_to_string(&path).expect("the configuration");
        let open = "network: {internet: true, lan: true, host: true}";
        let text = text
            .replace("    network: {lan: false}\n", "")
            .replace("limits:", &format!("{open}\n    limits:"));
        fs::write(path, text).expect("the configuration");
        for command in [&mut elsewhere.command("env"), &mut without_nft()] {
            let output = served(&quay.gateway, command);
            assert_eq!(output.status.code(), Some(124), "it serves until it is stopped: {}", said(&output));
            assert!(said(&output).contains("are not guarded"), "{}", said(&output));
        }
    });
}
