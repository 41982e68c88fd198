//! Execs, images, volumes, networks, accounts.

use crate::help::{ask, get, malformed, not_found, rule};
use wharf_wire::RegistryCredentials;
use wharf_wire::ask::{Ask, Forbidden, Head, Refusal, route};
use wharf_wire::tenant::{ExecAct, TenantExec};

const ID: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn exec(body: &str) -> Result<TenantExec, Refusal> {
    match ask("POST", "/containers/a/exec", body)? {
        Ask::CreateExec { exec, .. } => Ok(exec),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_exec_is_never_privileged() {
    assert_eq!(rule(exec("{\"Cmd\":[\"sh\"],\"Privileged\":true}")), Forbidden::Privileged);
    assert_eq!(rule(exec("{\"Cmd\":[\"sh\"],\"privileged\":true}")), Forbidden::UnknownField);
    let read = exec(
        "{\"Cmd\":[\"sh\",\"-c\",\"a\"],\"User\":\"0\",\"Env\":[\"A=b\"],\"Tty\":true,\"AttachStdin\":true,\
          \"ConsoleSize\":[24,80],\"Privileged\":false,\"Container\":\"a\",\"detachKeys\":\"ctrl-p\"}",
    )
    .unwrap();
    assert_eq!(read.command, ["sh", "-c", "a"]);
    assert_eq!((read.user.as_deref(), read.tty, read.stdin, read.stdout), (Some("0"), true, true, false));
    assert_eq!((read.console_size, read.detach_keys.as_deref()), (Some((24, 80)), Some("ctrl-p")));
    for wrong in [
        "{}",
        "{\"Cmd\":[]}",
        "{\"Cmd\":\"sh\"}",
        "{\"Cmd\":[\"a\"],\"ConsoleSize\":[1]}",
        "{\"Cmd\":[\"a\"],\"ConsoleSize\":[1,2,3]}",
        "{\"Cmd\":[\"a\"],\"ConsoleSize\":[-1,70000]}",
        "{\"Cmd\":[\"a\"],\"DetachKeys\":\"a\",\"detachKeys\":\"b\"}",
        "{\"Cmd\":[\"a\"],\"WorkingDir\":\"tmp\"}",
    ] {
        malformed(exec(wrong));
    }
}

#[test]
fn an_exec_has_a_full_id_and_starts_once_it_is_said_how() {
    let start = |id: &str, body: &str| ask("POST", &format!("/exec/{id}/start"), body);
    let Ok(asked) = start(ID, "{\"Detach\":false,\"Tty\":true,\"ConsoleSize\":null}") else { panic!() };
    assert!(asked.hijacks());
    let Ok(asked) = start(ID, "{\"Detach\":true}") else { panic!() };
    assert!(!asked.hijacks(), "V8: nothing is a tunnel that does not become one");
    assert_eq!(
        asked,
        Ask::Exec {
            exec: ID.parse().unwrap(),
            act: ExecAct::Start { detach: true, tty: false, console_size: None }
        }
    );
    for wrong in [&ID[..12], &ID.to_uppercase(), "bad"] {
        assert_eq!(not_found(start(wrong, "{}")), format!("No such exec instance: {wrong}"));
        not_found(get(&format!("/exec/{wrong}/json")));
    }
    assert_eq!(rule(start(ID, "{\"Privileged\":true}")), Forbidden::UnknownField);
}

#[test]
fn a_pull_names_one_image() {
    let pull = |query: &str| match ask("POST", &format!("/images/create?{query}"), "")? {
        Ask::PullImage { image, .. } => Ok(image.to_string()),
        other => panic!("{other:?}"),
    };
    let digest = format!("sha256:{ID}");
    assert_eq!(pull("fromImage=nginx&tag=1"), Ok("nginx:1".into()));
    assert_eq!(pull("fromImage=nginx:1"), Ok("nginx:1".into()));
    assert_eq!(pull("fromImage=nginx:1&tag=1"), Ok("nginx:1".into()));
    assert_eq!(pull("fromImage=docker.io%2Flibrary%2Fnginx&tag=1"), Ok("nginx:1".into()));
    assert_eq!(pull(&format!("fromImage=nginx&tag={digest}")), Ok(format!("nginx@{digest}")));
    assert_eq!(pull("fromImage=registry.example:5000/a&tag=b"), Ok("registry.example:5000/a:b".into()));
    for wrong in [
        "fromImage=nginx",
        "fromImage=registry.example:5000/a",
        "fromImage=nginx:1&tag=2",
        "fromImage=Nginx&tag=1",
        "fromImage=a%20b&tag=1",
        "fromImage=&tag=1",
        "tag=1",
        "fromImage=a&tag=sha256:12",
    ] {
        malformed(pull(wrong));
    }
    for (query, expected) in [
        ("fromSrc=http://169.254.169.254/", Forbidden::Import),
        ("fromSrc=-", Forbidden::Import),
        ("fromImage=a&tag=1&changes=LABEL+a=b", Forbidden::Import),
        ("fromImage=a&tag=1&repo=b", Forbidden::Import),
    ] {
        assert_eq!(rule(pull(query)), expected, "{query}");
    }
}

#[test]
fn accounts_are_read_in_either_base64_and_shown_to_nobody() {
    let with = |auth: &str| -> Result<Option<RegistryCredentials>, Refusal> {
        let head = Head { registry_auth: Some(auth), ..Head::default() };
        match route("POST", "/images/create?fromImage=a&tag=1")?.read(&head, b"")? {
            Ask::PullImage { credentials, .. } => Ok(credentials),
            other => panic!("{other:?}"),
        }
    };
    for nothing in ["", "e30=", "e30", "bnVsbA=="] {
        assert_eq!(with(nothing), Ok(None), "{nothing}");
    }
    // {"username":"u","password":"\u{fb}\u{ff}>?","serveraddress":"r.example"} holds `_` or `/` either way.
    let account = RegistryCredentials {
        registry: "r.example".into(),
        username: "u".into(),
        password: "\u{fb}\u{ff}>?".into(),
        identity_token: None,
    };
    let text = "{\"username\":\"u\",\"password\":\"\u{fb}\u{ff}>?\",\"serveraddress\":\"r.example\",\"auth\":\"x\",\"email\":\"\"}";
    assert_eq!(with(&base64(text, b'-', b'_')), Ok(Some(account.clone())));
    assert_eq!(with(&base64(text, b'+', b'/')), Ok(Some(account)));
    let token = with(&base64("{\"identitytoken\":\"t\"}", b'-', b'_')).unwrap().unwrap();
    assert_eq!(token.identity_token.as_deref(), Some("t"));
    let secret = base64("{\"password\":\"hush\",\"password\":\"hush\"}", b'-', b'_');
    for wrong in ["!", "e30=e30=", "aHVzaA==", &secret] {
        let words = malformed(with(wrong));
        assert!(!words.contains("hush"), "{words}");
    }
    assert_eq!(rule(with(&base64("{\"registrytoken\":\"t\"}", b'-', b'_'))), Forbidden::UnknownField);
    assert_eq!(rule(with(&base64("{\"Username\":\"t\"}", b'-', b'_'))), Forbidden::UnknownField);
}

/// Base64 with padding and these two last digits.
#[allow(clippy::cast_possible_truncation, reason = "six bits each")]
fn base64(text: &str, plus: u8, slash: u8) -> String {
    let digit = |n: u32| match n {
        0..=25 => b'A' + n as u8,
        26..=51 => b'a' + (n - 26) as u8,
        52..=61 => b'0' + (n - 52) as u8,
        62 => plus,
        _ => slash,
    };
    let mut out = Vec::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits = chunk.iter().fold(0, |bits, b| bits << 8 | u32::from(*b)) << (8 * (3 - chunk.len()));
        let digits = [18, 12, 6, 0].map(|shift| digit(bits >> shift & 63));
        out.extend(&digits[..=chunk.len()]);
        out.resize(out.len() + 3 - chunk.len(), b'=');
    }
    String::from_utf8(out).unwrap()
}

#[test]
fn a_commit_says_its_container_in_the_query_and_its_changes_line_by_line() {
    let commit = |query: &str, body: &str| match ask("POST", &format!("/commit?{query}"), body)? {
        Ask::Commit { container, to, commit } => Ok((container, to.map(|to| to.to_string()), commit.changes)),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        commit("container=a&repo=b&tag=1&changes=CMD+a&changes=env+A=b", "null"),
        Ok(("a".into(), Some("b:1".into()), vec!["CMD a".into(), "env A=b".into()]))
    );
    assert_eq!(commit("container=a", "{}"), Ok(("a".into(), None, vec![])));
    for wrong in [
        "repo=b",
        "container=a&tag=1",
        "container=a&repo=b:1&tag=2",
        "container=a&repo=b@sha256:1",
        "container=a&changes=RUN+a",
        "container=a&changes=CMD+a%0ARUN+b",
        "container=a&changes=CMD+a+%5C",
        "container=a&changes=%23+escape=%60",
        "container=a&changes=FROM+x",
    ] {
        malformed(commit(wrong, ""));
    }
    assert_eq!(rule(commit("container=a&changes=ONBUILD+RUN+a", "")), Forbidden::Build);
    assert_eq!(
        rule(commit("container=a", "{\"Labels\":{\"wharf.tenant\":\"bob\"}}")),
        Forbidden::UnknownField
    );
    assert_eq!(rule(commit("container=a", "{\"User\":\"0\"}")), Forbidden::UnknownField);
}

#[test]
fn tags_and_pushes_name_one_tag() {
    let tag = |query: &str| match ask("POST", &format!("/images/a/tag?{query}"), "")? {
        Ask::TagImage { to, .. } => Ok(to.to_string()),
        other => panic!("{other:?}"),
    };
    assert_eq!(tag("repo=b"), Ok("b:latest".into()));
    assert_eq!(tag("repo=r.example/b&tag=1"), Ok("r.example/b:1".into()));
    malformed(tag("tag=1"));
    malformed(tag(&format!("repo=b@sha256:{ID}")));
    let push = |target: &str| match ask("POST", target, "")? {
        Ask::PushImage { image, .. } => Ok(image.to_string()),
        other => panic!("{other:?}"),
    };
    assert_eq!(push("/images/r.example/a/b/push?tag=1"), Ok("r.example/a/b:1".into()));
    malformed(push("/images/r.example/a/b/push"));
    malformed(push(&format!("/images/a@sha256:{ID}/push")));
}

#[test]
fn every_name_of_a_save_is_read() {
    assert_eq!(
        get("/images/get?names=a&names=b:1"),
        Ok(Ask::SaveImages { images: vec!["a".into(), "b:1".into()] })
    );
    malformed(get("/images/get"));
    malformed(get("/images/get?names="));
    not_found(get("/images/get?names=a&names=%22"));
}

#[test]
fn a_volume_has_no_driver_and_no_options_v14() {
    let volume = |body: &str| match ask("POST", "/volumes/create", body)? {
        Ask::CreateVolume(wish) => Ok(wish),
        other => panic!("{other:?}"),
    };
    let wish =
        volume("{\"Name\":\"a\",\"Driver\":\"local\",\"DriverOpts\":{},\"Labels\":{\"a\":\"b\"}}").unwrap();
    assert_eq!(wish.name.unwrap().as_str(), "a");
    assert_eq!(volume("").unwrap().name, None);
    for (body, expected) in [
        ("{\"DriverOpts\":{\"type\":\"proc\",\"device\":\"proc\"}}", Forbidden::Driver),
        ("{\"DriverOpts\":{\"o\":\"size=1m\"}}", Forbidden::Driver),
        ("{\"Driver\":\"nfs\"}", Forbidden::Driver),
        ("{\"ClusterVolumeSpec\":{}}", Forbidden::Swarm),
        ("{\"driveropts\":{\"a\":\"b\"}}", Forbidden::UnknownField),
    ] {
        assert_eq!(rule(volume(body)), expected, "{body}");
    }
    malformed(volume("{\"Name\":\"/etc\"}"));
}

#[test]
fn a_network_is_a_bridge_and_chooses_no_options_v17() {
    let network = |body: &str| match ask("POST", "/networks/create", body)? {
        Ask::CreateNetwork(wish) => Ok(wish),
        other => panic!("{other:?}"),
    };
    let wish = network(
        "{\"Name\":\"a\",\"CheckDuplicate\":true,\"Driver\":\"bridge\",\"EnableIPv4\":true,\"Internal\":true,\
          \"IPAM\":{\"Driver\":\"default\",\"Config\":[{\"Subnet\":\"10.1.0.0/24\",\"Gateway\":\"10.1.0.1\"},{}]},\
          \"Options\":{\"com.docker.network.driver.mtu\":\"1400\",\"com.docker.network.bridge.enable_icc\":\"false\"}}",
    )
    .unwrap();
    assert_eq!((wish.internal, wish.ipv6, wish.mtu, wish.icc), (true, false, Some(1400), Some(false)));
    assert_eq!(wish.pools.len(), 1);
    for (more, expected) in [
        ("\"Driver\":\"macvlan\"", Forbidden::Driver),
        ("\"Driver\":\"host\"", Forbidden::Driver),
        ("\"Options\":{\"com.docker.network.bridge.name\":\"docker0\"}", Forbidden::Driver),
        (
            "\"Options\":{\"com.docker.network.bridge.gateway_mode_ipv4\":\"nat-unprotected\"}",
            Forbidden::Driver,
        ),
        ("\"Options\":{\"parent\":\"eth0\"}", Forbidden::Driver),
        ("\"IPAM\":{\"Driver\":\"x\"}", Forbidden::Driver),
        ("\"IPAM\":{\"Options\":{\"a\":\"b\"}}", Forbidden::Driver),
        ("\"IPAM\":{\"Config\":[{\"AuxiliaryAddresses\":{\"a\":\"8.8.8.8\"}}]}", Forbidden::Driver),
        ("\"IPAM\":{\"Config\":[{\"AuxAddress\":{\"a\":\"8.8.8.8\"}}]}", Forbidden::Driver),
        ("\"IPAM\":{\"Config\":[{\"IPRange\":\"10.1.0.0/25\"}]}", Forbidden::Driver),
        ("\"ConfigFrom\":{\"Network\":\"b\"}", Forbidden::Driver),
        ("\"ConfigOnly\":true", Forbidden::Driver),
        ("\"Scope\":\"swarm\"", Forbidden::Swarm),
        ("\"Ingress\":true", Forbidden::Swarm),
        ("\"EnableIPv4\":false", Forbidden::Driver),
    ] {
        assert_eq!(rule(network(&format!("{{\"Name\":\"a\",{more}}}"))), expected, "{more}");
    }
    for wrong in [
        "{}",
        "{\"Name\":\"host\"}",
        "{\"Name\":\"bridge\"}",
        "{\"Name\":\"a/b\"}",
        "{\"Name\":\"a\",\"IPAM\":{\"Config\":[{\"Gateway\":\"10.1.0.1\"}]}}",
        "{\"Name\":\"a\",\"Options\":{\"com.docker.network.driver.mtu\":\"-1\"}}",
    ] {
        malformed(network(wrong));
    }
}

#[test]
fn a_connection_names_its_container_in_the_body() {
    let connect = |body: &str| ask("POST", "/networks/n/connect", body);
    assert!(
        matches!(connect("{\"Container\":\"a\"}"), Ok(Ask::Connect { container, .. }) if container == "a")
    );
    malformed(connect("{}"));
    not_found(connect("{\"Container\":\"a/b\"}"));
    assert_eq!(rule(connect("{\"Container\":\"a\",\"container\":\"b\"}")), Forbidden::UnknownField);
    let left = ask("POST", "/networks/n/disconnect", "{\"Container\":\"a\",\"Force\":true}");
    assert!(matches!(left, Ok(Ask::Disconnect { force: true, .. })));
}

#[test]
fn events_are_filtered_by_what_a_tenant_has() {
    let events = |query: &str| get(&format!("/events?{query}"));
    assert!(events("since=1&until=2.5&filters={%22type%22:[%22container%22]}").is_ok());
    malformed(events("filters={%22daemon%22:[%22a%22]}"));
    malformed(events("filters={%22plugin%22:[%22a%22]}"));
    malformed(events("since=now"));
    malformed(get("/system/df?type=foo"));
}
