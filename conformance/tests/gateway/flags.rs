//! Every flag of the docker CLI's and compose's commands that make things, at the tenants' door: it works, or which rule
//! denies it. What was found stands in `flags/table.txt`, for people to read; flags that a newer CLI brings are missed
//! here before users miss them.
//!
//! `WHARF_REGENERATE=1 cargo test -p wharf-conformance --test gateway flags` writes the table anew; read the difference
//! before it is committed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Mutex;

use wharf_conformance::gateway::{Client, Gateway, ORDINARY, through_the_gateway_alone};
use wharf_testkit::EngineKind;

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
subnet=$(docker network inspect -f '{{(index .IPAM.Config 0).Subnet}}' net)
echo \"IP=${subnet%.*}.77\" >vars
";

const PROJECT: &str = "
name: quay
services:
  app: {image: busybox, init: true, command: sleep 10000}
  once: {image: busybox, command: 'true'}
";

/// Flags that are tried with one command.
#[derive(Default)]
struct Section<'t> {
    /// The command, with `{}` where the flag goes.
    template: &'t str,
    undo: &'t str,
    /// The command whose flags are this one's, too.
    like: &'t str,
    flags: Vec<&'t str>,
}

impl Section<'_> {
    /// `docker network create`: what `--help` is asked of.
    fn verb(&self) -> String {
        let words = self.template.split(' ').take_while(|word| !word.starts_with(['-', '{']));
        words.collect::<Vec<_>>().join(" ")
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
            Some(("undo", undo)) => section.undo = undo,
            Some(("like", verb)) => section.like = verb,
            _ => section.flags.push(line),
        }
    }
    sections
}

/// `--name` of `--name made-%` and of `--menu=false`.
fn name(flag: &str) -> &str {
    flag.split([' ', '=']).next().unwrap()
}

/// The flags that a command says it has.
fn flags_of(client: &Client<'_>, verb: &str) -> BTreeSet<String> {
    let help = client.answer(&format!("{verb} --help"));
    let options = help.lines().filter_map(|line| {
        let text = line.trim_start();
        // What stands further right goes on with what an option does.
        let is_option = text.starts_with('-') && line.len() - text.len() <= 6;
        text.split_whitespace().take(2).find(|word| is_option && word.starts_with("--"))
    });
    options.filter(|flag| *flag != "--help").map(String::from).collect()
}

/// The flags of a command for which there is a value.
fn known(sections: &[Section<'_>], verb: &str) -> BTreeSet<String> {
    let those = sections.iter().filter(|section| section.verb() == verb);
    let own_and_like = those.flat_map(|section| {
        let like = sections.iter().filter(|other| other.verb() == section.like);
        like.chain([section]).flat_map(|section| &section.flags)
    });
    own_and_like.map(|flag| name(flag).to_owned()).collect()
}

/// The rule in `wharf: denied by rule <rule>: ...`.
fn rule(said: &str) -> Option<&str> {
    said.split_once("wharf: denied by rule ")?.1.split(':').next()
}

/// What comes of a command with a flag.
fn verdict(alice: &Client<'_>, bare: &Client<'_>, command: &str, undo: &str) -> String {
    let script = format!(". ./vars; {command}");
    let run = alice.sh_where_anything_may_be_said(&script);
    let said = run.stderr() + &run.stdout();
    if let (Some(rule), true) = (rule(&said), run.status() != 0) {
        return format!("denied by {rule}");
    }
    let _left = alice.sh_where_anything_may_be_said(undo);
    if run.status() == 0 {
        return "works".to_owned();
    }
    let without = bare.sh_where_anything_may_be_said(&script);
    let _left = bare.sh_where_anything_may_be_said(undo);
    if without.status() != 0 {
        return "fails without wharf, too".to_owned();
    }
    format!("fails through wharf only: {}", said.trim().replace('\n', " / "))
}

type Verdicts = BTreeMap<(&'static str, &'static str), [String; 2]>;

fn told(sections: &[Section<'static>], verdicts: &Verdicts) -> String {
    let mut table = String::from(
        "# Written by flags.rs: the flag, with CLI and engine 20.10, with CLI and engine 28.5.\n",
    );
    for section in sections {
        let _ = write!(table, "\n{}\n", section.template);
        for flag in &section.flags {
            let [old, new] = &verdicts[&(section.template, *flag)];
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
        let gateway = Gateway::on(engine).tenant("alice", ORDINARY).start();
        let (alice, bare) = (gateway.as_tenant("alice", engine.kind()), Client::bare(engine, engine.kind()));
        for client in [&alice, &bare] {
            client.write("compose.yml", PROJECT);
            client.sh(FURNISH).succeeds();
        }
        let mut number = 0;
        for section in &sections {
            let flags = flags_of(&bare, &section.verb());
            let missing: Vec<_> = flags.difference(&known(&sections, &section.verb())).cloned().collect();
            assert!(missing.is_empty(), "not in values.txt: {} {missing:?}", section.verb());
            // Compose is the same program with either CLI.
            let is_here = |flag: &str| {
                flags.contains(name(flag)) && (column == 1 || !section.template.contains("compose"))
            };
            for flag in &section.flags {
                number += 1;
                let put = |text: &str| text.replace("{}", flag).replace('%', &number.to_string());
                let found = if is_here(flag) {
                    verdict(&alice, &bare, &put(section.template), &put(section.undo))
                } else {
                    "-".to_owned()
                };
                verdicts.lock().unwrap().entry((section.template, *flag)).or_default()[column] = found;
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
