//! Words about keeping secrets out of git: `secret scan` and `init`.

use clap::Args;
use std::path::PathBuf;

/// Where to look.
#[derive(Debug, Args)]
pub(crate) struct SecretScanArgs {
    /// A file, a folder or a repository [default: the folder one is in]
    #[arg(value_name = "PATH")]
    pub(crate) path: Option<PathBuf>,
}

/// What is made.
#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// Where [default: the folder one is in]
    #[arg(value_name = "DIR")]
    pub(crate) directory: Option<PathBuf>,
}
