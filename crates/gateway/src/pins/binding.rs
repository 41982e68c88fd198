//! From a directory that a tenant wrote to a pin in its place, held until its container is there.

use super::{Asking, grant};
use crate::desk::Errand;
use crate::door::Door;
use crate::fault::Fault;
use crate::gateway::Gateway;
use hyper::StatusCode;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use wharf_model::{ContainerRoot, MountGrant, ObjectName, TenantName};
use wharf_pin::{Access, Account, Answer, Missing, PinId, Question, Refusal, Request};
use wharf_policy::{Denial, Facts, Rule};
use wharf_wire::Info;
use wharf_wire::tenant::{HostSettings, MountKind, TenantContainer};

/// Binds of one container. Each is a mount of the host's.
const MOST_BINDS: usize = 32;
/// How long an engine may still be making a container whose client went away.
const STILL_MAKING: Duration = Duration::from_secs(30);

/// Pins of a container that is being made. Dropped without a word, they are looked after when the engine has surely
/// ended what it was doing.
pub(crate) struct Pinned {
    gateway: Arc<Gateway>,
    ids: Vec<PinId>,
    /// Places, and what the tenant wrote.
    shown: Vec<(String, String)>,
}

impl Pinned {
    /// A door whose words have the tenant's paths where the engine says the places.
    pub(crate) fn wording<'d>(&self, door: Door<'d>) -> Door<'d> {
        self.shown.iter().fold(door, |door, (place, path)| door.wording(place, path))
    }

    fn take_over(&mut self, mut other: Self) {
        self.ids.append(&mut other.ids);
    }

    /// The container is there, and from now on what holds them.
    pub(crate) fn keep(mut self) {
        self.end();
    }

    /// The container was not made, or not as it should be: whatever the engine does not list goes.
    pub(crate) fn abandon(mut self) {
        let ids = self.end();
        if !ids.is_empty() {
            self.gateway.pinning.known().work.doubtful.extend(ids);
            self.gateway.pinning.called.notify_one();
        }
    }

    fn end(&mut self) -> Vec<PinId> {
        let mut known = self.gateway.pinning.known();
        known.under_way.retain(|id| !self.ids.contains(id));
        drop(known);
        std::mem::take(&mut self.ids)
    }
}

impl Drop for Pinned {
    fn drop(&mut self) {
        let ids = std::mem::take(&mut self.ids);
        // Outside of a runtime the process ends, and the next one looks at all pins.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        if ids.is_empty() {
            return;
        }
        let late = Self { gateway: Arc::clone(&self.gateway), ids, shown: Vec::new() };
        runtime.spawn(async move {
            tokio::time::sleep(STILL_MAKING).await;
            late.abandon();
        });
    }
}

impl Errand {
    /// Puts a pin in the place of each directory of the host's, when it is granted.
    pub(crate) async fn pin_mounts(
        &self,
        name: &ObjectName,
        container: &mut TenantContainer,
        facts: &mut Facts,
    ) -> Result<Pinned, Fault> {
        let mut pinned =
            Pinned { gateway: Arc::clone(&self.desk.gateway), ids: Vec::new(), shown: Vec::new() };
        let done = self.pin_each(container, facts, &mut pinned).await;
        if let Err(fault) = done {
            pinned.abandon();
            if let Fault::Denied(denial) = &fault {
                // It is denied, whether or not that can be written down.
                let _recorded = Door::record_denial(
                    &self.desk,
                    "create container",
                    name.as_str(),
                    denial.rule.name(),
                    &denial.reason,
                );
            }
            return Err(fault);
        }
        Ok(pinned)
    }

    async fn pin_each(
        &self,
        container: &mut TenantContainer,
        facts: &mut Facts,
        pinned: &mut Pinned,
    ) -> Result<(), Fault> {
        let binds =
            container.mounts.iter().filter(|mount| matches!(mount.kind, MountKind::Host { .. })).count();
        let grants = &self.rights()?.grant.mounts;
        // Without any grant, the policy says so of the first.
        if binds == 0 || grants.is_empty() {
            return Ok(());
        }
        if binds > MOST_BINDS {
            let reason =
                format!("{binds} directories of the host are more than the {MOST_BINDS} of one container");
            return Err(denied(reason, "bind a directory above them"));
        }
        let account = self.account_for_binds().await?;
        for mount in &mut container.mounts {
            let MountKind::Host { path, make } = &mount.kind else { continue };
            let wished = if mount.readonly { Access::ReadOnly } else { Access::ReadWrite };
            let missing = if *make { Missing::Made } else { Missing::Refused };
            let request = granted(grants, &account, path, wished, missing)?;
            let root = self.container_root(path).await?;
            let (source, forbidden) = self.pin(&account, &request, root, pinned).await?;
            pinned.shown.push((source.clone(), path.clone()));
            forbid(&mut container.host, forbidden, path)?;
            facts.tenant.places.push(source.clone());
            mount.kind = MountKind::Pinned { place: source };
            // The pin itself is read-only; said to the engine too, 20.10 takes `nosuid,nodev` away (seen, runc 1.1).
            mount.readonly = false;
        }
        Ok(())
    }

    /// The account with whose rights directories are opened.
    async fn account_for_binds(&self) -> Result<Account, Fault> {
        let Some(name) = self.desk.account.clone() else {
            let reason =
                "who asks through a tenant's own socket has no account, and so no directories of the host";
            return Err(denied(reason, "use a named volume"));
        };
        // Account databases may be slow, and ask the network.
        let found = tokio::task::spawn_blocking(move || Account::lookup(&name)).await;
        match found {
            Ok(Ok(account)) => Ok(account),
            Ok(Err(error)) => Err(denied(error.to_string(), "use a named volume")),
            Err(_) => Err(helper_fails()),
        }
    }

    /// Asked anew for each: an engine may have come back with other settings.
    async fn container_root(&self, path: &str) -> Result<ContainerRoot, Fault> {
        let root = self.desk.gateway.engine.observe(&Info).await?.container_root();
        root.ok_or_else(|| {
            let reason = format!(
                "`{path}` is not bound: this engine does not map users, and root in a container with a directory of \
                 yours could become root of this machine"
            );
            denied(reason, "use a named volume; the administrator can turn on userns-remap")
        })
    }

    async fn pin(
        &self,
        account: &Account,
        request: &Request,
        root: ContainerRoot,
        pinned: &mut Pinned,
    ) -> Result<(String, Vec<String>), Fault> {
        let question = Question::Pin {
            tenant: self.tenant().name.clone(),
            generation: self.tenant().generation,
            account: account.name().to_owned(),
            path: request.path().to_owned(),
            granted: request.granted().to_owned(),
            access: request.access(),
            missing: request.missing(),
            container_root: Some((root.uid, root.gid)),
        };
        let asked =
            tokio::spawn(ask_for_pin(Arc::clone(&self.desk.gateway), self.tenant().name.clone(), question));
        match asked.await {
            Ok(Ok(made)) => {
                pinned.take_over(made.pinned);
                let source = made.source.into_os_string().into_string().map_err(|_| helper_fails())?;
                Ok((source, made.forbidden_capabilities))
            }
            Ok(Err(Unpinned::Refused(reason))) => Err(refused(&reason)),
            Ok(Err(Unpinned::Failed(reason))) => {
                let _recorded =
                    Door::record_denial(&self.desk, "bind", &shown(request.path()), "mounts", &reason);
                Err(helper_fails())
            }
            Ok(Err(Unpinned::NoHelper)) => Err(no_helper()),
            Err(_) => Err(helper_fails()),
        }
    }
}

/// A pin that was made.
struct Made {
    pinned: Pinned,
    source: PathBuf,
    forbidden_capabilities: Vec<String>,
}

/// Why one was not.
enum Unpinned {
    /// For the tenant to read.
    Refused(String),
    /// For the administrator to read.
    Failed(String),
    NoHelper,
}

/// A task of its own: it ends, and what was pinned is held or let go, even when the client went away.
async fn ask_for_pin(
    gateway: Arc<Gateway>,
    tenant: TenantName,
    question: Question,
) -> Result<Made, Unpinned> {
    let turns = gateway.pinning.turns_of(&tenant);
    let _turn = turns.acquire().await;
    let asking: Asking<'_> = gateway.pinning.asking();
    let answered = gateway.pinning.ask(question).await;
    let made = match answered {
        Ok(Answer::Pinned { id, source, forbidden_capabilities }) => {
            gateway.pinning.known().under_way.insert(id.clone());
            let pinned = Pinned { gateway: Arc::clone(&gateway), ids: vec![id], shown: Vec::new() };
            Ok(Made { pinned, source, forbidden_capabilities })
        }
        Ok(Answer::Refused { reason }) => Err(Unpinned::Refused(reason)),
        Ok(Answer::Failed { reason }) => Err(Unpinned::Failed(reason)),
        Ok(_) => Err(Unpinned::Failed("the answer is to another question".to_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
            Err(Unpinned::Failed("it took too long".to_owned()))
        }
        Err(_) => Err(Unpinned::NoHelper),
    };
    // Not before the name is known.
    drop(asking);
    made
}

fn granted(
    grants: &[MountGrant],
    account: &Account,
    path: &str,
    wished: Access,
    missing: Missing,
) -> Result<Request, Fault> {
    let request = grant::covering(grants, account.home(), Path::new(path), wished, missing);
    request.map_err(|refusal: Refusal| refused(&refusal.to_string()))?.ok_or_else(|| {
        let places: Vec<String> = grants.iter().map(|grant| format!("`{grant}`")).collect();
        let reason = format!("`{path}` is outside of what you may bind ({})", places.join(", "));
        denied(reason, "use a named volume, or ask the administrator (`mounts`)")
    })
}

/// What a container with this pin must not have.
fn forbid(host: &mut HostSettings, forbidden: Vec<String>, path: &str) -> Result<(), Fault> {
    if let Some(name) = forbidden.iter().find(|name| host.cap_add.contains(*name)) {
        let reason = format!("a container that has `{path}` may not have the capability `{name}`");
        return Err(denied(reason, "leave out `--cap-add`, or use a named volume"));
    }
    host.cap_drop.extend(forbidden);
    Ok(())
}

fn denied(reason: impl Into<String>, hint: &str) -> Fault {
    Fault::Denied(Denial { rule: Rule::Mounts, reason: reason.into(), hint: Some(hint.to_owned()) })
}

/// The helper's sentences end with what to do.
fn refused(sentence: &str) -> Fault {
    match sentence.rsplit_once("; ") {
        Some((reason, hint)) if hint.contains("named volume") => denied(reason, hint),
        Some((reason, hint)) => denied(reason, &format!("{hint}, or use a named volume")),
        None => denied(sentence, "use a named volume"),
    }
}

fn no_helper() -> Fault {
    Fault::Said(
        StatusCode::SERVICE_UNAVAILABLE,
        "wharf: binds need `wharf pins`, which does not answer; tell the administrator (wharf-pins.service), or use a \
         named volume"
            .to_owned(),
    )
}

fn helper_fails() -> Fault {
    Fault::Said(
        StatusCode::INTERNAL_SERVER_ERROR,
        "wharf: the bind cannot be made; tell the administrator (the audit trail says why), or use a named volume"
            .to_owned(),
    )
}

fn shown(path: &Path) -> String {
    crate::fault::printable(&path.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_ends_with_a_named_volume() {
        let told = |sentence| refused(sentence).told().1;
        assert_eq!(
            told("`/x` does not exist; make it first"),
            "wharf: denied by rule mounts: `/x` does not exist; make it first, or use a named volume"
        );
        assert_eq!(
            told("`/x` is outside `/y`; use a named volume"),
            "wharf: denied by rule mounts: `/x` is outside `/y`; use a named volume"
        );
        assert_eq!(told("no"), "wharf: denied by rule mounts: no; use a named volume");
    }

    #[test]
    fn what_a_pin_forbids_is_dropped_and_not_added() {
        let mut host = HostSettings::default();
        forbid(&mut host, vec!["CHOWN".into()], "/x").unwrap();
        assert_eq!(host.cap_drop, ["CHOWN".to_owned()].into());
        let mut host = HostSettings { cap_add: ["CHOWN".to_owned()].into(), ..HostSettings::default() };
        let (status, words) = forbid(&mut host, vec!["CHOWN".into()], "/x").unwrap_err().told();
        assert_eq!(status, StatusCode::FORBIDDEN);
        assert!(words.contains("may not have the capability `CHOWN`"), "{words}");
    }
}
