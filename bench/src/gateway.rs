//! The gateway beside the engine's own socket, and beside others that stand before one: what it adds to a request, what
//! passes through it, what it takes of memory.
//!
//! Every client of the gateway is a tenant's real account. Contestants take turns, and medians are compared.

mod door;
mod encrypted;
mod fairness;
mod footprint;
mod guests;
mod latency;
mod peer;
mod pump;
mod rootless;
mod served;
mod streams;
mod whole;

use crate::results::Results;
use door::{Door, Question};
use guests::Guests;
use peer::Proxy;
use pump::Pump;
use served::Served;
use wharf_testkit::{Engine, EngineKind, Result};

/// Everything about the gateway that needs an engine.
pub(crate) fn on_engine(engine: &Engine, results: &mut Results) -> Result<()> {
    let label = engine.kind().name();
    let served = Served::start(engine)?;
    footprint::idle(&served, label, results)?;
    let guests = Guests::make(engine, &served)?;
    let (proxy, pump) = (Proxy::start(engine)?, Pump::start(engine)?);
    let contest = Contest { label, engine, served: &served, proxy: &proxy, pump: &pump, guests: &guests };
    latency::calls(&contest, results)?;
    latency::denials(&contest, results)?;
    latency::crowded(&contest, results)?;
    encrypted::all(&contest, results)?;
    whole::runs(&contest, results)?;
    streams::all(&contest, results)?;
    footprint::watched(&contest, results)?;
    // Once is enough for what costs half a minute and is no different on the other engine.
    if engine.kind() == EngineKind::Docker28 {
        footprint::of_peers(&contest, results)?;
        latency::among_many(&contest, results)?;
        fairness::of_neighbours(&contest, results)?;
    }
    Ok(())
}

/// What it adds to one request at a time, alone: half a minute, for whoever works on that.
pub(crate) fn latency_on(engine: &Engine, results: &mut Results) -> Result<()> {
    in_contest(engine, |contest| latency::calls(contest, results))
}

/// What mutual TLS costs, alone.
pub(crate) fn encrypted_on(engine: &Engine, results: &mut Results) -> Result<()> {
    in_contest(engine, |contest| encrypted::all(contest, results))
}

fn in_contest(engine: &Engine, run: impl FnOnce(&Contest<'_>) -> Result<()>) -> Result<()> {
    let served = Served::start(engine)?;
    let guests = Guests::make(engine, &served)?;
    let (proxy, pump) = (Proxy::start(engine)?, Pump::start(engine)?);
    let label = engine.kind().name();
    run(&Contest { label, engine, served: &served, proxy: &proxy, pump: &pump, guests: &guests })
}

/// Who meets.
struct Contest<'a> {
    label: &'a str,
    engine: &'a Engine,
    served: &'a Served,
    proxy: &'a Proxy,
    pump: &'a Pump,
    guests: &'a Guests,
}

impl Contest<'_> {
    fn title(&self, what: &str) -> String {
        format!("gateway {}: {what}", self.label)
    }

    fn direct(&self) -> Door<'_> {
        Door::of(self.engine.socket(), None)
    }

    fn gateway(&self) -> Door<'_> {
        self.served.door()
    }

    fn beside(&self) -> Door<'_> {
        Door::of(self.proxy.socket(), None)
    }
}
