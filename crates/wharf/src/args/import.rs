//! Words about taking over what other programs keep: `secret import`.

use super::{IdentityArgs, OwnerArgs};
use clap::Args;
use std::path::PathBuf;

pub(crate) const IMPORT_EXAMPLES: &str = "\
FILE is a SOPS file with age recipients (YAML, JSON or dotenv), a file or YAML values of Ansible Vault, a `.env` file, or a
directory with a file for each secret, as Docker's are. Which it is, is told by what is in it; `--format` says it.

Keys are joined by `-`, and what a name may not have becomes `-`: `db: {password: ...}` becomes `db-password`. Of SOPS files
and of YAML with Ansible's values, just what is encrypted is taken. In `.env` files no `$VARIABLE` is replaced.

A SOPS file is opened with the key of `--identity`, or else with your own, or with those of SOPS_AGE_KEY_FILE or
`~/.config/sops/age/keys.txt`. A file whose MAC is wrong is refused whole.

Examples:
  wharf secret import blog secrets.enc.yaml
  wharf secret import blog group_vars/all/vault.yml --vault-password-file ~/.vault-password
  wharf secret import blog .env --only DB_PASSWORD --rename DB_PASSWORD=db-password
  wharf secret import blog ./secrets-directory --dry-run";

/// From where, and what of it.
#[derive(Debug, Args)]
pub(crate) struct SecretImportArgs {
    /// The pod whose secrets they become, or its file
    #[arg(value_name = "POD")]
    pub(crate) pod: PathBuf,
    /// The file, or the directory
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) owner: OwnerArgs,
    /// The file's format: `sops-yaml`, `sops-json`, `sops-dotenv`, `ansible-vault`, `ansible-yaml` or `dotenv`
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<String>,
    /// Take this one, and no other that is not named so, too: a name, or keys with dots (`db.password`)
    #[arg(long = "only", value_name = "NAME")]
    pub(crate) only: Vec<String>,
    /// Give one another name: `db.password=db-password`
    #[arg(long = "rename", value_name = "OLD=NEW")]
    pub(crate) renames: Vec<String>,
    /// A file with the password of Ansible Vault, for a vault id or for all (`-` is standard input)
    #[arg(long = "vault-password-file", value_name = "[ID@]FILE")]
    pub(crate) vault_passwords: Vec<String>,
    /// A reader of a new file, besides this host, its recovery key and yourself
    #[arg(long = "reader", value_name = "KEY|FILE")]
    pub(crate) readers: Vec<String>,
    /// Show what would be taken, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Replace what is there, and take readers that were not seen before, without asking
    #[arg(long, short = 'y')]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) identity: IdentityArgs,
}
