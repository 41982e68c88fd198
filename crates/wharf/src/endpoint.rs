//! Which engine: said on the command line, by DOCKER_HOST, by the current docker context, or found at the usual places.

use crate::failure::Failure;
use crate::setting::Setting;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use wharf_docker::Endpoint;

/// The engine to talk to.
pub(crate) fn find(setting: &Setting<'_>) -> Result<Endpoint, Failure> {
    if let Some(url) = setting.common.host.as_deref().or_else(|| setting.heeded("DOCKER_HOST")) {
        return url.parse().map_err(|error: wharf_docker::EndpointError| Failure::usage(error.to_string()));
    }
    if let Some(endpoint) = of_context(setting)? {
        return Ok(endpoint);
    }
    let found = usual_places(setting).into_iter().find(|path| path.exists());
    // The first is the most usual: with nothing there, the error names it.
    Ok(Endpoint::Unix(found.unwrap_or_else(|| "/var/run/docker.sock".into())))
}

/// Where engines listen when nobody says otherwise.
pub(crate) fn usual_places(setting: &Setting<'_>) -> Vec<PathBuf> {
    let runtime = setting.heeded("XDG_RUNTIME_DIR").map(PathBuf::from);
    let own = |name: &str| runtime.as_ref().map(|directory| directory.join(name));
    [
        Some(PathBuf::from("/var/run/docker.sock")),
        own("docker.sock"),
        Some(PathBuf::from("/run/podman/podman.sock")),
        own("podman/podman.sock"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The endpoint of the docker CLI's current context; `None` for its default one.
fn of_context(setting: &Setting<'_>) -> Result<Option<Endpoint>, Failure> {
    let Some(directory) = docker_config_dir(setting) else { return Ok(None) };
    let from_file =
        read_json::<CliConfig>(&directory.join("config.json")).and_then(|config| config.current_context);
    let name = setting.heeded("DOCKER_CONTEXT").map(str::to_owned).or(from_file);
    let Some(name) = name.filter(|name| name != "default") else { return Ok(None) };
    let meta: Option<ContextMeta> =
        read_json(&directory.join("contexts/meta").join(context_folder(&name)).join("meta.json"));
    let Some(host) = meta.and_then(|meta| meta.endpoints.docker).map(|docker| docker.host) else {
        return Err(Failure::usage(format!("docker context `{name}` has no endpoint"))
            .hint("`docker context ls` lists contexts; `docker context use default` goes back"));
    };
    let endpoint = host.parse().map_err(|error: wharf_docker::EndpointError| {
        Failure::usage(format!("docker context `{name}`: {error}")).hint("`--host` names another engine")
    })?;
    Ok(Some(endpoint))
}

/// The folder of a docker context.
pub(crate) fn context_folder(name: &str) -> String {
    Sha256::digest(name).iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}"); // writing to a String cannot fail
        out
    })
}

/// Where the gateway listens: as said, as the host configuration says, or at its usual place.
pub(crate) fn gateway(setting: &Setting<'_>) -> Result<Endpoint, Failure> {
    if let Some(url) = setting.common.host.as_deref().or_else(|| setting.heeded("DOCKER_HOST")) {
        return url.parse().map_err(|error: wharf_docker::EndpointError| Failure::usage(error.to_string()));
    }
    let said = setting.config.listen.first().map(|address| address.path().to_owned());
    Ok(Endpoint::Unix(said.unwrap_or_else(|| "/run/wharf/docker.sock".into())))
}

/// `$DOCKER_CONFIG` or `~/.docker`; `None` where the environment does not count.
pub(crate) fn docker_config_dir(setting: &Setting<'_>) -> Option<PathBuf> {
    let said = setting.heeded("DOCKER_CONFIG").map(PathBuf::from);
    said.or_else(|| setting.heeded("HOME").map(|home| Path::new(home).join(".docker")))
}

#[derive(Debug, Deserialize)]
struct CliConfig {
    #[serde(rename = "currentContext")]
    current_context: Option<String>,
}

#[derive(Debug, Deserialize)]
struct ContextMeta {
    #[serde(rename = "Endpoints")]
    endpoints: Endpoints,
}

#[derive(Debug, Deserialize)]
struct Endpoints {
    docker: Option<DockerEndpoint>,
}

#[derive(Debug, Deserialize)]
struct DockerEndpoint {
    #[serde(rename = "Host")]
    host: String,
}

const MOST_BYTES: u64 = 1 << 20;

/// A file of the docker CLI's, or nothing when it is missing or not as expected: the CLI itself says what is wrong.
pub(crate) fn read_json<T: for<'de> Deserialize<'de>>(path: &Path) -> Option<T> {
    let bytes = wharf_host::read_own(path, MOST_BYTES).ok()?;
    serde_json::from_slice(&bytes).ok()
}
