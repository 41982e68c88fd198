//! Tests of a record's line: whatever is in it, it is one line, has an end, steers nothing and reads back.

use super::*;
use proptest::prelude::*;

pub(crate) fn record(detail: &str) -> AuditRecord {
    AuditRecord {
        time: Moment::from_unix_millis(1_700_000_000_000),
        tenant: None,
        user: None,
        actor: "pod blog (user bob)".to_owned(),
        action: "container-create".to_owned(),
        object: "blog.web".to_owned(),
        id: None,
        outcome: Outcome::Denied,
        rule: "port-whitelist".to_owned(),
        detail: detail.to_owned(),
        micros: None,
    }
}

fn is_harmless(line: &str) -> bool {
    line.ends_with('\n') && !line.trim_end_matches('\n').chars().any(steers)
}

#[test]
fn a_record_is_one_line_of_json() {
    let expected = "{\"time\":\"2023-11-14T22:13:20.000Z\",\"actor\":\"pod blog (user bob)\",\
        \"action\":\"container-create\",\"object\":\"blog.web\",\"outcome\":\"denied\",\
        \"rule\":\"port-whitelist\",\"detail\":\"port 80\"}\n";
    assert_eq!(record("port 80").line().unwrap(), expected);
    assert_eq!(serde_json::from_str::<AuditRecord>(expected).unwrap(), record("port 80"));
}

#[test]
fn a_tenants_record_says_whose_which_and_how_long() {
    let expected = "{\"time\":\"2023-11-14T22:13:20.000Z\",\"tenant\":\"alice\",\"user\":\"bob\",\
        \"actor\":\"tenant alice (user bob)\",\"action\":\"container-create\",\"object\":\"web\",\"id\":\"4f5e\",\
        \"outcome\":\"done\",\"rule\":\"\",\"detail\":\"\",\"micros\":1234}\n";
    let record = AuditRecord {
        tenant: Some("alice".parse().unwrap()),
        user: Some("bob".into()),
        actor: "tenant alice (user bob)".into(),
        object: "web".into(),
        id: Some("4f5e".into()),
        outcome: Outcome::Done,
        rule: String::new(),
        micros: Some(1234),
        ..record("")
    };
    assert_eq!(record.line().unwrap(), expected);
    assert_eq!(serde_json::from_str::<AuditRecord>(expected).unwrap(), record);
}

#[test]
fn the_account_is_found_in_lines_older_than_its_field() {
    let account = |actor: &str, user: Option<&str>| {
        let record = AuditRecord { actor: actor.into(), user: user.map(str::to_owned), ..record("") };
        record.account().map(str::to_owned)
    };
    assert_eq!(account("pod blog (user bob)", None).as_deref(), Some("bob"));
    assert_eq!(account("user bob", None).as_deref(), Some("bob"));
    assert_eq!(account("administrator", None), None);
    assert_eq!(account("pod blog (user bob)", Some("ana")).as_deref(), Some("ana"));
}

#[test]
fn a_field_that_nobody_knows_or_a_tenant_that_is_none_makes_no_record() {
    let good = record("").line().unwrap();
    for bad in [
        good.replace("\"rule\"", "\"password\":\"x\",\"rule\""),
        good.replace("\"actor\"", "\"tenant\":\"A--\\u001b\",\"actor\""),
        good.replace("denied", "shrugged"),
    ] {
        assert!(serde_json::from_str::<AuditRecord>(&bad).is_err(), "{bad}");
    }
}

#[test]
fn what_steers_a_terminal_is_escaped_and_reads_back() {
    let nasty = record("a\nb\u{1b}[2J\u{7f}\u{9b}\u{61c}\u{202e}\u{2028}\"\\\0");
    let line = nasty.line().unwrap();
    assert!(line.trim_end().chars().all(|c| c.is_ascii_graphic() || c == ' '), "{line:?}");
    assert_eq!(serde_json::from_str::<AuditRecord>(&line).unwrap(), nasty);
}

#[test]
fn a_record_has_an_end_whatever_it_is_given() {
    let mut huge = record(&"\u{1}".repeat(1 << 20));
    huge.object = "\u{e9}".repeat(1 << 20);
    let line = huge.line().unwrap();
    assert!(line.len() < LONGEST);
    let back: AuditRecord = serde_json::from_str(&line).unwrap();
    assert!(back.object.ends_with(CUT) && back.object.len() <= MOST_BYTES_OF_A_NAME);
    assert!(back.detail.ends_with(CUT) && back.detail.len() <= MOST_BYTES_OF_DETAIL);
}

#[test]
fn a_value_cut_in_two_is_no_way_around_redaction() {
    let mut long = "x".repeat(MOST_BYTES_OF_DETAIL - 4);
    long.push_str(" A=swordfish");
    assert!(!record(&long).line().unwrap().contains("sword"));
    for room in 0..40 {
        let late = format!("{}https://bob:swordfish@host/", "x".repeat(MOST_BYTES_OF_A_NAME - room));
        let line = AuditRecord { object: late, ..record("") }.line().unwrap();
        assert!(!line.contains(":s"), "{line}");
    }
}

const LONGEST: usize = 6 * (6 * MOST_BYTES_OF_A_NAME + MOST_BYTES_OF_DETAIL) + 512;

/// Texts of the kinds that break logs, and any others; now and then a very long one.
fn hostile() -> impl Strategy<Value = String> {
    let bits = prop::sample::select(vec![
        "\n",
        "\r\n",
        "\u{2028}",
        "\u{2029}",
        "\u{85}",
        "\u{1b}[2J",
        "\u{9b}31m",
        "\u{202e}",
        "\u{0}",
        "\"",
        "\\",
        "\\u000a",
        "{\"time\":",
        "}",
        "=",
        "://",
        "@",
        "Bearer ",
        "\u{1f980}",
        "\u{301}",
        "web",
        " ",
    ]);
    let mixed = prop::collection::vec(bits, 0..20).prop_map(|bits| bits.concat());
    let long = (mixed.clone(), 0..(1_usize << 20)).prop_map(|(text, most)| {
        if text.is_empty() { "\u{1}".repeat(most) } else { text.repeat(most / text.len()) }
    });
    prop_oneof![20 => mixed, 20 => any::<String>(), 1 => long]
}

prop_compose! {
    fn records()(
        time in 0_u64..253_402_300_799_999,
        tenant in prop::option::of("[a-z][a-z0-9]{0,9}"),
        user in prop::option::of(hostile()),
        names in [hostile(), hostile(), hostile(), hostile(), hostile()],
        id in prop::option::of(hostile()),
        outcome in prop::sample::select(vec![Outcome::Permitted, Outcome::Denied, Outcome::Failed, Outcome::Done]),
        micros in any::<Option<u64>>(),
    ) -> AuditRecord {
        let [actor, action, object, rule, detail] = names;
        let tenant = tenant.map(|name| name.parse().unwrap());
        AuditRecord { time: Moment::from_unix_millis(time), tenant, user, actor, action, object, id, outcome, rule, detail, micros }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_record_is_one_harmless_bounded_line_that_reads_back(record in records()) {
        let line = record.line().unwrap();
        prop_assert!(is_harmless(&line), "{:?}", line);
        prop_assert!(line.len() <= LONGEST);
        let back: AuditRecord = serde_json::from_str(&line).unwrap();
        prop_assert_eq!(&back, &record.bounded());
        // Printed anew it is the same line: what `audit --json` shows is what the file has.
        prop_assert_eq!(back.line().unwrap(), line);
    }

    #[test]
    fn what_follows_an_equals_sign_is_in_no_line(record in records(), value in "[a-z]{12}") {
        let with = |text: &str| format!("{text}={value}");
        let told = AuditRecord {
            detail: with(&record.detail), object: with(&record.object), rule: with(&record.rule),
            user: Some(with("u")), id: Some(with("i")), ..record
        };
        prop_assert!(!told.line().unwrap().contains(&value));
    }
}
