//! `wharf pins`: the small process that mounts tenants' directories for `wharf serve`, in the engine's mount namespace, and
//! holds tenants' own sockets for it.
//!
//! It judges nothing of its own but whether what it mounted once is granted still: who may bind what, the gateway says.

mod room;

use super::serve::{GLANCE, changed, make_directory, sockets, standing_of};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::{notify, show};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};
use wharf_config::HostConfig;
use wharf_gateway::{PinHelper, Standing, still_granted};
use wharf_model::TenantId;
use wharf_pin::{Account, Confining, OwnSockets, Pins, Served, Swept};
use wharf_store::TenantBook;

/// Where the helper is for this configuration: its socket beside the administrator's, its mounts in the state directory,
/// which stays where it is when sockets move.
pub(super) fn helper(config: &HostConfig, state: &Path) -> Option<PinHelper> {
    let socket = Path::new(&config.admin_path()?).with_file_name("pins.sock");
    Some(PinHelper { socket, place: state.join("places") })
}

pub(crate) fn run(setting: &Setting<'_>) -> Result<Exit, Failure> {
    setting.administrator("pins")?;
    let state = setting.state_dir()?;
    let Some(helper) = helper(&setting.config, &state) else {
        let message = format!("`{}` does not say where to listen", setting.config_path().display());
        return Err(Failure::usage(message).hint("write `listen: [unix:///run/wharf/docker.sock]`"));
    };
    let pins = Pins::start(&state, &helper.place).map_err(|error| Failure::of(Exit::Failed, &error))?;
    let pins = Arc::new(pins);
    let standing = standing(setting, &setting.config, &state)?;
    // Before anybody can ask, and before systemd starts the engine: its containers find their pins, or nothing.
    reopen(&pins, &standing)?;
    if let Some(directory) = helper.socket.parent() {
        if let Some(above) = directory.parent().filter(|above| !above.exists()) {
            make_directory(above, 0o755)?;
        }
        make_directory(directory, 0o700)?;
    }
    let own = OwnSockets::start(
        sockets::own_directory(&setting.config),
        notify::listeners(),
        notify::keeper(setting),
    );
    hold(&own, &standing);
    let listener = sockets::listen(&helper.socket, 0o600)?;
    answer(listener, Arc::clone(&pins), own, room::confining(setting, &state))?;
    show::say(&format!("listening on unix://{}", helper.socket.display()));
    notify::ready(setting);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::of(Exit::Failed, &error))?;
    let ended = runtime.block_on(follow(setting, &state, &pins));
    let _gone = std::fs::remove_file(&helper.socket);
    ended
}

/// Answers from a thread of its own, which ends with the process.
fn answer(
    listener: UnixListener,
    pins: Arc<Pins>,
    sockets: OwnSockets,
    confining: Confining,
) -> Result<(), Failure> {
    let accounts = |name: &str| Account::lookup(name).map_err(|error| error.to_string());
    let work = move || {
        let served = Served { pins: &pins, sockets: &sockets, confining: &confining, accounts: &accounts };
        if let Err(error) = wharf_pin::serve(&listener, served) {
            show::failure(&Failure::of(Exit::Failed, &error));
            // Nobody would be answered any more: whoever looks after this process starts another.
            std::process::exit(1);
        }
    };
    let started = std::thread::Builder::new().name("wharf-pins".to_owned()).spawn(work);
    started.map(drop).map_err(|error| Failure::of(Exit::Failed, &error))
}

/// Makes the own sockets of all tenants there are, so that containers that the engine starts find them. Whom one is
/// missing for, `wharf serve` asks for it.
fn hold(sockets: &OwnSockets, standing: &Standing) {
    for (name, tenant) in &standing.grants.tenants {
        for generation in std::iter::once(tenant.generation).chain(tenant.adopted.iter().copied()) {
            let tenant = TenantId { name: name.clone(), generation };
            if let Err(error) = sockets.hold(&tenant) {
                show::say(&format!("not held: the own socket of {name}.{generation}: {error}"));
            }
        }
    }
}

/// Until it is told to end; a configuration that changes is judged by at once.
async fn follow(setting: &Setting<'_>, state: &Path, pins: &Pins) -> Result<Exit, Failure> {
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
        let told = tokio::select! {
            _ = terminate.recv() => return Ok(Exit::Done),
            _ = interrupt.recv() => return Ok(Exit::Done),
            _ = hangup.recv() => true,
            _ = glance.tick() => false,
        };
        let now = changed(&path);
        if told || now != seen {
            seen = now;
            let read = setting.reread().and_then(|config| standing(setting, &config, state));
            // What is not understood leaves everything as it was.
            if let Err(failure) = read.and_then(|standing| reopen(pins, &standing)) {
                show::failure(&failure);
            }
        }
    }
}

/// Opens what is granted, takes away what is not, and says what is absent.
fn reopen(pins: &Pins, standing: &Standing) -> Result<(), Failure> {
    let swept = pins.reopen_all(|record| still_granted(standing, record));
    let Swept { absent, .. } = swept.map_err(|error| Failure::of(Exit::Failed, &error))?;
    for pin in absent {
        let what = pin.record.map(|record| format!("`{}` of {}: ", record.path.display(), record.account));
        show::say(&format!("not opened: {}{}", what.unwrap_or_default(), pin.reason));
    }
    Ok(())
}

/// Who may do what. The book of tenants is only read here: `wharf serve` keeps it.
fn standing(setting: &Setting<'_>, config: &HostConfig, state: &Path) -> Result<Standing, Failure> {
    let book = TenantBook::within(state).read().map_err(|error| Failure::of(Exit::Failed, &error))?;
    let present = book.into_iter().filter(|(_, entry)| entry.present).collect();
    Ok(standing_of(config, setting.grants_of(config), present))
}
