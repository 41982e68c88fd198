//! Words about engines without a gateway before them: `engine`.

use clap::{Args, Subcommand};
use std::path::PathBuf;

pub(crate) const ENGINE_EXAMPLES: &str = "\
For an engine that has no gateway before it. Engines know no tenants: whoever has a certificate that an engine accepts is
root on its machine. So these are certificates of an authority of their own, never those of `wharf ca`.

Examples:
  sudo wharf engine secure                              # shows what would be changed, and asks
  sudo wharf engine secure --listen tcp://192.0.2.7:2376 --names 192.0.2.7 --apply
  sudo wharf engine cert me --to ./me --for 30d         # then: DOCKER_CERT_PATH=./me docker --tlsverify -H tcp://...
  sudo wharf engine secure --undo                       # every file as it was";

/// About the engine itself.
#[derive(Debug, Subcommand)]
pub(crate) enum EngineVerb {
    /// Have the engine listen at the network for who has a certificate, and undo that
    Secure(EngineSecureArgs),
    /// Make a certificate with which somebody is root on this machine, through its engine
    Cert(EngineCertArgs),
}

/// How the engine is to listen.
#[derive(Debug, Args)]
pub(crate) struct EngineSecureArgs {
    /// Where it is to listen [default: where it does, else tcp://0.0.0.0:2376]
    #[arg(long, value_name = "tcp://ADDRESS:PORT", value_parser = tcp)]
    pub(crate) listen: Option<String>,
    /// Names and addresses that this host answers to [default: found]
    #[arg(long, value_name = "HOST,ADDRESS,...", value_delimiter = ',')]
    pub(crate) names: Vec<String>,
    /// Do it without asking
    #[arg(long, conflicts_with = "undo")]
    pub(crate) apply: bool,
    /// Put every file back as it was
    #[arg(long, conflicts_with_all = ["listen", "names"])]
    pub(crate) undo: bool,
    /// The engine's own configuration [default: /etc/docker/daemon.json]
    #[arg(long, value_name = "FILE")]
    pub(crate) daemon_json: Option<PathBuf>,
    /// Where the machine's files lie
    #[arg(long, value_name = "DIR", default_value = "/")]
    pub(crate) root: PathBuf,
}

/// For whom.
#[derive(Debug, Args)]
pub(crate) struct EngineCertArgs {
    /// Who bears it: for people to tell certificates apart
    #[arg(value_name = "NAME")]
    pub(crate) user: String,
    /// Folder for ca.pem, cert.pem and key.pem, as DOCKER_CERT_PATH wants them
    #[arg(long, value_name = "DIR")]
    pub(crate) to: PathBuf,
    /// How long it lives: nothing takes it back before
    #[arg(long = "for", value_name = "DURATION", default_value = "30d")]
    pub(crate) life: String,
}

fn tcp(text: &str) -> Result<String, String> {
    let address = text.strip_prefix("tcp://").and_then(|rest| rest.rsplit_once(':'));
    let fits = address
        .is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok_and(|port| port != 0));
    if fits {
        Ok(text.to_owned())
    } else {
        Err("write `tcp://ADDRESS:PORT`, such as tcp://0.0.0.0:2376".to_owned())
    }
}
