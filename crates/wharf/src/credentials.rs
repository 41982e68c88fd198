//! Accounts at registries.
//!
//! For one's own runs: the docker CLI's `config.json`, with its `credHelpers` and `credsStore`. Under sudo: only
//! `/etc/wharf/registries.json` (the same form), which must be root's alone, and of it the registries that the host
//! configuration lends to the pod; no helper program is ever run there.

use crate::docker_folder::{DockerFolder, read_json};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use base64::Engine as _;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use wharf_host::read_trusted;
use wharf_policy::Actor;
use wharf_reconcile::Credentials;
use wharf_wire::RegistryCredentials;

/// Accounts that this run may use.
#[derive(Debug)]
pub(crate) struct Accounts {
    file: AccountsFile,
    /// `None`: all of them.
    lent: Option<BTreeSet<String>>,
    helpers: Helpers,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Helpers {
    Run,
    Ignore,
}

#[derive(Debug, Default, Deserialize)]
struct AccountsFile {
    #[serde(default)]
    auths: BTreeMap<String, Auth>,
    #[serde(default, rename = "credHelpers")]
    helpers: BTreeMap<String, String>,
    #[serde(default, rename = "credsStore")]
    store: Option<String>,
}

#[derive(Default, Deserialize)]
struct Auth {
    /// base64 of `user:password`.
    #[serde(default, rename = "auth")]
    packed: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    #[serde(default, rename = "identitytoken")]
    identity_token: Option<String>,
}

impl std::fmt::Debug for Auth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Auth(..)")
    }
}

/// Accounts that the host lends.
pub(crate) const HOST_FILE: &str = "/etc/wharf/registries.json";
const MOST_BYTES: u64 = 1 << 20;
/// The name under which the docker CLI keeps the account at Docker's own registry.
const DOCKER_IO: &str = "https://index.docker.io/v1/";

impl Accounts {
    pub(crate) fn of(setting: &Setting<'_>, actor: &Actor) -> Result<Self, Failure> {
        if !setting.invocation.is_on_behalf() {
            let file = DockerFolder::of(setting).and_then(|folder| read_json(&folder.configuration()));
            return Ok(Self { file: file.unwrap_or_default(), lent: None, helpers: Helpers::Run });
        }
        let lent = match actor {
            Actor::Administrator => None,
            Actor::Pod(pod) => {
                let registries = setting.config.registries.iter().filter(|(_, pods)| pods.contains(pod));
                Some(registries.map(|(registry, _)| registry.clone()).collect())
            }
            Actor::Tenant(_) => Some(BTreeSet::new()), // the host's accounts are lent to pods alone
        };
        let file = match read_trusted(Path::new(HOST_FILE), setting.invocation.owner, MOST_BYTES) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|_| {
                Failure::usage(format!("`{HOST_FILE}` is not as the docker CLI writes its config.json"))
                    .hint("make it with `docker --config DIR login REGISTRY` and copy DIR/config.json")
            })?,
            Err(error) if error.is_missing() => AccountsFile::default(),
            Err(error) => return Err(Failure::of(Exit::Usage, &error)),
        };
        Ok(Self { file, lent, helpers: Helpers::Ignore })
    }

    fn in_file(&self, registry: &str) -> Option<RegistryCredentials> {
        let names = names_of(registry);
        let (_, auth) = self.file.auths.iter().find(|(name, _)| names.contains(&bare(name)))?;
        let (username, password) = match auth.packed.as_str() {
            "" => (auth.username.clone(), auth.password.clone()),
            packed => decoded(packed)?,
        };
        let identity_token = auth.identity_token.clone().filter(|token| !token.is_empty());
        if username.is_empty() && identity_token.is_none() {
            return None;
        }
        Some(RegistryCredentials { registry: registry.to_owned(), username, password, identity_token })
    }

    fn by_helper(&self, registry: &str) -> Option<RegistryCredentials> {
        let names = names_of(registry);
        let named =
            self.file.helpers.iter().find(|(name, _)| names.contains(&bare(name))).map(|(_, helper)| helper);
        let helper = named.or(self.file.store.as_ref())?;
        let server = if registry == "docker.io" { DOCKER_IO } else { registry };
        let answer = ask(helper, server)?;
        let token = answer.username == "<token>";
        Some(RegistryCredentials {
            registry: registry.to_owned(),
            identity_token: token.then(|| answer.secret.clone()),
            username: if token { String::new() } else { answer.username },
            password: if token { String::new() } else { answer.secret },
        })
    }
}

impl Credentials for Accounts {
    fn for_registry(&self, registry: &str) -> Option<RegistryCredentials> {
        if self.lent.as_ref().is_some_and(|lent| !lent.contains(registry)) {
            return None;
        }
        let helper = || if self.helpers == Helpers::Run { self.by_helper(registry) } else { None };
        helper().or_else(|| self.in_file(registry))
    }
}

/// Under which names the account at a registry may be kept.
fn names_of(registry: &str) -> Vec<String> {
    match registry {
        "docker.io" => vec!["docker.io".into(), "index.docker.io".into(), "registry-1.docker.io".into()],
        other => vec![other.to_owned()],
    }
}

/// A registry's address without scheme and path.
fn bare(name: &str) -> String {
    let name = name.strip_prefix("https://").or_else(|| name.strip_prefix("http://")).unwrap_or(name);
    name.split('/').next().unwrap_or_default().to_owned()
}

/// base64 of `user:password`.
fn decoded(packed: &str) -> Option<(String, String)> {
    let bytes = base64::engine::general_purpose::STANDARD.decode(packed).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (user, password) = text.trim_end_matches('\0').split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct HelperAnswer {
    username: String,
    secret: String,
}

/// The docker CLI's protocol: `docker-credential-<name> get`, the server on standard input, JSON on standard output.
fn ask(helper: &str, server: &str) -> Option<HelperAnswer> {
    let plain = helper.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    if !plain {
        return None;
    }
    let mut child = Command::new(format!("docker-credential-{helper}"))
        .arg("get")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let told = child.stdin.take().map(|mut input| input.write_all(server.as_bytes()));
    let output = child.wait_with_output().ok()?;
    let good = output.status.success() && matches!(told, Some(Ok(())));
    if good { serde_json::from_slice(&output.stdout).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accounts(lent: Option<&[&str]>) -> Accounts {
        let file = r#"{"auths": {
            "https://index.docker.io/v1/": {"auth": "YW5hOnNlY3JldDp4"},
            "registry.example:5000": {"username": "bob", "password": "pw"},
            "token.example": {"identitytoken": "t"},
            "empty.example": {}
        }, "credsStore": "none/../../bad"}"#;
        let lent = lent.map(|lent| lent.iter().map(ToString::to_string).collect());
        Accounts { file: serde_json::from_str(file).unwrap(), lent, helpers: Helpers::Run }
    }

    #[test]
    fn accounts_are_found_as_the_docker_cli_keeps_them() {
        let accounts = accounts(None);
        let docker = accounts.for_registry("docker.io").unwrap();
        assert_eq!((docker.username.as_str(), docker.password.as_str()), ("ana", "secret:x"));
        assert_eq!(accounts.for_registry("registry.example:5000").unwrap().username, "bob");
        assert_eq!(accounts.for_registry("token.example").unwrap().identity_token.as_deref(), Some("t"));
        assert_eq!(accounts.for_registry("empty.example"), None);
        assert_eq!(accounts.for_registry("other.example"), None);
    }

    #[test]
    fn only_what_is_lent_is_used() {
        assert_eq!(accounts(Some(&[])).for_registry("docker.io"), None);
        assert!(accounts(Some(&["docker.io"])).for_registry("docker.io").is_some());
    }
}
