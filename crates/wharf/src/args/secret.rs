//! Words about secrets: `secret`, and the control repository: `init`; and the host's own: `host`.

use super::{SecretImportArgs, SecretScanArgs};
use clap::{Args, Subcommand};
use std::path::PathBuf;

pub(crate) const SECRET_EXAMPLES: &str = "\
Values are sealed in `secrets/<pod>.yml` beside the pod file, which is safe to commit, and opened only where a container
uses them: as files in `/run/secrets`, in memory.

Examples:
  wharf secret set blog db-password            # asks for the value
  wharf secret ls
  sudo wharf up blog.yml                       # where the pod file says `secrets: [db-password]`
  wharf secret scan --staged                   # before a commit";

/// About secrets.
#[derive(Debug, Subcommand)]
pub(crate) enum SecretVerb {
    /// Seal a value: typed, from a file, or from standard input
    Set(SecretSetArgs),
    /// List secrets: names, readers, ages; never values
    Ls(SecretLsArgs),
    /// Print a value, for whoever has a key of one of its readers
    Show(SecretShowArgs),
    /// Take a secret out of its file
    Rm(SecretNamedArgs),
    /// Change a value in an editor
    Edit(SecretEditArgs),
    /// Give a secret a new value, and bring it to the containers that use it
    Rotate(SecretRotateArgs),
    /// Change who can read a file's secrets, without typing any of them again
    Rekey(SecretRekeyArgs),
    /// Take over what another program keeps
    Import(SecretImportArgs),
    /// Look for secrets that stand in clear
    Scan(SecretScanArgs),
    /// Make the key that opens everything when the host is lost, to be kept elsewhere
    Recovery(SecretRecoveryArgs),
    /// Accept an older value that was put back on purpose
    Accept(SecretNamedArgs),
    /// Look for what is wrong with this host's secrets
    Doctor,
    /// Bring the secrets in use to where containers find them: at boot (see wharf-secrets.service)
    Restore,
}

/// One secret.
#[derive(Debug, Args)]
pub(crate) struct SecretNamedArgs {
    /// The pod, or its file
    #[arg(value_name = "POD")]
    pub(crate) pod: PathBuf,
    /// The secret
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
}

/// A value and its readers.
#[derive(Debug, Args)]
pub(crate) struct SecretSetArgs {
    #[command(flatten)]
    pub(crate) which: SecretNamedArgs,
    /// Take the value from a file, byte by byte (`-` is standard input)
    #[arg(long, value_name = "FILE")]
    pub(crate) from_file: Option<PathBuf>,
}

/// Which secrets.
#[derive(Debug, Args)]
pub(crate) struct SecretLsArgs {
    /// Only this pod's
    #[arg(value_name = "POD")]
    pub(crate) pod: Option<PathBuf>,
}

/// Which value.
#[derive(Debug, Args)]
pub(crate) struct SecretShowArgs {
    #[command(flatten)]
    pub(crate) which: SecretNamedArgs,
}

/// What is edited.
#[derive(Debug, Args)]
pub(crate) struct SecretEditArgs {
    #[command(flatten)]
    pub(crate) which: SecretNamedArgs,
}

/// Where the new value comes from.
#[derive(Debug, Args)]
pub(crate) struct SecretRotateArgs {
    #[command(flatten)]
    pub(crate) which: SecretNamedArgs,
}

/// Who is to read.
#[derive(Debug, Args)]
pub(crate) struct SecretRekeyArgs {
    /// Pods, or their files
    #[arg(value_name = "POD")]
    pub(crate) pods: Vec<PathBuf>,
}

/// How the key is printed.
#[derive(Debug, Args)]
pub(crate) struct SecretRecoveryArgs {}

/// The host's own.
#[derive(Debug, Subcommand)]
pub(crate) enum HostVerb {
    /// Make the host's own key, to which secrets are sealed
    Init(HostInitArgs),
}

/// The host's key.
#[derive(Debug, Args)]
pub(crate) struct HostInitArgs {}
