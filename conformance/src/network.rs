//! A network of a test's own.

use wharf_testkit::{Engine, unique_name};

/// A network, removed when this is dropped.
#[derive(Debug)]
pub struct Network<'e> {
    engine: &'e Engine,
    name: String,
}

impl<'e> Network<'e> {
    /// `docker network create` with these options.
    pub fn on(engine: &'e Engine, options: &[&str]) -> Self {
        let name = unique_name();
        let words = ["network", "create"].iter().chain(options).copied().chain([name.as_str()]);
        engine.docker(words).unwrap_or_else(|error| panic!("{error}"));
        Self { engine, name }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Network<'_> {
    fn drop(&mut self) {
        // A pod that is still on it keeps it; it goes with its engine.
        let _removed = self.engine.docker(["network", "rm", &self.name]);
    }
}
