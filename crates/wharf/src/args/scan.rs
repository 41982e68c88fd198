//! Words about keeping secrets out of git: `secret scan` and `init`.

use clap::Args;
use std::path::PathBuf;

const SCAN_EXAMPLES: &str = "\
Exit code 3 says that something was found. Nothing of a value is ever shown. What is no secret is allowed by `wharf:allow`
in a comment on its line or above it, or by `--baseline-add` in .wharf-secrets-allowed, which is committed.

Examples:
  wharf secret scan                    # files of this folder, without what .gitignore leaves out
  wharf secret scan --staged           # what the next commit brings: `wharf init` makes this a hook
  wharf secret scan --history          # all that was ever committed, on any branch
  wharf secret scan --baseline-add     # look at what is found, and allow it from now on";

/// Where to look.
#[derive(Debug, Args)]
#[command(after_help = SCAN_EXAMPLES)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct SecretScanArgs {
    /// A file, a folder or a repository [default: the folder one is in]
    #[arg(value_name = "PATH")]
    pub(crate) path: Option<PathBuf>,
    /// Look at what the next commit would bring
    #[arg(long, conflicts_with = "history")]
    pub(crate) staged: bool,
    /// Look at all that was ever committed, on any branch or tag
    #[arg(long)]
    pub(crate) history: bool,
    /// Allow what is found, in .wharf-secrets-allowed
    #[arg(long, conflicts_with = "update_baseline")]
    pub(crate) baseline_add: bool,
    /// As --baseline-add, and forget what is no longer found
    #[arg(long, conflicts_with = "staged")]
    pub(crate) update_baseline: bool,
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
}

/// What is made.
#[derive(Debug, Args)]
#[command(
    after_help = "Nothing that is there is changed, and doing it again does nothing. Afterwards: `git add -A && git commit`."
)]
pub(crate) struct InitArgs {
    /// Where [default: the folder one is in]
    #[arg(value_name = "DIR")]
    pub(crate) directory: Option<PathBuf>,
}
