//! The demo's pod, through `wharf` as a person would use it.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use super::engine::Engine;
use crate::chore::{Failure, failed};
use crate::shell;

/// The pod file, from the workspace's root.
pub(super) const FILE: &str = "examples/hello.yml";

/// The port on which `front` listens.
const PORT: u64 = 8080;

/// The pod `hello` on an engine.
#[derive(Debug)]
pub(super) struct Pod {
    wharf: PathBuf,
    host: String,
    /// What must stand before a command that the person types.
    prefix: String,
}

impl Pod {
    pub(super) fn new(wharf: PathBuf, engine: &Engine) -> Self {
        let prefix =
            if engine.is_usual() { String::new() } else { format!("DOCKER_HOST={} ", engine.host()) };
        Self { wharf, host: engine.host(), prefix }
    }

    fn wharf(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.wharf);
        command.args(arguments).current_dir(shell::root()).env("DOCKER_HOST", &self.host);
        shell::forget_sudo(&mut command);
        command
    }

    pub(super) fn up(&self) -> Result<(), Failure> {
        shell::show(&mut self.wharf(&["up", FILE]))
    }

    pub(super) fn down(&self) -> Result<(), Failure> {
        shell::show(&mut self.wharf(&["down", "hello"]))
    }

    /// The pod's containers as `wharf ps --json` tells them.
    fn containers(&self) -> Result<Vec<Value>, Failure> {
        let printed = wharf_testkit::run(&mut self.wharf(&["ps", "--json", "hello"]))?;
        let pods: Value = serde_json::from_str(&printed)
            .map_err(|error| Failure::Said(format!("cannot understand `wharf ps --json`: {error}")))?;
        let of_pod = pods.as_array().into_iter().flatten().filter(|pod| pod["pod"] == "hello");
        Ok(of_pod.flat_map(|pod| pod["containers"].as_array().cloned().unwrap_or_default()).collect())
    }

    /// The ids of what is there now.
    pub(super) fn container_ids(&self) -> Result<Vec<String>, Failure> {
        let id = |container: &Value| container["container_id"].as_str().unwrap_or_default().to_owned();
        let mut ids: Vec<String> = self.containers()?.iter().map(id).collect();
        ids.sort();
        Ok(ids)
    }

    /// The port of this machine that leads to `front`.
    pub(super) fn published_port(&self) -> Result<u16, Failure> {
        let containers = self.containers()?;
        let mut ports = containers.iter().filter_map(|container| container["ports"].as_array()).flatten();
        let ours = ports
            .find(|port| port["container"] == PORT && port["host"].as_u64().is_some_and(|host| host > 0));
        match ours.and_then(|port| port["host"].as_u64()).and_then(|port| u16::try_from(port).ok()) {
            Some(port) => Ok(port),
            None => failed("`wharf ps --json hello` shows no published port"),
        }
    }

    /// Three commands to try next, and how to end.
    pub(super) fn what_next(&self) -> String {
        let wharf = self.wharf.strip_prefix(shell::root()).unwrap_or(&self.wharf);
        let command = format!("{}{}", self.prefix, wharf.display());
        format!(
            "\nTry next:\n  {command} ps\n  {command} logs hello\n  {command} plan {FILE}    \
             (after a change to it: what would be done)\n\nTo remove all of it: cargo xtask demo --clean"
        )
    }
}
