//! An engine on which workstations are tried.

use std::path::Path;
use wharf_docker::{Endpoint, Engine};
use wharf_policy::Actor;
use wharf_testkit::{EngineKind, Engines, Moment, Recorder, Verdict, or_skip, unique_name};
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
#[allow(clippy::unnecessary_wraps, reason = "the signature of what it stands in for")]
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
pub(crate) fn on_each_engine(story: impl AsyncFn(&Path) + Sync) {
    on_each_kind(async |_, socket| story(socket).await);
}

/// Tells the story on both engines, and which it is.
pub(crate) fn on_each_kind(story: impl AsyncFn(EngineKind, &Path) + Sync) {
    let Some(engines) = or_skip(Engines::shared()) else { return };
    std::thread::scope(|scope| {
        let told = engines.all().map(|engine| {
            let story = &story;
            let tell = move || {
                engine.import_busybox().unwrap();
                block_on(story(engine.kind(), &engine.socket()));
            };
            let name = format!("docker {}", engine.kind().name());
            std::thread::Builder::new().name(name).spawn_scoped(scope, tell).unwrap()
        });
        let failed = told.map(|told| told.join().is_err());
        assert!(!failed.contains(&true), "failed on 20.10, 28.5: {failed:?}");
    });
}

/// Tells a story.
pub(crate) fn block_on<T>(story: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(story)
}

impl Site {
    /// Names of all containers with the workstation's label.
    pub(crate) async fn labelled(&self, name: &WorkstationName) -> Vec<String> {
        let query = wharf_wire::workstation::WorkstationContainers(Some(name.clone()));
        let rows = self.engine.observe(&query).await.unwrap();
        rows.into_iter().flat_map(|row| row.names).collect()
    }
}

/// A package manager that notes what it is asked to install. It stands in for the real ones, which the tests of the
/// program use in a real Debian.
pub(crate) const APK: &str = "FROM busybox:latest\nRUN printf '#!/bin/sh\\nshift 3; for p; do echo '\"'\"'#!/bin/sh\\necho I am '\"'\"'$p > /bin/$p; chmod 755 /bin/$p; done; echo installed \"$@\"\\n' > /bin/apk && chmod 755 /bin/apk\n";

/// An image with it.
pub(crate) const WITH_APK: &str = "wharf-test-apk:1";

/// Builds that image.
pub(crate) fn import_apk(socket: &Path) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("Dockerfile"), APK).unwrap();
    let mut build = engine_at(socket).docker_command();
    build.env("DOCKER_BUILDKIT", "0").args(["build", "-q", "-t", WITH_APK]).arg(folder.path());
    assert!(build.output().unwrap().status.success());
}

/// The engine behind a socket.
pub(crate) fn engine_at(socket: &Path) -> &'static wharf_testkit::Engine {
    let engines = Engines::shared().unwrap();
    engines.all().into_iter().find(|engine| engine.socket() == socket).unwrap()
}

/// The tags of all images with the workstation's label.
pub(crate) async fn tags(socket: &Path, name: &WorkstationName) -> Vec<String> {
    let engine = Engine::new(Endpoint::Unix(socket.to_owned()));
    let images = engine.observe(&wharf_wire::workstation::WorkstationImages(name.clone())).await.unwrap();
    let mut tags: Vec<String> = images.into_iter().flat_map(|image| image.repo_tags).collect();
    tags.sort();
    tags
}

/// Half of the faults are each engine's; with `WHARF_TEST_THOROUGH=1` each gets all.
pub(crate) fn is_mine(kind: EngineKind, moment: Moment, n: usize) -> bool {
    let is_even = n.is_multiple_of(2) == (moment == Moment::Before);
    let thorough = std::env::var("WHARF_TEST_THOROUGH").as_deref() == Ok("1");
    thorough || is_even == (kind == EngineKind::Docker20)
}

/// What it is for an engine when a run is killed at its `n`-th request, before or after the engine has done it: nothing of
/// that run comes any more.
pub(crate) fn kill_at(recorder: &Recorder, n: usize, moment: Moment) {
    recorder.set_hook(move |now, number, _| {
        let dead = number > n || (number == n && (now == moment || now == Moment::After));
        if dead { Verdict::Cut } else { Verdict::Forward }
    });
}
