//! Words about taking over what other programs keep: `secret import`.

use clap::Args;
use std::path::PathBuf;

/// From where.
#[derive(Debug, Args)]
pub(crate) struct SecretImportArgs {
    /// The pod whose secrets they become, or its file
    #[arg(value_name = "POD")]
    pub(crate) pod: PathBuf,
    /// The file, or the directory
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}
