//! JSON, and what stands around it.

use crate::help::{JSON, ask, create, malformed, rule, wish};
use wharf_wire::ask::{Ask, Forbidden, Head, Refusal, route};
use wharf_wire::tenant::ContainerAct;

#[test]
fn settings_of_the_host_at_the_top_level_are_refused_v1() {
    assert_eq!(rule(create("\"Privileged\":true,\"Binds\":[\"/:/h\"]")), Forbidden::UnknownField);
    assert_eq!(rule(create("\"HostConfig\":null,\"Binds\":[\"/:/h\"]")), Forbidden::UnknownField);
    assert_eq!(rule(create("\"HostConfig\":{},\"Memory\":1")), Forbidden::UnknownField);
    assert_eq!(rule(create("\"VolumeDriver\":\"x\"")), Forbidden::UnknownField);
    assert_eq!(rule(create("\"Cpuset\":\"0\"")), Forbidden::UnknownField);
    assert!(
        create("\"Memory\":0,\"Cpuset\":\"\",\"VolumeDriver\":\"\"").is_ok(),
        "what says nothing is dropped"
    );
}

#[test]
fn keys_have_one_spelling_v2_v3() {
    for body in [
        "{\"Image\":\"a\",\"hostconfig\":{\"Privileged\":true}}",
        "{\"Image\":\"a\",\"HostConfig\":{\"privileged\":true}}",
        "{\"Image\":\"a\",\"Ho\u{17f}tConfig\":{\"Privileged\":true}}",
        "{\"Image\":\"a\",\"HostConfig\":{\"Bind\u{17f}\":[\"/:/h\"]}}",
        "{\"Image\":\"a\",\"HostConfig\":{\"Bind\\u017f\":[\"/:/h\"]}}",
        "{\"Image\":\"a\",\"HostConfig\":{\"Networ\u{212a}Mode\":\"host\"}}",
        "{\"Image\":\"a\",\"HostConfig\":{\"PRIVILEGED\":false}}",
        "{\"Image\":\"a\",\"hostCONFIG\":null}",
    ] {
        assert_eq!(rule(wish(body)), Forbidden::UnknownField, "{body}");
    }
    for spelling in ["hostconfig", "Ho\u{17f}tConfig", "HOSTCONFIG"] {
        let refused = wish(&format!("{{\"{spelling}\":null}}"));
        let Err(Refusal::Forbidden { reason, hint, .. }) = refused else { panic!("{refused:?}") };
        assert_eq!(reason, format!("`{spelling}` is another spelling of `HostConfig`"));
        assert_eq!(hint, "write `HostConfig`");
    }
}

#[test]
fn nothing_is_said_twice_v4_v5() {
    for more in [
        "\"HostConfig\":{\"Privileged\":true,\"Privileged\":null}",
        "\"HostConfig\":{\"Memory\":1},\"HostConfig\":{\"Memory\":2}",
        "\"HostConfig\":{\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/\",\"Target\":\"/a\"}],\"Mounts\":[{\"Target\":\"/x\"}]}",
        "\"Labels\":{\"a\":\"b\",\"a\":\"c\"}",
        "\"HostConfig\":{\"Privile\\u0067ed\":false,\"Privileged\":false}",
        "\"Unknown\":null,\"Unknown\":null",
    ] {
        assert!(malformed(create(more)).contains("twice"), "{more}");
    }
}

#[test]
fn keys_of_maps_are_the_clients_own_and_do_not_fold() {
    let wish = create("\"Labels\":{\"a\":\"1\",\"A\":\"2\",\"\u{17f}\":\"3\",\"s\":\"4\"}").unwrap();
    assert_eq!(wish.process.labels.unwrap().len(), 4);
}

#[test]
fn nothing_follows_a_document_v6() {
    for body in [
        "{\"Image\":\"a\"}}",
        "{\"Image\":\"a\"}]",
        "{\"Image\":\"a\"}{\"Image\":\"b\"}",
        "{\"Image\":\"a\"} x",
        "{\"Image\":\"a\"}\0",
        "\u{feff}{\"Image\":\"a\"}",
        "{\"Image\":\"a\"",
        "[]",
        "1",
        "\"a\"",
        "{'Image':'a'}",
        "{\"Image\":\"a\",}",
        "// a\n{}",
        "{\"Image\":\"\\ud800\"}",
        "{\"Image\":\"a\",\"Cmd\":[\"a\\u0000b\"]}",
        "{\"Image\":\"a\",\"Labels\":{\"a\\u0000\":\"\"}}",
        "{\"Image\":\"a\",\"StopTimeout\":NaN}",
        "{\"Image\":\"a\",\"StopTimeout\":01}",
    ] {
        malformed(wish(body));
    }
    assert!(wish(" \r\n\t{\"Image\":\"a\"}\n ").is_ok());
}

#[test]
fn a_body_is_utf8() {
    let route = route("POST", "/containers/create").unwrap();
    malformed(route.read(&JSON, b"{\"Image\":\"a\",\"User\":\"\xff\"}"));
    malformed(route.read(&JSON, b"\xff\xfe{\x00"));
}

#[test]
fn depth_and_size_have_ends() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(malformed(create(&format!("\"X\":{}", nested(32)))).contains("deeper than 32"));
    assert_eq!(rule(create(&format!("\"X\":{}", nested(31)))), Forbidden::UnknownField);
    malformed(create(&nested(100_000)));
    let large = format!("{{\"Image\":\"a\",\"User\":\"{}\"}}", "a".repeat(1024 * 1024));
    assert_eq!(wish(&large), Err(Refusal::TooLarge { most: 1024 * 1024 }));
}

#[test]
fn numbers_are_what_go_takes_into_an_integer() {
    for number in
        ["1.0", "1e3", "1.5", "9223372036854775808", "-9223372036854775809", "1e400", "\"1\"", "true", "[]"]
    {
        malformed(create(&format!("\"StopTimeout\":{number}")));
    }
    for (text, expected) in [("10", Some(10)), ("-1", Some(-1)), ("null", None), ("0", Some(0))] {
        assert_eq!(
            create(&format!("\"StopTimeout\":{text}")).unwrap().process.stop_timeout,
            expected,
            "{text}"
        );
    }
}

#[test]
fn an_unknown_field_that_says_nothing_is_dropped() {
    for nothing in ["null", "false", "0", "0.0", "\"\"", "[]", "{}"] {
        assert!(create(&format!("\"Whatever\":{nothing}")).is_ok(), "{nothing}");
    }
    for something in ["true", "1", "0.1", "\" \"", "[null]", "{\"a\":null}"] {
        assert_eq!(
            rule(create(&format!("\"Whatever\":{something}"))),
            Forbidden::UnknownField,
            "{something}"
        );
    }
    let Err(Refusal::Forbidden { reason, .. }) = create("\"HostConfig\":{\"Foo\":1}") else { panic!() };
    assert_eq!(reason, "the field `HostConfig.Foo` is not known here");
    let Err(Refusal::Forbidden { reason, .. }) = create(
        "\"HostConfig\":{\"Mounts\":[{\"Type\":\"bind\",\"Target\":\"/d\",\"BindOptions\":{\"Foo\":1}}]}",
    ) else {
        panic!()
    };
    assert_eq!(reason, "the field `HostConfig.Mounts[0].BindOptions.Foo` is not known here");
}

#[test]
fn a_refusal_does_not_repeat_all_that_was_written() {
    let Err(refused) = create(&format!("\"{}\":1", "a".repeat(100_000))) else { panic!() };
    assert!(format!("{refused}").len() < 1000);
}

fn with_type(method: &str, target: &str, content_type: &str, body: &str) -> Result<Ask, Refusal> {
    let head = Head { content_type: Some(content_type), ..Head::default() };
    route(method, target)?.read(&head, body.as_bytes())
}

#[test]
fn forms_are_refused_everywhere_v7() {
    for content_type in [
        "application/x-www-form-urlencoded",
        "APPLICATION/X-WWW-FORM-URLENCODED; charset=utf-8",
        "multipart/form-data; boundary=x",
        "multipart/mixed",
        "application/json, application/x-www-form-urlencoded",
        "application/json; a=b",
    ] {
        for target in [
            "/containers/prune",
            "/images/prune",
            "/volumes/prune",
            "/networks/prune",
            "/images/a/tag?repo=b",
            "/images/create?fromImage=a:1",
            "/containers/a/rename?name=b",
            "/containers/a/kill",
            "/containers/create",
            "/images/load",
            "/commit?container=a",
        ] {
            malformed(with_type("POST", target, content_type, "filters={}"));
            malformed(with_type("POST", target, content_type, ""));
        }
        malformed(with_type("GET", "/info", content_type, ""));
        malformed(with_type("PUT", "/containers/a/archive?path=/", content_type, ""));
    }
}

#[test]
fn json_is_called_json_v25() {
    let body = "{\"Image\":\"a\"}";
    for fits in [
        "application/json",
        "APPLICATION/JSON",
        "application/json; charset=utf-8",
        "application/json;charset=\"UTF-8\"",
    ] {
        assert!(with_type("POST", "/containers/create", fits, body).is_ok(), "{fits}");
    }
    for wrong in ["text/plain", "application/x-tar", "application/json; charset=utf-16", "text/json", ""] {
        malformed(with_type("POST", "/containers/create", wrong, body));
    }
    malformed(route("POST", "/containers/create").unwrap().read(&Head::default(), body.as_bytes()));
}

#[test]
fn an_action_says_everything_in_its_query_v13() {
    let started = |body: &str| ask("POST", "/v1.41/containers/a/start", body);
    let start = Ask::Container { container: "a".into(), act: ContainerAct::Start { detach_keys: None } };
    // The docker CLI says `text/plain` of nothing; other clients send an empty object.
    assert_eq!(with_type("POST", "/containers/a/start", "text/plain", ""), Ok(start.clone()));
    for body in ["", "{}", "null", "{\"Binds\":null}"] {
        assert_eq!(started(body), Ok(start.clone()), "{body}");
    }
    assert_eq!(rule(started("{\"Binds\":[\"/:/h\"]}")), Forbidden::UnknownField);
    malformed(with_type("POST", "/containers/a/start", "text/plain", "{}"));
    malformed(ask("GET", "/info", "{}"));
    malformed(ask("DELETE", "/containers/a", "{}"));
}

#[test]
fn accounts_of_builds_are_refused() {
    let with = |value| Head { registry_config: Some(value), ..Head::default() };
    let info = route("GET", "/info").unwrap();
    for nothing in ["", "e30=", "e30", "bnVsbA=="] {
        assert_eq!(info.read(&with(nothing), b""), Ok(Ask::Info), "{nothing}");
    }
    assert_eq!(rule(info.read(&with("eyJhIjp7InVzZXJuYW1lIjoieCJ9fQ=="), b"")), Forbidden::UnknownField);
    malformed(info.read(&with("!"), b""));
}

#[test]
fn a_head_shown_to_people_shows_no_account() {
    let head = Head { registry_auth: Some("c2VjcmV0"), registry_config: Some("c2VjcmV0"), ..Head::default() };
    assert!(!format!("{head:?}").contains("c2VjcmV0"));
}
