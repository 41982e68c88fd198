//! Every workstation's file in `samples/workstation/`: what `samples/checks.rs` says, and what is in them is read.

#[path = "../../../samples/checks.rs"]
mod checks;

use checks::Samples;
use proptest::prelude::*;
use wharf_workstation::{
    Base, Definition, Git, HostMount, Inhabitant, Limits, SyncedFolder, WorkstationName,
};

const FILES: Samples = Samples {
    folder: "samples/workstation",
    check: |bytes| {
        let text = std::str::from_utf8(bytes).unwrap();
        Definition::parse(&foo(), text).map(drop)
    },
    schema: Definition::schema,
    beyond_the_schema: &[
        ("both-bases", "compares two values"),
        ("cpus", "compares numbers that are texts"),
        ("keys-twice", "the text is no YAML tree"),
        ("mount-of-the-engine", "knows sockets' names"),
        ("mount-over-wharfs-own", "knows wharf's own places"),
        ("mounts-at-one-place", "compares two values"),
        ("sync-over-wharfs-own", "knows wharf's own places"),
    ],
};

fn foo() -> WorkstationName {
    "foo".parse().unwrap()
}

fn sample(name: &str) -> String {
    let (_, path) = FILES.list("valid").into_iter().find(|(sample, _)| sample == name).unwrap();
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn valid_samples_pass_the_parser_and_the_schema() {
    FILES.valid_ones_pass();
}

#[test]
fn invalid_samples_get_exactly_the_expected_diagnostics() {
    FILES.invalid_ones_are_refused_as_expected();
}

#[test]
fn the_schema_refuses_what_a_schema_can_refuse() {
    FILES.schema_refuses_what_a_schema_can();
}

#[test]
fn every_key_is_read() {
    let text = sample("every-key");
    let texts = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
    let mount = |source: &str, target: &str, readonly| HostMount {
        source: source.into(),
        target: target.into(),
        readonly,
    };
    let expected = Definition {
        name: foo(),
        context: Some("prod".into()),
        base: Base::Image("registry.example/team/shell:3".parse().unwrap()),
        packages: texts(&["git", "vim-nox", "g++", "libstdc++6", "htop=3.2.2-2", "7zip"]),
        user: Inhabitant { name: Some("ada.l".into()), uid: Some(1001), gid: Some(100) },
        git: Git { name: Some("Ada Lovelace".into()), email: Some("ada@example.org".into()) },
        shell: Some("/usr/bin/zsh".into()),
        environment: [("EDITOR", "vim"), ("EMPTY", "")]
            .map(|(name, value)| (name.parse().unwrap(), value.to_owned()))
            .into(),
        mounts: vec![
            mount("/srv/media", "/media", true),
            mount("/srv/work", "/work", false),
            mount("/srv/a b", "/a b", false),
        ],
        sync: vec![
            SyncedFolder {
                from: "~/.config/nixpkgs".into(),
                to: ".config/nixpkgs".into(),
                exclude: texts(&[".git", "*.o", "target"]),
            },
            SyncedFolder { from: "/etc/wharf".into(), to: "etc".into(), exclude: Vec::new() },
        ],
        limits: Limits {
            memory: Some("4G".parse().unwrap()),
            nano_cpus: Some(1_500_000_000),
            pids: Some(2048),
        },
        detach_key: Some("ctrl-a".into()),
        scrollback: Some("4M".parse().unwrap()),
        contexts: texts(&["prod", "staging.2"]),
        text: text.clone(),
    };
    assert_eq!(Definition::parse(&foo(), &text).unwrap(), expected);
}

#[test]
fn a_file_that_says_nothing_is_a_workstation_of_the_usual_kind() {
    for text in ["", "\n", "# later\n"] {
        let expected = Definition { text: text.into(), ..Definition::plain(foo()) };
        assert_eq!(Definition::parse(&foo(), text).unwrap(), expected);
    }
}

/// The same values, whatever text they came from.
fn values(definition: Definition) -> Definition {
    Definition { text: String::new(), ..definition }
}

#[test]
fn what_counts_at_once_makes_no_upgrade_due() {
    let made = |text: &str| Definition::parse(&foo(), text).unwrap();
    let wanted = made("image: alpine\npackages: [git]\nsync: [{from: /a, to: a}]\ncontexts: [prod]\n");
    assert!(
        wanted.is_made_like("# older\ncontext: here\nimage: alpine\npackages: [git]\ndetach_key: none\n")
    );
    assert!(!wanted.is_made_like("image: alpine\n"));
    assert!(!wanted.is_made_like("no file: at all\n"));
}

#[test]
fn what_is_printed_reads_as_the_same() {
    for (name, path) in FILES.list("valid") {
        let text = std::fs::read_to_string(path).unwrap();
        let definition = Definition::parse(&foo(), &text).unwrap();
        let printed = definition.to_yaml();
        let again = Definition::parse(&foo(), &printed).unwrap();
        assert_eq!(values(again), values(definition), "{name}:\n{printed}");
        FILES.schema_allows(&name, &printed);
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in "[a-z_]{1,9}: [ -~\n]{0,80}") {
        let _read = Definition::parse(&foo(), &text);
    }

    #[test]
    fn whatever_somebody_is_called_is_printed_as_it_is(name in "\\PC{1,30}", value in "\\PC{0,30}") {
        let mut definition = Definition::plain(foo());
        definition.git.name = Some(name);
        definition.environment.insert("A".parse().unwrap(), value);
        let again = Definition::parse(&foo(), &definition.to_yaml()).unwrap();
        prop_assert_eq!(values(again), definition);
    }

    #[test]
    fn a_package_that_passes_means_nothing_to_a_shell(package in "[ -~]{1,12}") {
        let text = format!("packages: [{}]", serde_json::to_string(&package).unwrap());
        if Definition::parse(&foo(), &text).is_ok() {
            prop_assert!(package.chars().all(|c| c.is_ascii_alphanumeric() || "@+._:/=~-".contains(c)));
            prop_assert!(!package.starts_with('-'));
        }
    }
}
