//! Every flag of the docker CLI's and compose's commands that make things, at the tenants' door: it works, or which rule
//! denies it. What was found stands in `flags/table.txt`, for people to read; flags that a newer CLI brings are missed
//! here before users miss them.
//!
//! `WHARF_REGENERATE=1 cargo test -p wharf-conformance --test gateway flags` writes the table anew; read the difference
//! before it is committed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use wharf_conformance::gateway::{Client, Gateway, ORDINARY, through_the_gateway_alone};
use wharf_testkit::{Access, EngineKind, Registry};

const VALUES: &str = include_str!("flags/values.txt");
const TABLE: &str = include_str!("flags/table.txt");
const TABLE_FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/gateway/flags/table.txt");

/// What some flags speak of.
const FURNISH: &str = "
printf 'COLOUR=blue\\n' >env; printf 'colour=blue\\n' >labels
docker network create net; docker network create apart; docker volume create data
docker run -d --init --name box busybox sleep 10000; docker network connect apart box
docker run -d --init --name other --network net -v data:/data busybox sleep 10000
docker compose up -d app
docker tag busybox ADDRESS/fetched; docker push ADDRESS/fetched
subnet=$(docker network inspect -f '{{(index .IPAM.Config 0).Subnet}}' net)
echo \"IP=${subnet%.*}.77; REGISTRY=ADDRESS\" >vars
";

const PROJECT: &str = "
name: NAME
services:
  app: {image: busybox, init: true, command: sleep 10000, ports: ['80']}
  once: {image: busybox, command: 'true'}
  brief: {image: busybox, command: sleep 3, profiles: [more]}
  fetched: {image: ADDRESS/fetched, profiles: [more]}
  made: {image: made, build: ., profiles: [more]}
  watched:
    image: busybox
    init: true
    command: sleep 10000
    profiles: [more]
    develop: {watch: [{action: sync, path: ./watched, target: /watched}]}
";

/// Flags that are tried with one command.
#[derive(Default)]
struct Section<'t> {
    /// The command, with `{}` where the flag goes.
    template: &'t str,
    /// What is done before it.
    first: &'t str,
    undo: &'t str,
    /// The command whose flags are this one's, too.
    like: &'t str,
    /// Those of one group are tried together.
    groups: Vec<Vec<&'t str>>,
}

impl<'t> Section<'t> {
    /// `docker network create`: what `--help` is asked of.
    fn verb(&self) -> String {
        let words = self.template.split(' ').skip_while(|word| *word != "docker");
        words.take_while(|word| !word.starts_with(['-', '{'])).collect::<Vec<_>>().join(" ")
    }

    fn flags(&self) -> impl Iterator<Item = &'t str> {
        self.groups.iter().flatten().copied()
    }
}

fn sections() -> Vec<Section<'static>> {
    let mut sections: Vec<Section<'static>> = Vec::new();
    for line in VALUES.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(template) = line.strip_prefix('[') {
            sections.push(Section { template: template.strip_suffix(']').unwrap(), ..Section::default() });
            continue;
        }
        let section = sections.last_mut().expect("a section");
        match line.split_once(' ') {
            Some(("first", first)) => section.first = first,
            Some(("undo", undo)) => section.undo = undo,
            Some(("like", verb)) => section.like = verb,
            Some(("&", flag)) => section.groups.last_mut().expect("a flag before").push(flag),
            _ => section.groups.push(vec![line]),
        }
    }
    sections
}

const WORKS: &str = "works";
/// A command without a flag.
const ALONE: &str = "alone";

/// `--name` of `--name made-%` and of `--menu=false`.
fn name(flag: &str) -> &str {
    flag.split([' ', '=']).next().unwrap()
}

/// The flags that a command says it has.
fn flags_of(help: &str) -> BTreeSet<String> {
    let options = help.lines().filter_map(|line| {
        let text = line.trim_start();
        // What stands further right goes on with what an option does.
        let is_option = text.starts_with('-') && line.len() - text.len() <= 6;
        text.split_whitespace().take(2).find(|word| is_option && word.starts_with("--"))
    });
    options.filter(|flag| *flag != "--help").map(String::from).collect()
}

/// What `--help` says of the commands below one, to the last: of those that it lists after `Commands:`.
fn helps_below(client: &Client<'_>, verb: &str) -> BTreeMap<String, String> {
    let help = client.answer(&format!("{verb} --help"));
    let listed = help.lines().skip_while(|line| !line.ends_with("Commands:"));
    let names = listed
        .take_while(|line| !line.starts_with("Run '"))
        .filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next());
    let mut helps: BTreeMap<_, _> =
        names.flat_map(|name| helps_below(client, &format!("{verb} {name}"))).collect();
    helps.insert(verb.to_owned(), help);
    helps
}

/// The flags of a command for which there is a value.
fn known(sections: &[Section<'_>], verb: &str) -> BTreeSet<String> {
    let those = sections.iter().filter(|section| section.verb() == verb);
    let own_and_like = those.flat_map(|section| {
        let like = sections.iter().filter(|other| other.verb() == section.like);
        like.chain([section]).flat_map(Section::flags)
    });
    own_and_like.map(|flag| name(flag).to_owned()).collect()
}

/// The rule in `wharf: denied by rule <rule>: ...`.
fn rule(said: &str) -> Option<&str> {
    said.split_once("wharf: denied by rule ")?.1.split(':').next()
}

/// What comes of a command with flags.
fn verdict(alice: &Client<'_>, bare: &Client<'_>, section: &Section<'_>, flags: &[&str]) -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed).to_string();
    let flags: Vec<&str> = flags.iter().copied().filter(|flag| *flag != ALONE).collect();
    let put = |text: &str| text.replace("{}", &flags.join(" ")).replace('%', &number);
    let (command, undo) = (format!(". ./vars; {}", put(section.template)), put(section.undo));
    let run = |client: &Client<'_>| {
        if !section.first.is_empty() {
            client.sh(&put(section.first)).succeeds();
        }
        client.sh_where_anything_may_be_said(&command)
    };
    let tried = run(alice);
    let said = tried.stderr() + &tried.stdout();
    if let (Some(rule), true) = (rule(&said), tried.status() != 0) {
        return format!("denied by {rule}");
    }
    let after = |client: &Client<'_>| (!undo.is_empty()).then(|| client.sh_where_anything_may_be_said(&undo));
    after(alice);
    if tried.status() == 0 {
        return WORKS.to_owned();
    }
    let without = run(bare);
    after(bare);
    if without.status() != 0 {
        return "fails without wharf, too".to_owned();
    }
    format!("fails through wharf only: {}", said.trim().replace('\n', " / "))
}

/// The same for each of a group, which works together or is tried flag by flag.
fn verdicts<'t>(
    alice: &Client<'_>,
    bare: &Client<'_>,
    section: &Section<'_>,
    group: &[&'t str],
) -> Vec<(&'t str, String)> {
    let together = verdict(alice, bare, section, group);
    if group.len() > 1 && together != WORKS {
        return group.iter().map(|flag| (*flag, verdict(alice, bare, section, &[flag]))).collect();
    }
    group.iter().map(|flag| (*flag, together.clone())).collect()
}

type Verdicts = BTreeMap<(&'static str, &'static str), [String; 2]>;

fn told(sections: &[Section<'static>], verdicts: &Verdicts) -> String {
    let mut table = String::from(
        "# Written by flags.rs: the flag, with CLI and engine 20.10, with CLI and engine 28.5.\n",
    );
    for section in sections {
        let _ = write!(table, "\n{}\n", section.template);
        for flag in section.flags() {
            let [old, new] = &verdicts[&(section.template, flag)];
            let _ = writeln!(table, "    {flag:<58} {old:<30} {new}");
        }
    }
    table
}

#[test]
fn every_flag_works_or_is_denied_as_the_table_says() {
    let sections = sections();
    let verdicts = Mutex::new(Verdicts::new());
    through_the_gateway_alone(|engine| {
        let column = usize::from(engine.kind() == EngineKind::Docker28);
        let registry = Registry::start(engine, Access::Open).unwrap();
        let images = format!("{ORDINARY}images: {{pull: ['{0}/*'], push: ['{0}/*']}}\n", registry.address());
        let gateway = Gateway::on(engine).tenant("alice", &images).start();
        let (alice, bare) = (gateway.as_tenant("alice", engine.kind()), Client::bare(engine, engine.kind()));
        for (client, project) in [(&alice, "quay"), (&bare, "dock")] {
            let text = PROJECT.replace("NAME", project).replace("ADDRESS", registry.address());
            client.write("compose.yml", &text);
            client.write("Dockerfile", "FROM busybox\n");
            client.write("watched/file", "");
            client.sh(&FURNISH.replace("ADDRESS", registry.address())).succeeds();
        }
        let all = ["docker create", "docker run", "docker network", "docker volume", "docker compose"];
        let helps: BTreeMap<_, _> = all.into_iter().flat_map(|verb| helps_below(&bare, verb)).collect();
        let is_tried = |verb: &str| sections.iter().any(|section| section.verb() == verb);
        let leaves = helps.iter().filter(|(_, help)| !help.contains("Commands:")).map(|(verb, _)| verb);
        let untried: Vec<_> = leaves.filter(|verb| !is_tried(verb)).collect();
        assert!(untried.is_empty(), "not in values.txt: {untried:?}");
        for section in &sections {
            let flags = flags_of(helps.get(&section.verb()).map_or("", String::as_str));
            let missing: Vec<_> = flags.difference(&known(&sections, &section.verb())).cloned().collect();
            assert!(missing.is_empty(), "not in values.txt: {} {missing:?}", section.verb());
            let is_here = |flag: &&&str| **flag == ALONE || flags.contains(name(flag));
            for group in &section.groups {
                let here: Vec<_> = group.iter().filter(is_here).copied().collect();
                let mut found: Vec<_> = group.iter().map(|flag| (*flag, "-".to_owned())).collect();
                if !here.is_empty() {
                    found.extend(self::verdicts(&alice, &bare, section, &here));
                }
                for (flag, found) in found {
                    verdicts.lock().unwrap().entry((section.template, flag)).or_default()[column] = found;
                }
            }
        }
    });
    let verdicts = verdicts.into_inner().unwrap();
    if verdicts.values().any(|columns| columns.iter().any(String::is_empty)) {
        return; // not both engines are here
    }
    let table = told(&sections, &verdicts);
    if std::env::var_os("WHARF_REGENERATE").is_some() {
        std::fs::write(TABLE_FILE, &table).unwrap();
    }
    let broken: Vec<_> = table.lines().filter(|line| line.contains("through wharf only")).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    let stale: Vec<_> =
        verdicts.iter().filter(|(_, columns)| columns.iter().all(|found| found == "-")).collect();
    assert!(stale.is_empty(), "no CLI has: {stale:?}");
    let is_current = std::env::var_os("WHARF_REGENERATE").is_some() || table == TABLE;
    assert!(is_current, "not as in {TABLE_FILE}:\n{table}");
}
