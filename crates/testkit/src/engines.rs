//! One engine of each kind for all tests that need none of their own.

use std::path::Path;
use std::sync::OnceLock;

use crate::{Engine, EngineKind, EngineOptions, Error, Result};

/// Names running engines for test binaries: `20.10=/path/docker.sock,netns;28.5=/path/docker.sock,netns`.
pub const ENGINES_VARIABLE: &str = "WHARF_TEST_ENGINES";

/// One running engine of each kind.
#[derive(Debug)]
pub struct Engines {
    docker20: Engine,
    docker28: Engine,
}

impl Engines {
    /// Starts one of each, to be stopped when dropped.
    pub fn start() -> Result<Self> {
        let start = |kind| Engine::start(kind, &EngineOptions::default());
        Ok(Self { docker20: start(EngineKind::Docker20)?, docker28: start(EngineKind::Docker28)? })
    }

    /// Those that every test of this run shares: named by `WHARF_TEST_ENGINES`, or started for this process.
    ///
    /// The error says why there are none; a test then skips.
    pub fn shared() -> std::result::Result<&'static Self, &'static Error> {
        static SHARED: OnceLock<Result<Engines>> = OnceLock::new();
        // A static is never dropped, but the engines' guards see the end of this process.
        let shared = SHARED.get_or_init(|| match std::env::var(ENGINES_VARIABLE) {
            Ok(named) => Engines::join(&named),
            Err(_) => Engines::start(),
        });
        shared.as_ref()
    }

    /// Docker 20.10.
    pub fn docker20(&self) -> &Engine {
        &self.docker20
    }

    /// Docker 28.5.
    pub fn docker28(&self) -> &Engine {
        &self.docker28
    }

    /// Both, oldest first.
    pub fn all(&self) -> [&Engine; 2] {
        [&self.docker20, &self.docker28]
    }

    /// The text for `WHARF_TEST_ENGINES` by which other processes find these.
    pub fn to_variable(&self) -> String {
        let one = |engine: &Engine| {
            format!("{}={},{}", engine.kind().name(), engine.socket().display(), engine.netns().name())
        };
        self.all().map(one).join(";")
    }

    fn join(named: &str) -> Result<Self> {
        let find = |kind: EngineKind| {
            let entry = named.split(';').find_map(|entry| entry.strip_prefix(kind.name())?.strip_prefix('='));
            let (socket, netns) = entry.and_then(|entry| entry.split_once(',')).ok_or_else(|| {
                Error::Missing(format!("`{ENGINES_VARIABLE}` names no {} engine: `{named}`", kind.name()))
            })?;
            Engine::join(kind, Path::new(socket), netns)
        };
        Ok(Self { docker20: find(EngineKind::Docker20)?, docker28: find(EngineKind::Docker28)? })
    }
}
