//! Query parameters and filters.

use crate::help::{ask, get, malformed, rule};
use wharf_wire::ask::{Ask, Forbidden, ListContainers, Refusal};
use wharf_wire::tenant::{ContainerAct, WaitCondition};

fn list(query: &str) -> Result<ListContainers, Refusal> {
    match get(&format!("/containers/json?{query}"))? {
        Ask::ListContainers(list) => Ok(list),
        other => panic!("{other:?}"),
    }
}

fn labels(filters: &str) -> Result<Vec<String>, Refusal> {
    let encoded: Vec<String> = filters.bytes().map(|b| format!("%{b:02X}")).collect();
    let encoded = encoded.concat();
    list(&format!("filters={encoded}")).map(|list| list.filters.label)
}

#[test]
fn parameters_are_known_by_their_exact_case_and_said_once_v19() {
    assert_eq!(rule(list("FILTERS={}")), Forbidden::UnknownField);
    assert_eq!(rule(list("foo")), Forbidden::UnknownField);
    assert_eq!(rule(list("foo=")), Forbidden::UnknownField);
    assert_eq!(rule(list("=1")), Forbidden::UnknownField);
    assert_eq!(rule(get("/info?a=1")), Forbidden::UnknownField);
    malformed(list("all=1&all=1"));
    malformed(list("filters={}&filters={}"));
    malformed(list("all=1&%61ll=0"));
    assert!(list("&&all=1&").unwrap().all);
}

#[test]
fn parameters_are_decoded_once() {
    assert_eq!(labels("{\"label\":[\"a=b c\"]}"), Ok(vec!["a=b c".into()]));
    assert_eq!(list("filters=%7B%22label%22:[%22a+b%22]}").unwrap().filters.label, ["a b"]);
    malformed(list("filters=%257B%257D"));
    malformed(list("all=%"));
    malformed(list("all=%FF"));
    malformed(list("all=%00"));
}

#[test]
fn filters_have_two_spellings_and_neither_says_null_or_false_v19() {
    let two = || Ok(vec!["a".to_owned(), "b".to_owned()]);
    assert_eq!(labels("{\"label\":[\"a\",\"b\"]}"), two());
    assert_eq!(labels("{\"label\":{\"a\":true,\"b\":true}}"), two());
    assert_eq!(labels("{}"), Ok(vec![]));
    assert_eq!(labels(""), Ok(vec![]));
    for wrong in [
        "{\"label\":null}",
        "{\"label\":{\"a\":false}}",
        "{\"label\":{\"a\":null}}",
        "{\"label\":{\"a\":1}}",
        "{\"label\":[null]}",
        "{\"label\":[1]}",
        "{\"label\":\"a\"}",
        "{\"label\":[\"a\"],\"label\":[\"b\"]}",
        "{\"Label\":[\"a\"]}",
        "{\"foo\":[\"a\"]}",
        "{\"label\":[\"a\"]}}",
        "null",
        "[]",
        "x",
    ] {
        malformed(labels(wrong));
    }
    assert_eq!(malformed(labels("{\"is-task\":[\"true\"]}")), "invalid filter 'is-task'");
}

#[test]
fn filters_that_name_objects_stand_apart_v22() {
    let list = list(
        "all=1&limit=-1&filters={%22name%22:[%22a%22],%22before%22:[%22b%22],%22status%22:{%22exited%22:true}}",
    );
    let list = list.unwrap();
    assert_eq!((list.all, list.limit), (true, None));
    assert_eq!((list.named.name, list.named.before), (vec!["a".to_owned()], Some("b".to_owned())));
    assert_eq!(list.filters.status, ["exited"]);
}

#[test]
fn one_container_is_before_or_since() {
    malformed(list("filters={%22before%22:[%22a%22,%22b%22]}"));
}

#[test]
fn switches_are_read_as_the_engine_reads_them() {
    for on in ["1", "true", "True", "TRUE", "yes"] {
        assert!(list(&format!("all={on}")).unwrap().all, "{on}");
    }
    for off in ["", "0", "false", "False", "no", "none", "%20"] {
        assert!(!list(&format!("all={off}")).unwrap().all, "{off}");
    }
    // The engine takes these for on.
    for strange in ["f", "off", "2", "F"] {
        malformed(list(&format!("all={strange}")));
    }
}

#[test]
fn what_is_on_by_default_is_off_when_it_is_named_and_empty() {
    let stream = |query: &str| match get(&format!("/containers/a/stats{query}")) {
        Ok(Ask::Container { act: ContainerAct::Stats { stream, .. }, .. }) => stream,
        other => panic!("{other:?}"),
    };
    assert!(stream(""));
    assert!(!stream("?stream="));
    assert!(!stream("?stream=0"));
    let pause = |query: &str| match ask("POST", &format!("/commit?container=a{query}"), "") {
        Ok(Ask::Commit { commit, .. }) => commit.pause,
        other => panic!("{other:?}"),
    };
    assert!(pause(""));
    assert!(pause("&pause="));
    assert!(!pause("&pause=False"));
}

#[test]
fn logs_have_times_and_an_end() {
    let logs = |query: &str| match get(&format!("/containers/a/logs?stdout=1&{query}"))? {
        Ask::Container { act: ContainerAct::Logs(logs), .. } => Ok(logs),
        other => panic!("{other:?}"),
    };
    assert_eq!(logs("tail=5").unwrap().tail, Some(5));
    assert_eq!(logs("tail=all").unwrap().tail, None);
    assert_eq!(logs("tail=-1").unwrap().tail, None);
    assert_eq!(logs("since=1700000000.000000001").unwrap().since.as_deref(), Some("1700000000.000000001"));
    for wrong in [
        "since=1h",
        "since=-1",
        "since=1.2.3",
        "since=.",
        "since=1.",
        "until=2024-01-01",
        "tail=x",
        "tail=-2",
    ] {
        malformed(logs(wrong));
    }
    assert!(malformed(get("/containers/a/logs")).contains("at least one stream"));
}

#[test]
fn ps_is_given_arguments_from_a_list() {
    let top = |args: &str| match get(&format!("/containers/a/top?ps_args={args}"))? {
        Ask::Container { act: ContainerAct::Top { ps_args }, .. } => Ok(ps_args),
        other => panic!("{other:?}"),
    };
    assert_eq!(top(""), Ok(None));
    assert_eq!(top("aux"), Ok(Some("aux".into())));
    assert_eq!(top("-eo+pid,user,%25cpu"), Ok(Some("-eo pid,user,%cpu".into())));
    assert_eq!(top("-o+pid,comm"), Ok(Some("-o pid,comm".into())));
    for wrong in [
        "--version",
        "-ef+--help",
        "e",
        "auxe",
        "-eo+pid,environ",
        "-C+x",
        "-eo+pid%0Ax",
        "-eo",
        "--pid+1",
        "-o+pid=%2Fx",
    ] {
        assert_eq!(rule(top(wrong)), Forbidden::UnknownField, "{wrong}");
    }
}

#[test]
fn signals_times_and_conditions_are_read() {
    let stop = |query: &str| ask("POST", &format!("/containers/a/stop?{query}"), "");
    let stopped = |signal: Option<&str>, timeout| {
        let signal = signal.map(str::to_owned);
        Ok(Ask::Container { container: "a".into(), act: ContainerAct::Stop { signal, timeout } })
    };
    assert_eq!(stop(""), stopped(None, None));
    assert_eq!(stop("t=-1&signal=SIGINT"), stopped(Some("SIGINT"), Some(-1)));
    malformed(stop("t=1.5"));
    malformed(stop("t=+1"));
    malformed(stop("t=99999999999"));
    malformed(stop("signal=FOO"));
    let wait = |query: &str| match ask("POST", &format!("/containers/a/wait?{query}"), "")? {
        Ask::Container { act: ContainerAct::Wait { condition }, .. } => Ok(condition),
        other => panic!("{other:?}"),
    };
    assert_eq!(wait(""), Ok(WaitCondition::NotRunning));
    assert_eq!(wait("condition=removed"), Ok(WaitCondition::Removed));
    malformed(wait("condition=x"));
}

#[test]
fn keys_that_detach_are_of_the_engines_grammar() {
    let keys = |text: &str| ask("POST", &format!("/containers/a/attach?detachKeys={text}"), "");
    for fits in ["ctrl-p,ctrl-q", "a", "ctrl-@", "ctrl-%5C", "a,b,ctrl-%5E"] {
        assert!(keys(fits).is_ok(), "{fits}");
    }
    for wrong in ["ab", "ctrl-", "ctrl-A", "ctrl-ab", "a,", ",,", "%C3%A9"] {
        malformed(keys(wrong));
    }
}

#[test]
fn prunes_say_what_they_leave() {
    let prune = |version: &str, filters: &str| match ask(
        "POST",
        &format!("/{version}/volumes/prune?filters={filters}"),
        "",
    )? {
        Ask::PruneVolumes { all, .. } => Ok(all),
        other => panic!("{other:?}"),
    };
    assert_eq!(prune("v1.41", ""), Ok(true), "named volumes went before 1.42");
    assert_eq!(prune("v1.42", ""), Ok(false));
    assert_eq!(prune("v1.51", "{%22all%22:[%22true%22]}"), Ok(true));
    malformed(prune("v1.51", "{%22all%22:[%22maybe%22]}"));
    let images = |filters: &str| match ask("POST", &format!("/images/prune?filters={filters}"), "")? {
        Ask::PruneImages { dangling, filters } => Ok::<_, Refusal>((dangling, filters)),
        other => panic!("{other:?}"),
    };
    assert!(images("").unwrap().0);
    let (dangling, filters) =
        images("{%22dangling%22:[%220%22],%22until%22:[%2224h%22],%22label!%22:[%22keep%22]}").unwrap();
    assert_eq!(
        (dangling, filters.until, filters.not_label),
        (false, Some("24h".into()), vec!["keep".into()])
    );
}
