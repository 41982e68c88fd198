//! What a run stands on: command line, environment, host configuration; and the door made of them.

use crate::args::Common;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::invocation::{Environment, Invocation};
use crate::{endpoint, show};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wharf_config::HostConfig;
use wharf_docker::{Endpoint, Engine};
use wharf_host::{MountRoot, Rights, check_alone, read_as, read_trusted};
use wharf_model::{Generation, PodName, TenantGrant, TenantName};
use wharf_policy::{Actor, Grants, TenantStanding};
use wharf_reconcile::{Delivery, Door, InMemory, Report};
use wharf_store::{AuditError, AuditRecord, AuditTrail, Holder, Journal, Moment, Outcome, PodLock};

/// What a run stands on.
pub(crate) struct Setting<'a> {
    pub(crate) common: Common,
    pub(crate) invocation: Invocation,
    environment: &'a Environment,
    /// What the administrator decides.
    pub(crate) config: HostConfig,
}

/// What a door borrows.
pub(crate) struct Means {
    pub(crate) engine: Engine,
    pub(crate) actor: Actor,
    /// On whose behalf sudo runs us.
    caller: Option<String>,
    pub(crate) grants: Grants,
    pub(crate) mount_root: Option<MountRoot>,
    /// How secrets come to containers: root's, on the engine's own machine.
    pub(crate) delivery: Option<InMemory>,
    audit: Option<AuditTrail>,
}

const DEFAULT_CONFIG: &str = "/etc/wharf/host.yml";
const MOST_CONFIG_BYTES: u64 = 1 << 20;

/// Whether the host configuration that these options name lists the caller as an administrator.
pub(crate) fn is_admin(common: &Common, invocation: &Invocation, environment: &Environment) -> bool {
    let (setting, _) = Setting::lenient(common.clone(), invocation.clone(), environment);
    invocation.caller.as_ref().is_some_and(|caller| setting.config.admins.contains(caller.name()))
}

impl<'a> Setting<'a> {
    /// As `new`, for looking at what is wrong: where the host configuration is refused, the defaults (under which nobody
    /// who came through sudo is an administrator), and why.
    pub(crate) fn lenient(
        common: Common,
        invocation: Invocation,
        environment: &'a Environment,
    ) -> (Self, Option<Failure>) {
        let mut setting = Self { common, invocation, environment, config: HostConfig::default() };
        let read = setting.read_config(setting.said_config().as_deref());
        let refused = read.map(|config| setting.config = config).err();
        (setting, refused)
    }

    /// Where the host configuration is.
    pub(crate) fn config_path(&self) -> PathBuf {
        self.said_config().unwrap_or_else(|| DEFAULT_CONFIG.into())
    }

    fn said_config(&self) -> Option<PathBuf> {
        self.common.config.clone().or_else(|| self.heeded("WHARF_HOST_CONFIG").map(PathBuf::from))
    }

    /// Reads the host configuration, which must be root's alone.
    pub(crate) fn new(
        common: Common,
        invocation: Invocation,
        environment: &'a Environment,
    ) -> Result<Self, Failure> {
        let (setting, refused) = Self::lenient(common, invocation, environment);
        refused.map_or(Ok(setting), Err)
    }

    /// A variable that changes where we look: heeded when the caller is its own master.
    pub(crate) fn heeded(&self, name: &str) -> Option<&str> {
        if self.heeds_nothing() { None } else { self.environment.text(name) }
    }

    /// Whether the environment is somebody else's.
    pub(crate) fn heeds_nothing(&self) -> bool {
        self.invocation.is_on_behalf() && !self.common.trust_environment
    }

    fn read_config(&self, said: Option<&Path>) -> Result<HostConfig, Failure> {
        let path = said.unwrap_or(Path::new(DEFAULT_CONFIG));
        let bytes = match read_trusted(path, self.invocation.owner, MOST_CONFIG_BYTES) {
            Ok(bytes) => bytes,
            Err(error) if said.is_none() && error.is_missing() => return Ok(HostConfig::default()),
            Err(error) => {
                let failure = Failure::of(Exit::Usage, &error);
                return Err(match error.mend() {
                    Some(mend) => failure.hint(mend),
                    None => failure,
                });
            }
        };
        wharf_config::parse_bytes(&bytes).map_err(|errors| {
            let content =
                if self.may_be_quoted(path, &bytes) { std::str::from_utf8(&bytes).ok() } else { None };
            show::file_errors(path, content, &errors)
        })
    }

    /// Whether errors may show what the file says: only to somebody who can read these very bytes himself.
    fn may_be_quoted(&self, path: &Path, bytes: &[u8]) -> bool {
        let Some(caller) = &self.invocation.caller else { return true };
        let read = read_as(caller, path, MOST_CONFIG_BYTES);
        read.is_ok_and(|reading| reading.rights == Rights::Caller && reading.bytes == bytes)
    }

    /// A file that was named on the command line: read with the rights of whoever named it.
    pub(crate) fn read_named(&self, path: &Path, most: u64) -> Result<Vec<u8>, Failure> {
        let read = match &self.invocation.caller {
            Some(caller) => wharf_host::read_as(caller, path, most).map(|reading| reading.bytes),
            None => wharf_host::read_own(path, most),
        };
        read.map_err(|error| Failure::of(Exit::Usage, &error))
    }

    /// Who is asking: the administrator, or somebody for whom sudo vouches for one pod.
    pub(crate) fn actor(&self, pod: &PodName) -> Actor {
        match &self.invocation.caller {
            Some(caller) if !self.config.admins.contains(caller.name()) => Actor::Pod(pod.clone()),
            _ => Actor::Administrator,
        }
    }

    /// For verbs about the whole host.
    pub(crate) fn administrator(&self, verb: &str) -> Result<Actor, Failure> {
        match &self.invocation.caller {
            Some(caller) if !self.config.admins.contains(caller.name()) => {
                let message = format!("denied: `wharf {verb}` is for administrators");
                self.record_denial(caller.name(), verb);
                Err(Failure::new(Exit::Denied, message)
                    .hint("the host configuration lists them under `admins`"))
            }
            _ => Ok(Actor::Administrator),
        }
    }

    /// The host configuration as it stands now.
    pub(crate) fn reread(&self) -> Result<HostConfig, Failure> {
        self.read_config(self.said_config().as_deref())
    }

    /// What the host configuration allows, as the policy needs it.
    pub(crate) fn grants(&self) -> Grants {
        self.grants_of(&self.config)
    }

    /// What a host configuration allows, as the policy needs it.
    pub(crate) fn grants_of(&self, config: &HostConfig) -> Grants {
        Grants {
            mount_root: config.mount_root.clone(),
            secret_place: Some(config.secret_place().to_owned()),
            ports: config.port_whitelist.clone(),
            network: config.network_name.clone(),
            host_resolv_conf: config.use_host_resolv_conf,
            net_raw: config.allow_net_raw.clone(),
            reserved_labels: config.reserved_labels.clone(),
            registries: config.registries.clone(),
            own_credentials: !self.invocation.is_on_behalf(),
            tenants: names_of_tenants(config),
            shared_images: config.shared_images.clone(),
            subnet_pool: config.subnet_pool.clone(),
        }
    }

    /// Everything that a door needs.
    pub(crate) fn means(&self, actor: Actor) -> Result<Means, Failure> {
        let mount_root = match &self.config.mount_root {
            Some(path) => Some(MountRoot::open(Path::new(path), self.invocation.owner).map_err(|error| {
                let failure = Failure::of(Exit::Usage, &error);
                match error.mend() {
                    Some(mend) => failure.hint(mend),
                    None => failure.hint("`mount_root` in the host configuration names it"),
                }
            })?),
            None => None,
        };
        let endpoint = endpoint::find(self)?;
        let is_here = matches!(endpoint, Endpoint::Unix(_));
        let engine = Engine::new(endpoint);
        let delivery = if is_here && self.invocation.uid == 0 { Some(self.delivery()?) } else { None };
        let audit = match open_trail(&self.trail()?) {
            Ok(trail) => Some(trail),
            // What cannot be recorded is not done for somebody else.
            Err(error) if self.invocation.is_on_behalf() => return Err(Failure::of(Exit::Failed, &error)),
            // Without root there may be no place for a trail; `doctor` says so.
            Err(_) => None,
        };
        let caller = self.invocation.caller.as_ref().map(|caller| caller.name().to_owned());
        Ok(Means { engine, actor, caller, grants: self.grants(), mount_root, delivery, audit })
    }

    /// How secrets come to containers of this machine.
    pub(crate) fn delivery(&self) -> Result<InMemory, Failure> {
        let place = Path::new(self.config.secret_place());
        Ok(InMemory::new(place, self.invocation.owner, &self.state_dir()?))
    }

    /// Takes the pod's lock, or says who has it.
    pub(crate) fn lock(&self, pod: &PodName, verb: &str, wait: Wait) -> Result<PodLock, Failure> {
        let directory = self.state_dir()?.join("locks");
        let note = Holder {
            pid: std::process::id(),
            verb: verb.to_owned(),
            since: Moment::from(std::time::SystemTime::now()),
        };
        let taken = match wait {
            Wait::No => PodLock::try_acquire(&directory, pod, &note),
            Wait::Yes => PodLock::acquire_waiting(&directory, pod, &note, |_| {
                std::thread::sleep(std::time::Duration::from_millis(100));
                std::ops::ControlFlow::Continue(())
            }),
        };
        taken.map_err(|error| Failure::of(Exit::Failed, &error))
    }

    /// Where the audit trail is.
    pub(crate) fn trail(&self) -> Result<PathBuf, Failure> {
        Ok(self.state_dir()?.join("audit.jsonl"))
    }

    /// The audit trail, opened.
    pub(crate) fn open_trail(&self) -> Result<AuditTrail, Failure> {
        open_trail(&self.trail()?).map_err(|error| Failure::of(Exit::Failed, &error))
    }

    /// Refused it is, whether or not that can be recorded.
    fn record_denial(&self, caller: &str, verb: &str) {
        let Some(trail) = self.trail().ok().and_then(|path| open_trail(&path).ok()) else { return };
        let _recorded = trail.record(&AuditRecord {
            time: Moment::from(std::time::SystemTime::now()),
            tenant: None,
            user: Some(caller.to_owned()),
            actor: format!("user {caller}"),
            action: verb.to_owned(),
            object: "host".to_owned(),
            id: None,
            outcome: Outcome::Denied,
            rule: "administrators".to_owned(),
            detail: String::new(),
            micros: None,
        });
    }

    pub(crate) fn state_dir(&self) -> Result<PathBuf, Failure> {
        let configured = || self.config.state_dir.as_ref().map(PathBuf::from);
        let said = self.common.state_dir.clone();
        let said = said.or_else(|| self.heeded("WHARF_STATE_DIR").map(PathBuf::from)).or_else(configured);
        let directory = said.unwrap_or_else(|| self.default_state_dir());
        make_private(&directory)
            .map_err(|error| Failure::usage(format!("cannot make `{}`: {error}", directory.display())))?;
        // Whoever could change the directory could take locks away, or records.
        check_alone(&directory, self.invocation.owner).map_err(|error| {
            let failure = Failure::of(Exit::Usage, &error);
            failure.hint(error.mend().unwrap_or_else(|| "`--state-dir` names another directory".to_owned()))
        })
    }

    /// By user number and not by the environment: under sudo that is not ours to believe.
    fn default_state_dir(&self) -> PathBuf {
        let uid = self.invocation.uid;
        let runtime = PathBuf::from(format!("/run/user/{uid}"));
        match uid {
            0 => PathBuf::from("/var/lib/wharf"),
            _ if runtime.is_dir() => runtime.join("wharf"),
            _ => PathBuf::from(format!("/tmp/wharf-{uid}")),
        }
    }
}

/// Who there is besides pods: a pod is not called as a tenant's things are. Which tenant of a name is the present one only
/// the gateway needs to know.
fn names_of_tenants(config: &HostConfig) -> BTreeMap<TenantName, Arc<TenantStanding>> {
    let standing = |grant: &TenantGrant| {
        Arc::new(TenantStanding { generation: Generation(0), adopted: BTreeSet::new(), grant: grant.clone() })
    };
    config.tenants.iter().map(|(name, grant)| (name.clone(), standing(grant))).collect()
}

/// Whether to wait for another run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wait {
    /// Give up at once, saying who has the lock.
    No,
    /// As long as it takes.
    Yes,
}

impl From<bool> for Wait {
    fn from(wait: bool) -> Self {
        if wait { Self::Yes } else { Self::No }
    }
}

impl Means {
    /// A door whose happenings are told to `report`.
    pub(crate) fn door<'a>(&'a self, report: &'a dyn Report) -> Door<'a> {
        let mut door = Door::new(&self.engine, &self.actor, &self.grants, report);
        door.mount_root = self.mount_root.as_ref();
        door.delivery = self.delivery.as_ref().map(|way| way as &dyn Delivery);
        door.caller = self.caller.as_deref();
        door.audit = self.audit.as_ref();
        door
    }
}

/// The trail, which the journal hears too, where there is one.
fn open_trail(path: &Path) -> Result<AuditTrail, AuditError> {
    let trail = AuditTrail::open(path)?;
    Ok(match Journal::at(Path::new(Journal::SYSTEM)) {
        Ok(journal) => trail.telling(journal),
        Err(_) => trail,
    })
}

fn make_private(directory: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    match std::fs::DirBuilder::new().mode(0o700).create(directory) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}
