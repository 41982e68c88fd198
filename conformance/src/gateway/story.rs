//! Telling one story at each door: on the engine itself first, so that it is known to be true of Docker, then through
//! the gateway as the administrator, then as a tenant with real grants.

use std::sync::OnceLock;
use std::thread;
use std::time::Instant;

use wharf_testkit::{
    Access, Account, Engine, EngineKind, Error, Registry, Result, compose_program, docker_program, or_skip,
};

use crate::gateway::{Client, Door, Gateway, ORDINARY};
use crate::on_each_engine;

/// Chooses among the doors while a story or the gateway is being written: `bare`, `administrator`, `tenant`, with
/// commas between.
pub const DOORS_VARIABLE: &str = "WHARF_TEST_DOORS";

const DOORS: [Door; 3] = [Door::Bare, Door::Administrator, Door::Tenant];
const CLIS: [EngineKind; 2] = [EngineKind::Docker20, EngineKind::Docker28];

/// What a story wants of its stage.
#[derive(Debug, Clone, Copy)]
struct Stage<'a> {
    engine: &'a Engine,
    clis: &'a [EngineKind],
    /// Of the tenant.
    grants: &'a str,
}

impl<'a> Stage<'a> {
    /// The CLI that came with the engine, and a tenant with nothing special about it.
    fn on(engine: &'a Engine) -> Self {
        let clis = match engine.kind() {
            EngineKind::Docker20 => &CLIS[..1],
            EngineKind::Docker28 => &CLIS[1..],
        };
        Self { engine, clis, grants: ORDINARY }
    }
}

/// Tells the story on both shared engines, at each door, with the engine's own CLI.
pub fn on_each_door(story: impl Fn(&Client<'_>) + Sync) {
    on_each_engine(|engine| tell(Stage::on(engine), &story));
}

/// The same, and with each CLI: an old one has a new engine before it, too.
pub fn on_each_door_and_cli(story: impl Fn(&Client<'_>) + Sync) {
    on_each_engine(|engine| tell(Stage { clis: &CLIS, ..Stage::on(engine) }, &story));
}

/// The same beside a registry from which the tenant may pull, and to which it may push.
pub fn on_each_door_with_registry(access: Access<'_>, story: impl Fn(&Client<'_>, &Registry) + Sync) {
    on_each_engine(|engine| {
        let registry = Registry::start(engine, access).expect("a registry");
        let grants = &granting(&registry);
        tell(Stage { grants, ..Stage::on(engine) }, &|client: &Client<'_>| story(client, &registry));
    });
}

/// The same on engines that nobody else uses, for stories that see or remove everything.
pub fn on_each_door_alone(story: impl Fn(&Client<'_>) + Sync) {
    on_engines_alone(|engine| tell(Stage::on(engine), &story));
}

/// Tells a story of the gateway itself, on engines that nobody else uses.
pub fn through_the_gateway_alone(story: impl Fn(&Engine) + Sync) {
    on_engines_alone(|engine| {
        if chosen().contains(&Door::Tenant) && or_skip(prepared()).is_some() {
            story(engine);
        }
    });
}

fn on_engines_alone(story: impl Fn(&Engine) + Sync) {
    let alone = |kind| or_skip(Engine::private(kind)).iter().for_each(&story);
    thread::scope(|scope| {
        let alone = &alone;
        let told = CLIS.map(|kind| named(scope, format!("docker {}", kind.name()), move || alone(kind)));
        let failed = told.map(|told| told.join().is_err());
        assert!(!failed.contains(&true), "failed on 20.10, 28.5: {failed:?}");
    });
}

/// Tells a story of two tenants of one gateway, on both shared engines.
pub fn with_neighbours(story: impl Fn(&Client<'_>, &Client<'_>) + Sync) {
    on_each_engine(|engine| tell_neighbours(engine, ORDINARY, &story));
}

/// The same beside a registry that both may use.
pub fn with_neighbours_and_registry(
    access: Access<'_>,
    story: impl Fn(&Client<'_>, &Client<'_>, &Registry) + Sync,
) {
    on_each_engine(|engine| {
        let registry = Registry::start(engine, access).expect("a registry");
        tell_neighbours(engine, &granting(&registry), &|alice, bob| story(alice, bob, &registry));
    });
}

/// Tells a story of the gateway itself, on both shared engines.
pub fn through_the_gateway(story: impl Fn(&Engine) + Sync) {
    on_each_engine(|engine| {
        if chosen().contains(&Door::Tenant) && or_skip(prepared()).is_some() {
            story(engine);
        }
    });
}

fn granting(registry: &Registry) -> String {
    format!("{ORDINARY}images: {{pull: ['{0}/*'], push: ['{0}/*']}}\n", registry.address())
}

fn tell_neighbours(engine: &Engine, grants: &str, story: &dyn Fn(&Client<'_>, &Client<'_>)) {
    if !chosen().contains(&Door::Tenant) || or_skip(prepared()).is_none() {
        return;
    }
    let gateway = Gateway::on(engine).tenant("alice", grants).tenant("bob", grants).start();
    let [alice, bob] = ["alice", "bob"].map(|role| gateway.as_tenant(role, engine.kind()));
    story(&alice, &bob);
}

fn tell(stage: Stage<'_>, story: &(impl Fn(&Client<'_>) + Sync)) {
    if or_skip(prepared()).is_none() {
        return;
    }
    let Stage { engine, clis, grants } = stage;
    let doors = chosen();
    let mut gateway = None;
    let mut failed = Vec::new();
    for door in doors {
        // Not before it is spoken to: other stories' gateways wait for it.
        if door != Door::Bare && gateway.is_none() {
            gateway = Some(Gateway::on(engine).tenant("alice", grants).start());
        }
        for cli in clis {
            let title = format!("docker {}, {door}, CLI {}", engine.kind().name(), cli.name());
            let begun = Instant::now();
            let told = thread::scope(|scope| {
                named(scope, title.clone(), || story(&client(engine, gateway.as_ref(), door, *cli))).join()
            });
            println!("{title}: {:.1} s", begun.elapsed().as_secs_f32());
            if told.is_err() {
                // What a failed story left is not the next one's.
                let _ = gateway.as_ref().map(|gateway| gateway.sweep("alice"));
                failed.push(title);
            }
        }
        // What is not true of Docker itself is no promise of the gateway's.
        if door == Door::Bare && !failed.is_empty() {
            break;
        }
    }
    assert!(failed.is_empty(), "failed: {}", failed.join("; "));
}

fn client<'g>(
    engine: &'g Engine,
    gateway: Option<&'g Gateway<'_>>,
    door: Door,
    cli: EngineKind,
) -> Client<'g> {
    match (door, gateway) {
        (Door::Administrator, Some(gateway)) => gateway.as_administrator(cli),
        (Door::Tenant, Some(gateway)) => gateway.as_tenant("alice", cli),
        _ => Client::bare(engine, cli),
    }
}

fn chosen() -> Vec<Door> {
    let Ok(chosen) = std::env::var(DOORS_VARIABLE) else { return DOORS.to_vec() };
    DOORS.into_iter().filter(|door| chosen.split(',').any(|name| name == door.to_string())).collect()
}

/// What every story needs beside an engine, and that a tenant's account may reach it. Looked at once.
fn prepared() -> std::result::Result<(), &'static Error> {
    static PREPARED: OnceLock<Result<()>> = OnceLock::new();
    PREPARED.get_or_init(prepare).as_ref().copied()
}

fn prepare() -> Result<()> {
    let account = Account::new("reach")?;
    for program in
        [docker_program(EngineKind::Docker20)?, docker_program(EngineKind::Docker28)?, compose_program()?]
    {
        let reached = wharf_testkit::run(account.command("test").arg("-x").arg(&program));
        let out_of_reach = |_: Error| {
            Error::Missing(format!("other accounts cannot reach `{}`: move the checkout", program.display()))
        };
        reached.map_err(out_of_reach)?;
    }
    Ok(())
}

/// Panics say the thread's name.
fn named<'s, T: Send + 's>(
    scope: &'s thread::Scope<'s, '_>,
    name: String,
    act: impl FnOnce() -> T + Send + 's,
) -> thread::ScopedJoinHandle<'s, T> {
    thread::Builder::new().name(name).spawn_scoped(scope, act).expect("a thread")
}
