//! What the docker CLI keeps in `~/.docker`: its configuration, its contexts, and their certificates.

use crate::failure::Failure;
use crate::setting::Setting;
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The docker CLI's folder: `$DOCKER_CONFIG` or `~/.docker`.
#[derive(Debug, Clone)]
pub(crate) struct DockerFolder(PathBuf);

/// One of its contexts.
#[derive(Debug, Clone)]
pub(crate) struct DockerContext {
    pub(crate) name: String,
    /// Where its engine is, as it says.
    pub(crate) host: String,
    /// Whether it says that whoever answers there is to be believed.
    pub(crate) skips_verification: bool,
    /// Where its certificates lie, when there are any.
    pub(crate) certificates: Option<PathBuf>,
}

const MOST_BYTES: u64 = 1 << 20;

impl DockerFolder {
    /// `None` where the environment does not count, or names none.
    pub(crate) fn of(setting: &Setting<'_>) -> Option<Self> {
        let said = setting.heeded("DOCKER_CONFIG").map(PathBuf::from);
        said.or_else(|| setting.heeded("HOME").map(|home| Path::new(home).join(".docker"))).map(Self)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Its `config.json`.
    pub(crate) fn configuration(&self) -> PathBuf {
        self.0.join("config.json")
    }

    /// The context that docker uses when nobody says otherwise; `None`: its default one.
    pub(crate) fn current(&self, setting: &Setting<'_>) -> Option<String> {
        let from_file = || {
            let config: Value = read_json(&self.configuration())?;
            Some(config.get("currentContext")?.as_str()?.to_owned())
        };
        let said = setting.heeded("DOCKER_CONTEXT").map(str::to_owned);
        said.or_else(from_file).filter(|name| !name.is_empty() && name != "default")
    }

    /// The file that says what a context is.
    pub(crate) fn meta_of(&self, name: &str) -> PathBuf {
        self.0.join("contexts/meta").join(folder_of(name)).join("meta.json")
    }

    /// Where a context's certificates belong.
    pub(crate) fn certificates_of(&self, name: &str) -> PathBuf {
        self.0.join("contexts/tls").join(folder_of(name)).join("docker")
    }

    /// A context by its name.
    pub(crate) fn context(&self, name: &str) -> Result<DockerContext, Failure> {
        let meta: Option<Meta> = read_json(&self.meta_of(name));
        let context = meta.and_then(|meta| self.context_of(meta));
        context.filter(|context| context.name == name).ok_or_else(|| {
            Failure::usage(format!("docker context `{name}` has no endpoint"))
                .hint("`wharf context ls` lists contexts; `docker context use default` goes back")
        })
    }

    /// All but the default one, by name.
    pub(crate) fn contexts(&self) -> Vec<DockerContext> {
        let entries = std::fs::read_dir(self.0.join("contexts/meta")).into_iter().flatten().flatten();
        let metas = entries.filter_map(|entry| read_json::<Meta>(&entry.path().join("meta.json")));
        let mut contexts: Vec<_> = metas.filter_map(|meta| self.context_of(meta)).collect();
        contexts.sort_by(|one, other| one.name.cmp(&other.name));
        contexts
    }

    fn context_of(&self, meta: Meta) -> Option<DockerContext> {
        let docker = meta.endpoints.docker?;
        let certificates = self.certificates_of(&meta.name);
        // What cannot be looked at is not taken for nothing: without certificates, a context is spoken to in the clear.
        let is_empty = match std::fs::read_dir(&certificates) {
            Ok(mut entries) => entries.next().is_none(),
            Err(error) => error.kind() == std::io::ErrorKind::NotFound,
        } && meta.metadata.get("wharf").is_none();
        Some(DockerContext {
            name: meta.name,
            host: docker.host,
            skips_verification: docker.skips_verification,
            certificates: (!is_empty).then_some(certificates),
        })
    }
}

/// The folder of a docker context.
fn folder_of(name: &str) -> String {
    Sha256::digest(name).iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}"); // writing to a String cannot fail
        out
    })
}

/// A file of the docker CLI's, or nothing when it is missing or not as expected: the CLI itself says what is wrong.
pub(crate) fn read_json<T: for<'de> Deserialize<'de>>(path: &Path) -> Option<T> {
    let bytes = wharf_host::read_own(path, MOST_BYTES).ok()?;
    serde_json::from_slice(&bytes).ok()
}

#[derive(Debug, Deserialize)]
struct Meta {
    #[serde(rename = "Name")]
    name: String,
    #[serde(rename = "Endpoints")]
    endpoints: Endpoints,
    /// With `wharf` in it, `wharf join` made the context, and there is a certificate.
    #[serde(rename = "Metadata", default)]
    metadata: serde_json::Value,
}

#[derive(Debug, Deserialize)]
struct Endpoints {
    docker: Option<DockerEndpoint>,
}

#[derive(Debug, Deserialize)]
struct DockerEndpoint {
    #[serde(rename = "Host", default)]
    host: String,
    #[serde(rename = "SkipTLSVerify", default)]
    skips_verification: bool,
}
