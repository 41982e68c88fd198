//! Words about docker contexts.

use clap::{Args, Subcommand};

pub(crate) const CONTEXT_EXAMPLES: &str = "\
Without a word after it, `wharf context` makes the context `wharf`.

Examples:
  wharf context            # then: docker --context wharf ps
  wharf context --use      # then: docker ps
  wharf context ls         # which contexts there are, how each is secured, and what rights it gives";

/// `wharf context`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct ContextArgs {
    #[command(subcommand)]
    pub(crate) what: Option<ContextVerb>,
    #[command(flatten)]
    pub(crate) make: ContextMakeArgs,
}

/// About docker contexts.
#[derive(Debug, Subcommand)]
pub(crate) enum ContextVerb {
    /// List docker contexts: how each is secured, until when, and what rights it gives
    Ls {
        /// Ask nobody: leave out what rights each gives
        #[arg(long)]
        offline: bool,
    },
    /// Make a docker context for the gateway
    Make(ContextMakeArgs),
}

/// Which context to make.
#[derive(Debug, Args)]
pub(crate) struct ContextMakeArgs {
    /// What the context is called
    #[arg(default_value = "wharf", value_name = "NAME")]
    pub(crate) name: String,
    /// Have docker use it from now on
    #[arg(long = "use")]
    pub(crate) make_current: bool,
}
