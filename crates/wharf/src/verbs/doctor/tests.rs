//! Facts in, findings out.

use super::facts::{
    Away, ConfigFacts, ConfigState, EngineSide, Facts, MountRootFacts, RegistriesFacts, RegistriesFile,
    RulesFacts, RulesState, SecretsFacts, There, Trouble,
};
use super::finding::word;
use super::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use wharf_docker::Endpoint;
use wharf_host::{FileKind, Installed, MountFacts, ObjectFacts, Owner, WeakPlace, Weakness};
use wharf_reconcile::{Lag, LeftBehind, Listed};
use wharf_wire::{Component, EngineInfo};

/// A host with nothing to say against it.
fn healthy() -> Facts {
    Facts {
        config: ConfigFacts { path: "/etc/wharf/host.yml".into(), state: ConfigState::Read },
        mount_root: Some(mount_root(Vec::new(), true)),
        program: None,
        trail: None,
        registries: RegistriesFacts {
            path: "/etc/wharf/registries.json".into(),
            lent: BTreeSet::new(),
            file: None,
        },
        groups: BTreeMap::from([("docker".to_owned(), BTreeSet::new())]),
        rules: None,
        soft_disk: None,
        secrets: SecretsFacts::default(),
        engine: EngineSide {
            endpoint: Endpoint::Unix("/run/docker.sock".into()),
            socket: Some(ObjectFacts { kind: FileKind::Socket, owner: 0, group: 999, mode: 0o660 }),
            owner: Some("root".to_owned()),
            has_daemon_json: false,
            seen: Seen::There(Box::new(there())),
        },
    }
}

fn there() -> There {
    let info: EngineInfo = serde_json::from_value(serde_json::json!({
        "Name": "ship", "NCPU": 2, "Architecture": "x86_64", "Warnings": null,
        "SecurityOptions": ["name=seccomp,profile=default", "name=userns"],
    }))
    .unwrap();
    let components = vec![
        component("Engine", "29.5.1", ""),
        component("containerd", "2.1.9", ""),
        component("runc", "1.3.3", ""),
    ];
    There { info, components, pods: Vec::new(), left_behind: Vec::new() }
}

fn component(name: &str, version: &str, commit: &str) -> Component {
    let details = BTreeMap::from([("GitCommit".to_owned(), commit.to_owned())]);
    Component { name: name.into(), version: version.into(), details }
}

fn mount_root(places: Vec<WeakPlace>, nosuid: bool) -> MountRootFacts {
    let mount =
        MountFacts { nosuid, nodev: true, noexec: false, read_only: false, mount_point: Some("/".into()) };
    MountRootFacts { path: "/srv/wharf".into(), places: Ok(places), mount: Some(mount) }
}

fn open_place(mode: u32, weakness: Weakness) -> WeakPlace {
    WeakPlace { path: "/srv/wharf/blog".into(), owner: 1000, mode, weakness }
}

fn with(change: impl FnOnce(&mut Facts)) -> Facts {
    let mut facts = healthy();
    change(&mut facts);
    facts
}

fn with_engine(change: impl FnOnce(&mut There)) -> Facts {
    let mut there = there();
    change(&mut there);
    with(|facts| facts.engine.seen = Seen::There(Box::new(there)))
}

/// The one finding.
fn only(facts: &Facts) -> Finding {
    let mut findings = judge::judge(facts);
    assert_eq!(findings.len(), 1, "{findings:#?}");
    findings.remove(0)
}

fn brief(facts: &Facts) -> (Severity, &'static str, String, Vec<String>) {
    let finding = only(facts);
    (finding.severity, finding.id, finding.message, finding.fix)
}

fn trouble() -> Trouble {
    Trouble { why: "`/x` is writable by others".into(), mend: Some("chmod go-w /x".into()) }
}

#[test]
fn a_healthy_host_has_no_findings() {
    assert_eq!(judge::judge(&healthy()), []);
}

#[test]
fn a_member_of_the_engines_group_is_root() {
    let facts =
        with(|facts| facts.groups = BTreeMap::from([("docker".into(), BTreeSet::from(["bob".into()]))]));
    let message = "`bob` is in the group `docker`, which may use the engine".to_owned();
    assert_eq!(
        brief(&facts),
        (Severity::Danger, "engine-group", message, vec!["gpasswd -d bob docker".into()])
    );
}

#[test]
fn a_mount_root_below_another_mount_gets_a_mount_of_its_own() {
    let facts = with(|facts| facts.mount_root = Some(mount_root(Vec::new(), false)));
    let fix = [
        "mount --bind /srv/wharf /srv/wharf",
        "mount -o remount,bind,nosuid,nodev /srv/wharf",
        "echo '/srv/wharf /srv/wharf none bind,nosuid,nodev 0 0' >> /etc/fstab",
    ];
    let message = "the mount root `/srv/wharf` is mounted without nosuid".to_owned();
    assert_eq!(
        brief(&facts),
        (Severity::Warning, "mount-root-options", message, fix.map(str::to_owned).to_vec())
    );
}

#[test]
fn a_mount_root_that_is_a_mount_is_mounted_anew() {
    let facts = with(|facts| {
        let mut root = mount_root(Vec::new(), false);
        root.mount.as_mut().unwrap().mount_point = Some("/srv/wharf".into());
        facts.mount_root = Some(root);
    });
    assert_eq!(only(&facts).fix.first().unwrap(), "mount -o remount,nosuid,nodev /srv/wharf");
}

#[test]
fn an_open_pod_directory_is_a_danger_only_where_set_uid_programs_work() {
    let places = || vec![open_place(0o755, Weakness::OpenToOthers)];
    let harmless = with(|facts| facts.mount_root = Some(mount_root(places(), true)));
    assert_eq!(only(&harmless).severity, Severity::Note);
    let facts = with(|facts| facts.mount_root = Some(mount_root(places(), false)));
    let findings = judge::judge(&facts);
    let briefly: Vec<_> = findings.iter().map(|finding| (finding.severity, finding.id)).collect();
    assert_eq!(briefly, [(Severity::Danger, "pod-directory"), (Severity::Warning, "mount-root-options")]);
    assert_eq!(findings.first().unwrap().fix, ["chmod go-rwx /srv/wharf/blog"]);
}

#[test]
fn pod_directories_that_are_refused_are_named_with_the_command_that_mends_them() {
    let facts =
        |weakness| with(|facts| facts.mount_root = Some(mount_root(vec![open_place(0o770, weakness)], true)));
    assert_eq!(only(&facts(Weakness::ForeignOwner(Owner::Root))).fix, ["chown root: /srv/wharf/blog"]);
    assert_eq!(only(&facts(Weakness::WritableByOthers)).fix, ["chmod go-w /srv/wharf/blog"]);
    assert_eq!(only(&facts(Weakness::NotADirectory(FileKind::Link))).fix, [] as [String; 0]);
}

#[test]
fn a_host_without_configuration_is_told_how_to_have_one() {
    let facts = with(|facts| {
        facts.config.state = ConfigState::Missing;
        facts.mount_root = None;
    });
    let fix = [
        "install -d -m 0755 /etc/wharf",
        "install -d -m 0711 /srv/wharf",
        "echo 'mount_root: /srv/wharf' > /etc/wharf/host.yml",
    ];
    assert_eq!(only(&facts).fix, fix);
    assert_eq!(only(&facts).severity, Severity::Note);
}

#[test]
fn what_is_refused_comes_with_the_reason_and_the_command_that_mends_it() {
    let refused = [
        (
            with(|facts| facts.config.state = ConfigState::Refused(trouble())),
            Severity::Danger,
            "host-configuration-refused",
        ),
        (
            with(|facts| facts.mount_root.as_mut().unwrap().places = Err(trouble())),
            Severity::Danger,
            "mount-root-refused",
        ),
        (with(|facts| facts.program = Some(trouble())), Severity::Warning, "program"),
        (with(|facts| facts.trail = Some(trouble())), Severity::Warning, "audit-trail"),
        (
            with(|facts| {
                facts.registries.file = Some(RegistriesFile { mode: 0o600, refused: Some(trouble()) });
            }),
            Severity::Warning,
            "registries",
        ),
    ];
    for (facts, severity, id) in refused {
        let finding = only(&facts);
        assert_eq!((finding.severity, finding.id), (severity, id));
        assert!(finding.message.ends_with("`/x` is writable by others"), "{}", finding.message);
        assert_eq!(finding.fix, ["chmod go-w /x"]);
    }
}

#[test]
fn passwords_of_registries_are_for_root_alone() {
    let facts = with(|facts| facts.registries.file = Some(RegistriesFile { mode: 0o644, refused: None }));
    let message = "`/etc/wharf/registries.json` (mode 0644) can be read by others than root".to_owned();
    let fix = vec!["chmod 0600 /etc/wharf/registries.json".to_owned()];
    assert_eq!(brief(&facts), (Severity::Danger, "registries-readable", message, fix));
}

#[test]
fn an_account_that_is_lent_but_missing_is_noticed() {
    let facts = with(|facts| facts.registries.lent = BTreeSet::from(["registry.example".into()]));
    assert_eq!(only(&facts).id, "registries");
}

#[test]
fn a_socket_for_everybody_is_a_danger() {
    let facts = with(|facts| facts.engine.socket.as_mut().unwrap().mode = 0o666);
    assert_eq!(only(&facts).fix, ["chmod o= /run/docker.sock"]);
    assert_eq!(only(&facts).severity, Severity::Danger);
}

#[test]
fn an_engine_on_tcp_is_a_danger_however_it_is_known() {
    let facts = with(|facts| facts.engine.endpoint = Endpoint::Tcp("127.0.0.1:2375".into()));
    assert_eq!(only(&facts).message, "wharf reaches the engine at `127.0.0.1:2375`, over TCP without TLS");
    for said in [
        "WARNING: API is accessible on http://0.0.0.0:2375 without encryption.\n         Access to the remote API is ...",
        "[DEPRECATION NOTICE]: API is accessible on http://0.0.0.0:2375 without encryption.",
    ] {
        let finding = only(&with_engine(|there| there.info.warnings = vec![said.to_owned()]));
        assert_eq!((finding.severity, finding.id), (Severity::Danger, "engine-tcp"));
        assert_eq!(finding.message, "the engine listens at `http://0.0.0.0:2375` for whoever comes");
    }
}

#[test]
fn limits_without_effect_are_told() {
    let facts = with_engine(|there| there.info.warnings = vec!["WARNING: No swap limit support".into()]);
    let finding = only(&facts);
    assert_eq!(
        (finding.severity, finding.message.as_str()),
        (Severity::Note, "the engine says: No swap limit support")
    );
    assert!(finding.meaning.contains("no effect"));
}

#[test]
fn root_in_a_container_should_not_be_root_outside() {
    let without = |options: &[&str]| {
        let options: Vec<String> = options.iter().map(ToString::to_string).collect();
        with_engine(|there| there.info.security_options = options)
    };
    let finding = only(&without(&["name=seccomp,profile=default"]));
    assert_eq!((finding.severity, finding.id), (Severity::Danger, "no-user-namespaces"));
    assert_eq!(
        finding.fix.first().unwrap(),
        r#"echo '{"userns-remap": "default"}' > /etc/docker/daemon.json"#
    );
    assert_eq!(only(&without(&["name=seccomp,profile=builtin", "name=rootless"])).id, "rootless");
    // An existing configuration is not overwritten by a command that is pasted.
    let mut facts = without(&["name=seccomp,profile=default"]);
    facts.engine.has_daemon_json = true;
    assert!(only(&facts).fix.first().unwrap().starts_with('#'));
}

#[test]
fn what_a_rootless_engine_changes_is_told() {
    let mut facts = with_engine(|there| {
        there.info.security_options = vec!["name=seccomp,profile=builtin".into(), "name=rootless".into()];
        there.info.warnings = vec!["WARNING: No memory limit support".into(), "WARNING: bridge".into()];
        (there.info.memory_limit, there.info.pids_limit) = (false, true);
    });
    facts.engine.owner = Some("ana".to_owned());
    let findings = judge::judge(&facts);
    let told: Vec<_> = findings.iter().map(|finding| (finding.id, finding.message.as_str())).collect();
    assert_eq!(
        told,
        [
            ("rootless-no-limits", "this rootless engine holds containers to no limit of memory"),
            ("engine-warning", "the engine says: bridge"),
            ("rootless", "this engine is rootless: it has the rights of `ana`, and no more"),
        ]
    );
    let Seen::There(there) = &mut facts.engine.seen else { unreachable!() };
    there.info.cgroup_driver = "none".to_owned();
    let finding = judge::judge(&facts).remove(0);
    assert_eq!(
        finding.message,
        "this rootless engine holds containers to no limit of memory, processes, CPU"
    );
}

#[test]
fn system_calls_should_be_filtered() {
    for options in [vec!["name=userns"], vec!["name=userns", "name=seccomp,profile=unconfined"]] {
        let facts = with_engine(|there| {
            there.info.security_options = options.into_iter().map(str::to_owned).collect();
        });
        assert_eq!(only(&facts).id, "no-seccomp");
    }
}

#[test]
fn a_known_escape_comes_with_the_versions_without_it() {
    let facts =
        with_engine(|there| there.components = vec![component("runc", "1.1.12", "v1.1.12-0-g51d5e946")]);
    let finding = only(&facts);
    assert_eq!(
        finding.message,
        "runc 1.1.12 is older than the fix of CVE-2025-31133, CVE-2025-52565, CVE-2025-52881"
    );
    assert_eq!(
        finding.fix,
        ["# update runc to one of 1.2.8, 1.3.3, 1.4.0-rc3 or later with the system's package manager"]
    );
    assert_eq!(finding.severity, Severity::Warning);
}

#[test]
fn distributions_backport_so_their_changelog_is_asked() {
    let runc = component("runc", "1.1.12+ds1", "1.1.12+ds1-1");
    let finding = only(&with_engine(|there| there.components = vec![runc]));
    assert_eq!(finding.fix.first().unwrap(), "zgrep CVE-2025-31133 /usr/share/doc/runc/changelog.Debian.gz");
    assert!(finding.meaning.contains("unless Debian has backported the fix"));
}

#[test]
fn ports_for_the_whole_world_are_told_once_for_each_pod() {
    let pods: Vec<Listed> = vec![listed(&[("0.0.0.0", 8080), ("::", 8080), ("127.0.0.1", 9000)])];
    let facts = with_engine(|there| there.pods = pods);
    let message = "pod `blog` answers on every address of this host: 8080/tcp".to_owned();
    let fix = [
        "# in blog.yml, to keep it on this machine, put 127.0.0.1: before what `publish` says of port 80; then:".to_owned(),
        "wharf up blog.yml".to_owned(),
    ];
    assert_eq!(brief(&facts), (Severity::Note, "open-port", message, fix.to_vec()));
    let facts = with_engine(|there| there.pods = vec![listed(&[("127.0.0.1", 8080), ("::1", 8080)])]);
    assert_eq!(judge::judge(&facts), []);
}

fn listed(ports: &[(&str, u16)]) -> Listed {
    let ports = ports.iter().map(|(address, host)| wharf_reconcile::ListedPort {
        address: (*address).to_owned(),
        host: *host,
        container: 80,
        protocol: "tcp".to_owned(),
    });
    let container = wharf_reconcile::ListedContainer {
        name: "blog".parse().unwrap(),
        container: None,
        container_id: "a".repeat(64).parse().unwrap(),
        image: "wharf/pause".into(),
        state: "running".into(),
        status: "Up".into(),
        ports: ports.collect(),
    };
    Listed { pod: "blog".parse().unwrap(), containers: vec![container] }
}

#[test]
fn containers_that_lag_behind_their_pod_are_put_back_by_resume() {
    let facts = with_engine(|there| {
        there.left_behind = vec![
            LeftBehind { name: "blog".parse().unwrap(), lag: Lag::Down },
            LeftBehind { name: "blog.web".parse().unwrap(), lag: Lag::Apart },
        ];
    });
    let findings = judge::judge(&facts);
    let briefly: Vec<_> = findings.iter().map(|finding| (finding.id, finding.fix.join(";"))).collect();
    assert_eq!(briefly, [("down", "wharf resume".to_owned()), ("apart", "wharf resume".to_owned())]);
}

#[test]
fn an_engine_that_is_away_is_said_and_not_taken_for_a_healthy_one() {
    let away = with(|facts| facts.engine.seen = Seen::Away(Away::Silent("no engine answers".into())));
    let findings = judge::judge(&away);
    assert_eq!(only(&away).id, "engine-away");
    assert_eq!(exit(&findings, &away.engine.seen), Exit::Unreachable);
    let old = with(|facts| facts.engine.seen = Seen::Away(Away::TooOld("the engine speaks API 1.24".into())));
    assert_eq!(only(&old).severity, Severity::Danger);
    assert_eq!(exit(&judge::judge(&old), &old.engine.seen), Exit::Failed);
}

#[test]
fn only_dangers_make_the_run_fail() {
    let facts = healthy();
    let of = |severity| vec![Finding::new(severity, "x", "", "")];
    assert_eq!(exit(&of(Severity::Danger), &facts.engine.seen), Exit::Failed);
    assert_eq!(exit(&of(Severity::Warning), &facts.engine.seen), Exit::Done);
    assert_eq!(exit(&of(Severity::Note), &facts.engine.seen), Exit::Done);
    assert_eq!(exit(&[], &facts.engine.seen), Exit::Done);
}

#[test]
fn what_engines_and_directories_say_stays_on_its_line() {
    let facts = with_engine(|there| there.info.warnings = vec!["\u{1b}[2J gone\nfix: rm -rf /".into()]);
    assert_eq!(only(&facts).message, "the engine says: \u{fffd}[2J gone fix: rm -rf /");
    assert_eq!(word(Path::new("/srv/my pods")), "'/srv/my pods'");
    assert_eq!(word(&PathBuf::from("/srv/it's")), r"'/srv/it'\''s'");
}

/// A host with a tenant, and rules in this state.
fn ruled(state: RulesState) -> Facts {
    with(|facts| facts.rules = Some(RulesFacts { kept: "/var/lib/wharf/network.nft".into(), state }))
}

#[test]
fn networks_of_tenants_are_guarded_or_it_is_a_danger() {
    assert_eq!(judge::judge(&ruled(RulesState::Found(Installed::AsWanted))), []);
    let fix = ["nft -f /var/lib/wharf/network.nft", "systemctl enable wharf-network.service"];
    for (found, message) in [
        (Installed::Missing, "the rules around tenants' networks are missing"),
        (
            Installed::Altered,
            "the rules around tenants' networks are not those that `wharf serve` put in force",
        ),
    ] {
        let finding = only(&ruled(RulesState::Found(found)));
        assert_eq!((finding.severity, finding.id), (Severity::Danger, "network-rules"));
        assert_eq!((finding.message.as_str(), &finding.fix[..]), (message, &fix.map(str::to_owned)[..]));
    }
    let none = only(&ruled(RulesState::NoProgram("there is no program `nft`".into())));
    assert_eq!(
        (none.severity, none.fix),
        (Severity::Danger, vec!["apt-get update && apt-get install nftables".into()])
    );
    assert_eq!(only(&ruled(RulesState::NeverKept)).severity, Severity::Note);
    assert_eq!(only(&ruled(RulesState::Unknown(trouble()))).severity, Severity::Warning);
}

#[test]
fn the_lan_reaches_loopback_before_28_where_no_rules_are() {
    let old = |rules: Option<RulesState>| {
        let mut facts = with_engine(|there| there.components = vec![component("Engine", "27.5.1", "")]);
        facts.rules = rules.map(|state| RulesFacts { kept: "/var/lib/wharf/network.nft".into(), state });
        let findings = judge::judge(&facts);
        findings.into_iter().filter(|finding| finding.id == "loopback-ports").count()
    };
    assert_eq!(old(None), 0, "nobody publishes anything there");
    assert_eq!(old(Some(RulesState::Found(Installed::Missing))), 1);
    assert_eq!(old(Some(RulesState::Found(Installed::AsWanted))), 0);
}

#[test]
fn secrets_that_are_not_there_or_that_neighbours_read_are_told() {
    let ids = |secrets: SecretsFacts| -> Vec<(Severity, &str)> {
        let findings = judge::judge(&Facts { secrets, ..healthy() });
        findings.iter().map(|finding| (finding.severity, finding.id)).collect()
    };
    assert_eq!(ids(SecretsFacts::default()), []);
    let lacking = SecretsFacts { lacking: vec!["blog.web".into()], ..SecretsFacts::default() };
    assert_eq!(ids(lacking), [(Severity::Warning, "secrets-missing")]);
    let shared = SecretsFacts { shared: vec!["blog".into()], ..SecretsFacts::default() };
    assert_eq!(ids(shared), [(Severity::Note, "shared-secrets")]);
    let refused = SecretsFacts { refused: Some(trouble()), ..SecretsFacts::default() };
    assert_eq!(ids(refused), [(Severity::Warning, "secret-place")]);
}
