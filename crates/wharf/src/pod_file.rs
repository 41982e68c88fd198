//! A pod file, read with the caller's rights.

mod secrets;

use crate::credentials::Accounts;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::{Means, Setting};
use crate::show;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use wharf_host::{MountRoot, Rights, read_as, read_own};
use wharf_model::{ContainerName, EnvName, PodName};
use wharf_pod::{HostFacts, Pod};
use wharf_reconcile::Request;

/// A file and what it says.
pub(crate) struct PodFile {
    pub(crate) name: PodName,
    pub(crate) pod: Pod,
    path: PathBuf,
}

/// What a run is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To make the pod as its file says.
    Change,
    /// To see what that would be.
    Look,
}

/// Everything that a run about a pod file stands on.
pub(crate) struct PodRun {
    pub(crate) file: PodFile,
    pub(crate) means: Means,
    host: HostFacts,
    accounts: Accounts,
}

impl PodRun {
    /// For a run that changes things, or one that only looks.
    pub(crate) fn of(setting: &Setting<'_>, file: PodFile, purpose: Purpose) -> Result<Self, Failure> {
        let mut means = setting.means(setting.actor(&file.name))?;
        let mut host = host_facts(setting, means.mount_root.as_ref(), &file)?;
        host.hash_key = secrets::hash_key(setting, purpose)?;
        if file.pod.uses_secrets() {
            let sealed = secrets::sealed(setting, &means, &file)?;
            host.secrets = Some(secrets::facts(setting, &sealed));
            let signers = secrets::signers(setting)?;
            means.delivery = means.delivery.map(|way| way.with(Some(sealed), signers));
        }
        let accounts = Accounts::of(setting, &means.actor)?;
        Ok(Self { file, means, host, accounts })
    }

    /// What is asked of the reconciler.
    pub(crate) fn request<'a>(&'a self, setting: &'a Setting<'_>) -> Request<'a> {
        Request {
            name: &self.file.name,
            pod: &self.file.pod,
            host: &self.host,
            network: &setting.config.network_name,
            credentials: &self.accounts,
        }
    }
}

/// The largest value that a variable read from a file may have: the kernel's limit for one string of a program's
/// environment, execve(2).
const MOST_VALUE_BYTES: u64 = 128 << 10;

/// The pod's name, from the path as it was given.
pub(crate) fn name_of(path: &Path) -> Result<PodName, Failure> {
    PodName::from_path(path).map_err(|error| {
        Failure::usage(format!("`{}` gives no pod's name: {error}", path.display()))
            .hint("the pod's name is the file's name without its extension: letters, digits, `_` and `-`")
    })
}

/// Reads and checks a pod file.
pub(crate) fn read(setting: &Setting<'_>, path: &Path) -> Result<PodFile, Failure> {
    let name = name_of(path)?;
    let most = u64::try_from(wharf_pod::MAX_BYTES).unwrap_or(u64::MAX);
    let (bytes, quotable) = match &setting.invocation.caller {
        None => (read_own(path, most), true),
        Some(caller) => match read_as(caller, path, most) {
            Ok(reading) => (Ok(reading.bytes), reading.rights == Rights::Caller),
            Err(error) => (Err(error), false),
        },
    };
    let bytes = bytes.map_err(|error| Failure::of(Exit::Usage, &error))?;
    let pod = wharf_pod::parse_bytes(&bytes).map_err(|errors| {
        let content = if quotable { std::str::from_utf8(&bytes).ok() } else { None };
        show::file_errors(path, content, &errors)
    })?;
    Ok(PodFile { name, pod, path: path.to_owned() })
}

/// What this host contributes to a pod; reads the `environment_files`.
fn host_facts(setting: &Setting<'_>, root: Option<&MountRoot>, file: &PodFile) -> Result<HostFacts, Failure> {
    let config = &setting.config;
    Ok(HostFacts {
        hostname: config.host_hostname.clone(),
        mount_root: config.mount_root.clone(),
        use_host_resolv_conf: config.use_host_resolv_conf,
        keep_net_raw: config.allow_net_raw.contains(&file.name),
        environment_files: environment_files(root, file)?,
        ..HostFacts::default()
    })
}

fn environment_files(
    root: Option<&MountRoot>,
    file: &PodFile,
) -> Result<BTreeMap<(ContainerName, EnvName), String>, Failure> {
    let mut values = BTreeMap::new();
    for container in &file.pod.containers {
        for (variable, source) in &container.environment_files {
            let place = format!("containers.{}.environment_files.{variable}", container.name);
            let Some(root) = root else {
                return Err(Failure::usage(format!("`{place}` cannot be read: this host has no mount root"))
                    .hint("the administrator sets `mount_root` in /etc/wharf/host.yml"));
            };
            let bytes = root.read_file(&file.name, source, MOST_VALUE_BYTES).map_err(|error| {
                let mut failure = Failure::of(Exit::Failed, &error);
                failure.message = format!("`{place}` cannot be read: {}", failure.message);
                failure
            })?;
            let text = String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'));
            let value = text.ok_or_else(|| {
                Failure::usage(format!("`{place}`: the file `{source}` is no value for a variable"))
                    .hint("a variable's value is UTF-8 text without NUL")
            })?;
            values.insert((container.name.clone(), variable.clone()), value);
        }
    }
    Ok(values)
}
