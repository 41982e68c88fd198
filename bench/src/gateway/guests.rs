//! Containers that the contests are about: some of the tenant's own, and others of somebody else's.

use super::{Door, Served};
use std::sync::atomic::{AtomicUsize, Ordering};
use wharf_testkit::{Engine, Error, Result};

/// Containers of the tenant's own; one of them runs.
const OWN: usize = 10;
/// Connections on which others' containers are made.
const MAKERS: usize = 4;

/// What is there before the clock starts.
#[derive(Debug)]
pub(super) struct Guests {
    /// The tenant's container that runs.
    pub(super) running: String,
    /// Another tenant's, which the gateway knows.
    pub(super) foreign: String,
}

impl Guests {
    /// The tenant's own are made through the gateway, as a client would.
    pub(super) fn make(engine: &Engine, served: &Served) -> Result<Self> {
        let mut ids = Vec::new();
        for number in 0..OWN {
            let body = r#"{"Image":"busybox","Cmd":["sleep","1000000"],"StopSignal":"KILL"}"#;
            ids.push(create(&served.door(), &format!("own{number}"), body)?);
        }
        let running = ids.swap_remove(0);
        post(&served.door(), &format!("/v1.41/containers/{running}/start"), None, 204)?;
        let foreign = create(&Door::of(engine.socket(), None), "bench-other--first", &foreign_body())?;
        Ok(Self { running, foreign })
    }
}

/// Makes containers of another tenant's at the engine itself; they are never started, and go with the engine.
pub(super) fn crowd(engine: &Engine, count: usize) -> Result<()> {
    let (next, body) = (AtomicUsize::new(0), foreign_body());
    std::thread::scope(|scope| {
        let make = || -> Result<()> {
            let door = Door::of(engine.socket(), None);
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= count {
                    return Ok(());
                }
                create(&door, &format!("bench-other--c{number}"), &body)?;
            }
        };
        let makers: Vec<_> = (0..MAKERS).map(|_| scope.spawn(make)).collect();
        makers.into_iter().try_for_each(|maker| maker.join().expect("no maker panicked"))
    })
}

fn foreign_body() -> String {
    let labels =
        r#"{"wharf.tenant":"bench-other","wharf.generation":"1","wharf.user":"other","wharf.asked":"{}"}"#;
    format!(r#"{{"Image":"busybox","Cmd":["true"],"Labels":{labels},"HostConfig":{{"NetworkMode":"none"}}}}"#)
}

fn create(door: &Door<'_>, name: &str, body: &str) -> Result<String> {
    let answer = post(door, &format!("/v1.41/containers/create?name={name}"), Some(body.as_bytes()), 201)?;
    let answer: serde_json::Value = serde_json::from_slice(&answer).expect("JSON");
    Ok(answer["Id"].as_str().expect("an id").to_owned())
}

/// One request on a connection of its own.
pub(super) fn post(door: &Door<'_>, target: &str, body: Option<&[u8]>, expected: u16) -> Result<Vec<u8>> {
    let asked = door.open()?.ask("POST", target, body);
    let (status, answer) = asked.map_err(Error::io(format!("POST {target}")))?;
    assert_eq!(status, expected, "POST {target}: {}", String::from_utf8_lossy(&answer));
    Ok(answer)
}
