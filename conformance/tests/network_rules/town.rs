//! An engine with a LAN, an internet, a cloud's metadata service and tenants around it.
//!
//! All around the host is one network namespace with many addresses, since only the addresses matter: it is the router,
//! the LAN and the world behind it.

use crate::place::{around, lay_cables};
use crate::serving::{answer_http, answer_names, count_bytes, inside};
use crate::table::{Column, Proxy, Row};
use std::collections::BTreeSet;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use wharf_conformance::eventually;
use wharf_host::{Installed, PacketFilter, PublishedPort, Ruleset, Surroundings, TenantNetwork};
use wharf_model::{NetworkGrant, Protocol};
use wharf_testkit::{Engine, EngineKind, EngineOptions, Netns, or_skip, run};

/// Who owns a network, its bridge, and its part of 10.89.0.0/16 and fd00:89::/48.
const NETWORKS: &[(&str, &str, u8)] =
    &[("alice", "wharf-alice", 1), ("bob", "wharf-bob", 2), ("alice", "wharf-second", 3)];

/// A container, its network, the end of its addresses, and the port it publishes.
const CONTAINERS: &[(&str, &str, u8, Option<&str>)] = &[
    ("alice", "wharf-alice", 2, Some("8001:80")),
    ("sister", "wharf-alice", 3, None),
    ("bob", "wharf-bob", 2, Some("8002:80")),
    ("second", "wharf-second", 2, Some("127.0.0.1:8003:80")),
    ("admin", "bridge", 2, Some("8009:80")),
];

/// Whether the rules are told what is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Published {
    /// 8001 and 8002 at every address.
    Yes,
    /// Nothing.
    No,
}

/// The engine and all around it.
pub(crate) struct Town {
    engine: Engine,
    around: Netns,
    proxy: Proxy,
}

/// A connection from a container of alice's into the LAN, a byte every few milliseconds.
pub(crate) struct Talk {
    heard: Arc<AtomicUsize>,
    client: Child,
}

impl Town {
    /// Builds it; `None` where there are no engines.
    pub(crate) fn with(kind: EngineKind, proxy: Proxy) -> Option<Self> {
        let userland = format!("--userland-proxy={}", proxy == Proxy::Runs);
        let options = EngineOptions {
            arguments: vec!["--dns=192.168.7.1".into(), userland],
            ..EngineOptions::default()
        };
        let engine = or_skip(Engine::start(kind, &options))?;
        let around = or_skip(Netns::new())?;
        let town = Self { engine, around, proxy };
        lay_cables(&town.engine, &town.around);
        answer_http(&town.around, "around");
        answer_http(town.engine.netns(), "host");
        answer_names(&town.around, [198, 51, 100, 1]);
        town.settle();
        Some(town)
    }

    fn settle(&self) {
        self.engine.import_busybox().expect("an image");
        for (_, bridge, part) in NETWORKS {
            let (v4, v6) = (format!("10.89.{part}.0/24"), format!("fd00:89:0:{part}::/64"));
            let option = format!("com.docker.network.bridge.name={bridge}");
            self.docker(&[
                "network", "create", "--ipv6", "--subnet", &v4, "--subnet", &v6, "-o", &option, bridge,
            ]);
        }
        for (name, network, end, port) in CONTAINERS {
            let mut words = vec!["run", "-d", "--restart=always", "--stop-timeout=1", "--init"];
            words.extend(["--name", name, "--network", network]);
            let part = NETWORKS.iter().find(|(_, bridge, _)| bridge == network).map(|(_, _, part)| part);
            let addresses = part
                .map(|part| [format!("--ip=10.89.{part}.{end}"), format!("--ip6=fd00:89:0:{part}::{end}")]);
            words.extend(addresses.iter().flatten().map(String::as_str));
            words.extend(port.iter().flat_map(|port| ["-p", port]));
            let serve = format!("mkdir -p /www; echo {name} >/www/index.html; exec httpd -f -h /www -p 80");
            words.extend(["busybox", "sh", "-c", &serve]);
            self.docker(&words);
        }
        self.wait_for_containers();
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    fn docker(&self, words: &[&str]) -> String {
        self.engine.docker(words).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Until each serves itself.
    pub(crate) fn wait_for_containers(&self) {
        for (name, ..) in CONTAINERS {
            eventually("a container serves", || {
                let fetch = ["exec", name, "wget", "-q", "-O", "-", "http://127.0.0.1"];
                self.engine.docker(fetch).ok().filter(|said| said.trim() == *name)
            });
        }
    }

    /// Does it where `wharf serve` would run.
    pub(crate) fn in_engine_netns<T: Send>(&self, task: impl FnOnce() -> T + Send) -> T {
        inside(self.engine.netns().name(), task)
    }

    /// Runs `nft` where the engine is, as an administrator would.
    pub(crate) fn nft(&self, words: &[&str]) -> String {
        run(self.engine.in_netns("nft").args(words)).unwrap_or_else(|error| panic!("{error}"))
    }

    /// All rules that the engine made, without what they counted.
    pub(crate) fn engines_rules(&self) -> String {
        let saved = ["iptables-save", "ip6tables-save"]
            .map(|program| run(&mut self.engine.in_netns(program)).unwrap_or_else(|error| panic!("{error}")));
        let rules = saved.concat();
        let rules: Vec<&str> = rules.lines().filter(|line| line.starts_with('-')).collect();
        assert!(
            rules.iter().any(|rule| rule.contains("wharf-alice")),
            "the engine's rules are not seen: {rules:?}"
        );
        rules.join("\n")
    }

    fn ruleset(&self, grant: NetworkGrant, published: Published, owners: &[&str]) -> Ruleset {
        let networks: Vec<TenantNetwork> = NETWORKS
            .iter()
            .filter(|(tenant, ..)| owners.contains(tenant))
            .map(|(tenant, bridge, _)| TenantNetwork {
                bridge: bridge.parse().expect("a bridge"),
                tenant: tenant.parse().expect("a tenant"),
                network: if *tenant == "alice" { grant } else { NetworkGrant::default() },
            })
            .collect();
        let port = |address: &str, port: &str| PublishedPort {
            address: address.parse().expect("an address"),
            protocol: Protocol::Tcp,
            port: port.parse().expect("a port"),
        };
        let ports = ["0.0.0.0", "::"].iter().flat_map(|at| [port(at, "8001"), port(at, "8002")]);
        let published = match published {
            Published::Yes => ports.collect(),
            Published::No => BTreeSet::new(),
        };
        let mut surroundings = self.in_engine_netns(Surroundings::observe).expect("surroundings");
        surroundings.resolvers = ["192.168.7.1".parse().expect("an address")].into();
        Ruleset::of(&networks, &published, &surroundings)
    }

    fn filter<T: Send>(
        &self,
        task: impl FnOnce(&PacketFilter) -> Result<T, wharf_host::PacketFilterError> + Send,
    ) -> T {
        let done = self.in_engine_netns(|| PacketFilter::find().and_then(|filter| task(&filter)));
        done.unwrap_or_else(|error| panic!("{error}"))
    }

    pub(crate) fn apply(&self, grant: NetworkGrant, published: Published) {
        let wanted = self.ruleset(grant, published, &["alice", "bob"]);
        self.filter(|filter| filter.apply(&wanted));
    }

    /// Rules that know bob's network only.
    pub(crate) fn apply_without_alice(&self) {
        let wanted = self.ruleset(NetworkGrant::default(), Published::Yes, &["bob"]);
        self.filter(|filter| filter.apply(&wanted));
    }

    pub(crate) fn check(&self, grant: NetworkGrant, published: Published) -> Installed {
        let wanted = self.ruleset(grant, published, &["alice", "bob"]);
        self.filter(|filter| filter.check(&wanted))
    }

    pub(crate) fn repair(&self, grant: NetworkGrant, published: Published) -> Installed {
        let wanted = self.ruleset(grant, published, &["alice", "bob"]);
        self.filter(|filter| filter.repair(&wanted))
    }

    /// Tries every row. What must not be reached must not be so even once. What must be may take three tries: after a
    /// kill of 20.10 two containers were once seen to serve and then, for a few seconds, not.
    pub(crate) fn sees(&self, column: Column, when: &str) {
        let rows = Row::all_with(self.proxy);
        let (must, must_not): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| row.is_reached(column));
        let mut missing = Vec::new();
        for _ in 0..3 {
            let answers = self.tried(&rows);
            let is_reached = |row: &&&Row| answers.contains(&(row.who.to_owned(), row.url.to_owned()));
            let wrongly: Vec<&&Row> = must_not.iter().filter(is_reached).collect();
            assert!(wrongly.is_empty(), "{when}, {column:?}, these were reached: {wrongly:#?}");
            missing = must.iter().filter(|row| !is_reached(row)).collect();
            if missing.is_empty() {
                return;
            }
            eprintln!("{when}, {column:?}, these were not reached: {missing:#?}");
        }
        assert!(missing.is_empty(), "{when}, {column:?}, these were not reached: {missing:#?}");
    }

    /// Who got which answer.
    fn tried(&self, rows: &[Row]) -> BTreeSet<(String, String)> {
        let by = |who: &&str| {
            let those: Vec<&Row> = rows.iter().filter(|row| row.who == *who).collect();
            self.tried_by(who, &those)
        };
        ["alice", "around", "host"].iter().flat_map(by).collect()
    }

    /// All rows of one asker at once: what is dropped in silence takes its time.
    fn tried_by(&self, who: &str, rows: &[&Row]) -> BTreeSet<(String, String)> {
        let gateway = self.link_local_gateway();
        let one = |row: &&Row| {
            let url = row.url.replace("GATEWAY", &gateway);
            let fetched = format!("\"$(timeout 4 busybox wget -q -O - '{url}/' 2>/dev/null)\"");
            format!("( [ {fetched} = {} ] && echo '{}' ) &\n", row.by, row.url)
        };
        let script = format!("{}wait", rows.iter().map(one).collect::<String>());
        let said = match who {
            // Where it does not run, nothing is reached.
            "alice" => self.engine.docker(["exec", "alice", "sh", "-c", &script]).unwrap_or_default(),
            "host" => run(self.engine.in_netns("sh").args(["-c", &script])).expect("a shell"),
            _ => run(self.around().args(["sh", "-c", &script])).expect("a shell"),
        };
        said.lines().map(|url| (who.to_owned(), url.to_owned())).collect()
    }

    fn around(&self) -> std::process::Command {
        around(&self.engine, &self.around)
    }

    fn link_local_gateway(&self) -> String {
        let shown = run(self.engine.in_netns("ip").args([
            "-6",
            "-o",
            "address",
            "show",
            "dev",
            "wharf-alice",
            "scope",
            "link",
        ]));
        let shown = shown.expect("addresses");
        let address =
            shown.split_whitespace().find(|word| word.starts_with("fe80")).expect("a link-local address");
        address.split('/').next().unwrap_or_default().to_owned()
    }

    /// How many packets from an address that is none of alice's come out on the other side.
    pub(crate) fn forged_packets_that_pass(&self) -> usize {
        let count = "table inet seen { chain arriving { type filter hook prerouting priority 0; \
                     ip saddr { 203.0.113.99, 10.89.2.2 } counter; ip6 saddr { 2001:db8:7::99, fd00:89:0:2::2 } counter\n}\n}";
        run(self.around().args(["nft", count])).expect("to count");
        let forge = "for a in 203.0.113.99/32 10.89.2.2/32 2001:db8:7::99/128 fd00:89:0:2::2/128; do \
                     ip address add $a dev eth0; done; sleep 2; for i in 1 2; do \
                     for a in 203.0.113.99 10.89.2.2; do ping -c 1 -W 1 -I $a 198.51.100.1; done; \
                     for a in 2001:db8:7::99 fd00:89:0:2::2; do ping -6 -c 1 -W 1 -I $a 2001:db8:ffff::1; done; done; true";
        self.docker(&[
            "run",
            "--rm",
            "--cap-add=NET_ADMIN",
            "--network=wharf-alice",
            "busybox",
            "sh",
            "-c",
            forge,
        ]);
        let listed = run(self.around().args(["nft", "list", "table", "inet", "seen"])).expect("counters");
        run(self.around().args(["nft", "delete", "table", "inet", "seen"])).expect("no more counting");
        let mut words = listed.split_whitespace();
        let mut all = 0;
        while words.by_ref().any(|word| word == "packets") {
            all += words.next().and_then(|number| number.parse::<usize>().ok()).expect("a number");
        }
        all
    }

    /// Begins to talk; needs the grant `lan`.
    pub(crate) fn talk_to_the_lan(&self) -> Talk {
        let heard = count_bytes(&self.around, "192.168.7.1:7000");
        let script = "while sleep 0.05; do echo x; done | nc 192.168.7.1 7000";
        let mut command = self.engine.docker_command();
        command.args(["exec", "alice", "sh", "-c", script]).stdin(Stdio::null()).stderr(Stdio::null());
        let client = command.spawn().expect("a client");
        eventually("the talk begins", || (heard.load(Ordering::SeqCst) > 0).then_some(()));
        Talk { heard, client }
    }
}

impl Talk {
    /// Whether more comes within two seconds.
    pub(crate) fn is_heard(&self) -> bool {
        // What was under way when the rules changed has arrived by then.
        thread::sleep(Duration::from_millis(300));
        let before = self.heard.load(Ordering::SeqCst);
        let deadline = Instant::now() + Duration::from_secs(2);
        while Instant::now() < deadline {
            if self.heard.load(Ordering::SeqCst) > before {
                return true;
            }
            thread::sleep(Duration::from_millis(50));
        }
        false
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.client.kill().and_then(|()| self.client.wait());
    }
}
