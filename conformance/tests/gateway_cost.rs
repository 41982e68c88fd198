//! How often the gateway asks the engine: the least of several tries counts, since what it does in the background for
//! all tenants (measuring disks, looking after rules) is recorded, too.

use wharf_conformance::gateway::{Client, Gateway, ORDINARY};
use wharf_conformance::{eventually, on_each_engine};
use wharf_testkit::{Engine, EngineKind, Recorder};

/// Tries of each call.
const TRIES: usize = 5;

struct Quay<'e> {
    recorder: Recorder,
    gateway: Gateway<'e>,
}

impl<'e> Quay<'e> {
    fn on(engine: &'e Engine) -> Self {
        let recorder = Recorder::start(&engine.socket()).expect("a recorder");
        let plans = Gateway::on(engine).recorded_by(&recorder);
        // Behind a recorder the gateway cannot see where the engine is, and serves only whom no rule would hold.
        let grants = format!("{ORDINARY}network: {{internet: true, lan: true, host: true}}\n");
        let gateway = plans.tenant("ana", &grants).tenant("bob", &grants).start();
        Self { recorder, gateway }
    }

    fn ana(&self) -> Client<'_> {
        self.gateway.as_tenant("ana", EngineKind::Docker28)
    }

    fn bob(&self) -> Client<'_> {
        self.gateway.as_tenant("bob", EngineKind::Docker28)
    }

    /// What ana's call has the engine asked, when it is asked the least.
    fn least(&self, ana: &Client<'_>, call: &str, status: u16) -> Vec<String> {
        let (line, body) = call.split_once('\n').unwrap_or((call, ""));
        let length = body.len();
        let head = format!(
            "Host: d\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {length}"
        );
        let request = format!("{line} HTTP/1.1\r\n{head}\r\n\r\n{body}");
        let tries = (0..TRIES).map(|_| {
            self.recorder.clear();
            let answer = ana.http(request.as_bytes());
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{call}: {answer}");
            self.recorder.requests()
        });
        tries.min_by_key(Vec::len).expect("a try")
    }

    fn asks(&self, ana: &Client<'_>, call: &str, status: u16, times: usize) {
        let asked = self.least(ana, call, status);
        assert_eq!(asked.len(), times, "{call}: {asked:#?}");
    }
}

#[test]
fn a_call_by_id_costs_one_request_to_the_engine() {
    on_each_engine(|engine| {
        let quay = Quay::on(engine);
        let ana = quay.ana();
        let id = ana.answer("docker run -d --name web busybox sleep 1000");
        let network = ana.answer("docker network create net");
        ana.sh("docker volume create data").succeeds();
        for call in [
            format!("GET /v1.41/containers/{id}/json"),
            "GET /v1.41/containers/web/json".to_owned(),
            format!("GET /v1.41/containers/{id}/top"),
            format!("GET /v1.41/containers/{id}/changes"),
            format!("GET /v1.41/containers/{id}/logs?stdout=1"),
            "GET /v1.41/containers/json".to_owned(),
            format!("GET /v1.41/networks/{network}"),
            "GET /v1.41/volumes/data".to_owned(),
        ] {
            quay.asks(&ana, &call, 200, 1);
        }
    });
}

#[test]
fn what_is_refused_costs_no_request_to_the_engine() {
    on_each_engine(|engine| {
        let quay = Quay::on(engine);
        let (ana, bob) = (quay.ana(), quay.bob());
        let id = bob.answer("docker create --name web busybox true");
        // Bob's container is known to the gateway since it was made.
        eventually("ana's own socket is quiet", || {
            quay.least(&ana, "GET /_ping", 200).is_empty().then_some(())
        });
        quay.asks(&ana, &format!("GET /v1.41/containers/{id}/json"), 404, 0);
        quay.asks(&ana, &format!("DELETE /v1.41/containers/{id}"), 404, 0);
        quay.asks(&ana, "POST /v1.41/swarm/init\n{}", 403, 0);
        let privileged =
            "POST /v1.41/containers/create\n{\"Image\":\"busybox\",\"HostConfig\":{\"Privileged\":true}}";
        quay.asks(&ana, privileged, 403, 0);
    });
}
