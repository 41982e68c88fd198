//! One tenant with thousands of connections and every kind of bad client, and another who is to notice nothing.

use crate::http::Talk;
use crate::process::{open_files, resident};
use std::io::Write as _;
use std::os::unix::net::UnixStream;
use std::time::Duration;
use wharf_conformance::gateway::{Client, Gateway, ORDINARY};
use wharf_testkit::{Account, Engine, EngineKind, or_skip};

/// Resident memory that no tenant's clients may push the gateway over, in KiB.
const MOST_RESIDENT: u64 = 200 << 10;
/// How much slower another tenant may become: the promise is 2, and this machine is busy with other tests.
const MOST_SLOWER: u32 = 10;
/// A busy machine's kernel lets others run for as long as this: what took less before is no measure.
const SLICE: Duration = Duration::from_millis(2);
const ROUNDS: usize = 300;

/// What bob notices.
struct Watch {
    ping: Duration,
    inspect: Duration,
    /// The engine itself at that moment: what it is slow at, is not the gateway's.
    direct: Duration,
}

/// The best of three looks: whatever else this machine does makes them worse, never better.
fn watch(bob: &Client<'_>) -> Watch {
    let looks = [look(bob), look(bob), look(bob)];
    let best = |of: fn(&Watch) -> Duration| looks.iter().map(of).min().expect("three looks");
    Watch {
        ping: best(|look| look.ping),
        inspect: best(|look| look.inspect),
        direct: best(|look| look.direct),
    }
}

fn look(bob: &Client<'_>) -> Watch {
    let mut talk = Talk::on(bob.connect().unwrap());
    let (ping, _) = talk.times("/_ping", ROUNDS);
    let inspect = "/containers/box/json";
    let id = talk.get(inspect).body.split("\"Id\":\"").nth(1).expect("an id")[..64].to_owned();
    let (inspect, _) = talk.times(inspect, ROUNDS);
    let mut engine = Talk::on(UnixStream::connect(bob.engine().socket()).unwrap());
    let (direct, _) = engine.times(&format!("/containers/{id}/json"), ROUNDS);
    Watch { ping, inspect, direct }
}

fn ping(stream: UnixStream) -> u16 {
    let mut talk = Talk::on(stream);
    let _refused = talk.stream.write_all(b"GET /_ping HTTP/1.1\r\nHost: d\r\n\r\n");
    talk.answer().map_or(0, |said| said.status)
}

#[test]
fn ten_thousand_connections_and_bad_clients_of_one_tenant_leave_another_as_it_was() {
    let Some(engine) = or_skip(Engine::private(EngineKind::Docker28)) else { return };
    let gateway = Gateway::on(&engine).tenant("alice", ORDINARY).tenant("bob", ORDINARY).start();
    let [alice, bob] = ["alice", "bob"].map(|role| gateway.as_tenant(role, engine.kind()));
    let stranger = Account::new("mallory").unwrap();
    bob.sh("docker run -d --name box busybox sleep 1000").succeeds();
    let loud = "while :; do head -c 1000000 /dev/zero | tr '\\\\0' x | fold -w 100; sleep 1; done";
    alice.sh(&format!("docker run -d --name box busybox sh -c \"{loud}\"")).succeeds();
    let _warm = watch(&bob);
    let before = watch(&bob);
    let Watch { ping: first_ping, inspect, direct } = &before;
    println!(
        "alone: p99 of ping {first_ping:?}, inspect {inspect:?}, direct {direct:?}; {} KiB",
        resident(&gateway)
    );
    let judge = |what: &str| {
        let now = watch(&bob);
        let slower = now.direct.as_secs_f64() / before.direct.as_secs_f64();
        let [ping, inspect] = [(now.ping, before.ping), (now.inspect, before.inspect)]
            .map(|(now, before)| now.as_secs_f64() / before.as_secs_f64());
        println!(
            "{what}: p99 of ping {:?} ({ping:.1}), inspect {:?} ({inspect:.1}), direct {:?} ({slower:.1}); {} KiB, {} files",
            now.ping,
            now.inspect,
            now.direct,
            resident(&gateway),
            open_files(&gateway)
        );
        let most_ping = before.ping.max(SLICE) * MOST_SLOWER;
        let most_inspect = before.inspect.max(SLICE).mul_f64(slower.max(1.0)) * MOST_SLOWER;
        assert!(now.ping < most_ping && now.inspect < most_inspect, "{what}");
        assert!(resident(&gateway) < MOST_RESIDENT, "{what}: {} KiB", resident(&gateway));
    };
    let connect = || alice.connect().unwrap();

    let idle: Vec<_> = (0..10_000).map(|_| connect()).collect();
    judge("10,000 idle connections");
    let strangers: Vec<_> = (0..2000).map(|_| stranger.connect(&gateway.socket()).unwrap()).collect();
    judge("and 2,000 of nobody's");
    assert!(matches!(ping(connect()), 0 | 429), "alice has all that she may have");
    drop((idle, strangers));
    wharf_conformance::eventually("room for alice", || (ping(connect()) == 200).then_some(()));

    let mut heads: Vec<_> = (0..1000).map(|_| connect()).collect();
    for head in &mut heads {
        head.write_all(b"GET /_ping HTTP/1.1\r\nHost: d\r\nX").unwrap();
    }
    let mut endless = connect();
    while endless.write_all(&[b'x'; 4096]).is_ok() {}
    judge("1,000 heads that do not end");
    drop(heads);

    let mut bodies: Vec<_> = (0..300).map(|_| connect()).collect();
    let head = "POST /containers/create HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{\"Cmd\":[\"";
    let most = "x".repeat(900_000);
    for body in &mut bodies {
        body.set_write_timeout(Some(Duration::from_millis(500))).unwrap();
        let _refused = body.write_all(head.as_bytes()).and_then(|()| body.write_all(most.as_bytes()));
    }
    judge("300 bodies that do not end");
    drop(bodies);

    let unread =
        ["/containers/box/logs?stdout=1&follow=1", "/events", "/images/busybox/get", "/containers/box/stats"];
    let mut streams: Vec<_> = (0..400).map(|_| connect()).collect();
    for (number, stream) in streams.iter_mut().enumerate() {
        let target = unread[number % unread.len()];
        stream.write_all(format!("GET {target} HTTP/1.1\r\nHost: d\r\n\r\n").as_bytes()).unwrap();
    }
    std::thread::sleep(Duration::from_secs(2));
    judge("400 streams that nobody reads");
    drop(streams);

    for _ in 0..30 {
        let mut talk = Talk::on(connect());
        let made =
            talk.ask("POST", "/containers/box/exec", r#"{"AttachStdout":true,"Cmd":["sleep","1000"]}"#);
        let id = made.body.split('"').nth(3).unwrap().to_owned();
        talk.write(&crate::http::request("POST", &format!("/exec/{id}/start"), r#"{"Detach":false}"#));
    }
    judge("30 execs that were left");
    assert_eq!(ping(connect()), 200);
    alice.sh("docker rm -f box").succeeds();
}

#[test]
fn a_thousand_event_streams_are_cheap_and_each_hears_all() {
    let Some(engine) = or_skip(Engine::private(EngineKind::Docker28)) else { return };
    let gateway = Gateway::on(&engine).tenant("alice", ORDINARY).tenant("bob", ORDINARY).start();
    let [alice, bob] = ["alice", "bob"].map(|role| gateway.as_tenant(role, engine.kind()));
    alice.sh("docker volume create warm").succeeds();
    let idle = resident(&gateway);
    let mut streams: Vec<_> = (0..1000).map(|_| Talk::on(alice.connect().unwrap())).collect();
    for stream in &mut streams {
        stream.write("GET /events HTTP/1.1\r\nHost: d\r\n\r\n");
        assert!(stream.head().unwrap().starts_with("HTTP/1.1 200"));
    }
    let with = resident(&gateway);
    println!("idle {idle} KiB, with 1,000 event streams {with} KiB");
    assert!(with < 64 << 10, "{with} KiB");
    bob.sh("docker volume create bobs").succeeds();
    alice.sh("docker volume create alices").succeeds();
    for stream in &mut streams {
        let heard = stream.hears("alices");
        assert!(!heard.contains("bobs"), "{heard}");
    }
    println!("after an event for each: {} KiB", resident(&gateway));
}

#[test]
fn an_event_of_any_size_blinds_nobody() {
    let Some(engine) = or_skip(Engine::private(EngineKind::Docker28)) else { return };
    let gateway = Gateway::on(&engine).tenant("alice", ORDINARY).tenant("bob", ORDINARY).start();
    let [alice, bob] = ["alice", "bob"].map(|role| gateway.as_tenant(role, engine.kind()));
    let mut bobs = bob.start("docker events");
    let mut own =
        alice.start("docker events --format '{{.Action}} {{.Actor.ID}} {{.Actor.Attributes.name}}'");
    let mut talk = Talk::on(alice.connect().unwrap());
    for (number, size) in [20_000, 900_000].into_iter().enumerate() {
        // Engines write `<` as six characters.
        let label = "<".repeat(size);
        let body = format!("{{\"Image\":\"busybox\",\"Labels\":{{\"long\":\"{label}\"}}}}");
        let made = talk.ask("POST", &format!("/containers/create?name=long{number}"), &body);
        println!("a label of {size}: {} {}", made.status, &made.body[..made.body.len().min(200)]);
    }
    own.says("long0");
    bob.sh("docker volume create heard").succeeds();
    bobs.says("heard");
    alice.sh("docker volume create heard").succeeds();
    own.says("heard");
}
