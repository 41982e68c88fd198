//! `wharf serve`: the gateway, in the foreground until it is told to stop.

mod alone;
mod grip;
mod network;
mod rules;
pub(super) mod sockets;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::{notify, show};
use grip::Grip;
use rules::{KernelFilter, check_needless};
use serde_json::Value;
use sockets::Sockets;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::signal::unix::{SignalKind, signal};
use wharf_config::HostConfig;
use wharf_docker::{Endpoint, Engine};
use wharf_gateway::{Gateway, Look, Parts, Standing};
use wharf_model::TenantName;
use wharf_policy::{CgroupDriver, Grants, TenantStanding};
use wharf_store::{LentNames, TenantBook, TenantEntry};
use wharf_wire::InfoDocument;

/// How often the host configuration is looked at for a change.
pub(super) const GLANCE: Duration = Duration::from_secs(2);

pub(crate) fn run(setting: &Setting<'_>, passphrase_file: Option<&Path>) -> Result<Exit, Failure> {
    setting.administrator("serve")?;
    if setting.config.listen.is_empty() {
        let message = format!("`{}` does not say where to listen", setting.config_path().display());
        return Err(Failure::usage(message).hint("write `listen: [unix:///run/wharf/docker.sock]`"));
    }
    // Where there is no systemd, nothing else has done it.
    if matches!(endpoint(setting)?, Endpoint::Unix(_)) {
        super::secret::restore::bring_back_by_the_way(setting, "serve");
    }
    // Connections are files: a tenant may have 2000, and some need one to the engine, too.
    let _as_many_as_there_may_be = wharf_host::raise_open_files();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::of(Exit::Failed, &error))?;
    let served = runtime.block_on(serve(setting, passphrase_file));
    runtime.shutdown_background();
    served
}

async fn serve(setting: &Setting<'_>, passphrase_file: Option<&Path>) -> Result<Exit, Failure> {
    let state = setting.state_dir()?;
    let book = TenantBook::within(&state);
    let standing = standing(&setting.config, setting.grants(), &book)?;
    let engine = Engine::new(endpoint(setting)?);
    let info = engine.observe(&InfoDocument).await?;
    check_users_are_mapped(&setting.config, &info)?;
    let _one_for_this_engine = alone::before_engine(setting, &info)?;
    let cgroup_driver = cgroup_driver(&info);
    let grip = Grip::take(cgroup_driver, &state, &standing)?;
    let filter = KernelFilter::find(&setting.config, &standing, (engine.endpoint(), &info), &state).await?;
    let is_guarded = filter.is_some();
    let _one_in_this_network = alone::in_network(setting, is_guarded)?;
    let audit = setting.open_trail()?;
    let lent = LentNames::within(&state).map_err(|error| Failure::of(Exit::Failed, &error))?;
    let helper = super::pins::helper(&setting.config, &state);
    let holder = helper.as_ref().map(|helper| helper.socket.clone());
    let mut sockets = Sockets::open(&setting.config, &standing, holder)?;
    let at_the_network = sockets.are_at_the_network();
    let identity = at_the_network.then(|| network::identity(setting, &state, passphrase_file)).transpose()?;
    let gateway = Gateway::new(Parts {
        engine,
        audit,
        standing,
        tenant_sockets: Some(sockets.own_directory().to_owned()),
        pins: helper,
        cgroup_driver,
        lent,
        identity,
        filter,
    });
    gateway.learn().await?;
    for name in gateway.settle_pushes().await {
        show::say(&format!(
            "`{name}` is what a push has borrowed, and cannot be given back now: look at `docker images`"
        ));
    }
    let unguarded = |why| Failure::new(Exit::Failed, format!("cannot guard tenants' networks: {why}"));
    gateway.hold_rules(Look::Closely).await.map_err(unguarded)?;
    tokio::spawn(Arc::clone(&gateway).follow());
    tokio::spawn(Arc::clone(&gateway).tend_pins());
    tokio::spawn(Arc::clone(&gateway).keep_rules());
    tokio::spawn(Arc::clone(&grip).keep(Arc::clone(&gateway)));
    tokio::spawn(Arc::clone(&gateway).measure_disk());
    let holds = gateway.begin_to_hold_disk().await;
    tokio::spawn(Arc::clone(&gateway).hold_disk(holds));
    tokio::spawn(Arc::clone(&gateway).stop_departed());
    if let Some(identity) = gateway.identity() {
        tokio::spawn(Arc::clone(identity).tend(show::say));
    }
    let listeners = sockets.take()?;
    for said in sockets.addresses() {
        show::say(&format!("listening on {said}"));
    }
    tokio::spawn(Arc::clone(&gateway).serve(listeners));
    notify::ready(setting);
    let listens = |kind| signal(kind).map_err(|error| Failure::of(Exit::Failed, &error));
    let (mut hangup, mut terminate, mut interrupt) = (
        listens(SignalKind::hangup())?,
        listens(SignalKind::terminate())?,
        listens(SignalKind::interrupt())?,
    );
    let path = setting.config_path();
    let mut seen = changed(&path);
    let mut glance = tokio::time::interval(GLANCE);
    loop {
        tokio::select! {
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
            _ = hangup.recv() => {
                seen = changed(&path);
                reload(setting, &book, &gateway, &mut sockets, (&grip, is_guarded));
            }
            _ = glance.tick() => {
                let now = changed(&path);
                if now != seen {
                    seen = now;
                    reload(setting, &book, &gateway, &mut sockets, (&grip, is_guarded));
                }
            }
        }
    }
    sockets.remove();
    Ok(Exit::Done)
}

/// All or nothing: what is not understood leaves everything as it was.
fn reload(
    setting: &Setting<'_>,
    book: &TenantBook,
    gateway: &Arc<Gateway>,
    sockets: &mut Sockets,
    (grip, is_guarded): (&Grip, bool),
) {
    let mut needs_restart = false;
    let read = setting.reread().and_then(|config| {
        let (before, now) = (&setting.config, &config);
        needs_restart =
            (&before.listen, &before.server_certificate) != (&now.listen, &now.server_certificate);
        standing(&config, setting.grants_of(&config), book)
    });
    let guarded = |standing: Standing| {
        if is_guarded {
            return Ok(standing);
        }
        check_needless(&standing, "`wharf serve` was started without rules").map(|()| standing)
    };
    let read = read.and_then(guarded);
    match read {
        Ok(standing) => {
            let opened = sockets.follow(gateway, &standing);
            gateway.reload(standing);
            grip.renew(gateway);
            match opened {
                Ok(()) => show::say("the host configuration was read again, and is in force"),
                Err(failure) => show::failure(&failure),
            }
            if needs_restart {
                show::say(
                    "warning: `listen` or `server_certificate` is another now, and is so when `wharf serve` is restarted: until \
                     then it listens where it did, and nowhere else",
                );
            }
        }
        Err(failure) => {
            show::say(
                "the host configuration was read again and is not understood; the former one stays in force",
            );
            show::failure(&failure);
        }
    }
}

/// Who is which tenant, and may do what.
fn standing(config: &HostConfig, grants: Grants, book: &TenantBook) -> Result<Standing, Failure> {
    let present = config.tenants.keys().cloned().collect();
    let entries = book.settle(&present).map_err(|error| Failure::of(Exit::Failed, &error))?;
    Ok(standing_of(config, grants, entries))
}

/// The same, with these entries of the book of tenants.
pub(super) fn standing_of(
    config: &HostConfig,
    grants: Grants,
    entries: BTreeMap<TenantName, TenantEntry>,
) -> Standing {
    let standing_of = |(name, entry): (_, TenantEntry)| {
        let grant = config.tenants.get(&name)?.clone();
        let standing = TenantStanding { generation: entry.generation, adopted: entry.adopted, grant };
        Some((name, Arc::new(standing)))
    };
    let tenants: BTreeMap<_, _> = entries.into_iter().filter_map(standing_of).collect();
    Standing { grants: Grants { tenants, ..grants }, stop_removed: config.stop_removed_tenants }
}

/// The engine behind the gateway.
pub(super) fn endpoint(setting: &Setting<'_>) -> Result<Endpoint, Failure> {
    match &setting.config.engine {
        Some(said) if setting.common.host.is_none() => crate::endpoint::of_url(setting, said)
            .map_err(|failure| Failure { message: format!("`engine`: {}", failure.message), ..failure }),
        _ => crate::endpoint::find(setting),
    }
}

/// Without a user namespace, a tenant with an account on this machine becomes root on it: nobody does so unasked.
fn check_users_are_mapped(config: &HostConfig, info: &Value) -> Result<(), Failure> {
    let options = info.get("SecurityOptions").and_then(Value::as_array).into_iter().flatten();
    let mapped = options
        .filter_map(Value::as_str)
        .any(|option| option.contains("name=userns") || option.contains("name=rootless"));
    if mapped || config.allow_unmapped_users || config.tenants.is_empty() {
        return Ok(());
    }
    let message =
        "this engine does not map users: a tenant with an account on this machine could become root on it";
    Err(Failure::new(Exit::Denied, message).hint(
        "write `{\"userns-remap\": \"default\"}` into /etc/docker/daemon.json and restart the engine (it begins with no \
         images and containers of its own then); or take the risk with `allow_unmapped_users: true`",
    ))
}

fn cgroup_driver(info: &Value) -> CgroupDriver {
    match info.get("CgroupDriver").and_then(Value::as_str) {
        Some("systemd") => CgroupDriver::Systemd,
        Some("cgroupfs") => CgroupDriver::Cgroupfs,
        _ => CgroupDriver::None,
    }
}

/// What shows that a file is another.
pub(super) fn changed(path: &Path) -> Option<(SystemTime, u64)> {
    let facts = std::fs::metadata(path).ok()?;
    Some((facts.modified().ok()?, facts.len()))
}

/// A directory of wharf's own.
pub(super) fn make_directory(path: &Path, mode: u32) -> Result<PathBuf, Failure> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    let failed = |error: std::io::Error| {
        Failure::new(Exit::Failed, format!("cannot make `{}`: {error}", path.display()))
    };
    std::fs::DirBuilder::new().recursive(true).mode(mode).create(path).map_err(failed)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).map_err(failed)?;
    Ok(path.to_owned())
}
