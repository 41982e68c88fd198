//! The verbs, one file each.

mod audit;
mod ca;
mod cert;
mod check;
mod context;
mod dial_stdio;
mod doctor;
mod down;
mod engine;
mod exec;
mod generated;
mod host;
mod init;
mod invite;
mod join;
mod logs;
mod pins;
mod plan;
mod ps;
mod resume;
pub(crate) mod secret;
mod serve;
pub(crate) mod shell;
mod tenant;
pub(crate) mod up;
mod whoami;

use crate::args::{CertVerb, Cli, SecretVerb, TenantVerb, Verb};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::invocation::{Environment, Invocation};
use crate::setting::Setting;
use std::sync::atomic::{AtomicBool, Ordering};

/// Does what was said.
pub(crate) fn run(cli: Cli, invocation: Invocation, environment: &Environment) -> Result<Exit, Failure> {
    // These print what is built in, and need no configuration.
    match &cli.verb {
        Verb::Schema { kind } => return Ok(generated::schema(*kind)),
        Verb::Completions { shell } => return Ok(generated::completions(*shell)),
        Verb::Reference => return Ok(generated::reference()),
        Verb::Man => return generated::man(),
        // A host configuration that is refused is one of its findings.
        Verb::Doctor => return doctor::run(cli.common, invocation, environment),
        Verb::DialStdio => return dial_stdio::run(cli.common, invocation, environment),
        _ => {}
    }
    let setting = match &cli.verb {
        // These speak to another machine's gateway: what this one is configured to be does not matter.
        // And a workstation is the caller's own, whatever engine it is on.
        Verb::Join(_)
        | Verb::Cert { what: CertVerb::Renew(_) }
        | Verb::Shell(_)
        // Files of the caller's own, on whatever machine.
        | Verb::Init(_)
        | Verb::Secret { what: SecretVerb::Scan(_) } => {
            Setting::lenient(cli.common, invocation, environment).0
        }
        _ => Setting::new(cli.common, invocation, environment)?,
    };
    match cli.verb {
        Verb::Up { files, wait } => up::run(&setting, &files, wait.into()),
        Verb::Plan { files, detailed_exit_code } => plan::run(&setting, &files, detailed_exit_code),
        Verb::Down { pods, wait } => down::run(&setting, &pods, wait.into()),
        Verb::Ps { pod } => ps::run(&setting, pod.as_deref()),
        Verb::Logs { follow, tail, timestamps, pod, container } => {
            let spec = wharf_wire::LogsSpec { follow, tail, timestamps };
            logs::run(&setting, &pod, container.as_deref(), &spec)
        }
        Verb::Exec { interactive, tty, pod, container, command } => {
            let spec = wharf_wire::ExecSpec { command, tty, stdin: interactive };
            exec::run(&setting, &pod, &container, spec)
        }
        Verb::Check { files } => check::run(&setting, &files),
        Verb::Audit(wanted) => audit::run(&setting, &wanted),
        Verb::Resume => resume::run(&setting),
        Verb::Serve { ca_passphrase_file } => serve::run(&setting, ca_passphrase_file.as_deref()),
        Verb::Pins => pins::run(&setting),
        Verb::Shell(wanted) => shell::run(&setting, &wanted),
        Verb::Whoami => whoami::run(&setting),
        Verb::Context(args) => context::run(&setting, &args),
        Verb::Ca { what } => ca::run(&setting, &what),
        Verb::Invite(wanted) => invite::run(&setting, &wanted),
        Verb::Join(wanted) => join::run(&setting, &wanted),
        Verb::Cert { what } => cert::run(&setting, &what),
        Verb::Engine { what } => engine::run(&setting, &what),
        Verb::Secret { what } => secret::run(&setting, &what),
        Verb::Init(wanted) => init::run(&setting, &wanted),
        Verb::Host { what } => host::run(&setting, &what),
        Verb::Tenant { what: TenantVerb::Adopt { tenant } } => tenant::adopt(&setting, &tenant),
        Verb::Tenant { what: TenantVerb::Ls } => tenant::list(&setting),
        Verb::Doctor
        | Verb::DialStdio
        | Verb::Schema { .. }
        | Verb::Completions { .. }
        | Verb::Reference
        | Verb::Man => Ok(Exit::Done),
    }
}

/// Said when a run that changes things is interrupted.
pub(crate) const GOES_ON: &str = "what is done stays done; the same command goes on from there";
/// Said when a run that only looks is interrupted.
pub(crate) const NOTHING_CHANGED: &str = "nothing was changed";

/// One thread drives all of the engine's connections: the engine does the work. Interrupted, it says what that means.
pub(crate) fn block_on<T>(
    interrupted: &str,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::of(Exit::Failed, &error))?;
    let done = runtime.block_on(async {
        tokio::select! {
            done = work => done,
            // What was asked of the engine may or may not happen; the next run looks.
            () = interrupted_here() => Err(Failure::new(Exit::Interrupted, "interrupted").hint(interrupted)),
        }
    });
    // A read of standard input cannot be called off: waiting for it would hold `exec -i` until the next key.
    runtime.shutdown_background();
    done
}

/// A terminal that is attached has its own way to leave, after which it is as it was before: an interrupt is its affair as
/// long as this is held.
pub(crate) struct Attached(());

static ATTACHED: AtomicBool = AtomicBool::new(false);

impl Attached {
    pub(crate) fn begin() -> Self {
        ATTACHED.store(true, Ordering::SeqCst);
        Self(())
    }
}

impl Drop for Attached {
    fn drop(&mut self) {
        ATTACHED.store(false, Ordering::SeqCst);
    }
}

/// Ends when the run is interrupted.
async fn interrupted_here() {
    while tokio::signal::ctrl_c().await.is_ok() {
        if !ATTACHED.load(Ordering::SeqCst) {
            return;
        }
    }
    std::future::pending::<()>().await;
}

/// A reader that goes away (`wharf logs blog | head`) has what it wants.
pub(crate) fn until_reader_left(copied: std::io::Result<()>) -> std::io::Result<()> {
    copied.or_else(|error| if error.kind() == std::io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) })
}

/// A pod named on the command line.
pub(crate) fn pod_named(text: &str) -> Result<wharf_model::PodName, Failure> {
    text.parse().map_err(|error| Failure::usage(format!("`{text}` is no pod's name: {error}")))
}

/// A container named on the command line.
pub(crate) fn container_named(text: &str) -> Result<wharf_model::ContainerName, Failure> {
    text.parse().map_err(|error| Failure::usage(format!("`{text}` is no container's name: {error}")))
}
