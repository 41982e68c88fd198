//! Words about secrets: `secret`, and the host's own: `host`.

use super::{SecretImportArgs, SecretScanArgs};
use clap::{Args, Subcommand};
use std::path::PathBuf;

pub(crate) const SECRET_EXAMPLES: &str = "\
Values are sealed in `secrets/<pod>.yml` beside the pod file, which is safe to commit, and opened only where a container
uses them: as files in `/run/secrets`, in memory. Each value is sealed to its file's readers: the host, the recovery key,
and the people who edit it, by their age or ssh keys.

Examples:
  sudo wharf host init                         # once: the host's own key
  sudo wharf secret recovery                   # once: the key that opens everything, to be kept elsewhere
  wharf secret set blog db-password            # asks for the value
  wharf secret ls
  sudo wharf up blog.yml                       # where the pod file says `secrets: [db-password]`
  wharf secret rekey blog --add ada.pub        # Ada can read, and nobody types a value again
  wharf secret scan --staged                   # before a commit

Your own key is that of `--identity`, else of WHARF_SECRET_IDENTITY, else `~/.config/wharf/secrets.key`,
`~/.ssh/id_ed25519` or `~/.ssh/id_rsa`. Root has the host's, too.";

const SET_EXAMPLES: &str = "\
At a terminal the value is asked for twice and not shown. From a pipe, one line end at its end is taken off; from a file
(and from `--from-file -`) every byte stays. A value is never an argument: those are seen by everybody on the machine.

Examples:
  wharf secret set blog db-password
  wharf secret set pods/blog.yml tls-key --from-file site.key
  pwgen 32 1 | wharf secret set blog db-password
  wharf secret set blog token --reader nas=age1... --reader ada.pub     # a new file, where there is no host key";

const ROTATE_EXAMPLES: &str = "\
Run by root on the host, where nothing else of the pod would change, it brings the new value to the containers that use it;
elsewhere `sudo wharf up` does. Containers get the new value alone: the one before is kept for `show --previous`. No COMMAND is
run under sudo on somebody's behalf.

Examples:
  wharf secret rotate blog db-password                          # 32 letters and digits, made here
  wharf secret rotate blog api-token --grace 1h -- ./new-token  # what the command prints is the value
  wharf secret show blog api-token --previous                   # the value before, while the hour lasts";

const REKEY_EXAMPLES: &str = "\
Without `--add` and `--remove`, the readers that a new file here would have are added where they are missing. Whoever is
removed still knows the values that could be read until then: rotate those.

Examples:
  wharf secret rekey blog --add ada.pub
  wharf secret rekey blog --add bob=age1...
  wharf secret rekey --all --remove ada
  sudo wharf secret rekey --all                # after `wharf secret recovery`";

const EDIT_EXAMPLES: &str = "\
The editor is $VISUAL, or else $EDITOR, or else vi, and what it edits lies in memory (tmpfs), in no file on a
disk; what the system swaps out is its own. Where there is no such place, nothing is opened. vim runs without vimrc and
plugins. Not under sudo on somebody's behalf.";

const HOST_EXAMPLES: &str = "\
Example:
  sudo wharf host init      # makes the key, and writes its public half to /etc/wharf/secrets.pub";

/// About secrets.
#[derive(Debug, Subcommand)]
pub(crate) enum SecretVerb {
    /// Seal a value: typed, from a file, or from standard input
    #[command(after_help = SET_EXAMPLES)]
    Set(SecretSetArgs),
    /// List secrets: names, readers, ages; never values
    Ls(SecretLsArgs),
    /// Print a value, for whoever has a key of one of its readers
    Show(SecretShowArgs),
    /// Take a secret out of its file
    Rm(SecretRmArgs),
    /// Change a value in an editor
    #[command(after_help = EDIT_EXAMPLES)]
    Edit(SecretEditArgs),
    /// Give a secret a new value; as root on its host, bring it to the containers that use it
    #[command(after_help = ROTATE_EXAMPLES)]
    Rotate(SecretRotateArgs),
    /// Change who can read a file's secrets, without typing any of them again
    #[command(after_help = REKEY_EXAMPLES)]
    Rekey(SecretRekeyArgs),
    /// Sign a file with an ssh key, for hosts that list who may change secrets
    Sign(SecretSignArgs),
    /// Take over what another program keeps: SOPS, Ansible Vault, `.env`, Docker
    #[command(after_help = super::import::IMPORT_EXAMPLES)]
    Import(SecretImportArgs),
    /// Look for secrets that stand in clear
    Scan(SecretScanArgs),
    /// Make the key that opens everything when the host is lost, to be kept elsewhere
    Recovery(SecretRecoveryArgs),
    /// Accept an older value that was put back on purpose
    Accept(SecretAcceptArgs),
    /// Look for what is wrong with this host's secrets, and with the files here
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

/// With which key.
#[derive(Debug, Args)]
pub(crate) struct IdentityArgs {
    /// Open (and sign) with this age or ssh key, and no other
    #[arg(long = "identity", value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

/// A value and its readers.
#[derive(Debug, Args)]
pub(crate) struct SecretSetArgs {
    #[command(flatten)]
    pub(crate) which: SecretNamedArgs,
    /// Take the value from a file, byte by byte (`-` is standard input)
    #[arg(long, value_name = "FILE")]
    pub(crate) from_file: Option<PathBuf>,
    /// A reader of a new file, besides this host, its recovery key and yourself: a public key, NAME=KEY, or a file with one
    #[arg(long = "reader", value_name = "KEY|FILE")]
    pub(crate) readers: Vec<String>,
    #[command(flatten)]
    pub(crate) owner: OwnerArgs,
    /// Take readers that were not seen before without asking
    #[arg(long, short = 'y')]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) identity: IdentityArgs,
}

/// Whose secrets a value becomes one of: said by whoever seals it, never taken from the file alone.
#[derive(Debug, Args)]
pub(crate) struct OwnerArgs {
    /// The file is that of this tenant's pod of the name, and not of the machine's (nothing delivers those yet)
    #[arg(long, value_name = "TENANT")]
    pub(crate) tenant: Option<String>,
}

/// Which secrets.
#[derive(Debug, Args)]
pub(crate) struct SecretLsArgs {
    /// Only this pod's
    #[arg(value_name = "POD")]
    pub(crate) pod: Option<PathBuf>,
    /// Show when each was opened or delivered last, and for whom, by this host's audit trail
    #[arg(long)]
    pub(crate) usage: bool,
    /// Only values sealed before that: `90d`
    #[arg(long, value_name = "DURATION")]
    pub(crate) older_than: Option<String>,
}

/// Which value.
#[derive(Debug, Args)]
pub(crate) struct SecretShowArgs {
    #[command(flatten)]
    pub(crate) which: SecretNamedArgs,
    /// The value before, while a rotation's grace lasts
    #[arg(long)]
    pub(crate) previous: bool,
    /// Ask nothing
    #[arg(long, short = 'y')]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) identity: IdentityArgs,
}

/// What goes.
#[derive(Debug, Args)]
pub(crate) struct SecretRmArgs {
    #[command(flatten)]
    pub(crate) which: SecretNamedArgs,
    /// Ask nothing
    #[arg(long, short = 'y')]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) identity: IdentityArgs,
}

/// What is edited.
#[derive(Debug, Args)]
pub(crate) struct SecretEditArgs {
    #[command(flatten)]
    pub(crate) which: SecretNamedArgs,
    /// Take readers that were not seen before without asking
    #[arg(long, short = 'y')]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) identity: IdentityArgs,
}

/// Where the new value comes from.
#[derive(Debug, Args)]
pub(crate) struct SecretRotateArgs {
    #[command(flatten)]
    pub(crate) which: SecretNamedArgs,
    /// Make a value of this many letters and digits
    #[arg(long, value_name = "LENGTH", num_args = 0..=1, default_missing_value = "32", conflicts_with = "command",
          value_parser = clap::value_parser!(u16).range(16..=4096))]
    pub(crate) generate: Option<u16>,
    /// Keep the value before for that long
    #[arg(long, value_name = "DURATION")]
    pub(crate) grace: Option<String>,
    #[command(flatten)]
    pub(crate) owner: OwnerArgs,
    /// Take readers that were not seen before without asking
    #[arg(long, short = 'y')]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) identity: IdentityArgs,
    /// A command that prints the new value; one line end at its end is taken off
    #[arg(last = true, value_name = "COMMAND")]
    pub(crate) command: Vec<String>,
}

/// Who is to read.
#[derive(Debug, Args)]
pub(crate) struct SecretRekeyArgs {
    /// Pods, or their files
    #[arg(value_name = "POD", required_unless_present = "all", conflicts_with = "all")]
    pub(crate) pods: Vec<PathBuf>,
    /// Every sealed file in `secrets` here, and in `pods/secrets`
    #[arg(long)]
    pub(crate) all: bool,
    /// A reader more: a public key, NAME=KEY, a file with one, `host` or `recovery`
    #[arg(long, value_name = "KEY|FILE")]
    pub(crate) add: Vec<String>,
    /// A reader less, by name
    #[arg(long, value_name = "NAME")]
    pub(crate) remove: Vec<String>,
    /// Take readers that were not seen before without asking
    #[arg(long, short = 'y')]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) identity: IdentityArgs,
}

/// What is signed.
#[derive(Debug, Args)]
pub(crate) struct SecretSignArgs {
    /// The pod, or its file
    #[arg(value_name = "POD")]
    pub(crate) pod: PathBuf,
    #[command(flatten)]
    pub(crate) identity: IdentityArgs,
}

/// How the key is printed.
#[derive(Debug, Args)]
pub(crate) struct SecretRecoveryArgs {
    /// Make another key where there is one
    #[arg(long)]
    pub(crate) replace: bool,
    /// Do not ask whether the key was written down
    #[arg(long, short = 'y')]
    pub(crate) yes: bool,
}

/// What is accepted.
#[derive(Debug, Args)]
pub(crate) struct SecretAcceptArgs {
    #[command(flatten)]
    pub(crate) which: SecretNamedArgs,
    /// Ask nothing
    #[arg(long, short = 'y')]
    pub(crate) yes: bool,
}

/// The host's own.
#[derive(Debug, Subcommand)]
pub(crate) enum HostVerb {
    /// Make the host's own key, to which secrets are sealed
    #[command(after_help = HOST_EXAMPLES)]
    Init {
        /// Make another key where the one that others seal to is lost
        #[arg(long)]
        replace: bool,
    },
}
