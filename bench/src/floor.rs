//! What the engine itself needs: the same create and start requests, sent raw.

use crate::http::Connection;
use crate::sample::Sample;
use std::path::Path;
use std::sync::Mutex;
use wharf_model::{ContainerId, ImageId};
use wharf_testkit::{Engine, Error, Result};

/// Connections in the pool; as many as wharf has requests under way at most.
const POOL: usize = 8;

/// The images' ids, looked up before the clock starts.
pub(crate) struct Images {
    pub(crate) busybox: ImageId,
    pub(crate) pause: ImageId,
}

impl Images {
    pub(crate) fn of(engine: &Engine) -> Result<Self> {
        let id = |reference: &str| -> Result<ImageId> {
            let said = engine.docker(["image", "inspect", "-f", "{{.Id}}", reference])?;
            Ok(said.trim().parse().expect("an image's id"))
        };
        let pause = engine.docker(["images", "-q", "--no-trunc", wharf_wire::PAUSE_IMAGE_NAME])?;
        Ok(Self { busybox: id("busybox")?, pause: pause.trim().parse().expect("an image's id") })
    }
}

/// In parallel: the root container, then all members' creations while it starts, then all starts.
pub(crate) fn parallel(socket: &Path, sample: &Sample, images: &Images) -> Result<()> {
    let mut first = open(socket)?;
    let root = create(&mut first, sample.name.as_str(), &sample.root_body(&images.pause))?;
    let bodies = sample.member_bodies(&images.busybox, &root);
    let jobs = Mutex::new(bodies.into_iter());
    let created: Mutex<Vec<ContainerId>> = Mutex::default();
    std::thread::scope(|scope| {
        let workers: Vec<_> = (1..POOL)
            .map(|_| {
                scope.spawn(|| -> Result<()> {
                    let mut connection = open(socket)?;
                    while let Some((name, body)) = next(&jobs) {
                        let id = create(&mut connection, &name, &body)?;
                        created.lock().expect("no worker panicked").push(id);
                    }
                    Ok(())
                })
            })
            .collect();
        start(&mut first, &root)?;
        workers.into_iter().try_for_each(|worker| worker.join().expect("no worker panicked"))
    })?;
    let created = Mutex::new(created.into_inner().expect("no worker panicked").into_iter());
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..POOL)
            .map(|_| {
                scope.spawn(|| -> Result<()> {
                    let mut connection = open(socket)?;
                    while let Some(id) = next(&created) {
                        start(&mut connection, &id)?;
                    }
                    Ok(())
                })
            })
            .collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("no worker panicked"))
    })
}

/// One after another, each looked up first, as moby-derp does.
pub(crate) fn sequential(socket: &Path, sample: &Sample, images: &Images) -> Result<()> {
    let mut connection = open(socket)?;
    let mut one = |name: &str, body: &[u8]| -> Result<ContainerId> {
        connection
            .ask("GET", &format!("/v1.41/containers/{name}/json"), None)
            .map_err(Error::io("look up"))?;
        let id = create(&mut connection, name, body)?;
        start(&mut connection, &id)?;
        Ok(id)
    };
    let root = one(sample.name.as_str(), &sample.root_body(&images.pause))?;
    for (name, body) in sample.member_bodies(&images.busybox, &root) {
        one(&name, &body)?;
    }
    Ok(())
}

fn next<T>(jobs: &Mutex<impl Iterator<Item = T>>) -> Option<T> {
    jobs.lock().expect("no worker panicked").next()
}

fn open(socket: &Path) -> Result<Connection> {
    Connection::open(socket).map_err(Error::io("cannot reach the engine"))
}

fn create(connection: &mut Connection, name: &str, body: &[u8]) -> Result<ContainerId> {
    let target = format!("/v1.41/containers/create?name={name}");
    let (status, answer) = connection.ask("POST", &target, Some(body)).map_err(Error::io("create"))?;
    assert_eq!(status, 201, "create {name}: {}", String::from_utf8_lossy(&answer));
    let answer: serde_json::Value = serde_json::from_slice(&answer).expect("JSON");
    Ok(answer["Id"].as_str().and_then(|id| id.parse().ok()).expect("an id"))
}

fn start(connection: &mut Connection, id: &ContainerId) -> Result<()> {
    let target = format!("/v1.41/containers/{id}/start");
    let (status, answer) = connection.ask("POST", &target, None).map_err(Error::io("start"))?;
    assert_eq!(status, 204, "start: {}", String::from_utf8_lossy(&answer));
    Ok(())
}
