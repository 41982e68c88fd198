//! An engine on which workstations are tried.

use std::path::Path;
use wharf_docker::{Endpoint, Engine};
use wharf_policy::Actor;
use wharf_testkit::{EngineKind, Engines, or_skip, unique_name};
use wharf_wire::{Credentials, RegistryCredentials};
use wharf_workstation::{
    Base, Blueprint, Definition, Person, Program, ProgramError, Silent, WorkstationName, Yard,
};

/// The image that workstations of these tests are made of.
pub(crate) const IMAGE: &str = "busybox:latest";

/// What takes the session server's place: it stays, and ends when it is told to.
const SERVER: &str = "#!/bin/sh
[ \"$1\" = status ] && exit 0
trap 'exit 0' TERM
while :; do sleep 0.05; done
";

/// An engine, reached at a socket that may be a recorder's.
pub(crate) struct Site {
    pub(crate) engine: Engine,
}

struct NoAccounts;

impl Credentials for NoAccounts {
    fn for_registry(&self, _registry: &str) -> Option<RegistryCredentials> {
        None
    }
}

impl Site {
    pub(crate) fn at(socket: &Path) -> Self {
        Self { engine: Engine::new(Endpoint::Unix(socket.to_owned())) }
    }

    pub(crate) fn yard(&self) -> Yard<'_> {
        Yard::new(&self.engine, &Actor::Administrator, &Silent, &NoAccounts).with_program(server)
    }
}

/// A server that a shell runs, in place of the real one.
fn server(_architecture: &str) -> Result<Program, ProgramError> {
    Ok(Program { bytes: SERVER.as_bytes().into(), version: "0123456789ab".to_owned() })
}

pub(crate) fn ada() -> Person {
    Person {
        user: "ada".into(),
        uid: 1234,
        gid: 2345,
        group: "people".into(),
        timezone: Some("Europe/Berlin".into()),
        locale: None,
    }
}

/// A name that no other test has.
pub(crate) fn fresh_name() -> WorkstationName {
    let unique: String = unique_name().chars().filter(char::is_ascii_alphanumeric).collect();
    format!("w{}", unique.to_ascii_lowercase()).parse().unwrap()
}

pub(crate) fn definition(name: &WorkstationName) -> Definition {
    Definition { base: Base::Image(IMAGE.parse().unwrap()), ..Definition::plain(name.clone()) }
}

pub(crate) fn blueprint<'a>(definition: &'a Definition, person: &'a Person) -> Blueprint<'a> {
    Blueprint { definition, person, folder: None }
}

/// Tells the story on both engines.
pub(crate) fn on_each_engine(story: impl AsyncFn(&Path)) {
    on_each_kind(async |_, socket| story(socket).await);
}

/// Tells the story on both engines, and which it is.
pub(crate) fn on_each_kind(story: impl AsyncFn(EngineKind, &Path)) {
    if let Ok(host) = std::env::var("WHARF_TEST_YARD") {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let kind = EngineKind::Docker28;
        runtime.block_on(story(kind, Path::new(host.strip_prefix("unix://").unwrap())));
        return;
    }
    let Some(engines) = or_skip(Engines::shared()) else { return };
    for engine in engines.all() {
        eprintln!("on docker {}", engine.kind().name());
        engine.import_busybox().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(story(engine.kind(), &engine.socket()));
    }
}

impl Site {
    /// Names of all containers with the workstation's label.
    pub(crate) async fn labelled(&self, name: &WorkstationName) -> Vec<String> {
        let query = wharf_wire::workstation::WorkstationContainers(Some(name.clone()));
        let rows = self.engine.observe(&query).await.unwrap();
        rows.into_iter().flat_map(|row| row.names).collect()
    }
}
